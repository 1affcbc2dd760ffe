"""Parts 5 and 6 of a strategy: what customers are worth, and what threatens that."""

from __future__ import annotations

from leal.charts import (
    flow_money,
    foretold_numbers,
    interval_bars,
    loyalty_cells,
    retention_by_group,
    retention_curves,
    score_steps,
    share_bars,
    value_concentration,
    waterfall,
    way_mix,
)
from leal.checks import Check
from leal.documents.document import Block, Paragraph, Part, Subheading, Table, TableColumn, Words
from leal.documents.strategy_material import (
    Material,
    Ranged,
    at_stake,
    evidence,
    figures,
    grade_words,
    listed,
    missing,
    needs,
    notes,
)
from leal.documents.strategy_results import added
from leal.wording import Listing, Text


def economics(material: Material) -> Part:
    """Return part 5: value, retention and repeat sales by group and segment, movement, three ways."""
    value, passives, segments = material.check(7), material.check(2), material.check(9)
    return Part(
        number=5,
        name=Text("Customer economics"),
        finding=_worth(material),
        blocks=(
            Paragraph(text=value.finding),
            evidence(value),
            *missing(value),
            *material.drawn(7, retention_curves, interval_bars),
            *material.shown(
                7,
                "What a customer of each group is worth",
                *("name", "n", "yearly", "retention", "estimate", "ci_low", "ci_high"),
            ),
            *material.unless_given("equity_bridge", material.drawn(7, waterfall)),
            *material.unless_given("lifetime_value", material.drawn(7, value_concentration)),
            *figures(value, Text("Retention and value in figures"), 8),
            *material.shown(
                7,
                "The most that keeping a customer may cost",
                *("action", "kept", "kept_low", "kept_high", "decision", "limit", "limit_low", "limit_high"),
            ),
            *added(material, 5),
            Subheading(text=Text("What each group brings")),
            Paragraph(text=passives.finding),
            evidence(passives),
            *missing(passives),
            *material.drawn(2, share_bars, interval_bars, flow_money),
            *material.shown(
                2,
                "Money and attention by group",
                *("group", "customers", "repeat_revenue", "share_of_repeat"),
                *("share_of_repeat_low", "share_of_repeat_high", "attention"),
            ),
            *material.shown(
                2,
                "Yearly change a head of those who moved, against those who stayed",
                *("origin", "target", "moved", "stayed", "change", "low", "high"),
            ),
            *material.shown(
                7,
                "What a customer of each group is worth beside the average one",
                *("group", "customers", "yearly", "retention", "value", "value_low", "value_high"),
                *("relative", "relative_low", "relative_high"),
            ),
            Subheading(text=Text("Which division of customers pays")),
            Paragraph(text=segments.finding),
            evidence(segments),
            *missing(segments),
            *material.drawn(9, interval_bars),
            *_numbers(material),
            *_ways(material),
        ),
    )


def _numbers(material: Material) -> tuple[Block, ...]:
    """Return which number predicts money."""
    columns = ("outcome", "number", "alone", "alone_low", "alone_high", "added", "added_low", "added_high")
    return material.unless_given(
        "which_number",
        material.drawn(9, foretold_numbers, score_steps),
        material.shown(9, "Which number predicts your money", *columns, rows=18),
    )


def _worth(material: Material) -> Text:
    value = material.estimate(7, "Value of a customer over the years to come")
    if value is None:
        lacking = material.check(7).missing
        if lacking:
            return Text(
                "What a customer is worth is not known yet: it needs {needs}.", needs=Listing.of(lacking)
            )
        return Text("What a customer is worth is not known yet: it needs purchases with customer and date.")
    return Text("A customer is worth {value} over the years to come.", value=Ranged(value))


def _ways(material: Material) -> tuple[Block, ...]:
    heading = Subheading(text=Text("Three ways to loyalty: uniqueness, advantage, attachment"))
    mix = (
        *material.drawn(10, way_mix),
        *material.shown(
            10,
            "What loyalty rests on",
            *("group", "way", "share", "ci_low", "ci_high", "leading", "n"),
            rows=3,
        ),
        *material.shown(
            10,
            "What the emotional bond rests on",
            *("group", "part", "level", "level_low", "level_high", "n"),
            rows=3,
        ),
        *material.shown(
            10,
            "What customers do, by the way that leads them",
            *("way", "customers", "on_discount", "on_discount_low", "on_discount_high"),
            *("after_discount", "after_discount_low", "after_discount_high"),
        ),
        *material.shown(
            10,
            "The second choice, by the way that leads customers",
            *("way", "n", "brand", "share", "share_low", "share_high", "considered"),
        ),
    )
    if mix:
        return (heading, *mix)
    return (
        heading,
        needs(
            (Text("answers: the nine questions on uniqueness, economic advantage and attachment"),),
            Text(
                "Add the block to a quarter of the next wave; discounts are judged by it, not by sales alone."
            ),
        ),
    )


def risk_register(material: Material) -> Part:
    """Return part 6: who is satisfied and leaving, the value at risk, whom to leave alone, rivals."""
    leaving, rivals = material.check(6), material.check(10)
    return Part(
        number=6,
        name=Text("Risk register"),
        finding=_danger(material),
        blocks=(
            _register(material),
            *added(material, 6),
            Subheading(text=Text("Satisfied and leaving")),
            Paragraph(text=leaving.finding),
            evidence(leaving),
            *missing(leaving),
            *material.drawn(6, interval_bars)[:1],
            *material.shown(
                6,
                "Signs of leaving, and what they were worth in your own past",
                *("sign", "customers", "leave", "other", "lift", "lift_low", "lift_high"),
                slide=True,
            ),
            *material.shown(
                6,
                "Satisfied customers by the rhythm that they are judged by",
                *("rhythm", "customers", "late", "money"),
            ),
            *notes(leaving),
            *_loyal(material),
            *_staying(material),
            Subheading(text=Text("Whom to leave alone")),
            listed(
                Text(
                    "Customers with an open complaint: the complaint is settled first, then comes the rest."
                ),
                Text("Customers contacted more often than nine of ten others: a pause of 90 days."),
                Text("Customers whom a test showed to leave more often when contacted: no contact at all."),
                Text("The names stand in the audit's workbook, not here: this document passes many hands."),
            ),
            *_contacts(material),
            Subheading(text=Text("Who takes customers from us")),
            Paragraph(text=rivals.finding),
            *missing(rivals),
            *material.drawn(10, interval_bars),
            *material.shown(
                10,
                "Customers lost to rivals and won from them",
                *("rival", "lost", "won", "net", "net_low", "net_high", "spend_lost", "spend_won"),
            ),
            *_openings(material),
        ),
    )


def _contacts(material: Material) -> tuple[Block, ...]:
    """Return what the ledger of contacts says: who may be written to, and which rules were broken."""
    return (
        *material.shown(
            6, "Who of the customers of the last year may be written to", "kind", "allowed", slide=False
        ),
        *material.shown(
            6,
            "Contacts of the last year that a rule would have held back",
            *("rule", "days", "restricted", "broken", "share"),
        ),
        *material.drawn(6, interval_bars)[1:],
    )


def _staying(material: Material) -> tuple[Block, ...]:
    """Return how long customers stay and what goes with leaving, where that is known."""
    told = (
        *material.drawn(6, retention_curves, retention_by_group),
        *material.shown(
            6,
            "How long customers stay",
            *(
                "group",
                "n",
                "left",
                "after_1",
                "after_1_low",
                "after_1_high",
                "mean",
                "mean_low",
                "mean_high",
            ),
        ),
        *material.shown(
            6,
            "What goes with staying and with leaving",
            *("what", "goes", "retention", "retention_low", "retention_high", "p_value"),
        ),
    )
    return (Subheading(text=Text("How long they stay, and what goes with leaving")), *told) if told else ()


def _openings(material: Material) -> tuple[Block, ...]:
    """Return where rivals are open themselves, and which of them grow."""
    tables = (
        *material.shown(
            10,
            "Whom each rival leaves open",
            *("rival", "dissatisfied", "reachable", "reachable_low", "reachable_high", "limit", "weaker"),
            slide=True,
        ),
        *material.shown(
            10,
            "Drivers: users of each rival rate it, ours rate us",
            *("rival", "item", "gap", "gap_low", "gap_high", "p_value"),
            rows=6,
        ),
        *material.shown(
            10,
            "Which rivals grow",
            *("rival", "before", "now", "growth", "growth_low", "growth_high", "p_value"),
            slide=True,
        ),
    )
    return (Subheading(text=Text("Where rivals are open, and who grows")), *tables) if tables else ()


def _loyal(material: Material) -> tuple[Block, ...]:
    """Return the grid of attitude and behaviour where it is known."""
    grid = (
        *material.drawn(6, loyalty_cells),
        *material.shown(
            6,
            "Attitude and behaviour together",
            *("loyalty", "customers", "share", "share_low", "share_high", "share_of_money", "per_head"),
        ),
    )
    if not grid:
        return ()
    heading: tuple[Block, ...] = (Subheading(text=Text("Loyal, or only seeming so")),)
    return material.unless_given("loyalty_grid", heading, grid)


_SIGNS: dict[int, tuple[Text, Text]] = {
    6: (
        Text("Satisfied customers leave"),
        Text("longer since the last purchase than 95 % of the usual pauses"),
    ),
    5: (Text("The mood turns"), Text("an alarm on a control chart; a theme that grows")),
    10: (Text("Rivals take customers"), Text("net losses to one brand; a new name among brands used")),
    2: (Text("Passives drift away"), Text("repeat sales of passives below their share of customers")),
    7: (Text("Lifetime value falls"), Text("retention, spend or margin of new cohorts below older ones")),
}


def _danger(material: Material) -> Text:
    known = [material.check(number) for number in _SIGNS]
    counted = [check for check in known if check.money is not None and check.money.known]
    if not counted:
        return Text("The value at risk is not known yet; the register says what each risk needs.")
    worst = max(counted, key=lambda check: check.money.estimate if check.money else 0.0)
    return Text(
        "The largest risk: {risk}, {money} a year (grade {grade}).",
        risk=_SIGNS[worst.number][0],
        money=at_stake(worst),
        grade=grade_words(worst.grade),
    )


def _register(material: Material) -> Table:
    return Table(
        title=Text("Risks by money"),
        columns=(
            TableColumn(title=Text("Risk"), share=1.6),
            TableColumn(title=Text("Money at stake a year"), share=2.2),
            TableColumn(title=Text("Grade A-D"), share=1.05),
            TableColumn(title=Text("Early sign"), share=2.6),
            TableColumn(title=Text("Answer"), share=4),
        ),
        rows=tuple(_risk(check) for check in material.audit.ranked if check.number in _SIGNS),
    )


def _risk(check: Check) -> tuple[Words, ...]:
    name, sign = _SIGNS[check.number]
    stake = Text("unknown: evidence is missing") if check.verdict == "unknown" else at_stake(check)
    return (name, stake, grade_words(check.grade), sign, check.next_step)
