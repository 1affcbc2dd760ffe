"""What the 30-minute diagnosis reckons with: counted from files, answered, or assumed, and named so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from leal.checks.audits import Audit
from leal.checks.session_answers import Answer, SessionAnswers
from leal.checks.session_assumptions import ASSUMED, ASSUMPTION_WORDS, Scenarios
from leal.results import Basis, Estimate
from leal.wording import Text

Source = Literal["answer", "data", "assumption"]

_SHARES_OF: Mapping[str, str] = {
    "unnoticed": "loyalty_spend",
    "idle": "loyalty_spend",
    "misaimed": "loyalty_spend",
    "returned": "care_spend",
    "unearning": "wishes_spend",
}
"""Shares of a cost: without the cost there is nothing to take a share of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """An input of the reckoning: low, likely, high, and whether it was answered, counted or assumed."""

    key: str
    name: Text
    value: Scenarios
    source: Source


def session_inputs(answers: SessionAnswers, audit: Audit | None = None) -> dict[str, Assumption]:
    """Return every input that is known or may be assumed, by its key.

    Parameters
    ----------
    answers : SessionAnswers
        What was answered; what was not is assumed widely, and named so.
    audit : Audit, optional
        Figures counted from files; they take the place of opinions.
    """
    counted = _counted(audit)
    known = {key: _as_scenarios(answer) for key, answer in answers.answers.items()}
    inputs: dict[str, Assumption] = {}
    for key, name in ASSUMPTION_WORDS.items():
        cost = _SHARES_OF.get(key)
        if key in counted:
            inputs[key] = Assumption(key=key, name=name, value=counted[key], source="data")
        elif key == "margin" and counts_margin(audit):
            continue  # the money of the files is margin already
        elif cost is not None and known.get(cost) is None:
            continue
        elif (given := known.get(key) or answers.assumptions.get(key)) is not None:
            inputs[key] = Assumption(key=key, name=name, value=given, source="answer")
        elif key in ASSUMED:
            inputs[key] = Assumption(key=key, name=name, value=ASSUMED[key], source="assumption")
    return inputs


def basis_of(inputs: Mapping[str, Assumption], audit: Audit | None) -> Basis:
    """Return what money is: margin where one was given or counted, else revenue."""
    return "margin" if "margin" in inputs or counts_margin(audit) else "revenue"


def counts_margin(audit: Audit | None) -> bool:
    """Tell whether the money of the files is margin."""
    return audit is not None and audit.yearly_money is not None and audit.basis == "margin"


def _as_scenarios(answer: Answer) -> Scenarios | None:
    return answer if isinstance(answer, Scenarios) else None


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
        ("retention", 7, "Retention in a year, which values rest on"),
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
