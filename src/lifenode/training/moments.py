"""Times as they were meant: an instant, the zone it was given in, and whether only the day is known.

An instant alone loses the wall clock, a wall clock alone loses the instant; a portal needs both, so that a calendar
read in and written out again names the same start in the same zone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil import parser as date_parser

_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.]\d{2,4}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?)?(Z?)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?")
_MIDNIGHT = time()
_OPENING, _CLOSING = time(9), time(17)
# Zones by names that are not the last part of an IANA name.
_NAMED_ZONES = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "atlantic time (canada)": "America/Halifax",
    "indiana (east)": "America/Indiana/Indianapolis",
    "alaska": "America/Juneau",
    "arizona": "America/Phoenix",
    "hawaii": "Pacific/Honolulu",
    "saskatchewan": "America/Regina",
    "newfoundland": "America/St_Johns",
    "central america": "America/Guatemala",
    "mid-atlantic": "Atlantic/South_Georgia",
    "cape verde is.": "Atlantic/Cape_Verde",
    "american samoa": "Pacific/Pago_Pago",
    "midway island": "Pacific/Midway",
    "marshall is.": "Pacific/Majuro",
    "solomon is.": "Pacific/Guadalcanal",
    "chatham is.": "Pacific/Chatham",
    "tokelau is.": "Pacific/Fakaofo",
    "new caledonia": "Pacific/Noumea",
    "canberra": "Australia/Canberra",
    "wellington": "Pacific/Auckland",
    "edinburgh": "Europe/London",
    "bern": "Europe/Zurich",
    "st. petersburg": "Europe/Moscow",
    "kyiv": "Europe/Kyiv",
    "west central africa": "Africa/Algiers",
    "pretoria": "Africa/Johannesburg",
    "abu dhabi": "Asia/Muscat",
    "islamabad": "Asia/Karachi",
    "mumbai": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "chennai": "Asia/Kolkata",
    "sri jayawardenepura": "Asia/Colombo",
    "astana": "Asia/Dhaka",
    "hanoi": "Asia/Bangkok",
    "beijing": "Asia/Shanghai",
    "osaka": "Asia/Tokyo",
    "sapporo": "Asia/Tokyo",
    "ekaterinburg": "Asia/Yekaterinburg",
    "brasilia": "America/Sao_Paulo",
    "quito": "America/Lima",
    "guadalajara": "America/Mexico_City",
    "georgetown": "America/Guyana",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as it was given.

    Parameters
    ----------
    instant
        The instant, in UTC. Where no zone is known, the wall clock taken as if it were UTC.
    zone
        An IANA name, an offset such as ``+05:30`` where only that was given, or nothing where no zone is known.
    all_day
        Whether only the day is known; the instant is then its midnight.
    """

    instant: datetime
    zone: str = ""
    all_day: bool = False

    @classmethod
    def of_day(cls, day: date, zone: str = "") -> Moment:
        """Return a day without a time."""
        return cls.of_wall(datetime.combine(day, _MIDNIGHT), zone, all_day=True)

    @classmethod
    def of_wall(cls, wall: datetime, zone: str = "", *, all_day: bool = False) -> Moment:
        """Return what a clock in a zone shows; `wall` carries no zone of its own."""
        aware = wall.replace(tzinfo=zone_info(zone))
        return cls(aware.astimezone(UTC), zone, all_day)

    @classmethod
    def of_aware(cls, aware: datetime, zone: str = "") -> Moment:
        """Return an instant, in a zone or else at the offset it was given with."""
        return cls(aware.astimezone(UTC), zone or _zone_of(aware))

    def wall(self) -> datetime:
        """Return what a clock at the place shows, without a zone."""
        return self.instant.astimezone(zone_info(self.zone)).replace(tzinfo=None)

    def local_text(self) -> str:
        """Return the wall clock as text: ``2026-03-09``, or ``2026-03-09T08:00`` with seconds where there are any."""
        wall = self.wall()
        if self.all_day:
            return wall.date().isoformat()
        return wall.isoformat(timespec="seconds" if wall.second else "minutes")

    def to_text(self) -> str:
        """Return the moment as schema.org writes it: a day, or a time with its offset where the zone is known."""
        if self.all_day:
            return self.wall().date().isoformat()
        if not self.zone:
            return self.wall().isoformat()
        return self.instant.astimezone(zone_info(self.zone)).isoformat()

    def assumed(self, *, ends: bool = False) -> datetime:
        """Return the instant that lists and reminders use: a day opens at 09:00 and closes at 17:00 of its zone."""
        if not self.all_day:
            return self.instant
        hour = _CLOSING if ends else _OPENING
        return Moment.of_wall(datetime.combine(self.wall().date(), hour), self.zone).instant


@cache
def zone_info(zone: str) -> tzinfo:
    """Return the rules of a zone as `Moment` names it; UTC where none is known."""
    if not zone:
        return UTC
    offset = _OFFSET.fullmatch(zone)
    if offset is None:
        return ZoneInfo(zone)
    minutes = int(offset[2]) * 60 + int(offset[3])
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))


@cache
def zone_name(text: str) -> str:
    """Return the name a zone has in `Moment`, or nothing where it is not known.

    IANA names (``Australia/Sydney``), their cities (``Sydney``), the names calendars of other makers use
    (``W. Europe Standard Time``, ``Eastern Time (US & Canada)``) and offsets (``+05:30``) are known.
    """
    wanted = text.strip().strip('"').removeprefix("/").replace(" ", "_")
    if not wanted or _OFFSET.fullmatch(wanted):
        return wanted
    known = _zones_by_name()
    found = known.get(wanted.lower()) or _NAMED_ZONES.get(text.strip().lower())
    if found is None and "/" in wanted:
        # Globally unique ids, as of Mozilla: /mozilla.org/20050126_1/Europe/Berlin
        found = known.get("/".join(wanted.split("/")[-2:]).lower())
    return found or _windows_zone(text.strip())


def parse_moment(text: str, zone: str = "") -> Moment | None:
    """Read a time as web pages and tables write it, or return None where it cannot be told for certain.

    Parameters
    ----------
    text
        ISO 8601 (also compact), RFC 2822, or a date in words. A date without a time, and a midnight without an offset
        (what pages write that know the day only), become a whole day. ``03/04/2026`` is refused: it is two days.
    zone
        The zone of times that carry none.
    """
    text = text.strip()
    if _DAY.fullmatch(text):
        return _day(text, zone)
    iso, compact = _ISO.fullmatch(text), _COMPACT.fullmatch(text)
    try:
        if iso:
            offset = (iso[5] or "").replace("UTC", "Z")
            return _given(datetime.fromisoformat(f"{iso[1]}T{iso[2]:0>2}:{iso[3]}:{iso[4] or '00'}{offset}"), zone)
        if compact:
            parts = [int(part) for part in compact.groups()[:-1] if part]
            if len(parts) == 3:
                return Moment.of_day(date(*parts), zone)
            wall = datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001, RUF100 - the zone follows
            return Moment.of_aware(wall.replace(tzinfo=UTC)) if compact[7] else _given(wall, zone)
    except (ValueError, OverflowError):
        return None
    return _in_words(text, zone)


def iana_name(moment: Moment | None) -> str:
    """Return the IANA name of a moment's zone; nothing for a bare offset or no moment."""
    return "" if moment is None or _OFFSET.fullmatch(moment.zone) else moment.zone


def _day(text: str, zone: str) -> Moment | None:
    try:
        return Moment.of_day(date.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return None


def _given(when: datetime, zone: str) -> Moment:
    if when.tzinfo is None:
        return Moment.of_wall(when, zone, all_day=when.time() == _MIDNIGHT)
    same = zone and when.utcoffset() == when.astimezone(zone_info(zone)).utcoffset()
    return Moment.of_aware(when, zone if same else "")


def _in_words(text: str, zone: str) -> Moment | None:
    slashed = _SLASHED.match(text)
    if slashed and slashed[1] != slashed[2] and max(int(slashed[1]), int(slashed[2])) <= 12 and "/" in slashed[0]:
        return None
    # What is missing from the text comes from these; where they show through, the text is no date.
    defaults = (datetime(1904, 2, 29), datetime(2001, 10, 12))  # noqa: DTZ001, RUF100
    try:
        with warnings.catch_warnings():
            # The name of a zone that is not known would be passed over with a warning.
            warnings.simplefilter("error")
            first, second = (date_parser.parse(text, default=known, dayfirst=True) for known in defaults)
    except (ValueError, OverflowError, TypeError, Warning):
        return None
    return _given(first, zone) if first == second else None


def _zone_of(aware: datetime) -> str:
    key = getattr(aware.tzinfo, "key", None)
    if key:
        return str(key)
    offset = aware.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = round(abs(offset.total_seconds()) / 60)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


@cache
def _zones_by_name() -> dict[str, str]:
    names = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
    cities = {name.rsplit("/", 1)[-1].lower(): name for name in reversed(names) if _is_regional(name)}
    return {**cities, **{name.lower(): name for name in names}, "utc": "UTC", "gmt": "UTC", "z": "UTC"}


def _is_regional(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "posix/", "right/", "US/", "SystemV/"))


def _windows_zone(text: str) -> str:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return str(WINDOWS_TO_OLSON.get(text, ""))


def first_moment(texts: Iterable[str], zone: str = "") -> Moment | None:
    """Return the first text that can be read as a time."""
    return next((moment for text in texts if (moment := parse_moment(text, zone))), None)
