"""CDNOW: the figures of docs/customer-value.md, from the sample that the published models were fitted to.

    python -m examples.cdnow CDNOW_sample.txt

Data: the sample of Fader, Hardie and Lee (2005), brucehardie.com/datasets: first buyers of a music shop in
the first quarter of 1997, followed until June 1998. The file as it comes, or a CSV (packed with xz or not)
with the columns ``id, date, amt``.
"""

from __future__ import annotations

import lzma
from collections.abc import Sequence
from pathlib import Path

import polars as pl

import leal
from examples.telling import arguments, heading, notes, page, picture, say, table
from leal.measure import calibration_and_holdout
from leal.predict import MODELS, PurchaseModel, forecast_holdout, purchase_base

CURRENCY = "USD"
LEARNT_UNTIL = "1997-09-30"
WEEKS = 39
TRIED = (25, 52)
INTEREST = 0.15
MARGIN = 0.3
FITTED: dict[str, PurchaseModel] = {
    "BG/NBD": leal.BgNbd(),
    "MBG/NBD": leal.MbgNbd(),
    "Pareto/NBD": leal.ParetoNbd(),
}


def read_purchases(file: Path) -> pl.DataFrame:
    """Return the sample as the table `purchases`."""
    content = file.read_bytes()
    content = lzma.decompress(content) if file.suffix == ".xz" else content
    rows = _of_csv(content) if content.startswith(b"id,") else _of_text(content)
    return rows.with_columns(currency=pl.lit(CURRENCY))


def _of_csv(content: bytes) -> pl.DataFrame:
    return pl.read_csv(content).select(
        customer=pl.col("id").cast(pl.String), bought_at=pl.col("date").str.to_date(), amount="amt"
    )


def _of_text(content: bytes) -> pl.DataFrame:
    """Return lines of: number in the whole, number in the sample, day, discs, dollars."""
    lines = [line.split() for line in content.decode("ascii").splitlines() if line.strip()]
    parts = [(line[1], line[2], float(line[4])) for line in lines]
    frame = pl.DataFrame(parts, schema=["customer", "bought_at", "amount"], orient="row")
    return frame.with_columns(pl.col("bought_at").str.to_date("%Y%m%d"))


def published(purchases: pl.DataFrame) -> pl.DataFrame:
    """Return the customers as in the papers: a day that comes to nothing is a purchase as well."""
    return leal.customer_summary(purchases, LEARNT_UNTIL, count_free=True)


def compared(customers: pl.DataFrame) -> pl.DataFrame:
    """Return one row a model: its parameters, who is still a customer, what it expects."""
    rows = []
    for name, model in FITTED.items():
        fit = model.fit(customers)
        total = fit.expected_total(customers, weeks=WEEKS)  # type: ignore[attr-defined]
        rows.append(
            {
                "model": name,
                "parameters": ", ".join(f"{key} {value:.4f}" for key, value in fit.parameters.items()),
                "mean P(alive)": f"{fit.p_alive(customers).mean():.2f}",
                f"purchases in {WEEKS} weeks": f"{total.estimate:,.0f}",
                "from": f"{total.ci_low:,.0f}",
                "to": f"{total.ci_high:,.0f}",
            }
        )
    return pl.DataFrame(rows)


def tried(purchases: pl.DataFrame) -> pl.DataFrame:
    """Return one row a model and stretch: how far its forecast of the last weeks, unseen, was off."""
    base = purchase_base(purchases)
    rows = []
    for weeks in TRIED:
        for name, model in MODELS.items():
            found = forecast_holdout(base, model, weeks)
            assert found is not None
            rows.append(
                {
                    "weeks": weeks,
                    "model": name,
                    "off by": f"{found.bias:+.1%}",
                    "steady rate": f"{found.naive_bias:+.1%}",
                    "a customer": f"{found.mean_error:.2f}",
                    "steady": f"{found.naive_mean_error:.2f}",
                }
            )
    return pl.DataFrame(rows)


def discounted_spend(customers: pl.DataFrame) -> float:
    """Return what all will spend in a year, discounted, by BG/NBD and Gamma-Gamma."""
    bought = leal.BgNbd().fit(customers).discounted_expected_purchases(customers, weeks=52, discount=INTEREST)
    return float(bought @ leal.GammaGamma().fit(customers).expected_spend(customers))


def main(given: Sequence[str] | None = None) -> None:
    """Print the figures; write the pictures."""
    told = arguments(given, about="Leal on CDNOW", source="file", meaning="the sample")
    purchases = read_purchases(told.file)
    with page(told.charts, "cdnow", "CDNOW: the figures of the page on customer value"):
        _tell_models(purchases)
        _tell_value(purchases, told.charts)
        _tell_change(purchases, told.charts)


def _tell_models(purchases: pl.DataFrame) -> None:
    heading(f"1 Models learnt until {LEARNT_UNTIL}")
    customers = published(purchases)
    later = calibration_and_holdout(purchases, LEARNT_UNTIL, count_free=True)["holdout_frequency"].sum()
    paying = leal.customer_summary(purchases, LEARNT_UNTIL).height
    say(f"{customers.height:,} customers, {paying:,} without days that came to nothing.")
    table(compared(customers))
    say(f"Purchases that came in the {WEEKS} weeks after: {later:,}")
    one = {"frequency": 2, "recency": 30.43, "age": 38.86}
    say(f"One customer, BG/NBD: {leal.BgNbd().fit(customers).expected_purchases(one, weeks=WEEKS)[0]:.3f}")
    three = {"frequency": [0, 6, 6], "recency": [0, 10, 36], "age": 38}
    alive = leal.ParetoNbd().fit(customers).p_alive(three)
    say("P(alive) of three, Pareto/NBD: " + ", ".join(f"{chance:.2f}" for chance in alive))
    spend = leal.GammaGamma().fit(customers)
    say(f"Mean spend: {spend.population_mean_with_interval()}; correlation {spend.correlation:.2f}")
    say(f"Discounted spend of all in 52 weeks: {discounted_spend(customers):,.1f}")


def _tell_value(purchases: pl.DataFrame, charts: Path) -> None:
    heading("2 Lifetime value")
    worth = leal.lifetime_value(purchases, margin=MARGIN)
    say(worth, worth.holdout)
    first = worth.customers.row(0, named=True)
    say(
        "The best customer, revenue: "
        + ", ".join(f"{first[name] / MARGIN:,.0f}" for name in ("value", "value_low", "value_high"))
    )
    notes(worth.notes)
    table(tried(purchases))
    tracked = leal.tracking(purchases, learnt_until=LEARNT_UNTIL)
    say(tracked)
    picture(tracked.chart(), charts, "cdnow-tracking")


def _tell_change(purchases: pl.DataFrame, charts: Path) -> None:
    heading("3 What changed the value of the base")
    bridge = leal.equity_bridge(purchases, margin=MARGIN)
    say(bridge)
    table(bridge.to_frame(), decimals=0)
    picture(bridge.chart(), charts, "cdnow-bridge")


if __name__ == "__main__":
    main()
