"""Whether segments pay rent: how well divisions of customers foretell the money of those not yet seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, collect, lazy
from leal.errors import BadValue, MissingColumn, Where
from leal.results import Estimate, Note, Proportion, checked_level, is_number, one_called
from leal.statistics import from_draws, resample_counts
from leal.wording import Text

Floats = NDArray[np.float64]

FOLDS = 5
BLOCKS_A_FOLD = 40
TOP_SHARE = 0.2
"""The share of customers that a campaign would be aimed at."""

_METHOD = "block_bootstrap"
_REPLICATES = 500
_LEAST_CUSTOMERS = 100
_CELLS_AT_ONCE = 1 << 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """How well one division of customers foretells money.

    Attributes
    ----------
    name : str
        The division.
    groups : int
        Its number of groups.
    foretold : Proportion
        Out-of-sample R2 of the later money: 1 - squared error / squared error of the plain mean.
    captured : Estimate
        Later money of the 20 % of customers that it would choose, of all customers of the bench.
    """

    name: str
    groups: int
    foretold: Proportion
    captured: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentations:
    """Divisions of the same customers, side by side.

    Attributes
    ----------
    benches : tuple of Bench
        One a division, the best first.
    customers : int
        Customers that they were compared on.
    later_days : int
        Days over which the later money was counted.
    total : float
        Later money of all these customers.
    notes : tuple of Note
        Doubts.
    """

    benches: tuple[Bench, ...]
    customers: int
    later_days: int
    total: float
    notes: tuple[Note, ...] = ()
    _draws: Mapping[str, tuple[Floats, Floats]] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> Bench:
        return one_called(self.benches, "name", name)

    def __iter__(self) -> Iterator[Bench]:
        return iter(self.benches)

    def __contains__(self, name: object) -> bool:
        return any(bench.name == name for bench in self.benches)

    def foretells_more(self, one: str, other: str) -> Proportion:
        """Return by how much the R2 of one division exceeds that of another, on the same resamples."""
        return from_draws(
            Proportion,
            self[one].foretold.estimate - self[other].foretold.estimate,
            self._draws[one][0] - self._draws[other][0],
            n=self.customers,
            level=self[one].foretold.level,
            method=_METHOD,
        )

    def captures_more(self, one: str, other: str) -> Estimate:
        """Return how much more later money the customers chosen by one division bring than by another."""
        return from_draws(
            Estimate,
            self[one].captured.estimate - self[other].captured.estimate,
            self._draws[one][1] - self._draws[other][1],
            n=self.customers,
            level=self[one].captured.level,
            method=_METHOD,
        )


def segmentations(
    customers: FrameLike,
    divisions: str | tuple[str, ...],
    *,
    money: str = "later_money",
    later_days: int = 365,
    top_share: float = TOP_SHARE,
    level: float = 0.95,
    seed: int = 0,
) -> Segmentations:
    """Return how well each division of the customers foretells the money of customers it has not seen.

    Parameters
    ----------
    customers : dataframe or path
        One row a customer: ``customer``, the later money, and one column a division with the group of each,
        known before that money was earned. A null is a group of its own.
    divisions : str or tuple of str
        The columns to compare.
    money : str
        Column of the later money.
    later_days : int
        Days over which it was counted.
    top_share : float
        Share of customers that would be chosen.
    level : float
        Level of the intervals.
    seed : int
        Seed of the resamples.

    Returns
    -------
    Segmentations
        Without benches where there are fewer than 100 customers or no money that differs.

    Raises
    ------
    MissingColumn, BadValue
        A column is absent; the later money is no number, or missing for somebody; a share to choose that is
        none.

    Notes
    -----
    Customers fall into five folds by a hash of their names. The mean money of a group is learnt on four folds
    and foretells the fifth; R2 = 1 - sum (y - group mean)^2 / sum (y - plain mean)^2, both means learnt on
    the four. A division without any use has 0, one that fits noise is below 0. Money captured: in each fold
    the groups are taken by their learnt mean until the share is full, the last one in part. All comes from
    counts, sums and squares by block, fold and group; intervals resample 40 blocks of customers within each
    fold, the same for all divisions, so that differences are paired.
    """
    checked_level(level)
    _require_share(top_share)
    customers = collect(lazy(customers))
    divisions = (divisions,) if isinstance(divisions, str) else divisions
    _require_columns(customers, divisions, money)
    if customers.height < _LEAST_CUSTOMERS or customers[money].n_unique() < 2:
        return Segmentations(
            benches=(), customers=customers.height, later_days=later_days, total=0.0, notes=(_too_few(),)
        )
    weights = _resampled_blocks(seed)
    draws: dict[str, tuple[Floats, Floats]] = {}
    benches = []
    for name in divisions:
        sums = _sums(customers, name, money)
        foretold, captured = _scores(sums, weights, top_share)
        draws[name] = (foretold[1:], captured[1:])
        benches.append(_bench(name, sums.shape[2], foretold, captured, customers.height, level))
    return Segmentations(
        benches=tuple(sorted(benches, key=lambda bench: (-bench.foretold.estimate, bench.name))),
        customers=customers.height,
        later_days=later_days,
        total=float(customers[money].sum()),
        _draws=draws,
    )


def _require_share(share: float) -> None:
    if is_number(share) and 0 < share <= 1:
        return
    raise BadValue(
        Text("A share of {share} of the customers cannot be chosen.", share=repr(share)),
        hint=Text("Give it as a fraction above 0, at most 1: .3 for 30 %."),
        where=Where(column="top_share"),
    )


def _require_columns(customers: pl.DataFrame, divisions: tuple[str, ...], money: str) -> None:
    for name in ("customer", money, *divisions):
        if name not in customers.columns:
            raise MissingColumn(name, customers.columns, table="customers")
    _refuse_twice(customers)
    column = customers[money]
    if not customers.height or (
        column.dtype.is_numeric() and column.cast(pl.Float64).is_finite().sum() == customers.height
    ):
        return
    raise BadValue(
        Text("The later money of some customers is missing or no number."),
        hint=Text("Give what each customer brought after the groups were formed; 0 to who bought nothing."),
        where=Where(column=money),
    )


def _refuse_twice(customers: pl.DataFrame) -> None:
    twice = customers.filter(pl.col("customer").is_not_null() & pl.col("customer").is_duplicated())
    if twice.height:
        raise BadValue(
            Text("Customer {customer} is there twice.", customer=str(twice["customer"][0])),
            hint=Text("Give one row a customer: frame.unique('customer')."),
            where=Where(column="customer"),
        )


def quantile_groups(values: pl.Expr, groups: int) -> pl.Expr:
    """Return the number (1 to `groups`) of the equal-sized group of each value, equals together."""
    rank = values.rank("average") / values.count()
    return (rank * groups).ceil().clip(1, groups).cast(pl.Int32)


def _sums(customers: pl.DataFrame, division: str, money: str) -> Floats:
    """Return count, sum and squares by fold, block and group: (folds, blocks, groups, 3)."""
    hashed = pl.col("customer").cast(pl.String).hash(seed=2)
    cells = customers.select(
        (hashed % FOLDS).cast(pl.Int64).alias("fold"),
        (hashed // FOLDS % BLOCKS_A_FOLD).cast(pl.Int64).alias("block"),
        pl.col(division).cast(pl.String).fill_null("").rank("dense").cast(pl.Int64).alias("group") - 1,
        pl.col(money).cast(pl.Float64).alias("money"),
    )
    grouped = cells.group_by("fold", "block", "group").agg(
        pl.len().cast(pl.Float64).alias("n"),
        pl.col("money").sum(),
        (pl.col("money") ** 2).sum().alias("squares"),
    )
    sums = np.zeros((FOLDS, BLOCKS_A_FOLD, int(cells["group"].n_unique()), 3))
    places = tuple(grouped[name].to_numpy() for name in ("fold", "block", "group"))
    sums[places] = grouped.select("n", "money", "squares").to_numpy()
    return sums


def _resampled_blocks(seed: int) -> Floats:
    """Return how often each block counts: (1 + replicates, folds, blocks), the first row being the data."""
    strata = np.repeat(np.arange(FOLDS), BLOCKS_A_FOLD)
    ones = np.ones(FOLDS * BLOCKS_A_FOLD)
    drawn = np.concatenate(list(resample_counts(ones, _REPLICATES, seed=seed, strata=strata)))
    return np.concatenate([ones[None], drawn]).reshape(-1, FOLDS, BLOCKS_A_FOLD)


def _scores(sums: Floats, weights: Floats, top_share: float) -> tuple[Floats, Floats]:
    """Return R2 and captured money for each resample, some resamples at a time where the groups are many."""
    at_once = max(1, _CELLS_AT_ONCE // (FOLDS * 3 * sums.shape[2]))
    parts = [
        _scores_of(sums, weights[start : start + at_once], top_share)
        for start in range(0, len(weights), at_once)
    ]
    return np.concatenate([one for one, _ in parts]), np.concatenate([other for _, other in parts])


def _scores_of(sums: Floats, weights: Floats, top_share: float) -> tuple[Floats, Floats]:
    by_fold = np.einsum("rfb,fbgm->rfgm", weights, sums)
    learnt = by_fold.sum(axis=1, keepdims=True) - by_fold
    plain = learnt[..., 1].sum(axis=2) / np.maximum(learnt[..., 0].sum(axis=2), 1)
    seen = learnt[..., 0] > 0
    means = np.where(seen, learnt[..., 1] / np.where(seen, learnt[..., 0], 1), plain[..., None])
    error = _squared_error(by_fold, means).sum(axis=(1, 2))
    base = _squared_error(by_fold, np.broadcast_to(plain[..., None], means.shape)).sum(axis=(1, 2))
    foretold = 1 - error / np.where(base > 0, base, 1)
    return foretold, _captured(by_fold, means, top_share).sum(axis=1)


def _squared_error(sums: Floats, means: Floats) -> Floats:
    return sums[..., 2] - 2 * means * sums[..., 1] + means**2 * sums[..., 0]


def _captured(sums: Floats, means: Floats, top_share: float) -> Floats:
    order = np.argsort(-means, axis=2, kind="stable")
    counts = np.take_along_axis(sums[..., 0], order, axis=2)
    money = np.take_along_axis(sums[..., 1], order, axis=2)
    room = top_share * counts.sum(axis=2, keepdims=True)
    before = np.cumsum(counts, axis=2) - counts
    taken = np.clip(room - before, 0, counts) / np.where(counts > 0, counts, 1)
    return (taken * money).sum(axis=2)  # type: ignore[no-any-return]


def _bench(name: str, groups: int, foretold: Floats, captured: Floats, n: int, level: float) -> Bench:
    return Bench(
        name=name,
        groups=groups,
        foretold=from_draws(Proportion, foretold[0], foretold[1:], n=n, level=level, method=_METHOD),
        captured=from_draws(Estimate, captured[0], captured[1:], n=n, level=level, method=_METHOD),
    )


def _too_few() -> Note:
    return Note(
        code="few_customers",
        text=Text("{count} customers or more whose later money differs", count=_LEAST_CUSTOMERS),
    )
