"""Connections go to the address that was checked, under the name that was asked for, and nowhere else."""

from __future__ import annotations

import socket
import threading

import pytest

from lifenode.errors import FetchFailed, FetchRefused
from lifenode.packs.guard import Guard
from lifenode.packs.transport import Interrupted, opened

pytestmark = pytest.mark.network


def heard(url: str, answer: bytes, said: list[bytes]) -> None:
    """Note what a server on loopback hears first of a client that trusts it by name."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                said.append(connection.recv(4096))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        guard = Guard.of(f"data.example.org:{port}")
        guard = Guard(guard.trusted, lambda _host, _port: ["127.0.0.1"])
        try:
            with opened(url.format(port=port), guard=guard) as (body, _, status):
                assert (status, body.read()) == (200, b"yes")
        finally:
            thread.join()


def test_a_trusted_name_is_asked_for_at_its_checked_address() -> None:
    said: list[bytes] = []
    heard("http://data.example.org:{port}/x", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes", said)
    assert said[0].startswith(b"GET /x HTTP/1.1\r\n")
    assert b"\r\nHost: data.example.org:" in said[0]


def test_tls_names_the_host_that_was_asked_for() -> None:
    said: list[bytes] = []
    with pytest.raises(Interrupted):
        heard("https://data.example.org:{port}/x", b"no TLS", said)
    assert said[0][:2] == b"\x16\x03"  # a greeting of TLS
    assert b"data.example.org" in said[0]


def test_a_name_that_leads_to_this_network_is_refused() -> None:
    for found in (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["169.254.169.254"]):
        guard = Guard(resolve=lambda _host, _port, found=found: found)  # type: ignore[misc]
        with pytest.raises(FetchRefused, match="not public"), opened("http://data.example.org/", guard=guard):
            pass

    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(FetchFailed, match="not known"), opened("https://x.example.org/", guard=Guard(resolve=unknown)):
        pass


def test_files_of_this_machine_are_none() -> None:
    with pytest.raises(FetchRefused, match="only http and https"), opened("file:///etc/hostname", guard=Guard()):
        pass
