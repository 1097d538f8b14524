"""What outlives a request, in one SQLite file: short links, uploaded gene sets, jobs."""

from __future__ import annotations

from lifenode.settings import Settings


class Store:
    """The node's own small database.

    Parameters
    ----------
    config
        Settings in force; `state_dir` says where the file lies.
    """

    def __init__(self, config: Settings) -> None:
        self._config = config

    def open(self) -> None:
        """Open the file, made at first use."""

    def close(self) -> None:
        """Close the file."""

    def keep_link(self, content: bytes) -> str:
        """Keep `content` and return a short, unguessable id; the same content has the same id."""
        raise NotImplementedError

    def link(self, link_id: str) -> bytes | None:
        """Return the content of a link, or None."""
        raise NotImplementedError

    def keep_gene_sets(self, name: str, text: str) -> str:
        """Keep an uploaded GMT and return its token, such as ``gp__k3Fj_9sQ2_x7B``; it expires."""
        raise NotImplementedError

    def gene_sets(self, token: str) -> tuple[str, str] | None:
        """Return name and text of the gene sets of `token`, or None if unknown or expired; no other way lists them."""
        raise NotImplementedError
