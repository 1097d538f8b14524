"""The documentation tells the truth: examples run, tables agree with the program, links lead somewhere.

``python -m tests.test_docs`` writes the tables of docs/packs.md and docs/identifiers.md from the starter packs.
"""

from __future__ import annotations

import doctest
import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest

from lifenode import errors
from lifenode.cli.main import cli
from lifenode.packs.contract import NAMESPACES
from lifenode.packs.find import STARTER
from lifenode.packs.pack import Pack, open_pack
from lifenode.settings import Settings
from tests.web.server import running_server

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = (
    "index",
    "enrichment",
    "identifiers",
    "orthologs",
    "variants",
    "packs",
    "batch",
    "settings",
    "errors",
    "benchmarks",
    "gprofiler",
    "api",
    "serving",
    "portal",
    "editing",
    "eqtl-methods",
    "eqtl",
    "eqtl-at-scale",
    "resources",
    "fair",
    "training",
    "edam",
    "report",
)
WITH_README = (*PAGES, "../README")

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
_FLAG = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]+")
_NODE = "127.0.0.1:8000"
_MARKED = re.compile(r"(<!-- begin: (\w+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def text_of(page: str) -> str:
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


# Examples


@pytest.fixture(scope="session")
def node_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Host and port of a node that runs for the examples."""
    state, files = tmp_path_factory.mktemp("state"), ROOT / "examples/eqtl"
    with running_server(LIFENODE_STATE_DIR=str(state), LIFENODE_EQTL_FILES=str(files)) as base:
        yield base.removeprefix("http://")


@pytest.mark.parametrize("page", WITH_README)
def test_every_example_does_what_the_page_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("examples", "benchmarks"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    names: dict[str, Any] = {}
    blocks = list(_BLOCK.finditer(text_of(page)))
    assert blocks
    for block in blocks:
        line = block.string.count("\n", 0, block.start()) + 2
        language, content = block.groups()
        if language != "sh" and _NODE in content:
            content = content.replace(_NODE, request.getfixturevalue("node_address"))
        if language == "python":
            run_python(content, names, page, line)
        elif language == "console":
            run_console(content, tmp_path, f"{page}.md, line {line}")
        else:
            assert language == "sh", f"{page}.md, line {line}: a block that nothing runs"


def run_python(content: str, names: dict[str, Any], page: str, line: int) -> None:
    """Run a block; one with prompts has to print what it shows."""
    if ">>>" not in content:
        exec(compile(content, f"{page}.md", "exec"), names)  # noqa: S102 - our own pages
        return
    test = doctest.DocTestParser().get_doctest(content, names, f"{page}.md", f"{page}.md", line - 1)
    said = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=_FLAGS, verbose=False)
    outcome = runner.run(test, out=said.write, clear_globs=False)
    names.update(test.globs)
    assert not outcome.failed, said.getvalue()


def run_console(content: str, folder: Path, place: str) -> None:
    """Run each command of a block on a terminal of its own and compare what is seen there."""
    commands = re.split(r"^\$ ", content, flags=re.MULTILINE)
    assert not commands[0].strip(), f"{place}: a console block begins with a command"
    for entry in commands[1:]:
        command, _, shown = entry.partition("\n")
        seen = on_a_terminal(command, folder)
        pattern = ".*?".join(re.escape(part) for part in squeezed(shown).split("..."))
        assert re.fullmatch(pattern, squeezed(seen), re.DOTALL), f"{place}: $ {command}\n{seen}"


def on_a_terminal(command: str, folder: Path) -> str:
    """Return what a person sees of a command, standard error included."""
    own, theirs = pty.openpty()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "160", "TERM": "dumb", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, cwd=folder, env=environment
    ):
        os.close(theirs)
        seen = b"".join(iter(lambda: read_some(own), b""))
    os.close(own)
    return seen.decode()


def read_some(handle: int) -> bytes:
    try:
        return os.read(handle, 65_536)
    except OSError:  # how Linux says that nobody writes any more
        return b""


def squeezed(text: str) -> str:
    """Return the text with runs of blanks as one, and without the line that a slow machine adds."""
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.replace("\r", "").strip().split("\n")]
    return "\n".join(line for line in lines if not line.startswith("Building an index"))


# Links, flags and tables


@pytest.mark.parametrize("page", sorted(path.stem for path in DOCS.glob("*.md")))
def test_links_lead_somewhere(page: str) -> None:
    for target in _LINK.findall(_BLOCK.sub("", text_of(page))):
        file, _, anchor = target.partition("#")
        linked = DOCS / file if file else DOCS / f"{page}.md"
        assert linked.is_file(), target
        headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, target


def test_every_page_is_on_the_map_and_starts_with_an_example() -> None:
    for page in PAGES:
        assert page == "index" or f"({page}.md)" in text_of("index")
        assert re.match(r"# [^\n]+\n\n```(python|console)\n", text_of(page)), page


def options_of(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        yield from parameter.opts
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from options_of(found)


def test_flags_exist() -> None:
    known = {*options_of(cli), "--help"}
    for page in WITH_README:
        assert set(_FLAG.findall(text_of(page))) <= known, page


def test_options_of_enrich_are_all_described() -> None:
    described = set(re.findall(r"`--[a-z0-9-]+`|`-o`|`--choose ID=GENE`", text_of("enrichment")))
    command = cli.get_command(click.Context(cli), "enrich")
    assert command is not None
    elsewhere = {"--top", "--format", "--output", "--plot", "--strict"}
    flags = {flag for parameter in command.params for flag in parameter.opts if flag.startswith("-")} - elsewhere
    assert flags <= {text.strip("`").split(" ")[0] for text in described}


def rows_of(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table under the row that begins with `heading`."""
    table = re.search(rf"^\| {heading} .*\n\|[-|]+\n((?:\|.*\n)+)", text_of(page), re.MULTILINE)
    assert table is not None
    return [[cell.strip().strip("`") for cell in row.strip("|").split(" | ")] for row in table[1].strip().split("\n")]


def test_settings_are_all_there_with_their_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    expected = []
    for known in fields(Settings):
        value = getattr(Settings(), known.name)
        shown = str(value).replace(str(tmp_path), "~") if isinstance(value, Path) else value
        shown = f"{shown:,}" if isinstance(shown, int) else str(shown)
        expected.append([known.name, f"LIFENODE_{known.name.upper()}", shown])
    assert [row[:3] for row in rows_of("settings", "field")] == expected


def every_error(base: type[errors.LifenodeError]) -> Iterator[type[errors.LifenodeError]]:
    yield base
    for child in base.__subclasses__():
        yield from every_error(child)


def test_errors_are_all_there() -> None:
    known = {kind for kind in every_error(errors.LifenodeError) if kind.__module__ == errors.__name__}
    rows = rows_of("errors", "code")
    assert {(row[0], row[1], row[3]) for row in rows} == {(k.code, k.__name__, str(k.status)) for k in known}
    for _, name, builtin, *words in rows:
        assert issubclass(getattr(errors, name), getattr(__import__("builtins"), builtin)), name
        assert len(words) == 3
        assert all(words)


# What the pages say of the starter packs


def starter_packs() -> list[Pack]:
    return [open_pack(folder) for folder in sorted(STARTER.iterdir()) if folder.is_dir()]


def table_of(heading: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines).replace(" --- ", "---") + "\n"


def organisms() -> str:
    words = {"codes": "codes", "experimental_flag": "experimental only"}
    rows = []
    for pack in starter_packs():
        files, genes = pack.manifest["files"], pack.genes()
        size = sum(entry["bytes"] for entry in files.values()) / 1e6
        rows.append([
            f"`{pack.organism}`", f"{pack.display_name}, *{pack.scientific_name}*", pack.release,
            f"{files['genes.parquet']['rows']:,}", f"{int(genes.primary.sum()):,}", f"{int((genes.end > 0).sum()):,}",
            words[pack.sources["GO:BP"].evidence], f"{size:.1f} MB",
        ])  # fmt: skip
    heading = (
        "id",
        "organism",
        "release",
        "genes",
        "on the primary assembly",
        "with a position",
        "GO evidence",
        "size",
    )
    return table_of(heading, rows)


def sizes() -> str:
    codes = ("GO:MF", "GO:BP", "GO:CC", "REAC", "WP", "HP")
    rows = []
    for pack in starter_packs():
        found = pack.annotations()
        terms = found.source_start[1:] - found.source_start[:-1]
        genes = found.source_gene_indptr[1:] - found.source_gene_indptr[:-1]
        cells = {s: f"{t:,} / {g:,}" for s, t, g in zip(found.sources, terms.tolist(), genes.tolist(), strict=True)}
        rows.append([f"`{pack.organism}`", *[cells.get(code, "–") for code in codes]])
    return table_of(("terms / genes", *codes), rows)


def versions() -> str:
    rows = []
    for pack in starter_packs():
        by_facts: dict[tuple[str, str], list[str]] = {}
        for code, source in pack.sources.items():
            by_facts.setdefault((source.version, source.date), []).append(code)
        rows += [[f"`{pack.organism}`", ", ".join(codes), *facts] for facts, codes in by_facts.items()]
    return table_of(("organism", "sources", "version", "date"), rows)


def licences() -> str:
    rows: dict[tuple[str, ...], None] = {}
    for pack in starter_packs():
        for code, source in pack.sources.items():
            name = "Gene Ontology" if code.startswith("GO:") else source.name
            rows[name, source.licence, source.attribution, source.url] = None
    return table_of(("source", "licence", "attribution", "address"), [list(row) for row in sorted(rows)])


def namespaces() -> str:
    words = {
        "ENSG": "gene ids of Ensembl, of any species", "SYMBOL": "current symbols", "ALIAS": "other names in use",
        "PREVIOUS_SYMBOL": "symbols the gene had before", "ENTREZGENE": "NCBI Gene ids",
        "ORF": "systematic names of yeast", "LOCUSTAG": "locus tags", "AGI": "locus codes of thale cress",
        "UNIPROT": "UniProt accessions", "REFSEQ": "RefSeq accessions",
        "AFFY_HG_U95": "array probes, in packs an operator builds with a map", "FLYBASE": "FlyBase gene ids",
        "WORMBASE": "WormBase gene ids",
    }  # fmt: skip
    holders: dict[str, list[str]] = {name: [] for name in NAMESPACES}
    for pack in starter_packs():
        for name in pack.table("identifiers")["namespace"].unique().to_list():
            holders[name].append(pack.display_name.lower())
    rows = [[f"`{n}`", words.get(n, f"{n} gene ids"), ", ".join(packs) or "–"] for n, packs in holders.items()]
    return table_of(("namespace", "what", "in the starter packs of"), rows)


TABLES = {
    "organisms": organisms, "sizes": sizes, "versions": versions, "licences": licences, "namespaces": namespaces,
}  # fmt: skip


def with_tables(text: str) -> str:
    return _MARKED.sub(lambda found: found[1] + TABLES[found[2]]() + found[3], text)


@pytest.mark.parametrize("page", ["packs", "identifiers"])
def test_tables_about_the_packs_are_those_of_the_packs(page: str) -> None:
    assert text_of(page) == with_tables(text_of(page)), "run: python -m tests.test_docs"


if __name__ == "__main__":
    for name in ("packs", "identifiers"):
        (DOCS / f"{name}.md").write_text(with_tables(text_of(name)), encoding="utf-8")
