"""UCI Online Retail: what a year of a wholesaler's invoices says of its customers, and what it cannot say.

    python -m examples.online_retail "Online Retail.xlsx"

Data: Chen, D. (2015), Online Retail, UCI Machine Learning Repository, doi.org/10.24432/C5BW33, CC BY 4.0. A
wholesaler of gifts in the United Kingdom, December 2010 to December 2011. XLSX, CSV and Parquet are read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

import leal
from examples.telling import arguments, heading, notes, page, picture, say, table
from leal.charts import purchase_tracking, retention_curves, value_concentration
from leal.intake import Reconciliation
from leal.measure import calibration_and_holdout
from leal.predict import PurchaseModel, PurchaseModelFit
from leal.results import Proportion
from leal.statistics import bootstrap
from leal.wording import Text

CURRENCY = "GBP"
HALF_A_YEAR = 26
BEFORE_THE_PEAK = dt.date(2011, 8, 31)
CUTS = (dt.date(2011, 5, 31), BEFORE_THE_PEAK, dt.date(2011, 11, 30))
MODELS: dict[str, PurchaseModel] = {
    "BG/NBD": leal.BgNbd(),
    "MBG/NBD": leal.MbgNbd(),
    "Pareto/NBD": leal.ParetoNbd(),
}


def read_purchases(file: Path) -> tuple[pl.DataFrame, Reconciliation]:
    """Return the lines of the invoices as the table `purchases`, and what became of every row."""
    purchases, reconciliation = leal.read_table(file, "purchases")
    return purchases.with_columns(currency=pl.lit(CURRENCY)), reconciliation


def left_out_money(reconciliation: Reconciliation) -> float:
    """Return the money of the rows that were not accepted: those of no customer."""
    return sum(reconciliation.amount_rejected_by_reason.values())


def cancelled(purchases: pl.DataFrame) -> tuple[int, float]:
    """Return how many lines are cancellations, and their money: they stay in, and are netted."""
    lines = purchases.filter(pl.col("purchase").str.starts_with("C"))
    return lines.height, float(lines["amount"].sum())


def fits(customers: pl.DataFrame) -> dict[str, PurchaseModelFit]:
    """Return the three models of repeat purchases, fitted."""
    return {name: model.fit(customers) for name, model in MODELS.items()}


def compared(fitted: dict[str, PurchaseModelFit], customers: pl.DataFrame) -> pl.DataFrame:
    """Return one row a model: what it finds, how many it takes for customers still, what it expects."""
    rows = []
    for name, fit in fitted.items():
        leaving = list(fit.parameters.items())[2:]
        rows.append(
            {
                "model": name,
                "r": fit.parameters["r"],
                "alpha": fit.parameters["alpha"],
                "leaving": ", ".join(f"{key} = {value:.3g}" for key, value in leaving),
                "log-likelihood": fit.log_likelihood,
                "mean P(alive)": float(fit.p_alive(customers).mean()),
                f"purchases in {HALF_A_YEAR} weeks": float(
                    fit.expected_purchases(customers, weeks=HALF_A_YEAR).sum()
                ),
            }
        )
    return pl.DataFrame(rows)


def boundary(purchases: pl.DataFrame) -> pl.DataFrame:
    """Return whether leaving is seen when the data end earlier: one row an end."""
    last = purchases["bought_at"].max()
    rows = []
    for cut in CUTS:
        if not isinstance(last, dt.datetime) or cut > last.date():
            continue
        customers = leal.customer_summary(purchases, until=cut)
        row: dict[str, object] = {"data until": cut, "customers": customers.height}
        row |= {name: "not seen" if _unseen(fit) else "seen" for name, fit in fits(customers).items()}
        rows.append(row)
    return pl.DataFrame(rows)


def _unseen(fit: PurchaseModelFit) -> bool:
    return any(note.code == "no_dropout" for note in fit.notes)


def newcomers(retention: pl.DataFrame) -> str:
    """Return the first cohort that began within the data: the one before it holds older customers."""
    cohorts = retention.filter(pl.col("cohort") != "all")["cohort"].unique().sort().to_list()
    return str(cohorts[min(1, len(cohorts) - 1)])


def top_tenth_kept(purchases: pl.DataFrame, learnt_until: dt.date) -> Proportion:
    """Return the share of later money that came from the tenth foretold to be most valuable."""
    customers = calibration_and_holdout(purchases, learnt_until)
    fit, spend = leal.ParetoNbd().fit(customers), leal.GammaGamma().fit(customers)
    weeks = float(customers["holdout_weeks"][0])
    foretold = fit.expected_purchases(customers, weeks=weeks) * spend.expected_spend(customers)
    many = -(-foretold.size // 10)
    best = np.zeros(foretold.size)
    best[np.argsort(-foretold, kind="stable")[:many]] = 1.0
    money = customers["holdout_amount"].to_numpy()
    found = bootstrap(
        np.ones(money.size),
        lambda sums: sums[:, 0] / sums[:, 1],
        moments=np.column_stack([best * money, money]),
        replicates=1000,
    )
    low, high = found.limits()
    return Proportion(
        estimate=float(found.estimate[0]),
        ci_low=float(low[0]),
        ci_high=float(high[0]),
        n=money.size,
        method="bootstrap",
    )


def months(purchases: pl.DataFrame) -> pl.DataFrame:
    """Return purchase days and money by month: the season that the models do not know."""
    return (
        purchases.filter(pl.col("amount") > 0)
        .group_by(month=pl.col("bought_at").dt.strftime("%Y-%m"))
        .agg(
            pl.struct("customer", pl.col("bought_at").dt.date()).n_unique().alias("purchase days"),
            pl.col("amount").sum().alias("money in GBP"),
        )
        .sort("month")
    )


def main(given: Sequence[str] | None = None) -> None:
    """Print what the invoices say; write the pictures."""
    told = arguments(given, about="Leal on UCI Online Retail", source="file", meaning="the invoices")
    purchases, reconciliation = read_purchases(told.file)
    customers = leal.customer_summary(purchases)
    with page(told.charts, "online-retail", "UCI Online Retail: a year of invoices"):
        _tell_reading(purchases, reconciliation)
        _tell_customers(customers)
        _tell_models(purchases, customers, told.charts)
        _tell_trial(purchases, told.charts)
        _tell_value(purchases, told.charts)


def _tell_reading(purchases: pl.DataFrame, reconciliation: Reconciliation) -> None:
    heading("1 From invoices to purchases")
    say(reconciliation)
    notes(reconciliation.notes)
    lines, money = cancelled(purchases)
    say(
        f"Rows without a customer hold {CURRENCY} {left_out_money(reconciliation):,.0f}: buyers unknown.",
        f"{lines:,} lines are cancellations ({CURRENCY} {money:,.0f}); they stay, and are netted.",
    )


def _tell_customers(customers: pl.DataFrame) -> None:
    heading("2 Customers")
    once = int((customers["frequency"] == 0).sum())
    say(
        f"{customers.height:,} customers with a purchase; {once:,} bought on one day only.",
        "Lines of one day are one purchase; a day that comes to nothing after its refunds is none.",
    )
    table(customers.select("customer", "frequency", "recency", "age", "spend").head(4))


def _tell_models(purchases: pl.DataFrame, customers: pl.DataFrame, charts: Path) -> None:
    heading("3 Three models, one answer: nobody is seen to leave")
    fitted = fits(customers)
    table(compared(fitted, customers), 3)
    notes(fitted["Pareto/NBD"].notes[:1])
    ahead = leal.ParetoNbd().fit(customers).expected_total(customers, weeks=HALF_A_YEAR)
    say(
        f"Purchases expected in {HALF_A_YEAR} weeks: {ahead}",
        "The likelihood is highest where nobody leaves: a = 0 or s = 0, the edge of what the models allow.",
        "It is not the holiday peak that does it. Had the data ended earlier:",
    )
    table(boundary(purchases))
    retention = leal.cohort_retention(purchases, cohort="quarter")
    cohort = newcomers(retention)
    say(
        f"Nor does the share that buys in 30 days fall with time, here of those who first bought in {cohort}:"
    )
    share = retention.filter(pl.col("cohort") == cohort, pl.col("period") > 0)
    table(share.select("period", "customers", "retention", "ci_low", "ci_high"), 3)
    fit = fitted["Pareto/NBD"].parameters
    say(
        f"Customers buy once in {fit['alpha'] / fit['r']:.0f} weeks on average, most of them less often: in",
        "one year a customer who left cannot be told from one who buys twice a year. P(alive) = 1 says that",
        "leaving cannot be seen, not that retention is 100 %. Purchases ahead are sound; who is gone is not",
        "known.",
    )
    periods = Text("periods of 30 days since the first purchase")
    shown = retention.filter(pl.col("cohort") != "all")
    picture(retention_curves(shown, emphasis=cohort, axis_title=periods), charts, "online-retail-active")


def _tell_trial(purchases: pl.DataFrame, charts: Path) -> None:
    heading("4 Tried on weeks it had not seen")
    quiet = leal.lifetime_value(purchases, until=BEFORE_THE_PEAK, weeks=13).holdout
    peak = leal.lifetime_value(purchases).holdout
    say("Summer, the last 13 weeks before September:", quiet, "Autumn, with the holiday peak:", peak)
    table(months(purchases), 0)
    followed = leal.tracking(purchases, learnt_until=BEFORE_THE_PEAK)
    say(followed)
    weekly = followed.frame.select("week", "actual", "expected")
    chart = purchase_tracking(
        weekly, learnt_until=followed.learnt_weeks, axis_title=Text("repeat purchases a week")
    )
    picture(chart, charts, "online-retail-weeks")


def _tell_value(purchases: pl.DataFrame, charts: Path) -> None:
    heading("5 What the customers are worth")
    worth = leal.lifetime_value(purchases)
    say(worth, f"The customer in the middle: {worth.median}", f"The best tenth holds {worth.top_share}")
    notes(worth.notes)
    kept = top_tenth_kept(purchases, BEFORE_THE_PEAK)
    say(
        f"Foretold on {BEFORE_THE_PEAK}: the tenth then most valuable brought {kept} of the money since.",
        "The ranking held although the level missed: whom to look after is known better than how much.",
    )
    picture(value_concentration(worth.concentration()), charts, "online-retail-concentration")


if __name__ == "__main__":
    main()
