"""A portal of 100,000 records: seconds of the processor to index it, and milliseconds of searches with all facets.

Run: ``python benchmarks/bench_training_search.py [records]``. Words, places and people are drawn at random, as skewed
as they are in life. Prints the 50th and 95th percentile of each kind of question, on SQLite, or on the database of
LIFENODE_DATABASE_URL if that is set (its tables are filled, so name an empty one).
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert

from lifenode.edam.ontology import Ontology
from lifenode.training.database import open_database
from lifenode.training.models import Provider, StoredHarvest, StoredRecord
from lifenode.training.moments import Moment
from lifenode.training.portal import Portal
from lifenode.training.publish import VALUES, page_shown
from lifenode.training.records import Event, Material, Person, Topic, to_dict
from lifenode.training.search_question import Question, read_question

NOW = datetime(2026, 3, 1, tzinfo=UTC)
T = TypeVar("T")
CITIES = [(f"City {number}", f"Country {number % 40}") for number in range(400)]
CHANCE = random.Random(7)
WORDS = [
    f"{a}{b}{c}" for a in ("gen", "prot", "seq", "stat", "cell") for b in ("a", "o", "e", "ial") for c in range(250)
]
TERMS = [one for one in Ontology.load() if one.branch == "topic" and not one.obsolete and one.parents]


def pick(values: list[T], most: int) -> list[T]:
    """Return a few values, the first ones more often."""
    return list({values[int(len(values) * CHANCE.random() ** 3)]: None for _ in range(CHANCE.randint(0, most))})


def record(number: int) -> Event | Material:
    """Return a record as many are."""
    text = " ".join(CHANCE.choices(WORDS, k=80))
    kind = Event if number % 3 else Material
    made = kind(title=" ".join(CHANCE.choices(WORDS, k=6)), url=f"https://x.org/{number}", description=text)
    made.keywords = pick(WORDS, 6)
    made.scientific_topics = [Topic(one.label, f"http://edamontology.org/{one.id}") for one in pick(TERMS, 3)]
    made.target_audience, made.nodes = (
        pick(["PhD students", "Life scientists", "Curators"], 2),
        pick(["Estonia", "Norway"], 1),
    )
    if isinstance(made, Event):
        made.start = Moment.of_day(NOW.date() + timedelta(days=CHANCE.randint(-900, 300)), "Europe/Tallinn")
        made.end = made.start
        made.city, made.country = CITIES[int(400 * CHANCE.random() ** 3)]
        made.presence = CHANCE.choice(["onsite", "online", "hybrid"])
        made.organizer = f"Organiser {int(2000 * CHANCE.random() ** 2)}"
    else:
        made.authors = [Person(f"Author {int(5000 * CHANCE.random() ** 2)}") for _ in range(3)]
    return made


def fill(portal: Portal, count: int) -> None:
    """Put records into the database."""
    with portal.engine.begin() as connection:
        for number in range(200):
            connection.execute(insert(Provider).values(title=f"Provider {number}", url="", created_at=NOW))
        for first in range(0, count, 2000):
            rows = []
            for number in range(first, min(first + 2000, count)):
                made = record(number)
                rows.append(
                    {
                        "kind": "event" if isinstance(made, Event) else "material", "slug": f"r-{number}",
                        "provider_id": 1 + number % 200, "title": made.title, "url": made.url, "occurrence": "",
                        "external_id": "", "source": "", "content": to_dict(made), "created_at": NOW, "updated_at": NOW,
                        "last_seen_at": NOW, "start": None, "end": None,
                    }
                )  # fmt: skip
            connection.execute(insert(StoredRecord), rows)
        done = {"provider_id": 1, "source": "", "kind": "", "finished_at": NOW, "counts": {}, "report": {}}
        connection.execute(insert(StoredHarvest).values(**done))


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(
            open_database(os.environ.get("LIFENODE_DATABASE_URL") or f"sqlite:///{Path(folder) / 'a.sqlite'}")
        )
        fill(portal, count)
        began = time.process_time()
        index = portal.index
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{len(index):,} records indexed in {time.process_time() - began:.1f} s; {memory:,.0f} MB at most")
        questions = {
            "all events": [Question(kind="event", page=page) for page in range(1, 21)],
            "both kinds, with past": [Question(include_expired=True, page=page) for page in range(1, 21)],
            "two facets": [
                read_question([("city", f"City {one}"), ("online", "online"), ("online", "hybrid")], "event")
                for one in range(20)
            ],
            "two words": [Question(kind="event", text=" ".join(CHANCE.choices(WORDS, k=2))) for _ in range(20)],
            "a mistyped word": [Question(kind="event", text=CHANCE.choice(WORDS)[:-1] + "x") for _ in range(20)],
        }
        for name, asked in questions.items():
            took = []
            for question in asked:
                began = time.process_time()
                page_shown(portal, portal.search(question, now=NOW, most_values=VALUES))
                took.append(1000 * (time.process_time() - began))
            took.sort()
            print(f"{name:24} p50 {statistics.median(took):6.1f} ms   p95 {took[int(len(took) * 0.95)]:6.1f} ms")
        portal.close()


if __name__ == "__main__":
    main()
