"""Serve the node: processes, sockets, signals."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
from importlib import import_module

import uvicorn
from fastapi import FastAPI

from lifenode.errors import InvalidOption
from lifenode.packs.pack import open_pack
from lifenode.settings import settings
from lifenode.web.app import PARTS, make_app
from lifenode.web.connections import Connection


def serve(host: str, port: int, workers: int) -> int:
    """Serve until SIGINT or SIGTERM; accepted requests are finished first.

    Parameters
    ----------
    host, port
        Where to listen; port 0 takes a free one.
    workers
        Processes that serve; they share one socket and the memory-mapped indexes.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    InvalidOption
        The address cannot be listened on.
    """
    listener = _listen(host, port)
    place = f"http://{host if ':' not in host else f'[{host}]'}:{listener.getsockname()[1]}"
    pack = open_pack(settings().organism)
    sys.stderr.write(f"lifenode is at {place} ({pack.scientific_name}, release {pack.release}; Ctrl-C stops it)\n")
    sys.stderr.flush()
    config = uvicorn.Config(
        "lifenode.web.serving:warm_app",
        factory=True,
        http=Connection,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings().stop_seconds,
        backlog=2048,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        # The server finishes what it has accepted, and then passes the signal on; that must not count as a crash.
        signal.signal(name, lambda *_: None)
    if workers == 1:
        server = uvicorn.Server(config)
        server.run(sockets=[listener])
        return 0 if server.started else 1
    from uvicorn.supervisors import Multiprocess

    Multiprocess(config, sockets=[listener]).run()
    return 0


def warm_app() -> FastAPI:
    """Return the application with the default organism at hand; made once in each worker process."""
    os.environ.setdefault("LIFENODE_THREADS", "1")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    app = make_app(preparation=warm)
    warm()
    gc.collect()
    gc.freeze()
    # An answer makes thousands of objects, none of them in circles: looking for circles so often would find nothing.
    gc.set_threshold(20_000, 20, 50)
    return app


def warm() -> None:
    """Load what a first question would have to load, with the pack of the default organism."""
    for part in PARTS:
        import_module(part)
    from lifenode.enrichment.enrich import enrich

    enrich(["IL6", "TNF"], settings().organism) if settings().organism == "hsapiens" else open_pack(None)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise InvalidOption(
            f"{host}:{port} cannot be listened on: {getattr(error, 'strerror', None) or error}.",
            value=f"{host}:{port}",
            next_step="Stop what uses it, or choose another with --port.",
        ) from error
    listener.set_inheritable(True)
    return listener
