"""Connections to strangers: names that lead to public addresses only, and to just the address that was checked."""

from __future__ import annotations

import socket
import ssl

from lifenode._addresses import is_public
from lifenode.errors import DownloadFailed, InvalidOption


def resolve(url: str, host: str, port: int, *, private: bool = False) -> list[str]:
    """Resolve a name once; all its addresses must be public.

    Raises
    ------
    DownloadFailed
        The name is not known.
    InvalidOption
        It leads to an address that is not public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise failed(url, f"the name {host} is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not private and not is_public(address):
            raise refused_address(url, f"{host} leads to {address}, which is not public")
    return addresses


def connected(
    addresses: list[str], port: int, name: str | None, connect: float, read: float, *, verify: bool = True
) -> socket.socket:
    """Connect to the first of the addresses that answers.

    Parameters
    ----------
    addresses, port
        Where to.
    name
        Name of the server where the connection is to be encrypted.
    connect, read
        Seconds to connect, and to wait for each part of the answer.
    verify
        Whether the certificate must be valid.

    Raises
    ------
    OSError
        None answers, or the certificate is not valid.
    """
    problem: OSError = OSError("no address")
    for address in addresses:
        try:
            plain = socket.create_connection((address, port), timeout=connect)
        except OSError as error:
            problem = error
            continue
        plain.settimeout(read)
        if name is None:
            return plain
        context = ssl.create_default_context()
        if not verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            return context.wrap_socket(plain, server_hostname=name)
        except OSError:
            plain.close()
            raise
    raise problem


def quoted(target: str) -> str:
    """Return a path and query whose letters beyond ASCII are percent-encoded."""
    return "".join(letter if letter.isascii() else _percent(letter) for letter in target)


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))


def refused_address(url: str, problem: str) -> InvalidOption:
    """Return the error for an address that may not be asked."""
    return InvalidOption(
        f"{url[:200]!r} is not fetched: {problem}.", value=url, next_step="Save the page and give the file."
    )


def failed(url: str, problem: str) -> DownloadFailed:
    """Return the error for an address that did not answer."""
    return DownloadFailed(
        f"{url} could not be fetched: {problem}.", value=url, next_step="Check the address, or save the page."
    )
