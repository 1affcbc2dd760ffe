"""Check 1, what came back of the money: the stop list, the return, three thresholds that are never mixed."""

from __future__ import annotations

import math

import polars as pl

from leal.act import StopEntry, StopList, measured_return, stop_list
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, ranged
from leal.measure import ActionNoticing
from leal.results import Note, estimate_of, with_limits
from leal.statistics import detectable_change
from leal.wording import Text

# Cells of a table are translated whole, so decisions stand without figures; those are in the other columns.
_DECISIONS = {
    "stop": Text("Stop: it surely brought less than it cost."),
    "make_visible": Text("Make visible or stop: surely most of the exposed did not notice it."),
    "not_sure": Text("Not sure: what is known decides neither way."),
    "keep": Text("Keep: it surely earned more than it cost."),
}


def stopping(book: Book, found: list[ActionNoticing]) -> StopList:
    """Return which actions to stop, by what was noticed and what came back."""
    return stop_list(found, basis=book.basis, currency=book.currency)


def stop_exhibit(stops: StopList) -> Exhibit:
    """Return the stop list as a table: decision, reasons, what was spent in vain, what came back."""
    return Exhibit(
        title=Text("Stop list"),
        frame=pl.DataFrame([_stop_row(entry) for entry in stops.entries], infer_schema_length=None),
        headings=(
            Heading(name="action", title=Text("Action")),
            Heading(name="words", title=Text("Decision")),
            Heading(name="cost", title=Text("Cost"), unit="amount"),
            Heading(name="unnoticed", title=Text("Spent in vain"), unit="amount"),
            *ranged("back", Text("Return on the cost"), "percent"),
            Heading(name="on_noticers", title=Text("Score of those who noticed, moved by"), unit="number"),
        ),
        remark=Text(
            "Return: (money of the exposed since the start above that of the unexposed - cost)/cost; at"
            " −100 % nothing came back. What surely earns its cost is kept, noticed or not."
        ),
    )


def threshold_exhibit(found: list[ActionNoticing], level: float) -> Exhibit:
    """Return the three thresholds of each action: what the survey sees, what is noticed, what pays."""
    return Exhibit(
        title=Text("Three thresholds, which are three questions"),
        frame=pl.DataFrame([_threshold_row(one, level) for one in found], infer_schema_length=None),
        headings=(
            Heading(name="action", title=Text("Action")),
            Heading(
                name="visible",
                title=Text("Statistical: change of score the survey would find"),
                unit="number",
            ),
            Heading(name="moved", title=Text("change found"), unit="number"),
            Heading(name="noticed", title=Text("Perceptual: really noticed"), unit="percent"),
            Heading(name="noticed_low", title=Text("from"), unit="percent"),
            Heading(name="needed", title=Text("Economic: money a head that it must bring"), unit="amount"),
            *ranged("brought", Text("brought"), "amount"),
        ),
        remark=Text(
            "A change too small for this survey may still be noticed and pay; one that is sure may pay"
            " nothing. The first is found with a chance of 80 % if it is there."
        ),
    )


def returns(found: list[ActionNoticing]) -> tuple[Named, ...]:
    """Return the measured return of each action whose cost and earnings are known."""
    pairs = [(one.action, measured_return(one)) for one in found]
    return tuple(
        Named(name=Text("Return on the cost: {action}", action=action), value=back)
        for action, back in pairs
        if back is not None
    )


def revenue_note(book: Book, found: list[ActionNoticing]) -> tuple[Note, ...]:
    """Return the note that revenue is no gain, where a return was reckoned from revenue."""
    if book.basis == "margin" or not any(measured_return(one) for one in found):
        return ()
    text = Text("The return is of revenue: give a margin, for revenue that covers a cost is no gain yet.")
    return (Note(code="return_of_revenue", text=text),)


def _stop_row(entry: StopEntry) -> dict[str, object]:
    return {
        "action": entry.action,
        "decision": entry.decision,
        "words": str(_DECISIONS[entry.decision]),
        "cost": entry.cost,
        "unnoticed": estimate_of(entry.unnoticed),
        **with_limits("back", entry.back),
        "on_noticers": estimate_of(entry.on_noticers),
    }


def _threshold_row(one: ActionNoticing, level: float) -> dict[str, object]:
    # two halves of the squared standard error are two groups of two
    error = one.moved.standard_error if one.moved.known else math.nan
    visible = detectable_change(2, 2, variance=error**2, level=level) if math.isfinite(error) else None
    return {
        "action": one.action,
        "visible": visible,
        "moved": estimate_of(one.moved),
        "noticed": one.really_noticed.estimate,
        "noticed_low": one.really_noticed.ci_low,
        "needed": one.cost_per_exposed,
        **with_limits("brought", one.earned),
    }
