"""Where usage is kept: one SQLite file of daily counts, without addresses, cookies or user agents.

A run writes its counts, how far it read each log, and what it needs to go on, in one transaction: a run that is stopped
at any moment goes on from the last of them, and nothing counts twice.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from lifenode.errors import FormatError, InvalidOption, OutputError
from lifenode.reporting.addresses import Addresses
from lifenode.reporting.agents import CLASSES
from lifenode.reporting.usage_tables import DAY, Tally

FORMAT = "1"
# Broken lines of one reason that are kept as examples for each log.
EXAMPLES = 3

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS daily (
  day TEXT, service TEXT, kind TEXT, class TEXT, requests INTEGER, queries INTEGER, repeated INTEGER, failed INTEGER,
  bytes INTEGER, PRIMARY KEY (day, service, kind, class));
CREATE TABLE IF NOT EXISTS visitors (
  day TEXT, service TEXT, class TEXT, visitors INTEGER, visits INTEGER, PRIMARY KEY (day, service, class));
CREATE TABLE IF NOT EXISTS logs (
  id INTEGER PRIMARY KEY, name TEXT, done INTEGER, head_length INTEGER, head TEXT, tail_length INTEGER, tail TEXT,
  lines INTEGER, blank INTEGER, broken INTEGER);
CREATE TABLE IF NOT EXISTS broken (log INTEGER, line INTEGER, reason TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS reasons (log INTEGER, reason TEXT, lines INTEGER, PRIMARY KEY (log, reason));
CREATE TABLE IF NOT EXISTS open_days (day INTEGER PRIMARY KEY, salt BLOB);
CREATE TABLE IF NOT EXISTS open_tables (name TEXT PRIMARY KEY, keys BLOB, numbers BLOB);
"""


@dataclass
class LogRecord:
    """How far a log was read, and what tells it from others: digests of its first and latest bytes."""

    name: str
    done: int = 0
    head_length: int = 0
    head: str = ""
    tail_length: int = 0
    tail: str = ""
    lines: int = 0
    blank: int = 0
    broken: int = 0
    id: int = 0


_RECORD = "name, done, head_length, head, tail_length, tail, lines, blank, broken"


class UsageStore:
    """The file of daily counts.

    Parameters
    ----------
    path
        Made when it is not there.
    addresses
        The rules under which is counted; a store holds counts of one set of rules. None to read only.

    Raises
    ------
    FormatError
        The file is something else.
    InvalidOption
        It was counted under other rules.
    OutputError
        It cannot be opened or written.
    """

    def __init__(self, path: Path, addresses: Addresses | None = None) -> None:
        self.path = path
        try:
            # Secrets that are thrown away have to be gone from the file as well.
            self.database = sqlite3.connect(path)
            self.database.execute("PRAGMA secure_delete = ON")
            self.database.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise OutputError(f"{path} cannot be opened: {error}.", value=path) from error
            raise FormatError(f"{path} is no store of usage: {error}.", value=path) from error
        if addresses is not None:
            self._prepare(addresses)

    def _prepare(self, addresses: Addresses) -> None:
        held = dict(self.database.execute("SELECT key, value FROM meta").fetchall())
        if not held:
            values = {"format": FORMAT, "rules": addresses.fingerprint, "agents": secrets.token_bytes(16)}
            with self.database:
                self.database.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
        elif held["rules"] != addresses.fingerprint:
            self.close()
            raise InvalidOption(
                f"{self.path} was counted under other rules of addresses ({held['rules']}), and counts under different "
                "rules do not add up.",
                value=addresses.fingerprint,
                next_step="Count all logs again into a new file, or keep the rules.",
            )

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def logs(self) -> list[LogRecord]:
        """Return the logs read so far."""
        rows = self.database.execute(f"SELECT {_RECORD}, id FROM logs ORDER BY id")  # noqa: S608 - our own column names
        return [LogRecord(*row) for row in rows]

    def tally(self, addresses: Addresses) -> Tally:
        """Return an empty tally that goes on with the days that are still open."""
        (secret,) = self.database.execute("SELECT value FROM meta WHERE key = 'agents'").fetchone()
        tally = Tally(addresses, secret)
        for day, salt in self.database.execute("SELECT day, salt FROM open_days"):
            tally.salts[day] = np.frombuffer(salt, np.uint64)
        for name, table in (("clicks", tally.clicks), ("visitors", tally.visitors)):
            row = self.database.execute("SELECT keys, numbers FROM open_tables WHERE name = ?", (name,)).fetchone()
            if row:
                table.fill(np.frombuffer(row[0], np.uint64), np.frombuffer(row[1], np.int64))
        return tally

    def save(self, tally: Tally, record: LogRecord, broken: Iterable[tuple[int, str, str]]) -> None:
        """Add what a tally counted, with how far its log was read; the tally is empty then, its days still open."""
        try:
            with self.database:
                self._save_log(record, broken)
                self._save_counts(tally)
                self._save_open(tally)
        except sqlite3.OperationalError as error:
            raise OutputError(f"{self.path} cannot be written: {error}.", value=self.path) from error
        tally.counts.clear()
        tally.visits.clear()

    def _save_log(self, record: LogRecord, broken: Iterable[tuple[int, str, str]]) -> None:
        values = (record.name, record.done, record.head_length, record.head, record.tail_length, record.tail,
                  record.lines, record.blank, record.broken)  # fmt: skip
        if record.id:
            assigned = ", ".join(f"{name} = ?" for name in _RECORD.split(", "))
            self.database.execute(f"UPDATE logs SET {assigned} WHERE id = ?", (*values, record.id))  # noqa: S608 - our own column names
        else:
            row = self.database.execute(f"INSERT INTO logs ({_RECORD}) VALUES (?,?,?,?,?,?,?,?,?)", values)  # noqa: S608 - our own column names
            record.id = int(row.lastrowid or 0)
        add = "INSERT INTO reasons VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET lines = lines + 1 RETURNING lines"
        for line, reason, text in broken:
            (seen,) = self.database.execute(add, (record.id, reason)).fetchone()
            if seen <= EXAMPLES:
                self.database.execute("INSERT INTO broken VALUES (?, ?, ?, ?)", (record.id, line, reason, text))

    def _save_counts(self, tally: Tally) -> None:
        rules = tally.addresses
        services = (*rules.services, "all")
        for day, counts in tally.counts.items():
            stamp = date_of(day)
            for rule, kind in np.argwhere(counts.any(axis=2)).tolist():
                named = rule < len(rules.rules)
                service = rules.rules[rule].service if named else "all"
                name = rules.rules[rule].kind if named else "asset"
                self._add("daily", 4, (stamp, service, name, CLASSES[kind], *counts[rule, kind].tolist()))
            for service_index, kind in np.argwhere(tally.visits[day].any(axis=2)).tolist():
                pair = tally.visits[day][service_index, kind].tolist()
                self._add("visitors", 3, (stamp, services[service_index], CLASSES[kind], *pair))

    def _add(self, table: str, keys: int, values: tuple[object, ...]) -> None:
        """Insert a row, or add its numbers to those of the row with the same first `keys` values."""
        with closing(self.database.execute(f"SELECT * FROM {table} LIMIT 0")) as nothing:  # noqa: S608 - our own table names
            names = [column[0] for column in nothing.description]
        sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in names[keys:])
        marks = ", ".join("?" * len(values))
        self.database.execute(f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO UPDATE SET {sums}", values)  # noqa: S608 - our own table names

    def _save_open(self, tally: Tally) -> None:
        self.database.execute("DELETE FROM open_days")
        self.database.execute("DELETE FROM open_tables")
        salts = [(day, salt.tobytes()) for day, salt in tally.salts.items()]
        self.database.executemany("INSERT INTO open_days VALUES (?, ?)", salts)
        for name, table in (("clicks", tally.clicks), ("visitors", tally.visitors)):
            keys, numbers = table.entries()
            self.database.execute("INSERT INTO open_tables VALUES (?, ?, ?)", (name, keys.tobytes(), numbers.tobytes()))


def date_of(day: int) -> str:
    """Return the date of a day counted from 1970, as ISO 8601."""
    return datetime.fromtimestamp(day * DAY, UTC).date().isoformat()
