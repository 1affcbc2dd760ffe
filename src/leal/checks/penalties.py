"""Penalty and reward as a table: what must be right, and what delights."""

from __future__ import annotations

import polars as pl

from leal.checks.findings import Exhibit, Heading
from leal.explain import ConstructAsymmetries
from leal.path_model import construct_name
from leal.wording import Text

KINDS = {
    "basic": Text("must be right"),
    "excitement": Text("delights"),
    "even": Text("both ways alike"),
    "unknown": Text("not known"),
}
"""The kinds of `leal.explain.Asymmetry` in words."""


def penalties_exhibit(found: ConstructAsymmetries) -> tuple[Exhibit, ...]:
    """Return the table of penalties and rewards; none where there was too little to say."""
    if not found.items:
        return ()
    frame = found.to_frame()
    points = (
        ("penalty", Text("Where it is low")),
        ("penalty_low", Text("Interval from")),
        ("penalty_high", Text("Interval to")),
        ("reward", Text("Where it is high")),
        ("reward_low", Text("Interval from")),
        ("reward_high", Text("Interval to")),
    )
    return (
        Exhibit(
            title=Text("Penalty and reward"),
            frame=frame.with_columns(kind=pl.Series([str(KINDS[kind]) for kind in frame["kind"]])),
            headings=(
                Heading(name="name", title=Text("Construct")),
                *(Heading(name=name, title=title, unit="points") for name, title in points),
                Heading(name="kind", title=Text("Kind")),
            ),
            remark=Text(
                "Points of {target} where a construct is low (6 of 10 and below) or high (9 of 10 and "
                "above), the other causes being held. Grade C.",
                target=construct_name(found.target),
            ),
        ),
    )
