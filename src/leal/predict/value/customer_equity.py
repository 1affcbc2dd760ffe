"""What changed the value of the customer base between two days: new, lost, retention, spend, margin."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from leal.engine import FrameLike, as_date
from leal.errors import BadValue, Where
from leal.measure import DISCOUNT, Until, number_of_day
from leal.predict.purchase_models.customer_columns import Floats, Rhythm
from leal.predict.purchase_models.purchase_model import PurchaseModelFit, TooLittleData
from leal.predict.value.customer_bases import PurchaseBase, purchase_base
from leal.predict.value.equity_errors import GROUPS, PartsWithout
from leal.predict.value.equity_parts import lost_customers, shared_parts
from leal.predict.value.holdouts import FEWEST_REPEATERS, PurchaseModel
from leal.predict.value.lifetime_values import (
    LONG_RUN,
    chosen_model,
    model_name,
    outlook_of,
    require_horizon,
)
from leal.predict.value.model_errors import ModelError, past_errors
from leal.predict.value.outlook import Outlook
from leal.results import Money, Note, checked_level, to_plain
from leal.statistics import t_quantile, two_sided_z
from leal.wording import Day, RoundAmount, Text

if TYPE_CHECKING:
    from leal.charts import Chart, Style

COMPONENTS = ("new", "lost", "retention", "spend", "margin")
"""What the change is made of, in the order in which it is shown."""

NAMES = {
    "new": Text("New customers"),
    "lost": Text("Lost customers"),
    "retention": Text("Purchases of those who stayed"),
    "spend": Text("Amount of a purchase"),
    "margin": Text("Margin"),
}

_YEAR = 365

_ONE_SIDED = ("before", "after", "new", "lost")
"""Parts that are of one sign whoever comes."""

_MOST_LOG = 50.0

FEWEST_WEEKS = 13
"""Weeks of purchases before the first day below which older customers would pass for new ones."""

TRIED_WEEKS = 52
"""Length of the past stretches whose forecasts tell how far the model may be off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityBridge:
    """The value of all customers on two days, and what made it change.

    Attributes
    ----------
    first_day, last_day : int
        The two days (day numbers).
    before, after : Money
        Value of all customers of each day: expected money of the years to come, discounted to that day.
    change : Money
        after - before.
    components : dict of Money
        ``new`` (value of customers who came in between), ``lost`` (what those are worth less who were
        customers and are probably gone), and of all others ``retention`` (expected purchases: chance of being
        there and rhythm), ``spend`` (amount of a purchase) and ``margin``. They add up to `change` exactly.
    customers : dict of int
        Customers in ``before, after, new, lost``.
    model : str
        Name of the model of purchases.
    notes : tuple of Note
        Doubts.
    """

    first_day: int
    last_day: int
    before: Money
    after: Money
    change: Money
    components: dict[str, Money]
    customers: dict[str, int]
    model: str
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there was enough to tell anything."""
        return self.change.known

    def sentence(self) -> Text:
        """Return in one sentence what changed the value most."""
        if not self.known:
            return Text("change of customer value unknown: {reason}", reason=self.notes[0].text)
        largest = max(COMPONENTS, key=lambda name: abs(self.components[name].estimate))
        return Text(
            "From {first} to {last} the value of all customers went from {before} to {after}: {change} ({low}"
            " to {high}). Most came from: {what} ({money}).",
            first=Day(as_date(self.first_day)),
            last=Day(as_date(self.last_day)),
            before=self._written(self.before.estimate),
            after=self._written(self.after.estimate),
            change=self._written(self.change.estimate, signed=True),
            low=self._written(self.change.ci_low, signed=True),
            high=self._written(self.change.ci_high, signed=True),
            what=NAMES[largest],
            money=self._written(self.components[largest].estimate, signed=True),
        )

    def _written(self, value: float, *, signed: bool = False) -> RoundAmount:
        return RoundAmount(value, self.change.currency, signed=signed)

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return one row a step: ``name, estimate, ci_low, ci_high, kind`` ("total" or "step")."""
        rows = [
            (Text("Value then"), self.before, "total"),
            *((NAMES[name], money, "step") for name, money in self.components.items()),
            (Text("Value now"), self.after, "total"),
        ]
        return pl.DataFrame(
            [(str(name), money.estimate, money.ci_low, money.ci_high, kind) for name, money, kind in rows],
            schema=["name", "estimate", "ci_low", "ci_high", "kind"],
            orient="row",
        ).with_columns(pl.col("estimate", "ci_low", "ci_high").fill_nan(None))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return to_plain(self) | {"sentence": str(self)}  # type: ignore[no-any-return]

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the bridge: from the value then to the value now, step by step."""
        from leal.charts import Style, waterfall

        frame = self.to_frame().drop_nulls("estimate")
        return waterfall(frame, style or Style(), currency=self.change.currency)


def equity_bridge(
    purchases: FrameLike,
    *,
    since: Until | None = None,
    until: Until | None = None,
    margin: float | None = None,
    model: PurchaseModel | str | None = None,
    discount: float = DISCOUNT,
    weeks: float = LONG_RUN,
    level: float = 0.95,
) -> EquityBridge:
    """Tell what changed the value of the customer base between two days.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`.
    since : date, text or day number, optional
        The first day; by default a year before the second.
    until : date, text or day number, optional
        The second day; by default that of the last purchase.
    margin, model, discount, level
        As in `leal.lifetime_value`.
    weeks : float
        Horizon of the value, ten years by default.

    Returns
    -------
    EquityBridge
        Unknown, with the reason, where fewer than ten customers had bought again by the first day, or where
        purchases begin less than a quarter of a year before it: who had bought earlier would pass for new.

    Raises
    ------
    BadValue
        The first day is not before the second.

    Notes
    -----
    Both days are measured with one rule: the model fitted to all purchases until the second day. So a change
    is one of customers and not of the fit. A customer's value is margin x expected purchases x amount of a
    purchase; its change is shared among the three by the logarithmic mean, L (log m'/m + log n'/n + log z'/z)
    with L = (v' - v)/log(v'/v), which adds up exactly and depends on no order (Ang 2004). A customer is lost
    where P(alive) was at least a half and is below it. The margin of a day is that of the year before it.

    Intervals (jackknife over thirty groups of customers, Student's t; of values, new and lost customers on
    the logarithm) hold which customers happened to come, as of a base drawn anew, with all that is learnt
    from them: the parameters and the margins of both years; and by how much forecasts of past stretches
    missed beyond chance (as in `leal.lifetime_value`). Not what a single customer will really bring.

    References
    ----------
    Rust, Lemon, Zeithaml (2004), Journal of Marketing 68(1), 109-127.
    Ang (2004), Energy Policy 32(9), 1131-1139.
    Shao and Tu (1995), The Jackknife and Bootstrap, chapter 2.
    """
    checked_level(level)
    require_horizon(weeks, discount)
    base = purchase_base(purchases, margin=margin, until=until)
    return bridge_of(base, since=since, model=model, discount=discount, weeks=weeks, level=level)


def bridge_of(
    base: PurchaseBase,
    *,
    since: Until | None = None,
    model: PurchaseModel | str | None = None,
    discount: float = DISCOUNT,
    weeks: float = LONG_RUN,
    level: float = 0.95,
    fit: PurchaseModelFit | None = None,
    beyond: ModelError | None = None,
) -> EquityBridge:
    """Return the same as `equity_bridge` of a base at hand, with a `fit` and its past errors if known."""
    start = base.until - _YEAR if since is None else number_of_day(since)
    if start >= base.until:
        raise BadValue(
            Text("The first day of the bridge is not before the second."),
            hint=Text("Give an earlier day as since=."),
            where=Where(column="since"),
        )
    chosen = chosen_model(model)
    if base.purchases.is_empty():
        return _unknown(base, start, model_name(chosen), level, Text("needs purchases above zero"))
    past = base.before(start)
    if past.repeaters < FEWEST_REPEATERS:
        return _unknown(base, start, model_name(chosen), level, _few_repeaters(start))
    if base.first > start - FEWEST_WEEKS * 7:
        return _unknown(base, start, model_name(chosen), level, _short_past(base, start))
    try:
        known = chosen.fit(base.summary) if fit is None else fit
    except TooLittleData:
        return _unknown(base, start, model_name(chosen), level, _few_repeaters(start))
    outlook = outlook_of(base, known, weeks=weeks, discount=discount)
    errors = past_errors(base, chosen, TRIED_WEEKS, level=level) if beyond is None else beyond
    pair = _Pair(base=base, past=past, model=chosen, outlook=outlook, beyond=errors)
    return pair.bridge(model_name(chosen), level)


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """The base on two days under one rule: customers of both days in the same order, new ones last."""

    base: PurchaseBase
    past: PurchaseBase
    model: PurchaseModel
    outlook: Outlook
    beyond: ModelError

    def bridge(self, model: str, level: float) -> EquityBridge:
        rows = self._rows()
        then, now = self._outlooks(rows)
        parts = shared_parts(then, now, rows["old"].to_numpy())
        reaches = self._reaches(then, now, rows["old"].to_numpy(), parts, level)
        money = {
            name: self._money(part, reaches[name], level, one_sided=name in _ONE_SIDED)
            for name, part in parts.items()
        }
        return EquityBridge(
            first_day=self.past.until,
            last_day=self.base.until,
            before=money["before"],
            after=money["after"],
            change=money["change"],
            components={name: money[name] for name in COMPONENTS},
            customers={
                "before": int(rows["old"].sum()),
                "after": rows.height,
                "new": int((~rows["old"]).sum()),
                "lost": int(lost_customers(then, now, rows["old"].to_numpy()).sum()),
            },
            model=model,
            notes=self._notes(),
        )

    def _rows(self) -> pl.DataFrame:
        """Return one row a customer of the second day with what was known on the first."""
        names = ("frequency", "recency", "age", "spend")
        then = self.past.summary.select("customer", *(pl.col(name).alias(f"{name}_then") for name in names))
        joined = self.base.summary.join(then, on="customer", how="left", maintain_order="left")
        old = pl.col("frequency_then").is_not_null()
        return joined.with_columns(old.alias("old")).with_columns(
            pl.col(f"{name}_then").fill_null(0) for name in names
        )

    @property
    def _years(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The years before the two days, whose margins are theirs."""
        first, second = ((day - _YEAR + 1, day) for day in (self.past.until, self.base.until))
        return first, second

    def _outlooks(self, rows: pl.DataFrame) -> tuple[Outlook, Outlook]:
        then_margin, now_margin = (self.base.margin_between(*year) for year in self._years)
        then = replace(
            self.outlook,
            customers=_rhythm(rows, "_then"),
            spend=_column(rows, "spend_then"),
            margin=then_margin,
        )
        now = replace(
            self.outlook, customers=_rhythm(rows, ""), spend=_column(rows, "spend"), margin=now_margin
        )
        return then, now

    def _reaches(
        self, then: Outlook, now: Outlook, old: np.ndarray, parts: dict[str, Floats], level: float
    ) -> dict[str, float]:
        """Return how far each sum may lie away: whoever else might have come, and what the model misses."""
        without = PartsWithout(base=self.base, model=self.model, years=self._years)
        variances = without.variances(then, now, old, parts)
        by_chance, by_model = t_quantile(level, GROUPS - 1), two_sided_z(level)
        return {
            name: math.hypot(
                by_chance * math.sqrt(variance),
                by_model * float(parts[name].sum()) * math.sqrt(self.beyond.variance),
            )
            for name, variance in variances.items()
        }

    def _money(self, parts: Floats, reach: float, level: float, *, one_sided: bool) -> Money:
        total = float(parts.sum())
        ends = (total - reach, total + reach)
        if one_sided and total:
            # money is skew: a few great spenders more or fewer; and it keeps its sign
            by = math.exp(min(reach / abs(total), _MOST_LOG))
            ends = (total / by, total * by)
        return Money(
            estimate=total,
            ci_low=min(ends),
            ci_high=max(ends),
            n=parts.size,
            level=level,
            method="group_jackknife",
            currency=self.base.currency,
            basis=self.base.basis,
            period="once",
            grade="C",
        )

    def _notes(self) -> tuple[Note, ...]:
        notes = []
        if self.base.basis == "revenue":
            text = Text("Money is revenue, not margin: give the margin to learn what customers are worth.")
            notes.append(Note(code="revenue_not_margin", text=text))
        fitted = [*self.outlook.fit.notes]
        fitted += [*self.outlook.spend_fit.notes] if self.outlook.spend_fit else []
        missed = [self.beyond.note] if self.beyond.note is not None else []
        return tuple(dict.fromkeys([*notes, *fitted, *missed, *self.base.notes]))


def _rhythm(rows: pl.DataFrame, ending: str) -> Rhythm:
    frequency, recency, age = (_column(rows, f"{name}{ending}") for name in ("frequency", "recency", "age"))
    return Rhythm(frequency=frequency, recency=np.minimum(recency, age), age=age)


def _column(rows: pl.DataFrame, name: str) -> Floats:
    return np.ascontiguousarray(rows[name].cast(pl.Float64).to_numpy())


def _few_repeaters(start: int) -> Text:
    return Text(
        "needs {needed} customers who bought on two days or more by {day}",
        needed=FEWEST_REPEATERS,
        day=Day(as_date(start)),
    )


def _short_past(base: PurchaseBase, start: int) -> Text:
    return Text(
        "needs purchases from {weeks} weeks before {day} on, and they begin on {first}: who had bought"
        " earlier would pass for new",
        weeks=FEWEST_WEEKS,
        day=Day(as_date(start)),
        first=Day(as_date(base.first)),
    )


def _unknown(base: PurchaseBase, start: int, model: str, level: float, reason: Text) -> EquityBridge:
    nan = float("nan")
    money = Money(
        estimate=nan,
        ci_low=nan,
        ci_high=nan,
        n=base.summary.height,
        level=level,
        method="none",
        currency=base.currency,
        basis=base.basis,
        period="once",
        grade="C",
    )
    return EquityBridge(
        first_day=start,
        last_day=base.until,
        before=money,
        after=money,
        change=money,
        components=dict.fromkeys(COMPONENTS, money),
        customers={},
        model=model,
        notes=(Note(code="too_little_data", text=reason), *base.notes),
    )
