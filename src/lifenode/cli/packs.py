"""``lifenode packs``: list, build, fetch, extend and check knowledge packs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell, watched

if TYPE_CHECKING:
    from lifenode.packs.catalog import RawFile


@click.group("packs", no_args_is_help=True)
def command() -> None:
    """List, build, fetch, extend and check knowledge packs."""


@command.command("list")
@click.option("--sources", is_flag=True, help="A row for every source, with its release and licence.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
def list_packs(sources: bool, format_: str | None) -> None:
    """List the organisms at hand, their releases and sources.

    \b
    Examples:
      lifenode packs list
          organism       scientific_name           display_name  release  genes    bytes  sources
          athaliana      Arabidopsis thaliana      Thale cress   2026.11  28092  1593713  GO:MF GO:BP GO:CC REAC WP
          ...
      lifenode packs list --sources
    """
    from lifenode.packs.listing import packs_table, sources_table

    table = sources_table() if sources else packs_table()
    format_ = format_ or out.default_format(None)
    if format_ != "table":
        out.write(table, format_, None)
        return
    names = [name for name in table.column_names if name not in ("path", "sha256", "attribution", "url")]
    numbers = [i for i, name in enumerate(names) if name in ("genes", "bytes", "terms")]
    rows = [[str(row[name]) for name in names] for row in table.select(names).to_dicts()]
    out.write_text(out.aligned(names, rows, right=numbers, shrink=len(names) - 1), None)


@command.command("build", no_args_is_help=True, short_help="Make the pack of an organism from raw files.")
@click.argument("organism")
@click.option(
    "--from", "folder", required=True, type=click.Path(path_type=Path), help="Folder of the raw upstream files."
)
@click.option(
    "--out", "target", type=click.Path(path_type=Path), help="Folder of the pack. [default: the packs folder]"
)
@click.option("--download", is_flag=True, help="Fetch the files the folder lacks from the catalogue's addresses first.")
@click.option("--recipe", type=click.Choice(("auto", "upstream", "starter")), default="auto", show_default=True)
@click.option("--no-thresholds", is_flag=True, help="Skip the random lists behind gscs; they are drawn when needed.")
def build(organism: str, folder: Path, target: Path | None, download: bool, recipe: Any, no_thresholds: bool) -> None:
    """Make the pack of an organism from raw files; --download resumes where it was interrupted.

    \b
    Example:
      lifenode packs build scerevisiae --from raw --download
    """
    from lifenode.packs import catalog
    from lifenode.packs.build import build_pack
    from lifenode.packs.pack import open_pack
    from lifenode.settings import settings

    if download:
        missing = catalog.missing_files(organism, folder)
        for number, raw in enumerate(missing, start=1):
            tell(f"[{number}/{len(missing)}] {raw.url}\n  licence: {raw.licence}")
            _fetch(raw, folder)
    target = target or settings().packs_dir / organism
    tell(f"Building {organism} from {folder} ...")
    build_pack(organism, folder, target, recipe=recipe)
    if not no_thresholds:
        from lifenode.enrichment.grid import add_thresholds

        add_thresholds(target, lambda line: tell(f"  random lists: {line}"))
    for name, source in open_pack(target).sources.items():
        tell(f"  {name}: {source.name} {source.version}, licence: {source.licence}")
    tell(f"{target} is ready; lifenode uses it from now on if it lies in {settings().packs_dir}.")


@command.command("map", no_args_is_help=True)
@click.argument("organism")
@click.argument("namespace")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out", "target", type=click.Path(path_type=Path), help="Folder of the pack. [default: the packs folder]"
)
def map_probes(organism: str, namespace: str, file: Path, target: Path | None) -> None:
    """Add array probes to a copy of a pack: a .chip file, or two columns of probe and gene.

    \b
    Example:
      lifenode packs map hsapiens AFFY_HG_U95 Human_AFFY_HG_U95_MSigDB.chip
    """
    from lifenode.genes.probe_maps import add_probe_map
    from lifenode.packs.pack import open_pack
    from lifenode.settings import settings

    pack = open_pack(organism)
    done = add_probe_map(pack, namespace, file, target or settings().packs_dir / pack.organism)
    for line in done.lines():
        tell(line)
    tell(f"{done.folder} is ready; lifenode uses it from now on if it lies in {settings().packs_dir}.")


@command.command("variants", no_args_is_help=True)
@click.argument("organism")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Who publishes the variants, such as dbSNP.")
@click.option("--release", required=True, help="Release and assembly, such as '156 (GRCh38)'.")
@click.option("--licence", required=True, help="Terms under which they are published.")
@click.option("--attribution", default="", help="Whom to credit. [default: the name]")
@click.option("--url", default="", help="Address of the publisher.")
@click.option("--date", default="", help="Date of the release.")
@click.option("--chromosome", default="", help="FILE is a slice of VEP's cache of variants, of this chromosome.")
@click.option(
    "--out",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    help="Folder of the pack. [default: the packs folder]",
)
def add_variants(organism: str, file: Path, chromosome: str, target: Path | None, **source: str) -> None:
    """Add variants to a copy of a pack: a VCF, output of VEP, or a table of the GWAS Catalog.

    \b
    Example:
      lifenode packs variants hsapiens dbsnp.vcf.gz --name dbSNP --release '156 (GRCh38)' --licence 'public domain'
    """
    from lifenode.packs import add_variants as adding
    from lifenode.packs.pack import open_pack
    from lifenode.settings import settings

    pack = open_pack(organism)
    target = target or settings().packs_dir / pack.organism
    done = adding.add_variants(
        pack, file, adding.VariantSource(**source), target, chromosome=chromosome,
        progress=lambda rows: tell(f"  {rows:,} variants read"),
    )  # fmt: skip
    for line in done.lines():
        tell(line)
    tell(f"{done.folder} is ready; lifenode uses it from now on if it lies in {settings().packs_dir}.")


@command.command("pull", no_args_is_help=True)
@click.argument("url")
@click.option("--out", "target", type=click.Path(path_type=Path), help="Folder of packs. [default: the packs folder]")
def pull(url: str, target: Path | None) -> None:
    """Fetch a published pack: the address of its folder, where its manifest.json lies.

    \b
    Example:
      lifenode packs pull https://node.example.org/packs/hsapiens-2026.11
    """
    from lifenode.packs.pull import pull_pack
    from lifenode.settings import settings

    with _bar("fetching") as progress:
        folder = pull_pack(url, target or settings().packs_dir, progress=progress)
    tell(f"{folder} is complete and its checksums are right.")


@command.command("verify")
@click.argument("packs", nargs=-1, metavar="[ORGANISM|FOLDER]...")
def verify(packs: tuple[str, ...]) -> None:
    """Compare every file of packs with its checksum; all packs by default.

    \b
    Example:
      lifenode packs verify hsapiens
        hsapiens-2026.11  8 files  ok
    """
    from lifenode.packs.pack import installed, open_pack

    for named in packs or tuple(str(path) for path in installed()):
        pack = open_pack(named)
        pack.verify()
        out.write_text(f"{pack.name}  {len(pack.manifest['files'])} files  ok\n", None)


def _fetch(raw: RawFile, folder: Path) -> None:
    from lifenode.packs.download import download

    with _bar(raw.file) as progress:
        download(raw.url, folder / raw.url.rpartition("/")[2], progress=progress)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """Show a progress bar in bytes on standard error if somebody is watching."""
    if not watched():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
