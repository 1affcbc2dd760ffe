"""The EPSI-type index of a fit: 0 to 100, with interval, band and verdict."""

from __future__ import annotations

from dataclasses import replace

from leal.measure.index.index_bands import EPSI_BANDS, Band, check_bands
from leal.measure.index.index_results import EpsiIndex, construct_index
from leal.path_model import Bootstrap, PathFit, construct_name
from leal.results import Note
from leal.wording import Points, Text

RESAMPLES = 2000

_FOR_COMPARISON = Note(
    code="definition_for_comparison",
    text=Text(
        "Definition C puts weights of standardised answers on raw ones, as plspm's rescale does: it is for "
        "comparison with that. Report definition B, or A."
    ),
)


def epsi_index(
    fit: PathFit,
    *,
    bands: tuple[Band, ...] = EPSI_BANDS,
    resamples: int = RESAMPLES,
    seed: int | None = 0,
    level: float = 0.95,
    method: str = "shifted_percentile",
    drawn: Bootstrap | None = None,
) -> EpsiIndex:
    """Return how satisfied and loyal customers are: the index of each construct, 0 to 100.

    Parameters
    ----------
    fit : PathFit
        A fitted model; the definition of the index is the one that it was fitted with (B by default).
    bands : tuple of Band
        What levels mean; by default those that the EPSI institutes publish.
    resamples, seed : int
        Resamples behind the intervals, and the number that makes them repeatable.
    level : float
        Confidence level.
    method : {"shifted_percentile", "bca", "percentile"}
        Interval, see `PathFit.bootstrap`.
    drawn : Bootstrap or None
        Resamples drawn already, instead of new ones.

    Notes
    -----
    index = (sum w_i mean_i / sum w_i - low) / (high - low) * 100. The interval estimates the weights anew in
    each resample; sampling weights of the fit multiply the counts. Where nothing can be resampled (moments,
    or gaps that leave correlations open) the interval holds the weights fixed. Keep to one definition over
    time and across companies: on one data set the four differ by more than a point of Satisfaction and seven
    of Loyalty.

    References
    ----------
    Fornell et al. (1996), Journal of Marketing 60; Ringle and Sarstedt (2016), IMDS 116(9).
    """
    check_bands(bands)
    definition = fit.options.index
    if drawn is None and not fit.resampled:
        table, notes = fit.index_with_fixed_weights(level), fit.notes
    else:
        drawn = drawn or fit.bootstrap(resamples, seed, level=level, method=method)
        table, notes = drawn.index, drawn.notes
    results = tuple(construct_index(row, definition, bands) for row in table.iter_rows(named=True))
    side = fit.index_by_definition()
    others = {
        name: dict(zip(side["construct"], side[name], strict=True)) for name in "ABCD" if name != definition
    }
    if definition == "C":
        notes = (_FOR_COMPARISON, *notes)
    found = EpsiIndex(
        results=results, definition=definition, other_definitions=others, bands=bands, notes=notes
    )
    return _with_note_on_definitions(found)


def _with_note_on_definitions(found: EpsiIndex) -> EpsiIndex:
    """Note where simple averages would say something else: a weak item moves one of the two."""
    equal = found.other_definitions.get("D")
    if equal is None:
        return found
    gaps = {result.construct: equal[result.construct] - result.estimate for result in found.results}
    name = max(gaps, key=lambda construct: abs(gaps[construct]))
    if not abs(gaps[name]) > 2:
        return found
    text = Text(
        "With equal weights {construct} would be {points} points: a weak item pulls it. "
        "Keep to one definition over time.",
        construct=construct_name(name),
        points=Points(equal[name], 1),
    )
    return replace(found, notes=(*found.notes, Note(code="definitions_differ", text=text)))
