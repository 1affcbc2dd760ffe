"""How far Leal's purchase models lie from those of lifetimes on the same customers.

    python -m benchmarks.agreement CDNOW_sample.txt

The file is that of `examples.cdnow`; lifetimes is installed beside the environment on first use. Printed:
the largest difference of customers' figures, the parameters of both, and values of the year to come under
both conventions. It is what docs/from-lifetimes-and-clvtools.md says.
"""

from __future__ import annotations

import argparse
import importlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from examples.cdnow import FITTED, LEARNT_UNTIL, WEEKS, published, read_purchases

import leal
from benchmarks.peers import reach_lifetimes

INTEREST = 0.1
MONTHS = 12
DAYS_OF_A_MONTH = 30
"""What lifetimes takes a month for."""

COUNTED = ("frequency", "recency", "T")
MODELS = {"BG/NBD": "BetaGeoFitter", "MBG/NBD": "ModifiedBetaGeoFitter", "Pareto/NBD": "ParetoNBDFitter"}


def their_customers(purchases: pl.DataFrame) -> Any:
    """Return the summary that lifetimes makes, a pandas frame with times in days, by customer."""
    utils = importlib.import_module("lifetimes.utils")
    return utils.summary_data_from_transaction_data(
        purchases.to_pandas(), "customer", "bought_at", "amount", observation_period_end=LEARNT_UNTIL
    ).sort_index()


def largest_gap(theirs: Any, customers: pl.DataFrame) -> float:
    """Return the largest difference between the two summaries, times in weeks."""
    pairs = {"frequency": 1, "recency": 7, "T": 7, "monetary_value": 1}
    names = ("frequency", "recency", "age", "spend")
    return max(
        float(np.abs(theirs[one].to_numpy() / unit - customers[name].to_numpy()).max())
        for (one, unit), name in zip(pairs.items(), names, strict=True)
    )


def compare_purchases(name: str, theirs: Any, customers: pl.DataFrame) -> str:
    """Return the parameters of a model by both, and the largest differences of a customer."""
    lifetimes: Any = importlib.import_module("lifetimes")
    weeks = (theirs["frequency"], theirs["recency"] / 7, theirs["T"] / 7)
    peer = getattr(lifetimes, MODELS[name])().fit(*weeks)
    fit = FITTED[name].fit(customers)
    expected = peer.conditional_expected_number_of_purchases_up_to_time(WEEKS, *weeks)
    alive = peer.conditional_probability_alive(*weeks)
    bought = np.abs(np.ravel(expected) - fit.expected_purchases(customers, weeks=WEEKS)).max()
    there = np.abs(np.ravel(alive) - fit.p_alive(customers)).max()
    both = f"{written(peer.params_.values)} / {written(fit.parameters.values())}"
    return f"{name}: {both}; {bought:.0e}, {there:.0e}"


def written(parameters: Any) -> str:
    return " ".join(f"{value:.4f}" for value in parameters)


def compare_money(theirs: Any, customers: pl.DataFrame) -> list[str]:
    """Return the amounts by both, and what all customers will bring within 360 days and 52 weeks."""
    lifetimes: Any = importlib.import_module("lifetimes")
    paid = (theirs["frequency"] > 0) & (theirs["monetary_value"] > 0)
    peer = lifetimes.GammaGammaFitter().fit(theirs["frequency"][paid], theirs["monetary_value"][paid])
    spend = leal.GammaGamma().fit(customers)
    amounts = peer.conditional_expected_average_profit(theirs["frequency"], theirs["monetary_value"])
    gap = np.abs(np.ravel(amounts) - spend.expected_spend(customers)).max()
    counted = [theirs[name] for name in COUNTED]
    daily = lifetimes.BetaGeoFitter().fit(*counted)
    monthly = (1 + INTEREST) ** (1 / MONTHS) - 1
    value = peer.customer_lifetime_value(
        daily, *counted, theirs["monetary_value"], time=MONTHS, discount_rate=monthly, freq="D"
    )
    told = [
        f"Gamma-Gamma: {written(peer.params_.values)} / {written(spend.parameters.values())}; {gap:.0e}",
        f"value of 12 months of 30 days by lifetimes: {float(value.sum()):,.0f}",
    ]
    fit = leal.BgNbd().fit(customers)
    for days in (MONTHS * DAYS_OF_A_MONTH, 52 * 7):
        bought = fit.discounted_expected_purchases(customers, weeks=days / 7, discount=INTEREST)
        told.append(f"value of {days} days by Leal: {bought @ spend.expected_spend(customers):,.0f}")
    return told


def main() -> None:
    """Print every line of the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="the CDNOW sample, as examples.cdnow takes it")
    given = parser.parse_args()
    reach_lifetimes()
    warnings.simplefilter("ignore")  # of pandas, about code of lifetimes
    purchases = read_purchases(given.file)
    customers = published(purchases).sort("customer")
    theirs = their_customers(purchases)
    gap = largest_gap(theirs, customers)
    print(f"{customers.height} customers; largest difference of the summaries {gap:.0e}")
    print("parameters of lifetimes / of Leal; largest difference of expected purchases, of P(alive)")
    for name in MODELS:
        print(compare_purchases(name, theirs, customers), flush=True)
    print("\n".join(compare_money(theirs, customers)))


if __name__ == "__main__":
    main()
