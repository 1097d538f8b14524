"""What a target becomes when it is edited, on a page."""

from __future__ import annotations

import gzip
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

import lifenode
from lifenode.editing import base, base_outcomes, cas9, prime
from lifenode.editing.base_features import BEFORE, CONTEXT, EDITED, GUIDE
from lifenode.editing.cas9_backgrounds import CONTROL, WILD_TYPE, backgrounds
from lifenode.editing.cas9_compare import compare_backgrounds
from lifenode.editing.cas9_compare_picture import comparison_picture
from lifenode.editing.cas9_picture import aligned, picture
from lifenode.editing.cas9_profile import Cas9Outcomes
from lifenode.editing.cas9_vcf import vcf_text
from lifenode.editing.prime_site import HA
from lifenode.editing.target import Target, reverse_complement
from lifenode.errors import LifenodeError
from lifenode.web.api.editing import CAS9, cas9_options, check_number
from lifenode.web.api.editing_batch import batch_job, is_batch
from lifenode.web.node import node_of
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.assets import takes_gzip
from lifenode.web.pages.forms import Form
from lifenode.web.pages.jobs import as_table_job
from lifenode.web.pages.questions import QuestionPage
from lifenode.web.pages.recipes import Recipe

_TOP = 20
_TOP_EDITS = 6
_MOST_TARGETS = 12
_MOST_INSERTS = 40
_LEAST_HA = 8
TAGS = (
    ("three bases", "CTT"), ("six histidines", "CACCATCACCATCACCAC"), ("FLAG tag", "GATTACAAGGATGACGACGATAAG"),
    ("HA tag", "TACCCATACGATGTTCCAGATTACGCT"), ("loxP", "ATAACTTCGTATAGCATACATTATACGAAGTTAT"),
)  # fmt: skip
"""Inserts that are shown where none is asked for."""
_FILES = {
    "svg": "image/svg+xml", "png": "image/png", "vcf": "text/plain; charset=utf-8",
    "backgrounds.svg": "image/svg+xml", "backgrounds.png": "image/png",
}  # fmt: skip


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    check_number(asked)
    result = cas9(asked["target"], **cas9_options(asked))
    shown = result.targets[:_MOST_TARGETS]
    model = result.meta["model"]
    return {
        "background": result.meta["background"],
        "targets": [_target(result, one) for one in shown],
        "every": len(result.targets),
        "editors": _editors(shown[0]) if len(result.targets) == 1 else [],
        "prime": _prime(shown[0], asked) if len(result.targets) == 1 else None,
        "compared": _compared(shown[0], asked) if len(result.targets) == 1 else [],
        "facts": [
            ("Model", f"{model['name']}, {model['version']}, SHA-256 {model['sha256'][:16]}"),
            ("Licence", model["licence"]),
            ("Outcomes", "deletions of 1 to 30 bases and insertions of 1 or 2 at the cut; names by the left-most form"),
            ("Probability", "exp(w x) / sum of exp(w x), over 3,417 features x of the outcome"),
            ("Software", f"lifenode {lifenode.__version__}"),
        ],
        "cite": f"lifenode {lifenode.__version__}, model {model['name']} (SHA-256 {model['sha256'][:16]}). "
        "Allen et al. 2018, doi:10.1038/nbt.4317.",
    }


def _target(result: Cas9Outcomes, target: Target) -> dict[str, Any]:
    facts = result.meta["targets"][target.name]
    rows = [row for row in result if row["target"] == target.name]
    most = rows[0]["probability"]
    outcomes = [
        row | {"letters": _runs(target, row), "percent": 100 * row["probability"], "share": row["probability"] / most}
        for row in rows[:_TOP]
    ]
    unedited = {"start": 0, "end": 0, "inserted": ""}
    start, end = target.given(target.cut, target.cut)
    return {
        "name": target.name, "strand": target.strand, "guide": target.guide, "notes": target.notes, "facts": facts,
        "place": start if target.strand == "+" else end, "pam": target.sequence[target.pam : target.pam + 3],
        "reference": _runs(target, unedited), "outcomes": outcomes, "rows": len(rows),
    }  # fmt: skip


def _runs(target: Target, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return an aligned outcome as stretches of one kind; the cut lies between the two halves."""
    runs: list[tuple[str, str]] = []
    for letter in aligned(target, dict(row)):
        if runs and runs[-1][0] == letter.kind:
            runs[-1] = (letter.kind, runs[-1][1] + letter.text)
        else:
            runs.append((letter.kind, letter.text))
    return runs


def _compared(target: Target, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the repair backgrounds of one target, that which changes most first; the control last."""
    table = compare_backgrounds(target, motif=asked.get("motif", "NGG"))
    numbers = {"change": 3, "in_frame": 1, "insertions": 1, "microhomology": 1, "entropy": 2}
    return [
        row | {name: f"{row[name]:.{digits}f}" for name, digits in numbers.items()}
        for row in table
        if row["background"] != WILD_TYPE
    ]


def _editors(target: Target) -> list[dict[str, Any]]:
    """Return how well base editors edit the guide of a target, if its PAM is one of theirs and the guide is whole."""
    start, end = target.pam - GUIDE - BEFORE, target.pam + CONTEXT - GUIDE - BEFORE
    if target.pam < GUIDE or target.sequence[target.pam + 1 : target.pam + 3] != "GG":
        return []
    whole = start >= 0 and end <= len(target.sequence)
    guide = target.sequence[start:end] if whole else target.guide
    found = []
    for editor, changed in EDITED.items():
        row = next(iter(base([guide], editor)))
        places = [(place, row[f"position_{place}"]) for place in range(1, GUIDE + 1)]
        letters = [(place, target.guide[place - 1], value) for place, value in places]
        found.append({"editor": editor, "changed": changed, "places": letters, **_edits(guide, editor)} | row)
    return found


def _edits(guide: str, editor: str) -> dict[str, Any]:
    """Return the most frequent outcomes of a guide, with their edited bases marked, and what the others make up."""
    table = base_outcomes([guide], editor, top=_TOP_EDITS)
    outcomes = [row | {"letters": _marked(row["guide"], row["outcome"])} for row in table]
    return {"outcomes": outcomes, "others": table.meta["left_out"].get("1", 0.0)}


def _marked(guide: str, outcome: str) -> list[tuple[str, str]]:
    """Return a sequence as stretches that are kept or made by the editor."""
    kinds = ("kept" if before == after else "inserted" for before, after in zip(guide, outcome, strict=True))
    return [
        (kind, "".join(letter for _, letter in letters))
        for kind, letters in groupby(zip(kinds, outcome, strict=True), key=itemgetter(0))
    ]


def _prime(target: Target, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how well inserts go in at the cut of a target, if its PAM is NGG and there are bases enough around it."""
    before, behind = target.sequence[: target.cut], target.sequence[target.cut :]
    if len(before) < GUIDE - 3 or len(behind) < _LEAST_HA or target.sequence[target.pam + 1 : target.pam + 3] != "GG":
        return None
    marked = f"{before}{{}}{behind}"
    if target.strand == "-":
        marked = f"{reverse_complement(behind)}{{}}{reverse_complement(before)}"
    own = str(asked.get("inserts") or "").split()
    names = dict.fromkeys(own, "") if own else {sequence: name for name, sequence in TAGS}
    options: dict[str, Any] = {"target": marked, "cell_line": asked.get("cell_line"), "strand": target.strand}
    arm = min(HA, len(behind))
    sent = {"inserts": " ".join(names), **options, "ha_length": arm}
    try:
        table = prime(list(names), ha_length=arm, **options)
    except LifenodeError as error:
        return {"refused": f"{error.detail} {error.next_step}"}
    rows = [row | {"name": names.get(row["given"], "")} for row in table.head(_MOST_INSERTS)]
    most = max((row["high"] for row in rows), default=1.0) or 1.0
    return {
        "rows": rows, "most": most, "every": len(table), "notes": table.meta["notes"], "own": bool(own),
        "site": table.meta["site"], "answered_by": table.meta["answered_by"],
        "query": urlencode({key: value for key, value in sent.items() if value}),
    }  # fmt: skip


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers."""
    words = {WILD_TYPE: "wild type (FORECasT)", CONTROL: "control (mouse embryonic stem cells)"}
    return {"backgrounds": [(name, words.get(name, f"without {name}")) for name in backgrounds()]}


def file_answer(asked: Mapping[str, Any], ending: str) -> bytes:
    """Return a picture of the first target, its outcomes or its backgrounds, or the outcomes as VCF."""
    kind, _, form = ending.rpartition(".")
    if kind == "backgrounds":
        options = {name: asked[name] for name in ("pam", "motif") if asked.get(name) is not None}
        return comparison_picture(compare_backgrounds(asked["target"], **options), form)
    result = cas9(asked["target"], **cas9_options(asked))
    return vcf_text(result).encode() if ending == "vcf" else picture(result, ending)


@dataclass(frozen=True)
class EditingPage(QuestionPage):
    """The page."""

    @property
    def name(self) -> str:
        """Name of the page."""
        return "editing"

    @property
    def field_of(self) -> Mapping[str, str]:
        """Field of the form that an error is about, by its code."""
        return {"unknown_name": "background"}

    @property
    def subject(self) -> str:
        """The field without which there is no question."""
        return "target"

    def install(self, app: FastAPI) -> None:
        """Add the routes."""
        for ending in _FILES:
            handler = partial(self._file, ending)
            app.add_route(f"{self.path}.{ending}", handler, methods=["GET", "POST"], include_in_schema=False)
        super().install(app)

    def recipes(self, asking: Asking, asked: Mapping[str, Any]) -> list[Recipe]:
        """Return the ways to have the same elsewhere."""
        options = cas9_options(asked)
        target = asked["target"]
        short = len(target.split()) == 1 and len(target) <= 300
        flags = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        sent = [word for name, value in options.items() for word in ("-d", f"{name}={value}")]
        file = target.strip() if short else "targets.txt"
        data = f"target={file}" if short else f"target@{file}"
        curl = ["curl", "-s", f"{asking.base}/editing.tsv", "--data-urlencode", data, *sent]
        given = repr(file) if short else "open('targets.txt').read()"
        python = ", ".join([given, *(f"{name}={value!r}" for name, value in options.items())])
        return [
            Recipe("Python", f"from lifenode.editing import cas9\n\ncas9({python})"),
            Recipe("Shell", shlex.join(["lifenode", "edit", "cas9", file, *flags])),
            Recipe("curl", shlex.join(curl)),
        ]

    async def _answer(self, request: Request, asking: Asking, asked: Mapping[str, Any]) -> Response:
        """Answer with the page; more targets than it can tell all outcomes of become a job, with a line each."""
        node = node_of(request)
        if self.is_large(asked) and await node.desk.run(is_batch, asked, large=True):
            return as_table_job(node, asking, asked, batch_job, "lifenode.web.pages.editing_batch")
        return await super()._answer(request, asking, asked)

    async def _file(self, ending: str, request: Request) -> Response:
        form = await self.read(request)
        self.is_question(request, form)
        asked = self.asked(request, form)
        content = await node_of(request).desk.run(file_answer, asked, ending, large=True)
        name = f'attachment; filename="editing.{ending}"'
        headers = {"Content-Disposition": name, "Vary": "Accept-Encoding"}
        if ending.endswith("svg") and takes_gzip(request):
            content = gzip.compress(content, 5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(content, media_type=_FILES[ending], headers=headers)


PAGE = EditingPage(CAS9, "editing.html", view, choices, besides=("inserts", "cell_line"))


def install(app: FastAPI) -> None:
    """Add the routes."""
    PAGE.install(app)
