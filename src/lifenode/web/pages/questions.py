"""A page that asks a service: the form at the left, the answer at the right, and the same as a table to download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.errors import Busy, EmptyInput, InvalidOption, LifenodeError, TookTooLong
from lifenode.web.api.answers import check_organism, respond
from lifenode.web.api.representations import format_of
from lifenode.web.api.services import Service
from lifenode.web.node import node_of
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.forms import Form, read_form
from lifenode.web.pages.frame import html_response, page_text
from lifenode.web.pages.jobs import as_job
from lifenode.web.pages.kept import form_kept
from lifenode.web.pages.recipes import Recipe

FIELD_OF = {
    "unknown_organism": "organism",
    "unknown_namespace": "to",
    "unknown_source": "sources",
    "bad_background": "background",
}
"""Field of the form that an error is about; all others are about ``query`` unless they name a field."""


@dataclass(frozen=True)
class Mistake:
    """An error as a form shows it: the id of the field, what is wrong, and what to do."""

    field: str
    message: str
    next_step: str


@dataclass(frozen=True)
class QuestionPage:
    """One page.

    Attributes
    ----------
    service
        What it asks.
    template
        Its template; shown ``form``, ``choices``, ``errors``, ``answer`` (None without a question) and ``twin``, a
        function of a format that returns the address of the answer in it, or nothing where only a form can ask.
    view
        Function of the fields asked that returns plain data for the template; importable by name.
    choices
        Function of the form that returns what it offers.
    besides
        Fields of the page that concern its look only.
    """

    service: Service
    template: str
    view: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    choices: Callable[[Form], Mapping[str, Any]]
    besides: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the page, which is its address and its module."""
        return self.service.name

    @property
    def field_of(self) -> Mapping[str, str]:
        """Field of the form that an error is about, by its code."""
        return FIELD_OF

    @property
    def subject(self) -> str:
        """The field without which there is no question."""
        return "query"

    @property
    def path(self) -> str:
        """Address of the page."""
        return f"/{self.name}"

    def install(self, app: FastAPI) -> None:
        """Add the routes."""
        add = partial(app.add_route, methods=["GET", "POST"], include_in_schema=False)
        add(self.path, self.page)
        add(f"{self.path}.{{format}}", self.twin)

    async def twin(self, request: Request) -> Response:
        """Answer with the table in the format of the address."""
        format_ = format_of(request)
        form = await self.read(request)
        self.is_question(request, form)
        asked = self.asked(request, form)
        answer = await node_of(request).desk.run(self.service.work, asked, format_, large=self.is_large(asked))
        response = respond(request, answer, format_, asked)
        if format_ in ("tsv", "csv", "parquet"):
            response.headers["Content-Disposition"] = f'attachment; filename="{self.name}.{format_}"'
        return response

    async def page(self, request: Request) -> Response:
        """Answer with the page; what takes too long becomes a job, whose page shows the answer when it is there."""
        form = Form(())
        try:
            form = await self.read(request)
            if not self.is_question(request, form):
                return html_response(request, self.text(self._asking(request, form)))
            if request.method == "POST" and form.is_short(self.path):
                return RedirectResponse(form.address(self.path), 303)
            asked = self.asked(request, form)
            asking = self._asking(request, form)
            return await self._answer(request, asking, asked)
        except LifenodeError as error:
            return self._refused(request, form, error)

    async def _answer(self, request: Request, asking: Asking, asked: Mapping[str, Any]) -> Response:
        node = node_of(request)
        try:
            answer = await node.desk.run(self.view, self.viewed(asking.form, asked), large=self.is_large(asked))
        except TookTooLong:
            return as_job(node, asking, asked)
        return html_response(request, self.text(asking, asked=asked, answer=answer))

    async def read(self, request: Request) -> Form:
        """Return the form that was filled in, or is behind a link."""
        form = await read_form(request)
        if "link" not in form:
            return form
        kept = form_kept(request, form.text("link"))
        look = [pair for pair in form.pairs if pair[0] in self.besides]
        return Form([*kept.without(*dict(look)).pairs, *look])

    def is_question(self, request: Request, form: Form) -> bool:
        """Return whether there is something to answer.

        Raises
        ------
        EmptyInput
            The form was sent, or the table asked for, without identifiers.
        """
        if self.subject in form:
            return True
        if request.method == "POST" or "format" in request.path_params:
            raise EmptyInput("Nothing was given to look up.", next_step="Paste it, one a line, or choose a file.")
        return False

    def asked(self, request: Request, form: Form) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        asked = form.asked(self.service.fields, besides=self.besides)
        check_organism(asked)
        return asked

    def viewed(self, form: Form, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return what `view` gets: the fields asked, and those that concern the look."""
        return {**asked, **{name: form.text(name) for name in self.besides if name in form}}

    def recipes(self, asking: Asking, asked: Mapping[str, Any]) -> list[Recipe]:
        """Return the ways to have the same elsewhere."""
        return asking.recipes(self.told(asking.form, asked))

    def told(self, form: Form, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the fields asked as recipes tell them."""
        return asked

    def is_large(self, asked: Mapping[str, Any]) -> bool:
        """Return whether the work belongs into a process of its own."""
        return self.service.is_large(asked)

    def _refused(self, request: Request, form: Form, error: LifenodeError) -> Response:
        text = self.text(self._asking(request, form), errors=[self.mistake(error)])
        response = html_response(request, text, error.status)
        if isinstance(error, Busy):
            response.headers["Retry-After"] = "2"
        return response

    def mistake(self, error: LifenodeError) -> Mistake:
        """Return an error with the field it is about."""
        names = {field.name for field in self.service.fields}
        told = error.detail.split() if isinstance(error, InvalidOption) else []
        named = next((word for word in told if word in names), self.subject)
        detail = error.detail[:1].upper() + error.detail[1:]
        return Mistake(self.field_of.get(error.code, named), detail, error.next_step)

    def text(
        self,
        asking: Asking,
        *,
        errors: list[Mistake] | None = None,
        asked: Mapping[str, Any] | None = None,
        answer: Mapping[str, Any] | None = None,
    ) -> str:
        """Return the page as HTML."""
        return page_text(
            self.template,
            self.path,
            form=asking.form,
            choices=self.choices(asking.form),
            errors=errors or [],
            answer=answer,
            recipes=[] if asked is None else self.recipes(asking, asked),
            link=asking.link,
            is_short=asking.is_short,
            twin=asking.twin,
            here=asking.here,
        )

    def _asking(self, request: Request, form: Form) -> Asking:
        base = str(request.base_url).rstrip("/")
        return Asking(self.name, form, request.query_params.get("link", ""), base, self.besides)
