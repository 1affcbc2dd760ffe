"""The table of signs of leaving that check 6 shows."""

from __future__ import annotations

import polars as pl

from leal.checks.findings import Exhibit, Heading, ranged
from leal.predict import SIGNS, SatisfiedLeaving
from leal.wording import Text

VALIDATED_WORDS = {
    "yes": Text("tells leavers from stayers"),
    "no": Text("did not tell leavers from stayers"),
    "unknown": Text("not known yet"),
}


def sign_exhibit(leaving: SatisfiedLeaving) -> Exhibit:
    """Return the table of signs: what each was worth in the past, who shows it now, what is at stake."""
    words = {name: str(text) for name, text in SIGNS.items()}
    judged = {name: str(text) for name, text in VALIDATED_WORDS.items()}
    frame = leaving.to_frame().with_columns(
        pl.col("sign").replace_strict(words), pl.col("validated").replace_strict(judged)
    )
    return Exhibit(
        title=Text("Signs of leaving, and what they were worth in your own past"),
        frame=frame,
        headings=(
            Heading(name="sign", title=Text("Sign")),
            Heading(name="customers", title=Text("Satisfied customers"), unit="count"),
            Heading(name="leave", title=Text("Left with it"), unit="percent"),
            Heading(name="other", title=Text("Left without it"), unit="percent"),
            *ranged("lift", Text("Lift"), "number"),
            *ranged("auc", Text("AUC"), "number"),
            *ranged("value", Text("Value at stake a year"), "amount"),
            Heading(name="validated", title=Text("In your past")),
        ),
        remark=Text(
            "Lift 1 and AUC .5 say nothing. Value at stake is the share who left with the sign times the"
            " yearly money; what contact changes of it only a test tells."
        ),
    )
