"""Answers of the 30-minute diagnosis: a range, a choice or unknown; from a file or typed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from leal.checks.session_assumptions import ASSUMED, Scenarios
from leal.checks.session_questions import SESSION_QUESTIONS, SessionQuestion
from leal.errors import BadValue, Where
from leal.intake import read_toml, require_known
from leal.wording import Language, Text

Choice = Literal["yes", "partly", "no"]


Answer = Scenarios | Choice | None
"""A number with its range, a choice, or None where it is not known."""

_CHOICES: dict[str, Choice] = {
    "yes": "yes",
    "y": "yes",
    "да": "yes",
    "partly": "partly",
    "p": "partly",
    "частично": "partly",
    "отчасти": "partly",
    "no": "no",
    "n": "no",
    "нет": "no",
}
_UNKNOWN = {"", "unknown", "?", "неизвестно", "не знаю"}
_NUMBER = r"\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?"
_RANGE = re.compile(rf"^({_NUMBER})\s*%?(?:\s*(?:-|–|—|\.\.|to|до)\s*({_NUMBER})\s*%?)?$")
_META = ("company", "currency", "answers", "assumptions")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAnswers:
    """What was answered.

    Attributes
    ----------
    company, currency : str or None
        Name of the company; ISO code of its currency.
    answers : mapping of str to answer
        By key of the question; what is absent is unknown.
    assumptions : mapping of str to Scenarios
        Assumptions of the reckoning that the reader replaces by their own; shares from 0 to 1.
    """

    company: str | None = None
    currency: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    assumptions: Mapping[str, Scenarios] = field(default_factory=dict)


def read_session(path: str | Path) -> SessionAnswers:
    """Read the answers of a diagnosis from a TOML file.

    Parameters
    ----------
    path : str or Path
        ``company``, ``currency``, a table ``[answers]`` with a line a question, and, if you like, a table
        ``[assumptions]``; `blank_session` writes an empty one.

    Raises
    ------
    BadFile
        There is no such file, or it is not TOML.
    BadValue
        It holds a question, an assumption or an answer that is not known.
    """
    told, file = read_toml(path), str(path)
    require_known(told, _META, file)
    answers = _table(told, "answers", file)
    require_known(answers, tuple(question.key for question in SESSION_QUESTIONS), file)
    assumptions = _table(told, "assumptions", file)
    require_known(assumptions, tuple(ASSUMED), file)
    return SessionAnswers(
        company=_words(told.get("company"), "company", file),
        currency=_words(told.get("currency"), "currency", file),
        answers={
            question.key: parse_answer(question, answers.get(question.key, "unknown"), file=file)
            for question in SESSION_QUESTIONS
        },
        assumptions={
            name: _share(_range(value, name, file), name, file) for name, value in assumptions.items()
        },
    )


def parse_answer(question: SessionQuestion, given: object, *, file: str | None = None) -> Answer:
    """Return an answer as it is understood: ``1200``, ``"1000-1500"``, ``[1000, 1500]``, ``"yes"``, ``"?"``.

    Raises
    ------
    BadValue
        It is none of these; a share is not in percent from 0 to 100.
    """
    if isinstance(given, str) and given.strip().lower() in _UNKNOWN:
        return None
    if question.kind == "choice":
        return _choice(given, question.key, file)
    value = _range(given, question.key, file)
    return _share(value, question.key, file) if question.kind == "percent" else value


def _choice(given: object, key: str, file: str | None) -> Choice:
    if isinstance(given, bool):
        return "yes" if given else "no"
    found = _CHOICES.get(given.strip().lower()) if isinstance(given, str) else None
    if found is None:
        raise _wrong(key, given, Text("Answer yes, partly, no or unknown."), file)
    return found


def _range(given: object, key: str, file: str | None) -> Scenarios:
    ends = _ends(given)
    hint = Text('Give a number, a range as "1000-1500", or "unknown".')
    if ends is None or not all(math.isfinite(end) and end >= 0 for end in ends):
        raise _wrong(key, given, hint, file)
    low, likely, high = ends
    if not low <= likely <= high:
        raise _wrong(key, given, Text("Write the lower end first."), file)
    return Scenarios(low=low, likely=likely, high=high)


def _ends(given: object) -> tuple[float, float, float] | None:
    """Return low, likely and high of a number, a pair, three numbers, or a text of a number or a range."""
    if isinstance(given, bool):
        return None
    if isinstance(given, int | float):
        return float(given), float(given), float(given)
    if isinstance(given, list) and len(given) in (2, 3) and all(_is_number(end) for end in given):
        low, high = float(given[0]), float(given[-1])
        return low, float(given[1]) if len(given) == 3 else (low + high) / 2, high
    if isinstance(given, str) and (match := _RANGE.match(given.strip().lower())):
        low = _number(match[1])
        high = _number(match[2]) if match[2] else low
        return low, (low + high) / 2, high
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(words: str) -> float:
    return float(re.sub(r"\s", "", words).replace(",", "."))


def _share(value: Scenarios, key: str, file: str | None) -> Scenarios:
    """Return percent as fractions; a fraction in the place of percent would be wrong by a hundred times."""
    if value.high > 100 or 0 < value.high < 1:
        raise _wrong(key, value.high, Text("Give percent from 0 to 100: 30, not .3."), file)
    return Scenarios(low=value.low / 100, likely=value.likely / 100, high=value.high / 100)


def _wrong(key: str, given: object, hint: Text, file: str | None) -> BadValue:
    return BadValue(
        Text("{name} cannot be {value}.", name=key, value=repr(given)),
        hint=hint,
        where=Where(file=file, column=key),
    )


def _table(told: Mapping[str, object], name: str, file: str) -> Mapping[str, object]:
    value = told.get(name, {})
    if not isinstance(value, dict):
        raise _wrong(name, value, Text("Write it as a table: [answers], then a line a question."), file)
    return value


def _words(value: object, name: str, file: str) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _wrong(name, value, Text("Texts stand in quotes."), file)
    return value.strip()


def blank_session(language: Language = "en") -> str:
    """Return an empty file of answers: every question as a comment, every answer unknown.

    Parameters
    ----------
    language : {"en", "ru"}
        Language of the questions.
    """
    head = (
        Text('The 30-minute diagnosis. Every answer may stay "unknown".'),
        Text('Numbers may be ranges: "1000-1500". Shares are in percent: 30. Choices: yes, partly, no.'),
    )
    lines = [f"# {text.into(language)}" for text in head]
    lines += ["", 'company = ""', 'currency = ""', "", "[answers]"]
    for place, question in enumerate(SESSION_QUESTIONS, start=1):
        lines += [
            f"# {place}. {question.wording.into(language)}",
            f"#    {question.hint.into(language)}",
            f'{question.key} = "unknown"',
            "",
        ]
    return "\n".join(lines)
