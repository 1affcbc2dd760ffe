"""`leal assign CUSTOMERS --action NAME`: who is treated and who is held out, drawn by lot into a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leal.cli.speech import chosen_language, json_option, lang_option, say
from leal.wording import Percent, Text

if TYPE_CHECKING:
    import polars as pl

    from leal.cli.lot_files import LotCustomers
    from leal.prove import Balance, HoldoutPower

_FILE = click.Path(path_type=Path)

BALANCED = ("recent_money", "days_as_customer", "contacts", "cases")
"""What arms are compared in before the start, where the files tell it."""


@click.command(
    "assign",
    help=say(Text("Draw by lot who gets an action and who is held out; say what the holdout will show.")),
)
@click.argument("file", type=_FILE, metavar="CUSTOMERS")
@click.option("--action", required=True, help=say(Text("Name of the action; each has a lot of its own.")))
@click.option(
    "--hold-out",
    "share",
    default="10%",
    show_default=True,
    help=say(Text("Share of the customers to leave alone, as 10% or 0.1.")),
)
@click.option(
    "--by",
    "strata",
    multiple=True,
    help=say(
        Text("Column in whose groups the share shall hold: segment, region; may be given several times.")
    ),
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help=say(Text("Number of the lot: the same number, the same arms, tomorrow and on any machine.")),
)
@click.option(
    "--earlier",
    type=_FILE,
    help=say(Text("File that this command wrote before: its arms stay, and only new customers are drawn.")),
)
@click.option(
    "--starts",
    type=click.DateTime(["%Y-%m-%d"]),
    help=say(Text("Day when the action starts, as 2026-12-01; money is counted from then on.")),
)
@click.option(
    "--cost", type=click.FloatRange(min=0), help=say(Text("What the action costs for a treated customer."))
)
@click.option(
    "--purchases",
    type=_FILE,
    help=say(Text("File of purchases: what the holdout will show is told in money.")),
)
@click.option(
    "--weeks",
    type=click.IntRange(1, 520),
    default=12,
    show_default=True,
    help=say(Text("Weeks that the money will be counted over.")),
)
@click.option(
    "--effect",
    help=say(
        Text(
            "Smallest effect worth finding: money a head, or 10% of what a customer brings (10% by default);"
            " without purchases points of the share who buy again (5% by default)."
        )
    ),
)
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, min_open=True),
    help=say(Text("Margin as a share of revenue, .3 is 30 %; without it money is revenue.")),
)
@click.option(
    "--currency", help=say(Text("Currency of the amounts, as RUB or EUR, where the files do not say."))
)
@click.option("--map", "mapping", type=_FILE, help=say(Text("File that maps your columns to Leal's.")))
@click.option(
    "--out",
    type=_FILE,
    help=say(Text("File to write (.csv, .xlsx or .parquet); by default the name of the action, .csv.")),
)
@json_option
@lang_option
def assign_command(
    file: Path,
    action: str,
    share: str,
    strata: tuple[str, ...],
    seed: int,
    earlier: Path | None,
    starts: dt.datetime | None,
    cost: float | None,
    purchases: Path | None,
    weeks: int,
    effect: str | None,
    margin: float | None,
    currency: str | None,
    mapping: Path | None,
    out: Path | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Read the customers, draw, write the table `actions`, tell what it can show."""
    from leal.cli.assign_printing import DrawnArms, print_arms, print_arms_as_json
    from leal.cli.assign_words import action_named, effect_wanted, file_name_of, new_file, share_held_out
    from leal.cli.lot_files import as_actions, counts_by, read_earlier, read_lot_customers
    from leal.intake import write_clean
    from leal.prove import assign

    name = action_named(action)
    currency = currency.upper() if currency else None
    held_out = share_held_out(share)
    target = new_file(out or Path(f"{file_name_of(name)}.csv"))
    wanted = effect_wanted(effect, in_money=purchases is not None)
    given = read_lot_customers(file, purchases, mapping)
    named = {given.column(one, file): one for one in strata}
    columns = list(named)
    before = None if earlier is None else read_earlier(earlier, name, mapping)
    drawn = assign(
        given.frame,
        name=name,
        shares={"control": held_out, "treated": 1 - held_out},
        strata=columns,
        seed=seed,
        holdout=0,
        earlier=before,
    )
    rows = _with_earlier(as_actions(drawn, starts.date() if starts else None, cost, held_out), before)
    _enough(rows, held_out, file)
    arms = DrawnArms(
        action=name,
        rows=rows,
        share=held_out,
        strata=tuple(named.values()),
        by_stratum=counts_by(drawn, columns) if columns else None,
        balance=_balance(given, rows, margin, currency),
        power=_power(given, rows, weeks, wanted, cost, margin, currency),
        written=write_clean(rows, target),
        drawn_before=0 if before is None else before.height,
        customers=given,
    )
    if as_json:
        print_arms_as_json(arms)
    else:
        print_arms(arms, chosen_language(lang))


def _with_earlier(rows: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Return the rows drawn before as they were, customers gone since too, then the new ones."""
    import polars as pl

    if before is None:
        return rows
    return pl.concat([before, rows.join(before, on="customer", how="anti", maintain_order="left")])


def _enough(rows: pl.DataFrame, share: float, file: Path) -> None:
    """Refuse a lot of which the audit would compare nothing."""
    from leal.errors import BadValue, Where
    from leal.measure import FEWEST_IN_ARM
    from leal.wording import Count

    held_out = int((rows["arm"] == "control").sum())
    if min(held_out, rows.height - held_out) >= FEWEST_IN_ARM:
        return
    fewest = FEWEST_IN_ARM / max(rows.height, 1)
    hint = Text("Draw at least {count} customers.", count=Count(2 * FEWEST_IN_ARM))
    if fewest <= 0.5:
        hint = Text("Hold another share out, or draw more customers.")
    raise BadValue(
        Text(
            "{held_out} of {customers} customers would be held out ({share}): with fewer than {fewest} on"
            " either side nothing can be compared.",
            held_out=Count(held_out),
            customers=Count(rows.height),
            share=Percent(share, 0 if share >= 0.01 else 1),
            fewest=Count(FEWEST_IN_ARM),
        ),
        hint=hint,
        where=Where(file=str(file)),
    )


def _balance(
    given: LotCustomers, rows: pl.DataFrame, margin: float | None, currency: str | None
) -> tuple[Balance, ...]:
    """Compare the arms in the money, contacts and cases of their customers, and in how long they are such."""
    import polars as pl

    from leal.prove import balance_of_arms, with_recent_money

    known = given.frame
    if given.purchases is not None:
        known = with_recent_money(known, given.purchases, margin=margin, currency=currency)
    if "joined_at" in known.columns:
        newest = pl.col("joined_at").max()
        known = known.with_columns(days_as_customer=(newest - pl.col("joined_at")).dt.total_days())
    columns = [name for name in BALANCED if name in known.columns and known[name].dtype.is_numeric()]
    table = rows.select("customer", "arm").join(known.select("customer", *columns), on="customer")
    return balance_of_arms(table, columns, control="control")


def _power(
    given: LotCustomers,
    rows: pl.DataFrame,
    weeks: int,
    wanted: tuple[float | None, float | None],
    cost: float | None,
    margin: float | None,
    currency: str | None,
) -> tuple[HoldoutPower, ...]:
    """Tell what the holdout will show in money; of who buys again where money is not known."""
    from leal.prove import money_power, share_power

    amount, part = wanted
    told = []
    if given.purchases is not None:
        told.append(
            money_power(
                rows,
                given.purchases,
                weeks=weeks,
                wanted=amount,
                part=part,
                cost=cost,
                margin=margin,
                currency=currency,
            )
        )
        if told[0].known:
            return tuple(told)
    held_out = int((rows["arm"] == "control").sum())
    points = part if given.purchases is None else None
    return (*told, share_power(held_out, rows.height - held_out, wanted=points))
