"""How many of the ten checks are exposed and how many unknown, in words."""

from __future__ import annotations

from leal.wording import Text, plural


def tally(exposed: int, unknown: int) -> Text:
    """Return "3 checks of ten are exposed, none is unknown."."""
    open_ones = (
        plural("{count} check of ten is exposed", "{count} checks of ten are exposed", exposed)
        if exposed
        else Text("no check of ten is exposed")
    )
    dark_ones = (
        plural("{count} is unknown", "{count} are unknown", unknown) if unknown else Text("none is unknown")
    )
    return Text("{exposed}, {unknown}.", exposed=open_ones, unknown=dark_ones)
