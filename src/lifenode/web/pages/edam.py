"""Terms of EDAM for a tool, on a page: what is proposed, what speaks for it, and what is done with those accepted."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import lifenode
from lifenode.edam.europe_pmc import Publication, fetch_publications, is_about
from lifenode.edam.ontology import Ontology
from lifenode.edam.submission import Submission
from lifenode.edam.tokens import tokens
from lifenode.errors import EmptyInput, InvalidOption, LifenodeError
from lifenode.web.api.edam import ANNOTATE, options_of, submission
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.forms import Form
from lifenode.web.pages.frame import html_response
from lifenode.web.pages.questions import Mistake, QuestionPage
from lifenode.web.pages.recipes import Recipe

SHOWN = 8
"""Terms a branch that are shown where the number is not asked for."""
_FIELDS = ("name", "description", "keywords", "publications", "record")
_IDS = "publication_ids"
_MOST_IDS = 3
_FETCHED = 1_500  # characters of each publication, so that the question fits in an address
_WORD = re.compile(r"\w+", re.UNICODE)
_BRANCHES = {"topic": "Topics", "operation": "Operations", "data": "Data", "format": "Formats"}


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    tool = submission(asked)
    table = tool.annotated(**{**options_of(asked), "top": asked.get("top") or SHOWN})
    edam = Ontology.load()
    rows = [_row(row, edam) for row in table]
    groups = [
        {"branch": branch, "title": _BRANCHES.get(branch, branch), "rows": list(of_branch)}
        for branch, of_branch in groupby(rows, key=itemgetter("branch"))
    ]
    meta = table.meta
    return {
        "tool": tool.name or "This tool",
        "groups": groups,
        "accepted": sum(row["proposed"] for row in rows),
        "shown": len(rows),
        "reasons": list(meta.get("reasons", {}).items()),
        "doubts": doubts(tool),
        "texts": evidence(tool, rows),
        "record": json.dumps(tool.record, ensure_ascii=False) if tool.record else "",
        "plain": {"name": tool.name, "description": tool.description},
        "homepage": str(tool.record.get("homepage", "")),
        "facts": [
            ("EDAM", str(meta["edam"])),
            ("Method", "regression on words, and names of terms, ranked by boosted trees; fitted to bio.tools of 2021"),
            ("Probability", "calibrated: of the terms given 30 %, curators chose about 30 %"),
            ("Publications", f"{meta.get('publications', 0)} used"),
            ("Licence", "EDAM: CC BY-SA 4.0; annotations of bio.tools: CC BY 4.0"),
            ("Software", f"lifenode {lifenode.__version__}"),
        ],
        "cite": f"lifenode {lifenode.__version__}, EDAM {meta['edam']}, doi:10.7490/f1000research.1118900.1.",
    }


def _row(row: dict[str, Any], edam: Ontology) -> dict[str, Any]:
    way = [one.label for one in edam.path(row["term_id"])[0][1:-1]]
    side = next((row[name] for name in ("direction", "role", "side") if row.get(name)), "")
    return {**row, "side": side, "percent": round(100 * row["probability"]), "way": " › ".join(way)}


def evidence(tool: Submission, rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the texts of a tool in runs: each a piece of text, and the terms it speaks for, or nothing."""
    speaks: dict[str, list[str]] = {}
    for row in rows:
        said = " ".join([*row["words"], row["matched"]]).casefold()
        for word in dict.fromkeys(_WORD.findall(said)):
            if len(word) > 1 and tokens(word):
                speaks.setdefault(word, []).append(row["label"])
    texts = [("Name", tool.name), ("Description", tool.text)]
    for number, one in enumerate(tool.publications, 1):
        said = one if isinstance(one, str) else " ".join(filter(None, (one.get("title"), one.get("abstract"))))
        texts.append((f"Publication {number}", said))
    return [(title, _runs(text, speaks)) for title, text in texts if text.strip()]


def _runs(text: str, speaks: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    runs, at = [], 0
    for found in _WORD.finditer(text):
        terms = speaks.get(found[0].casefold())
        if terms:
            runs += [(text[at : found.start()], ""), (found[0], ", ".join(terms))]
            at = found.end()
    return [run for run in [*runs, (text[at:], "")] if run[0]]


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers."""
    return {}


@dataclass(frozen=True)
class EdamPage(QuestionPage):
    """The page, whose question may be in any of several fields."""

    @property
    def field_of(self) -> Mapping[str, str]:
        """Field of the form that an error is about, by its code."""
        return {"format_error": "record"}

    @property
    def subject(self) -> str:
        """The field that an error is about if it names none."""
        return "description"

    def is_question(self, request: Request, form: Form) -> bool:
        """Return whether there is something to answer."""
        if any(name in form for name in _FIELDS):
            return True
        if request.method == "POST" or "format" in request.path_params:
            raise EmptyInput("The tool has no text.", next_step="Give a name or a description.")
        return False

    def recipes(self, asking: Asking, asked: Mapping[str, Any]) -> list[Recipe]:
        """Return the ways to have the same elsewhere."""
        tool = submission(asked)
        short = " ".join(tool.text.split())
        short = short if len(short) <= 300 else f"{short[:297]}..."
        sent = json.dumps({"name": tool.name, "description": short}, ensure_ascii=False)
        words = ["curl", "-s", f"{asking.base}/api/v1/edam/annotate.tsv", "--json", sent]
        return [
            Recipe("Python", f"from lifenode.edam import annotate\n\nannotate({tool.name!r}, {short!r})"),
            Recipe("Shell", shlex.join(["lifenode", "edam", "annotate", tool.name, short])),
            Recipe("curl", shlex.join(words)),
        ]

    async def fetched(self, request: Request) -> Response:
        """Fetch the publications that are named, and answer with the form that holds their texts.

        Only a form that was sent does so, never a link: robots follow every link.
        """
        form = Form(())
        try:
            form = await self.read(request)
            names = form.text(_IDS).replace(",", " ").split()
            if len(names) > _MOST_IDS:
                raise InvalidOption(
                    f"{len(names)} publications are named.", value=len(names), next_step=f"Name at most {_MOST_IDS}."
                )
            found = await run_in_threadpool(fetch_publications, names)
        except LifenodeError as error:
            text = self.text(self._asking(request, form), errors=[Mistake(_IDS, error.detail, error.next_step)])
            return html_response(request, text, error.status if error.status < 500 else 422)
        texts = "\n\n".join(f"{one.title}\n{one.abstract}"[:_FETCHED] for one in found)
        known = form.without("publications", _IDS)
        return RedirectResponse(known.replaced(publications=texts or None).address(self.path), 303)


PAGE = EdamPage(replace(ANNOTATE, name="edam"), "edam.html", view, choices, besides=(_IDS,))


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/edam/publication", PAGE.fetched, methods=["POST"], include_in_schema=False)
    PAGE.install(app)


def doubts(tool: Submission) -> list[str]:
    """Return the titles of publications that seem to be about something else than the tool."""
    titles = []
    for one in tool.publications:
        said = one if isinstance(one, str) else "\n".join(filter(None, (one.get("title"), one.get("abstract"))))
        title, _, abstract = said.strip().partition("\n")
        if title and not is_about(tool.name, tool.text, Publication("", title, abstract)):
            titles.append(title[:200])
    return titles
