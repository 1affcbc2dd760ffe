"""The EPSI-type index as results: each construct with interval, band and verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leal.errors import BadOption
from leal.measure.index.index_bands import EPSI_BANDS, Band, bands_met
from leal.path_model import Definition, construct_name
from leal.results import Estimate, Note, to_plain
from leal.wording import Count, Formatted, Percent, Points, Text

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Style

HEADLINE = "Satisfaction"
_UNSETTLED = Text("not settled")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstructIndex(Estimate):
    """The index of one construct, in points from 0 to 100.

    Attributes
    ----------
    construct : str
        Its name in the model.
    standard_error : float
        Standard error, in points.
    definition : {"A", "B", "C", "D"}
        How the items are weighted; see `leal.path_model.Definition`.
    bands : tuple of Band
        The bands that the interval lies in: one where the level is settled; none off the scale.
    """

    construct: str
    standard_error: float
    definition: Definition
    bands: tuple[Band, ...]

    def figure(self, value: float) -> Formatted:
        """Return the points with one decimal."""
        return Points(value, 1)

    @property
    def settled(self) -> bool:
        """Whether the whole interval lies in one band."""
        return len(self.bands) == 1

    def verdict(self) -> Text:
        """Return in words what the level means, and whether that is settled."""
        if not self.bands:
            return Text("off the scale from 0 to 100, give the scale of the answers")
        first, last = self.bands[0], self.bands[-1]
        if self.settled:
            return Text("{name}: {meaning}", name=first.name, meaning=first.meaning)
        return Text("{low} or {high}: the interval does not settle it", low=first.name, high=last.name)

    def sentence(self) -> Text:
        """Return the index in one sentence: level, interval, n, verdict."""
        if not self.known:
            return Text("{construct}: unknown, too few answers.", construct=construct_name(self.construct))
        return Text(
            "{construct} {figure} of 100 ({level} {low} to {high}, n = {n}): {verdict}.",
            construct=construct_name(self.construct),
            figure=self.figure(self.estimate),
            level=Percent(self.level),
            low=self.figure(self.ci_low),
            high=self.figure(self.ci_high),
            n=Count(self.n),
            verdict=self.verdict(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EpsiIndex:
    """The EPSI-type index of all constructs; a mapping from the name of a construct to its index.

    Attributes
    ----------
    results : tuple of ConstructIndex
        In the order of the model.
    definition : {"A", "B", "C", "D"}
        How the items are weighted.
    other_definitions : mapping
        By definition and construct, what the others would give: keep to one over time and companies.
    bands : tuple of Band
        The bands of the verdicts.
    notes : tuple of Note
        Doubts about the model behind it.
    """

    results: tuple[ConstructIndex, ...]
    definition: Definition
    other_definitions: Mapping[str, Mapping[str, float]]
    bands: tuple[Band, ...] = EPSI_BANDS
    notes: tuple[Note, ...] = ()

    def __getitem__(self, construct: str) -> ConstructIndex:
        for result in self.results:
            if result.construct == construct:
                return result
        raise BadOption("construct", construct, [result.construct for result in self.results])

    def __iter__(self) -> Iterator[ConstructIndex]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def headline(self) -> ConstructIndex:
        """The index that the company is known by: Satisfaction, else the last construct."""
        named = [result for result in self.results if result.construct == HEADLINE]
        return named[0] if named else self.results[-1]

    def sentence(self) -> Text:
        """Return the headline in one sentence."""
        return self.headline.sentence()

    def __str__(self) -> str:
        return "\n".join(str(result.sentence()) for result in self.results)

    def to_dict(self) -> dict[str, Any]:
        """Return the index as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]

    def to_frame(self) -> pl.DataFrame:
        """Return a row a construct: estimate, standard error, limits, n, definition, band."""
        import polars as pl

        return pl.DataFrame(
            [
                {
                    "construct": result.construct,
                    "name": str(construct_name(result.construct)),
                    "estimate": result.estimate,
                    "standard_error": result.standard_error,
                    "ci_low": result.ci_low,
                    "ci_high": result.ci_high,
                    "n": result.n,
                    "level": result.level,
                    "method": result.method,
                    "definition": result.definition,
                    "band": str(result.bands[0].name if result.settled else _UNSETTLED),
                }
                for result in self.results
            ]
        ).fill_nan(None)

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the index of each construct with its interval, over the bands."""
        from leal.charts import Style, index_levels

        ends = [(band.low, band.high, band.name) for band in self.bands]
        return index_levels(self.to_frame(), style or Style(), bands=ends)


def construct_index(
    row: Mapping[str, Any], definition: Definition, bands: tuple[Band, ...], notes: tuple[Note, ...] = ()
) -> ConstructIndex:
    """Return the index of a construct from a row of `PathFit.index` or `FixedWeights.index`."""
    low, high = (float("nan") if row[end] is None else float(row[end]) for end in ("ci_low", "ci_high"))
    known = row["estimate"] is not None
    return ConstructIndex(
        construct=row["construct"],
        estimate=float(row["estimate"]) if known else float("nan"),
        standard_error=float(row["standard_error"]) if known else float("nan"),
        ci_low=low,
        ci_high=high,
        n=row["n"],
        level=row["level"],
        method=row["method"],
        definition=definition,
        bands=bands_met(low, high, bands) if known else (),
        notes=notes,
    )
