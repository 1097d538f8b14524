"""Usage agrees with the slow, obvious count, and counts nothing twice whatever happens to the run."""

from __future__ import annotations

import gzip
import io
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from lifenode.errors import FormatError, InvalidOption, OutputError, UnreadableInput
from lifenode.reporting import logs, usage, usage_tables
from lifenode.reporting.addresses import Addresses, Rule, read_addresses
from lifenode.reporting.usage import daily, ingest, visitors
from tests.oracles import usage as oracle
from tests.reporting.synthetic_logs import as_json, combined, requests

RULES = [(rule.prefix, rule.service, rule.kind) for rule in Addresses().rules]


def lines_of(count: int, as_: object = combined, seed: int = 7) -> list[str]:
    written = as_json if as_ is as_json else combined
    return [written(request) for request in requests(count, seed)]


def counted(store: Path) -> tuple[dict[tuple[str, ...], int], ...]:
    """Return what a store holds in the form of the oracle."""
    rows = list(daily(store))
    keys = [(row["day"], row["service"], row["kind"], row["class"]) for row in rows]
    found: list[dict[tuple[str, ...], int]] = [
        {key: row[name] for key, row in zip(keys, rows, strict=True) if row[name]}
        for name in ("requests", "queries", "repeated", "failed")
    ]
    people = list(visitors(store))
    found += [
        {(row["day"], row["service"], row["class"]): row[name] for row in people} for name in ("visitors", "visits")
    ]
    return tuple(found)


def agrees(store: Path, lines: Sequence[str], rules: list[tuple[str, str, str]] = RULES) -> None:
    expected = oracle.count([line.rstrip("\n") for line in lines], rules)
    names = ("requests", "queries", "repeated", "failed", "visitors", "visits")
    for name, found, sought in zip(names, counted(store), expected, strict=True):
        assert found == dict(sought), name


@pytest.mark.parametrize("written", [combined, as_json])
def test_counts_are_those_of_the_slow_count(written: object, tmp_path: Path) -> None:
    lines = lines_of(20_000, written)
    log = tmp_path / "access.log"
    log.write_text("".join(lines))
    account = ingest(tmp_path / "usage.sqlite", [log])
    assert (account.lines, account.broken, account.read) == (20_000, 0, {str(log): 20_000})
    agrees(tmp_path / "usage.sqlite", lines)
    assert len(daily(tmp_path / "usage.sqlite", "2023-03-26", "2023-03-26")) < len(daily(tmp_path / "usage.sqlite"))


def test_a_log_counts_once_whatever_its_name(tmp_path: Path) -> None:
    lines = lines_of(3_000)
    store, log = tmp_path / "usage.sqlite", tmp_path / "access.log"
    log.write_text("".join(lines))
    ingest(store, [log])
    before = counted(store)
    packed = tmp_path / "access.log.1.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    again = ingest(store, [log, packed, log])
    assert (again.lines, again.seen) == (0, [str(log), str(packed)])
    assert counted(store) == before


def test_a_log_that_grows_is_read_from_where_it_was(tmp_path: Path) -> None:
    lines = lines_of(9_000)
    store, log = tmp_path / "usage.sqlite", tmp_path / "access.log"
    for part in (1_000, 1_001, 5_000, 9_000):
        text = "".join(lines[:part])
        log.write_text(text if part == 9_000 else text + lines[part][:80])
        assert ingest(store, [log]).broken == 0
    agrees(store, lines)
    log.write_text("".join(lines[:2_000]))
    assert ingest(store, [log]).seen == [str(log)]
    log.write_text("".join([*lines[:8_999], lines[8_999].replace("2023", "2024"), lines[0]]))
    (reason,) = ingest(store, [log]).refused.values()
    assert "differs later" in reason
    agrees(store, lines)


def test_a_run_stopped_at_any_moment_goes_on_from_its_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of(6_000)
    store, log = tmp_path / "usage.sqlite", tmp_path / "access.log"
    log.write_text("".join(lines))
    monkeypatch.setattr(usage, "CHECKPOINT_BYTES", 100_000)
    monkeypatch.setattr(logs.blocks, "__defaults__", (30_000,))
    for stop_after in (1, 2, 3):

        def stop(path: str, done: int, after: int = stop_after) -> None:
            if done > after * 200_000:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            ingest(store, [log], progress=stop)
    ingest(store, [log])
    agrees(store, lines)


def test_only_the_newest_day_keeps_hashes_and_nothing_keeps_addresses(tmp_path: Path) -> None:
    lines = lines_of(20_000)
    store, log = tmp_path / "usage.sqlite", tmp_path / "access.log"
    log.write_text("".join(lines))
    ingest(store, [log])
    with sqlite3.connect(store) as database:
        assert database.execute("SELECT count(*) FROM open_days").fetchone() == (1,)
        (numbers,) = database.execute("SELECT numbers FROM open_tables WHERE name = 'visitors'").fetchone()
    database.close()
    newest = daily(store)["day"][-1]
    assert min(memoryview(numbers).cast("q")) // usage_tables.DAY * usage_tables.DAY == usage_tables.DAY * (
        max(memoryview(numbers).cast("q")) // usage_tables.DAY
    ), newest
    content = store.read_bytes()
    assert b"10.0." not in content
    assert b"Mozilla" not in content


def test_broken_lines_are_counted_with_examples_without_addresses(tmp_path: Path) -> None:
    good = lines_of(50)
    bad = [
        "192.168.7.9 said hello\n",
        good[0].replace("Mar", "Mrz"),
        good[0].replace("/2023:", "/2023:99"),
        good[0].replace(' "https', " https", 1),
        '{"time": "2023-01-01T00:00:00Z", "path": "/", "status": 200\n',
        '{"time": "2023-01-01T00:00:00Z", "status": 200}\n',
        '{"path": "/", "status": 200}\n',
        '2001:db8::7 - - [25/Mar/2023:01:00:00 +0200] "GET / HTTP/1.1" 999 1 "-" "-"\n',
        "\xff\xfe\0" * 50 + "\n",
        "x" * 300_000 + "\n",
    ]
    log = tmp_path / "access.log"
    log.write_text("".join([*good[:25], "\n", "\r\n", *bad, *good[25:]]), encoding="latin-1")
    account = ingest(tmp_path / "usage.sqlite", [log])
    assert (account.lines, account.blank, account.broken) == (60, 2, len(bad))
    assert [line for _, line, _, _ in account.examples] == list(range(28, 38))
    shown = " ".join(text for *_, text in account.examples)
    assert "192.168" not in shown
    assert "2001:db8" not in shown
    assert account.examples[0][2:] == ("not a log line", "x.x.x.x said hello")
    agrees(tmp_path / "usage.sqlite", good)
    with sqlite3.connect(tmp_path / "usage.sqlite") as database:
        reasons = dict(database.execute("SELECT reason, lines FROM reasons"))
    database.close()
    assert sum(reasons.values()) == len(bad)


def test_forms_of_lines() -> None:
    """Virtual hosts, users with blanks, escaped quotes, no agent, garbage instead of a request, foreign JSON."""
    stamp = "[05/Jan/2023:10:00:00 +0200]"
    text = (
        f'example.org:443 10.1.1.1 - ann {stamp} "GET /a HTTP/1.1" 200 5 "-" "curl/8 \\"x\\"" 0.004\n'
        f'10.1.1.1 - Ann Lee {stamp} "GET http://example.org/a?b HTTP/1.1" 200 -\n'
        f'10.1.1.1 - - {stamp} "\\x16\\x03" 400 0 "-" "-"\r\n'
        '{"ts":1672905600.5,"request":{"remote_ip":"10.1.1.1","method":"GET","uri":"\\/a","headers":'
        '{"User-Agent":["curl/8"]}},"status":200,"size":5}\n'
        '{"time_iso8601":"2023-01-05T08:00:00.250+00:00","remote_addr":"10.1.1.1","request":"GET /a HTTP/1.1",'
        '"status":"200","body_bytes_sent":"5","http_user_agent":"curl/8"}\n'
        '{"msec":"1672905600000","request_uri":"/a","request_method":"POST","status":200,"note":[1,{"x":null}]}\n'
    )
    (block,) = logs.blocks(io.BytesIO(text.encode()), 0)
    assert block.rows[:, 0].tolist() == [0] * 6
    assert set(block.rows[:, 1].tolist()) == {1672905600}
    cut = [[block.letters[row[a] : row[a + 1]].tobytes() for a in (5, 7, 9)] for row in block.rows]
    assert cut[0] == [b"10.1.1.1", b"/a", b'curl/8 \\"x\\"']
    assert cut[1] == [b"10.1.1.1", b"/a?b", b""]
    assert cut[2] == [b"10.1.1.1", b"", b"-"]
    assert cut[3] == cut[4] == [b"10.1.1.1", b"/a", b"curl/8"]
    assert block.rows[:, 2].tolist() == [1, 1, 0, 1, 1, 2]
    assert block.rows[:, 4].tolist() == [5, 0, 0, 5, 5, 0]


def test_refused_files_do_not_stop_the_others(tmp_path: Path) -> None:
    lines = lines_of(3_000)
    good = tmp_path / "good.log"
    good.write_text("".join(lines))
    cut = tmp_path / "cut.log.gz"
    packed = gzip.compress("".join(lines_of(40_000, seed=8)).encode())
    cut.write_bytes(packed[: len(packed) // 2])
    account = ingest(tmp_path / "usage.sqlite", [tmp_path / "missing.log", cut, good, tmp_path])
    assert set(account.refused) == {str(tmp_path / "missing.log"), str(cut), str(tmp_path)}
    assert account.read[str(good)] == 3_000


def test_rules_come_from_a_file_and_a_store_holds_one_set(tmp_path: Path) -> None:
    file, store, log = tmp_path / "services.toml", tmp_path / "usage.sqlite", tmp_path / "access.log"
    file.write_text(
        '[[rule]]\nprefix = "/enrich"\nservice = "gost"\nkind = "page"\n'
        '[[rule]]\nprefix = "/eqtl/"\nservice = "eqtl"\nkind = "download"\n'
        '[[rule]]\nprefix = "/healthz"\nservice = "eqtl"\nkind = "ignore"\n'
    )
    lines = lines_of(4_000)
    log.write_text("".join(lines))
    addresses = read_addresses(file)
    ingest(store, [log], addresses)
    agrees(store, lines, [(rule.prefix, rule.service, rule.kind) for rule in addresses.rules])
    with pytest.raises(InvalidOption, match="other rules"):
        ingest(store, [log])
    for content, word in (("", "no \\[\\[rule"), ('[[rule]]\nprefix="x"', "slash"), ("[", "cannot be read")):
        file.write_text(content)
        with pytest.raises((FormatError, UnreadableInput), match=word):
            read_addresses(file)
    file.write_text('[[rule]]\nprefix = "/a"\nservice = "a"\nkind = "pages"\n')
    with pytest.raises(FormatError, match="Did you mean page"):
        read_addresses(file)


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a database, but long enough to look at" * 10)
    with pytest.raises(FormatError):
        ingest(other, [])
    assert other.read_text().startswith("not a database")
    with pytest.raises(UnreadableInput):
        daily(tmp_path / "nothing.sqlite")
    with pytest.raises(OutputError):
        ingest(tmp_path / "no" / "folder.sqlite", [])


def test_more_visitors_than_there_is_room_for_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage_tables, "MOST_VISITORS", 200)
    monkeypatch.setattr(logs.blocks, "__defaults__", (20_000,))
    log = tmp_path / "access.log"
    log.write_text("".join(combined(request) for request in requests(5_000, hosts=3_000)))
    assert ingest(tmp_path / "usage.sqlite", [log]).forgotten > 0


def test_many_days_in_one_block(tmp_path: Path) -> None:
    rules = Addresses((Rule("/enrich", "gost", "page"),))
    lines = [combined(request | {"time": 1_600_000_000 + 86_400 * n}) for n, request in enumerate(requests(300))]
    log = tmp_path / "access.log"
    log.write_text("".join(lines))
    ingest(tmp_path / "usage.sqlite", [log], rules)
    agrees(tmp_path / "usage.sqlite", lines, [(rule.prefix, rule.service, rule.kind) for rule in rules.rules])
