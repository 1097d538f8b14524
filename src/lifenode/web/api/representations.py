"""Forms of an answer: by the ending of the address, else by ``Accept``."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from lifenode.errors import InputError

MEDIA_TYPES = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
"""Media type of each format, the default first."""


class NotAcceptable(InputError):
    """No form of the answer is one that the client takes."""

    code = "not_acceptable"
    title = "Not acceptable"
    status = 406


def format_of(request: Request, types: Mapping[str, str] = MEDIA_TYPES) -> str:
    """Return the format of the answer to a request, a name of `types`.

    Raises
    ------
    NotAcceptable
        ``Accept`` names none of them, or the ending of the address is none.
    """
    ending = request.path_params.get("format")
    if ending is not None:
        if ending in types:
            return str(ending)
        raise NotAcceptable(
            f'There is no form "{ending[:20]}" of this answer.',
            value=ending,
            next_step=f"There are {', '.join(f'.{name}' for name in types)}.",
        )
    accept = request.headers.get("accept", "")
    return accepted(accept, types) if accept.strip() else "json"


def accepted(accept: str, types: Mapping[str, str] = MEDIA_TYPES) -> str:
    """Return the format that an ``Accept`` header prefers; the more specific range decides (RFC 9110, 12.5.1)."""
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    best, best_quality = "", 0.0
    for name, media_type in types.items():
        bare = media_type.partition(";")[0]
        wide = (bare, f"{bare.partition('/')[0]}/*", "*/*")
        quality = next((q for want in wide for kind, q in ranges if kind == want), 0.0)
        if quality > best_quality:
            best, best_quality = name, quality
    if best:
        return best
    raise NotAcceptable(
        f"The answer cannot be {accept[:80]}.",
        value=accept,
        next_step=f"Accept one of {', '.join(kind.partition(';')[0] for kind in types.values())}.",
    )


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = [piece.strip().lower() for piece in part.split(";")]
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return kind, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return kind, 0.0
    return kind, 1.0
