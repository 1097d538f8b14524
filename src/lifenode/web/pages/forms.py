"""What a visitor fills in: read from an address or a form, and written as an address again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.requests import Request

from lifenode.errors import BadRequest
from lifenode.genes.byte_input import decode
from lifenode.web.api.fields import Field
from lifenode.web.bodies import refuse_unknown
from lifenode.web.node import node_of

LONGEST_ADDRESS = 6_000
"""Characters of an address that every browser, proxy and mail program passes on."""

_MOST_FIELDS = 400


class Form:
    """The fields that are not blank, in the order they came.

    Parameters
    ----------
    pairs
        Name and text of each.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        plain = [(name, text.replace("\r\n", "\n")) for name, text in pairs]
        self.pairs = tuple((name, text) for name, text in plain if text.strip())

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def __contains__(self, name: str) -> bool:
        return any(name == known for known, _ in self.pairs)

    def text(self, name: str, default: str = "") -> str:
        """Return the first text of a field."""
        return next((text for known, text in self.pairs if known == name), default)

    def all(self, name: str) -> list[str]:
        """Return every text of a field."""
        return [text for known, text in self.pairs if known == name]

    def flag(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return self.text(name) == "true"

    def without(self, *names: str) -> Form:
        """Return the form without some fields."""
        return Form((name, text) for name, text in self.pairs if name not in names)

    def replaced(self, **fields: object) -> Form:
        """Return the form with other values of some fields; None leaves one out."""
        added = [(name, str(value)) for name, value in fields.items() if value is not None]
        return Form([*self.without(*fields).pairs, *added])

    def address(self, path: str) -> str:
        """Return the permanent link of the question on a page."""
        return f"{path}?{urlencode(self.pairs)}" if self.pairs else path

    def is_short(self, path: str) -> bool:
        """Return whether the question fits in an address."""
        return len(self.address(path)) <= LONGEST_ADDRESS

    def asked(self, fields: Sequence[Field], *, besides: Sequence[str] = ()) -> dict[str, Any]:
        """Return the fields as a service takes them.

        Parameters
        ----------
        fields
            What the service knows.
        besides
            Further fields of the page, which concern its look only.

        Raises
        ------
        UnknownField
            The page has no such field.
        InvalidOption
            A value is of another kind.
        """
        known = {field.name: field for field in fields if not field.body_only}
        given = {name: self.all(name) for name, _ in self.pairs}
        refuse_unknown(given, [*known, *besides])
        return {name: known[name].kind.parse(name, given[name]) for name in given if name in known}


async def read_form(request: Request) -> Form:
    """Return what a request asks: the fields of its address, or of a form that was sent.

    A file in a field ``<name>_file`` stands for a text in the field ``<name>``.

    Raises
    ------
    BadRequest
        The body is no form.
    UnreadableInput
        A file is no text.
    """
    if request.method == "POST":
        return await _posted(request)
    return Form(request.query_params.multi_items())


async def _posted(request: Request) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise BadRequest(
            f"The body is {kind[:80] or 'of no type'}, not a form.",
            value=kind,
            next_step="Programs find the same under /api/v1.",
        )
    size = node_of(request).config.max_body_bytes
    pairs: list[tuple[str, str]] = []
    async with request.form(max_files=8, max_fields=_MOST_FIELDS, max_part_size=size) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                text = decode(await value.read(), value.filename or "The file")
                pairs = _in_place(pairs, name.removesuffix("_file"), text)
            elif not (name in dict(pairs) and name + "_file" in form):
                pairs.append((name, value))
    return Form(pairs)


def _in_place(pairs: list[tuple[str, str]], name: str, text: str) -> list[tuple[str, str]]:
    """Return the fields with the text of a file, unless it is empty."""
    if not text.strip():
        return pairs
    return [*[pair for pair in pairs if pair[0] != name], (name, text)]
