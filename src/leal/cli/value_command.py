"""`leal value FILE`: what each customer and all of them will bring, from their purchases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leal.cli.audit_command import print_targets
from leal.cli.last_day import last_day_that_counts
from leal.cli.speech import chosen_language, console, json_option, lang_option, say
from leal.wording import Decimal, Language, Percent, RoundAmount, Text

if TYPE_CHECKING:
    import polars as pl

    from leal.documents import ValueStudy
    from leal.intake import Reconciliation
    from leal.predict import LifetimeValue
    from leal.results import Note

_SHOWN = 10


@click.command(
    "value", help=say(Text("Tell what each customer and all of them will bring, from their purchases."))
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, min_open=True),
    help=say(Text("Margin as a share of revenue, as 0.3; without it money is revenue.")),
)
@click.option("--weeks", type=click.FloatRange(1, 1040), default=52, show_default=True)
@click.option("--model", type=click.Choice(["pareto_nbd", "mbg_nbd", "bg_nbd"]), default="pareto_nbd")
@click.option(
    "--discount",
    type=click.FloatRange(0, 1),
    default=0.1,
    show_default=True,
    help=say(Text("Rate of interest a year.")),
)
@click.option("--until", help=say(Text("Day from which to look ahead, as 2026-03-31; by default the last.")))
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True)
@click.option(
    "--out",
    "outputs",
    type=click.Path(path_type=Path),
    multiple=True,
    help=say(Text("Report to write: .html, .xlsx or .json; may be given several times.")),
)
@json_option
@lang_option
def value_command(
    file: Path,
    margin: float | None,
    weeks: float,
    model: str,
    discount: float,
    until: str | None,
    level: float,
    outputs: tuple[Path, ...],
    as_json: bool,
    lang: str | None,
) -> None:
    """Read the file, fit, print or write."""
    from leal.documents import report_suffix, value_json, write_value_report
    from leal.intake import read_table
    from leal.predict import lifetime_value

    for written in outputs:
        report_suffix(written)
    purchases, reconciliation = read_table(file, "purchases")
    stray: tuple[Note, ...] = ()
    if until is None:
        last, stray = last_day_that_counts(purchases)
        until = last.isoformat() if last else None
    value = lifetime_value(
        purchases, margin=margin, model=model, weeks=weeks, discount=discount, until=until, level=level
    )
    value = replace(value, notes=(*value.notes, *stray))
    study = _study(value, purchases, reconciliation, margin, model, discount, until, level)
    for written in outputs:
        write_value_report(study, written, chosen_language(lang))
    if as_json:
        click.echo(value_json(study), nl=False)
        return
    _print(study, chosen_language(lang))
    print_targets(outputs, chosen_language(lang))


def _study(
    value: LifetimeValue,
    purchases: pl.DataFrame,
    reconciliation: Reconciliation,
    margin: float | None,
    model: str,
    discount: float,
    until: str | None,
    level: float,
) -> ValueStudy:
    """Return the value with what stands beside it, where the purchases reach back far enough."""
    from leal.documents import ValueStudy
    from leal.errors import LealError
    from leal.predict import equity_bridge, tracking

    tracked = bridge = None
    if value.known:
        bridge = equity_bridge(
            purchases, margin=margin, model=model, discount=discount, until=until, level=level
        )
        try:
            tracked = tracking(purchases, model=model, until=until)
        except LealError:  # too little before or after the day that it would learn until
            tracked = None
    return ValueStudy(value=value, tracking=tracked, bridge=bridge, reconciliation=reconciliation)


def _print(study: ValueStudy, language: Language) -> None:
    from leal.documents import value_sentences

    screen = console()
    for sentence in value_sentences(study):
        screen.print(sentence.into(language), markup=False)
    if study.value.known:
        screen.print(_table(study.value, language))
    for note in study.value.notes if study.value.known else study.value.notes[1:]:
        screen.print(f"  {note.text.into(language)}", style="dim", markup=False)
    if study.reconciliation is not None:
        screen.print(study.reconciliation.sentence().into(language), style="dim", markup=False)


def _table(value: LifetimeValue, language: Language) -> object:
    from rich.table import Table

    titles = (
        Text("Customer"),
        Text("Repeat purchases"),
        Text("Still a customer"),
        Text("Purchases expected"),
        Text("Value"),
        Text("from"),
        Text("to"),
    )
    table = Table(box=None, header_style="dim")
    for at, title in enumerate(titles):
        table.add_column(title.into(language), justify="right" if at else "left")
    currency = value.total.currency
    for row in value.customers.head(_SHOWN).iter_rows(named=True):
        money = (RoundAmount(row[name], currency) for name in ("value", "value_low", "value_high"))
        table.add_row(
            str(row["customer"]),
            str(row["frequency"]),
            Percent(row["p_alive"]).into(language),
            Decimal(row["expected_purchases"], 1).into(language),
            *(amount.into(language) for amount in money),
        )
    return table
