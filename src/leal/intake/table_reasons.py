"""Why rows of business data are not accepted, in words, by stable code."""

from __future__ import annotations

from collections.abc import Mapping

from leal.intake.reconciliation import REASONS
from leal.wording import Text

TABLE_REASONS: Mapping[str, Text] = {
    **REASONS,
    "total_row": Text("a total or a heading of a group, no sale"),
    "order_line": Text("a further line of an order whose total was counted"),
    "cancelled": Text("cancelled"),
    "not_won": Text("a deal that was not won"),
    "not_paid": Text("not paid"),
    "refunded": Text("given back in full"),
    "bad_amount": Text("the amount cannot be read"),
    "no_amount": Text("no amount"),
    "bad_time": Text("the time cannot be read"),
    "no_time": Text("no time"),
    "no_customer": Text("no customer"),
    "duplicate": Text("a repeat of another row"),
    "no_action": Text("no name of the action"),
    "no_brand": Text("no name of the brand"),
    "bad_score": Text("the score cannot be read"),
    "no_score": Text("no score"),
    "no_wish": Text("no name of the wish"),
    "bad_asked": Text("the number of customers who asked cannot be read"),
    "no_asked": Text("no number of customers who asked"),
    "no_unit": Text("no name of the unit"),
    "bad_opened_at": Text("the time cannot be read"),
    "no_opened_at": Text("no time"),
    "no_reason": Text("no reason"),
    "bad_contacted_at": Text("the time cannot be read"),
    "no_contacted_at": Text("no time"),
    "bad_invited_at": Text("the time cannot be read"),
    "no_invited_at": Text("no time"),
    "no_rule": Text("no name of the rule"),
    "bad_introduced_at": Text("the time cannot be read"),
    "no_introduced_at": Text("no time"),
    "bad_rating": Text("the stars cannot be read"),
    "no_rating": Text("no stars"),
    "bad_created_at": Text("the time cannot be read"),
    "no_created_at": Text("no time"),
    "bad_recommend": Text("the score is no whole number from 0 to 10"),
    "no_recommend": Text("no score"),
}
