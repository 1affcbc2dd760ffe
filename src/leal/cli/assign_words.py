"""What is said on the command line of `leal assign`: a name, a share, an effect, a file to write."""

from __future__ import annotations

import math
import re
from pathlib import Path

from leal.errors import BadFile, BadValue, Where
from leal.wording import Text


def action_named(action: str) -> str:
    """Return the name of the action, refusing an empty one."""
    if action.strip():
        return action.strip()
    raise BadValue(
        Text("The action has no name."),
        hint=Text("Name it as it is to stand in the reports: --action 'spring calls'."),
        where=Where(column="--action"),
    )


def file_name_of(name: str) -> str:
    """Return the name of an action as that of a file, without its suffix."""
    return re.sub(r"\W+", "-", name.lower()).strip("-") or "action"


def fraction(words: str) -> float | None:
    """Return what is written as 10% (or 0.1, 0,1) as a fraction, None where it is no number."""
    bare = words.strip().removesuffix("%").strip().replace(",", ".")
    try:
        number = float(bare)
    except ValueError:
        return None
    return number / 100 if words.strip().endswith("%") else number


def share_held_out(words: str) -> float:
    """Return the share to leave alone, refusing nobody and all."""
    share = fraction(words)
    if share is not None and 0 < share < 1:
        return share
    raise BadValue(
        Text("A share of {share} cannot be held out.", share=repr(words)),
        hint=Text("Give more than nobody and fewer than all, for example 10% or 0.1."),
        where=Where(column="--hold-out"),
    )


def effect_wanted(words: str | None, *, in_money: bool) -> tuple[float | None, float | None]:
    """Return the smallest effect worth finding: as money a head, and as a share."""
    if words is None:
        return None, None
    number = fraction(words) or 0.0
    as_share = words.strip().endswith("%")
    most = 1.0 if as_share and not in_money else math.inf
    if not 0 < number < most:
        raise BadValue(
            Text("The effect {effect} cannot be looked for.", effect=repr(words)),
            hint=Text("Give it above 0: as money a head (5), or as a share (10%)."),
            where=Where(column="--effect"),
        )
    if not as_share and not in_money:
        raise BadValue(
            Text("An effect in money cannot be planned without purchases."),
            hint=Text("Give them with --purchases, or give the effect as a share, for example 5%."),
            where=Where(column="--effect"),
        )
    return (None, number) if as_share else (number, None)


def new_file(target: Path) -> Path:
    """Return the file to write; one that exists holds a lot that may have begun, and stays."""
    if not target.exists():
        return target
    raise BadFile(
        Text("The file exists already."),
        hint=Text(
            "Name another file with --out, so that no lot is lost. To draw new customers beside those in this"
            " file, give it as --earlier."
        ),
        where=Where(file=str(target)),
    )
