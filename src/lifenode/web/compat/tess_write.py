"""TeSS's JSON API for writing, under ``/tess``: what its Ruby client sends, with the base address changed.

A client asks ``check_exists.json`` for each record, then sends ``POST`` or ``PUT`` with the e-mail and the API token of
its account, in the body or as the headers X-User-Email and X-User-Token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import BadRequest, LifenodeError, UnknownName
from lifenode.web.bodies import read_object
from lifenode.web.node import node_of, training_at_hand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lifenode.training.models import Provider, StoredRecord, User
    from lifenode.training.validation import Problem

Answer = tuple[int, dict[str, Any]]
Work = Callable[["Session", Request, dict[str, Any]], Answer]


def install(app: FastAPI) -> None:
    """Add the routes, where the portal's libraries are installed."""
    if not training_at_hand():
        return
    for kind in ("event", "material"):
        _add(app, f"/{kind}s/check_exists.json", "POST", _exists(kind))
        _add(app, f"/{kind}s.json", "POST", _create(kind))
        for method in ("PUT", "PATCH"):
            _add(app, f"/{kind}s/{{slug}}.json", method, _update(kind))
    _add(app, "/content_providers.json", "POST", _create_provider)
    _add(app, "/content_providers/check_exists.json", "POST", _provider_exists)


def _add(app: FastAPI, path: str, method: str, work: Work) -> None:
    async def handle(request: Request) -> Response:
        try:
            body = await read_object(request)
            status, content = await run_in_threadpool(_worked, work, request, body)
        except LifenodeError as problem:
            status, content = problem.status, {"error": {"message": str(problem), "code": problem.status}}
        return Response(orjson.dumps(content), status, media_type="application/json")

    app.add_route(f"/tess{path}", handle, methods=[method], include_in_schema=False)


def _worked(work: Work, request: Request, body: dict[str, Any]) -> Answer:
    from lifenode.training.store import opened

    with opened(node_of(request).portal.engine) as session:
        return work(session, request, body)


def _exists(kind: str) -> Work:
    def work(session: Session, request: Request, body: dict[str, Any]) -> Answer:
        from lifenode.training.writing import existing

        found = existing(session, kind, _given(body, kind))
        return 200, _shown(found) if found else {}

    return work


def _create(kind: str) -> Work:
    def work(session: Session, request: Request, body: dict[str, Any]) -> Answer:
        from lifenode.training.writing import create

        return _answer(201, create(session, _user(session, request, body), kind, _given(body, kind)))

    return work


def _update(kind: str) -> Work:
    def work(session: Session, request: Request, body: dict[str, Any]) -> Answer:
        from lifenode.training.writing import named, update

        user = _user(session, request, body)
        found = named(session, kind, request.path_params["slug"])
        if found is None:
            raise UnknownName(f"There is no {kind} {request.path_params['slug'][:80]!r}.")
        return _answer(200, update(session, user, found, _given(body, kind)))

    return work


def _provider_exists(session: Session, request: Request, body: dict[str, Any]) -> Answer:
    from lifenode.training.writing import existing_provider

    found = existing_provider(session, _given(body, "content_provider"))
    return 200, _provider_shown(found) if found else {}


def _create_provider(session: Session, request: Request, body: dict[str, Any]) -> Answer:
    from lifenode.training.writing import create_provider

    made = create_provider(session, _user(session, request, body), _given(body, "content_provider"))
    return (422, _messages(made)) if isinstance(made, list) else (201, _provider_shown(made))


def _provider_shown(found: Provider) -> dict[str, Any]:
    return {"id": found.id, "title": found.title, "url": found.url}


def _user(session: Session, request: Request, body: Mapping[str, Any]) -> User:
    from lifenode.training.sign_in import by_token

    email, token = (
        request.headers.get(f"x-user-{name}") or body.get(f"user_{name}") or "" for name in ("email", "token")
    )
    return by_token(session, str(email), str(token))


def _given(body: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    given = body.get(kind)
    if not isinstance(given, dict):
        raise BadRequest(f"The body has no object {kind!r}.", next_step=f'Send {{"{kind}": {{"title": ...}}}}.')
    return given


def _answer(status: int, made: StoredRecord | list[Problem]) -> Answer:
    return (422, _messages(made)) if isinstance(made, list) else (status, _shown(made))


def _messages(problems: list[Problem]) -> dict[str, Any]:
    messages: dict[str, list[str]] = {}
    for problem in problems:
        messages.setdefault(problem.field, []).append(problem.message)
    return messages


def _shown(made: StoredRecord) -> dict[str, Any]:
    own = {"id": made.id, "slug": made.slug, "content_provider_id": made.provider_id}
    return own | {name: value for name, value in made.content.items() if name not in ("type", "notes", "source_url")}
