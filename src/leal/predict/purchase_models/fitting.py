"""What every fit of a purchase model does before and after its maximum is found."""

from __future__ import annotations

from typing import Any

import numpy as np

from leal.predict.purchase_models.customer_codes import CustomerCodes
from leal.predict.purchase_models.newton import Maximum, covariance_of
from leal.predict.purchase_models.purchase_model import TooLittleData
from leal.results import Note
from leal.wording import Count, Decimal, Listing, Text, plural

FEW_REPEATERS = 50
"""Customers with a repeat purchase below which a fit is a direction only."""

WORTH = 2.0
"""Log-likelihood that the two parameters of dropout must add to be worth having (Akaike 1974)."""


def little_dropout(gain: float) -> Note:
    """Return the note where letting customers leave makes the data hardly likelier."""
    text = Text(
        "No dropout is visible in these purchases: letting customers leave raises the log-likelihood by"
        " {gain} only. The model without it (NBD) is enough; the chances of being alive say little.",
        gain=Decimal(max(gain, 0.0), 2),
    )
    return Note(code="no_dropout", text=text)


def require_repeats(codes: CustomerCodes) -> None:
    """Raise `TooLittleData` where nobody bought again, or there is one customer only."""
    if codes.n < 2:
        raise TooLittleData(
            Text("A model of customers needs more than {count}.", count=Count(codes.n)),
            hint=Text("Give the purchases of all customers, one row each: leal.customer_summary(purchases)."),
        )
    if not float(codes.customers_by_end @ codes.times) > 0:
        raise TooLittleData(
            Text("No time has passed since the first purchase of any of {count} customers.",
                 count=Count(codes.n)),
            hint=Text("Give age and recency in weeks, as leal.customer_summary(purchases) gives them."),
        )  # fmt: skip
    if codes.repeaters == 0:
        raise TooLittleData(
            Text(
                "None of {count} customers bought again: there is nothing to foretell from.",
                count=Count(codes.n),
            ),
            hint=Text(
                "Give purchases of a longer time; each row needs the customer, so that repeats are seen."
            ),
        )


def fitted(
    names: tuple[str, ...], found: Maximum, codes: CustomerCodes, notes: tuple[Note, ...] = ()
) -> dict[str, Any]:
    """Return what a fit is made of, save its log-likelihood: maximum, covariance, doubts."""
    covariance = covariance_of(found.hessian)
    return {
        "log_parameters": found.point,
        "covariance": covariance,
        "n": codes.n,
        "notes": (*notes, *doubts(names, found, np.diag(covariance) > 0, codes.repeaters)),
    }


def doubts(
    names: tuple[str, ...], found: Maximum, free: Any, repeaters: int, few: Text | None = None
) -> tuple[Note, ...]:
    """Return what is to be doubted of a maximum: too few repeats, parameters undetermined, no convergence.

    `few` says it where those counted did something else than buy again.
    """
    notes = []
    if repeaters < FEW_REPEATERS:
        text = few or plural(
            "Only {count} customer bought again: read this as a direction, not as a figure.",
            "Only {count} customers bought again: read this as a direction, not as a figure.",
            repeaters,
        )
        notes.append(Note(code="few_repeaters", text=text))
    fixed = [name for name, is_free in zip(names, free, strict=True) if not is_free]
    if fixed:
        text = Text(
            "These data do not determine {names}: the best fit lies at the edge of what the model allows."
            " Expectations are sound; of these parameters one limit at most is known.",
            names=Listing.of(fixed),
        )
        notes.append(Note(code="undetermined", text=text))
    elif not found.converged:
        text = Text("The fit did not settle: check the purchases for mistakes before using it.")
        notes.append(Note(code="not_converged", text=text))
    return tuple(notes)
