"""What talk is worth in money: a comment, a promoter, a passive, a detractor; the one public calculation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from leal.act.talk_base import GROUPS, LEAST_NEEDED
from leal.act.talk_model import negative_ratio
from leal.act.talk_presets import ASSUMED_COMMENTS, ASSUMPTIONS, SEED, Reading, Talk
from leal.act.uncertain import (
    DRAWS,
    Floats,
    JointDraws,
    Quantity,
    as_uncertain,
    middle_of,
    weakest,
)
from leal.errors import BadValue, Where
from leal.results import Money
from leal.statistics import around_middle
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEconomics:
    """What positive comments bring, from counts of a whole year.

    Attributes
    ----------
    referred : float
        New customers who came by recommendation.
    value : float
        Margin that they bring.
    per_comment : float
        The same for each positive comment.
    per_promoter : float
        The same for each promoter and year.
    comments_per_customer : float
        Positive comments for each customer won: k, seen from the side of counts.
    """

    referred: float
    value: float
    per_comment: float
    per_promoter: float
    comments_per_customer: float


def comment_economics(
    *,
    new_customers: float,
    referral_share: float,
    value_of_new: float,
    positive_comments: float,
    comments_per_promoter: float,
) -> CommentEconomics:
    """Return what positive comments bring, the way the one fully public calculation does it.

    Parameters
    ----------
    new_customers : float
        A year.
    referral_share : float
        Share of them who came by recommendation, 0..1.
    value_of_new : float
        Margin that one brings.
    positive_comments : float
        All positive comments of a year.
    comments_per_promoter : float
        Of one promoter a year.

    Notes
    -----
    Everything is put down to comments, nothing to what would have come anyway: an upper bound.

    References
    ----------
    Reichheld (2006), The Ultimate Question, on Dell.

    Examples
    --------
    >>> dell = comment_economics(new_customers=4e6, referral_share=.25, value_of_new=210,
    ...                          positive_comments=40e6, comments_per_promoter=8)
    >>> dell.per_comment, dell.per_promoter
    (5.25, 42.0)
    """
    if (
        not 0 <= referral_share <= 1
        or positive_comments <= 0
        or min(new_customers, comments_per_promoter) < 0
    ):
        raise BadValue(
            Text("These counts of customers and comments cannot be."),
            hint=Text("Give a share from 0 to 1, and numbers from zero up, of comments above zero."),
            where=Where(column="referral_share"),
        )
    referred = new_customers * referral_share
    value = referred * value_of_new
    each = value / positive_comments
    return CommentEconomics(
        referred=referred,
        value=value,
        per_comment=each,
        per_promoter=each * comments_per_promoter,
        comments_per_customer=positive_comments / referred if referred else math.inf,
    )


def referral_values(
    value_of_new: Quantity,
    talk: Talk = SEED,
    *,
    comments: Quantity | None = None,
    passive_comments: Quantity = 0.0,
    in_market: Quantity = 1.0,
    reading: Reading = "A",
    currency: str | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 0,
) -> dict[str, Money]:
    """Return what the talk of one customer of each group brings or costs a year.

    Parameters
    ----------
    value_of_new : quantity
        Margin that a new customer brings in all.
    talk : Talk
        Assumptions; the founding document's by default. `leal.act.research()` gives those of research.
    comments, passive_comments, in_market : quantity
        As in `leal.word_of_mouth`, for what `talk` leaves open.
    reading, currency, level, draws, seed
        As there.

    Returns
    -------
    dict of Money
        ``"promoter"``: q a/k x value; ``"passive"``: q a0/k x value; ``"detractor"``: -q w b/k x value.
        Unknown where an assumption is missing.

    Notes
    -----
    The value of a customer won is counted here or in the lifetime value of that customer, never in both:
    `Action.referrals_counted` takes the part that the base holds already off.
    """
    filled = talk.filled(
        comments=ASSUMED_COMMENTS if comments is None else comments,
        passive_comments=passive_comments,
        in_market=in_market,
    )
    value = as_uncertain(value_of_new, "value_of_new")
    joint = JointDraws(draws, seed)
    middles = {name: middle_of(filled.factor(name)) for name in ASSUMPTIONS} | {"value": middle_of(value)}
    drawn = {name: joint.known(filled.factor(name), name) for name in ASSUMPTIONS}
    drawn["value"] = joint.known(value, "value of a new customer")
    drawn["needed"] = np.maximum(drawn["needed"], LEAST_NEEDED)
    grades = [factor.grade for name in ASSUMPTIONS if (factor := filled.factor(name)) is not None]
    shared: dict[str, Any] = {
        "n": 1,
        "level": level,
        "currency": currency,
        "basis": "margin",
        "period": "year",
        "grade": weakest(grades),
    }
    central, many = _by_group(middles, reading), _by_group(drawn, reading)
    return {group: around_middle(Money, float(central[group][0]), many[group], **shared) for group in GROUPS}


def _by_group(given: dict[str, Floats], reading: Reading) -> dict[str, Floats]:
    each = given["in_market"] * given["value"] / given["needed"]
    bad = given["weight"] * given["comments"] * negative_ratio(given["excess"], reading)
    return {
        "promoter": np.asarray(each * given["comments"]),
        "passive": np.asarray(each * given["passive_comments"]),
        "detractor": np.asarray(-each * bad),
    }
