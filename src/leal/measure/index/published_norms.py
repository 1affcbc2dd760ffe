"""Published levels of satisfaction indices, and what a comparison with them is worth."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue
from leal.measure.index.index_results import ConstructIndex
from leal.path_model import construct_name
from leal.results import Note
from leal.statistics import Comparison
from leal.wording import Formatted, Listing, Percent, Points, Text

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("industry", "country", "year", "company", "definition", "value", "n", "source")


def norms(
    industry: str | None = None,
    country: str | None = None,
    *,
    year: int | None = None,
    companies: bool = False,
    own: FrameLike = None,
) -> pl.DataFrame:
    """Return published levels of satisfaction, with industry, country, year, definition, n and source.

    Parameters
    ----------
    industry, country : str or None
        Which series; all by default.
    year : int or None
        Which year.
    companies : bool
        Whether single companies are listed, too, and not only whole industries (whose company is empty).
    own : dataframe or path
        Norms of your own with the same columns, added to the packaged ones.

    Notes
    -----
    The packaged series are facts from press releases and public tables, rounded as published; n is empty
    where it was not stated. They differ in definition: an index is compared with them by `against_norm`
    only, which says so.
    """
    import polars as pl

    text = (files("leal.measure") / "norms.csv").read_text(encoding="utf-8")
    table = pl.read_csv(io.StringIO(text), schema_overrides={"value": pl.Float64, "n": pl.Int64})
    if own is not None:
        added = lazy(own)
        for column in COLUMNS:
            require_column(added, column, table="norms")
        table = pl.concat([table, collect(added.select(*COLUMNS)).cast(dict(table.schema))])  # type: ignore[arg-type]
    for name, wanted in (("industry", industry), ("country", country), ("year", year)):
        if wanted is not None:
            table = table.filter(pl.col(name) == wanted)
    return table if companies else table.filter(pl.col("company").is_null() | (pl.col("company") == ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class NormComparison(Comparison):
    """An index less a published norm, in points.

    Attributes
    ----------
    construct : str
        Whose index.
    norm : float
        The published level.
    source : str
        Where it was published.
    """

    construct: str
    norm: float
    source: str

    def figure(self, value: float) -> Formatted:
        """Return the points with one decimal, signed."""
        return Points(value, 1, signed=True)

    def sentence(self) -> Text:
        """Return the difference in one sentence."""
        if not self.known:
            return Text("{construct}: unknown, too few answers.", construct=construct_name(self.construct))
        return Text(
            "{construct} against the published {norm} ({source}): {difference} ({level} {low} to {high}).",
            construct=construct_name(self.construct),
            norm=Points(self.norm, 1),
            source=self.source,
            difference=self.figure(self.estimate),
            level=Percent(self.level),
            low=self.figure(self.ci_low),
            high=self.figure(self.ci_high),
        )


def against_norm(index: ConstructIndex, norm: pl.DataFrame) -> NormComparison:
    """Hold an index against one published norm, with a note on what is not alike.

    Parameters
    ----------
    index : ConstructIndex
        The index, as `leal.epsi_index` gives it.
    norm : DataFrame
        One row of `norms`.

    Raises
    ------
    BadValue
        There is not exactly one row.

    Notes
    -----
    The interval holds the error of the own index and, where its n is published, of the norm (with the own
    spread); else the norm counts as exact, and a note says so.
    """
    from scipy.special import ndtr, ndtri

    if norm.height != 1:
        raise BadValue(
            Text("A comparison needs one norm; there are {count}.", count=norm.height),
            hint=Text("Choose industry, country and year so that one row is left."),
        )
    row = norm.row(0, named=True)
    known_n = row["n"] is not None
    spread = index.standard_error * math.sqrt(index.n)
    error = math.hypot(index.standard_error, spread / math.sqrt(row["n"]) if known_n else 0.0)
    difference = index.estimate - row["value"]
    reach = float(ndtri((1 + index.level) / 2)) * error
    return NormComparison(
        estimate=difference,
        ci_low=difference - reach,
        ci_high=difference + reach,
        n=index.n,
        level=index.level,
        method="normal",
        standard_error=error,
        p_value=float(2 * ndtr(-abs(difference) / error)) if error > 0 else float("nan"),
        construct=index.construct,
        norm=row["value"],
        source=Listing.of([row["source"], row["country"], str(row["year"])]).into("en"),
        notes=_notes(row, index, known_n=known_n),
    )


def _notes(row: dict[str, object], index: ConstructIndex, *, known_n: bool) -> tuple[Note, ...]:
    differ = Text(
        "The definitions differ: theirs is {theirs}, yours the EPSI-type index with weights {own}. "
        "Questions, samples and weights are not the same; a gap of a few points may come from that alone.",
        theirs=row["definition"],
        own=index.definition,
    )
    notes = [Note(code="definitions_differ", text=differ)]
    if not known_n:
        exact = Text("The number of answers behind the norm was not published: it counts as exact here.")
        notes.append(Note(code="norm_taken_as_exact", text=exact))
    return tuple(notes)
