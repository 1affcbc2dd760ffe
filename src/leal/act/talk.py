"""Word of mouth: what promoters bring and detractors cost, by three sets of assumptions side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

import numpy as np

from leal.act.talk_base import (
    Base,
    Shares,
    drawn_retention,
    drawn_voices,
    middle_retention,
    middle_voices,
    shares_of,
)
from leal.act.talk_model import (
    Voices,
    balance,
    break_even_nps,
    buying_probability,
    growth,
    growth_break_even_nps,
    new_customers,
    promoters_per_detractor,
)
from leal.act.talk_presets import ASSUMED_COMMENTS, SEED, Channel, Reading, Talk, research
from leal.act.talk_results import ScorePoints, TalkColumn, TalkFigures, Tally, WordOfMouth
from leal.act.uncertain import DRAWS, Floats, JointDraws, Quantity, Uncertain, as_uncertain
from leal.errors import BadOption, BadValue, Where
from leal.results import Estimate, Money, Note, Proportion
from leal.statistics import around_middle
from leal.wording import Text

_BUYING_DRAWS = 4_000
Kind = TypeVar("Kind", bound=Estimate)


def word_of_mouth(
    shares: Shares,
    *,
    customers: Quantity,
    yours: Talk | None = None,
    comments: Quantity | None = None,
    passive_comments: Quantity = 0.0,
    in_market: Quantity = 1.0,
    prospects: Quantity | None = None,
    retention: tuple[Quantity, Quantity, Quantity] | None = None,
    value_of_new: Quantity | None = None,
    channel: Channel = "offline",
    reading: Reading = "A",
    currency: str | None = None,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 0,
) -> WordOfMouth:
    """Tell what word of mouth brings or costs, by the founding document, by research and by your own figures.

    Parameters
    ----------
    shares : NpsResult or (float, float, float)
        An NPS, whose sampling uncertainty is then in every interval, or promoters, passives, detractors as
        fractions.
    customers : quantity
        How many customers there are.
    yours : Talk, optional
        Your own assumptions, best from `estimate_comments`.
    comments, passive_comments : quantity
        Positive comments a year of a promoter and of a passive; 1 to 8, and none, where nobody says.
    in_market : quantity
        Share of comments that reach people who may buy, 0..1; all of them by default, an upper bound.
    prospects : quantity, optional
        People in the market who are no customers: needed for how likely one of them buys (M3).
    retention : three quantities, optional
        Yearly retention of promoters, passives, detractors: needed for growth (M5).
    value_of_new : quantity, optional
        Margin that a new customer brings in all: needed for money.
    channel : {"offline", "reviews"}
        Whose weight of a negative comment research is asked for.
    reading : {"A", "B"}
        What "30-50 % more" means: A, b = a (1 + excess); B, b = a/(1 - excess). Both are in the result.
    currency : str, optional
        ISO code of money.
    level, draws, seed
        Level of the intervals; draws of the simulation and their seed.

    Returns
    -------
    WordOfMouth
        Three columns that contradict each other, each with intervals; `fan()`, `tornado()`, `chart()`.

    Raises
    ------
    BadValue, BadOption
        Shares that do not add up, a factor out of range, an unknown reading or channel.

    Notes
    -----
    M1 balance I = N (p a + s a0 - w d b); promoters a detractor costs R* = w b/a. M2 new customers q I/k.
    M3 a prospect hears Poisson numbers of both and buys if X - w Y >= k. M5 N'/N = p r_p + s r_s + d r_d +
    q (p a + s a0 - w d b)/k. All assumptions are drawn jointly.

    The founding document's figures have no source that was found, and research partly contradicts them: read
    the columns against each other. Not a target for anybody before `yours` is estimated from data (M4).

    References
    ----------
    Reichheld (2006), The Ultimate Question; East, Hammond and Wright (2007), International Journal of
    Research in Marketing 24, 175-184; Chevalier and Mayzlin (2006), Journal of Marketing Research 43,
    345-354.

    Examples
    --------
    >>> found = word_of_mouth((.5, .3, .2), customers=10_000, comments=4)
    >>> round(found.seed.figures.new_customers.estimate)
    -6545
    >>> ratio = found.seed.figures.promoters_per_detractor
    >>> round(ratio.ci_low, 1), round(ratio.estimate, 1), round(ratio.ci_high, 1)
    (6.5, 7.0, 7.5)
    """
    if reading not in get_args(Reading):
        raise BadOption("reading", reading, list(get_args(Reading)))
    said, answers, limits = shares_of(shares)
    base = Base(
        shares=said,
        answers=answers,
        nps_limits=limits,
        customers=_needed(customers, "customers"),
        prospects=_prospects(prospects),
        retention=_retention(retention),
        value_of_new=as_uncertain(value_of_new, "value_of_new"),
    )
    speaks = ASSUMED_COMMENTS if comments is None else _needed(comments, "comments")
    # what is known of these customers is one quantity for all presets, drawn once
    known = {
        "comments": _shared(speaks, "comments of a promoter"),
        "passive_comments": _shared(_needed(passive_comments, "passive_comments"), "comments of a passive"),
        "in_market": _shared(_share(in_market, "in_market"), "share in the market"),
    }
    joint = JointDraws(draws, seed)
    talks = [SEED, research(channel), *([] if yours is None else [yours])]
    columns = [
        _column(base, talk.filled(**known), reading, joint, level=level, currency=currency) for talk in talks
    ]
    return WordOfMouth(
        seed=columns[0],
        research=columns[1],
        yours=columns[2] if yours is not None else None,
        nps=base.nps,
        n=answers,
        reading=reading,
        level=level,
        notes=_notes(comments, in_market, yours),
        base=base,
        draws=draws,
        random_seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class _Sides:
    """The middles and the draws of one preset, and how results are made of both."""

    base: Base
    middle: Voices
    drawn: Voices
    reading: Reading
    level: float

    def of(self, kind: type[Kind], middle: Floats, drawn: Floats, **more: Any) -> Kind:
        """Return an estimate from its middle and its draws; unknown where the middle is."""
        central = float(middle[0])
        if kind is ScorePoints and math.isfinite(central) and abs(central) > 100 * (1 - self.base.shares[1]):
            more = {**more, "notes": (_unreachable(),)}
        n = self.base.answers or self.base.customers.central
        return around_middle(kind, central, drawn[~np.isnan(drawn)], n=n, level=self.level, **more)


def _column(
    base: Base, talk: Talk, reading: Reading, joint: JointDraws, *, level: float, currency: str | None
) -> TalkColumn:
    middle, drawn = middle_voices(base, talk), drawn_voices(base, talk, joint)
    other: Reading = "B" if reading == "A" else "A"
    found = [
        _figures(_Sides(base=base, middle=middle, drawn=drawn, reading=one, level=level), joint, currency)
        for one in (reading, other)
    ]
    return TalkColumn(name=talk.name, talk=talk, figures=found[0], other_reading=found[1])


def _figures(sides: _Sides, joint: JointDraws, currency: str | None) -> TalkFigures:
    middle, drawn, reading = sides.middle, sides.drawn, sides.reading
    won = new_customers(middle, reading), new_customers(drawn, reading)
    kept = middle_retention(sides.base), drawn_retention(sides.base, joint)
    grown, needed = _growth(sides, kept[0], kept[1])
    value = sides.base.value_of_new
    each = (
        (math.nan, math.nan) if value is None else (value.central, joint.of(value, "value of a new customer"))
    )
    return TalkFigures(
        reading=reading,
        promoters_per_detractor=sides.of(
            Estimate, promoters_per_detractor(middle, reading), promoters_per_detractor(drawn, reading)
        ),
        break_even_nps=sides.of(ScorePoints, break_even_nps(middle, reading), break_even_nps(drawn, reading)),
        balance=sides.of(Tally, balance(middle, reading), balance(drawn, reading)),
        new_customers=sides.of(Tally, *won),
        buying=_buying(sides, joint),
        growth=grown,
        growth_break_even_nps=needed,
        value=sides.of(
            Money, won[0] * each[0], won[1] * each[1], currency=currency, basis="margin", grade="D"
        ),
        chance=float(np.mean(won[1] > 0)) if math.isfinite(float(won[0][0])) else None,
    )


def _growth(
    sides: _Sides,
    middle: tuple[Floats, Floats, Floats] | None,
    drawn: tuple[Floats, Floats, Floats] | None,
) -> tuple[Proportion, ScorePoints]:
    if middle is None or drawn is None:
        nothing = np.full(1, math.nan)
        return sides.of(Proportion, nothing, nothing), sides.of(ScorePoints, nothing, nothing)
    reading = sides.reading
    return (
        sides.of(
            Proportion,
            growth(sides.middle, reading, middle) - 1,
            growth(sides.drawn, reading, drawn) - 1,
        ),
        sides.of(
            ScorePoints,
            growth_break_even_nps(sides.middle, reading, middle),
            growth_break_even_nps(sides.drawn, reading, drawn),
        ),
    )


def _buying(sides: _Sides, joint: JointDraws) -> Proportion:
    """Return how likely a prospect buys, hearing what customers say (M3)."""
    prospects = sides.base.prospects
    if prospects is None or not math.isfinite(float(sides.middle.needed[0])):
        return sides.of(Proportion, np.full(1, math.nan), np.full(1, math.nan))
    number = np.array([prospects.central]), np.maximum(joint.of(prospects, "prospects"), 1.0)
    found = []
    for voices, people in zip((sides.middle, sides.drawn), number, strict=True):
        some = slice(0, _BUYING_DRAWS)
        positive, negative = _heard(voices, sides.reading, people)
        found.append(
            buying_probability(positive[some], negative[some], voices.needed[some], voices.weight[some])
        )
    return sides.of(Proportion, found[0], found[1])


def _heard(voices: Voices, reading: Reading, prospects: Floats) -> tuple[Floats, Floats]:
    """Return the mean positive and negative comments that a prospect hears in a year."""
    each = voices.in_market * voices.customers / prospects
    positive = voices.promoters * voices.comments + voices.passives * voices.passive_comments
    return np.asarray(each * positive), np.asarray(each * voices.detractors * voices.negative(reading))


def _shared(quantity: Uncertain, name: str) -> Uncertain:
    """Return a quantity under a name that all presets share, unless it has one of its own."""
    return quantity if quantity.name else quantity.named(name)


def _unreachable() -> Note:
    text = Text("No NPS can be so far out with this share of passives: it is not reached by the score alone.")
    return Note(code="unreachable", text=text)


def _prospects(value: Quantity | None) -> Uncertain | None:
    if value is None:
        return None
    found = _needed(value, "prospects")
    if found.central == 0:
        raise _cannot_be("prospects", value, Text("Give a number above zero, or leave the argument out."))
    return found


def _share(value: Quantity, name: str) -> Uncertain:
    found = _needed(value, name)
    if found.central > 1:
        raise _cannot_be(name, value, Text("Give a fraction from 0 to 1."))
    return found


def _cannot_be(factor: str, value: object, hint: Text) -> BadValue:
    text = Text("{factor} of word of mouth cannot be {value}.", factor=factor, value=str(value))
    return BadValue(text, hint=hint, where=Where(column=factor))


def _needed(value: Quantity, name: str) -> Uncertain:
    found = as_uncertain(value, name)
    if found is None or not found.central >= 0:
        raise _cannot_be(name, value, Text("Give a number from zero up."))
    return found


def _retention(
    rates: tuple[Quantity, Quantity, Quantity] | None,
) -> tuple[Uncertain, Uncertain, Uncertain] | None:
    if rates is None:
        return None
    first, second, third = (_share(rate, "retention") for rate in rates)
    return first, second, third


def _notes(comments: Quantity | None, in_market: Quantity, yours: Talk | None) -> tuple[Note, ...]:
    notes = []
    if comments is None:
        text = Text("Nobody says how often a promoter speaks: 1 to 8 times a year was assumed.")
        notes.append(Note(code="assumed_comments", text=text))
    if in_market == 1.0:
        text = Text("Every comment is taken to reach somebody who may buy: the effect is at most as large.")
        notes.append(Note(code="assumed_in_market", text=text))
    weight = None if yours is None else yours.factor("weight")
    if weight is None or weight.grade == "D":
        text = Text(
            "Not a target for anybody: the weight of a negative comment is assumed. Ask buyers and non-buyers"
            " how many comments of each kind they met."
        )
        notes.append(Note(code="not_a_target", text=text))
    return tuple(notes)
