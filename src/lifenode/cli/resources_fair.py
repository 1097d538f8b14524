"""``lifenode resources fair``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption, UnreadableInput

if TYPE_CHECKING:
    from lifenode.registry.places import Document
    from lifenode.table import Table

_SHOWN = 3  # nodes that get a line of their own


@click.command("fair", no_args_is_help=True)
@click.argument("place", metavar="FILE|-|FOLDER|URL")
@click.option("--url", help="Address of the page that FILE holds, or start of those of a folder.")
@click.option(
    "--only",
    type=click.Choice(("fsf", "fair-checker", "bioschemas")),
    multiple=True,
    help="Apply only this; repeatable.",
)
@click.option("--all", "everything", is_flag=True, help="Show also what is passed, optional or without points.")
@click.option("--compare", type=click.Path(path_type=Path), help="An earlier answer (JSON): say what has changed.")
@click.option("--badge", type=click.Path(path_type=Path), help="Write a badge (SVG).")
@click.option(
    "--details", type=click.Path(path_type=Path), help="Folder for the JSON of each page of a folder or site map."
)
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="Most pages of a site map.")
@click.option("--private", is_flag=True, help="Also fetch from your own network and machine.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option("--strict", is_flag=True, help="Exit with 1 if anything required is missing or a page cannot be read.")
def fair(
    place: str, url: str | None, only: tuple[str, ...], everything: bool, compare: Path | None, badge: Path | None,
    details: Path | None, limit: int, private: bool, format_: str | None, output: Path | None, strict: bool,
) -> int:  # fmt: skip
    """Check how FAIR a page is: FsF 0.8, FAIR-Checker and Bioschemas, with evidence and fixes.

    A file is judged without the network. What a document alone cannot tell is "not assessable" and counts neither
    as earned nor as lost. A folder or a site map gives a row for each page.

    \b
    Examples:
      lifenode resources fair examples/dataset_page.html --url https://data.example.org/blood-100
          Blood expression of 100 volunteers · schema:Dataset · CC-BY-4.0
          FsF 0.8       19.5 of 23.5 points · maturity 2.25 of 3 · not assessable: 2.5 of 26 points
          FAIR-Checker  18 of 20 points · not assessable: F1A, A1.1
          Bioschemas    Dataset 1.0-RELEASE: valid · 6 recommended missing
          ...
          FsF-F2-01M-2           fail                  missing: publisher ...
          ...
      lifenode resources fair pages --format tsv
      lifenode resources fair https://tess.elixir-europe.org/sitemap.xml --limit 500
    """
    from lifenode.registry.places import documents, is_address

    for path in (output, badge):
        out.check_place(path)
    format_ = format_ or out.default_format(output)
    if url is not None and not is_address(url):
        raise InvalidOption(f"{url!r} is not an address.", value=url, next_step="Give an http or https address.")
    found = documents(place, url=url, private=private, limit=limit)
    if len(found) == 1 and not Path(place).is_dir():
        return _one(found[0], only, everything, compare, badge, format_, output, strict)
    for name, given in (("--badge", badge), ("--compare", compare), ("--only", only)):
        if given:
            raise InvalidOption(f"{name} is for a single page.", value=name, next_step="Name one page.")
    return _many(found, details, format_, output, strict)


def _one(
    document: Document, only: tuple[str, ...], everything: bool, compare: Path | None, badge: Path | None,
    format_: str, output: Path | None, strict: bool,
) -> int:  # fmt: skip
    from lifenode.registry.badge import badge as drawn
    from lifenode.registry.fair import SCHEMES, assess, changes

    if badge is not None and only and "fsf" not in only:
        raise InvalidOption("The badge shows FsF points.", value=only, next_step="Add --only fsf.")
    before = _earlier(compare) if compare else None
    result = assess(document.read(), only or SCHEMES)
    for trouble in result.meta["page"]["troubles"]:
        tell(f"not read: {trouble}")
    if format_ == "table":
        out.write_text(_text(result, everything), output)
    else:
        out.write(result, format_, output)
    if badge is not None:
        out.write_text(drawn(result.meta), badge)
    if before is not None:
        found = changes(before, json.loads(result.to_json()))
        tell(f"{len(found)} tests have changed since {compare}")
        for change in found:
            tell(f"  {change['scheme']} {change['test']}: {change['before']} before, {change['after']} now")
    invalid = any(not node["valid"] for node in result.meta.get("bioschemas", {}).get("nodes", ()))
    lost = any(row["outcome"] == "fail" and row["of"] for row in result)
    return int(strict and (invalid or lost or bool(result.meta["page"]["troubles"])))


def _earlier(path: Path) -> dict[str, Any]:
    try:
        before: dict[str, Any] = json.loads(path.read_bytes())
        known = all({"scheme", "test", "name", "outcome", "points"} <= set(row) for row in before["result"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableInput(
            f"{path} is not an earlier answer: {error}.", value=path, next_step="Write one with --format json."
        ) from error
    if not known:
        raise UnreadableInput(
            f"{path} is not an answer of this command.", value=path, next_step="Write one with --format json."
        )
    return before


def _many(found: list[Document], details: Path | None, format_: str, output: Path | None, strict: bool) -> int:
    from lifenode._atomic import write_atomically
    from lifenode.registry.places import assess_many

    if details is not None:
        out.check_place(details / "page.json")

    def keep(name: str, result: Table) -> None:
        if details is not None:
            safe = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in name)[-150:]
            write_atomically(details / f"{safe}.json", result.to_bytes("json"))

    result = assess_many(found, each=keep)
    tell(
        f"{result.meta['documents']} pages · {result.meta['assessed']} assessed · {result.meta['failed']} not readable"
    )
    for row in result:
        if row["problem"]:
            tell(f"  {row['document']}: {row['problem']}")
    if format_ == "table":
        names = ("document", "fsf_percent", "fsf_not_assessed", "fair_checker", "bioschemas_valid", "spdx", "title")
        heading = ("page", "FsF %", "not assessed", "FAIR-Checker", "Bioschemas", "licence", "title")
        rows = [[_cell(row, name) for name in names] for row in result]
        out.write_text(out.aligned(heading, rows, right=(1, 2, 3, 4), shrink=6), output)
    else:
        out.write(result, format_, output)
    return int(strict and bool(result.meta["failed"]))


def _cell(row: dict[str, Any], name: str) -> str:
    if row["problem"] and name not in ("document", "title"):
        return "–"
    if name == "fair_checker":
        return f"{row[name]}/{row['fair_checker_of']}"
    if name == "bioschemas_valid":
        return f"{row[name]}/{row['bioschemas_nodes']}"
    value = row[name]
    return f"{value:g}" if isinstance(value, float) else str(value or "")


def _text(result: Table, everything: bool) -> str:
    """Return the sums of one page, and below them what is to be mended."""
    meta = result.meta
    page = meta["page"]
    lines = [
        " · ".join(part for part in (page["title"] or page["url"], ", ".join(page["types"]), page["spdx"]) if part)
    ]
    if "fsf" in meta:
        lines.append(_fsf_line(meta["fsf"]))
    if "fair_checker" in meta:
        sums = meta["fair_checker"]
        line = f"FAIR-Checker  {sums['points']} of {sums['of']} points"
        lines.append(line + (f" · not assessable: {', '.join(sums['not_assessed'])}" if sums["not_assessed"] else ""))
    if "bioschemas" in meta:
        lines += _bioschemas_lines(meta["bioschemas"]["nodes"])
    rows = [_cells(row) for row in result if everything or _matters(row, page["entity"])]
    shown = out.aligned(("test", "outcome", "line", "found", "fix"), rows, right=(2,), shrink=3) if rows else ""
    return "\n".join(" ".join(line.split("\n")) for line in lines) + "\n" + shown


def _fsf_line(fsf: dict[str, Any]) -> str:
    earned, total = fsf["score_earned"]["FAIR"], fsf["score_total"]["FAIR"]
    parts = [f"FsF {fsf['version']}       {earned:g} of {total:g} points", f"maturity {fsf['maturity']['FAIR']:g} of 3"]
    if fsf["not_assessed"]["points"]:
        parts.append(f"not assessable: {fsf['not_assessed']['points']:g} of {fsf['not_assessed']['of']:g} points")
    return " · ".join(parts)


def _bioschemas_lines(nodes: list[dict[str, Any]]) -> list[str]:
    lines = []
    for node in nodes[:_SHOWN]:
        name = " ".join(node["profile"].split("/")[-2:])
        state = "valid" if node["valid"] else f"required is missing: {', '.join(node['required_missing'])}"
        lines.append(f"Bioschemas    {name}: {state} · {len(node['recommended_missing'])} recommended missing")
    if nodes[_SHOWN:]:
        valid = sum(bool(node["valid"]) for node in nodes[_SHOWN:])
        lines.append(f"              {len(nodes) - _SHOWN} more nodes, {valid} of them valid")
    return lines or ["Bioschemas    no node that a profile applies to"]


def _matters(row: dict[str, Any], entity: str) -> bool:
    if row["scheme"] == "bioschemas":
        kinds = ("required", "recommended") if row["subject"] == entity else ("required",)
        return bool(row["outcome"] == "fail" and row["name"].startswith(kinds))
    return bool(row["outcome"] != "pass" and row["of"])


def _cells(row: dict[str, Any]) -> list[str]:
    return [row["test"], row["outcome"], str(row["line"] or ""), row["evidence"], row["fix"]]
