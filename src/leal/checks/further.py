"""Results behind an audit that other documents tell at length: from its book, each reckoned once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from leal.act import CommentsEstimate, WordOfMouth, estimate_comments, word_of_mouth
from leal.checks.audits import Audit
from leal.checks.book import Book
from leal.checks.equity_section import value_of_all
from leal.checks.loyalty_section import loyalty_of_all, worth_of_groups
from leal.checks.number_section import numbers_of
from leal.checks.once import once
from leal.predict import EquityBridge, TooLittleData, Tracking, tracking_of
from leal.results import Estimate, Note
from leal.wording import Text


def further_results(audit: Audit) -> dict[str, object]:
    """Return what the evidence of an audit tells beyond the ten checks, by the name of its function.

    Parameters
    ----------
    audit : Audit
        As `leal.audit` returns it; one that was made by hand carries no evidence and tells nothing more.

    Returns
    -------
    dict
        ``lifetime_value``, ``tracking``, ``equity_bridge``, ``which_number``, ``loyalty_grid``,
        ``word_of_mouth``; what the evidence does not suffice for is absent.

    Notes
    -----
    Whatever a check has reckoned already is taken from its book; only the tracking of the model and word of
    mouth are new, and are reckoned when first asked for.
    """
    book = audit.book
    if book is None:
        return {}
    found = {name: reckoned(book) for name, reckoned in FURTHER.items()}
    return {name: result for name, result in found.items() if result is not None}


def _bridge(book: Book) -> EquityBridge | None:
    return None if _without_purchases(book) else book.equity


def _without_purchases(book: Book) -> bool:
    return bool(book.lacking(purchases=("customer", "bought_at", "amount")))


@once
def follow_up(book: Book) -> Tracking | None:
    """Return whether the model of purchases follows what happened; None where there is too little to try."""
    if _without_purchases(book) or book.purchase_fits is None:
        return None
    try:
        return tracking_of(book.purchase_base)
    except TooLittleData:
        return None


@once
def talk_of_customers(book: Book) -> WordOfMouth | None:
    """Return what word of mouth brings by two sets of assumptions, and by your own where they are known.

    None without a score and customers. The third column needs the table `talk`.
    """
    score = book.headline
    if score is None or not score.known or _without_purchases(book) or book.active.is_empty():
        return None
    worth, heard = book.customer_worth, _heard(book)
    found = word_of_mouth(
        score,
        customers=float(book.active.height),
        retention=_kept_by_group(book),
        value_of_new=worth.value if worth is not None and worth.value.known else None,
        currency=book.currency,
        yours=heard.talk() if heard is not None and _tells(heard) else None,
        level=book.level,
    )
    return found if heard is None else replace(found, notes=(*found.notes, *_of_survey(heard)))


def _heard(book: Book) -> CommentsEstimate | None:
    """Return what comments do in this market, by a survey of buyers and non-buyers; None without one."""
    table = book.evidence.table("talk")
    if table is None:
        return None
    return estimate_comments(table, positive="praise", negative="blame", level=book.level)


def _tells(heard: CommentsEstimate) -> bool:
    """Whether a bad word is seen to weigh anything: below zero it would bring buyers."""
    weight = heard.channels[0].weight
    return weight.known and weight.estimate > 0


def _of_survey(heard: CommentsEstimate) -> tuple[Note, ...]:
    if _tells(heard):
        return heard.notes
    text = Text(
        "What buyers and non-buyers had heard does not tell yet how much a bad word weighs: ask more of them."
    )
    return (*heard.notes, Note(code="talk_not_sure", text=text))


def _kept_by_group(book: Book) -> tuple[Estimate, Estimate, Estimate] | None:
    """Return the retention of promoters, passives and detractors; None unless all three are known."""
    found = worth_of_groups(book)
    if found is None:
        return None
    kept = {group.group: group.retention for group in found.groups}
    three = [kept.get(name) for name in ("promoter", "passive", "detractor")]
    known = [rate for rate in three if rate is not None and rate.known]
    return (known[0], known[1], known[2]) if len(known) == len(three) else None


FURTHER: Mapping[str, Callable[[Book], object | None]] = {
    "lifetime_value": value_of_all,
    "tracking": follow_up,
    "equity_bridge": _bridge,
    "which_number": numbers_of,
    "loyalty_grid": loyalty_of_all,
    "word_of_mouth": talk_of_customers,
}
