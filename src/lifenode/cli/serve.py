"""``lifenode serve``."""

from __future__ import annotations

import click

from lifenode.errors import MissingPart


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is the whole network."
)
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that serve.")
def command(host: str, port: int, workers: int) -> int:
    """Serve the pages, the native API and the compatible APIs.

    \b
    Example:
      lifenode serve --port 8000
        lifenode is at http://127.0.0.1:8000 (Homo sapiens, release 2026.11; Ctrl-C stops it)
    """
    try:
        from lifenode.web.serving import serve
    except ModuleNotFoundError as error:
        raise MissingPart.library(str(error.name), "Serving", "web") from error
    return serve(host, port, workers)
