"""The stop list: spending that customers do not notice, and actions that will hardly pay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from leal.act.action_values import ActionValue, ActionValues, chance_words
from leal.measure import ActionNoticing
from leal.results import Basis, Estimate, Proportion, estimate_of, with_limits
from leal.wording import Amount, Listing, Percent, RoundAmount, Text, quoted

if TYPE_CHECKING:
    import polars as pl

Decision = Literal["stop", "make_visible", "keep", "not_sure"]

UNLIKELY = 0.1
"""Chance of paying up to which an action is to be stopped."""

UNSEEN = 0.5
"""Share of the exposed below which, surely, an action is to be made visible or stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopEntry:
    """One action, and whether to stop it.

    Attributes
    ----------
    action : str
        Its name.
    decision : {"stop", "make_visible", "keep", "not_sure"}
        Stop what surely brings less than it costs, or will hardly pay; make visible, or stop, what surely
        most customers do not notice and what does not surely earn its cost; keep what surely earns its cost.
    reasons : tuple of Text
        Why, in words.
    cost : float or None
        What it costs.
    unnoticed : Estimate or None
        The part of the cost spent on what was not noticed: C (1 - (n1 - n0)).
    per_noticer : Estimate or None
        Cost per extra customer who noticed.
    on_noticers : Estimate or None
        What noticing did to the score of those who noticed because of it.
    back : Proportion or None
        Return measured: (money of the exposed above the unexposed - cost)/cost.
    chance : float or None
        Probability that it pays, by the forecast.
    """

    action: str
    decision: Decision
    reasons: tuple[Text, ...]
    cost: float | None = None
    unnoticed: Estimate | None = None
    per_noticer: Estimate | None = None
    on_noticers: Estimate | None = None
    back: Proportion | None = None
    chance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopList:
    """What to stop, what to make visible, what to keep; the first is the most money.

    Attributes
    ----------
    entries : tuple of StopEntry
        To stop, to make visible, not sure, to keep; within them the dearest first.
    freed : float
        Cost of those to stop.
    currency : str or None
        ISO code.
    """

    entries: tuple[StopEntry, ...]
    freed: float
    currency: str | None = None

    def of(self, *decisions: Decision) -> tuple[StopEntry, ...]:
        """Return the entries decided so."""
        return tuple(entry for entry in self.entries if entry.decision in decisions)

    def sentence(self) -> Text:
        """Return the list in one sentence."""
        stopped = self.of("stop")
        if not stopped:
            return Text("No action is surely to be stopped.")
        return Text(
            "Stop {actions}: that frees {freed}.",
            actions=Listing.of(quoted(entry.action) for entry in stopped),
            freed=RoundAmount(self.freed, self.currency),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row an action."""
        import polars as pl

        return pl.DataFrame([_row(entry) for entry in self.entries], infer_schema_length=None)


def stop_list(
    noticed: Sequence[ActionNoticing] = (),
    values: ActionValues | ActionValue | None = None,
    *,
    basis: Basis = "margin",
    currency: str | None = None,
) -> StopList:
    """Tell which actions to stop: not noticed and not earning, or unlikely to pay.

    Parameters
    ----------
    noticed : sequence of ActionNoticing
        What `leal.measure.noticing` found in the data.
    values : ActionValues, optional
        What `leal.action_value` forecasts; actions are joined by name.
    basis : {"margin", "revenue"}
        What the money of `noticed` is counted in. Revenue that covers a cost is no gain yet: with it nothing
        is kept for having earned its cost.
    currency : str, optional
        ISO code.

    Returns
    -------
    StopList

    Notes
    -----
    What surely earns is never stopped for being unnoticed: some actions work unseen. What a forecast of
    opinion (grade D) calls unlikely to pay is on the list as the owner's own figures say so.
    """
    forecasts = {} if values is None else {value.action: value for value in _listed(values)}
    seen = {one.action: one for one in noticed}
    names = [*seen, *(name for name in forecasts if name not in seen)]
    entries = [_entry(name, seen.get(name), forecasts.get(name), basis, currency) for name in names]
    order: tuple[Decision, ...] = ("stop", "make_visible", "not_sure", "keep")
    entries.sort(key=lambda entry: (order.index(entry.decision), -(entry.cost or 0.0), entry.action))
    freed = math.fsum(entry.cost or 0.0 for entry in entries if entry.decision == "stop")
    return StopList(entries=tuple(entries), freed=freed, currency=currency)


def measured_return(one: ActionNoticing) -> Proportion | None:
    """Return (money of the exposed above that of the unexposed - cost)/cost; None where it is not known."""
    if not one.cost or not one.earned.known or not one.exposed.customers:
        return None
    each = one.cost / one.exposed.customers
    back = [(value - each) / each for value in (one.earned.estimate, one.earned.ci_low, one.earned.ci_high)]
    return Proportion(
        estimate=back[0],
        ci_low=back[1],
        ci_high=back[2],
        n=one.earned.n,
        level=one.earned.level,
        method=one.earned.method,
    )


def _listed(values: ActionValues | ActionValue) -> tuple[ActionValue, ...]:
    return (values,) if isinstance(values, ActionValue) else values.values


def _entry(
    name: str,
    seen: ActionNoticing | None,
    forecast: ActionValue | None,
    basis: Basis,
    currency: str | None,
) -> StopEntry:
    back = None if seen is None else measured_return(seen)
    decision, reasons = _decide(seen, forecast, back, basis, currency)
    spent = seen.cost if seen is not None and seen.cost is not None else None
    if spent is None and forecast is not None and forecast.cost.known:
        spent = forecast.cost.estimate
    return StopEntry(
        action=name,
        decision=decision,
        reasons=reasons,
        cost=spent,
        unnoticed=None if seen is None else seen.in_vain,
        per_noticer=None if seen is None else seen.cost_per_noticer,
        on_noticers=None if seen is None else seen.on_noticers,
        back=back,
        chance=None if forecast is None else forecast.chance,
    )


def _decide(
    seen: ActionNoticing | None,
    forecast: ActionValue | None,
    back: Proportion | None,
    basis: Basis,
    currency: str | None,
) -> tuple[Decision, tuple[Text, ...]]:
    if seen is not None and back is not None and back.ci_high < 0:
        return "stop", (_lost(seen, currency),)
    if back is not None and back.ci_low > 0 and basis == "margin":
        return "keep", (Text("It surely earned more than it cost."),)
    chance = None if forecast is None else forecast.chance
    if chance is not None and chance <= UNLIKELY:
        return "stop", (Text("Its chance of paying is {chance}.", chance=chance_words(chance)),)
    if seen is not None and seen.really_noticed.known and seen.really_noticed.ci_high < UNSEEN:
        return "make_visible", (_unseen(seen),)
    if chance is not None and chance >= 1 - UNLIKELY and back is None:
        return "keep", (Text("Its chance of paying is {chance}.", chance=chance_words(chance)),)
    return "not_sure", (Text("What is known decides neither way."),)


def _lost(seen: ActionNoticing, currency: str | None) -> Text:
    return Text(
        "It surely brought less than it cost: {brought} for each exposed customer at most, for {cost}.",
        brought=Amount(seen.earned.ci_high, currency, digits=2),
        cost=Amount(seen.cost_per_exposed or 0.0, currency, digits=2),
    )


def _unseen(seen: ActionNoticing) -> Text:
    return Text(
        "At most {share} of the exposed really noticed it, and it did not surely earn its cost.",
        share=Percent(max(0.0, seen.really_noticed.ci_high)),
    )


def _row(entry: StopEntry) -> dict[str, object]:
    return {
        "action": entry.action,
        "decision": entry.decision,
        "reasons": " ".join(entry.reasons),
        "cost": entry.cost,
        "unnoticed": estimate_of(entry.unnoticed),
        "per_noticer": estimate_of(entry.per_noticer),
        "on_noticers": estimate_of(entry.on_noticers),
        **with_limits("back", entry.back),
        "chance": entry.chance,
    }
