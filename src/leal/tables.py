"""The vocabulary: each table's columns, types, units, and which are required.

Intake produces these tables, the desk stores them, every function takes them. A column that is not in the
vocabulary may stand in any table (a region, a tariff); it is kept and can be grouped by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from leal.errors import BadOption, MissingColumn
from leal.wording import Text

Kind = Literal["text", "integer", "number", "time", "flag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        Its fixed name.
    kind : {"text", "integer", "number", "time", "flag"}
        What it holds; a time is a date or a date with time, a flag is true or false.
    meaning : Text
        What it says, with its unit.
    required : bool
        Whether the table is of no use without it.
    low, high : float or None
        The least and the greatest value, where the scale has ends.
    choices : tuple of str
        The only values of a text column, where they are fixed.
    """

    name: str
    kind: Kind
    meaning: Text
    required: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the vocabulary; iterates over its columns."""

    name: str
    meaning: Text
    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise MissingColumn(name, [column.name for column in self.columns], table=self.name)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns without which the table is of no use."""
        return tuple(column.name for column in self.columns if column.required)


def _text(name: str, meaning: Text, *, required: bool = False, choices: tuple[str, ...] = ()) -> Column:
    return Column(name=name, kind="text", meaning=meaning, required=required, choices=choices)


def _time(name: str, meaning: Text, *, required: bool = False) -> Column:
    return Column(name=name, kind="time", meaning=meaning, required=required)


def _flag(name: str, meaning: Text, *, required: bool = False) -> Column:
    return Column(name=name, kind="flag", meaning=meaning, required=required)


def _number(
    name: str,
    meaning: Text,
    *,
    required: bool = False,
    low: float | None = None,
    high: float | None = None,
    kind: Literal["number", "integer"] = "number",
) -> Column:
    return Column(name=name, kind=kind, meaning=meaning, required=required, low=low, high=high)


ANSWERS = Table(
    name="answers",
    meaning=Text("one row a survey answer"),
    columns=(
        _text("answer", Text("identifier of the answer"), required=True),
        _text("customer", Text("identifier of the customer who answered")),
        _time("answered_at", Text("when it was answered")),
        _number("recommend", Text("likelihood to recommend, 0 to 10, whole"), low=0, high=10, kind="integer"),
        _number("satisfaction", Text("satisfaction, 1 to 10 (or its own scale)"), low=0),
        _number("effort", Text("ease of getting it done, 1 to 7, 7 is easiest"), low=1, high=7),
        _text("comment", Text("the customer's own words")),
        _text("account", Text("the company that the customer belongs to (B2B)")),
        _text("contact_role", Text("the customer's role in that company")),
        _text("segment", Text("segment of customers, as you name them")),
        _text("unit", Text("branch, department, region or brand that served the customer")),
        _text("employee", Text("employee who served the customer")),
        _text("channel", Text("where the survey was answered")),
        _text("touchpoint", Text("the event that the survey was about")),
        _text("survey_version", Text("version of the questionnaire")),
        _text("wave", Text("wave of the survey")),
        _number("weight", Text("sampling weight, above 0"), low=0),
        _text("language", Text("language of the answer")),
        _flag("noticed", Text("whether the customer noticed the action asked about")),
        _text("action", Text("the action that the noticing question was about")),
    ),
)

CUSTOMERS = Table(
    name="customers",
    meaning=Text("one row a customer, whether or not they answered"),
    columns=(
        _text("customer", Text("identifier of the customer"), required=True),
        _time("joined_at", Text("when they became a customer")),
        _text("joining_reason", Text("the main reason why they became one")),
        _text("segment", Text("segment of customers, as you name them")),
        _text("unit", Text("branch, department, region or brand")),
        _text("account", Text("the company that the customer belongs to (B2B)")),
        _text("email", Text("e-mail address, for joining")),
        _text("phone", Text("telephone number, for joining")),
        _number("contacts", Text("contacts with them in the last year"), low=0),
        _number("cases", Text("complaints and cases in the last year"), low=0),
        _time("left_at", Text("when they left, where known")),
        _time("contract_began_at", Text("when the contract that they have, or had last, began")),
        _time("contract_ends_at", Text("when that contract ends or ended")),
    ),
)

PURCHASES = Table(
    name="purchases",
    meaning=Text("one row a purchase, an order or a line of one; refunds are negative"),
    columns=(
        _text("purchase", Text("identifier of the purchase")),
        _text("customer", Text("identifier of the customer"), required=True),
        _time("bought_at", Text("when it was bought"), required=True),
        _number("amount", Text("money paid, refunds negative"), required=True),
        _text("currency", Text("ISO code of the currency")),
        _number("margin", Text("margin earned, in money")),
        _number("discount", Text("discount given, in money"), low=0),
        _text("promotion", Text("promotion or coupon used")),
        _text("category", Text("category of what was bought")),
        _text("unit", Text("branch, department, region or brand")),
    ),
)

REVIEWS = Table(
    name="reviews",
    meaning=Text("one row a public review"),
    columns=(
        _text("source", Text("site or application store"), required=True),
        _text("source_review_id", Text("identifier at the source"), required=True),
        _text("location", Text("the place, product or application reviewed")),
        _text("author_display", Text("the author's name, masked")),
        _text("author_key", Text("salted hash of the author")),
        _number("rating", Text("stars given, on the source's own scale"), low=0),
        _number("rating_max", Text("the most stars that the source has"), low=1),
        _text("title", Text("title of the review")),
        _text("text", Text("text of the review")),
        _text("pros", Text("what was good")),
        _text("cons", Text("what was bad")),
        _text("language", Text("language of the review")),
        _time("created_at", Text("when it was written"), required=True),
        _time("updated_at", Text("when it was changed")),
        _flag("verified", Text("whether the source checked that the author is a customer")),
        _flag("incentivised", Text("whether the author was rewarded")),
        _flag("recommended", Text("whether the author recommends")),
        _number("media_count", Text("pictures and videos"), low=0, kind="integer"),
        _number("likes", Text("readers who found it useful"), low=0, kind="integer"),
        _text("url", Text("address of the review")),
        _text("reply_text", Text("the company's reply")),
        _time("reply_created_at", Text("when it was replied to")),
        _text("reply_author", Text("who replied")),
        _text("reply_state", Text("state of the reply")),
        _text("status", Text("state of the review")),
        _text("respondent", Text("identifier of the order or customer, where known")),
    ),
)

ACTIONS = Table(
    name="actions",
    meaning=Text("one row an action, or one row an action and customer"),
    columns=(
        _text("action", Text("name of the action"), required=True),
        _text("customer", Text("identifier of the customer who got it or was held out")),
        _text("arm", Text("arm of the experiment: treated or control")),
        _number("cost", Text("what the action cost, in money (in all, or of this row)"), low=0),
        _number(
            "planned_share",
            Text("share of the customers who were to be in this arm, 0 to 1; sizes are judged by it"),
            low=0,
            high=1,
        ),
        _flag("exposed", Text("whether the customer was exposed to it")),
        _flag("noticed", Text("whether the customer noticed it")),
        _time("started_at", Text("when it started")),
        _text(
            "path",
            Text("way to loyalty that it takes"),
            choices=("uniqueness", "economic", "emotional"),
        ),
        _text("driver", Text("cause of satisfaction that it works on; empty where it treats symptoms")),
        _number("promised", Text("money that the action was to bring in all, as forecast before its start")),
        _number("promised_low", Text("lower end of that forecast")),
        _number("promised_high", Text("upper end of that forecast")),
        _number(
            "promised_noticed",
            Text("share of the exposed who were to notice it, 0 to 1; 0 where it works unnoticed"),
            low=0,
            high=1,
        ),
    ),
)

BRANDS = Table(
    name="brands",
    meaning=Text("one row a respondent and brand, or one row a brand with its published score"),
    columns=(
        _text("brand", Text("name of the brand"), required=True),
        _text("respondent", Text("identifier of the respondent")),
        _text("customer", Text("identifier of the customer, where the respondent is one of yours")),
        _time("answered_at", Text("when it was answered")),
        _number("score", Text("score given to the brand, or its published score"), required=True),
        _number("n", Text("answers behind a published score"), low=1, kind="integer"),
        _number("spread", Text("standard deviation behind a published score"), low=0),
        _number("rank", Text("rank of the brand for this respondent, 1 is first"), low=1),
        _flag("own", Text("whether the brand is ours")),
        _text("wave", Text("wave of the study")),
        _text("previous_brand", Text("brand that the respondent used before")),
        _number("spend", Text("what the respondent spends with all brands, in money"), low=0),
        _number("brand_spend", Text("what the respondent spends with this brand, in money"), low=0),
    ),
)

WISHES = Table(
    name="wishes",
    meaning=Text("one row a wish of customers"),
    columns=(
        _text("wish", Text("name of the wish"), required=True),
        _number("asked", Text("customers who asked for it"), low=0, required=True),
        _number("surveyed", Text("customers who were asked what they wish"), low=1),
        _number("value", Text("money a year that it brings per customer reached")),
        _number("value_low", Text("lower end of that value")),
        _number("value_high", Text("upper end of that value")),
        _number("retention", Text("change of yearly retention per customer reached, .02 for two points")),
        _number("retention_low", Text("lower end of that change")),
        _number("retention_high", Text("upper end of that change")),
        _number("extra_price", Text("extra money a year that a customer reached would pay")),
        _number("extra_price_low", Text("lower end of that price")),
        _number("extra_price_high", Text("upper end of that price")),
        _number("cost", Text("what it costs a year, in money"), low=0),
        _number("feasibility", Text("probability that it succeeds, 0 to 1"), low=0, high=1),
    ),
)

UNITS = Table(
    name="units",
    meaning=Text("one row a unit of the company; parents make a hierarchy"),
    columns=(
        _text("unit", Text("identifier of the unit"), required=True),
        _text("parent", Text("unit that it belongs to; empty at the top")),
        _text("name", Text("its name")),
        _text("kind", Text("kind of unit"), choices=("brand", "region", "branch", "department")),
    ),
)

CASES = Table(
    name="cases",
    meaning=Text("one row a complaint, question or other case of a customer"),
    columns=(
        _text("case", Text("identifier of the case")),
        _text("customer", Text("identifier of the customer"), required=True),
        _time("opened_at", Text("when it was opened"), required=True),
        _text("reason", Text("its reason, in words that return"), required=True),
        _time("closed_at", Text("when it was closed")),
        _number("cost", Text("what it cost to handle, in money"), low=0),
        _text("unit", Text("branch, department, region or brand")),
    ),
)

CONTACT_KINDS = (
    "relationship_survey",
    "event_survey",
    "marketing",
    "review_reply",
    "service",
    "complaint",
    "other",
)
"""What a contact was for; `complaint` is the opening of one, `other` is everything that has no other name."""

SURVEY_KINDS = ("relationship_survey", "event_survey")

CONTACTS = Table(
    name="contacts",
    meaning=Text("one row a contact with a customer, whoever began it"),
    columns=(
        _text("contact", Text("identifier of the contact")),
        _text("customer", Text("identifier of the customer"), required=True),
        _time("contacted_at", Text("when it was"), required=True),
        _text("kind", Text("what it was for; empty counts as other"), choices=CONTACT_KINDS),
        _text("channel", Text("how: telephone, e-mail, application, branch")),
        _text("reason", Text("its reason, in words that return")),
        _flag("unsubscribed", Text("whether the customer asked for no more after it")),
    ),
)

INVITATIONS = Table(
    name="invitations",
    meaning=Text("one row a survey sent to a customer, answered or not"),
    columns=(
        _text("invitation", Text("identifier of the invitation")),
        _text("customer", Text("identifier of the customer"), required=True),
        _time("invited_at", Text("when it was sent"), required=True),
        _text("survey", Text("name of the survey")),
        _text("kind", Text("whether it asks of all dealings or of one event"), choices=SURVEY_KINDS),
        _text("channel", Text("how: e-mail, SMS, application")),
        _flag("opened", Text("whether the customer opened it")),
        _flag("answered", Text("whether it was answered; where it is not told, the answers tell")),
        _flag("unsubscribed", Text("whether the customer asked for no more after it")),
    ),
)

RULES = Table(
    name="rules",
    meaning=Text("one row a rule, instruction or exception that staff must follow"),
    columns=(
        _text("rule", Text("name of the rule"), required=True),
        _time("introduced_at", Text("when it was introduced"), required=True),
        _time("retired_at", Text("when it was given up")),
    ),
)

KANO = Table(
    name="kano",
    meaning=Text("one row a respondent and wish of a Kano survey"),
    columns=(
        _text("respondent", Text("identifier of the respondent")),
        _text("wish", Text("name of the wish"), required=True),
        _text(
            "functional", Text("how it would be to have it: 1 like to 5 dislike, or in words"), required=True
        ),
        _text(
            "dysfunctional",
            Text("how it would be to lack it: 1 like to 5 dislike, or in words"),
            required=True,
        ),
        _number("weight", Text("sampling weight, above 0"), low=0),
    ),
)

PRICES = Table(
    name="prices",
    meaning=Text("one row a respondent of a price survey"),
    columns=(
        _text("respondent", Text("identifier of the respondent")),
        _number("too_cheap", Text("price at which it would be too cheap to be good"), low=0, required=True),
        _number("cheap", Text("price at which it would be cheap"), low=0, required=True),
        _number("expensive", Text("price at which it would be expensive"), low=0, required=True),
        _number("too_expensive", Text("price at which it would be too expensive"), low=0, required=True),
        _number("intention_cheap", Text("intention to buy at the cheap price, 1 to 5"), low=1, high=5),
        _number(
            "intention_expensive", Text("intention to buy at the expensive price, 1 to 5"), low=1, high=5
        ),
    ),
)

TALK = Table(
    name="talk",
    meaning=Text("one row a respondent of a survey of what buyers and non-buyers had heard"),
    columns=(
        _text("respondent", Text("identifier of the respondent")),
        _flag("bought", Text("whether they bought, of those who had considered it"), required=True),
        _number("praise", Text("how many good words about the brand they had met"), low=0, required=True),
        _number("blame", Text("how many bad words about the brand they had met"), low=0, required=True),
    ),
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        ANSWERS,
        CUSTOMERS,
        PURCHASES,
        REVIEWS,
        ACTIONS,
        BRANDS,
        WISHES,
        UNITS,
        CASES,
        CONTACTS,
        INVITATIONS,
        RULES,
        KANO,
        PRICES,
        TALK,
    )
}


def table(name: str) -> Table:
    """Return the table of that name."""
    if name not in TABLES:
        raise BadOption("table", name, list(TABLES))
    return TABLES[name]
