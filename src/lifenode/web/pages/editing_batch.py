"""Many targets on a page: the answer of a job, a line each."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

import numpy as np

import lifenode
from lifenode.editing.cas9_many import COLUMNS
from lifenode.table import Table
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.frame import page_text
from lifenode.web.pages.lookups import MOST_ROWS
from lifenode.web.pages.recipes import Recipe

_PERCENTS = ("frameshift", "insertions", "microhomology", "top_percent")
_MOST_FAILED = 50


def page_of(payload: Mapping[str, Any], answer: bytes, job_id: str) -> str:
    """Return the page of an answer; see `lifenode.web.pages.jobs.as_table_job`."""
    from lifenode.web.pages.editing import PAGE

    asking, asked = Asking.from_dict(payload["asking"]), payload["asked"]
    return page_text(
        "editing_batch.html", asking.path, form=asking.form, choices=PAGE.choices(asking.form), errors=[],
        answer=view(table_of(answer)), recipes=_recipes(asking, asked), link=asking.link, is_short=asking.is_short,
        twin=lambda ending: f"/jobs/{job_id}.{ending}",
    )  # fmt: skip


def file_of(payload: Mapping[str, Any], answer: bytes, format_: str) -> bytes:
    """Return an answer in a format."""
    return table_of(answer).to_bytes(format_)


def table_of(answer: bytes) -> Table:
    """Return the table that a job has answered with."""
    told = json.loads(answer)
    rows = told["result"]
    data = {column.name: [row[column.name] for row in rows] for column in COLUMNS}
    return Table(COLUMNS, data, told["meta"], len(rows))


def view(table: Table) -> dict[str, Any]:
    """Return the answer as the template shows it, the targets that lose the frame most often first."""
    order = np.argsort(-table["frameshift"], kind="stable")[:MOST_ROWS]
    meta, failed = table.meta, table.meta.get("failed", [])
    model = meta["model"]
    return {
        "every": len(table),
        "background": meta["background"],
        "middle": float(np.median(table["frameshift"])),
        "rows": [_cells(row) for row in table.take(order)],
        "failed": failed[:_MOST_FAILED],
        "failures": len(failed),
        "facts": [
            ("Model", f"{model['name']}, {model['version']}, SHA-256 {model['sha256'][:16]}"),
            ("Licence", model["licence"]),
            ("Cells", meta["background"]),
            ("Probability", "exp(w x) / sum of exp(w x), over 3,417 features x of the outcome"),
            ("Software", f"lifenode {lifenode.__version__}"),
        ],
        "cite": f"lifenode {lifenode.__version__}, model {model['name']} (SHA-256 {model['sha256'][:16]}). "
        "Allen et al. 2018, doi:10.1038/nbt.4317.",
    }


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: f"{row[name]:.1f}" for name in _PERCENTS} | {"entropy": f"{row['entropy']:.2f}"}


def _recipes(asking: Asking, asked: Mapping[str, Any]) -> list[Recipe]:
    options = {name: asked[name] for name in ("background", "motif") if asked.get(name) is not None}
    flags = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    sent = [word for name, value in options.items() for word in ("--arg", name, str(value))]
    python = ", ".join(["open('targets.txt').read()", *(f"{name}={value!r}" for name, value in options.items())])
    fields = ", ".join(["target: .", *(f"${name}" for name in options)])
    shell = ["lifenode", "edit", "batch", "targets.txt", *flags, "--output", "sites.tsv"]
    address = f"{asking.base}/api/v1/editing/cas9/batch.tsv"
    return [
        Recipe("Python", f"from lifenode.editing import cas9_batch\n\ncas9_batch({python})"),
        Recipe("Shell", f"{shlex.join(shell)} --profiles outcomes.parquet"),
        Recipe(
            "curl",
            f"{shlex.join(['jq', '-Rs', *sent, '{' + fields + '}', 'targets.txt'])} | "
            f"curl -s -H 'Prefer: respond-async' --json @- {shlex.quote(address)}",
        ),
    ]
