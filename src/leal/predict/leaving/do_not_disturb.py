"""Whether to act on customers at risk, to leave them alone, or to test: by effect, never by risk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from leal.errors import BadValue, Where
from leal.measure import ProgrammeEffect
from leal.results import Result, to_plain
from leal.statistics import Comparison, two_proportions
from leal.wording import Percent, Points, Text

ContactAction = Literal["act", "do_not_disturb", "test"]

NO_ACTION_SHARE = 0.10
"""Share of those to be contacted who are drawn by lot and left alone, so that the effect becomes known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactStatus(Result):
    """What to do with customers at risk.

    Attributes
    ----------
    action : {"act", "do_not_disturb", "test"}
        `act` where contact surely kept customers in the last test, `do_not_disturb` where it surely lost
        some, `test` otherwise.
    effect : Comparison or None
        Share who left when contacted minus share who left when not; None where nothing was tested.
    no_action_share : float
        Share to be left alone by lot: 10 % where the effect is unknown or only just known, 1 where nobody
        is to be contacted.
    """

    action: ContactAction
    effect: Comparison | None = None
    no_action_share: float = NO_ACTION_SHARE

    def sentence(self) -> Text:
        """Return what to do and why, in one sentence."""
        if self.effect is None or not self.effect.known:
            return Text(
                "Test: what contact does is not known; leave {share} alone, drawn by lot.",
                share=Percent(self.no_action_share),
            )
        figures = {
            "effect": Points(100 * self.effect.estimate, 1, signed=True),
            "low": Points(100 * self.effect.ci_low, 1, signed=True),
            "high": Points(100 * self.effect.ci_high, 1, signed=True),
        }
        if self.action == "do_not_disturb":
            return Text(
                "Do not disturb: contact raised leaving by {effect} points in the last test ({low} to"
                " {high}).",
                **figures,
            )
        if self.action == "act":
            return Text(
                "Act: contact changed leaving by {effect} points in the last test ({low} to {high}); leave"
                " {share} alone, drawn by lot.",
                share=Percent(self.no_action_share),
                **figures,
            )
        return Text(
            "Test: the last test did not show what contact does ({effect} points, {low} to {high}); leave"
            " {share} alone, drawn by lot.",
            share=Percent(self.no_action_share),
            **figures,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the status as plain JSON values."""
        told = {"action": self.action, "effect": self.effect, "no_action_share": self.no_action_share}
        return to_plain(told | {"sentence": self.sentence()})  # type: ignore[no-any-return]


def leaving_effect(
    left_contacted: float, contacted: float, left_alone: float, alone: float, level: float = 0.95
) -> Comparison:
    """Return what contact did to leaving in a test: share who left when contacted minus when not.

    Parameters
    ----------
    left_contacted, contacted : float
        Customers who were contacted, by lot, and those of them who left.
    left_alone, alone : float
        The same of those left alone.
    level : float
        Confidence level (Agresti and Caffo 2000).
    """
    return two_proportions(left_contacted, contacted, left_alone, alone, level)


def contact_status(
    tested: Comparison | ProgrammeEffect | None, *, no_action_share: float = NO_ACTION_SHARE
) -> ContactStatus:
    """Tell whether to act on customers at risk, to leave them alone, or to test.

    Parameters
    ----------
    tested : Comparison, ProgrammeEffect or None
        The last randomised test of contact: the change of the share who left (`leaving_effect`), or a
        programme against its holdout, of which the share still buying is taken. None where there was none.
    no_action_share : float
        Share to be left alone by lot.

    Returns
    -------
    ContactStatus

    Notes
    -----
    Risk alone never leads to contact. Of 65,000 customers of a telephone company those who were offered a
    better plan left in 10.0 % of cases, those who were not in 6.4 % (Ascarza, Iyengar and Schleicher 2016).
    A programme whose arms do not look drawn by lot proves nothing: the status is `test`.

    References
    ----------
    Ascarza, Iyengar and Schleicher (2016), Journal of Marketing Research 53(1), 46-60; Ascarza (2018),
    Journal of Marketing Research 55(1), 80-98.

    Examples
    --------
    >>> contact_status(leaving_effect(1000, 10_000, 640, 10_000)).action
    'do_not_disturb'
    """
    if not 0 < no_action_share < 1:
        raise BadValue(
            Text("A share of {share} left alone gives no test.", share=str(no_action_share)),
            hint=Text("Give a fraction between 0 and 1, such as 0.1."),
            where=Where(column="no_action_share"),
        )
    effect = _of_programme(tested) if isinstance(tested, ProgrammeEffect) else tested
    if effect is None or not effect.known:
        return ContactStatus(action="test", effect=effect, no_action_share=no_action_share)
    if effect.ci_low > 0:
        return ContactStatus(action="do_not_disturb", effect=effect, no_action_share=1.0)
    action: ContactAction = "act" if effect.ci_high < 0 else "test"
    return ContactStatus(action=action, effect=effect, no_action_share=no_action_share)


def _of_programme(programme: ProgrammeEffect) -> Comparison | None:
    """Return the change of the share who stopped buying: minus that of those still active."""
    active = programme.active
    if active is None or not active.known or not programme.sound:
        return None
    return replace(active, estimate=-active.estimate, ci_low=-active.ci_high, ci_high=-active.ci_low)


def left_alone(customers: Iterable[str], programme: str, share: float = NO_ACTION_SHARE) -> pl.DataFrame:
    """Draw by lot, once for all, who of those to be contacted is left alone.

    Parameters
    ----------
    customers : iterable of str
        Whom the programme would contact.
    programme : str
        Its name: another programme draws others.
    share : float
        Share to be left alone.

    Returns
    -------
    DataFrame
        ``customer``, ``left_alone``. The draw is a hash of customer and programme: the same tomorrow, for a
        longer list, and on any machine.
    """
    names = [str(customer) for customer in customers]
    return pl.DataFrame(
        {"customer": names, "left_alone": [_lot(name, programme) < share for name in names]},
        schema={"customer": pl.String, "left_alone": pl.Boolean},
    )


def _lot(customer: str, programme: str) -> float:
    digest = hashlib.blake2b(f"{programme}\x00{customer}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
