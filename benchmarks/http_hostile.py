"""Requests that nobody should send: each drawn from a seed and a number, so that any one can be drawn again."""

from __future__ import annotations

import gzip
import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lifenode.web.api import SERVICES

CLIENT_PATHS = (
    "gost/profile/", "convert/convert/", "orth/orth/", "snpense/snpense/", "util/data_versions", "gost/custom/",
    "gost/custom/zip/", "gost/random_query/",
)  # fmt: skip
PATHS = (
    *(f"/gprofiler/api/{path}" for path in CLIENT_PATHS),
    "/gprofiler/strict/api/gost/profile/", "/gplink/l", "/api/v1/gene-sets",
    *(f"/api/v1/{service.name}" for service in SERVICES),
)  # fmt: skip
FETCHED = (
    *(f"/api/v1/{service.name}" for service in SERVICES), "/api/v1/organisms", "/api/v1/sources", "/api/v1/genes",
    "/api/v1/jobs/x", "/api/v1/gene-sets/x", "/gprofiler/api/util/organisms_list",
)  # fmt: skip
NAMES = sorted({
    *(field.name for service in SERVICES for field in service.fields), "user_threshold", "all_results", "ordered",
    "no_evidences", "combined", "measure_underrepresentation", "no_iea", "domain_scope", "numeric_ns", "highlight",
    "significance_threshold_method", "background", "output", "target", "aresolve", "gmt", "name", "payload", "sources",
})  # fmt: skip
WORDS = (
    "IL6", "TNF", "TP53", "tp53", "7157", "rs429358", "1:1000:A:T", "chr1:1-100000", "GO:0006954", "1-Mar", "", " ",
    "hsapiens", "mmusculus", "scerevisiae", "gscs", "fdr", "annotated", "custom", "GO:BP", "REAC", "all", "ENSG",
    "json", "=1+1", "'; DROP TABLE genes; --", "../../etc/passwd", "%00", "<script>alert(1)</script>",
    "gp__aaaaaa_bbbbbb_cccc",
)  # fmt: skip
ODD_TEXTS = (
    "\ud800", "\udfff\ud800", "\x00", "\ufeff", "\u202e", "\u0085", "é" * 300, "𝔘" * 50, "A" * 100_000, "\n" * 5_000,
    ">a\nIL6\n>a\nTNF", "\t\t\t", "\x1b[31m", "İ", "ß" * 250,
)  # fmt: skip
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "1e308", "-1e308", "-0.0", "9" * 5_000, "1" + "0" * 30, "0.1e-400",
           "9007199254740993", "-1", "18446744073709551616")  # fmt: skip
VALID: tuple[dict[str, Any], ...] = (
    {"organism": "hsapiens", "query": ["IL6", "TNF", "CXCL8"], "sources": ["GO:BP", "REAC"]},
    {"organism": "scerevisiae", "query": {"a": ["ACT1"], "b": ["CDC28", "CLN1"]}},
    {"query": "TP53 MDM2 7157"},
    {"name": "own", "gmt": "ONE\tx\tIL6\tTNF\nTWO\ty\tTP53\tMDM2\n"},
    {"query": ["rs429358", "19:44908684:T:C"]},
)
SLOW_SHARE = 0.01
"""Share of requests whose bodies are never finished."""


@dataclass(frozen=True)
class Hostile:
    """One request; `unfinished` says that less is sent than the header promises."""

    number: int
    kind: str
    raw: bytes
    unfinished: bool = False


def drawn(seed: int, number: int) -> Hostile:
    """Draw request `number`."""
    draw = random.Random(f"{seed}:{number}")
    if draw.random() < SLOW_SHARE:
        body = json.dumps(draw.choice(VALID)).encode()
        return Hostile(number, "unfinished", _post(draw, body, length=len(body) + 1 + draw.randrange(50)), True)
    if draw.random() < 0.15:
        return Hostile(number, "address", _get(draw))
    kind = draw.choice(list(BODIES))
    headers, body = BODIES[kind](draw)
    return Hostile(number, kind, _post(draw, body, headers))


def _post(draw: random.Random, body: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> bytes:
    lines = {
        "Host": "127.0.0.1", "Content-Length": str(len(body) if length is None else length),
        "Content-Type": draw.choice(["application/json"] * 6 + ["text/plain", "application/x-www-form-urlencoded"]),
    } | (headers or {})  # fmt: skip
    if draw.random() < 0.05:
        lines["Accept"] = draw.choice(["text/csv", "*/*;q=x", "image/png", ",,;;", "application/vnd.apache.parquet"])
    if draw.random() < 0.005:
        lines["Prefer"] = "respond-async"
    method = "POST" if draw.random() < 0.97 else draw.choice(["PUT", "PATCH", "DELETE", "QUERY", "OPTIONS"])
    head = f"{method} {draw.choice(PATHS)} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in lines.items())
    return head.encode("latin-1") + b"\r\n" + body


def _get(draw: random.Random) -> bytes:
    names = draw.choices(NAMES, k=draw.randrange(5))
    asked = "&".join(f"{name}={quote(_text(draw)[:2_000].encode('utf-8', 'surrogatepass'))}" for name in names)
    ending = draw.choice(
        ["", "", ".tsv", ".json", ".parquet", ".exe", "/" + quote(_text(draw)[:50].encode("utf-8", "replace"))]
    )
    path = draw.choice(FETCHED) + ending
    return f"{draw.choice(['GET'] * 9 + ['HEAD'])} {path}?{asked} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def _text(draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.5:
        return draw.choice(WORDS)
    if chance < 0.7:
        return draw.choice(ODD_TEXTS)
    return "".join(draw.choices(string.printable, k=draw.randrange(30)))


def _value(draw: random.Random, depth: int = 0) -> Any:
    chance = draw.random()
    if chance < 0.35 or depth > 3:
        return _text(draw)
    if chance < 0.5:
        return draw.choice([None, True, False, 0, 1, -1, 0.05, 1e308, -0.0, 2**53, 10**20])
    if chance < 0.8:
        return [_value(draw, depth + 1) for _ in range(draw.randrange(6))]
    return {_text(draw): _value(draw, depth + 1) for _ in range(draw.randrange(4))}


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _noise(draw: random.Random) -> tuple[dict[str, str], bytes]:
    return {}, draw.randbytes(draw.randrange(200))


def _changed(draw: random.Random) -> tuple[dict[str, str], bytes]:
    body = bytearray(_json(draw.choice(VALID)))
    for _ in range(1 + draw.randrange(4)):
        place = draw.randrange(len(body))
        body[place : place + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
    return {}, bytes(body)


def _truncated(draw: random.Random) -> tuple[dict[str, str], bytes]:
    body = _json(draw.choice(VALID))
    return {}, body[: draw.randrange(len(body))]


def _wrong_types(draw: random.Random) -> tuple[dict[str, str], bytes]:
    body = dict(draw.choice(VALID)) | {name: _value(draw) for name in draw.choices(NAMES, k=1 + draw.randrange(4))}
    return {}, _json(body)


def _deep(draw: random.Random) -> tuple[dict[str, str], bytes]:
    depth = draw.choice([100, 1_000, 1_025, 10_000, 100_000])
    opening, closing = draw.choice([(b"[", b"]"), (b'{"query":', b"}")])
    inside = opening * depth + draw.choice([b"", b"1" + closing * depth])
    return {}, draw.choice([inside, b'{"query":' + inside + b"}"])


def _numbers(draw: random.Random) -> tuple[dict[str, str], bytes]:
    name, number = draw.choice(NAMES), draw.choice(NUMBERS)
    holds = draw.choice([number, f"[{number}]", f'{{"a":[{number}]}}'])
    return {}, f'{{"organism":"scerevisiae","query":["ACT1"],"{name}":{holds}}}'.encode()


def _texts(draw: random.Random) -> tuple[dict[str, str], bytes]:
    body = {"query": draw.choice([[_text(draw) for _ in range(5)], _text(draw), {_text(draw): [_text(draw)]}])}
    return {}, draw.choice([b"", b"\xef\xbb\xbf", b"\xff\xfe"]) + _json(body | {draw.choice(NAMES): _text(draw)})


def _packed(draw: random.Random) -> tuple[dict[str, str], bytes]:
    plain = draw.choice([b"", _json(draw.choice(VALID)), b" " * 1_000_000, b'{"query":"' + b"A" * 5_000_000])
    body = gzip.compress(plain, draw.choice([1, 9]))
    cut = draw.choice([len(body), draw.randrange(len(body)), len(body) - 1])
    behind = draw.choice([b"", b"", b"more", body])
    return {"Content-Encoding": draw.choice(["gzip"] * 5 + ["br", "gzip, gzip", "GZIP"])}, body[:cut] + behind


def _form(draw: random.Random) -> tuple[dict[str, str], bytes]:
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%b"; filename="%b"\r\n\r\n%b\r\n'
        % (draw.choice(NAMES).encode(), draw.choice([b"a.gmt", b"../a", b"a\x00b", b""]), draw.choice([
            draw.randbytes(40), VALID[3]["gmt"].encode(), gzip.compress(b"x"), b"PK\x03\x04" + draw.randbytes(60)]))
        for _ in range(draw.randrange(4))
    )  # fmt: skip
    return {
        "Content-Type": f"multipart/form-data{draw.choice(['; boundary=b', '', '; boundary='])}"
    }, parts + b"--b--\r\n"


def _gene_sets(draw: random.Random) -> tuple[dict[str, str], bytes]:
    lines = ["\t".join(_text(draw)[:300] for _ in range(draw.randrange(6))) for _ in range(draw.randrange(6))]
    return {}, _json({"name": _text(draw), "gmt": draw.choice(["\n", "\r\n", "\r"]).join(lines)})


BODIES: dict[str, Callable[[random.Random], tuple[dict[str, str], bytes]]] = {
    "noise": _noise, "changed": _changed, "truncated": _truncated, "wrong types": _wrong_types, "deep": _deep,
    "numbers": _numbers, "texts": _texts, "packed": _packed, "form": _form, "gene sets": _gene_sets,
}  # fmt: skip
