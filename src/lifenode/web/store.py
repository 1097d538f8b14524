"""What outlives a request, in one SQLite file: short links, uploaded gene sets, jobs.

Ids are drawn at random with at least 80 bits, so that who does not know one cannot find it, and nothing lists them.
Links are kept until the operator removes them; gene sets expire after ``gene_sets_days``.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from lifenode.errors import Busy, InputTooLarge
from lifenode.settings import Settings

_TABLES = """
CREATE TABLE IF NOT EXISTS links (id TEXT PRIMARY KEY, sha256 BLOB UNIQUE, content BLOB NOT NULL, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS gene_sets (
  token TEXT PRIMARY KEY, name TEXT NOT NULL, content TEXT NOT NULL, expires REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS jobs (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, work BLOB NOT NULL, status TEXT NOT NULL, owner TEXT NOT NULL,
  runs INTEGER NOT NULL, made REAL NOT NULL, answer BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_by_status ON jobs (status, made);
CREATE INDEX IF NOT EXISTS gene_sets_by_expiry ON gene_sets (expires);
"""
_ALPHABET = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_DAY = 86_400.0
_MOST_RUNS = 2
_JOB = "SELECT id, kind, work, status, made, answer FROM jobs"


class Job(NamedTuple):
    """One job; `status` is waiting, running, done or failed, `made` in seconds since 1970."""

    id: str
    kind: str
    work: bytes
    status: str
    made: float
    answer: bytes


class Store:
    """The node's own small database, shared by its worker processes.

    Parameters
    ----------
    config
        Settings in force; `state_dir` says where the file lies.
    """

    def __init__(self, config: Settings) -> None:
        self._config = config
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Open the file, made at first use; where it cannot be had, what needs it answers `Busy` and the rest works."""
        try:
            self._config.state_dir.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._config.state_dir / "node.sqlite", timeout=5.0, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_TABLES)
        except (sqlite3.Error, OSError):
            self._connection = None
        else:
            self._connection = connection

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @property
    def problem(self) -> str:
        """Why nothing can be kept; empty where all is well."""
        try:
            with self._using() as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except Busy as error:
            return error.detail
        return ""

    def keep_link(self, content: bytes) -> str:
        """Keep `content` and return a short, unguessable id; the same content has the same id.

        Raises
        ------
        InputTooLarge
            All links together would exceed ``links_bytes``.
        Busy
            The store cannot be written.
        """
        digest = hashlib.sha256(content).digest()
        with self._using() as connection:
            known = connection.execute("SELECT id FROM links WHERE sha256 = ?", (digest,)).fetchone()
            if known is None:
                (held,) = connection.execute("SELECT COALESCE(SUM(LENGTH(content)), 0) FROM links").fetchone()
                if held + len(content) > self._config.links_bytes:
                    raise InputTooLarge(
                        "The node has no room for more links.",
                        value=len(content),
                        next_step="Ask the operator to raise LIFENODE_LINKS_BYTES.",
                    )
                link_id = _random(14)
                connection.execute(
                    "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", (link_id, digest, content, time.time())
                )
                known = connection.execute("SELECT id FROM links WHERE sha256 = ?", (digest,)).fetchone()
        return str(known[0])

    def link(self, link_id: str) -> bytes | None:
        """Return the content of a link, or None."""
        with self._using() as connection:
            found = connection.execute("SELECT content FROM links WHERE id = ?", (_plain(link_id),)).fetchone()
        return None if found is None else bytes(found[0])

    def keep_gene_sets(self, name: str, text: str) -> str:
        """Keep an uploaded GMT and return its token; it expires after ``gene_sets_days``.

        Raises
        ------
        InputTooLarge
            All uploads together would exceed ``gene_sets_bytes``.
        Busy
            The store cannot be written.
        """
        now = time.time()
        # A lone surrogate cannot be written to a file, and is no part of a name.
        text, name = (part.encode("utf-8", "replace").decode() for part in (text, name))
        token = f"gp__{_random(6)}_{_random(6)}_{_random(4)}"
        with self._using() as connection:
            connection.execute("DELETE FROM gene_sets WHERE expires < ?", (now,))
            (held,) = connection.execute(
                "SELECT COALESCE(SUM(LENGTH(CAST(content AS BLOB))), 0) FROM gene_sets"
            ).fetchone()
            if held + len(text.encode()) > self._config.gene_sets_bytes:
                raise InputTooLarge(
                    "The node has no room for more uploaded gene sets.",
                    value=len(text),
                    next_step="Try again tomorrow, or ask the operator to raise LIFENODE_GENE_SETS_BYTES.",
                )
            # Whole seconds, so that what is told is exact.
            expires = math.ceil(now + self._config.gene_sets_days * _DAY)
            connection.execute("INSERT INTO gene_sets VALUES (?, ?, ?, ?)", (token, name, text, expires))
        return token

    def gene_sets(self, token: str) -> tuple[str, str] | None:
        """Return name and text of the gene sets of `token`, or None if unknown or expired."""
        with self._using() as connection:
            found = connection.execute(
                "SELECT name, content FROM gene_sets WHERE token = ? AND expires >= ?", (_plain(token), time.time())
            ).fetchone()
        return None if found is None else (str(found[0]), str(found[1]))

    def expiry(self, token: str) -> datetime | None:
        """Return when the gene sets of `token` expire, in UTC, or None if there are none."""
        with self._using() as connection:
            found = connection.execute("SELECT expires FROM gene_sets WHERE token = ?", (_plain(token),)).fetchone()
        return None if found is None else datetime.fromtimestamp(found[0], UTC)

    def drop_gene_sets(self, token: str) -> bool:
        """Forget the gene sets of `token`; return whether there were any."""
        with self._using() as connection:
            return connection.execute("DELETE FROM gene_sets WHERE token = ?", (_plain(token),)).rowcount > 0

    def add_job(self, kind: str, work: bytes) -> str:
        """Queue a job and return its id.

        Raises
        ------
        Busy
            More than ``max_jobs`` wait, or the store cannot be written.
        """
        now, job_id = time.time(), _random(20)
        with self._using() as connection:
            connection.execute("DELETE FROM jobs WHERE made < ?", (now - self._config.job_days * _DAY,))
            (waiting,) = connection.execute("SELECT COUNT(*) FROM jobs WHERE status = 'waiting'").fetchone()
            if waiting >= self._config.max_jobs:
                raise Busy("The queue of jobs is full.", value=waiting, next_step="Try again in some minutes.")
            connection.execute("INSERT INTO jobs VALUES (?, ?, ?, 'waiting', '', 0, ?, x'')", (job_id, kind, work, now))
        return job_id

    def claim_job(self, owner: str, alive: Callable[[str], bool]) -> Job | None:
        """Take the oldest job that waits or whose owner is not `alive` any more; each is run at most twice."""
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                job_id = self._next_job(connection, alive)
                if job_id is not None:
                    connection.execute(
                        "UPDATE jobs SET status = 'running', owner = ?, runs = runs + 1 WHERE id = ?", (owner, job_id)
                    )
            finally:
                connection.execute("COMMIT")
        return None if job_id is None else self.job(job_id)

    @staticmethod
    def _next_job(connection: sqlite3.Connection, alive: Callable[[str], bool]) -> str | None:
        rows = connection.execute(
            "SELECT id, status, owner, runs FROM jobs WHERE status IN ('waiting', 'running') ORDER BY made"
        ).fetchall()
        for job_id, status, holder, runs in rows:
            if status == "running" and alive(holder):
                continue
            if runs < _MOST_RUNS:
                return str(job_id)
            lost = Busy("The work ended twice before it was done.", next_step="Ask for less at a time.")
            connection.execute(
                "UPDATE jobs SET status = 'failed', answer = ? WHERE id = ?", (orjson.dumps(lost.to_dict()), job_id)
            )
        return None

    def finish_job(self, job_id: str, status: str, answer: bytes) -> None:
        """Keep the answer of a job: its bytes, or the problem document when it ``failed``."""
        with self._using() as connection:
            connection.execute("UPDATE jobs SET status = ?, answer = ? WHERE id = ?", (status, answer, job_id))

    def job(self, job_id: str) -> Job | None:
        """Return a job, or None."""
        with self._using() as connection:
            found = connection.execute(f"{_JOB} WHERE id = ?", (_plain(job_id),)).fetchone()
        return None if found is None else Job(*found)

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._connection is None:
                raise Busy(
                    "The node cannot keep anything right now.",
                    value=self._config.state_dir,
                    next_step="Put the list into the address or the body instead of a link or token.",
                )
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise Busy(f"The node's store failed: {error}.", next_step="Try again in a moment.") from error


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:80]
