"""What drives satisfaction: how much each item explains, how well it does, how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np
import polars as pl

from leal.engine import FrameLike, LazyFrame, collect, column_names, lazy, require_column
from leal.errors import BadOption
from leal.explain.asymmetry import asymmetries
from leal.explain.driver_results import Driver, Drivers
from leal.explain.guard import left_out, refused_by_figures, refused_by_name
from leal.explain.item_moments import Floats, ItemKernel, Moments
from leal.explain.items import Item, find_items, scale_of
from leal.explain.linear import correlations, covariances, inverse, percentiles
from leal.measure import item_names
from leal.results import Estimate, Note, Proportion
from leal.statistics import johnson_weights, lmg
from leal.wording import Count, Listing, Percent, Text

DRAWS = 300
EXACT_UP_TO = 15
"""Items up to which Shapley values are reckoned; beyond it Johnson's weights stand in."""

LEAST_ITEMS = 2
_LEAST_ANSWERS = 30
_ANSWERS_PER_ITEM = 5
_COLLINEAR = 5.0
_MANY_INCOMPLETE = 0.1
_BATCH = 262_144

Kind = TypeVar("Kind", bound=Estimate)


def drivers(
    answers: FrameLike,
    *,
    outcome: str | None = None,
    weight: str | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 0,
    names: Mapping[str, str] | None = None,
) -> Drivers:
    """Return how much each survey item explains of satisfaction (or of another score).

    Parameters
    ----------
    answers : dataframe or path
        The table of answers with item columns (image1, quality2, IMAG1, or any question on a common scale).
    outcome : str, optional
        The score to explain: ``satisfaction`` where it is there, else ``recommend``.
    weight : str, optional
        Column of sampling weights; by default ``weight`` where it is there.
    level : float
        Level of the intervals.
    draws : int
        Resamples behind the intervals.
    seed : int
        Seed of the resamples.
    names : mapping, optional
        What items ask for in a few words, by column; the items of Leal's questionnaires are known.

    Returns
    -------
    Drivers

    Raises
    ------
    MissingColumn
        The outcome or the weight is not a column.
    BadOption
        `draws` is below 100.

    Notes
    -----
    Importance is the Shapley value of R2 (Lindeman, Merenda and Gold 1980; Grömping 2006); beyond 15 items
    Johnson's weights (2000). Intervals are percentiles of a bootstrap of 200 random blocks of respondents,
    all answers of a customer in one block. Complete answers only: where items are empty for a reason that
    has to do with satisfaction, the ranking is biased. An item that restates the outcome is left out (see
    `LeftOut`). Never read it as proof of a cause: a halo lifts all items alike, and only an experiment tells.

    References
    ----------
    Lindeman, Merenda and Gold (1980); Johnson (2000), Multivariate Behavioral Research 35(1); Grömping
    (2006), Journal of Statistical Software 17(1).
    """
    if draws < 100:
        raise BadOption("draws", draws, ["100 ..."])
    frame = lazy(answers)
    target = _target(frame, outcome)
    if weight is not None:
        require_column(frame, weight, table="answers")
    elif "weight" in column_names(frame):
        weight = "weight"
    goal = scale_of(frame, target)
    items = tuple(item for item in find_items(frame) if item.name not in (target, weight))
    if goal is None or len(items) < LEAST_ITEMS:
        return Drivers(outcome=target, notes=(_too_few_items(len(items)),))
    labels = item_names(column_names(frame), names=names)
    return _analyse(frame, goal, items, labels, weight, level, draws, seed)


def _target(frame: LazyFrame, outcome: str | None) -> str:
    names = column_names(frame)
    target = outcome or ("satisfaction" if "satisfaction" in names else "recommend")
    require_column(frame, target, table="answers")
    return target


def _analyse(
    frame: LazyFrame,
    goal: Item,
    items: tuple[Item, ...],
    labels: Mapping[str, str],
    weight: str | None,
    level: float,
    draws: int,
    seed: int,
) -> Drivers:
    named = {item: refused_by_name(item, goal.n) for item in items}
    candidates = tuple(item for item, reason in named.items() if reason is None)
    columns = _columns(frame, goal, items, weight)
    moments = _moments(columns, goal, candidates, weight)
    related = _correlations(columns, goal, items)
    spreads = _spreads(moments)
    refused = tuple(
        left_out(item, labels.get(item.name, item.name), reason, related[item.name])
        for item, by_name in named.items()
        if (reason := by_name or refused_by_figures(related[item.name], spreads[item.name])) is not None
    )
    kept = moments.keep({item.name for item in candidates} - {one.name for one in refused})
    told = Drivers(outcome=goal.name, left_out=refused, n=moments.n, incomplete=moments.incomplete)
    if len(kept.items) < LEAST_ITEMS:
        return replace(told, notes=(_too_few_items(len(kept.items)),))
    needed = max(_LEAST_ANSWERS, _ANSWERS_PER_ITEM * len(kept.items))
    if kept.effective_n < needed or _variance_of_outcome(kept) <= 0:
        return replace(told, notes=(_too_few_answers(kept.n, needed),))
    return _ranked(told, kept, kept.resampled(draws, seed), level, labels)


def _columns(frame: LazyFrame, goal: Item, items: tuple[Item, ...], weight: str | None) -> pl.DataFrame:
    names = column_names(frame)
    respondent = [name for name in ("customer", "answer") if name in names][:1]
    weights = [] if weight is None else [weight]
    return collect(frame.select(goal.name, *(item.name for item in items), *weights, *respondent))


def _moments(columns: pl.DataFrame, goal: Item, items: tuple[Item, ...], weight: str | None) -> Moments:
    respondent = next((name for name in ("customer", "answer") if name in columns.columns), None)
    kernel = ItemKernel(items=items, outcome=goal, weight=weight, respondent=respondent)
    wanted = columns.select(kernel.columns)
    parts = (kernel.partial(part.to_arrow()) for part in wanted.iter_slices(_BATCH))
    return kernel.finish(kernel.merge(parts))


def _correlations(columns: pl.DataFrame, goal: Item, items: tuple[Item, ...]) -> dict[str, float]:
    """Correlation of each item with the outcome where both were answered; zero where it has none."""
    pairs = [pl.corr(goal.name, item.name).alias(item.name) for item in items]
    found = columns.cast(dict.fromkeys((goal.name, *(item.name for item in items)), pl.Float64))
    row = found.select(pairs).row(0, named=True)
    return {name: float(r) if r is not None and np.isfinite(r) else 0.0 for name, r in row.items()}


def _spreads(moments: Moments) -> dict[str, float]:
    if not moments.n:
        return {item.name: 1.0 for item in moments.items}
    variances = np.diagonal(covariances(moments.total[None], _scores(moments))[0])[1:]
    return {item.name: float(v) for item, v in zip(moments.items, variances, strict=True)}


def _scores(moments: Moments) -> slice:
    """Columns of the outcome and the items in a matrix of moments."""
    return slice(1, 2 + len(moments.items))


def _variance_of_outcome(moments: Moments) -> float:
    return float(covariances(moments.total[None], slice(1, 2))[0, 0, 0])


def _ranked(
    told: Drivers, moments: Moments, resamples: Floats, level: float, labels: Mapping[str, str]
) -> Drivers:
    point, drawn = _figures(moments.total[None]), _figures(resamples)
    asymmetric = asymmetries(moments, resamples, level)
    n = moments.effective_n
    found = [
        Driver(
            name=item.name,
            label=labels.get(item.name, item.name),
            block=item.block,
            importance=_estimate(Proportion, point["shares"], drawn["shares"], place, n, level),
            performance=_estimate(Estimate, point["means"], drawn["means"], place + 1, n, level),
            effect=_estimate(Estimate, point["slopes"], drawn["slopes"], place, n, level),
            correlation=float(point["correlations"][0, place]),
            inflation=float(point["inflations"][0, place]),
            asymmetry=asymmetric[place],
        )
        for place, item in enumerate(moments.items)
    ]
    together, resampled = (figures["shares"].sum(axis=1, keepdims=True) for figures in (point, drawn))
    return replace(
        told,
        drivers=tuple(sorted(found, key=lambda driver: (-driver.importance.estimate, driver.name))),
        explained=_estimate(Proportion, together, resampled, 0, n, level),
        outcome_mean=_estimate(Estimate, point["means"], drawn["means"], 0, n, level),
        metric="lmg" if len(found) <= EXACT_UP_TO else "johnson",
        notes=_notes(moments, found),
    )


def _figures(sums: Floats) -> dict[str, Floats]:
    """Shares, means, slopes, correlations and inflation of a stack of moment matrices."""
    items = (sums.shape[1] - 2) // 3
    covariance = covariances(sums, slice(1, 2 + items))
    related = correlations(covariance)
    among, with_outcome = related[:, 1:, 1:], related[:, 0, 1:]
    shares = lmg if items <= EXACT_UP_TO else johnson_weights
    slopes = np.einsum("bij,bj->bi", inverse(covariance[:, 1:, 1:]), covariance[:, 0, 1:])
    return {
        "shares": shares(among, with_outcome),
        "means": 100 * sums[:, 0, 1 : 2 + items] / sums[:, 0, 0][:, None],
        "slopes": slopes,
        "correlations": with_outcome,
        "inflations": _inflations(among),
    }


def _inflations(among: Floats) -> Floats:
    """Variance inflation factors; infinite where an item is a sum of the others."""
    values, vectors = np.linalg.eigh(among)
    lasting = np.where(values > 1e-9, 1 / np.where(values > 1e-9, values, 1), np.inf)
    squares = vectors**2
    parts = np.where(squares > 1e-12, squares, 0.0)
    with np.errstate(invalid="ignore"):  # zero times infinity is zero here
        products = np.where(parts > 0, parts * lasting[:, None, :], 0.0)
    return products.sum(axis=2)  # type: ignore[no-any-return]


def _estimate(kind: type[Kind], point: Floats, drawn: Floats, place: int, n: float, level: float) -> Kind:
    low, high = percentiles(drawn[:, place], level)
    value = float(point[0, place])
    return kind(
        estimate=value,
        ci_low=min(low, value),
        ci_high=max(high, value),
        n=n,
        level=level,
        method="block_bootstrap",
    )


def _notes(moments: Moments, found: list[Driver]) -> tuple[Note, ...]:
    notes = [
        Note(
            code="correlation_only",
            text=Text("Correlation, not proof: a survey alone never shows a cause (grade C)."),
        )
    ]
    asked = moments.n + moments.incomplete
    if moments.incomplete > _MANY_INCOMPLETE * asked:
        share = Percent(moments.incomplete / asked)
        text = Text(
            "{share} of the answers were left out because something was empty. Where customers skip a "
            "question for a reason that has to do with their satisfaction, the ranking is biased.",
            share=share,
        )
        notes.append(Note(code="incomplete_answers", text=text))
    close = [driver.label for driver in found if driver.inflation > _COLLINEAR]
    if close:
        text = Text(
            "These items move together and can hardly be told apart: {items}.", items=Listing.of(close)
        )
        notes.append(Note(code="collinear_items", text=text))
    if len(found) > EXACT_UP_TO:
        text = Text(
            "More than {count} items: Johnson's relative weights stand in for Shapley values.",
            count=EXACT_UP_TO,
        )
        notes.append(Note(code="johnson_weights", text=text))
    return tuple(notes)


def _too_few_items(found: int) -> Note:
    text = Text("Needs two survey items or more that may be causes; found {count}.", count=found)
    return Note(code="few_items", text=text)


def _too_few_answers(found: int, needed: int) -> Note:
    text = Text(
        "Needs {needed} complete answers that differ; found {count}.",
        needed=Count(needed),
        count=Count(found),
    )
    return Note(code="few_answers", text=text)
