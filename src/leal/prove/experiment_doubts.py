"""What makes the figures of an experiment less than they seem: notes."""

from __future__ import annotations

from leal.prove.experiment_arms import Arm, Question
from leal.prove.experiment_results import ArmEffect, Balance
from leal.results import Note
from leal.statistics import welch
from leal.wording import Listing, Percent, Text

SMALL_ARM = 100
"""Customers of an arm up to which strongly skewed money shortens the interval beside a far larger one."""

DIVISOR_ALARM = 0.05
"""p value below which the divisor of a quotient is said to differ between the arms."""


def _short(arms: list[Arm]) -> bool:
    """Tell whether an arm is so small beside another that its few large amounts decide (by simulation)."""
    sizes = [arm.outcome.n for arm in arms]
    return min(sizes) <= SMALL_ARM and max(sizes) > 4 * min(sizes)


def _few_large_amounts(arms: list[Arm]) -> Text:
    if any(arm.outcome.skewness for arm in arms):
        return Text(
            "One arm is small beside the other: a few large amounts more or fewer would move it much, and the"
            " limits lean to where they would."
        )
    return Text(
        "One arm is small beside the other: where a few customers spend most, the interval holds the"
        " truth in about 92 of 100 cases, not 95. Hold more customers out, or give the amounts themselves."
    )


def remarks_on(
    question: Question, unlike: list[Balance], effects: tuple[ArmEffect, ...], arms: list[Arm]
) -> tuple[Note, ...]:
    """Return the notes of an experiment that was judged."""
    notes = []
    if unlike:
        text = Text(
            "The arms differed before the start in {columns} (p < 0.001): they do not look drawn by lot.",
            columns=Listing.of(sorted({one.column for one in unlike})),
        )
        notes.append(Note(code="unlike_before", text=text))
    if question.look is not None:
        text = Text(
            "Look {number} of {planned}: intervals hold over all looks together, and are wider for it.",
            number=question.look.number,
            planned=question.look.planned,
        )
        notes.append(Note(code="planned_look", text=text))
    if question.unit_value is not None and question.cost is None:
        text = Text("No cost is given: what is earned is before its cost.")
        notes.append(Note(code="cost_not_counted", text=text))
    if question.unit == "money" and _short(arms):
        notes.append(Note(code="small_arm", text=_few_large_amounts(arms)))
    notes += _doubts(question, effects, arms)
    saved = [one.variance_saved for one in effects if one.cuped is not None]
    if saved:
        text = Text("The value from before explains {share} of the variance.", share=Percent(max(saved), 1))
        notes.append(Note(code="variance_explained", text=text))
    return tuple(notes)


def _doubts(question: Question, effects: tuple[ArmEffect, ...], arms: list[Arm]) -> list[Note]:
    """Return what makes the figures of these arms less than they seem."""
    notes = []
    if any(arm.pairs is not None for arm in arms) and any(one.cuped is None for one in effects):
        text = Text("Too few customers did anything: the value from before is not used, the plain count is.")
        notes.append(Note(code="past_not_used", text=text))
    still = [arm.name for arm in arms if arm.outcome.n >= 2 and arm.outcome.standard_deviation == 0]
    if still and len(still) < len(arms) and question.unit != "share":
        text = Text(
            "All customers of {arms} did the same, which says nothing of how they differ: they are taken to"
            " differ as much as those of the other arm.",
            arms=Listing.of(still),
        )
        notes.append(Note(code="no_spread", text=text))
    if still and len(still) == len(arms) and question.unit != "share":
        text = Text(
            "In each arm all customers did the same: how far they differ is not known, nor any limits."
        )
        notes.append(Note(code="no_spread", text=text))
    moved = [one.arm for one in effects if _moved_divisor(one, arms)]
    if moved:
        text = Text(
            "What the outcome is divided by differs between the arms too ({arms}, p < 0.05): the quotient"
            " alone does not say what was earned. Read the outcome a customer as well.",
            arms=Listing.of(moved),
        )
        notes.append(Note(code="divisor_moved", text=text))
    return notes


def _moved_divisor(effect: ArmEffect, arms: list[Arm]) -> bool:
    by_name = {arm.name: arm.divided_by for arm in arms}
    ours, theirs = by_name[effect.arm], by_name[effect.control]
    if ours is None or theirs is None:
        return False
    found = welch(*ours.moments, *theirs.moments)
    return found.known and found.p_value < DIVISOR_ALARM
