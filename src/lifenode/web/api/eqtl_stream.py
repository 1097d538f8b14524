"""A whole answer as a stream: rows leave as they are read, so that it takes no more memory than a part of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl
from starlette.responses import Response, StreamingResponse

from lifenode._table_text import plain
from lifenode.eqtl import Catalogue, query_text
from lifenode.eqtl.query_counts import count_rows
from lifenode.eqtl.query_rows import no_associations
from lifenode.errors import InputTooLarge, MissingPart, TookTooLong
from lifenode.settings import settings
from lifenode.web.api.eqtl_fields import TYPES
from lifenode.web.api.eqtl_meta import provenance

_COUNT_SECONDS = 5.0
# Text of this many rows at a time: enough to be quick, and little to hold.
_ROWS = 20_000
_COUNTED = ("total",)
_BINARY = ("arrow", "parquet")


def whole_associations(
    catalogue: Catalogue, question: Mapping[str, Any], format_: str, seconds: float
) -> Response:  # fmt: skip
    """Return the response with all associations that answer a question.

    A stream that cannot go on, since it takes too long or turns out to be too large, is broken off: clients see that
    it did not end.

    Parameters
    ----------
    catalogue, question
        As in `lifenode.eqtl.catalogue_pages.association_page`.
    format_
        A name of `TYPES`.
    seconds
        Time for reading; that a client takes for receiving does not count.

    Raises
    ------
    InputTooLarge
        There are more rows than ``max_association_rows`` of the settings.
    LifenodeError
        As `lifenode.eqtl.Catalogue.associations`.
    """
    asked = {name: value for name, value in question.items() if name not in _COUNTED}
    state, query, names = catalogue.understood(**asked)
    most = settings().max_association_rows
    total = count_rows(catalogue.store, state, query, names, _COUNT_SECONDS)
    if total is not None and total > most:
        raise _too_many(total, most)
    unavailable: dict[str, str] = {}
    frames = _bounded(catalogue.stream(unavailable=unavailable, **asked), most, seconds)

    def meta() -> str:
        told: dict[str, Any] = {"releases": state.releases, "total": total, "next": None, "complete": not unavailable}
        told |= {"unavailable": unavailable, **provenance(asked, None, None)}
        return json.dumps(plain(told), ensure_ascii=False, allow_nan=False)

    if format_ in _BINARY:
        _writer(format_)  # what is missing is said before the first byte
    headers = {"Vary": "Accept", "Cache-Control": "no-store"} | ({} if total is None else {"X-Total-Count": str(total)})
    return StreamingResponse(_FORMS[format_](frames, meta), media_type=TYPES[format_], headers=headers)


def _too_many(total: int, most: int) -> InputTooLarge:
    return InputTooLarge(
        f"The answer has {total:,} rows; at most {most:,} are sent as one.", value=total,
        next_step="Narrow the question, ask for pages, or raise LIFENODE_MAX_ASSOCIATION_ROWS.",
    )  # fmt: skip


def _bounded(frames: Iterator[pl.DataFrame], most: int, seconds: float) -> Iterator[pl.DataFrame]:
    """Iterate over frames of some rows, as long as there are not too many and reading does not take too long."""
    given, used = 0, 0.0
    while True:
        began = time.monotonic()
        frame = next(frames, None)
        used += time.monotonic() - began
        if frame is None:
            return
        given += frame.height
        if given > most:
            raise _too_many(given, most)
        if used > seconds:
            raise TookTooLong(f"Reading took more than {seconds:g} s.", value=seconds, next_step="Ask for pages.")
        yield from frame.iter_slices(_ROWS)


Frames = Iterator[pl.DataFrame]
Meta = Callable[[], str]


def _json(frames: Frames, meta: Meta) -> Iterator[bytes]:
    yield b'{"result": ['
    between = "\n"
    for frame in frames:
        yield f"{between}{query_text.json_rows(frame)}".encode()
        between = ",\n"
    end = "\n]" if between == ",\n" else "]"
    yield f'{end},\n"meta": {meta()}}}\n'.encode()


def _jsonl(frames: Frames, meta: Meta) -> Iterator[bytes]:
    for frame in frames:
        yield query_text.jsonl(frame).encode()


def _delimited(text: Callable[..., str]) -> Callable[[Frames, Meta], Iterator[bytes]]:
    def form(frames: Frames, meta: Meta) -> Iterator[bytes]:
        yield text(no_associations()).encode()
        for frame in frames:
            yield text(frame, header=False).encode()

    return form


def _binary(writer: str) -> Callable[[Frames, Meta], Iterator[bytes]]:
    def form(frames: Frames, meta: Meta) -> Iterator[bytes]:
        """Write an Arrow stream or a Parquet file piece by piece, which polars does to a file only."""
        sink = _Pieces()
        schema = no_associations().to_arrow().schema
        with _writer(writer)(sink, schema) as out:
            for frame in frames:
                out.write_table(frame.to_arrow().cast(schema))
                yield sink.taken()
        yield sink.taken()

    return form


def _writer(name: str) -> Callable[..., Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise MissingPart.library("pyarrow", "A stream of Arrow or Parquet", "pandas") from error
    writer: Callable[..., Any] = pyarrow.ipc.new_stream if name == "arrow" else pyarrow.parquet.ParquetWriter
    return writer


class _Pieces:
    """A file that is read away while it is written."""

    closed = False

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._at = 0

    def write(self, content: Any) -> int:
        piece = bytes(content)
        self._held.append(piece)
        self._at += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        held, self._held = self._held, []
        return b"".join(held)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


_FORMS: Mapping[str, Callable[[Frames, Meta], Iterator[bytes]]] = {
    "json": _json, "jsonl": _jsonl, "tsv": _delimited(query_text.tsv), "csv": _delimited(query_text.csv),
    "arrow": _binary("arrow"), "parquet": _binary("parquet"),
}  # fmt: skip
