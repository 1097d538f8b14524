"""How far mark-up follows its Bioschemas profile.

``A``: all that is required and four fifths of what is recommended; ``B``: all that is required and half; ``C``: all
that is required; ``D``: something required is missing. The properties are those of the releases of the profiles
(Course, CourseInstance and TrainingMaterial 1.0, Event 0.3 draft).
"""

from __future__ import annotations

from lifenode.training.ingest.linked_data import Node
from lifenode.training.ingest.reading import Grade

_REQUIRED = {
    "Course": ("conformsTo", "description", "keywords", "name"),
    "CourseInstance": ("conformsTo", "courseMode", "location"),
    "Event": (
        "conformsTo", "contact", "description", "endDate", "eventType", "hostInstitution", "location", "name",
        "startDate",
    ),
    "TrainingMaterial": ("conformsTo", "description", "keywords", "name"),
}  # fmt: skip
_RECOMMENDED = {
    "Course": (
        "about", "abstract", "aggregateRating", "citation", "coursePrerequisites", "educationalLevel",
        "hasCourseInstance", "license", "mentions", "provider", "teaches", "timeRequired", "url",
    ),
    "CourseInstance": ("endDate", "inLanguage", "instructor", "offers", "startDate", "url"),
    "Event": (
        "accreditation", "alternateName", "audience", "deadline", "eligibility", "keywords",
        "maximumAttendeeCapacity", "prerequisite", "programme", "topic", "url", "sameAs",
    ),
    "TrainingMaterial": (
        "about", "abstract", "audience", "author", "competencyRequired", "educationalLevel", "identifier",
        "inLanguage", "learningResourceType", "license", "mentions", "teaches", "timeRequired", "url",
    ),
}  # fmt: skip


def grade(node: Node, course: Node | None) -> Grade:
    """Return the grade of one record's mark-up: of a date with its course, an event or a learning resource."""
    profile = _profile(node)
    missing = [name for name in _REQUIRED[profile] if not node.get(name)]
    wanted = [name for name in _RECOMMENDED[profile] if not node.get(name)]
    asked = len(_RECOMMENDED[profile])
    if course is not None:
        missing += [f"Course {name}" for name in _REQUIRED["Course"] if not course.get(name)]
        wanted += [f"Course {name}" for name in _RECOMMENDED["Course"] if not course.get(name)]
        asked += len(_RECOMMENDED["Course"])
    title = node.text("name") or (course.text("name") if course else "")
    return Grade(title, profile, _letter(missing, 1 - len(wanted) / asked), tuple(missing), tuple(wanted))


def _profile(node: Node) -> str:
    if "CourseInstance" in node.types:
        return "CourseInstance"
    return "Event" if any("Event" in kind for kind in node.types) else "TrainingMaterial"


def _letter(missing: list[str], share: float) -> str:
    if missing:
        return "D"
    return "A" if share >= 0.8 else "B" if share >= 0.5 else "C"
