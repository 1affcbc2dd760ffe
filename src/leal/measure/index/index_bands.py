"""The bands of an index from 0 to 100: what a level means for keeping customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from leal.errors import BadOption, BadValue
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of the index.

    Attributes
    ----------
    low, high : float
        Where it begins and ends; a value on the border belongs to the upper band.
    name : Text
        Its name.
    meaning : Text
        What it means for the company.
    """

    low: float
    high: float
    name: Text
    meaning: Text


EPSI_BANDS: tuple[Band, ...] = (
    Band(low=0, high=60, name=Text("low"), meaning=Text("great difficulty in keeping customers")),
    Band(low=60, high=75, name=Text("middle"), meaning=Text("customers are neither lost nor bound")),
    Band(low=75, high=100, name=Text("high"), meaning=Text("a strong relationship with customers")),
)
"""The bands that the EPSI institutes publish: below 60, 60 to 75, above 75."""


def bands_at(low: float, high: float) -> tuple[Band, ...]:
    """Return the bands low, middle and high with limits of your own, as 55 and 80.

    Raises
    ------
    BadOption
        The limits do not rise within 0 to 100.
    """
    if not 0 < low < high < 100:
        raise BadOption("bands", (low, high), [Text("two limits between 0 and 100, the lower first")])
    ends = ((0.0, low), (low, high), (high, 100.0))
    return tuple(
        replace(band, low=first, high=last) for band, (first, last) in zip(EPSI_BANDS, ends, strict=True)
    )


def bands_met(low: float, high: float, bands: Sequence[Band] = EPSI_BANDS) -> tuple[Band, ...]:
    """Return the bands that an interval of the index lies in; one only where the level is settled.

    Raises
    ------
    BadValue
        The bands leave gaps, overlap, or do not run from low to high.
    """
    check_bands(bands)
    met = [band for band in bands if band.low <= high and (low < band.high or band is bands[-1])]
    return tuple(met)


def check_bands(bands: Sequence[Band]) -> None:
    """Raise `BadValue` unless the bands follow one another without gaps."""
    follow = all(one.high == other.low for one, other in pairwise(bands))
    if not bands or not follow or any(band.low >= band.high for band in bands):
        raise BadValue(
            Text("The bands of the index leave gaps or overlap."),
            hint=Text("Let each band begin where the one before it ends, as 0 to 60, 60 to 75, 75 to 100."),
        )
