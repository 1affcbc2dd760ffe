"""Parts 7 and 10 of a strategy: what is done and what is stopped; what was promised, noticed and proved."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from leal.charts import effect_curves, interval_bars, kano_map, ledger_steps, noticing_bars, price_curves
from leal.checks import Check
from leal.documents.document import Block, Callout, Paragraph, Part, Subheading, Table, TableColumn, Words
from leal.documents.strategy_material import Material, at_stake, grade_words, listed, missing, needs
from leal.documents.strategy_results import added
from leal.prove import Ledger
from leal.results import Grade
from leal.statistics import proportion_change_sample_size
from leal.wording import Count, Percent, RoundAmount, Text, plural

_HALF_YEAR = 182
_POINTS = 0.02
_BLANK = Text("____________")

_TESTS: dict[int, Text] = {
    1: Text("Ask exposed and unexposed alike whether they noticed; hold a tenth of the exposed out."),
    2: Text("Call half of the passives, drawn by lot; compare the money of both halves after six months."),
    3: Text("Keep the holdout and read it once, on the date; looking earlier cries wolf."),
    4: Text("Mend the cause in one unit, hold another back; the same questions before and after."),
    5: Text("Mend it in the group where it began; the control chart shows whether it ends."),
    6: Text("Contact half of the list, drawn by lot; compare who buys again."),
    7: Text("Try each change of price, offer or service on a part drawn by lot; compare retention."),
    8: Text("Try the wish in one unit against another before building it for all."),
    9: Text("Aim half of a campaign by the new division and half by the old; compare the money."),
    10: Text("Make the offer to half of those within reach, drawn by lot; count the cost of one won."),
}


def portfolio(material: Material) -> Part:
    """Return part 7: the actions with their tests and stop rules, and the stop list."""
    exposed = [check for check in material.audit.ranked if check.verdict == "exposed"]
    return Part(
        number=7,
        name=Text("Portfolio of actions"),
        finding=_finding(exposed),
        blocks=(
            *_actions(material, exposed),
            _gate(),
            *_arms(material),
            *added(material, 7),
            Subheading(text=Text("The stop list")),
            *_stops(material),
            *material.drawn(1, noticing_bars),
            *material.shown(
                1,
                "Three thresholds, which are three questions",
                *("action", "visible", "moved", "noticed", "noticed_low", "needed", "brought"),
            ),
            Subheading(text=Text("Wishes: what to build and what to strike off")),
            Paragraph(text=material.check(8).finding),
            *missing(material.check(8)),
            *material.shown(
                8,
                "Each wish: reach, value, cost, decision",
                *("wish", "reach", "cost", "net", "net_low", "net_high", "chance", "decision"),
            ),
            *material.drawn(8, interval_bars, kano_map),
            *material.shown(
                8,
                "What kind of wish each is, by the Kano survey",
                *("wish", "kind", "better", "better_low", "better_high", "worse", "worse_low", "worse_high"),
            ),
            *material.drawn(8, price_curves),
            *material.figures(
                8,
                Text("Prices that customers accept"),
                *("Lowest acceptable price", "Price felt to be usual"),
                *("Price that fewest object to", "Highest acceptable price"),
            ),
        ),
    )


def _finding(exposed: list[Check]) -> Text:
    if not exposed:
        return Text("No mistake is exposed: guard what stands, and bring the evidence that is missing.")
    return plural(
        "{count} action is on trial; none is promised anything before its test reports.",
        "{count} actions are on trial; none is promised anything before its test reports.",
        len(exposed),
    )


def _actions(material: Material, exposed: list[Check]) -> tuple[Block, ...]:
    if not exposed:
        return ()
    table = Table(
        title=Text("Actions, most money first"),
        columns=(
            TableColumn(title=Text("Action"), share=3.8),
            TableColumn(title=Text("At stake a year: a ceiling, not a promise"), share=2.1),
            TableColumn(title=Text("Grade A-D"), share=1.05),
            TableColumn(title=Text("Test"), share=3.2),
            TableColumn(title=Text("Decided on"), share=1.6),
            TableColumn(title=Text("Owner"), share=2.2),
            TableColumn(title=Text("Cost"), share=1.3),
        ),
        rows=tuple(_action(material, check) for check in exposed),
        remark=Text(
            "Stop rule for all: on the day of decision an action goes on only if the lower limit of its"
            " measured effect is above its cost."
        ),
    )
    return (table,)


def _action(material: Material, check: Check) -> tuple[Words, ...]:
    return (
        check.next_step,
        at_stake(check),
        grade_words(check.grade),
        _TESTS[check.number],
        material.day(_HALF_YEAR),
        material.owners.of_mistake(check.number),
        "______",
    )


def _gate() -> Callout:
    return Callout(
        title=Text("The gate"),
        items=(
            Text("Approved is what has a cause, an owner, a cost, a noticing question and a holdout."),
            Text("Without one of them it is a pilot in one unit, whoever asks for it."),
            Text("To be noticed: more of the exposed than of the unexposed say that they saw it."),
            Text("Contact of customers who are to be left alone is blocked, whatever the campaign."),
        ),
    )


def _arms(material: Material) -> tuple[Block, ...]:
    kept = material.estimate(7, "Retention in a year, which values rest on")
    if kept is None or not 0 < kept.estimate < 1 - _POINTS:
        return ()
    needed = proportion_change_sample_size(kept.estimate, kept.estimate + _POINTS, material.audit.level)
    text = Text(
        "To tell {points} points of retention from noise each arm needs {n} customers (80 % of cases); with"
        " fewer the test shows only larger effects, and says so.",
        points=round(100 * _POINTS),
        n=Count(needed),
    )
    return (Paragraph(text=text),)


def _stops(material: Material) -> tuple[Block, ...]:
    rows = (*_one_a_name(_programmes_to_stop(material), _unnoticed(material)), *_struck(material))
    if not rows:
        return _nothing_to_stop(material)
    table = Table(
        title=Text("What gets no more money until it is proved"),
        columns=(
            TableColumn(title=Text("Programme or wish"), share=2.2),
            TableColumn(title=Text("Why"), share=3.6),
            TableColumn(title=Text("Cost"), numeric=True, share=1.4),
            TableColumn(title=Text("Decision"), share=2.2),
            TableColumn(title=Text("Grade A-D"), share=1.05),
        ),
        rows=rows,
    )
    return (table,)


_TOO_EARLY = Text("too early to tell")
_STERNEST = ("stop", "make it visible or stop it", "hold some out", "keep the holdout, widen nothing")


def _one_a_name(
    tried: tuple[tuple[Words, ...], ...], unnoticed: tuple[tuple[Words, ...], ...]
) -> tuple[tuple[Words, ...], ...]:
    """Return one row a programme: what its test and what noticing say of it, and the sterner decision."""
    rows = {str(row[0]): row for row in tried}
    for row in unnoticed:
        name, why, cost, decision, grade = row
        first = rows.get(str(name))
        if first is None:
            rows[str(name)] = row
        else:
            both = Text("{test}; {noticing}", test=first[1], noticing=why)
            sterner = min(first[3], decision, key=_sternness)
            rows[str(name)] = (name, both, first[2] if first[2] != "–" else cost, sterner, grade)
    return tuple(rows.values())


def _sternness(decision: Words) -> int:
    message = getattr(decision, "message", "")
    return _STERNEST.index(message) if message in _STERNEST else len(_STERNEST)


def _nothing_to_stop(material: Material) -> tuple[Block, ...]:
    unknown = [number for number in (1, 3, 8) if material.check(number).verdict == "unknown"]
    if unknown:
        return tuple(block for number in unknown for block in missing(material.check(number)))
    return (Paragraph(text=Text("Nothing: all that is paid for is noticed or earns its cost.")),)


def _programmes_to_stop(material: Material) -> tuple[tuple[Words, ...], ...]:
    found = material.exhibit(3, "Programmes against their holdout")
    if found is None:
        return ()
    currency, grade = material.audit.currency, material.check(3).grade
    rows: list[tuple[Words, ...]] = []
    for row in _tried(found.frame):
        decided = _decided(row)
        if decided is not None:
            cost: Words = RoundAmount(row["cost"], currency) if _known(row["cost"]) else "–"
            rows.append((str(row["action"]), *decided[:1], cost, decided[1], _grade_of(row, grade)))
    return tuple(rows)


def _tried(programmes: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the programmes that a test could speak of already."""
    return [row for row in programmes.iter_rows(named=True) if not _is_early(row)]


def _is_early(row: dict[str, Any]) -> bool:
    return bool(row["effect"] == _TOO_EARLY.message)


def _grade_of(row: dict[str, Any], grade: Grade | None) -> Words:
    """Return the grade of what was compared; a programme without a comparison proves nothing."""
    return grade_words(grade) if _known(row["money"]) else "–"


def _decided(row: dict[str, Any]) -> tuple[Text, Text] | None:
    """Return why a programme gets no more money and what is decided; None where it surely pays."""
    cost = row["cost_a_head"] if _known(row["cost_a_head"]) else 0.0
    if not _known(row["money"]) and row["held_out"]:
        few = plural(
            "only {count} customer was held out: too few to compare",
            "only {count} customers were held out: too few to compare",
            int(row["held_out"]),
        )
        return few, Text("hold more out")
    if not _known(row["money"]):
        return Text("no customers were held out: nobody knows what it changes"), Text("hold some out")
    if row["money_low"] > cost:
        return None
    if row["money_high"] < cost:
        return Text("it surely earns less than it costs"), Text("stop")
    return Text("its effect cannot be told from noise"), Text("keep the holdout, widen nothing")


def _unnoticed(material: Material) -> tuple[tuple[Words, ...], ...]:
    found, decided = (material.exhibit(1, title) for title in ("Spent, noticed, moved, earned", "Stop list"))
    if found is None or decided is None:
        return ()
    decisions = dict(zip(decided.frame["action"], decided.frame["decision"], strict=True))
    rows: list[tuple[Words, ...]] = []
    for row in found.frame.iter_rows(named=True):
        decision = _DECIDED.get(decisions.get(row["action"], "keep"))
        if decision is not None and _known(row["in_vain"]) and row["in_vain"] > 0 and _known(row["extra"]):
            why = Text("really noticed by {share} of those exposed", share=Percent(row["extra"], 1))
            cost = RoundAmount(row["in_vain"], material.audit.currency)
            rows.append((str(row["action"]), why, cost, decision, grade_words(row["grade"])))
    return tuple(rows)


_DECIDED: dict[str, Text] = {
    "stop": Text("stop"),
    "make_visible": Text("make it visible or stop it"),
    "not_sure": Text("keep the holdout, widen nothing"),
}
"""By the decision of check 1; what surely earns its cost is kept, noticed or not."""


def _struck(material: Material) -> tuple[tuple[Words, ...], ...]:
    found = material.exhibit(8, "Each wish: reach, value, cost, decision")
    if found is None:
        return ()
    rows: list[tuple[Words, ...]] = []
    for row in found.frame.iter_rows(named=True):
        if row["decision"] == "do not":
            why = Text("a wish: it pays with a chance of {chance}", chance=Percent(row["chance"]))
            cost = RoundAmount(row["cost"], material.audit.currency)
            rows.append((str(row["wish"]), why, cost, Text("strike off the list"), "D"))
    return tuple(rows)


def ledger(material: Material) -> Part:
    """Return part 10: promised, noticed, proved; what we were wrong about."""
    return Part(
        number=10,
        name=Text("Proof ledger"),
        finding=_proof(material),
        blocks=(
            *_proved(material),
            *material.drawn(3, interval_bars, ledger_steps),
            *material.shown(
                3,
                "The ledger: promised, noticed, proved",
                *("action", "promised", "expected", "noticed", "left", "measured", "proved"),
            ),
            *material.drawn(3, effect_curves),
            *material.shown(
                3,
                "How long the effect of each way to loyalty lasts",
                *("path", "actions", "months", "half_life", "low", "high"),
            ),
            *material.shown(
                3,
                "Whom to treat: the effect of each programme by segment",
                *("action", "segment", "effect", "effect_low", "effect_high", "per_thousand", "status"),
                rows=20,
            ),
            *added(material, 10),
            Subheading(text=Text("Promises to be kept this year")),
            _promises(material),
            Subheading(text=Text("How the ledger teaches")),
            listed(
                Text(
                    "Proved means: the lower limit of the measured effect in money, after its cost, is above"
                    " zero."
                ),
                Text("A measured effect replaces the forecast, each by its certainty, in the next plan."),
                Text("What was not randomised is graded so, and never proves anything by itself."),
            ),
            _wrong(material),
        ),
    )


def _wrong(material: Material) -> Callout:
    """Return what outcomes contradicted, and room for more."""
    said = list(material.remarks(3, "wrong_about"))
    given = material.results.get("ledger")
    if isinstance(given, Ledger):
        said += [surprise.sentence() for surprise in given.wrong()]
    return Callout(title=Text("What we were wrong about"), items=(*said, _BLANK, _BLANK))


def _proof(material: Material) -> Text:
    found = material.exhibit(3, "Programmes against their holdout")
    if found is None:
        return Text("Nothing is proved yet: no programme has customers who were held out.")
    tried = _tried(found.frame)
    proved = sum(_decided(row) is None for row in tried)
    if not proved:
        return plural(
            "{count} programme was tried, and did not surely earn more than it cost.",
            "Not one of {count} programmes surely earned more than it cost.",
            len(tried),
        )
    return plural(
        "{proved} of {count} programme surely earned more than it cost.",
        "{proved} of {count} programmes surely earned more than they cost.",
        len(tried),
        proved=proved,
    )


def _proved(material: Material) -> tuple[Block, ...]:
    found = material.exhibit(3, "Programmes against their holdout")
    if found is None:
        return missing(material.check(3)) or (needs((Text("actions: action, customer, arm, cost"),)),)
    noticed, promised = _noticed_by_action(material), _promised_by_action(material)
    unwritten = any(str(name) not in promised for name in found.frame["action"])
    table = Table(
        title=Text("What each programme cost, promised and changed"),
        columns=(
            TableColumn(title=Text("Programme"), share=2.2),
            TableColumn(title=Text("Cost"), numeric=True, share=1.3),
            TableColumn(title=Text("Promised"), share=1.3),
            TableColumn(title=Text("Really noticed"), numeric=True, share=1.2),
            TableColumn(title=Text("Effect a head"), numeric=True, share=2.6),
            TableColumn(title=Text("Proved?"), share=1.6),
            TableColumn(title=Text("Grade A-D"), share=1.05),
        ),
        rows=tuple(_entry(material, row, noticed, promised) for row in found.frame.iter_rows(named=True)),
        remark=Text("Some past promises were not recorded; from now on each programme has one.")
        if unwritten
        else None,
    )
    return (table,)


def _noticed_by_action(material: Material) -> dict[str, float]:
    found = material.exhibit(1, "Spent, noticed, moved, earned")
    if found is None:
        return {}
    pairs = zip(found.frame["action"], found.frame["extra"], strict=True)
    return {str(name): share for name, share in pairs if _known(share)}


def _promised_by_action(material: Material) -> dict[str, float]:
    found = material.exhibit(3, "The ledger: promised, noticed, proved")
    if found is None:
        return {}
    pairs = zip(found.frame["action"], found.frame["promised"], strict=True)
    return {str(name): money for name, money in pairs if _known(money)}


def _entry(
    material: Material, row: dict[str, Any], noticed: dict[str, float], promised: dict[str, float]
) -> tuple[Words, ...]:
    currency = material.audit.currency
    effect: Words = _TOO_EARLY if _is_early(row) else Text("unknown: needs a holdout")
    if _known(row["money"]):
        effect = Text(
            "{figure} ({low} to {high})",
            figure=RoundAmount(row["money"], currency),
            low=RoundAmount(row["money_low"], currency),
            high=RoundAmount(row["money_high"], currency),
        )
    action = str(row["action"])
    share = noticed.get(action)
    return (
        action,
        RoundAmount(row["cost"], currency) if _known(row["cost"]) else "–",
        RoundAmount(promised[action], currency) if action in promised else Text("not recorded"),
        Percent(share, 1) if share is not None else Text("not asked"),
        effect,
        Text("not measured yet") if _is_early(row) else _verdict(row),
        _grade_of(row, material.check(3).grade),
    )


def _verdict(row: dict[str, Any]) -> Text:
    decided = _decided(row)
    if decided is None:
        return Text("proved")
    return (
        Text("loses money")
        if _known(row["money"]) and row["money_high"] < (row["cost_a_head"] or 0)
        else Text("not proved")
    )


def _promises(material: Material) -> Table:
    exposed = [check for check in material.audit.ranked if check.verdict == "exposed"]
    rows: list[tuple[Words, ...]] = [
        (
            Text("{number}. {name}", number=check.number, name=check.name),
            "______",
            "______",
            "______",
            material.day(_HALF_YEAR),
            material.owners.of_mistake(check.number),
        )
        for check in exposed
    ] or [("______",) * 6]
    return Table(
        title=None,
        columns=(
            TableColumn(title=Text("Action against"), share=3),
            TableColumn(title=Text("Promised"), share=1.2),
            TableColumn(title=Text("Noticed"), share=1.2),
            TableColumn(title=Text("Proved"), share=1.2),
            TableColumn(title=Text("Read on"), share=1.5),
            TableColumn(title=Text("Owner"), share=1.6),
        ),
        rows=tuple(rows),
        slide=False,
    )


def _known(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
