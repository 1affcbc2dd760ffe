"""Parts 3 and 4 of a strategy: where we stand, and why."""

from __future__ import annotations

from leal.documents.document import Block, Paragraph, Part, Subheading, Table, TableColumn
from leal.documents.strategy_material import (
    Material,
    Ranged,
    evidence,
    figures,
    missing,
    needs,
    notes,
    picture_of,
    pictures,
)
from leal.measure import Template, questionnaire
from leal.wording import Text

TEMPLATES: tuple[Template, ...] = ("epsi", "ecsi-mobile", "acsi")
_CODES = 6


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
            *pictures(mood, 2),
            *material.shown(
                5,
                "Every score of every group, watched wave by wave",
                *("metric", "group", "waves", "n", "before", "after", "since", "p", "verdict"),
                rows=8,
            ),
            Subheading(text=Text("Against whom?")),
            Paragraph(text=rivals.finding),
            evidence(rivals),
            *missing(rivals),
            *picture_of(rivals, "The places that each brand may really hold"),
            *material.shown(
                10,
                "Brands by score, with the places that they may hold",
                *("brand", "score", "ci_low", "ci_high", "n", "rank_low", "rank_high"),
            ),
        ),
    )


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
    drawn = picture_of(material.check(4), "The index of each construct, with its interval")
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
            *picture_of(
                causes,
                "What leads to what: effects, index and explained variance",
                "What moves satisfaction, and how well it is done",
                "What matters and how well it is done: begin at the bottom right",
            ),
            *material.shown(
                4,
                "Priorities by the path model",
                *("name", "importance", "importance_low", "importance_high", "performance", "gain"),
            ),
            *material.shown(
                4,
                "Priorities: importance and performance",
                *("item", "importance", "importance_low", "importance_high", "performance", "kind", "grade"),
            ),
            *_codes(material),
            *figures(causes, Text("The causes in figures"), 6),
            Subheading(text=Text("How far this can be trusted")),
            *material.shown(
                4, "Items left out, for they are no causes", "item", "correlation", "reason", rows=6
            ),
            *notes(causes),
            Subheading(text=Text("In customers' words")),
            needs(
                (Text("answers: comment, sorted into themes"),),
                Text("Read twenty comments of detractors and twenty of passives aloud in the next huddle."),
            ),
        ),
    )


def _codes(material: Material) -> tuple[Block, ...]:
    """Return what the codes of the most important items ask, where a known questionnaire holds them."""
    found = material.exhibit(4, "Priorities: importance and performance")
    if found is None:
        return ()
    wordings = {one.item: one.wording for name in TEMPLATES for one in questionnaire(name).questions}
    rows = tuple((item, wordings[item]) for item in found.frame["item"].head(_CODES) if item in wordings)
    if not rows:
        return ()
    columns = (TableColumn(title=Text("Code"), share=1), TableColumn(title=Text("Question"), share=5))
    return (Table(title=Text("What the most important items ask"), columns=columns, rows=rows, slide=False),)
