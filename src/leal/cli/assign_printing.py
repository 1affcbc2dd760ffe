"""The arms that were drawn on a terminal: how many in each, whether they are alike, what they will show."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl
from rich.table import Table

from leal.cli.speech import console
from leal.results import Note, to_plain
from leal.wording import Count, Language, Listing, Percent, Text, plural

if TYPE_CHECKING:
    from leal.cli.lot_files import LotCustomers
    from leal.prove import Balance, HoldoutPower

STRATA_SHOWN = 30

_COMPARED = {
    "recent_money": Text("money of the last half year"),
    "days_as_customer": Text("time as a customer"),
    "contacts": Text("contacts in the last year"),
    "cases": Text("complaints and cases in the last year"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnArms:
    """A lot as it was drawn and written.

    Attributes
    ----------
    action : str
    rows : polars.DataFrame
        The table `actions` as written.
    share : float
        Share that was to be held out.
    strata : tuple of str
        Columns within which it was drawn, as the person named them.
    by_stratum : polars.DataFrame or None
        Customers of each stratum who are treated and held out.
    balance : tuple of Balance
        The arms before the start.
    power : tuple of HoldoutPower
        What the holdout will show: in money, else of the share who buy again.
    written : Path
        The file.
    drawn_before : int
        Rows that an earlier draw had.
    customers : LotCustomers
        Whom it was drawn from.
    """

    action: str
    rows: pl.DataFrame
    share: float
    strata: tuple[str, ...]
    by_stratum: pl.DataFrame | None
    balance: tuple[Balance, ...]
    power: tuple[HoldoutPower, ...]
    written: Path
    drawn_before: int
    customers: LotCustomers

    def in_arm(self, arm: str) -> int:
        """Return how many customers are in an arm."""
        return int((self.rows["arm"] == arm).sum())

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to know of the lot before the action starts."""
        notes = [*self.customers.notes, *(note for one in self.power for note in one.notes if one.known)]
        if self.rows["started_at"].null_count():
            text = Text(
                "No start is told: write the day into the column started_at before you audit, or money from"
                " before it counts as well."
            )
            notes.append(Note(code="no_start", text=text))
        return (*notes, _tomorrow(self))


def _tomorrow(arms: DrawnArms) -> Note:
    """Say how the same arms are had when customers have been added."""
    if arms.strata:
        text = Text(
            "When customers have been added, give this file as --earlier: its arms then stay as they are."
        )
        return Note(code="add_with_earlier", text=text)
    text = Text(
        "Everybody is drawn on their own: tomorrow the same customers have the same arms, whoever has been"
        " added. So the share comes out near {share}; with --by a column it holds to a customer.",
        share=Percent(arms.share, 0 if round(100 * arms.share, 6).is_integer() else 1),
    )
    return Note(code="drawn_alone", text=text)


def balance_sentence(balance: Iterable[Balance]) -> Text | None:
    """Return whether the arms are alike before the start; None where nothing can be compared."""
    known = [one for one in balance if one.difference.known]
    if not known:
        return None
    from leal.measure import BALANCE_ALARM

    unlike = [one for one in known if one.difference.p_value < BALANCE_ALARM]
    if unlike:
        return Text(
            "Before the start the arms differ, by bad luck, in: {columns}. Draw again with another --seed"
            " before anybody is treated.",
            columns=_listed(unlike),
        )
    return Text(
        "Before the start the arms are alike, as far as chance allows, in: {columns}.", columns=_listed(known)
    )


def _listed(balance: Iterable[Balance]) -> Listing:
    return Listing.of(_COMPARED[one.column] for one in balance)


def print_arms(arms: DrawnArms, language: Language) -> None:
    """Print how many are in each arm, whether they are alike, what they will show, where the file is."""
    screen = console()

    def say(text: Text | None, style: str = "", *, whole: bool = False) -> None:
        if text is not None:
            screen.print(text.into(language), style=style, markup=False, soft_wrap=whole)

    say(
        Text(
            "{action}: {customers} customers were drawn by lot, {treated} to be treated and {held_out}"
            " ({share}) to be left alone.",
            action=arms.action,
            customers=Count(arms.rows.height),
            treated=Count(arms.in_arm("treated")),
            held_out=Count(arms.in_arm("control")),
            share=Percent(arms.in_arm("control") / arms.rows.height, 1),
        ),
        "bold",
    )
    if arms.drawn_before:
        say(
            plural(
                "{count} customer of them was drawn before and keeps the arm.",
                "{count} customers of them were drawn before and keep their arms.",
                arms.drawn_before,
            )
        )
    if arms.by_stratum is not None:
        screen.print(_by_stratum(arms, language))
        if arms.by_stratum.height > STRATA_SHOWN:
            say(Text("and {count} groups more", count=Count(arms.by_stratum.height - STRATA_SHOWN)), "dim")
    say(balance_sentence(arms.balance))
    for power in arms.power:
        for sentence in power.sentences():
            say(sentence)
    for note in arms.notes:
        screen.print(f"  {note.text.into(language)}", style="dim", markup=False)
    for told in arms.customers.reconciliations:
        say(told.sentence(), "dim")
    say(Text("Written: {file}", file=str(arms.written)), whole=True)
    say(
        Text(
            "Treat those whose arm is treated, and leave the others alone. Afterwards give the file to leal"
            " audit with --actions: it tells what the action changed."
        )
    )


def _by_stratum(arms: DrawnArms, language: Language) -> Table:
    table = Table(box=None, header_style="dim")
    for name in arms.strata:
        table.add_column(name)
    for title in (Text("Treated"), Text("Held out"), Text("Share held out")):
        table.add_column(title.into(language), justify="right")
    counts = arms.by_stratum if arms.by_stratum is not None else pl.DataFrame()
    for row in counts.head(STRATA_SHOWN).iter_rows():
        *names, treated, held_out = row
        share = held_out / (treated + held_out) if treated + held_out else 0.0
        table.add_row(
            *("–" if name is None else str(name) for name in names),
            Count(treated).into(language),
            Count(held_out).into(language),
            Percent(share, 1).into(language),
        )
    return table


def print_arms_as_json(arms: DrawnArms) -> None:
    """Print the lot as one JSON object; the customers themselves are in the file."""
    told: dict[str, Any] = {
        "action": arms.action,
        "written": str(arms.written),
        "customers": arms.rows.height,
        "arms": {arm: arms.in_arm(arm) for arm in ("treated", "control")},
        "drawn_before": arms.drawn_before,
        "strata": [] if arms.by_stratum is None else arms.by_stratum.to_dicts(),
        "balance": to_plain(arms.balance),
        "power": [power.to_dict() for power in arms.power],
        "notes": to_plain(arms.notes),
        "reconciliations": [one.to_dict() for one in arms.customers.reconciliations],
    }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
