"""Records as hypothesis draws them, fit to be kept, and how they are listed."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from lifenode.training.moments import Moment, zone_info
from lifenode.training.portal import Listed
from lifenode.training.records import Event, ExternalResource, Material, Person, Topic
from lifenode.training.tidy import tidy
from lifenode.training.vocabulary import Vocabulary

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONES = ("", "UTC", "Europe/Tallinn", "Australia/Perth", "America/New_York", "Asia/Kolkata", "+05:30", "-03:00")
WALLS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(lambda wall: wall.replace(microsecond=0, fold=0))


def exists(wall: datetime, zone: str) -> bool:
    """Tell whether a clock of a zone shows a time, and shows it once."""
    first, again = (wall.replace(tzinfo=zone_info(zone), fold=fold) for fold in (0, 1))
    return Moment.of_aware(first, zone).wall() == wall and first.utcoffset() == again.utcoffset()


@st.composite
def moments(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> tuple[Moment, Moment]:
    """Return a start and an end of one zone: days, or times that a clock there shows once."""
    zone = draw(st.sampled_from(zones))
    wall = draw(WALLS)
    if draw(st.booleans()):
        first = date(wall.year, wall.month, wall.day)
        return Moment.of_day(first), Moment.of_day(first + timedelta(days=draw(st.integers(0, 9))))
    later = wall + timedelta(minutes=draw(st.integers(0, 3000)))
    if not (exists(wall, zone) and exists(later, zone)):
        wall, later = wall.replace(month=5, hour=9), wall.replace(month=5, hour=11)
    return Moment.of_wall(wall, zone), Moment.of_wall(later, zone)


text = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u00a0"), min_size=1, max_size=24
).map(lambda it: " ".join(it.split()))
texts = st.lists(text.filter(bool), max_size=3, unique=True)
people = st.lists(st.builds(Person, text.filter(bool), st.sampled_from(["", "0000-0002-1825-0097"])), max_size=2)
topics = st.lists(
    st.sampled_from([Topic("Proteomics", "http://edamontology.org/topic_0121"), Topic("Genomics"), Topic("a, b")]),
    max_size=2, unique_by=lambda topic: topic.label,
)  # fmt: skip
Kept = TypeVar("Kept", Event, Material)
_URL = "https://training.example.org/one?x=1&y=2"
_COMMON = {
    "title": text.filter(bool), "description": text, "keywords": texts, "fields": texts, "target_audience": texts,
    "contact": text, "learning_objectives": text, "prerequisites": text, "contributors": people,
    "scientific_topics": topics, "nodes": texts, "language": st.sampled_from(["", "en", "et"]),
    "external_resources": st.lists(
        st.builds(ExternalResource, text.filter(bool), st.just("https://bio.tools/x")), max_size=1
    ),
    "external_id": text, "url": st.just(_URL),
}  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Return an event as it would be kept."""
    start, end = draw(st.none() | moments()) or (None, None)
    made = draw(
        st.builds(
            Event, **_COMMON, subtitle=text, organizer=text, sponsors=texts, host_institutions=texts,
            instructors=people, venue=text, city=text, county=text, postcode=text,
            country=st.sampled_from(["", "Estonia", "Norway"]), capacity=st.none() | st.integers(1, 500),
            cost_basis=st.sampled_from(["", "free", "charge"]), cost_value=st.none() | st.floats(0.5, 900),
            cost_currency=st.sampled_from(["", "EUR"]), presence=st.sampled_from(["", "onsite", "online", "hybrid"]),
            event_types=st.sampled_from([[], ["workshops_and_courses"], ["meetings_and_conferences"]]),
            eligibility=st.sampled_from([[], ["by_invitation"]]), tech_requirements=text, recognition=text,
            status=st.sampled_from(["", "cancelled"]), duration=st.sampled_from(["", "P2D", "two days"]),
            latitude=st.just(58.38), longitude=st.just(26.72),
        )
    )  # fmt: skip
    made.start, made.end = start, end
    return _kept(made)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Return a material as it would be kept."""
    made = draw(
        st.builds(
            Material, **_COMMON, doi=st.sampled_from(["", "10.5281/zenodo.123"]), version=text, authors=people,
            licence=st.sampled_from(["", "notspecified", "CC-BY-4.0", "MIT"]), syllabus=text, resource_type=texts,
            status=st.sampled_from(["", "active", "archived"]), other_types=text, subsets=texts,
            difficulty_level=st.sampled_from(["", "beginner", "notspecified"]),
            date_published=st.sampled_from(["", "2026-02-03"]),
        )
    )  # fmt: skip
    return _kept(made)


def _kept(record: Kept) -> Kept:
    """Return a record in the forms of the portal, which a second tidying does not change."""
    for _ in range(3):
        tidy(record, Vocabulary())
    record.notes = []
    return record


def listed(record: Event | Material, slug: str = "one", provider: str = "Example node") -> Listed:
    """Return a record as a portal lists it."""
    return Listed(record, slug, provider, 1, "https://example.org", NOW, NOW, NOW)


def differing(one: Event | Material, other: Event | Material) -> dict[str, tuple[object, object]]:
    """Return the fields of content in which two records differ."""
    assert type(one) is type(other)
    names = [known.name for known in fields(one) if known.name not in ("notes", "source_url")]
    return {n: (getattr(one, n), getattr(other, n)) for n in names if getattr(one, n) != getattr(other, n)}
