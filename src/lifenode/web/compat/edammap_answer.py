"""The mapping that answers a request to EDAMmap's API: results, relatives, parts, counts, measures."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from lifenode.edam.concept import BRANCHES
from lifenode.edam.lexical import LexicalMatcher
from lifenode.edam.ontology import Ontology
from lifenode.edam.tool import Tool
from lifenode.errors import EmptyInput
from lifenode.web.compat.edammap_parameters import GROUPS, OF_MAPPER
from lifenode.web.compat.edammap_request import Asked, uri_of

MEASURES = ("precision", "recall", "f1", "f2", "Jaccard", "AveP", "RP", "DCG", "DCGa")


@lru_cache(maxsize=1)
def matcher() -> LexicalMatcher:
    """Return the matcher over the newest release."""
    return LexicalMatcher()


def mapping_of(asked: Asked) -> dict[str, Any]:
    """Return the mapping of a query, with results and, if the whole answer is wanted, counts and measures."""
    rows = _rows(asked)
    results: dict[str, Any] = dict.fromkeys(BRANCHES)
    for branch in asked.branches:
        own = [row for row in rows if row["branch"] == branch]
        results[branch] = [_result(row, own, asked) for row in own]
    answer: dict[str, Any] = {"mapping": {"query": query_of(asked), "results": results}}
    if asked.full:
        answer["mapping"]["queryFetched"] = {"webpages": [], "docs": [], "publications": []}
        tests = _tests(asked, rows)
        answer["counts"] = _counts(asked, results, tests)
        answer["measures"] = measures(tests)
    return answer


def _rows(asked: Asked) -> list[dict[str, Any]]:
    values = asked.values
    if not values["matches"]:
        return []
    try:
        table = matcher().match(
            asked.texts(), branches=asked.branches, top=values["matches"], all_classes=values["outputBadScores"]
        )
    except EmptyInput:
        return []
    wanted = {"good": values["outputGoodScores"], "medium": values["outputMediumScores"], "bad": True}
    return [row for row in table.to_dicts() if wanted[row["score_class"]]]


def query_of(asked: Asked) -> dict[str, Any]:
    """Return the query as it was understood."""
    return {
        "id": asked.id,
        "name": asked.name,
        "keywords": list(asked.keywords),
        "description": asked.description or None,
        "webpageUrls": list(asked.webpages),
        "docUrls": list(asked.docs),
        "publicationIds": [{"pmid": one.pmid, "pmcid": one.pmcid, "doi": one.doi} for one in asked.publications],
        "annotations": [_named(one) for one in asked.annotations],
    }


def _named(term: str) -> dict[str, str]:
    return {"edamUri": uri_of(term), "label": matcher().ontology.term(term).label}


def _result(row: Mapping[str, Any], own: Sequence[Mapping[str, Any]], asked: Asked) -> dict[str, Any]:
    ontology, term = matcher().ontology, row["term_id"]
    above = {one.id for one in ontology.ancestors(term)}
    below = {one.id for one in ontology.descendants(term)}
    shown = [one["term_id"] for one in own]
    left_out = [one for one in asked.annotations if one not in shown]
    groups = (("", shown), ("Annotation", [one for one in asked.annotations if one in shown]),
              ("ExcludedAnnotation", left_out))  # fmt: skip
    result: dict[str, Any] = {
        "edamUri": uri_of(term),
        "edamUriReplaced": uri_of(row["found_as"]) if row["found_as"] else None,
        "label": row["label"],
        "obsolete": False,
    }
    for word, relatives in (("childOf", above), ("parentOf", below)):
        for suffix, group in groups:
            result[word + suffix] = [_named(one) for one in group if one in relatives]
    result["bestOneQuery"] = {
        "type": row["query_part"], "url": None, "value": _query_value(row["query_part"], row["matched"], asked),
    }  # fmt: skip
    result["bestOneConcept"] = {"type": row["concept_part"].replace(" ", "_"), "value": row["matched"] or None}
    result["score"] = {
        "class": row["score_class"], "bestOneScore": row["best_one_score"],
        "withoutPathScore": row["without_path_score"], "score": row["score"],
    }  # fmt: skip
    result["test"] = "tp" if term in asked.annotations else "fp"
    if asked.full:
        result["parts"] = _parts(row["found_as"] or term, asked)
    return result


def _query_value(part: str, matched: str, asked: Asked) -> str | None:
    if part == "keyword":
        words = set(matched.lower().split())
        return max(asked.keywords, key=lambda one: len(words & set(one.lower().split())), default=None)
    return {"name": asked.name, "description": asked.description}.get(part)


def _parts(term: str, asked: Asked) -> list[dict[str, Any]]:
    """Return how well each part of the query alone matches a term."""
    known = matcher()
    place = next(at for at, concept in enumerate(known.ontology) if concept.id == term)
    singles = [("name", asked.name, Tool(asked.name))]
    singles += [("keyword", one, Tool("", keywords=[one])) for one in asked.keywords]
    singles += [("description", asked.description, Tool("", asked.description))] if asked.description else []
    found = []
    for part, text, tool in singles:
        try:
            scores = known.scores(tool)
        except EmptyInput:
            continue
        row = int(scores.row[place])
        found.append({
            "queryMatch": {"type": part, "url": None, "value": text, "score": None},
            "conceptMatch": {"type": None, "value": known.name_of(row) if row >= 0 else None, "score": None},
            "score": float(scores.best_one[place]),
        })  # fmt: skip
    return found


Tests = dict[str, tuple[list[bool], int]]


def _tests(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> Tests:
    """Return for each branch whether each result is annotated, in order, and the number of annotations."""
    annotated = {branch: [one for one in asked.annotations if one.startswith(branch)] for branch in asked.branches}
    return {
        branch: ([row["term_id"] in terms for row in rows if row["branch"] == branch], len(terms))
        for branch, terms in annotated.items()
    }


def _counts(asked: Asked, results: Mapping[str, Any], tests: Tests) -> dict[str, Any]:
    ontology = matcher().ontology
    sizes = {f"{branch}Size": sum(one.branch == branch for one in ontology) for branch in BRANCHES}
    hits = {branch: sum(own) for branch, (own, _) in tests.items()}
    groups = {
        "tp": hits,
        "fp": {branch: len(own) - hits[branch] for branch, (own, _) in tests.items()},
        "fn": {branch: count - hits[branch] for branch, (_, count) in tests.items()},
    }
    shown = sum(len(own) for own in results.values() if own)
    return {
        "conceptsSize": len(ontology), **sizes, "queriesSize": 1, "resultsSize": shown,
        **{name: {**values, "total": sum(values.values())} for name, values in groups.items()},
    }  # fmt: skip


def measures(tests: Tests) -> dict[str, Any]:
    """Return EDAMmap's measures by branch, and their mean over the branches that have annotations.

    Parameters
    ----------
    tests
        For each branch whether each result is annotated, best first, and the number of annotations.
    """
    own = {branch: _measures(hits, count) for branch, (hits, count) in tests.items() if count}
    return {
        name: {branch: found[name] for branch, found in own.items()}
        | {"total": sum(found[name] for found in own.values()) / len(own) if own else 0.0}
        for name in MEASURES
    }


def _measures(hits: Sequence[bool], count: int) -> dict[str, float]:
    tp = sum(hits)
    precision, recall = tp / len(hits) if hits else 0.0, tp / count
    at_hits = [sum(hits[: at + 1]) / (at + 1) for at, hit in enumerate(hits) if hit]
    ideal = [True] * min(count, len(hits)) + [False] * max(len(hits) - count, 0)

    def gain(found: Sequence[bool], shift: int) -> float:
        return sum(1.0 / max(math.log2(at + shift), 1.0) for at, hit in enumerate(found, 1) if hit)

    def f(beta: float) -> float:
        below = beta * beta * precision + recall
        return (1 + beta * beta) * precision * recall / below if below else 0.0

    dcg, dcga = (gain(hits, shift) / best if (best := gain(ideal, shift)) else 0.0 for shift in (0, 1))
    return {
        "precision": precision, "recall": recall, "f1": f(1), "f2": f(2), "Jaccard": tp / (len(hits) + count - tp),
        "AveP": sum(at_hits) / count, "RP": sum(hits[:count]) / count, "DCG": dcg, "DCGa": dcga,
    }  # fmt: skip


def arguments(asked: Asked) -> dict[str, Any]:
    """Return the parameters an answer was computed with, and those that were given another value in vain."""
    groups = {group: {name: asked.values[name] for name in names} for group, names in GROUPS.items()}
    inner = {group: groups.pop(group) for group in OF_MAPPER}
    groups["mapperArgs"] |= inner
    return {"mainArgs": {"edam": matcher().ontology.release, "ignored": list(asked.ignored)}, **groups}


def merged_tool(asked: Asked, results: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the bio.tools record with the results: topics added, operations in a function of their own.

    Data and formats cannot be told to be input or output, so they stand in the note of that function.
    """
    if asked.tool is None:
        return None
    tool = copy.deepcopy(dict(asked.tool))
    had = {one for one in asked.annotations if one.startswith("topic")}
    topics = tool["topic"] if isinstance(tool.get("topic"), list) else []
    tool["topic"] = topics + [_term(one) for one in results["topic"] or [] if _id(one) not in had]
    known = {one for one in asked.annotations if one.startswith("operation")}
    operations = [_term(one) for one in results["operation"] or [] if _id(one) not in known]
    others = [one for branch in ("data", "format") for one in results[branch] or []]
    if operations or others:
        function: dict[str, Any] = {"operation": operations, "input": [], "output": []}
        if others:
            function["note"] = " | ".join(f"{one['label']} ({one['edamUri']})" for one in others)
        functions = tool["function"] if isinstance(tool.get("function"), list) else []
        tool["function"] = [*functions, function]
    return tool


def _id(result: Mapping[str, Any]) -> str:
    return str(result["edamUri"]).rpartition("/")[2]


def _term(result: Mapping[str, Any]) -> dict[str, str]:
    return {"uri": result["edamUri"], "term": result["label"]}


def checked_annotation(term: str, ontology: Ontology) -> dict[str, Any]:
    """Return what is known of a term that a visitor names as an annotation."""
    concept = ontology.term(term)
    return {"id": concept.uri, "label": concept.label, "obsolete": concept.obsolete, "status": "final"}
