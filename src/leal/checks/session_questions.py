"""The questions of the 30-minute diagnosis: nine on the business, thirteen on the ten mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leal.wording import Text

QuestionKind = Literal["count", "amount", "percent", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuestion:
    """A question of the diagnosis; any may be answered "unknown", a number also by a range.

    Attributes
    ----------
    key : str
        Its name in a file of answers.
    wording : Text
        The question.
    hint : Text
        What counts, for who hesitates.
    kind : {"count", "amount", "percent", "choice"}
        How it is answered; a choice is yes, partly or no, and yes is the good answer.
    mistake : int or None
        The mistake that a choice is about.
    """

    key: str
    wording: Text
    hint: Text
    kind: QuestionKind = "choice"
    mistake: int | None = None


SESSION_QUESTIONS: tuple[SessionQuestion, ...] = (
    SessionQuestion(
        key="customers",
        kind="count",
        wording=Text("How many different customers bought from you in the last 12 months?"),
        hint=Text("People or companies, not purchases."),
    ),
    SessionQuestion(
        key="yearly_spend",
        kind="amount",
        wording=Text("How much does an average customer spend in a year?"),
        hint=Text("Yearly revenue divided by the customers above."),
    ),
    SessionQuestion(
        key="margin",
        kind="percent",
        wording=Text("What margin remains of 100 of revenue, in percent?"),
        hint=Text("Before fixed costs. Without it all money below is revenue."),
    ),
    SessionQuestion(
        key="repeat_share",
        kind="percent",
        wording=Text("What share of revenue comes from customers who had bought before, in percent?"),
        hint=Text("Everything after a customer's first purchase."),
    ),
    SessionQuestion(
        key="retention",
        kind="percent",
        wording=Text("Of 100 customers of the year before, how many bought again in the last 12 months?"),
        hint=Text("This is retention, in percent."),
    ),
    SessionQuestion(
        key="passives",
        kind="percent",
        wording=Text("What share of your customers are passives (they give 7 or 8 of 10), in percent?"),
        hint=Text("Of those who answered your last survey."),
    ),
    SessionQuestion(
        key="loyalty_spend",
        kind="amount",
        wording=Text("What do programmes, gifts, discounts and service for loyalty cost a year?"),
        hint=Text("Everything paid so that customers stay."),
    ),
    SessionQuestion(
        key="care_spend",
        kind="amount",
        wording=Text("What does handling complaints and questions cost a year?"),
        hint=Text("People, telephone, refunds and presents of apology."),
    ),
    SessionQuestion(
        key="wishes_spend",
        kind="amount",
        wording=Text("What do new services, functions and other wishes of customers cost a year?"),
        hint=Text("What was built in the last 12 months because customers asked for it."),
    ),
    SessionQuestion(
        key="noticing",
        mistake=1,
        wording=Text("Do you ask customers whether they noticed what you pay for?"),
        hint=Text("Of each action, with customers who could not have noticed it beside them."),
    ),
    SessionQuestion(
        key="passives_asked",
        mistake=2,
        wording=Text("Do passives get as much attention as detractors: a call, a question, an owner?"),
        hint=Text("What would make it a 9?"),
    ),
    SessionQuestion(
        key="holdouts",
        mistake=3,
        wording=Text("Did your last programme leave some customers out by lot, and were they compared?"),
        hint=Text("Before and after alone does not count."),
    ),
    SessionQuestion(
        key="causes",
        mistake=4,
        wording=Text("Do you know by figures which causes move satisfaction, and how sure that is?"),
        hint=Text("A driver analysis or an index model, not a list of complaints."),
    ),
    SessionQuestion(
        key="simpler",
        mistake=4,
        wording=Text("Have rules, checks and contacts per customer become fewer in the last two years?"),
        hint=Text("Where symptoms are treated they become more."),
    ),
    SessionQuestion(
        key="alarms",
        mistake=5,
        wording=Text("Would you know within a quarter that scores or needs had changed, and of whom?"),
        hint=Text("By an alarm, not by somebody's eye on a chart."),
    ),
    SessionQuestion(
        key="rhythm",
        mistake=6,
        wording=Text("Do you look every month which satisfied customers have stopped buying?"),
        hint=Text("Against their own usual pauses."),
    ),
    SessionQuestion(
        key="quick_answer",
        mistake=6,
        wording=Text("Does every dissatisfied customer hear from a person within 48 hours?"),
        hint=Text("Also those who wrote a public review."),
    ),
    SessionQuestion(
        key="lifetime_value",
        mistake=7,
        wording=Text("Do you know what a customer of each group is worth over the years to come?"),
        hint=Text("And what one point of retention is worth."),
    ),
    SessionQuestion(
        key="wishes",
        mistake=8,
        wording=Text("Is each wish reckoned before it is built: reach, value, cost?"),
        hint=Text("And tried on a part first."),
    ),
    SessionQuestion(
        key="segments",
        mistake=9,
        wording=Text("Has your segmentation been tested: does it foretell what customers spend later?"),
        hint=Text("On customers it was not made from."),
    ),
    SessionQuestion(
        key="rivals",
        mistake=10,
        wording=Text("Do you know which rivals your customers go to, and how many?"),
        hint=Text("By asking where they went, not by market share."),
    ),
    SessionQuestion(
        key="newcomers",
        mistake=10,
        wording=Text("Would you notice a new rival before it takes customers?"),
        hint=Text("For instance by asking in every wave which brands are used."),
    ),
)
