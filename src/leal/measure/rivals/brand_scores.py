"""Where each brand stands: scores with intervals, ranks with intervals, gaps that are surely gaps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, lazy, require_column
from leal.measure.programmes.noticing_counts import flag, read_columns
from leal.results import Estimate, Note, known_or_none
from leal.statistics import Comparison, estimated_mean, holm, rank_intervals
from leal.wording import Decimal, Text

Floats = NDArray[np.float64]

ASSUMED_SPREAD = 0.2
"""Standard deviation taken for a published score without one, as a part of the scale: 20 of 100."""

_COLUMNS = ("brand", "respondent", "score", "n", "spread", "own", "wave")
_TOPS = (5.0, 10.0, 100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandScore:
    """One brand of the comparison.

    Attributes
    ----------
    brand : str
        Its name.
    own : bool
        Whether it is ours.
    score : Estimate
        Its mean score; without answers behind it the interval is unknown.
    rank, rank_low, rank_high : float
        Its place (1 is best, ties share), and the places that it may really hold.
    gap : Comparison or None
        Its lead over the next brand; None for the last.
    """

    brand: str
    own: bool
    score: Estimate
    rank: float
    rank_low: float
    rank_high: float
    gap: Comparison | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """Brands side by side, the best first.

    Attributes
    ----------
    brands : tuple of BrandScore
        One a brand.
    wave : str or None
        The wave that they are of: the last one.
    to_average : Comparison or None
        Our score minus the mean of the others'; None where no brand is ours or there is no other.
    to_best : Comparison or None
        Our score minus that of the best other brand.
    level : float
        Level of the intervals.
    notes : tuple of Note
        Doubts.
    """

    brands: tuple[BrandScore, ...]
    wave: str | None
    to_average: Comparison | None
    to_best: Comparison | None
    level: float
    notes: tuple[Note, ...] = ()

    @property
    def own(self) -> BrandScore | None:
        """Our brand, None where none is marked."""
        return next((brand for brand in self.brands if brand.own), None)

    @property
    def best_rival(self) -> BrandScore | None:
        """The best of the others."""
        return next((brand for brand in self.brands if not brand.own), None)

    @property
    def sure_gaps(self) -> int:
        """How many gaps between neighbours are surely gaps (Holm's correction over all of them)."""
        p_values = [brand.gap.p_value for brand in self.brands if brand.gap is not None and brand.gap.known]
        return int((holm(p_values) < 1 - self.level).sum()) if p_values else 0

    def to_frame(self) -> pl.DataFrame:
        """Return one row a brand."""
        return pl.DataFrame(
            [
                {
                    "brand": one.brand,
                    "own": one.own,
                    "score": one.score.estimate,
                    "ci_low": known_or_none(one.score.ci_low),
                    "ci_high": known_or_none(one.score.ci_high),
                    "n": known_or_none(one.score.n),
                    "rank": known_or_none(one.rank),
                    "rank_low": known_or_none(one.rank_low),
                    "rank_high": known_or_none(one.rank_high),
                    "gap": known_or_none(one.gap.estimate) if one.gap else None,
                    "gap_p_value": known_or_none(one.gap.p_value) if one.gap else None,
                }
                for one in self.brands
            ],
            infer_schema_length=None,
        )


def benchmark(brands: FrameLike, *, level: float = 0.95, seed: int = 0) -> Benchmark:
    """Return where each brand stands among its rivals, and how surely.

    Parameters
    ----------
    brands : dataframe or path
        The table `brands`: one row a respondent and brand, or one row a brand with its published score, ``n``
        and ``spread``.
    level : float
        Level of the intervals.
    seed : int
        Seed of the simulated ranks.

    Returns
    -------
    Benchmark
        Of the last wave where there are waves.

    Notes
    -----
    Respondents who score several brands make the scores of these depend on each other; differences take that
    into account (each respondent adds their residual of each brand, divided by its answers). Ranks: places
    that a brand takes when all scores are drawn again (Goldstein and Spiegelhalter 1996). A published score
    without a spread is taken to have a standard deviation of 20 on 0 to 100. Scores of different studies or
    countries are not comparable.
    """
    frame = lazy(brands)
    for column in ("brand", "score"):
        require_column(frame, column, table="brands")
    rows, wave = _rows(read_columns(frame, _COLUMNS, "brands"))
    names, scores, counts, covariance, notes = _means(rows)
    order = np.lexsort((names, -scores))
    errors = np.sqrt(np.diagonal(covariance))
    ranks = rank_intervals(scores, errors, level, seed=seed)
    own = set(rows.filter("own")["brand"])

    def compared(weights: Floats) -> Comparison:
        return _compared(weights, scores, counts, covariance, level)

    found = tuple(
        BrandScore(
            brand=str(names[at]),
            own=names[at] in own,
            score=_score(scores[at], errors[at], counts[at], level),
            rank=float(ranks[0][at]),
            rank_low=float(ranks[1][at]),
            rank_high=float(ranks[2][at]),
            gap=compared(_contrast(len(names), at, [order[place + 1]])) if place + 1 < len(order) else None,
        )
        for place, at in enumerate(order)
    )
    ours = [at for at in order if names[at] in own][:1]
    others = [int(at) for at in order if names[at] not in own]
    both = bool(ours and others)
    return Benchmark(
        brands=found,
        wave=wave,
        to_average=compared(_contrast(len(names), ours[0], others)) if both else None,
        to_best=compared(_contrast(len(names), ours[0], others[:1])) if both else None,
        level=level,
        notes=notes,
    )


def _rows(found: pl.DataFrame) -> tuple[pl.DataFrame, str | None]:
    """Return brand, respondent, score, n, spread, own of the last wave."""
    own = pl.coalesce(flag(found, "own"), pl.lit(False)).alias("own")
    rows = found.select(
        pl.col("brand", "respondent", "wave").cast(pl.String),
        pl.col("score", "n", "spread").cast(pl.Float64, strict=False),
        own,
    ).filter(pl.col("brand").is_not_null(), pl.col("score").is_finite())
    waves = rows["wave"].drop_nulls()
    if waves.is_empty():
        return rows, None
    last = str(waves.max())
    return rows.filter(pl.col("wave") == last), last


def _means(rows: pl.DataFrame) -> tuple[NDArray[np.str_], Floats, Floats, Floats, tuple[Note, ...]]:
    """Return names, mean scores, answers behind them, and the covariance of the means."""
    published = rows["respondent"].null_count() == rows.height and (
        rows["n"].null_count() < rows.height or rows["brand"].n_unique() == rows.height
    )
    return _published(rows) if published else _answered(rows)


def _published(
    rows: pl.DataFrame,
) -> tuple[NDArray[np.str_], Floats, Floats, Floats, tuple[Note, ...]]:
    top = next((top for top in _TOPS if float(rows["score"].max() or 0) <= top), _TOPS[-1])  # type: ignore[arg-type]
    assumed = ASSUMED_SPREAD * top
    one = rows.sort("brand", "score").unique("brand", keep="last", maintain_order=True)
    counts = one["n"].fill_null(math.nan).to_numpy()
    spreads = one["spread"].fill_null(assumed).to_numpy()
    notes = []
    if one["spread"].null_count() and np.isfinite(counts).any():
        text = Text(
            "Published scores say no spread; a standard deviation of {sd} was assumed.",
            sd=Decimal(assumed, 0),
        )
        notes.append(Note(code="assumed_spread", text=text))
    if not np.isfinite(counts).all():
        text = Text("Published scores say no number of answers; their intervals are unknown.")
        notes.append(Note(code="no_n", text=text))
    names = one["brand"].to_numpy().astype(str)
    return names, one["score"].to_numpy(), counts, np.diag(spreads**2 / counts), tuple(notes)


def _answered(
    rows: pl.DataFrame,
) -> tuple[NDArray[np.str_], Floats, Floats, Floats, tuple[Note, ...]]:
    """Means of respondents; who scored a brand twice counts with the mean."""
    alone = pl.concat_str(pl.lit("row "), pl.int_range(pl.len()).cast(pl.String))
    one = (
        rows.with_columns(pl.coalesce("respondent", alone).alias("respondent"))
        .group_by("respondent", "brand")
        .agg(pl.col("score").mean())
        .sort("brand", "respondent")
    )
    means = one.group_by("brand", maintain_order=True).agg(
        pl.col("score").mean().alias("mean"), pl.len().alias("n")
    )
    residuals = one.join(means, on="brand").select(
        "respondent", "brand", ((pl.col("score") - pl.col("mean")) / pl.col("n")).alias("part")
    )
    wide = residuals.pivot("brand", index="respondent", values="part").fill_null(0.0)
    names = means["brand"].to_list()
    parts = wide.select(names).to_numpy()
    counts = means["n"].to_numpy().astype(float)
    correction = np.sqrt(counts / np.maximum(counts - 1, 1))
    covariance = (parts * correction).T @ (parts * correction)
    few = counts < 2
    covariance[few, few] = math.nan
    return np.array(names), means["mean"].to_numpy(), counts, covariance, ()


def _score(score: float, error: float, n: float, level: float) -> Estimate:
    spread = float(error) * math.sqrt(n) if n > 1 else math.nan
    return estimated_mean(Estimate, float(score), spread, float(n), level)


def _contrast(size: int, one: int, others: list[int]) -> Floats:
    weights = np.zeros(size)
    weights[one] = 1.0
    weights[others] -= 1 / len(others)
    return weights


def _compared(
    weights: Floats, scores: Floats, counts: Floats, covariance: Floats, level: float
) -> Comparison:
    used = weights != 0
    part = weights[used]
    difference = float(part @ scores[used])
    variance = float(part @ covariance[np.ix_(used, used)] @ part)
    error = math.sqrt(variance) if variance >= 0 else math.nan
    reach = NormalDist().inv_cdf(0.5 + level / 2) * error
    z = abs(difference) / error if error else math.inf if difference else 0.0
    return Comparison(
        estimate=difference if math.isfinite(error) else math.nan,
        ci_low=difference - reach,
        ci_high=difference + reach,
        n=float(counts[used].sum()),
        level=level,
        method="normal",
        standard_error=error,
        p_value=math.erfc(z / math.sqrt(2)),
    )
