"""A market study: who passed the screener, which brand each rated, whether quotas are full, the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw

from leal.engine import FrameLike, LazyFrame, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.measure.index.index_ranking import IndexRanking, index_ranking
from leal.measure.index.index_results import HEADLINE
from leal.path_model import PathModel
from leal.results import Note, to_plain
from leal.wording import Count, Listing, Text

if TYPE_CHECKING:
    import polars as pl

QUOTA = 250
"""Interviews per company that the EPSI institutes ask for at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketStudy:
    """A study of a market.

    Attributes
    ----------
    ranking : IndexRanking
        The ranking sheet.
    quotas : polars.DataFrame
        brand, n, quota, missing: a row a brand, those that were left out included.
    screened_out, rated : int
        Rows that did not pass the screener; ratings used.
    respondents : int or None
        People behind the ratings, where they are known.
    notes : tuple of Note
        Brands below their quota, people who rated several brands.
    """

    ranking: IndexRanking
    quotas: pl.DataFrame
    screened_out: int
    rated: int
    respondents: int | None
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        return str(self.ranking)

    def to_dict(self) -> dict[str, Any]:
        """Return the study as plain JSON values."""
        plain = {name: getattr(self, name) for name in ("quotas", "screened_out", "rated", "respondents")}
        return self.ranking.to_dict() | to_plain(plain | {"notes": self.notes})  # type: ignore[no-any-return]


def market_study(
    model: PathModel,
    answers: FrameLike,
    *,
    brand: str = "brand",
    respondent: str | None = None,
    screener: Mapping[str, Sequence[object]] | None = None,
    quota: int | Mapping[str, int] = QUOTA,
    least: int = 30,
    construct: str = HEADLINE,
    weight: str | None = None,
    shares: Mapping[str, float] | None = None,
    **options: Any,
) -> MarketStudy:
    """Return the ranking of a market from a long table: a row a respondent and the brand that they rated.

    Parameters
    ----------
    model : PathModel
        The model, as `leal.epsi` gives it.
    answers : dataframe or path
        Items, the rated brand, and what screening and quotas need.
    brand, respondent : str
        Columns of the rated brand and of the person.
    screener : mapping or None
        By column the answers that qualify, as ``{"customer_for_3_months": ["yes"]}``.
    quota : int or mapping
        Ratings wanted per brand; 250, or by brand.
    least : int
        A brand with fewer ratings is not ranked.
    construct, weight, shares, **options
        As in `index_ranking`.

    Raises
    ------
    MissingColumn
        A column is not there.
    BadValue
        Fewer than two brands have enough ratings.
    """
    import polars as pl

    frame = lazy(answers)
    for column in (brand, *([respondent] if respondent else []), *(screener or {})):
        require_column(frame, column, table="answers")
    passed = _screened(frame, screener or {})
    rows = collect(passed.filter(~nw.col(brand).is_null()))
    everybody = int(collect(frame.select(nw.len()))["len"][0])
    counted = rows.group_by(brand).agg(n=pl.len()).sort("n", descending=True)
    quotas = _quotas(counted.rename({brand: "brand"}), quota)
    enough = counted.filter(pl.col("n") >= least)[brand].to_list()
    if len(enough) < 2:
        raise BadValue(
            Text("Fewer than two brands have {least} ratings or more.", least=Count(least)),
            hint=Text("Ask on, or lower `least` to rank them all the same."),
            where=Where(column=brand),
        )
    kept = rows.filter(pl.col(brand).is_in(enough))
    people = None if respondent is None else int(kept[respondent].n_unique())
    ranking = index_ranking(model, kept, brand, construct, weight, shares=shares, **options)
    notes = (*_below(quotas, enough), *_several(kept.height, people), *ranking.notes)
    return MarketStudy(
        ranking=ranking,
        quotas=quotas,
        screened_out=everybody - int(collect(passed.select(nw.len()))["len"][0]),
        rated=kept.height,
        respondents=people,
        notes=notes,
    )


def _screened(frame: LazyFrame, screener: Mapping[str, Sequence[object]]) -> LazyFrame:
    for column, allowed in screener.items():
        frame = frame.filter(nw.col(column).is_in(list(allowed)))
    return frame


def _quotas(counted: pl.DataFrame, quota: int | Mapping[str, int]) -> pl.DataFrame:
    import polars as pl

    names = counted["brand"].to_list()
    wanted = [quota.get(name, QUOTA) if isinstance(quota, Mapping) else quota for name in names]
    unseen = [name for name in (quota if isinstance(quota, Mapping) else ()) if name not in names]
    absent = pl.DataFrame(
        {"brand": unseen, "n": [0] * len(unseen)}, schema={"brand": pl.String, "n": counted.schema["n"]}
    )
    table = pl.concat([counted.with_columns(pl.col("brand").cast(pl.String)), absent])
    asked = [*wanted, *(quota[name] for name in unseen)] if isinstance(quota, Mapping) else wanted
    return table.with_columns(quota=pl.Series(asked, dtype=pl.Int64)).with_columns(
        missing=(pl.col("quota") - pl.col("n").cast(pl.Int64)).clip(lower_bound=0)
    )


def _below(quotas: pl.DataFrame, enough: Sequence[object]) -> tuple[Note, ...]:
    short = [f"{name} ({n})" for name, n, _, missing in quotas.iter_rows() if missing]
    left = [name for name in quotas["brand"] if name not in {str(one) for one in enough}]
    notes = []
    if short:
        text = Text("Below their quota: {brands}.", brands=Listing.of(short))
        notes.append(Note(code="below_quota", text=text))
    if left:
        text = Text("Too few ratings to be ranked: {brands}.", brands=Listing.of(left))
        notes.append(Note(code="not_ranked", text=text))
    return tuple(notes)


def _several(ratings: int, people: int | None) -> tuple[Note, ...]:
    if people is None or people == ratings:
        return ()
    text = Text(
        "{people} people gave {ratings} ratings: who rated several brands is counted as several people, so "
        "differences of brands are surer than told.",
        people=Count(people),
        ratings=Count(ratings),
    )
    return (Note(code="several_brands_a_person", text=text),)
