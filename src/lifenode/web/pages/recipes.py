"""The same question by Python, the shell and curl, to be copied."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, NamedTuple

from lifenode.web.pages.forms import Form

_SHORT = 160
_FILES = {"query": "genes.txt", "background": "background.txt", "gene_sets": "own.gmt"}


class Recipe(NamedTuple):
    """One way to ask."""

    language: str
    text: str


def recipes(name: str, form: Form, asked: Mapping[str, Any], base: str) -> list[Recipe]:
    """Return the ways to ask the question of a page.

    A list that is too long for a line is named by a file, into which it can be copied.

    Parameters
    ----------
    name
        The service, such as ``enrich``: the same word in the library, the shell and the address.
    form
        What was filled in, without what concerns the look only.
    asked
        The same as the service takes it.
    base
        Address of the node, such as ``http://127.0.0.1:8000``.
    """
    files = {field: file for field, file in _FILES.items() if _needs_file(field, form)}
    return [
        Recipe("Python", _python(name, form, asked, files)),
        Recipe("Shell", _shell(name, form, asked, files)),
        Recipe("curl", _curl(name, form, files, base)),
    ]


def _needs_file(field: str, form: Form) -> bool:
    text = form.text(field)
    return bool(text) and (field != "query" or len(text) > _SHORT or ">" in text or "," in text or "\t" in text)


def _python(name: str, form: Form, asked: Mapping[str, Any], files: Mapping[str, str]) -> str:
    query = repr(files["query"]) if "query" in files else repr(form.text("query").split())
    options = [f"{field}={_literal(field, value, files)}" for field, value in _options(asked)]
    return f"import lifenode\n\nlifenode.{name}({', '.join([query, *options])})"


def _literal(field: str, value: Any, files: Mapping[str, str]) -> str:
    return repr(files[field]) if field in files else repr(value)


def _shell(name: str, form: Form, asked: Mapping[str, Any], files: Mapping[str, str]) -> str:
    if "query" in files:
        words = ["lifenode", name, files["query"]]
    else:
        words = ["echo", *form.text("query").split(), "|", "lifenode", name, "-"]
    for field, value in _options(asked):
        flag = f"--{field.replace('_', '-')}"
        text = files.get(field) or (",".join(value) if isinstance(value, list) else str(value))
        words += [flag] if value is True else [flag, text]
    return " ".join(word if word == "|" else shlex.quote(word) for word in words)


def _curl(name: str, form: Form, files: Mapping[str, str], base: str) -> str:
    words = ["curl", "-s", f"{base}/{name}.tsv"]
    for field, text in form.pairs:
        if field in files:
            words += ["--data-urlencode", f"{field}@{files[field]}"]
        elif field == "query":
            words += ["--data-urlencode", f"query={' '.join(text.split())}"]
        else:
            words += ["-d", f"{field}={text}"]
    return " ".join(shlex.quote(word) for word in words)


def _options(asked: Mapping[str, Any]) -> list[tuple[str, Any]]:
    listed = {field: value.split(",") if field == "sources" else value for field, value in asked.items()}
    return [(field, value) for field, value in listed.items() if field != "query" and value not in (None, False)]
