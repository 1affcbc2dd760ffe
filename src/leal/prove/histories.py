"""What customers did before the start, as traits in which those compared are to be alike."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from leal.prove.comparable_customers import PERIOD, Compared

Floats = npt.NDArray[np.float64]

PAUSES = (7, 14, 28, 56, 84, 168)
"""Days since the last purchase that part the customers."""


def recent_traits(who: Compared) -> Floats:
    """Return what was done in the last weeks before the start, when customers may have been picked.

    By period: money and its root, purchase days, whether any; how long ago the last purchase was; and the day
    of the start, where there are several.
    """
    window = who.window
    periods = range(window.early, window.before)
    return np.column_stack(
        [
            *(trait for place in periods for trait in _of_span(who.money[:, place], who.bought[:, place])),
            *_pauses(who, PERIOD * window.recent),
            *_days(who),
        ]
    )


def whole_traits(who: Compared) -> Floats:
    """Return `recent_traits` and the sums of the base, of all time before it, and how long that was.

    Sums of the base and not its single periods: whether both sides went up or down alike within the base is
    left to be tested.
    """
    window = who.window
    base = slice(0, window.early)
    days = np.maximum(who.starts - PERIOD * window.before - who.first, 0.0)
    return np.column_stack(
        [
            recent_traits(who),
            *_of_span(who.money[:, base].sum(axis=1), who.bought[:, base].sum(axis=1)),
            *_of_span(who.older_money, who.older_bought),
            *_pauses(who, PERIOD * window.before),
            days,
            np.log1p(days),
        ]
    )


def _of_span(money: Floats, bought: Floats) -> list[Floats]:
    return [money, np.sqrt(np.maximum(money, 0.0)), bought, np.sqrt(bought), (bought > 0).astype(np.float64)]


def _pauses(who: Compared, longest: int) -> list[Floats]:
    return [(who.pause <= days).astype(np.float64) for days in PAUSES if days <= longest]


def _days(who: Compared) -> list[Floats]:
    centred = who.starts - who.starts.mean()
    return [centred, centred**2] if np.ptp(who.starts) > 0 else []
