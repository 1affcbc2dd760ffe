"""What is assumed about word of mouth: the founding document's figures, research's, and your own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self, get_args

from leal.act.uncertain import Quantity, Uncertain, as_uncertain
from leal.errors import BadOption, BadValue, Where
from leal.wording import Text

Reading = Literal["A", "B"]
"""What "30-50 % more negative comments" means: A b = a (1 + excess), B b = a/(1 - excess)."""

Channel = Literal["offline", "reviews"]

ASSUMPTIONS = ("excess", "weight", "needed", "comments", "passive_comments", "in_market")


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What is assumed about word of mouth; each may be a number, a range, an estimate or an `Uncertain`.

    Attributes
    ----------
    name : str
        ``"seed"``, ``"research"``, ``"yours"``.
    excess : quantity
        By how much more a detractor speaks than a promoter, as a fraction (.4 is 40 %), below 1.
    weight : quantity
        How many positive comments one negative one outweighs (w).
    needed : quantity
        Net positive comments that win one customer (k).
    comments : quantity
        Positive comments a promoter makes a year (a).
    passive_comments : quantity
        Positive comments a passive makes a year (a0).
    in_market : quantity
        Share of comments that reach people who may buy, 0..1 (q).
    sources : dict of Text
        Where the figures are from.

    Examples
    --------
    >>> Talk(name="yours", weight=(1, 2), needed=8, excess=0).factor("weight").central
    1.5
    """

    name: str = "yours"
    excess: Quantity | None = None
    weight: Quantity | None = None
    needed: Quantity | None = None
    comments: Quantity | None = None
    passive_comments: Quantity | None = None
    in_market: Quantity | None = None
    sources: Mapping[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ASSUMPTIONS:
            factor = self.factor(name)
            if factor is None:
                continue
            low, high = factor.limits(0.95)
            wrong = {
                "excess": low <= -1 or high >= 1,
                "needed": low <= 0,
                "in_market": low < 0 or high > 1,
            }.get(name, low < 0)
            if wrong:
                raise BadValue(
                    Text("{factor} of word of mouth cannot be {value}.", factor=name, value=factor.central),
                    hint=_HINTS[name],
                    where=Where(column=name),
                )

    def factor(self, name: str) -> Uncertain | None:
        """Return an assumption with its uncertainty; None where nothing is assumed."""
        return as_uncertain(getattr(self, name), name)

    def filled(self, **quantities: Quantity | None) -> Self:
        """Return the same with what is not yet assumed taken from `quantities`."""
        empty = {name: value for name, value in quantities.items() if getattr(self, name) is None}
        return replace(self, **empty)  # type: ignore[arg-type]


ASSUMED_COMMENTS = Uncertain.triangular(1.0, 3.0, 8.0)
"""Positive comments of a promoter a year where nobody says: 8 is that of Dell (Reichheld 2006)."""

_HINTS = {
    "excess": Text("Give a fraction above -1 and below 1, as .4 for 40 % more."),
    "weight": Text("Give how many positive comments one negative outweighs, from zero up."),
    "needed": Text("Give how many net comments win a customer, above zero."),
    "comments": Text("Give comments a year, from zero up."),
    "passive_comments": Text("Give comments a year, from zero up."),
    "in_market": Text("Give a fraction from 0 to 1."),
}

SEED = Talk(
    name="seed",
    excess=Uncertain.between(0.3, 0.5),
    weight=Uncertain.fixed(5.0),
    needed=Uncertain.between(5.0, 6.0),
    sources={
        "excess": Text("the founding document: negative comments outnumber by 30-50 %; no source found"),
        "weight": Text("the founding document: one negative weighs five positive; no source found"),
        "needed": Text("the founding document: a prospect needs 5-6 recommendations; no source found"),
    },
)
"""The figures of the founding document: claims, not facts."""

_SOURCES = {
    "excess": Text(
        "research: positive outnumbers negative about 3 to 1 in all (East, Hammond, Wright 2007); per person"
        " neither is known to talk more: −30 to 30 % assumed"
    ),
    "needed": Text(
        "no research found; from the 5.5 of the founding document to the 40 comments a customer of Dell"
        " (Reichheld 2006)"
    ),
}
_WEIGHTS: dict[Channel, tuple[Uncertain, Text]] = {
    "offline": (
        Uncertain.lognormal(1.0, 0.3, grade="C"),
        Text("research: equal on average in 13 studies (East); the spread is assumed"),
    ),
    "reviews": (
        Uncertain.lognormal(2.0, 0.35, grade="C"),
        Text(
            "research: one-star reviews weigh more than five-star ones (Chevalier, Mayzlin 2006); how much"
            " more is assumed, 1 to 4"
        ),
    ),
}


def research(channel: Channel = "offline") -> Talk:
    """Return what research supports: weight about 1 in talk, above 1 for reviews.

    Parameters
    ----------
    channel : {"offline", "reviews"}
        Talk among people, or reviews that anybody reads.

    Notes
    -----
    Only the middle of `weight` is published; spreads, `excess` and `needed` are assumed and say so in
    `sources`.
    """
    if channel not in get_args(Channel):
        raise BadOption("channel", channel, list(get_args(Channel)))
    weight, source = _WEIGHTS[channel]
    return Talk(
        name="research",
        excess=Uncertain.between(-0.3, 0.3),
        weight=weight,
        needed=Uncertain.lognormal(14.8, 0.5),
        sources={**_SOURCES, "weight": source},
    )


def spanning(seed: Talk = SEED) -> Talk:
    """Return the seed's figures with a weight that spans research and seed: median 2.24, log-deviation .8."""
    return replace(seed, name="spanning", weight=Uncertain.lognormal(2.24, 0.8))
