"""Which arm was held out: as told, or by the words that people write for it."""

from __future__ import annotations

from collections.abc import Iterable

from leal.errors import BadOption, BadValue, Where
from leal.measure import is_control_word
from leal.results import Note
from leal.wording import Listing, Text

CONTROL = "control"
ArmName = str | int | bool
"""How an arm may be named: in a column of 0 and 1, or of false and true, by the value itself."""
_NOTHING = ("no ", "без ", "control ", "контрольная ")


def control_arm(arms: Iterable[str], control: ArmName | None) -> str:
    """Return the name of the arm that was held out.

    Parameters
    ----------
    arms : iterable of str
        Names of all arms.
    control : str, int, bool or None
        The name told; without it the one arm whose name is a word for being held out.

    Raises
    ------
    BadOption
        No arm of the name told.
    BadValue
        Nothing was told, and no arm or several are called so.
    """
    names = sorted(set(arms))
    if control is not None:
        told = str(control).lower() if isinstance(control, bool) else str(control)
        if told not in names:
            raise BadOption("control", control, names or ["–"])
        return told
    known = [CONTROL] if CONTROL in names else [name for name in names if is_control_word(name)]
    known = known or [name for name in names if name.lower().startswith(_NOTHING)]
    if len(known) == 1 or len(names) == 1:
        return [*known, *names][0]
    raise _unclear(names)


def control_notes(told: ArmName | None, control: str) -> tuple[Note, ...]:
    """Say which arm was taken for the one held out, where nobody told."""
    if told is not None or control == CONTROL:
        return ()
    text = Text("The arm {arm} is taken for the one held out.", arm=control)
    return (Note(code="control_recognised", text=text),)


def one_arm_only(arm: str) -> BadValue:
    """Return the error of a table in which everybody was in one arm."""
    return BadValue(
        Text("There is one arm only: {arm}. Without a holdout nothing can be proved.", arm=arm),
        hint=Text("Hold a random part of the customers out: leal.prove.assign(customers, name=...)."),
        where=Where(column="arm"),
    )


def _unclear(names: list[str]) -> BadValue:
    if not names:
        return BadValue(
            Text("There is no customer in the table."),
            hint=Text("Give one row for each customer who was assigned, reached or not."),
            where=Where(column="arm"),
        )
    return BadValue(
        Text("Which arm was held out cannot be told by the names: {arms}.", arms=Listing.of(names)),
        hint=Text("Say so, for example control={arm}.", arm=repr(names[0])),
        where=Where(column="arm"),
    )
