"""One simulated company: its tables, and what is true of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from leal.errors import BadOption
from leal.evidence import Evidence
from leal.simulate.care_studies import cases_table, kano_table, prices_table, rules_table, talk_table
from leal.simulate.contact_records import contacts_table, invitations_table
from leal.simulate.known_respondents import with_known_respondents
from leal.simulate.large_sample import truth_of
from leal.simulate.plan import Plan
from leal.simulate.population import populate
from leal.simulate.public import reviews_table
from leal.simulate.records import (
    actions_table,
    answers_table,
    customers_table,
    hidden_table,
    purchases_table,
    units_table,
)
from leal.simulate.streams import Streams
from leal.simulate.studies import brands_table, wishes_table
from leal.simulate.truth import Truth

BASKETS = {"RUB": 2400.0, "USD": 30.0, "EUR": 28.0}
"""A usual purchase in each currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A simulated company.

    Attributes
    ----------
    tables : dict of DataFrame
        The fifteen canonical tables of `leal.tables`, by name.
    hidden : DataFrame
        What no company knows of its customers: their latents, who left, and why.
    plan : Plan
        What it was made by.
    seed : int
        The seed it was drawn with.
    """

    tables: dict[str, pl.DataFrame]
    hidden: pl.DataFrame
    plan: Plan
    seed: int

    @property
    def truth(self) -> Truth:
        """What is true of all companies of this plan; computed on first use, which takes a few seconds."""
        return truth_of(self.plan)

    @property
    def evidence(self) -> Evidence:
        """The tables as a bundle, ready for an audit."""
        return Evidence(**self.tables)


def company(
    customers: int = 4000,
    *,
    seed: int = 1,
    months: int = 18,
    language: str = "both",
    currency: str | None = None,
    end: dt.date = dt.date(2026, 7, 1),
) -> Company:
    """Make a company whose truth is known.

    Parameters
    ----------
    customers : int
        Number of customers, at least 1. The first customers of a bigger company with the same seed are those
        of a smaller one.
    seed : int
        Two companies that differ in the seed only are independent draws of the same truth.
    months : int
        Months of surveys; purchases begin a year earlier.
    language : {"both", "ru", "en"}
        Language of comments and names; with both, names are English and three comments in five Russian.
    currency : str, optional
        ISO code; roubles unless the company is English.
    end : date
        The day after the last one of the data; must be the first of a month.

    Returns
    -------
    Company
        Tables, hidden truth of its customers, and (lazily) the truth of the whole plan.

    Notes
    -----
    Latents come from a path model with known coefficients, answers from the latents, purchases from a gamma
    process with a beta-geometric-like way out, actions from randomised arms: docs/simulated-company.md. Do
    not use it to learn anything about real customers: every effect in it was chosen.

    Examples
    --------
    >>> small = company(50, seed=7)
    >>> sorted(small.tables)[:3], small.tables["customers"].height
    (['actions', 'answers', 'brands'], 50)
    """
    if customers < 1:
        raise BadOption("customers", customers, ["1", "2", "..."])
    if end.day != 1:
        raise BadOption("end", end, [str(end.replace(day=1))])
    money = currency or ("USD" if language == "en" else "RUB")
    plan = Plan(months=months, language=language, end=end, currency=money, basket=BASKETS.get(money, 2400.0))
    return company_of(plan, customers, seed)


def company_of(plan: Plan, customers: int, seed: int) -> Company:
    """Make a company of a plan of your own."""
    population = populate(plan, customers, seed)
    streams = Streams(seed)
    tables = {
        "answers": answers_table(population),
        "customers": customers_table(population),
        "purchases": purchases_table(population),
        "reviews": reviews_table(population),
        "actions": actions_table(population),
        "brands": with_known_respondents(brands_table(plan, max(customers // 5, 1), streams), population),
        "wishes": wishes_table(plan, customers, streams),
        "units": units_table(plan),
        "cases": cases_table(population),
        "contacts": contacts_table(population),
        "invitations": invitations_table(population),
        "rules": rules_table(plan),
        "kano": kano_table(plan, customers, streams),
        "prices": prices_table(plan, customers, streams),
        "talk": talk_table(customers, streams),
    }
    return Company(tables=tables, hidden=hidden_table(population), plan=plan, seed=seed)
