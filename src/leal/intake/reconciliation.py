"""What became of a file: rows read, accepted, rejected with reason and line, duplicates, NPS compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leal.results import Note, to_plain
from leal.wording import Count, Listing, Points, Text

if TYPE_CHECKING:
    import polars as pl

LINES_KEPT = 1000
"""How many lines are kept for each reason; all are counted."""

REASONS: Mapping[str, Text] = {
    "preview": Text("a preview or test, no customer's answer"),
    "incomplete": Text("not submitted"),
    "dismissed": Text("dismissed without a score"),
    "no_score": Text("no score"),
    "out_of_range": Text("the score is outside the scale"),
    "not_whole": Text("the score is not a whole number"),
    "not_a_number": Text("the score is not a number"),
    "bad_time": Text("the time cannot be read"),
    "ragged": Text("more cells than the header has columns"),
    "open_quote": Text("a quote in the row never closes"),
}
"""The stable codes of what rows of surveys are rejected for, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One row that was not accepted.

    Attributes
    ----------
    line : int
        Line of the file (row of the sheet, number of the record), from 1.
    reason : str
        Stable code, such as ``"out_of_range"``.
    text : Text
        The reason in words.
    """

    line: int
    reason: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What became of a file: every row of it is accepted, rejected or a duplicate.

    Attributes
    ----------
    file : str
        Name of the file.
    source : str
        Stable name of the tool that wrote it: ``"qualtrics"``, ``"spreadsheet"``.
    recognised_by : Text
        By what it was recognised.
    table : str
        The table that it became: ``"answers"``.
    encoding, delimiter, sheet : str or None
        How the file was read.
    rows_read, accepted, duplicates : int
        Rows of the file; rows of the table; rows that repeat or replace another.
    rejected : tuple of Rejection
        Rows not accepted, by line; at most `LINES_KEPT` for each reason.
    rejected_by_reason : mapping of str to int
        All rows not accepted, counted by reason.
    nps_before, nps_after : float or None
        NPS in points as the tool that wrote the file counts it from the file, and of the table. They agree
        unless a note says why.
    n_before, n_after : int
        Scores behind the two.
    amount_accepted : float or None
        Money of the rows accepted, where the table has any.
    amount_rejected_by_reason : mapping of str to float
        Money of the rows not accepted, where it could be read.
    columns_used : mapping of str to str
        Which column of the file became which column of the table.
    columns_kept, columns_dropped : tuple of str
        Columns kept under their own names; columns left out (personal data that no analysis needs).
    notes : tuple of Note
        What was assumed.
    """

    file: str
    source: str
    recognised_by: Text
    table: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    rows_read: int
    accepted: int
    duplicates: int = 0
    rejected: tuple[Rejection, ...] = ()
    rejected_by_reason: Mapping[str, int] = field(default_factory=dict)
    nps_before: float | None = None
    nps_after: float | None = None
    n_before: int = 0
    n_after: int = 0
    amount_accepted: float | None = None
    amount_rejected_by_reason: Mapping[str, float] = field(default_factory=dict)
    columns_used: Mapping[str, str] = field(default_factory=dict)
    columns_kept: tuple[str, ...] = ()
    columns_dropped: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def rejected_count(self) -> int:
        """All rows not accepted."""
        return sum(self.rejected_by_reason.values())

    @property
    def balanced(self) -> bool:
        """Whether every row read is accounted for."""
        return self.rows_read == self.accepted + self.rejected_count + self.duplicates

    def sentence(self) -> Text:
        """Return what became of the file in one sentence."""
        rows = {
            "file": self.file,
            "read": Count(self.rows_read),
            "accepted": Count(self.accepted),
            "rejected": self._told_rejections(),
            "duplicates": Count(self.duplicates),
        }
        if self.nps_before is None or self.nps_after is None:
            return Text(
                "{file}: rows read {read}, accepted {accepted}, rejected {rejected}, "
                "duplicates {duplicates}.",
                **rows,
            )
        return Text(
            "{file}: rows read {read}, accepted {accepted}, rejected {rejected}, duplicates {duplicates}; "
            "NPS before {before}, after {after}.",
            **rows,
            before=Points(self.nps_before, 1),
            after=Points(self.nps_after, 1),
        )

    def _told_rejections(self) -> Text | Count:
        if not self.rejected_by_reason:
            return Count(0)
        words = {rejection.reason: rejection.text for rejection in self.rejected}
        reasons = [
            Text("{reason}: {count}", reason=words.get(code, code), count=Count(count))
            for code, count in self.rejected_by_reason.items()
        ]
        return Text("{count} ({reasons})", count=Count(self.rejected_count), reasons=Listing.of(reasons))

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the reconciliation as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]

    def to_frame(self) -> pl.DataFrame:
        """Return the rejected rows as a table: line, reason, its words."""
        import polars as pl

        schema = {"line": pl.Int64, "reason": pl.String, "text": pl.String}
        rows = [(rejection.line, rejection.reason, str(rejection.text)) for rejection in self.rejected]
        return pl.DataFrame(rows, schema=schema, orient="row")


def collect_rejections(
    rows: Iterable[tuple[int, str]] | pl.DataFrame, reasons: Mapping[str, Text] = REASONS
) -> tuple[tuple[Rejection, ...], dict[str, int]]:
    """Return rejections in order of lines, `LINES_KEPT` at most for each reason, and all counted by reason.

    Parameters
    ----------
    rows : iterable of (line, reason), or a frame with the columns ``line`` and ``reason``
        The rows not accepted.
    reasons : mapping of str to Text
        The words of the codes.
    """
    import polars as pl

    if not isinstance(rows, pl.DataFrame):
        rows = pl.DataFrame(list(rows), schema={"line": pl.Int64, "reason": pl.String}, orient="row")
    counts = rows.group_by("reason").len().sort(["len", "reason"], descending=[True, False])
    kept = rows.sort("line").filter(pl.int_range(pl.len()).over("reason") < LINES_KEPT)
    told = tuple(
        Rejection(line=line, reason=reason, text=reasons.get(reason, Text("rejected")))
        for line, reason in kept.select("line", "reason").iter_rows()
    )
    return told, dict(counts.iter_rows())
