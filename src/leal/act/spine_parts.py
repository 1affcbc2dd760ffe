"""The factors of one entry of the register: its form, the parts of its gain, its cost, its grades."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from leal.act.action_values import Form
from leal.act.actions import DIRECT, LINKS, SUPPOSED, Action
from leal.act.horizons import years_worth, years_worth_slope
from leal.act.uncertain import Floats, JointDraws, Uncertain, middle_of
from leal.results import Grade, Note
from leal.wording import Decimal, Text

Look = Callable[[str], Floats]
"""Gives a factor's draws, or its middle as an array of one; not-a-number where it is not known."""


def form_of(entry: Action, wanted: Literal["exact", "linear"]) -> Form:
    """Return how the gain of an entry is reckoned."""
    if entry.factor("measured") is not None:
        return "measured"
    others = any(entry.factor(name) is not None for name in ("repeat_sales", "word_of_mouth", *DIRECT))
    if entry.factor("satisfaction") is None and others:
        return "other"
    whole = entry.factor("margin") is not None and entry.factor("retention") is not None
    # with the link alone there is only its tangent; with neither, what is missing is said
    return (
        "linear" if wanted == "linear" or (not whole and entry.factor("value_link") is not None) else "exact"
    )


def missing_factors(entry: Action, form: Form, years: float | None = None) -> tuple[str, ...]:
    """Return the factors that the value needs and that are not known."""
    needs: tuple[str, ...] = {
        "measured": ("customers",),
        "other": (),
        "exact": ("customers", "exposed", "noticed", "satisfaction", "retention_link", "margin", "retention"),
        "linear": ("customers", "exposed", "noticed", "satisfaction", "retention_link"),
    }[form]
    # the value link knows the lives of customers only, and nothing of what is spent
    if form == "linear" and (entry.factor("value_link") is None or years is not None):
        needs = (*needs, "margin", "retention")
    if acts_directly(entry, form):
        needs = (*needs, "customers", "margin", "retention")
    return tuple(dict.fromkeys(name for name in (*needs, "cost") if entry.factor(name) is None))


def acts_directly(entry: Action, form: Form) -> bool:
    """Return whether the gain has a part that does not go through satisfaction."""
    return form != "measured" and any(entry.factor(name) is not None for name in (*DIRECT, *SUPPOSED))


def middles(entry: Action) -> Look:
    """Return the look-up of the middles of an entry's factors."""

    def look(name: str) -> Floats:
        return middle_of(entry.factor(name))

    return look


def factor_draws(entry: Action, joint: JointDraws) -> Look:
    """Return the look-up of the draws of an entry's factors."""

    def look(name: str) -> Floats:
        factor = entry.factor(name)
        return joint.known(factor, "" if factor is None else _stream(entry, name, factor))

    return look


def _stream(entry: Action, name: str, factor: Uncertain) -> str:
    """Return the stream of a factor: that of its own values where it is a fact about customers."""
    if name in LINKS:
        return f"{name}|{factor.kind}|{factor.values!r}"
    return f"{entry.name}|{entry.segment or ''}|{name}"


def gain_parts(entry: Action, form: Form, look: Look, years: float | None = None) -> dict[str, Floats]:
    """Return the parts of the gain, at the middles or in each draw; over lives, or within `years`."""
    if form == "measured":
        return {"measured": look("customers") * look("measured")}
    parts = {}
    if form in ("exact", "linear"):
        parts["retention"] = _by_retention(entry, form, look, years)
    if acts_directly(entry, form):
        parts["direct"] = _directly(entry, form, look, years)
    if entry.factor("repeat_sales") is not None:
        parts["repeat_sales"] = look("repeat_sales")
    if entry.factor("word_of_mouth") is not None:
        counted = entry.factor("referrals_counted")
        rest = 1.0 if counted is None else 1 - np.clip(look("referrals_counted"), 0, 1)
        parts["word_of_mouth"] = look("word_of_mouth") * rest
    return parts


def retention_gained(look: Look) -> Floats:
    """Return by how much the mean retention of a segment moves: exposed x noticed x effect x link."""
    reached = np.clip(look("exposed"), 0, 1) * np.clip(look("noticed"), 0, 1)
    return np.asarray(reached * look("satisfaction") * look("retention_link"))


def direct_spend(entry: Action, look: Look) -> Floats:
    """Return by what share the money of those it is for changes past satisfaction."""
    if entry.supposed:
        return np.asarray(_noticing(entry, look) * (look("supposed_spend") - 1))
    return _or_nothing(entry, look, "direct_spend")


def direct_retention(entry: Action, look: Look) -> Floats:
    """Return by how much the retention of those it is for moves past satisfaction."""
    if entry.supposed:
        leaving = 1 - np.clip(look("retention"), 0, 1)
        return np.asarray(_noticing(entry, look) * leaving * (1 - look("supposed_leaving")))
    return _or_nothing(entry, look, "direct_retention")


def _or_nothing(entry: Action, look: Look, name: str) -> Floats:
    return np.zeros(1) if entry.factor(name) is None else look(name)


def _noticing(entry: Action, look: Look) -> Floats:
    """Return the share of those it is for who notice; all who are reached where that is not known."""
    noticed = 1.0 if entry.factor("noticed") is None else np.clip(look("noticed"), 0, 1)
    return np.asarray(np.clip(look("exposed"), 0, 1) * noticed)


def _by_retention(entry: Action, form: Form, look: Look, years: float | None) -> Floats:
    gained, customers = retention_gained(look), np.maximum(look("customers"), 0)
    if form == "linear":
        link = look("value_link")
        if entry.factor("value_link") is None or years is not None:
            link = slope(look("margin"), look("retention"), entry.discount, years)
        return np.asarray(customers * gained * link)
    before = np.clip(look("retention"), 0, 1)
    after = np.clip(before + gained, 0, 1)
    rise = years_worth(after, entry.discount, years) - years_worth(before, entry.discount, years)
    return np.asarray(customers * look("margin") * rise)


def _directly(entry: Action, form: Form, look: Look, years: float | None) -> Floats:
    """Return what comes past satisfaction, after what goes through it: of the retention that is left."""
    through = retention_gained(look) if form in ("exact", "linear") else np.zeros(1)
    spend, staying = np.maximum(direct_spend(entry, look), -1), direct_retention(entry, look)
    before = np.clip(look("retention") + through, 0, 1)
    after = np.clip(before + staying, 0, 1)
    more = (1 + spend) * years_worth(after, entry.discount, years)
    rise = more - years_worth(before, entry.discount, years)
    return np.asarray(np.maximum(look("customers"), 0) * look("margin") * rise)


def slope(margin: Floats, retention: Floats, discount: float, years: float | None = None) -> Floats:
    """Return what one more unit of retention adds to the value of a customer: m (1 + i)/(1 + i - r)^2."""
    return np.asarray(margin * years_worth_slope(np.clip(retention, 0, 1), discount, years))


def present_cost(entry: Action, costs: Sequence[float]) -> float:
    """Return costs of now and of the ends of years 1, 2, ... as money of now; unknown where there is none."""
    if not costs:
        return math.nan
    return math.fsum(cost / (1 + entry.discount) ** year for year, cost in enumerate(costs))


def cost_draws(entry: Action, joint: JointDraws) -> Floats:
    """Return the cost in each draw, later years discounted."""
    if not entry.costs:
        return np.full(joint.draws, math.nan)
    total = np.zeros(joint.draws)
    for year, cost in enumerate(entry.costs):
        drawn = joint.of(cost, f"{entry.name}|{entry.segment or ''}|cost {year}")
        total += np.maximum(drawn, 0) / (1 + entry.discount) ** year
    return total


def worst_form(forms: set[Form]) -> Form:
    """Return the form of an action whose segments were reckoned differently: measured only if all were."""
    order: tuple[Form, ...] = ("linear", "exact", "other", "measured")
    return next(form for form in order if form in forms)


_USED: dict[Form, tuple[str, ...]] = {
    "measured": ("customers", "measured"),
    "other": ("repeat_sales", "word_of_mouth", "referrals_counted", *DIRECT, *SUPPOSED),
    "exact": (
        "exposed",
        "noticed",
        "satisfaction",
        "retention_link",
        "margin",
        "retention",
        "repeat_sales",
        "word_of_mouth",
        "referrals_counted",
        *DIRECT,
        *SUPPOSED,
    ),
    "linear": (
        "exposed",
        "noticed",
        "satisfaction",
        "retention_link",
        "value_link",
        "margin",
        "retention",
        "repeat_sales",
        "word_of_mouth",
        "referrals_counted",
        *DIRECT,
        *SUPPOSED,
    ),
}
_COUNTED = ("customers", "margin", "retention")
"""Read from the books, not believed: their grade is not that of a cause, and does not count."""


def factor_grades(entries: list[Action], forms: set[Form]) -> dict[str, Grade]:
    """Return the grade of each factor that was used, the worst over the segments."""
    used = {name for form in forms for name in _USED[form]}
    grades: dict[str, Grade] = {}
    for entry in entries:
        for name, grade in entry.grades.items():
            if name in used and name not in _COUNTED:
                grades[name] = max(grade, grades.get(name, "A"))
    return grades


def entry_notes(entry: Action, form: Form, joint: JointDraws) -> list[Note]:
    """Return what was assumed or cut in the value of an entry."""
    notes = [_supposed()] if entry.supposed and form != "measured" else []
    if form == "linear":
        text = Text(
            "The value of retention is reckoned along its tangent, which is a little too low for gains."
        )
        notes.append(Note(code="linear_link", text=text))
    if form == "exact" and not missing_factors(entry, form):
        look = factor_draws(entry, joint)
        if np.mean(look("retention") + retention_gained(look) > 1) > 0:
            text = Text("Some draws would keep more than all customers; retention was held at 100 %.")
            notes.append(Note(code="retention_capped", text=text))
    if entry.factor("referrals_counted") is not None and entry.factor("word_of_mouth") is not None:
        text = Text("Customers won by word of mouth whom the base already holds are not counted again.")
        notes.append(Note(code="referrals_counted", text=text))
    return notes


def _supposed() -> Note:
    low, high = SUPPOSED["supposed_spend"].limits()
    text = Text(
        "It is known to act in other ways than by satisfaction too, and nothing was measured of them:"
        " supposed is that it multiplies spend and leaving of those who notice by {low} to {high}. A pilot"
        " with a holdout would tell.",
        low=Decimal(low, 1),
        high=Decimal(high, 1),
    )
    return Note(code="other_ways_supposed", text=text)
