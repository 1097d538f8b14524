"""The original files of the eQTL Catalogue over HTTP, in the layout of its FTP site, so that tabix and wget work.

What lies in the folder of the settings is handed out under the same name. Where it is arranged in another way, the
paths of the FTP site (``sumstats/QTS000001/QTD000001/QTD000001.all.tsv.gz``) lead to the file of that name wherever it
lies.
"""

from __future__ import annotations

import html
import mimetypes
import os
import re
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.web.byte_ranges import FileInPieces, is_regular
from lifenode.web.node import node_of
from lifenode.web.problems import problem

PREFIX = "/eqtl/ftp"
_SITE = re.compile(r"/(?:sumstats|susie)/QTS\d{6}/(QTD\d{6})/(\1\.[\w.]+)", re.ASCII)
_NAMES_SECONDS = 30
_PARTIAL = (".part", ".part.tag")
_TYPES = {".gz": "application/gzip", ".tbi": "application/octet-stream", ".tsv": "text/tab-separated-values"}

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Index of {title}</title></head>
<body><h1>Index of {title}</h1>
<pre>{rows}</pre>
</body></html>
"""


def install(app: FastAPI) -> None:
    """Add the routes."""
    for path in (PREFIX, PREFIX + "/{path:path}"):
        app.add_route(path, _answer, methods=["GET", "HEAD"], include_in_schema=False)


async def _answer(request: Request) -> Response:
    root = node_of(request).config.eqtl_files
    return await run_in_threadpool(_found, root, request.url.path.removeprefix(PREFIX), request.url.path)


def _found(root: Path, path: str, address: str) -> Response:
    """Return what lies at a path: a file, the list of a folder, or 404."""
    if not root.is_dir() or not any(root.iterdir()):
        return _missing(
            "This node keeps no original files.", "Its operator can name their folder: LIFENODE_EQTL_FILES."
        )
    place = place_of(root, path) or _elsewhere(root, path)
    if place is not None and place.is_dir():
        if not path.endswith("/"):
            return RedirectResponse(quote(f"{address}/"), 301)
        return Response(_listing(root, place, address), media_type="text/html")
    if place is not None and is_regular(place) and not path.endswith("/"):
        kind = _TYPES.get(place.suffix) or mimetypes.guess_type(place.name)[0] or "application/octet-stream"
        with suppress(OSError):  # it may be gone by now
            return FileInPieces(place, kind)
    return _missing("There is no such file among the original files of this node.", f"{PREFIX}/ lists them.")


def place_of(root: Path, path: str) -> Path | None:
    """Return the place below a folder that a path of an address names, or None where there is none.

    A path that leads out of the folder, by ``..`` or by a link, names nothing; nor does one with a hidden part, or a
    file that is not there in full yet.
    """
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") or "\0" in part or "\\" in part or part.endswith(_PARTIAL) for part in parts):
        return None
    try:
        place = root.joinpath(*parts).resolve(strict=True)
        return place if place.is_relative_to(root.resolve(strict=True)) else None
    except (OSError, ValueError, RuntimeError):
        return None


def _elsewhere(root: Path, path: str) -> Path | None:
    """Return the file that a path of the FTP site means in another arrangement, if one alone has its name."""
    site = _SITE.fullmatch(path)
    found = _names(root, int(time.monotonic() // _NAMES_SECONDS)).get(site[2], []) if site else []
    return place_of(root, found[0]) if len(found) == 1 else None


@lru_cache(maxsize=1)
def _names(root: Path, _moment: int) -> dict[str, list[str]]:
    """Return where files lie below a folder, by name; looked up anew now and then."""
    found: dict[str, list[str]] = {}
    for folder, _, names in os.walk(root):
        for name in names:
            found.setdefault(name, []).append(str(Path(folder, name).relative_to(root)))
    return found


def _listing(root: Path, folder: Path, address: str) -> str:
    rows = [] if folder == root.resolve() else ['<a href="../">../</a>']
    entries = [(entry.is_file(), entry.name) for entry in folder.iterdir()]
    for is_file, name in sorted(entries):
        place = place_of(root, f"{folder.relative_to(root.resolve())}/{name}".removeprefix("./"))
        if place is None:
            continue
        about = place.stat()
        shown = name if is_file else f"{name}/"
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(about.st_mtime))
        size = f"{about.st_size:>16}" if is_file else f"{'-':>16}"
        link = f'<a href="./{quote(shown)}">{html.escape(shown)}</a>'
        rows.append(f"{link}{' ' * max(1, 48 - len(shown))} {moment} {size}")
    return _PAGE.format(title=html.escape(address), rows="\n".join(rows))


def _missing(detail: str, next_step: str) -> Response:
    return problem(404, detail, code="no_file", next_step=next_step)
