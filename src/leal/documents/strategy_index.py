"""Parts 3 and 4 of a strategy: where we stand, and why."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from leal.charts import index_levels, path_diagram, priority_map, rank_intervals
from leal.checks import missing_evidence
from leal.documents.document import Block, Paragraph, Part, Shown, Subheading
from leal.documents.spoken_document import narrowed
from leal.documents.strategy_material import (
    Material,
    Ranged,
    evidence,
    figures,
    missing,
    needs,
    notes,
)
from leal.wording import Text, plural


def index_report(material: Material) -> Part:
    """Return part 3: index and score with intervals, history with alarms, place among rivals."""
    mood, rivals = material.check(5), material.check(10)
    return Part(
        number=3,
        name=Text("Index report"),
        finding=_standing(material),
        blocks=(
            *_levels(material),
            Subheading(text=Text("Did it change?")),
            Paragraph(text=mood.finding),
            evidence(mood),
            *missing(mood),
            *material.first_charts(5, 2),
            *material.shown(
                5,
                "Every score of every group, watched wave by wave",
                *("metric", "group", "waves", "n", "before", "after", "since", "p", "verdict"),
                rows=8,
            ),
            *_needs(material),
            Subheading(text=Text("Against whom?")),
            Paragraph(text=rivals.finding),
            evidence(rivals),
            *missing(rivals),
            *material.drawn(10, rank_intervals),
            *material.shown(
                10,
                "Brands by score, with the places that they may hold",
                *("brand", "score", "ci_low", "ci_high", "n"),
            ),
            *material.shown(10, "Rank-based share of wallet", "brand", "users", "share", "low", "high"),
        ),
    )


_DRIFT = "Drift of needs: effects of each period and the next"


def _needs(material: Material) -> tuple[Block, ...]:
    """Return the effects that changed between periods; where none surely did, that in a sentence."""
    found = material.exhibit(5, _DRIFT)
    if found is None:
        return ()
    changed = found.frame.filter(pl.col("adjusted_p_value") < 1 - material.audit.level)
    if changed.is_empty():
        text = plural(
            "Needs: the one effect compared between periods has not surely changed.",
            "Needs: of {count} effects compared between periods none has surely changed.",
            found.frame.height,
        )
        return (Paragraph(text=text),)
    kept = narrowed(
        replace(found, frame=changed),
        ("source", "target", "period", "later", "before", "after", "adjusted_p_value"),
    )
    return (Shown(exhibit=kept, rows=6, currency=material.audit.currency),)


def _standing(material: Material) -> Text:
    index = material.estimate(4, "Index of satisfaction, 0 to 100")
    score = material.audit.headline
    if index is not None and score is not None and score.known:
        return Text(
            "Satisfaction stands at {index} of 100, NPS at {nps}.", index=Ranged(index), nps=Ranged(score)
        )
    if score is not None and score.known:
        return score.sentence()
    return Text("Where we stand is not known yet: it needs answers with a score.")


def _levels(material: Material) -> tuple[Block, ...]:
    drawn = material.drawn(4, index_levels)
    if drawn:
        return drawn
    return (
        needs(
            (Text("answers: the questions of the index (image, expectations, quality, value and so on)"),),
            Text("Write the questionnaire with leal.write_questionnaire and send it with the next wave."),
        ),
    )


def cause_map(material: Material) -> Part:
    """Return part 4: what drives satisfaction, how well it is done, how sure that is, and in whose words."""
    causes = material.check(4)
    return Part(
        number=4,
        name=Text("Cause map"),
        finding=causes.finding,
        blocks=(
            evidence(causes),
            *missing(causes),
            *material.drawn(4, path_diagram, priority_map),
            *material.shown(
                4,
                "Priorities by the path model",
                *("name", "importance", "importance_low", "importance_high", "performance", "gain"),
            ),
            *material.shown(
                4,
                "Priorities: importance and performance",
                *("name", "importance", "importance_low", "importance_high", "performance", "kind", "grade"),
            ),
            *figures(causes, Text("The causes in figures"), 2),
            *material.shown(
                4,
                "Penalty and reward",
                *("name", "penalty", "penalty_low", "penalty_high", "reward", "reward_low", "reward_high"),
                "kind",
            ),
            *_symptoms(material),
            Subheading(text=Text("How far this can be trusted")),
            *material.shown(
                4, "Items left out, for they are no causes", "name", "correlation", "reason", rows=3
            ),
            *notes(causes),
            Subheading(text=Text("In customers' words")),
            needs(
                (
                    Text(
                        "causes in customers' own words: answers with a column comment, and the sorting of"
                        " comments into themes, which this version does not do yet"
                    ),
                ),
                Text("Read twenty comments of detractors and twenty of passives aloud in the next huddle."),
            ),
        ),
    )


def _symptoms(material: Material) -> tuple[Block, ...]:
    """Return whether the work goes into symptoms: which reasons come again, whether rules and cases grow."""
    tables = (
        *material.shown(
            4,
            "Reasons of cases, and how many come again",
            *("reason", "cases", "returned", "returned_low", "returned_high", "cost", "treated"),
            rows=8,
            slide=True,
        ),
        *material.shown(4, "What is spent on symptoms, and what on causes", *("kind", "cost", "share")),
        *material.shown(
            4,
            "Is the work growing ever more complicated?",
            *("quarter", "cases", "customers", "rate", "contacts_rate", "rules"),
            rows=8,
        ),
    )
    heading = Subheading(text=Text("Symptoms or causes?"))
    if tables:
        return (heading, *tables)
    return (heading, needs((missing_evidence("cases", ("customer", "opened_at", "reason")),)))
