"""Cas9 at many targets: a line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifenode.editing.cas9_many import cas9_batch, count_targets
from lifenode.errors import BadTarget, BatchFailed, InputTooLarge
from lifenode.settings import settings
from lifenode.table import Table
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, Field
from lifenode.web.api.kinds import Text
from lifenode.web.api.services import Service

_EXAMPLE = (
    "ID\tTarget\tPAM Index\n"
    "known\tCTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTG\t42\n"
    "turned\tCAGGAAAGAGGGATACTGCCGCTTCACGCTGAGCGTCTCGCTGCTGGCCGCATAGCTACTCAG\t37\n"
)
# A target takes some milliseconds; a sequence this long may have several.
_LONG = 400


def batch_table(asked: Mapping[str, Any]) -> Table:
    """Return a line for each target; targets that cannot be used are told under ``meta["failed"]``.

    Raises
    ------
    BadTarget
        No target can be used.
    InputTooLarge
        There are more than ``max_targets``.
    """
    options = {name: asked[name] for name in ("background", "motif") if asked.get(name) is not None}
    count, most = count_targets(asked["target"], asked.get("motif", "NGG")), settings().max_targets
    if count > most:
        raise InputTooLarge(
            f"The text holds {count:,} targets; at most {most:,} are taken at once.",
            value=count,
            next_step="Send fewer at a time, raise LIFENODE_MAX_TARGETS, or use lifenode edit batch.",
        )
    try:
        # A node has processes of its own for such work.
        return cas9_batch(asked["target"], workers=1, **options)
    except BatchFailed as error:
        table: Table = vars(error)["partial"]
        if not len(table):
            raise BadTarget(error.detail, value=error.value, next_step="Correct these targets.") from error
        failed = [{"target": name, "error": str(fault)} for name, fault in vars(error)["errors"]]
        data = {name: table[name] for name in table.column_names}
        return Table(table.columns, data, {**table.meta, "failed": failed}, len(table))


def batch_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the lines asked for; `format_` is a name of `lifenode.web.api.representations.MEDIA_TYPES`."""
    return answer_with(batch_table(asked), format_, asked)


def batch_job(payload: Mapping[str, Any]) -> bytes:
    """Do the work of a job: return the whole table as JSON."""
    return batch_table(payload["asked"]).to_json().encode()


def is_batch(asked: Mapping[str, Any]) -> bool:
    """Return whether there are more targets than all outcomes are told of at once."""
    return (
        asked.get("pam") is None and count_targets(asked["target"], asked.get("motif", "NGG")) > settings().max_profiles
    )


SERVICE: Service = Service(
    name="editing/cas9/batch",
    summary="Predict what Cas9 leaves at many targets, a line each",
    fields=(
        Field(
            "target", Text(), "FASTA, a table with the columns ID, Target and PAM Index, or a sequence a line.",
            required=True, example=_EXAMPLE,
        ),
        Field("background", Text(), "wild-type, control, or the repair gene that the cells lack, such as LIG4."),
        Field("motif", Text(), "The PAM, in letters of IUPAC."),
        *PRESENTATION,
    ),
    work=batch_answer,
    is_large=lambda asked: len(asked["target"]) > _LONG,
    examples={"table": {"target": _EXAMPLE}},
)  # fmt: skip
"""The service."""
