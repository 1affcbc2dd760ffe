"""What users give beside data, looked at before anything is reckoned with it."""

from __future__ import annotations

import math

from leal.errors import BadValue, Where
from leal.results import is_number
from leal.wording import Text


def require_weeks(weeks: object, *, endless: bool = False) -> None:
    """Raise `BadValue` where weeks ahead are no number from 0, nor infinite where that is allowed."""
    if is_number(weeks) and weeks >= 0 and (weeks < math.inf or endless):
        return
    raise BadValue(
        Text("A time of {weeks} weeks cannot be looked ahead.", weeks=written(weeks)),
        hint=Text("Give weeks from 0; without end only with a rate of interest above 0."),
        where=Where(column="weeks"),
    )


def require_discount(discount: object) -> None:
    """Raise `BadValue` where a yearly rate of interest is no number from 0."""
    if is_number(discount) and 0 <= discount < math.inf:
        return
    raise BadValue(
        Text("A yearly interest of {discount} gives no value.", discount=written(discount)),
        hint=Text("Give it as a fraction, such as 0.15 for 15 % a year."),
        where=Where(column="discount"),
    )


def require_count(value: object, name: str) -> None:
    """Raise `BadValue` where a seed, or a number of draws, is no whole number from 0."""
    if is_number(value) and 0 <= value < math.inf and value == int(value):
        return
    raise BadValue(
        Text("{name} cannot be {value}.", name=name, value=written(value)),
        hint=Text("Give a whole number from {least}.", least="0"),
        where=Where(column=name),
    )


def written(value: object) -> str:
    """Return a value as it is told of in an error: numbers short, anything else as Python writes it."""
    return f"{value:g}" if is_number(value) else repr(value)
