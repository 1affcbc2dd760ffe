"""The ten checks in their order: each a function from the book of an audit to its answer."""

from __future__ import annotations

from collections.abc import Callable

from leal.checks.book import Book
from leal.checks.causes import check_causes
from leal.checks.contact_section import contacts_in_one_ledger
from leal.checks.equity_section import customer_equity
from leal.checks.findings import Check
from leal.checks.hazard_section import what_makes_them_leave
from leal.checks.leaving import check_leaving
from leal.checks.loyalty_section import group_worth, kinds_of_loyalty
from leal.checks.mood import check_mood
from leal.checks.noticing import check_noticing
from leal.checks.number_section import which_number_predicts
from leal.checks.passives import check_passives
from leal.checks.programmes import check_programmes
from leal.checks.response_section import who_answers
from leal.checks.retention_cost import retention_costs
from leal.checks.rivals import check_rivals
from leal.checks.rivals_section import openings_of_rivals
from leal.checks.segments import check_segments
from leal.checks.staying_section import how_long_customers_stay
from leal.checks.supplement import beside
from leal.checks.symptom_section import symptoms
from leal.checks.targeting_section import whom_to_treat
from leal.checks.unrandomised_section import without_holdout
from leal.checks.value import check_value
from leal.checks.ways_section import ways_to_loyalty
from leal.checks.wish_studies import acceptable_prices, kinds_of_wishes
from leal.checks.wishes import check_wishes

CHECKS: tuple[Callable[[Book], Check], ...] = (
    check_noticing,
    check_passives,
    beside(check_programmes, without_holdout, whom_to_treat),
    beside(check_causes, symptoms),
    beside(check_mood, who_answers),
    beside(
        check_leaving,
        kinds_of_loyalty,
        contacts_in_one_ledger,
        how_long_customers_stay,
        what_makes_them_leave,
    ),
    beside(check_value, customer_equity, group_worth, retention_costs),
    beside(check_wishes, kinds_of_wishes, acceptable_prices),
    beside(check_segments, which_number_predicts),
    beside(check_rivals, openings_of_rivals, ways_to_loyalty),
)
