"""Organisations are counted, not spellings."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import FormatError, UnreadableInput
from lifenode.reporting.organisations import alike, organisations, read_ror, signature

SPELLINGS = (
    ("University of Tartu", "Tartu University", "Tartu Ülikool", "UNIVERSITY OF TARTU", "The University of Tartu."),
    (
        "Centre for Genomic Regulation (CRG)",
        "CRG",
        "Center for Genomic Regulation",
        "crg - Centre for Genomic Regulation",
    ),
    ("Universität Zürich", "University Zurich", "Universitaet Zürich", "Universitat Zurich"),
    ("Tallinn University of Technology (TalTech)", "TalTech", "Tallinn University of Technology"),
    ("Karolinska Institutet",),
    ("Karolinska University Hospital", "Karolinska  University Hosp."),
)


def test_spellings_of_one_organisation_are_one() -> None:
    found = organisations(name for group in SPELLINGS for name in group)
    assert len({match.name for match in found.values()}) == len(SPELLINGS) + 1
    for group in SPELLINGS:
        names = {found[" ".join(name.split())].name for name in group if not name.startswith("crg -")}
        assert len(names) == 1, names


def test_an_acronym_of_two_stands_for_none() -> None:
    found = organisations(["Centre for Genomic Regulation (CRG)", "Coral Reef Group (CRG)", "CRG"])
    assert len({match.name for match in found.values()}) == 3


def test_305_participants_of_31_organisations_are_a_distinct_count() -> None:
    draw = random.Random(31)
    places = [f"{word} {letter}stadt" for letter in "ABCDEFGHIJKLMNOP" for word in ("University of", "Institute of")][
        :31
    ]
    forms = (str.upper, str.lower, "The {}".format, "{} ".format, lambda name: " ".join(reversed(name.split(" "))))
    people = [place for place in places for _ in range(9)] + draw.choices(places, k=305 - 9 * 31)
    written = [draw.choice(forms)(name) for name in people]
    found = organisations(written)
    assert len(written) == 305
    assert len({found[" ".join(name.split())].name for name in written}) == 31
    assert len(set(written)) > 60


ROR = [
    {
        "id": "https://ror.org/03z77qz90", "name": "University of Tartu", "aliases": ["UT"], "acronyms": [],
        "labels": [{"label": "Tartu Ülikool", "iso639": "et"}],
    },
    {
        "id": "https://ror.org/002n09z45", "names": [
            {"value": "SIB", "types": ["acronym"]},
            {"value": "Swiss Institute of Bioinformatics", "types": ["ror_display"]},
            {"value": "Institut Suisse de Bioinformatique", "types": ["label"]},
        ],
    },
    {"id": "https://ror.org/00enajs79", "name": "VIB-UGent", "acronyms": ["VIB", "UT"]},
]  # fmt: skip


def test_ror_decides_where_it_knows_a_name(tmp_path: Path) -> None:
    path = tmp_path / "ror.json"
    path.write_text(json.dumps(ROR))
    names = [
        "Tartu Ülikool", "tartu university", "SIB - Swiss Institute of Bioinformatics",
        "Institut suisse de bioinformatique", "sib", "VIB (https://ror.org/00ENAJS79)", "UT", "Elsewhere",
    ]  # fmt: skip
    found = organisations(names, read_ror(path), {"elsewhere": "Univ. of Tartu", "UT": "Unknown Team"})
    assert {match.ror_id for name, match in found.items() if "artu" in name} == {"https://ror.org/03z77qz90"}
    assert found["sib"] == found["Institut suisse de bioinformatique"]
    assert found["SIB - Swiss Institute of Bioinformatics"].name == "Swiss Institute of Bioinformatics"
    assert found["VIB (https://ror.org/00ENAJS79)"].ror_id == "https://ror.org/00enajs79"
    assert (found["UT"].name, found["UT"].how) == ("Unknown Team", "decided")
    assert (found["Elsewhere"].name, found["Elsewhere"].how) == ("University of Tartu", "decided")
    assert organisations(["UT"], read_ror(path))["UT"].how == "matcher"


def test_files_that_are_no_ror_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ror.json"
    for content, error in (("{", UnreadableInput), ("{}", FormatError), ('[{"id": "7"}]', FormatError)):
        path.write_text(content)
        with pytest.raises(error):
            read_ror(path)


def test_pairs_that_look_alike_are_for_a_person() -> None:
    found = organisations(["University of Tartu", "University of Tarttu", "University of Turku"])
    assert alike(found) == [("University of Tarttu", "University of Tartu")]


@given(st.text(max_size=40))
def test_any_name_has_a_signature_that_stays(name: str) -> None:
    assert signature(signature(name)) == signature(name)
    assert len(organisations([name])) == bool(name.strip())
