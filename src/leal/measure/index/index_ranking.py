"""Brands, companies or units in one table: index, rank with its interval, distance to the industry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leal.engine import FrameLike
from leal.errors import BadValue
from leal.measure.index.index_gaps import IndexDifferences, differences_of
from leal.measure.index.index_results import HEADLINE
from leal.path_model import Definition, GroupComparison, Missing, PathModel, Scheme, construct_name
from leal.results import Estimate, Note, to_plain
from leal.statistics import rank_intervals, two_sided_z
from leal.wording import Count, Formatted, Listing, Percent, Points, Text

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedIndex(Estimate):
    """The index of one brand and its place.

    Attributes
    ----------
    name : str
        The brand, company or unit.
    standard_error : float
        Standard error of the index.
    rank, rank_low, rank_high : float
        Place (1 is best), and the best and worst place that the data leave open.
    relative, relative_low, relative_high : float
        Index in percent of the industry average, with its interval.
    """

    name: str
    standard_error: float
    rank: float
    rank_low: float
    rank_high: float
    relative: float
    relative_low: float
    relative_high: float

    def figure(self, value: float) -> Formatted:
        """Return the points with one decimal."""
        return Points(value, 1)

    def sentence(self) -> Text:
        """Return index and place in one sentence."""
        return Text(
            "{name}: {figure} ({level} {low} to {high}), place {best} to {worst}.",
            name=self.name,
            figure=self.figure(self.estimate),
            level=Percent(self.level),
            low=self.figure(self.ci_low),
            high=self.figure(self.ci_high),
            best=Count(self.rank_low),
            worst=Count(self.rank_high),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRanking:
    """Brands ranked by an index, the best first.

    Attributes
    ----------
    construct : str
        What is ranked.
    brands : tuple of RankedIndex
        The brands.
    average : Estimate
        The industry average: of the brands alike, or by their shares of the market.
    comparison : GroupComparison
        All constructs of all brands, paths, invariance.
    differences : IndexDifferences
        Which brands surely differ.
    definition : {"B", "A", "C", "D"}
        Definition of the index; see `leal.path_model.Definition`.
    notes : tuple of Note
        Small samples, brands not measured alike.
    """

    construct: str
    brands: tuple[RankedIndex, ...]
    average: Estimate
    comparison: GroupComparison
    differences: IndexDifferences
    definition: Definition = "B"
    notes: tuple[Note, ...] = ()

    def __getitem__(self, name: str) -> RankedIndex:
        for brand in self.brands:
            if brand.name == name:
                return brand
        raise BadValue(
            Text("{name} is not among the brands.", name=repr(name)),
            hint=Text("They are: {names}.", names=Listing.of(brand.name for brand in self.brands)),
        )

    def __iter__(self) -> Iterator[RankedIndex]:
        return iter(self.brands)

    def __len__(self) -> int:
        return len(self.brands)

    def sentence(self) -> Text:
        """Return who leads, and whether that is sure."""
        first = self.brands[0]
        sure = first.rank_high < 2
        values: dict[str, object] = {
            "construct": construct_name(self.construct),
            "name": first.name,
            "figure": Points(first.estimate, 1),
            "average": Points(self.average.estimate, 1),
        }
        if sure:
            return Text("{construct}: {name} surely leads with {figure} (average {average}).", **values)
        return Text(
            "{construct}: {name} is ahead with {figure} (average {average}), but the lead is not sure.",
            **values,
        )

    def __str__(self) -> str:
        return "\n".join(str(brand.sentence()) for brand in self.brands)

    def to_frame(self) -> pl.DataFrame:
        """Return the ranking sheet: a row a brand with index, interval, n, places, relative index."""
        import polars as pl

        told = pl.DataFrame([to_plain(brand) for brand in self.brands]).drop("notes")
        return told.with_columns(pl.lit(self.definition).alias("definition"))

    def to_dict(self) -> dict[str, Any]:
        """Return the ranking as plain JSON values."""
        told = {
            name: getattr(self, name) for name in ("construct", "definition", "brands", "average", "notes")
        }
        return to_plain(told | {"differences": self.differences.items})  # type: ignore[no-any-return]

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the index of each brand with its interval, and the average of the industry."""
        from leal.charts import Style, index_levels

        average = Text("average {points}", points=Points(self.average.estimate, 1))
        return index_levels(
            self.to_frame(), style or Style(), reference=self.average.estimate, reference_words=average
        )


def index_ranking(
    model: PathModel,
    answers: FrameLike,
    by: str,
    construct: str = HEADLINE,
    weight: str | None = None,
    *,
    shares: Mapping[str, float] | None = None,
    missing: Missing = "casewise",
    scheme: Scheme = "path",
    index: Definition = "B",
    scale: tuple[float, float] = (1.0, 10.0),
    permutations: int = 1000,
    resamples: int = 2000,
    seed: int | None = 0,
    level: float = 0.95,
) -> IndexRanking:
    """Return brands in one table: index by pooled weights, rank with interval, relative index, average.

    Parameters
    ----------
    model : PathModel
        The model.
    answers : dataframe or path
        Answers of all brands, a row an answer about one brand.
    by : str
        Column of the brand, company or unit.
    construct : str
        What is ranked.
    weight : str or None
        Column of sampling weights.
    shares : mapping or None
        Share of the market of each brand, for the industry average; by default all count alike.
    missing, scheme, index, scale, permutations, resamples, seed, level
        As in `PathModel.compare`.

    Notes
    -----
    Places come from drawing all indices again by their standard errors (Goldstein and Spiegelhalter 1996).
    Where one respondent rates several brands, differences are surer than told here.
    """
    model[construct]
    found = model.compare(
        answers,
        by,
        weight,
        missing=missing,
        scheme=scheme,
        index=index,
        scale=scale,
        permutations=permutations,
        resamples=resamples,
        seed=seed,
        level=level,
    )
    return ranking_of(found, construct, shares=shares, level=level)


def ranking_of(
    found: GroupComparison, construct: str, *, shares: Mapping[str, float] | None = None, level: float = 0.95
) -> IndexRanking:
    """Return the ranking of a construct from a comparison of groups."""
    import polars as pl

    table = found.index.filter(pl.col("construct") == construct).sort("estimate", descending=True)
    names = table["group"].to_list()
    estimates, errors = table["estimate"].to_numpy(), table["standard_error"].to_numpy()
    parts = _parts(names, shares)
    average, error = float(parts @ estimates), float(np.sqrt(parts**2 @ errors**2))
    places = rank_intervals(estimates, errors, level)
    differences = differences_of(found, construct, level)
    brands = tuple(
        _ranked(row, (rank, low, high), part, (average, error), level)
        for row, rank, low, high, part in zip(table.iter_rows(named=True), *places, parts, strict=True)
    )
    reach = two_sided_z(level) * error
    industry = Estimate(
        estimate=average,
        ci_low=average - reach,
        ci_high=average + reach,
        n=int(table["n"].sum()),
        level=level,
        method="bootstrap",
    )
    return IndexRanking(
        construct=construct,
        brands=brands,
        average=industry,
        comparison=found,
        differences=differences,
        definition=differences.definition,
        notes=differences.notes,
    )


def _parts(names: list[str], shares: Mapping[str, float] | None) -> np.ndarray:
    if shares is None:
        return np.full(len(names), 1 / len(names))
    missing = [name for name in names if not shares.get(name, 0) > 0]
    if missing:
        raise BadValue(
            Text("These brands have no share of the market: {names}.", names=Listing.of(missing)),
            hint=Text("Give a share above zero for each brand, or none at all."),
        )
    given = np.array([shares[name] for name in names], dtype=float)
    return np.asarray(given / given.sum())


def _ranked(
    row: dict[str, Any],
    places: tuple[float, float, float],
    part: float,
    average: tuple[float, float],
    level: float,
) -> RankedIndex:
    mean, mean_error = average
    own, error = row["estimate"], row["standard_error"]
    ratio = own / mean if mean else float("nan")
    # The brand is part of the average: the covariance of the two is part x error^2.
    variance = (error**2 + ratio**2 * mean_error**2 - 2 * ratio * part * error**2) / mean**2 if mean else 0.0
    reach = 100 * two_sided_z(level) * math.sqrt(max(variance, 0.0))
    return RankedIndex(
        name=row["group"],
        estimate=own,
        ci_low=row["ci_low"],
        ci_high=row["ci_high"],
        n=row["n"],
        level=level,
        method="bootstrap",
        standard_error=error,
        rank=float(places[0]),
        rank_low=float(places[1]),
        rank_high=float(places[2]),
        relative=100 * ratio,
        relative_low=100 * ratio - reach,
        relative_high=100 * ratio + reach,
    )
