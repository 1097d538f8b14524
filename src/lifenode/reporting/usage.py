"""Usage of services: access logs in, daily counts of people, programs and crawlers out.

What is counted:

- *request*: a line of the log that can be read;
- *query*: a GET or POST of a person or a program that was answered with 2xx or 304, whose address is neither a part of
  a page (`addresses.ASSETS`) nor of kind ``ignore``; of the same GET of the same visitor within 30 seconds of the one
  before only one counts (COUNTER's double click), every POST counts;
- *visitor*: network address and user agent, hashed (SipHash-2-4) under a secret of the day; the secret and the hashes
  are deleted when a later day has begun, so nobody can tell who came, nor that somebody came back the next day;
- *visit*: a visitor's queries without 30 minutes of silence between them; midnight UTC ends all.

Three classes: human, machine (a program that somebody runs), crawler; see `agents`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lifenode.errors import LifenodeError, UnreadableInput
from lifenode.reporting.addresses import Addresses
from lifenode.reporting.logs import Block, Head, blocks, open_log, read_head
from lifenode.reporting.usage_store import LogRecord, UsageStore
from lifenode.reporting.usage_tables import Tally
from lifenode.table import Column, Table

QUERY_RULE = (
    "Queries served: GET and POST requests of people and their programs answered with 2xx or 304, without parts of "
    "pages, crawlers (COUNTER list of robots) and repetitions of a GET within 30 seconds."
)
# Bytes of a log between two points from which a stopped run can go on.
CHECKPOINT_BYTES = 256 * 1024 * 1024
# Broken lines of an account that are shown.
EXAMPLES_SHOWN = 10

_DAILY = (
    Column("day", "text", "date, UTC"),
    Column("service", "text", "service"),
    Column("kind", "text", "page, api, download, ignore or asset"),
    Column("class", "text", "human, machine or crawler"),
    Column("requests", "integer", "lines of the log"),
    Column("queries", "integer", "requests that count"),
    Column("repeated", "integer", "requests that repeat one of the 30 seconds before"),
    Column("failed", "integer", "requests answered with a status of 400 or more"),
    Column("bytes", "integer", "bytes sent"),
)
_VISITORS = (
    Column("day", "text", "date, UTC"),
    Column("service", "text", "service; all: of the whole node"),
    Column("class", "text", "human, machine or crawler"),
    Column("visitors", "integer", "different visitors of the day"),
    Column("visits", "integer", "visits of the day"),
)


@dataclass
class Ingested:
    """What became of the logs given: every line is read, blank or broken, and every log read, seen before or refused.

    Attributes
    ----------
    read
        Path and lines newly read, of each log that had any.
    seen
        Logs with nothing new, whatever their name.
    refused
        Path and reason of each log that could not be read, or not to its end.
    lines, blank, broken
        Newly read lines.
    examples
        ``path, line number, reason, text`` of the first broken lines.
    forgotten
        Visitors forgotten before their day was over, for want of memory; they may count again.
    """

    read: dict[str, int] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    blank: int = 0
    broken: int = 0
    examples: list[tuple[str, int, str, str]] = field(default_factory=list)
    forgotten: int = 0

    def summary(self) -> str:
        """Return the account in one line."""
        return (
            f"{self.lines:,} lines of {len(self.read)} logs read · {self.broken:,} broken · {self.blank:,} blank · "
            f"{len(self.seen)} logs without anything new · {len(self.refused)} refused"
        )


def ingest(
    store: str | Path, logs: Sequence[str | Path], addresses: Addresses | None = None, *,
    progress: Callable[[str, int], None] | None = None,
) -> Ingested:  # fmt: skip
    """Add access logs to a store of daily counts.

    Parameters
    ----------
    store
        SQLite file; made when it is not there.
    logs
        Files in the combined format or with one JSON object a line, plain or packed with gzip, in any order; logs of
        servers that share visitors are best given together. A log counts once, whatever its name and however often it
        is given; one that grew since is read from where it was.
    addresses
        Which addresses belong to which service; those of a lifenode by default.
    progress
        Called with the path and the bytes read of it, now and then.

    Returns
    -------
    Ingested
        An account of all logs and lines.

    Raises
    ------
    InvalidOption
        The store was counted under other rules.
    FormatError, OutputError
        The store cannot be used.
    """
    addresses = addresses or Addresses()
    kept = UsageStore(Path(store), addresses)
    account = Ingested()
    try:
        tally = kept.tally(addresses)
        newest = max(tally.salts, default=0)
        record = None
        for path, head in _in_order(logs, account):
            record = _ingest_log(kept, tally, path, head, account, progress) or record
        if record is not None:
            tally.forget_before(max(newest, max(tally.salts, default=0)))
            kept.save(tally, record, ())
        account.forgotten = tally.forgotten
    finally:
        kept.close()
    return account


def _in_order(logs: Sequence[str | Path], account: Ingested) -> list[tuple[Path, Head]]:
    """Return the logs with how they begin, by the time of their first line."""
    found = []
    for path in dict.fromkeys(map(Path, logs)):
        try:
            found.append((path, read_head(path)))
        except UnreadableInput as error:
            account.refused[str(path)] = str(error)
    return sorted(found, key=lambda pair: (pair[1].first_time, str(pair[0])))


def _ingest_log(
    kept: UsageStore, tally: Tally, path: Path, head: Head, account: Ingested,
    progress: Callable[[str, int], None] | None,
) -> LogRecord | None:  # fmt: skip
    """Read what is new of a log; return its record if there was anything."""
    known = kept.logs()
    record = next((log for log in known if log.head == head.digest(log.head_length)), None) or LogRecord(path.name)
    before = record.done
    try:
        if record.done and not _goes_on(path, record):
            account.refused[str(path)] = f"begins like {record.name}, read before, and differs later; nothing counted"
            return None
        _read(kept, tally, path, head, record, account, progress)
    except LifenodeError as error:
        account.refused[str(path)] = str(error)
    if record.done == before:
        if str(path) not in account.refused:
            account.seen.append(str(path))
        return None
    return record


def _goes_on(path: Path, record: LogRecord) -> bool:
    """Say whether a log holds, where it was read to, what was there; one that is shorter is an older copy."""
    with open_log(path) as stream:
        left = record.done - record.tail_length
        while left > 0:
            left -= len(stream.read(min(left, 1 << 20))) or left
        tail = stream.read(record.tail_length)
    return len(tail) < record.tail_length or hashlib.sha256(tail).hexdigest() == record.tail


def _read(
    kept: UsageStore, tally: Tally, path: Path, head: Head, record: LogRecord, account: Ingested,
    progress: Callable[[str, int], None] | None,
) -> None:  # fmt: skip
    saved = record.done
    broken: list[tuple[int, str, str]] = []
    if not record.head_length:
        record.head_length, record.head = len(head.bytes), head.digest(len(head.bytes))
    lines_before = record.lines + record.blank
    with open_log(path) as stream:
        try:
            for block in blocks(stream, record.done):
                tally.add(block)
                found = [(number + lines_before, reason, text) for number, reason, text in block.broken()]
                broken += found
                _note(str(path), block, found, record, account)
                if record.done - saved >= CHECKPOINT_BYTES:
                    kept.save(tally, record, broken)
                    saved, broken = record.done, []
                    if progress:
                        progress(str(path), record.done)
        finally:
            if record.done > saved:
                kept.save(tally, record, broken)


def _note(path: str, block: Block, broken: list[tuple[int, str, str]], record: LogRecord, account: Ingested) -> None:
    """Write a block into the record of its log and into the account."""
    record.done = block.end
    record.tail_length, record.tail = len(block.tail), hashlib.sha256(block.tail).hexdigest()
    for counter in (record, account):
        counter.lines += len(block.rows)
        counter.blank += block.blank
        counter.broken += len(broken)
    if block.end:
        account.read[path] = account.read.get(path, 0) + len(block.rows)
    room = EXAMPLES_SHOWN - len(account.examples)
    account.examples += [(path, *entry) for entry in broken[:room]]


def daily(store: str | Path, start: str = "", end: str = "9999") -> Table:
    """Return the daily counts of a store by service, kind and class.

    Parameters
    ----------
    store
        SQLite file of `ingest`.
    start, end
        First and last day, or the beginning of one (``2023``); ISO 8601.

    Returns
    -------
    Table
        One row a day, service, kind and class that had requests; see the columns' meanings.

    Raises
    ------
    UnreadableInput
        There is no such file.
    """
    return _select(store, "daily", _DAILY, start, end)


def visitors(store: str | Path, start: str = "", end: str = "9999") -> Table:
    """Return visitors and visits by day, service and class; parameters as of `daily`.

    The numbers of visitors of several days must not be added up: who came on two of them is in both.
    """
    return _select(store, "visitors", _VISITORS, start, end)


def broken_lines(store: str | Path) -> list[str]:
    """Return what the logs counted into a store had that is no log line: the first lines of each reason, then how many.

    Raises
    ------
    UnreadableInput
        There is no such file.
    """
    kept = _open(store)
    try:
        examples = kept.database.execute(
            "SELECT logs.name, line, reason, text FROM broken JOIN logs ON logs.id = broken.log ORDER BY 1, 2"
        ).fetchall()
        shown = [f"{name}, line {line}: {reason}: {text}" for name, line, reason, text in examples]
        sums = kept.database.execute(
            "SELECT reason, sum(lines) FROM reasons GROUP BY reason ORDER BY reason"
        ).fetchall()
    finally:
        kept.close()
    return shown + [f"logs: {count:,} lines: {reason}" for reason, count in sums]


def _open(store: str | Path) -> UsageStore:
    path = Path(store)
    if not path.is_file():
        raise UnreadableInput(f"There is no store of usage {path}.", value=path, next_step="Count logs into it first.")
    return UsageStore(path)


def _select(store: str | Path, name: str, columns: tuple[Column, ...], start: str, end: str) -> Table:
    kept = _open(store)
    try:
        names = ", ".join(column.name for column in columns)
        rows = kept.database.execute(
            f"SELECT {names} FROM {name} WHERE day >= ? AND day <= ? || '~' ORDER BY 1, 2, 3, 4",  # noqa: S608 - our own names
            (start, end),
        ).fetchall()
    finally:
        kept.close()
    values = {column.name: [row[place] for row in rows] for place, column in enumerate(columns)}
    return Table(columns, values, {"store": kept.path.name, "rule": QUERY_RULE}, len(rows))
