"""The reckoning of the 30-minute diagnosis: what repeat sales could bring, low, likely and high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from leal.checks.audits import Audit
from leal.checks.session_answers import Answer, SessionAnswers
from leal.checks.session_assumptions import ASSUMED, ASSUMPTION_WORDS, Scenarios
from leal.measure import margin_multiple
from leal.results import Basis, Estimate
from leal.wording import Text

Source = Literal["answer", "data", "assumption"]

_SCENARIO_NAMES = ("low", "likely", "high")
_LEAST_ROOM = {"retention"}
"""Inputs whose high end leaves least to be gained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """An input of the reckoning: low, likely, high, and whether it was answered, counted or assumed."""

    key: str
    name: Text
    value: Scenarios
    source: Source


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
    unnoticed : Scenarios or None
        Spent a year on what is not noticed; None where the cost of loyalty is not known.
    assumptions : tuple of Assumption
        Everything that went in.
    basis : {"revenue", "margin"}
        What the money is.
    """

    passives: Scenarios
    kept: Scenarios
    first_year: Scenarios
    years: Scenarios
    yearly_money: Scenarios
    unnoticed: Scenarios | None
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
    inputs = _inputs(answers, audit)
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
        unnoticed=columns["unnoticed"] if "loyalty_spend" in inputs else None,
        assumptions=tuple(inputs.values()),
        basis="margin" if "margin" in inputs or _counts_margin(audit) else "revenue",
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
        "unnoticed": value("loyalty_spend") * value("unnoticed"),
    }


def _rise(retention: Scenarios, end: str, kept: float, discount: float) -> float:
    """Return by how many years' money a customer is worth more where some of those who leave are kept.

    It is largest at a retention in between, so that each end has to be tried.
    """
    now = float(getattr(retention, end))
    return margin_multiple(now + kept * (1 - now), discount) - margin_multiple(now, discount)


def _inputs(answers: SessionAnswers, audit: Audit | None) -> dict[str, Assumption]:
    counted = _counted(audit)
    known = {key: _as_scenarios(answer) for key, answer in answers.answers.items()}
    inputs: dict[str, Assumption] = {}
    for key, name in ASSUMPTION_WORDS.items():
        if key in counted:
            inputs[key] = Assumption(key=key, name=name, value=counted[key], source="data")
        elif key == "margin" and _counts_margin(audit):
            continue  # the money of the files is margin already
        elif (given := known.get(key) or answers.assumptions.get(key)) is not None:
            inputs[key] = Assumption(key=key, name=name, value=given, source="answer")
        elif key in ASSUMED and (key != "unnoticed" or known.get("loyalty_spend") is not None):
            inputs[key] = Assumption(key=key, name=name, value=ASSUMED[key], source="assumption")
    return inputs


def _as_scenarios(answer: Answer) -> Scenarios | None:
    return answer if isinstance(answer, Scenarios) else None


def _counts_margin(audit: Audit | None) -> bool:
    return audit is not None and audit.yearly_money is not None and audit.basis == "margin"


def _counted(audit: Audit | None) -> dict[str, Scenarios]:
    """Return what the files tell: customers, their money, retention, the passives' share of repeat sales."""
    if audit is None or audit.yearly_money is None or not audit.yearly_money.n:
        return {}
    money = audit.yearly_money
    found = {
        "customers": Scenarios(low=money.n, likely=money.n, high=money.n),
        "yearly_spend": Scenarios(
            low=money.ci_low / money.n, likely=money.estimate / money.n, high=money.ci_high / money.n
        ),
    }
    for key, number, name in (
        ("retention", 7, "Retention of the last period"),
        ("passives", 2, "Passives' share of repeat sales"),
    ):
        value = _figure(audit, number, name)
        if value is not None:
            found[key] = Scenarios(low=value.ci_low, likely=value.estimate, high=value.ci_high)
    return found


def _figure(audit: Audit, number: int, name: str) -> Estimate | None:
    for named in audit[number].estimates:
        if named.name.message == name and named.value.known:
            return named.value
    return None
