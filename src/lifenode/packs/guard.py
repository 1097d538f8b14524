"""Connections that lead only where they may: to public hosts, or to those that were named as trusted."""

from __future__ import annotations

import http.client
import socket
import urllib.request
from dataclasses import dataclass
from typing import Any

from lifenode._addresses import Place, Resolver, addresses, check, resolve_host


@dataclass(frozen=True, slots=True)
class Guard:
    """Checks every address asked for, redirects included, and connects to the very address that was checked.

    Parameters
    ----------
    trusted
        Hosts with their ports (``127.0.0.1:8000``) that are allowed whatever they are.
    resolve
        How names become addresses.
    """

    trusted: frozenset[str] = frozenset()
    resolve: Resolver = resolve_host

    @classmethod
    def of(cls, hosts: str) -> Guard:
        """Return a guard that trusts the hosts of a setting, separated by commas."""
        return cls(frozenset(host.strip() for host in hosts.split(",") if host.strip()))

    def handlers(self) -> tuple[urllib.request.BaseHandler, ...]:
        """Return what opens http and https for urllib."""
        return _GuardedHTTP(self), _GuardedHTTPS(self)

    def check(self, url: str) -> Place:
        """Return the parts of an address that may be asked for.

        Raises
        ------
        FetchRefused
            It may not; see `lifenode._addresses.check`.
        """
        return check(url, self.trusted)

    def address(self, url: str) -> str:
        """Return the network address to connect to.

        Raises
        ------
        FetchRefused
            The address may not be asked for, or its host is not public.
        FetchFailed
            The name is not known.
        """
        return addresses(self.check(url), self.resolve)[0]


class _Plain(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name it was checked for."""

    address = ""

    def connect(self) -> None:
        """Connect to the checked address."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _Secure(http.client.HTTPSConnection, _Plain):
    """The same in TLS, with the certificate of the name; its `connect` calls that of `_Plain` beneath."""


class _GuardedHTTP(urllib.request.HTTPHandler):
    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open what may be opened."""
        return self.do_open(_maker(_Plain, self._guard.address(req.full_url)), req)


class _GuardedHTTPS(urllib.request.HTTPSHandler):
    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open what may be opened."""
        return self.do_open(_maker(_Secure, self._guard.address(req.full_url)), req)


def _maker(kind: type[_Plain], address: str) -> Any:
    """Return what makes connections to a checked address, in place of the class that urllib expects."""

    def made(host: str, **options: Any) -> _Plain:
        connection = kind(host, **options)
        connection.address = address
        return connection

    return made
