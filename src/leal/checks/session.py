"""The 30-minute diagnosis: the ten mistakes by what is answered, money as a range, what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leal.checks.audits import Audit
from leal.checks.catalogue import MISTAKES, Mistake
from leal.checks.findings import Check, Verdict
from leal.checks.guards import GUARDS
from leal.checks.session_answers import Answer, SessionAnswers
from leal.checks.session_assumptions import Scenarios
from leal.checks.session_inputs import Assumption, session_inputs
from leal.checks.session_money import Potential, repeat_potential
from leal.checks.session_questions import SESSION_QUESTIONS, SessionQuestion
from leal.checks.session_stakes import NEEDED_WORDS, STAKE_FACTORS, needed_for, stake_of
from leal.checks.tally import tally
from leal.errors import BadValue, Where
from leal.results import Money, to_plain
from leal.wording import Listing, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the agenda: what, why, and within how many days."""

    what: Text
    why: Text
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The answer of the 30-minute diagnosis; all that is not from files is an opinion (grade D).

    Attributes
    ----------
    checks : tuple of Check
        The ten mistakes.
    stakes : mapping of int to Scenarios
        Money at stake a year by number of the mistake: reckoned from the inputs, or counted from files.
    needs : mapping of int to tuple of Text
        By number of the mistake, what is missing to reckon its money.
    inputs : tuple of Assumption
        What the money is reckoned from: answered, counted, assumed.
    potential : Potential or None
        What repeat sales could bring; None without customers and their spending.
    agenda : tuple of Step
        What to do next.
    answered, asked : int
        Questions that got an answer, and all.
    company, currency : str or None
        Of whom, and in what money.
    day : datetime.date or None
        The day of the session.
    from_files : tuple of int
        Mistakes whose verdict comes from files and not from answers.
    """

    checks: tuple[Check, ...]
    stakes: Mapping[int, Scenarios]
    needs: Mapping[int, tuple[Text, ...]]
    inputs: tuple[Assumption, ...]
    potential: Potential | None
    agenda: tuple[Step, ...]
    answered: int
    asked: int
    company: str | None
    currency: str | None
    day: dt.date | None
    from_files: tuple[int, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """Return how many mistakes have a verdict."""
        return sum(check.verdict == verdict for check in self.checks)

    def sentence(self) -> Text:
        """Return the diagnosis in one sentence."""
        return tally(self.count("exposed"), self.count("unknown"))

    def to_dict(self) -> dict[str, Any]:
        """Return the diagnosis as plain JSON values."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        told["checks"] = [check.to_dict() for check in self.checks]
        return to_plain(told)  # type: ignore[no-any-return]


def diagnose(answers: SessionAnswers, audit: Audit | None = None, *, day: dt.date | None = None) -> Diagnosis:
    """Return the 30-minute diagnosis: which of the ten mistakes are made, what they may cost, what to do.

    Parameters
    ----------
    answers : SessionAnswers
        What was answered, as `read_session` returns it; everything may be unknown.
    audit : Audit, optional
        The audit of the company's files: where it has a verdict, that takes the place of the opinion.
    day : datetime.date, optional
        The day of the session, from which the agenda counts; the clock is never asked.

    Returns
    -------
    Diagnosis

    Raises
    ------
    BadValue
        Answers and files are in different currencies: nothing is converted.

    Notes
    -----
    A mistake is guarded where all its questions are answered yes, exposed where one is answered no or
    partly, otherwise unknown: not to know is a finding too. It says where to look, not what to spend.

    Examples
    --------
    >>> found = diagnose(SessionAnswers(answers={"holdouts": "no"}))
    >>> found.checks[2].verdict, found.checks[3].verdict, found.potential is None
    ('exposed', 'unknown', True)
    """
    counted = () if audit is None else tuple(c.number for c in audit.checks if c.verdict != "unknown")
    checks: tuple[Check, ...] = tuple(
        audit[one.number] if audit is not None and one.number in counted else _opinion(one, answers.answers)
        for one in MISTAKES
    )
    potential = repeat_potential(answers, audit)
    inputs = session_inputs(answers, audit)
    stakes, needs = _stakes(inputs, checks, counted)
    known = [key for key, answer in answers.answers.items() if answer is not None]
    return Diagnosis(
        checks=checks,
        stakes=stakes,
        needs=needs,
        inputs=tuple(inputs.values()),
        potential=potential,
        agenda=_agenda(checks, stakes, inputs, audit),
        answered=len(known),
        asked=len(SESSION_QUESTIONS),
        company=answers.company,
        currency=_currency(answers, audit),
        day=day or (None if audit is None else audit.as_of),
        from_files=counted,
    )


def _currency(answers: SessionAnswers, audit: Audit | None) -> str | None:
    """Return the currency of answers and files, which is one."""
    counted = None if audit is None else audit.currency
    if answers.currency and counted and answers.currency != counted:
        raise BadValue(
            Text(
                "The answers are in {given}, the files in {counted}.", given=answers.currency, counted=counted
            ),
            hint=Text("Give the amounts of the answers in the currency of the files; nothing is converted."),
            where=Where(column="currency"),
        )
    return answers.currency or counted


def _opinion(mistake: Mistake, answers: Mapping[str, Answer]) -> Check:
    questions = [question for question in SESSION_QUESTIONS if question.mistake == mistake.number]
    given = {question.key: answers.get(question.key) for question in questions}
    verdict = _verdict(list(given.values()))
    return Check(
        number=mistake.number,
        name=mistake.name,
        question=mistake.question,
        verdict=verdict,
        finding=_finding(verdict, questions, given),
        missing=(_EVIDENCE[mistake.number],) if verdict == "unknown" else (),
        next_step=_EVIDENCE[mistake.number] if verdict == "unknown" else GUARDS[mistake.number],
        grade=None if verdict == "unknown" else "D",
    )


def _verdict(given: list[Answer]) -> Verdict:
    if any(answer in ("no", "partly") for answer in given):
        return "exposed"
    return "guarded" if all(answer == "yes" for answer in given) else "unknown"


def _finding(verdict: Verdict, questions: list[SessionQuestion], given: Mapping[str, Answer]) -> Text:
    if verdict == "guarded":
        return Text("You say that this is done; the files will show it.")
    if verdict == "exposed":
        open_ones = [one.wording for one in questions if given[one.key] in ("no", "partly")]
        return Text("Not or only partly: {questions}", questions=Listing.of(open_ones))
    return Text("Nobody in the room knows: that is a finding too.")


_EVIDENCE: Mapping[int, Text] = {
    1: Text("Bring the list of actions with cost, exposed customers and the noticing answers."),
    2: Text("Bring answers and purchases that name customers by the same number."),
    3: Text("Bring the list of programmes with the customers who were held out, and purchases."),
    4: Text("Bring answers to the questions of the index, at least 200."),
    5: Text("Bring answers of at least four waves with their dates."),
    6: Text("Bring answers and two years of purchases with customer and date."),
    7: Text("Bring two years of purchases with customer, date and amount, and the margin."),
    8: Text("Bring the list of wishes with who asked for them, their value and their cost."),
    9: Text("Bring the segment of each customer, and purchases."),
    10: Text("Bring a market study: brands used, their scores, which brand before."),
}


def _stakes(
    inputs: Mapping[str, Assumption], checks: tuple[Check, ...], counted: tuple[int, ...]
) -> tuple[dict[int, Scenarios], dict[int, tuple[Text, ...]]]:
    """Return the money at stake by mistake, and what is missing where it is unknown.

    Counted from files where they tell it; else reckoned; nothing where the mistake is guarded.
    """
    stakes: dict[int, Scenarios] = {}
    needs: dict[int, tuple[Text, ...]] = {}
    for check in checks:
        if check.number in counted:
            if check.money is not None and check.money.known:
                stakes[check.number] = _counted_stake(check.money)
        elif check.verdict != "guarded":
            reckoned = stake_of(check.number, inputs)
            if reckoned is not None:
                stakes[check.number] = reckoned
            else:
                missing = needed_for(check.number, inputs)
                needs[check.number] = tuple(NEEDED_WORDS[key] for key in missing)
    return stakes, needs


def _counted_stake(money: Money) -> Scenarios:
    return Scenarios(low=money.ci_low, likely=money.estimate, high=money.ci_high)


def _agenda(
    checks: tuple[Check, ...],
    stakes: Mapping[int, Scenarios],
    inputs: Mapping[str, Assumption],
    audit: Audit | None,
) -> tuple[Step, ...]:
    """Return the steps: what is needed to count, evidence, the dearest exposed mistakes, the strategy."""
    unknown = [check for check in checks if check.verdict == "unknown"]
    exposed = sorted(
        (check for check in checks if check.verdict == "exposed"),
        key=lambda check: -stakes[check.number].likely if check.number in stakes else 0.0,
    )
    steps = list(_to_ask(checks, inputs))
    if audit is None or unknown:
        steps.append(
            Step(
                what=Text("Bring answers and purchases of two years, with the same customer numbers."),
                why=Text("They turn opinions into figures with intervals: leal audit."),
                days=10,
            )
        )
    steps += [Step(what=check.next_step, why=check.name, days=30) for check in exposed[:_MOST_STEPS]]
    steps.append(
        Step(
            what=Text("Decide on the retention strategy in ten parts: leal strategy."),
            why=Text("Each action with owner, cost, test and date."),
            days=45,
        )
    )
    return tuple(steps)


def _to_ask(checks: tuple[Check, ...], inputs: Mapping[str, Assumption]) -> tuple[Step, ...]:
    """Return the step that asks for figures which only the company knows; nothing where all are there."""
    guarded = {check.number for check in checks if check.verdict == "guarded"}
    wanted = [key for key in NEEDED_WORDS if key not in inputs and _serves(key, guarded)]
    if not wanted:
        return ()
    step = Step(
        what=Text("Ask finance for: {figures}.", figures=Listing.of(NEEDED_WORDS[key] for key in wanted)),
        why=Text("Without them not every mistake has a price."),
        days=3,
    )
    return (step,)


def _serves(key: str, guarded: set[int]) -> bool:
    return any(key in factors for number, factors in STAKE_FACTORS.items() if number not in guarded)


_MOST_STEPS = 3
