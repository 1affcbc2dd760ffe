"""What customers will bring: purchases, chance of being still there and amounts joined to money."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from leal.engine import FrameLike
from leal.errors import BadOption, BadValue, Where
from leal.measure import DISCOUNT, Until
from leal.predict.purchase_models.bg_nbd import BgNbd
from leal.predict.purchase_models.checked_arguments import require_count, require_discount, written
from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.gamma_gamma import GammaGamma
from leal.predict.purchase_models.mbg_nbd import MbgNbd
from leal.predict.purchase_models.pareto_nbd import ParetoNbd
from leal.predict.purchase_models.purchase_model import PurchaseModelFit, TooLittleData
from leal.predict.value.customer_bases import PurchaseBase, purchase_base
from leal.predict.value.holdouts import (
    FEWEST_REPEATERS,
    Holdout,
    PurchaseModel,
    fitted_spend,
)
from leal.predict.value.model_errors import ModelError, past_errors
from leal.predict.value.outlook import Outlook
from leal.predict.value.retention_worth import NOBODY_LEAVES, worth_of_a_point, yearly_retention
from leal.predict.value.value_result import LifetimeValue
from leal.results import Money, Note, Proportion, checked_count, checked_level, is_number
from leal.wording import Count, Percent, Text

LONG_RUN = 520.0
"""Weeks of the long run: ten years, beyond which neither customers nor interest leave much."""

MODELS: dict[str, PurchaseModel] = {"pareto_nbd": ParetoNbd(), "mbg_nbd": MbgNbd(), "bg_nbd": BgNbd()}
"""The models of purchases by name, the default one first."""

_NAMES = {"ParetoNbd": "Pareto/NBD", "MbgNbd": "MBG/NBD", "BgNbd": "BG/NBD"}
_DRAWS = 400


def lifetime_value(
    purchases: FrameLike,
    *,
    margin: float | None = None,
    model: PurchaseModel | str | None = None,
    weeks: float = 52,
    discount: float = DISCOUNT,
    until: Until | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> LifetimeValue:
    """Tell what each customer and all of them together will bring, from their purchases alone.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`: one row a purchase with ``customer``, ``bought_at``, ``amount`` (money; refunds
        negative); ``margin`` and ``currency`` where known.
    margin : float, optional
        Margin as a share of revenue, .3 for 30 %. Without it and without a column ``margin`` all money is
        revenue, which a note says.
    model : {"pareto_nbd", "mbg_nbd", "bg_nbd"} or model, optional
        Model of the purchases; Pareto/NBD by default (see Notes).
    weeks : float
        Horizon; `long_run` looks ten years ahead besides.
    discount : float
        Rate of interest a year, .1 for 10 %; each week's money is discounted to today.
    until : date, text or day number, optional
        Day from which to look ahead; by default that of the last purchase.
    level : float
        Level of all intervals.
    seed : int
        Seed of the draws behind the intervals of `median` and `top_share`; the others need none.

    Returns
    -------
    LifetimeValue
        Unknown, with the reason, where fewer than ten customers bought again.

    Raises
    ------
    MissingColumn, BadValue
        A column is absent; a value cannot be; purchases in several currencies.

    Notes
    -----
    Value = margin x discounted expected purchases (Pareto/NBD) x expected amount of a purchase (Gamma-Gamma),
    taken to be independent; a note says where the two are correlated.

    The intervals of `total`, `mean`, `long_run` and of each customer are of what will really come: the
    variance of each customer's future given the model, which follows from the posterior of their rates in
    closed form, plus what the fit leaves open about its parameters (limits of the profile likelihood up to
    20,000 customers, delta method beyond); sums that are not nothing are taken for gamma distributed. A
    season, a campaign or a new rival is not in any of these models: where forecasts of two past stretches
    missed by more than chance explains, all intervals are widened by what they missed
    (`leal.predict.value.model_errors`), and a note says so.

    Pareto/NBD is the default: its P(alive) may be shown (BG/NBD takes all one-time buyers for alive), and
    over a year it was the least biased of the three on CDNOW and on simulated companies, the mean errors
    being alike.

    Not for contracts, where you see who leaves; not for a business younger than a few purchase cycles.

    References
    ----------
    Fader, Hardie, Lee (2005), Journal of Marketing Research 42(4), 415-430.
    Schmittlein, Morrison, Colombo (1987), Management Science 33(1), 1-24.

    Examples
    --------
    >>> import datetime as dt
    >>> import polars as pl, leal
    >>> table = pl.DataFrame({
    ...     "customer": [f"c{i % 40}" for i in range(120)],
    ...     "bought_at": [dt.date(2025, 1, 1) + dt.timedelta(days=(i * i * 7) % 300) for i in range(120)],
    ...     "amount": [20.0 + i % 11 for i in range(120)],
    ... })
    >>> worth = leal.lifetime_value(table, margin=.3)
    >>> worth.total.basis
    'margin'
    """
    checked_level(level)
    require_horizon(weeks, discount)
    require_count(seed, "seed")
    base = purchase_base(purchases, margin=margin, until=until)
    return value_of_base(base, model=model, weeks=weeks, discount=discount, level=level, seed=seed)


def value_of_base(
    base: PurchaseBase,
    *,
    model: PurchaseModel | str | None = None,
    weeks: float = 52,
    discount: float = DISCOUNT,
    level: float = 0.95,
    seed: int = 0,
    fit: PurchaseModelFit | None = None,
    beyond: ModelError | None = None,
) -> LifetimeValue:
    """Return the same as `lifetime_value` of a base at hand, with a `fit` and its past errors if known."""
    chosen = chosen_model(model)
    reason = _too_little(base)
    if reason is not None:
        return _unknown(base, chosen, weeks, discount, level, reason)
    try:
        known = chosen.fit(base.summary) if fit is None else fit
    except TooLittleData as error:
        reason = Note(code="too_little_data", text=error.message)
        return _unknown(base, chosen, weeks, discount, level, reason)
    outlook = outlook_of(base, known, weeks=weeks, discount=discount)
    errors = past_errors(base, chosen, weeks, level=level) if beyond is None else beyond
    holdout = errors.tries[0] if errors.tries else None
    return _told(base, chosen, replace(outlook, missed=errors.variance), holdout, errors, level, seed)


def chosen_model(model: PurchaseModel | str | None) -> PurchaseModel:
    """Return a model by its name, the default one for none."""
    if model is None:
        return next(iter(MODELS.values()))
    fits = not isinstance(model, str | type | GammaGamma) and callable(getattr(model, "fit", None))
    if fits and not isinstance(model, str):
        return model
    if not isinstance(model, str) or model not in MODELS:
        raise BadOption("model", model, list(MODELS))
    return MODELS[model]


def model_name(model: PurchaseModel) -> str:
    """Return what a model is called in the literature."""
    kind = type(model).__name__
    return _NAMES.get(kind, kind)


def outlook_of(base: PurchaseBase, fit: PurchaseModelFit, *, weeks: float, discount: float) -> Outlook:
    """Return what a base will bring by a fit of its purchases; amounts are fitted here."""
    return Outlook(
        fit=fit,
        spend_fit=fitted_spend(base),
        customers=base.customers,
        spend=base.spend,
        amounts=base.amounts,
        margin=base.margin,
        weeks=weeks,
        discount=discount,
    )


def require_horizon(weeks: float, discount: float) -> None:
    """Raise `BadValue` where a horizon or a rate of interest is none."""
    require_discount(discount)
    if not (is_number(weeks) and 0 < weeks < math.inf):
        raise BadValue(
            Text("A horizon of {weeks} weeks gives no value.", weeks=written(weeks)),
            hint=Text("Give weeks above 0: 52 for a year."),
            where=Where(column="weeks"),
        )


def _too_little(base: PurchaseBase) -> Note | None:
    if base.repeaters >= FEWEST_REPEATERS:
        return None
    text = Text(
        "needs {needed} customers who bought on two days or more; {found} of {n} did",
        needed=FEWEST_REPEATERS,
        found=Count(base.repeaters),
        n=Count(base.summary.height),
    )
    return Note(code="too_little_data", text=text)


def _told(
    base: PurchaseBase,
    model: PurchaseModel,
    outlook: Outlook,
    holdout: Holdout | None,
    error: ModelError,
    level: float,
    seed: int,
) -> LifetimeValue:
    total = _money(base, outlook, level)
    long_run = replace(outlook, weeks=LONG_RUN)
    median, top_share = _unequal(base, outlook, level, seed)
    retention, point = _retention(base, long_run, level)
    return LifetimeValue(
        customers=_customers(base, outlook, level),
        total=total,
        mean=_a_head(total),
        median=median,
        long_run=_money(base, long_run, level),
        top_share=top_share,
        retention=retention,
        one_point=point,
        model=model_name(model),
        weeks=outlook.weeks,
        discount=outlook.discount,
        fit=outlook.fit,
        spend_fit=outlook.spend_fit,
        holdout=holdout,
        notes=_notes(base, model, outlook, holdout, error),
    )


def _money(base: PurchaseBase, outlook: Outlook, level: float) -> Money:
    low, high = outlook.limits(level)
    estimate = float(outlook.value.sum())
    return Money(estimate=estimate, ci_low=low, ci_high=high, **_shared(base, level, "purchase_model"))


def _shared(base: PurchaseBase, level: float, method: str) -> dict[str, Any]:
    return {
        "n": base.summary.height,
        "level": level,
        "method": method,
        "currency": base.currency,
        "basis": base.basis,
        "period": "once",
        "grade": "C",
    }


def _a_head(total: Money) -> Money:
    return replace(
        total,
        estimate=total.estimate / total.n,
        ci_low=total.ci_low / total.n,
        ci_high=total.ci_high / total.n,
    )


def _customers(base: PurchaseBase, outlook: Outlook, level: float) -> pl.DataFrame:
    low, high = outlook.chance.blurred(outlook.uncertainty).interval(level)
    frame = pl.DataFrame(
        {
            "customer": base.summary["customer"],
            "frequency": base.summary["frequency"],
            "p_alive": outlook.p_alive,
            "expected_purchases": outlook.purchases,
            "expected_spend": outlook.spending.mean,
            "value": outlook.value,
            "value_low": low,
            "value_high": high,
        }
    )
    return frame.sort("value", "customer", descending=[True, False])


def _unequal(base: PurchaseBase, outlook: Outlook, level: float, seed: int) -> tuple[Money, Proportion]:
    """Return median and share of the top tenth; their intervals from draws of customers and parameters."""
    values = outlook.value
    median, share = float(np.median(values)), top_tenth(values)
    draws = _drawn_values(outlook, seed)
    tails = [(1 - level) / 2, (1 + level) / 2]
    # the part drawn from is smaller than the base, so that its draws scatter more than the base's would
    narrow = math.sqrt(outlook.part.customers.n / outlook.customers.n)
    limits = []
    for figure, found in ((np.median, median), (top_tenth, share)):
        seen = np.array([figure(one) for one in draws])
        limits.append(found + (np.quantile(seen, tails) - np.median(seen)) * narrow)
    (low, high), (share_low, share_high) = limits
    of_share = Proportion(
        estimate=share,
        ci_low=max(float(share_low), 0.0),
        ci_high=min(float(share_high), 1.0),
        n=values.size,
        level=level,
        method="bootstrap",
    )
    money = Money(
        estimate=median, ci_low=max(float(low), 0.0), ci_high=float(high), **_shared(base, level, "bootstrap")
    )
    return money, of_share


def _drawn_values(outlook: Outlook, seed: int) -> list[Floats]:
    part = outlook.part
    values = np.maximum(part.value, 1e-300)
    slopes = outlook.slopes(lambda one: np.log(np.maximum(one.value, 1e-300)))
    random = np.random.default_rng([checked_count(seed, "seed"), 7])
    size = slopes.shape[-1]
    steps = random.multivariate_normal(np.zeros(size), outlook.covariance, _DRAWS) if size else None
    drawn = []
    for draw in range(_DRAWS):
        rows = random.integers(0, values.size, values.size)
        shift = slopes[rows] @ steps[draw] if steps is not None else 0.0
        drawn.append(values[rows] * np.exp(np.clip(shift, -50, 50)))
    return drawn


def top_tenth(values: Floats) -> float:
    """Return the share of the sum that the largest tenth of the values holds (the tenth rounded up)."""
    total = float(values.sum())
    if not total > 0:
        return math.nan
    many = math.ceil(values.size / 10)
    return float(np.partition(values, values.size - many)[values.size - many :].sum()) / total


def _retention(base: PurchaseBase, long_run: Outlook, level: float) -> tuple[Proportion, Money]:
    """Return yearly retention and the worth of a point of it, of a part of the base carried to the whole."""
    from scipy.special import ndtri

    part = long_run.part
    scale = float(long_run.value.sum() / part.value.sum()) if part.value.sum() > 0 else 1.0
    figures = np.array([yearly_retention(part), worth_of_a_point(part)])
    if not figures[0] < NOBODY_LEAVES:
        # where no leaving is visible the log is too short to say that all will stay
        figures[:] = np.nan
    z = float(ndtri(0.5 + level / 2))
    slopes = long_run.slopes(lambda one: np.array([yearly_retention(one), worth_of_a_point(one)]))
    reach = z * np.sqrt(np.einsum("ij,jk,ik->i", slopes, long_run.covariance, slopes))
    share = Proportion(
        estimate=float(figures[0]),
        ci_low=float(np.maximum(figures[0] - reach[0], 0.0)),
        ci_high=float(np.minimum(figures[0] + reach[0], 1.0)),
        n=base.summary.height,
        level=level,
        method="delta",
    )
    worth = Money(
        estimate=scale * float(figures[1]),
        ci_low=scale * float(figures[1] - reach[1]),
        ci_high=scale * float(figures[1] + reach[1]),
        **_shared(base, level, "delta"),
    )
    return share, worth


def _notes(
    base: PurchaseBase, model: PurchaseModel, outlook: Outlook, holdout: Holdout | None, error: ModelError
) -> tuple[Note, ...]:
    notes = []
    if base.basis == "revenue":
        text = Text("Money is revenue, not margin: give the margin to learn what customers are worth.")
        notes.append(Note(code="revenue_not_margin", text=text))
    notes.append(_held(holdout))
    notes += [error.note] if error.note else []
    once = int((base.summary["frequency"] == 0).sum())
    text = Text(
        "{once} of {n} customers ({share}) bought once only: what they will do is known least.",
        once=Count(once),
        n=Count(base.summary.height),
        share=Percent(once / base.summary.height),
    )
    notes.append(Note(code="one_time_buyers", text=text))
    if outlook.spend_fit is None:
        text = Text(
            "Amounts could not be told apart by customer: everyone's purchases count as the mean one."
        )
        notes.append(Note(code="same_spend", text=text))
    text = Text(
        "{model} has no season in it: over a holiday peak it foretells too little, after one too much.",
        model=model_name(model),
    )
    notes.append(Note(code="no_season", text=text))
    fitted = [*outlook.fit.notes, *(outlook.spend_fit.notes if outlook.spend_fit else ())]
    return tuple(dict.fromkeys([*notes, *fitted, *base.notes]))


def _held(holdout: Holdout | None) -> Note:
    if holdout is None:
        text = Text("The forecast could not be tried on a part of the data: they are too short.")
        return Note(code="no_holdout", text=text)
    if holdout.held:
        return Note(code="holdout_held", text=holdout.sentence())
    text = Text(
        "{sentence} That lies outside the interval: a season or a change is at work that no model of this"
        " kind knows.",
        sentence=holdout.sentence(),
    )
    return Note(code="holdout_missed", text=text)


def _unknown(
    base: PurchaseBase, model: PurchaseModel, weeks: float, discount: float, level: float, reason: Note
) -> LifetimeValue:
    nan = math.nan
    money = Money(estimate=nan, ci_low=nan, ci_high=nan, **_shared(base, level, "none"))
    share = Proportion(
        estimate=nan, ci_low=nan, ci_high=nan, n=base.summary.height, level=level, method="none"
    )
    empty = base.summary.select("customer", "frequency").with_columns(
        pl.lit(None, pl.Float64).alias(name)
        for name in (
            "p_alive", "expected_purchases", "expected_spend", "value", "value_low", "value_high",
        )
    )  # fmt: skip
    return LifetimeValue(
        customers=empty.sort("customer"),
        total=money,
        mean=money,
        median=money,
        long_run=money,
        top_share=share,
        retention=share,
        one_point=money,
        model=model_name(model),
        weeks=weeks,
        discount=discount,
        fit=None,
        spend_fit=None,
        holdout=None,
        notes=(reason, *base.notes),
    )
