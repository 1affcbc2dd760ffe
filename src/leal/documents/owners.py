"""Who answers for what in a strategy, and until when: from a TOML file or from arguments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from leal.errors import BadOption, BadValue, Where
from leal.intake import read_toml, require_known
from leal.wording import Text

Role = Literal["sponsor", "research", "finance", "service", "marketing", "product"]
ROLES: tuple[Role, ...] = get_args(Role)

ROLE_OF_MISTAKE: Mapping[int, Role] = {
    1: "finance",
    2: "service",
    3: "marketing",
    4: "product",
    5: "research",
    6: "service",
    7: "finance",
    8: "product",
    9: "marketing",
    10: "sponsor",
}
"""Which role answers for which mistake where no owner is named for it."""

_BLANK = "_________"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Names and dates that only the reader knows; what is not given becomes a field to fill in.

    Attributes
    ----------
    company : str or None
        Name of the company.
    people : mapping of str to str
        By role (``"sponsor"``, ``"research"``, ``"finance"``, ``"service"``, ``"marketing"``, ``"product"``).
    mistakes : mapping of int to str
        By number of the mistake, where another than the role's owner answers for it.
    dates : mapping of int to datetime.date
        By number of the mistake, until when.
    """

    company: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    mistakes: Mapping[int, str] = field(default_factory=dict)
    dates: Mapping[int, dt.date] = field(default_factory=dict)

    def of_role(self, role: Role) -> str:
        """Return who holds a role, else a field to fill in."""
        return self.people.get(role, _BLANK)

    def of_mistake(self, number: int) -> str:
        """Return who answers for a mistake, else a field to fill in."""
        return self.mistakes.get(number) or self.of_role(ROLE_OF_MISTAKE[number])

    def named(self, pairs: Iterable[str]) -> Owners:
        """Return the same with owners added that are written as ``3=Anna`` or ``finance=Anna``.

        Raises
        ------
        BadOption
            A pair names neither a role nor a mistake.
        """
        people, mistakes = dict(self.people), dict(self.mistakes)
        for pair in pairs:
            key, _, name = (word.strip() for word in pair.partition("="))
            if not name or (key not in ROLES and key not in _NUMBERS):
                raise BadOption("owner", pair, [*(f"{role}=..." for role in ROLES), "1=...", "10=..."])
            if key in _NUMBERS:
                mistakes[int(key)] = name
            else:
                people[key] = name
        return replace(self, people=people, mistakes=mistakes)


_NUMBERS = {str(number) for number in ROLE_OF_MISTAKE}


def read_owners(path: str | Path) -> Owners:
    """Read owners and dates from a TOML file.

    Parameters
    ----------
    path : str or Path
        ``company = "..."``; a table ``[roles]`` with ``finance = "..."``; a table a mistake, as
        ``[mistakes.3]`` with ``owner = "..."`` and ``date = 2026-09-01``. Every line may be absent.

    Raises
    ------
    BadFile
        There is no such file, or it is not TOML.
    BadValue
        It says something that is not known.
    """
    told = read_toml(path)
    file = str(path)
    require_known(told, ("company", "roles", "mistakes"), file)
    roles, mistakes = _table(told, "roles", file), _table(told, "mistakes", file)
    require_known(roles, ROLES, file)
    require_known(mistakes, tuple(_NUMBERS), file)
    owners: dict[int, str] = {}
    dates: dict[int, dt.date] = {}
    for number in mistakes:
        one = _table(mistakes, number, file)
        require_known(one, ("owner", "date"), file)
        if "owner" in one:
            owners[int(number)] = _words(one["owner"], f"mistakes.{number}.owner", file)
        if "date" in one:
            dates[int(number)] = _date(one["date"], f"mistakes.{number}.date", file)
    company = _words(told["company"], "company", file) if "company" in told else None
    people = {role: _words(name, f"roles.{role}", file) for role, name in roles.items()}
    return Owners(company=company, people=people, mistakes=owners, dates=dates)


def _table(told: Mapping[str, object], name: str, file: str) -> Mapping[str, object]:
    value = told.get(name, {})
    if not isinstance(value, dict):
        raise _wrong(name, '[roles]\nfinance = "Anna"', file)
    return value


def _words(value: object, name: str, file: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(name, f'{name.rpartition(".")[2]} = "Anna"', file)
    return value.strip()


def _date(value: object, name: str, file: str) -> dt.date:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise _wrong(name, "date = 2026-09-01", file)
    return value


def _wrong(name: str, example: str, file: str) -> BadValue:
    return BadValue(
        Text("{name} is not written as it must be.", name=name),
        hint=Text("Write it as: {example}", example=example),
        where=Where(file=file, column=name),
    )
