"""Many tools annotated one after another, written as they come, and taken up again where a run ended."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption, OutputError

if TYPE_CHECKING:
    from lifenode.edam.annotate_many import Outcome
    from lifenode.edam.submission import Submission

FORMATS = ("tsv", "jsonl")
_FIELDS = ("tool", "branch", "term_id", "label", "probability", "proposed", "words", "matched", "role", "operation")


def run(
    tools: Sequence[Submission], format_: str, output: Path | None, *, branches: Sequence[str] | None, top: int | None,
    resume: bool, strict: bool,
) -> int:  # fmt: skip
    """Annotate the tools and write a line a term (TSV) or a tool (JSONL) as soon as it is known.

    Raises
    ------
    InvalidOption
        The format is none of `FORMATS`, or there is nothing to resume.
    OutputError
        The output cannot be written.
    """
    from lifenode.edam.annotate_many import annotate_each

    if format_ not in FORMATS:
        raise InvalidOption(
            f"Several tools are written as {' or '.join(FORMATS)}, not {format_}.", value=format_,
            next_step="Use --format jsonl.",
        )  # fmt: skip
    if resume and (output is None or format_ != "jsonl"):
        raise InvalidOption(
            "--resume needs --output FILE --format jsonl.", value=output, next_step="Name the file to go on with."
        )
    done = _done(output) if resume and output is not None else set()
    waiting = [tool for number, tool in enumerate(tools, 1) if (tool.id or tool.name or f"tool {number}") not in done]
    failed = 0
    try:
        handle = sys.stdout if output is None else output.open("a" if done else "w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{output} cannot be written: {error.strerror}.", value=output) from error
    try:
        if format_ == "tsv":
            handle.write("\t".join(_FIELDS) + "\n")
        for outcome in _counted(annotate_each(waiting, branches=branches, top=top), len(waiting)):
            if outcome.error is not None:
                failed += 1
                tell(f"{outcome.tool}: {outcome.error}")
            handle.write(_json_line(outcome) if format_ == "jsonl" else _tsv_lines(outcome))
            handle.flush()
    finally:
        if output is not None:
            handle.close()
    tell(f"{len(tools)} tools read · {len(waiting) - failed} annotated · {len(done)} done before · {failed} failed")
    return int(strict and failed > 0)


def _counted(outcomes: Iterator[Outcome], total: int) -> Iterator[Outcome]:
    if not sys.stderr.isatty():
        yield from outcomes
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(outcomes, "annotating", total, console=Console(stderr=True), transient=True)


def _done(output: Path) -> set[str]:
    """Return the tools of a file that a run has written, whose last line may be broken; that one is cut off."""
    if not output.is_file():
        return set()
    kept, found = [], set()
    for line in output.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            found.add(str(row["tool"]))
        except (json.JSONDecodeError, KeyError, TypeError):
            break
        kept.append(line)
    from lifenode._atomic import write_atomically

    write_atomically(output, "".join(f"{line}\n" for line in kept).encode())
    return found


def _json_line(outcome: Outcome) -> str:
    told: dict[str, Any] = {"tool": outcome.tool}
    if outcome.table is None:
        told["error"] = str(outcome.error)
    else:
        told["terms"] = outcome.table.to_dicts()
        told["reasons"] = outcome.table.meta.get("reasons", {})
    return json.dumps(told, ensure_ascii=False) + "\n"


def _tsv_lines(outcome: Outcome) -> str:
    return "".join("\t".join(_cell(row.get(name)) for name in _FIELDS) + "\n" for row in outcome.rows)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return " ".join(text.split())
