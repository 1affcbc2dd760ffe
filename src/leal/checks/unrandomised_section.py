"""Beside check 3: what programmes changed that held nobody out, against customers like the treated."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import event_study
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.stake import stake
from leal.checks.supplement import Supplement
from leal.checks.unrandomised_notes import Told, unrandomised_notes
from leal.measure import ProgrammeEffect, customers_of_actions
from leal.prove import PanelEffect, UnrandomisedEffect, unrandomised_effects
from leal.results import Estimate, Grade, Money, estimate_of, with_limits
from leal.wording import Text

MOST_LOOKED_THROUGH = 10_000_000
"""Days of customers, all programmes together, that are looked through: of 5 million the costliest two."""

MOST_PICTURES = 2

MOVED_WORDS: dict[str, Text] = {
    "rose": Text("rose more than customers like them; why is not proved"),
    "fell": Text("fell more than customers like them; why is not proved"),
    "doubtful": Text("moved otherwise, but the comparison is doubtful"),
    "not_told": Text("not told from customers like them"),
    "no_past": Text("half were no customers yet 12 weeks before the start, or it is not told when it was"),
    "no_time_after": Text("less than four weeks since the start"),
    "few_treated": Text("fewer than 30 treated to compare"),
    "few_others": Text("fewer than 30 others to compare with"),
    "not_comparable": Text("too few others bought as they did before: nobody to compare with"),
    "unknown": Text("not known"),
}
"""What may be said of `UnrandomisedEffect.moved`, or why nothing may be."""


def without_holdout(book: Book) -> Supplement | None:
    """Return what programmes without a holdout changed, as far as it can be told; None without any.

    Notes
    -----
    The verdict of such a programme stays "no holdout": nothing here makes it work, and nothing goes into the
    ledger of what is proved.
    """
    if book.lacking(actions=("action", "customer"), purchases=("customer", "bought_at", "amount")):
        return None
    open_ones = [one for one in book.programmes if one.effect == "no_holdout" and one.treated]
    open_ones.sort(key=lambda one: (-one.cost, one.name))
    many = max(1, MOST_LOOKED_THROUGH // max(book.coded_days.height, 1))
    looked_at, rest = open_ones[:many], open_ones[many:]
    if not looked_at:
        return None
    found = _effects(book, looked_at)
    return Supplement(
        estimates=_figures(book, found),
        exhibits=(_exhibit(found),),
        pictures=_pictures(book, found),
        notes=unrandomised_notes(book, found, rest),
    )


def _effects(book: Book, programmes: list[ProgrammeEffect]) -> list[Told]:
    asked = {(one.action, one.arm): one for one in programmes}
    names = sorted({one.action for one in programmes})
    people = customers_of_actions(book.evidence.table("actions"), book.money_days, book.last_day, names)
    coded = people.join(book.names, on="customer", how="left").drop("customer").rename({"code": "customer"})
    found = unrandomised_effects(
        coded, book.coded_days, book.last_day, column=book.money_column, level=book.level
    )
    by_name = {(one.action, one.arm): one for one in found}
    return [(one, by_name[name]) for name, one in asked.items() if name in by_name]


def _money(book: Book, value: Estimate, grade: Grade) -> Money:
    return stake(book, value, grade=grade, period="period")


def _figures(book: Book, found: list[Told]) -> tuple[Named, ...]:
    return tuple(
        Named(
            name=Text("{action}: money a customer and four weeks, not drawn by lot", action=one.name),
            value=_money(book, told_of.effect, told_of.effect.grade),
        )
        for one, told_of in found
        if told_of.effect is not None and told_of.effect.known
    )


def _exhibit(found: list[Told]) -> Exhibit:
    ranges = [f"{name}{end}" for name in ("money", "went_on") for end in ("", "_low", "_high")]
    schema = {"action": pl.String, "treated": pl.Int64, "others": pl.Int64} | dict.fromkeys(
        (*ranges, "plain", "p_adjusted", "trend_p"), pl.Float64
    )
    return Exhibit(
        title=Text("Programmes without a holdout: not drawn by lot"),
        frame=pl.DataFrame(
            [_row(one, told_of) for one, told_of in found],
            schema=schema | {"grade": pl.String, "moved": pl.String},
        ),
        headings=(
            Heading(name="action", title=Text("Programme")),
            Heading(name="moved", title=Text("What may be said")),
            Heading(name="treated", title=Text("Treated compared"), unit="count"),
            Heading(name="others", title=Text("Others like them"), unit="count"),
            *ranged("money", Text("More than they, a customer and four weeks"), "amount"),
            Heading(name="p_adjusted", title=Text("p, corrected"), unit="p_value"),
            Heading(name="trend_p", title=Text("p of other trends before"), unit="p_value"),
            *ranged("went_on", Text("Left if the trend went on"), "amount"),
            Heading(name="plain", title=Text("Beside all others as they are"), unit="amount"),
            Heading(name="grade", title=Text("Grade A-D")),
        ),
        remark=Text(
            "Others were not in the programme yet, and are weighed to have bought before the start as the"
            " treated did. What purchases do not show may still be the reason: grade B at most, and no"
            " programme “works” by it. Do not go by the last comparison: who was picked for having just"
            " bought much, or nothing, goes back to the usual by themselves."
        ),
    )


def _row(one: ProgrammeEffect, told_of: UnrandomisedEffect) -> dict[str, object]:
    effect = told_of.effect if told_of.effect is not None and told_of.effect.known else None
    trend = None if effect is None or not effect.trend.known else effect.trend.p_value
    return {
        "action": one.name,
        "moved": str(MOVED_WORDS[told_of.reason or told_of.moved]),
        "treated": None if effect is None else effect.treated,
        "others": None if effect is None else round(told_of.others),
        **with_limits("money", effect),
        "p_adjusted": told_of.p_adjusted,
        "trend_p": trend,
        **with_limits("went_on", None if effect is None else effect.if_trend_went_on),
        "plain": estimate_of(told_of.plain),
        "grade": None if effect is None else effect.grade,
    }


def _pictures(book: Book, found: list[Told]) -> tuple[Picture, ...]:
    known = [(one, it.effect) for one, it in found if it.effect is not None and it.effect.known]
    return tuple(
        Picture(
            title=Text(
                "{action}: money of the treated beyond customers like them, by four weeks from the start",
                action=one.name,
            ),
            draw=partial(event_study, _drawn(effect), measure="amount", currency=book.currency),
            description=Text("{action}: {words}", action=one.name, words=effect.sentence()),
        )
        for one, effect in known[:MOST_PICTURES]
    )


def _drawn(effect: PanelEffect) -> pl.DataFrame:
    """Return the base and the periods from the start on: those between are alike since they were made so."""
    return effect.to_frame().filter(pl.col("base") | (pl.col("period") >= 0))
