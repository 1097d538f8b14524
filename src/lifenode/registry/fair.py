"""How FAIR a page is: FsF 0.8, FAIR-Checker and Bioschemas, each answer with what it rests on and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lifenode.registry import bioschemas, fair_checker, fsf
from lifenode.registry.findings import Finding
from lifenode.registry.metadata import Metadata, read_metadata
from lifenode.registry.namespaces import shortened
from lifenode.registry.scores import Answer, Metric, percent, score_metric, summarise
from lifenode.registry.statements import Page
from lifenode.registry.tables import Row, table
from lifenode.registry.vocabularies import spdx_of
from lifenode.table import Column, Table

SCHEMES = ("fsf", "fair-checker", "bioschemas")

_COLUMNS = (
    Column("scheme", "text", "fsf (FsF 0.8), fair-checker or bioschemas"),
    Column("test", "text", "identifier of the test; for Bioschemas the profile and the property"),
    Column("name", "text", "what is asked"),
    Column("outcome", "text", "pass, fail or not assessable"),
    Column("points", "number", "points earned; missing where it cannot be assessed, and for Bioschemas"),
    Column("of", "number", "points that could be earned"),
    Column("evidence", "text", "the statement the answer rests on, or what was looked for"),
    Column("subject", "text", "the node the statement is about"),
    Column("line", "integer", "1-based line of the statement in the document; 0 where there is none"),
    Column("syntax", "text", "json-ld, rdfa, microdata, meta, link, header or rdf; empty where nothing was found"),
    Column("fix", "text", "what to do; empty for a pass"),
)


def assess(page: Page, schemes: Sequence[str] = SCHEMES) -> Table:
    """Assess how FAIR a page is, from its document alone.

    Parameters
    ----------
    page
        From `lifenode.registry.graph.read_page`.
    schemes
        Which of `SCHEMES` to apply.

    Returns
    -------
    Table
        A row for each test. ``meta`` holds ``page`` (address, the node the page is about, its licence, how many
        statements by syntax, what could not be read), and the sums: ``fsf`` (`lifenode.registry.scores.summarise`),
        ``fair_checker`` (points, of how many, and which could not be assessed), ``bioschemas``
        (`lifenode.registry.bioschemas.validate`).

    Notes
    -----
    A test that a document cannot answer is ``not assessable``: its points count neither as earned nor as lost, and
    the sums say how many they are.
    """
    about = read_metadata(page)
    rows: list[Mapping[str, Any]] = []
    meta: dict[str, Any] = {"page": _about(about)}
    if "fsf" in schemes:
        found, metrics = _fsf(about)
        rows += found
        meta["fsf"] = {"version": "0.8", **summarise(metrics)}
    if "fair-checker" in schemes:
        points = fair_checker.check(page)
        rows += _fair_checker(points)
        meta["fair_checker"] = _sum(points)
    if "bioschemas" in schemes:
        validated = bioschemas.validate(page)
        rows += _bioschemas(validated)
        meta["bioschemas"] = {"nodes": validated.meta["nodes"], "outside": validated.meta["outside"]}
    data = {column.name: [row[column.name] for row in rows] for column in _COLUMNS}
    return Table(_COLUMNS, data, meta, len(rows))


def _fsf(about: Metadata) -> tuple[list[Mapping[str, Any]], list[Metric]]:
    by_metric: dict[str, list[tuple[Row, Finding]]] = {}
    for row in table("fsf.tsv"):
        by_metric.setdefault(row["metric"], []).append((row, fsf.TESTS[row["test"]](about)))
    rows: list[Mapping[str, Any]] = []
    metrics = []
    for name, pairs in by_metric.items():
        tests = [Answer(finding.outcome, float(row["score"]), int(row["maturity"])) for row, finding in pairs]
        metrics.append(score_metric(name, pairs[0][0]["mechanism"], float(pairs[0][0]["total"]), tests))
        for row, finding in pairs:
            worth = float(row["score"])
            points = {"pass": worth, "fail": 0.0}.get(finding.outcome)
            rows.append(_row("fsf", row["test"], row["test_name"], finding, points, worth))
    return rows, metrics


def _fair_checker(points: Mapping[str, fair_checker.Points]) -> Iterator[Mapping[str, Any]]:
    for name, result in points.items():
        earned = None if result.points is None else float(result.points)
        yield _row("fair-checker", name, fair_checker.METRICS[name][0], result.finding, earned, 2.0)


def _sum(points: Mapping[str, fair_checker.Points]) -> dict[str, Any]:
    known = [one.points for one in points.values() if one.points is not None]
    return {
        "points": sum(known),
        "of": 2 * len(known),
        "percent": percent(sum(known), 2 * len(known)),
        "maximum": 2 * len(points),
        "not_assessed": [name for name, one in points.items() if one.points is None],
    }


def _bioschemas(validated: Table) -> Iterator[Mapping[str, Any]]:
    for row in validated.to_dicts():
        yield {
            "scheme": "bioschemas", "test": f"{row['profile'].partition(' ')[0]}.{row['property']}",
            "name": f"{row['marginality']} by {row['profile']}, for {row['node']}", "outcome": row["status"],
            "points": None, "of": None, "evidence": row["evidence"], "subject": row["node"], "line": row["line"],
            "syntax": row["syntax"], "fix": row["fix"],
        }  # fmt: skip


def _row(scheme: str, test: str, name: str, finding: Finding, points: float | None, of: float) -> Mapping[str, Any]:
    return {
        "scheme": scheme, "test": test, "name": name, "outcome": finding.outcome, "points": points, "of": of,
        "evidence": str(finding.evidence), "subject": finding.subject, "line": finding.line,
        "syntax": finding.where, "fix": finding.fix,
    }  # fmt: skip


def _about(about: Metadata) -> dict[str, Any]:
    page = about.page
    licence = about.first("license")
    title = about.first("title")
    syntaxes: dict[str, int] = {}
    for statement in page.statements:
        syntaxes[statement.syntax] = syntaxes.get(statement.syntax, 0) + 1
    return {
        "url": page.url,
        "status": page.status,
        "media_type": page.media_type,
        "entity": about.entity,
        "types": [shortened(kind) for kind in page.types(about.entity)],
        "title": title.object if title else "",
        "license": licence.object if licence else "",
        "spdx": (spdx_of(licence.object) or "") if licence else "",
        "statements": syntaxes,
        "troubles": [str(trouble) for trouble in page.troubles],
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tests whose outcome or points differ between two assessments of the same page.

    Parameters
    ----------
    before, after
        Assessments as JSON objects (`Table.to_json`), an earlier and a later one.
    """

    def by_test(result: Mapping[str, Any]) -> dict[tuple[str, str, str], Mapping[str, Any]]:
        return {(row["scheme"], row["test"], row["name"]): row for row in result["result"]}

    old, new = by_test(before), by_test(after)
    differing = []
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        states = [("absent", None) if one is None else (one["outcome"], one["points"]) for one in (was, now)]
        if states[0] != states[1]:
            differing.append({"scheme": key[0], "test": key[1], "before": states[0][0], "after": states[1][0]})
    return differing
