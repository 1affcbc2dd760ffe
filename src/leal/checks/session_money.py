"""The reckoning of the 30-minute diagnosis: what repeat sales could bring, low, likely and high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leal.checks.audits import Audit
from leal.checks.session_answers import SessionAnswers
from leal.checks.session_assumptions import Scenarios
from leal.checks.session_inputs import Assumption, basis_of, session_inputs
from leal.measure import margin_multiple
from leal.results import Basis

_SCENARIO_NAMES = ("low", "likely", "high")
_USED = {
    *("customers", "yearly_spend", "margin", "repeat_share", "retention"),
    *("passives", "moved", "more", "kept", "discount"),
}
_LEAST_ROOM = {"retention"}
"""Inputs whose high end leaves least to be gained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Potential:
    """What repeat sales could bring, three times; an opinion (grade D).

    Attributes
    ----------
    passives : Scenarios
        A year, from passives who become promoters.
    kept : Scenarios
        In the first year, from customers who do not leave.
    first_year : Scenarios
        Both together.
    years : Scenarios
        From the customers kept, over the years to come.
    yearly_money : Scenarios
        Money of all customers a year now.
    assumptions : tuple of Assumption
        The inputs that it is reckoned from.
    basis : {"revenue", "margin"}
        What the money is.
    """

    passives: Scenarios
    kept: Scenarios
    first_year: Scenarios
    years: Scenarios
    yearly_money: Scenarios
    assumptions: tuple[Assumption, ...]
    basis: Basis


def repeat_potential(answers: SessionAnswers, audit: Audit | None = None) -> Potential | None:
    """Return what repeat sales could bring by what was answered, None without customers and their spending.

    Parameters
    ----------
    answers : SessionAnswers
        What was answered; what was not is assumed widely, and named so.
    audit : Audit, optional
        Figures counted from files; they take the place of opinions.

    Notes
    -----
    With m = spending x margin of a customer a year, and each scenario reckoned by itself:
    passives = customers x m x repeat share x passives' share x moved x more;
    kept = customers x (1 - retention) x kept x m;
    years = customers x m x (M(r + kept (1 - r)) - M(r)), M(r) = r/(1 + i - r), the margin multiple.
    The low scenario puts all inputs at the end that leaves least to be gained, the high one at the other.
    That all are so at once is less likely than any one of them; no probability is claimed.
    """
    everything = session_inputs(answers, audit)
    inputs = {key: one for key, one in everything.items() if key in _USED}
    if "customers" not in inputs or "yearly_spend" not in inputs:
        return None
    figures = [_reckon(inputs, name) for name in _SCENARIO_NAMES]
    columns = {key: _three([one[key] for one in figures]) for key in figures[0]}
    return Potential(
        passives=columns["passives"],
        kept=columns["kept"],
        first_year=columns["first_year"],
        years=columns["years"],
        yearly_money=columns["yearly_money"],
        assumptions=tuple(inputs.values()),
        basis=basis_of(inputs, audit),
    )


def _three(values: list[float]) -> Scenarios:
    low, likely, high = values
    return Scenarios(low=low, likely=likely, high=high)


def _reckon(inputs: Mapping[str, Assumption], scenario: str) -> dict[str, float]:
    opposite = {"low": "high", "likely": "likely", "high": "low"}

    def value(key: str, without: float = 0.0) -> float:
        if key not in inputs:
            return without
        end = opposite[scenario] if key in _LEAST_ROOM else scenario
        return float(getattr(inputs[key].value, end))

    retention = value("retention")
    staying = retention + value("kept") * (1 - retention)
    yearly = value("yearly_spend") * value("margin", 1.0)
    money = value("customers") * yearly
    passives = money * value("repeat_share") * value("passives") * value("moved") * value("more")
    kept = money * (staying - retention)
    rises = [
        _rise(inputs["retention"].value, end, value("kept"), value("discount")) for end in _SCENARIO_NAMES
    ]
    rise = {"low": min(rises), "likely": rises[1], "high": max(rises)}[scenario]
    return {
        "yearly_money": money,
        "passives": passives,
        "kept": kept,
        "first_year": passives + kept,
        "years": money * rise,
    }


def _rise(retention: Scenarios, end: str, kept: float, discount: float) -> float:
    """Return by how many years' money a customer is worth more where some of those who leave are kept.

    It is largest at a retention in between, so that each end has to be tried.
    """
    now = float(getattr(retention, end))
    return margin_multiple(now + kept * (1 - now), discount) - margin_multiple(now, discount)
