"""Results of later analyses in a strategy: what is given by name finds its part by one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from leal.act import ActionValue, ActionValues, Funding, StopList, TalkFigures, WordOfMouth, chance_words
from leal.charts import funding_chances, value_of_actions, word_of_mouth_fan
from leal.checks import Exhibit, Picture
from leal.documents.document import (
    Block,
    Bullets,
    Figure,
    Paragraph,
    Shown,
    Subheading,
    Table,
    TableColumn,
    Words,
)
from leal.documents.strategy_ledger import ledger
from leal.documents.strategy_material import Material, Ranged
from leal.documents.strategy_worth import (
    equity_bridge,
    lifetime_value,
    loyalty_grid,
    tracking,
    which_number,
)
from leal.results import Estimate
from leal.wording import Listing, Points, RoundAmount, Text

Dressed = Callable[[Any], tuple[Block, ...]]


def plain(result: Any) -> tuple[Block, ...]:
    """Return the sentence of any result of Leal, its tables and its charts where it has them."""
    blocks: list[Block] = [Paragraph(text=result.sentence())]
    blocks += [Shown(exhibit=one) for one in getattr(result, "exhibits", ()) if isinstance(one, Exhibit)]
    blocks += [Figure(picture=one) for one in getattr(result, "pictures", ()) if isinstance(one, Picture)]
    blocks += [Paragraph(text=note.text, kind="quiet") for note in getattr(result, "notes", ())]
    return tuple(blocks)


def actions(values: ActionValues) -> tuple[Block, ...]:
    """Return the register of actions: what each would bring, how sure, on what evidence."""
    frame = values.to_frame().drop_nulls(("value", "ci_low", "ci_high"))
    currency = values.total.currency
    table = Table(
        title=Text("What each action of the register would bring after its cost"),
        columns=(
            TableColumn(title=Text("Action"), share=2.2),
            TableColumn(title=Text("Value and interval"), share=2.8),
            TableColumn(title=Text("Chance that it pays"), numeric=True, share=1.3),
            TableColumn(title=Text("Grade A-D"), share=1.05),
            TableColumn(title=Text("Weakest link"), share=1.8),
            TableColumn(title=Text("Status"), share=1.3),
        ),
        rows=tuple(_action(value) for value in values),
        remark=Text("All together: {total}.", total=Ranged(values.total)),
    )
    picture = Picture(
        title=Text("What each action would bring, and how likely it pays"),
        draw=partial(value_of_actions, frame, currency=currency),
        description=Text("All together: {total}.", total=Ranged(values.total)),
    )
    return (table, Figure(picture=picture)) if frame.height else (table,)


FACTOR_WORDS: Mapping[str, Text] = {
    "customers": Text("customers in the segment"),
    "exposed": Text("share reached"),
    "noticed": Text("share who notice"),
    "satisfaction": Text("points of satisfaction"),
    "retention_link": Text("retention for a point of satisfaction"),
    "value_link": Text("value for a point of satisfaction"),
    "margin": Text("margin of a customer a year"),
    "retention": Text("retention today"),
    "repeat_sales": Text("repeat sales"),
    "word_of_mouth": Text("word of mouth"),
    "referrals_counted": Text("share of referrals counted already"),
    "direct_spend": Text("spend past satisfaction"),
    "direct_retention": Text("staying past satisfaction"),
    "supposed_spend": Text("spend past satisfaction (supposed)"),
    "supposed_leaving": Text("leaving past satisfaction (supposed)"),
    "cost": Text("cost"),
    "measured": Text("measured effect"),
}
"""The factors of the spine equation as a reader knows them."""

_SHOWN_FACTORS = 2
_STATUS = {"approved": Text("may be approved"), "pilot": Text("pilot only")}


def _action(value: ActionValue) -> tuple[Words, ...]:
    if not value.known:
        unknown = Text("unknown: needs {missing}", missing=_factors(value.missing))
        return (value.action, unknown, "–", value.grade, "–", _STATUS[value.status])
    chance: Words = "–" if value.chance is None else chance_words(value.chance)
    return (
        value.action,
        Ranged(value),
        chance,
        value.grade,
        _factors(value.weakest[:_SHOWN_FACTORS]),
        _STATUS[value.status],
    )


def _factors(names: tuple[str, ...]) -> Listing:
    return Listing.of(FACTOR_WORDS.get(name, name) for name in names)


def funding(found: Funding) -> tuple[Block, ...]:
    """Return what a budget funds, and how clear that choice is."""
    frame = found.to_frame()
    picture = Picture(
        title=Text("How likely each action belongs to the best choice within the budget"),
        draw=partial(funding_chances, frame, currency=found.currency),
        description=found.sentence(),
    )
    said: tuple[Block, ...] = (Paragraph(text=found.sentence()),)
    return (*said, Figure(picture=picture)) if frame.height else said


def word_of_mouth(found: WordOfMouth) -> tuple[Block, ...]:
    """Return word of mouth as a fan: the founding document, research and your own figures side by side."""
    picture = Picture(
        title=Text("Customers that word of mouth wins or loses at each NPS, by whose figures"),
        draw=partial(word_of_mouth_fan, found.fan(), nps=found.nps),
        description=found.sentence(),
    )
    remarks = tuple(note.text for note in found.notes)
    return (
        _by_whose_figures(found),
        Figure(picture=picture),
        *(Paragraph(text=text, kind="quiet") for text in remarks),
    )


_WHOSE: Mapping[str, Text] = {
    "seed": Text("the founding document"),
    "research": Text("research"),
    "yours": Text("your own"),
}


def _by_whose_figures(found: WordOfMouth) -> Table:
    rows = [
        (whose, *_of_talk(figures))
        for column in found.columns
        for whose, figures in _readings(column.name, column.figures, column.other_reading)
    ]
    return Table(
        title=Text("What word of mouth brings a year, by whose figures"),
        columns=(
            TableColumn(title=Text("By the figures of"), share=1.7),
            TableColumn(title=Text("Customers won (lost below zero)"), numeric=True, share=2.4),
            TableColumn(title=Text("Their value over the years to come"), numeric=True, share=2.6),
            TableColumn(title=Text("Growth of the base a year"), numeric=True, share=2.2),
            TableColumn(title=Text("Promoters who make up for one detractor"), numeric=True, share=2.1),
            TableColumn(title=Text("NPS at which talk balances"), numeric=True, share=1.4),
        ),
        rows=tuple(rows),
        remark=_contradiction(found),
    )


def _readings(name: str, figures: TalkFigures, other: TalkFigures) -> tuple[tuple[Words, TalkFigures], ...]:
    """Return the figures of a column, those of the founding document in both readings of its words."""
    if name != "seed":
        return ((_WHOSE.get(name, name), figures),)
    return tuple((_READINGS[one.reading], one) for one in (figures, other))


_READINGS: Mapping[str, Text] = {
    "A": Text("{whose} (1.3 to 1.5 bad comments for a good one)", whose=_WHOSE["seed"]),
    "B": Text("{whose}, read otherwise (1.4 to 2)", whose=_WHOSE["seed"]),
}


def _of_talk(figures: TalkFigures) -> tuple[Words, ...]:
    return (
        Ranged(figures.new_customers),
        Ranged(figures.value),
        Ranged(figures.growth),
        Ranged(figures.promoters_per_detractor),
        Points(figures.break_even_nps.estimate),
    )


def _contradiction(found: WordOfMouth) -> Text:
    """Return whether one column is sure of a loss (a gain) where another finds the opposite likelier."""
    won = [column.figures.new_customers for column in found.columns]
    known = [one for one in won if one.known]
    loss, gain = any(one.ci_high < 0 for one in known), any(one.ci_low > 0 for one in known)
    contradicted = (loss and any(one.estimate > 0 for one in known)) or (
        gain and any(one.estimate < 0 for one in known)
    )
    if contradicted:
        return Text("They contradict each other: the truth of your market is asked of your customers.")
    return Text(
        "They assume different things: which hold in your market is asked of buyers and of those who did not."
    )


def stopped(found: StopList) -> tuple[Block, ...]:
    """Return which actions to stop, to make visible, to keep: the sentence, and why for each."""
    said = Paragraph(text=found.sentence())
    rows = tuple(
        (
            entry.action,
            _STOP_WORDS[entry.decision],
            entry.reasons[0],
            "–" if entry.cost is None else RoundAmount(entry.cost, found.currency),
            _spent(entry.unnoticed, found.currency),
            "–" if entry.back is None else Ranged(entry.back),
        )
        for entry in found.entries
    )
    if not rows:
        return (said,)
    table = Table(
        title=Text("What to stop, what to make visible, what to keep"),
        columns=(
            TableColumn(title=Text("Action"), share=1.8),
            TableColumn(title=Text("Decision"), share=1.6),
            TableColumn(title=Text("Why"), share=3.2),
            TableColumn(title=Text("Cost"), numeric=True, share=1.4),
            TableColumn(title=Text("Spent in vain"), numeric=True, share=1.4),
            TableColumn(title=Text("Return on the cost"), numeric=True, share=2),
        ),
        rows=rows,
    )
    return (said, table)


_STOP_WORDS: Mapping[str, Text] = {
    "stop": Text("stop"),
    "make_visible": Text("make it visible or stop it"),
    "not_sure": Text("not sure"),
    "keep": Text("keep"),
}


def _spent(amount: Estimate | None, currency: str | None) -> Words:
    return "–" if amount is None or not amount.known else RoundAmount(amount.estimate, currency)


PLACES: Mapping[str, tuple[int, Text, Dressed]] = {
    "lifetime_value": (5, Text("Lifetime value"), lifetime_value),
    "tracking": (5, Text("Does the model follow what happened?"), tracking),
    "equity_bridge": (5, Text("What changed the value of all customers"), equity_bridge),
    "which_number": (5, Text("Which number predicts your money?"), which_number),
    "loyalty_grid": (6, Text("Loyal, or only seeming so"), loyalty_grid),
    "actions": (7, Text("The register of actions"), actions),
    "funding": (7, Text("What the budget funds"), funding),
    "stop_list": (7, Text("What the register stops"), stopped),
    "word_of_mouth": (7, Text("What word of mouth brings"), word_of_mouth),
    "ledger": (10, Text("The ledger of your own actions"), ledger),
}
"""By the name of a result: the part that it stands in, its heading, how it is dressed."""


def added(material: Material, part: int) -> tuple[Block, ...]:
    """Return the results that were given for a part, each under its heading."""
    blocks: list[Block] = []
    said: set[Text] = set()
    for name, (place, heading, dressed) in PLACES.items():
        if place == part and material.results.get(name) is not None:
            blocks.append(Subheading(text=heading))
            for block in dressed(material.results[name]):
                blocks += _once(block, said)
    return tuple(blocks)


def _once(block: Block, said: set[Text]) -> tuple[Block, ...]:
    """Return a block without remarks that an earlier result of the part made already."""
    if not isinstance(block, Bullets):
        return (block,)
    items = tuple(item for item in block.items if item not in said)
    said.update(items)
    return (replace(block, items=items),) if items else ()
