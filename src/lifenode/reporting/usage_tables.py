"""What a run of counting keeps in memory: tables of hashes, the secrets of days, and counts not yet stored."""

from __future__ import annotations

import json
import secrets

import numpy as np

from lifenode.reporting.addresses import ASSETS, Addresses
from lifenode.reporting.agents import CLASSES, class_of
from lifenode.reporting.log_fields import AGENT, AGENT_END, FAULT, FINE, TIME, Bytes, Integers
from lifenode.reporting.logs import Block
from lifenode.reporting.usage_kernels import DOUBLE_CLICK, MEASURES, Hashes, count, find_agents, insert_all

DAY = 86_400
# Visitors by service that are remembered at a time; beyond, those seen longest ago are forgotten.
MOST_VISITORS = 4 * 1024 * 1024
# Clicks that are remembered at a time; a line out of its time would keep all since then.
MOST_CLICKS = 1024 * 1024
MOST_AGENTS = 1024 * 1024
_DAYS_AT_ONCE = 64
_NO_FAULT_LIKE_IT = -1


class HashTable:
    """Hashes with a number each, for the compiled counting; grows as needed."""

    def __init__(self) -> None:
        self.used = 0
        self.keys: Hashes = np.zeros(1024, np.uint64)
        self.values: Integers = np.zeros(1024, np.int64)

    def make_room(self, more: int) -> None:
        """Let the table be at most half full after `more` entries."""
        size = 1024
        while size < 2 * (self.used + more):
            size *= 2
        if size > len(self.keys):
            self._refill(*self.entries(), size)

    def entries(self) -> tuple[Hashes, Integers]:
        """Return the keys and numbers that are in the table, in the order of the keys."""
        held = self.keys != 0
        order = np.argsort(self.keys[held])
        return self.keys[held][order], self.values[held][order]

    def keep(self, least: int) -> None:
        """Forget entries with a number below `least`."""
        keys, values = self.entries()
        self.fill(keys[values >= least], values[values >= least])

    def fill(self, keys: Hashes, values: Integers) -> None:
        """Hold these entries and no others."""
        size = 1024
        while size < 2 * len(keys):
            size *= 2
        self._refill(keys, values, size)

    def _refill(self, keys: Hashes, values: Integers, size: int) -> None:
        self.keys, self.values = np.zeros(size, np.uint64), np.zeros(size, np.int64)
        insert_all(self.keys, self.values, keys, values)
        self.used = len(keys)


class Tally:
    """Counts of days under one set of rules, and what is needed to go on counting.

    Attributes
    ----------
    counts, visits
        By day (days since 1970): arrays as `usage_kernels.count` fills them.
    salts
        By day: the secret under which its visitors are hashed.
    forgotten
        Visitors that had to be forgotten before their day was over.
    """

    def __init__(self, addresses: Addresses, agent_secret: bytes) -> None:
        self.addresses = addresses
        self.counts: dict[int, Integers] = {}
        self.visits: dict[int, Integers] = {}
        self.salts: dict[int, Hashes] = {}
        self.clicks, self.visitors, self._agents = HashTable(), HashTable(), HashTable()
        self._secret: Hashes = np.frombuffer(agent_secret, np.uint64)
        texts = [ending.encode() for ending in ASSETS]
        self._endings: Bytes = np.frombuffer(b"".join(texts), np.uint8)
        self._ending_places: Integers = np.cumsum([0, *map(len, texts)]).astype(np.int64)
        self.forgotten = 0

    def add(self, block: Block) -> None:
        """Count the lines of a block."""
        fine = block.rows[:, FAULT] == FINE
        if not fine.any():
            return
        days = np.where(fine, block.rows[:, TIME] // DAY, 0)
        classes, agents = self._classify(block)
        present = np.unique(days[fine])
        for first in range(0, len(present), _DAYS_AT_ONCE):
            some = present[first : first + _DAYS_AT_ONCE]
            rows = block.rows
            if len(present) > _DAYS_AT_ONCE:
                rows = rows.copy()
                rows[~np.isin(days, some), FAULT] = _NO_FAULT_LIKE_IT
            self._count(block.letters, rows, days, some, classes, agents)

    def _classify(self, block: Block) -> tuple[Integers, Hashes]:
        """Return class and hash of the user agent of each line; each agent is looked at once."""
        lines = len(block.rows)
        if self._agents.used > MOST_AGENTS:
            self._agents = HashTable()
        self._agents.make_room(lines)
        agents = np.zeros(lines, np.uint64)
        slots, new = np.zeros(lines, np.int64), np.zeros(lines, np.int64)
        table = self._agents
        found = find_agents(block.letters, block.rows, table.keys, self._secret, agents, slots, new)
        for line in new[:found].tolist():
            table.values[slots[line]] = class_of(_agent(block, line))
        table.used += found
        return table.values[slots], agents

    def _count(
        self, letters: Bytes, rows: Integers, days: Integers, present: Integers, classes: Integers, agents: Hashes
    ) -> None:
        salts = np.stack([self.salts.setdefault(day, _salt()) for day in present.tolist()])
        self._make_room(rows)
        rules, services = self.addresses, len(self.addresses.services)
        counts = np.zeros((len(present), len(rules.rules) + 1, len(CLASSES), MEASURES), np.int64)
        visits = np.zeros((len(present), services + 1, len(CLASSES), 2), np.int64)
        clicks, visitors = count(
            letters, rows, np.searchsorted(present, days), classes, agents, salts,
            rules.letters, rules.places, rules.service_of, rules.kind_of, self._endings, self._ending_places,
            self.clicks.keys, self.clicks.values, self.visitors.keys, self.visitors.values, counts, visits,
        )  # fmt: skip
        self.clicks.used += clicks
        self.visitors.used += visitors
        for index, day in enumerate(present.tolist()):
            self.counts[day] = self.counts.get(day, 0) + counts[index]
            self.visits[day] = self.visits.get(day, 0) + visits[index]

    def _make_room(self, rows: Integers) -> None:
        if self.clicks.used > 2 * len(rows):
            self.clicks.keep(int(rows[rows[:, FAULT] == FINE, TIME].min()) - DOUBLE_CLICK)
        if self.clicks.used > MOST_CLICKS:
            self.clicks.keep(int(np.median(self.clicks.entries()[1])))
        self.clicks.make_room(len(rows))
        if self.visitors.used > MOST_VISITORS:
            before = self.visitors.used
            self.visitors.keep(int(np.median(self.visitors.entries()[1])))
            self.forgotten += before - self.visitors.used
        self.visitors.make_room(2 * len(rows))

    def forget_before(self, day: int) -> None:
        """Throw away the secrets and visitors of the days before `day`: from then on nobody can tell who came."""
        self.salts = {kept: salt for kept, salt in self.salts.items() if kept >= day}
        self.visitors.keep(day * DAY)
        self.clicks.keep(day * DAY)


def _salt() -> Hashes:
    return np.frombuffer(secrets.token_bytes(16), np.uint64)


def _agent(block: Block, line: int) -> str:
    raw = block.letters[block.rows[line, AGENT] : block.rows[line, AGENT_END]].tobytes()
    text = raw.decode("utf-8", "replace")
    if "\\" in text and block.letters[block.starts[line]] == 0x7B:
        try:
            return str(json.loads(f'"{text}"'))
        except ValueError:
            return text
    return text
