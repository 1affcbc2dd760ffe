"""What customers are worth, given as results of their own: how a strategy shows them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from leal.charts import purchase_tracking, value_concentration
from leal.checks import (
    Exhibit,
    Picture,
    Supplement,
    bridge_supplement,
    grid_supplement,
    numbers_supplement,
)
from leal.documents.document import Block, Bullets, Figure, Paragraph, Shown
from leal.documents.spoken_document import narrowed
from leal.documents.strategy_material import figure_row, figures_table
from leal.predict import EquityBridge, LifetimeValue, LoyaltyGrid, Tracking, WhichNumber
from leal.results import Note
from leal.wording import Count, Text


def lifetime_value(found: LifetimeValue) -> tuple[Block, ...]:
    """Return what all customers will bring: the sentence, the figures, who holds it; nobody is named."""
    said = Paragraph(text=found.sentence())
    if not found.known:
        return (said,)
    named = (
        (Text("All customers within {weeks} weeks", weeks=Count(found.weeks)), found.total),
        (Text("A customer, on average"), found.mean),
        (Text("The customer in the middle"), found.median),
        (Text("All customers within ten years"), found.long_run),
        (Text("Share that the most valuable tenth holds"), found.top_share),
        (Text("Customers of today who will be customers in a year"), found.retention),
        (Text("One point of retention, over ten years"), found.one_point),
    )
    rows = tuple(figure_row(name, value, "C") for name, value in named if value.known)
    held = found.concentration()
    picture = Picture(
        title=Text("How few customers hold most of the value"),
        draw=partial(value_concentration, held),
        description=found.sentence(),
    )
    return (
        said,
        figures_table(Text("What customers will bring, by the model {model}", model=found.model), rows),
        *((Figure(picture=picture),) if held.height else ()),
        *_remarks(found.notes),
    )


def equity_bridge(found: EquityBridge) -> tuple[Block, ...]:
    """Return the bridge between the values of two days: its steps drawn, and each with its interval."""
    if not found.known:
        return (Paragraph(text=found.sentence()), *_remarks(found.notes[1:]))
    dressed = replace(bridge_supplement(found), notes=())
    said = Paragraph(text=found.sentence())
    return (said, *_laid_out(dressed, found.change.currency), *_remarks(found.notes))


def which_number(found: WhichNumber) -> tuple[Block, ...]:
    """Return which number predicts money: verdicts and charts; the tables are the report's."""
    dressed = numbers_supplement(found)
    return _laid_out(replace(dressed, exhibits=()), None)


def _curve(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in names for end in ("", "_low", "_high"))


def loyalty_grid(found: LoyaltyGrid) -> tuple[Block, ...]:
    """Return attitude by behaviour: the sentence, the four cells drawn and as a table."""
    said = Paragraph(text=found.sentence())
    if not found.cells:
        return (said, *_remarks(found.notes))
    columns = ("loyalty", "customers", *_curve("share"), "share_of_money", "per_head")
    return (said, *_laid_out(grid_supplement(found), found["true"].per_head.currency, columns))


def tracking(found: Tracking) -> tuple[Block, ...]:
    """Return whether the model of purchases follows what happened, in weeks that it had not seen too."""
    frame = found.to_frame().select("week", actual="actual_total", expected="expected_total")
    picture = Picture(
        title=Text("Repeat purchases, expected beside actual"),
        draw=partial(
            purchase_tracking,
            frame,
            learnt_until=found.learnt_weeks,
            axis_title=Text("repeat purchases, added up"),
        ),
        description=found.sentence(),
    )
    return (Paragraph(text=found.sentence()), Figure(picture=picture), *_remarks(found.notes))


def _laid_out(found: Supplement, currency: str | None, *columns: tuple[str, ...]) -> tuple[Block, ...]:
    """Return remarks, charts and tables; of each table the columns that a page has room for."""
    wanted = (*columns, *(() for _ in found.exhibits[len(columns) :]))
    tables = [_shown(one, names, currency) for one, names in zip(found.exhibits, wanted, strict=False)]
    below = {exhibit.remark for exhibit in found.exhibits}
    notes = tuple(note for note in found.notes if note.text not in below)
    return (*_remarks(notes), *(Figure(picture=one) for one in found.pictures), *tables)


def _shown(exhibit: Exhibit, names: tuple[str, ...], currency: str | None) -> Shown:
    kept = narrowed(exhibit, names) if names else exhibit
    return Shown(exhibit=kept, rows=18, currency=currency, slide=False)


def _remarks(notes: tuple[Note, ...]) -> tuple[Block, ...]:
    texts = tuple(dict.fromkeys(note.text for note in notes))
    return (Bullets(items=texts),) if texts else ()
