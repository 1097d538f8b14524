"""How far an ingestion is, and what became of each data set."""

from __future__ import annotations

from dataclasses import dataclass

from lifenode.table import Column, Table


@dataclass(slots=True)
class Progress:
    """How far an ingestion is.

    Attributes
    ----------
    dataset_id
        The data set at work, or what is done for all of them.
    number, datasets
        Which of how many.
    rows
        Rows read so far.
    bytes_read, bytes_total
        Of the packed files.
    seconds
        Since it began.
    """

    dataset_id: str = ""
    number: int = 0
    datasets: int = 0
    rows: int = 0
    bytes_read: int = 0
    bytes_total: int = 0
    seconds: float = 0.0

    @property
    def rows_per_second(self) -> float:
        """Rows read a second so far."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """What is left at the pace so far, or None before anything was read."""
        if not self.bytes_read or not self.seconds:
            return None
        return self.seconds * max(0, self.bytes_total - self.bytes_read) / self.bytes_read


REPORT_COLUMNS = (
    Column("dataset_id", "text", "Data set."),
    Column("status", "text", "ingested, unchanged or refused."),
    Column("rows", "integer", "Associations in the catalogue."),
    Column("findings", "integer", "Kinds of faults found."),
    Column("files", "list", "Files it was made from."),
    Column("detail", "text", "Why it was refused."),
)


class IngestReport(Table):
    """What became of each data set; ``findings`` is the table of all that was wrong, ``notes`` what was passed over."""

    findings: Table
    notes: list[str]

    @property
    def refused(self) -> int:
        """Data sets that did not get into the catalogue."""
        return int((self["status"] == "refused").sum())
