"""g:Profiler's API, for the clients that speak it; only their base address changes.

Under ``/gprofiler`` answers are improved and say how; under ``/gprofiler/strict``, or with ``?compat=strict``, they are
as the original service gives them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import orjson
from fastapi import FastAPI
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from lifenode.errors import BadRequest, UnknownLink
from lifenode.web.bodies import parse_object, read_object
from lifenode.web.compat import gprofiler_encode, gprofiler_upload, gprofiler_util
from lifenode.web.compat.gprofiler_cache import ByteCache, Encoded
from lifenode.web.compat.gprofiler_convert import convert_bytes, orthologs_bytes
from lifenode.web.compat.gprofiler_links import install_links
from lifenode.web.compat.gprofiler_request import Ask, Fields, pack_of, read_ask
from lifenode.web.compat.gprofiler_variants import variants_bytes
from lifenode.web.compat.gprofiler_wire import json_response, wants_strict
from lifenode.web.node import Node, node_of

PREFIX = "/gprofiler"
STRICT_PREFIX = "/gprofiler/strict"
_MANY = 5_000


def install(app: FastAPI) -> None:
    """Add the routes."""
    node: Node = app.state.node
    app.state.gprofiler_cache = ByteCache(node.config.answer_cache_bytes)
    posts = {
        "gost/profile": _profile,
        "convert/convert": _convert,
        "orth/orth": _orthologs,
        "snpense/snpense": _variants,
        "util/data_versions": _data_versions,
        "gost/custom": _custom,
        "gost/custom/zip": _custom_zip,
        "gost/random_query": _random_query,
    }
    for prefix in (PREFIX, STRICT_PREFIX):
        for name, handler in posts.items():
            for path in (f"{prefix}/api/{name}", f"{prefix}/api/{name}/"):
                app.add_route(path, handler, methods=["POST"], include_in_schema=False)
        for path in (f"{prefix}/api/util/organisms_list", f"{prefix}/api/util/organisms_list/"):
            app.add_route(path, _organisms, methods=["GET", "POST"], include_in_schema=False)
        app.add_route(f"{prefix}/static/{{file}}", _static, methods=["GET"], include_in_schema=False)
    install_links(app)


async def _profile(request: Request) -> Response:
    body = await request.body()
    strict = _strict(request)
    cache: ByteCache = request.app.state.gprofiler_cache
    key = hashlib.sha256(body).digest() + (b"s" if strict else b"d")
    kept = cache.get(key)
    if kept is not None and pack_of(kept[0]).fingerprint == kept[1]:
        return json_response(kept[2].stamped())
    ask = read_ask(parse_object(body), strict=strict)
    if ask.uploaded:
        return await _profile_uploaded(request, ask)
    pack = pack_of(ask.organism)
    encoded: Encoded = await node_of(request).desk.run(
        gprofiler_encode.profile, ask, large=ask.large, seconds=node_of(request).config.client_seconds
    )
    cache.put(key, ask.organism, pack.fingerprint, encoded)
    return json_response(encoded.stamped())


def _strict(request: Request) -> bool:
    return request.scope["path"].startswith(STRICT_PREFIX) or wants_strict(request)


async def _profile_uploaded(request: Request, ask: Ask) -> Response:
    # Not kept for repetition: the gene sets expire.
    kept = node_of(request).store.gene_sets(ask.organism)
    if kept is None:
        raise UnknownLink(
            f"There are no gene sets {ask.organism[:40]}.", value=ask.organism, next_step="Upload the GMT file again."
        )
    encoded = await node_of(request).desk.run(
        gprofiler_encode.profile_uploaded, ask, *kept, large=True, seconds=node_of(request).config.client_seconds
    )
    return json_response(encoded.stamped())


async def _convert(request: Request) -> Response:
    return await _translated(request, convert_bytes, "ENSG")


async def _orthologs(request: Request) -> Response:
    return await _translated(request, orthologs_bytes, "mmusculus")


async def _translated(request: Request, function: Callable[..., bytes], target: str) -> Response:
    fields = Fields(await read_object(request))
    lists = fields.lists()
    content = await node_of(request).desk.run(
        function,
        lists,
        fields.text("organism", "hsapiens"),
        fields.text("target") or target,
        fields.text("numeric_ns"),
        fields.choices("aresolve"),
        strict=_strict(request),
        large=sum(map(len, lists.values())) > _MANY,
        seconds=node_of(request).config.client_seconds,
    )
    return json_response(content)


async def _variants(request: Request) -> Response:
    lists = Fields(await read_object(request)).lists()
    items = [text for texts in lists.values() for text in texts]
    seconds = node_of(request).config.client_seconds
    content = await node_of(request).desk.run(variants_bytes, items, large=len(items) > _MANY, seconds=seconds)
    return json_response(content)


async def _data_versions(request: Request) -> Response:
    organism = Fields(await read_object(request)).text("organism", "hsapiens")
    return json_response(gprofiler_util.data_versions_bytes(organism))


async def _random_query(request: Request) -> Response:
    organism = Fields(await read_object(request)).text("organism", "hsapiens")
    return json_response(gprofiler_util.random_query_bytes(organism))


async def _organisms(request: Request) -> Response:
    return json_response(gprofiler_util.organisms_bytes())


async def _static(request: Request) -> Response:
    name = request.path_params["file"]
    path = await node_of(request).desk.run(gprofiler_util.gmt_file, name, large=True)
    return FileResponse(path, media_type="text/plain; charset=utf-8", filename=name)


async def _custom(request: Request) -> Response:
    fields = Fields(await read_object(request))
    text = fields.text("gmt")
    if not text.strip():
        raise BadRequest('The field "gmt" is empty.', value="gmt", next_step="Send the text of a GMT file as gmt.")
    return await _kept(request, fields.text("name", "custom"), text)


async def _custom_zip(request: Request) -> Response:
    name, content = "custom", b""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as form:
            files = [value for value in form.values() if isinstance(value, UploadFile)]
            if files:
                name, content = files[0].filename or name, await files[0].read()
    else:
        content = await request.body()
    text = await node_of(request).desk.run(gprofiler_upload.joined_zip, content, large=True)
    return await _kept(request, name, text)


async def _kept(request: Request, name: str, text: str) -> Response:
    node = node_of(request)
    title = await node.desk.run(gprofiler_upload.checked, name, text, large=True)
    return json_response(orjson.dumps({"organism": node.store.keep_gene_sets(title, text)}))
