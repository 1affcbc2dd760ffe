"""What may be wrong with a fit, said in words, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leal.path_model.construct_names import construct_name
from leal.path_model.estimation import on_correlations
from leal.results import Note
from leal.wording import Count, Decimal, Listing, Percent, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]

TIMES_THE_LARGEST_BLOCK = 10
WEAK_LOADING = 0.4
ALIKE = 1 - 1e-10
SCALE_USED = 0.7
"""Part of the scale above which somebody answered, else it may be another scale (1 to 7 read as 1 to 10)."""
ENOUGH_TO_DOUBT_THE_SCALE = 30


def doubts_of(fit: PathFit) -> tuple[Note, ...]:
    """Return the doubts about a fit, the most serious first."""
    found = [
        _not_converged(fit),
        _open_gaps(fit),
        _impossible_reliability(fit),
        _impossible_loadings(fit),
        _explained_too_much(fit),
        _impossible_correlations(fit),
        *_negative_weights(fit),
        _twins(fit),
        *scale_doubts(fit.model.items, *_range(fit), fit.options.scale, None if fit.rows is None else fit.n),
        _few_answers(fit),
        _left_out(fit),
        _filled(fit),
        _weak_items(fit),
    ]
    return tuple(note for note in found if note is not None)


def _not_converged(fit: PathFit) -> Note | None:
    if fit.solution.iterations[0] > 0:
        return None
    text = Text(
        "The estimation did not settle in {count} iterations: do not use its figures. "
        "Drop weak items, or raise max_iterations.",
        count=Count(fit.options.rules.max_iterations),
    )
    return Note(code="not_converged", text=text)


def _open_gaps(fit: PathFit) -> Note | None:
    """Note gaps so many that expectation-maximisation finds no answer, or more than one."""
    if fit.options.missing != "em" or fit.covariance.settled:
        return None
    text = Text(
        "So many answers are missing that the others do not settle some correlations (EM): read effects as a "
        "direction only. Drop the items that most left out, or collect more answers."
    )
    return Note(code="gaps_leave_open", text=text)


def _impossible_reliability(fit: PathFit) -> Note | None:
    if fit.reliability is None:
        return None
    values = fit.reliability[:, 0]
    names = [name for name, value in zip(fit.model.names, values, strict=True) if not 0 < value <= 1]
    if not names:
        return None
    text = Text(
        "Reliability rho_A is outside 0 to 1 for {names}: consistent PLS is not admissible here; use Mode A.",
        names=Listing.of(construct_name(name) for name in names),
    )
    return Note(code="inadmissible_reliability", text=text)


def _impossible_loadings(fit: PathFit) -> Note | None:
    loadings = _loadings(fit)
    items = [item for item, value in zip(fit.model.items, loadings, strict=True) if abs(value) > 1 + 1e-9]
    if not items:
        return None
    text = Text(
        "Loadings above 1 (a Heywood case) for {items}: the model does not fit these answers.",
        items=Listing.of(items),
    )
    return Note(code="heywood_case", text=text)


def _loadings(fit: PathFit) -> Floats:
    """Return the loadings as correlations, under the raw metric too."""
    return on_correlations(fit.solution, fit.options.rules).loadings(fit.structure)[:, 0]


def _explained_too_much(fit: PathFit) -> Note | None:
    values = fit.solution.r_squared[:, 0]
    names = [name for name, value in zip(fit.model.names, values, strict=True) if value > 1]
    if not names:
        return None
    text = Text(
        "More than all variance is explained for {names}: not admissible; use Mode A without consistent PLS.",
        names=Listing.of(construct_name(name) for name in names),
    )
    return Note(code="inadmissible_r_squared", text=text)


def _impossible_correlations(fit: PathFit) -> Note | None:
    """Note correlations that no answers can have: not positive definite (consistent PLS, pairwise gaps)."""
    matrices = (fit.solution.correlations[:, :, 0], fit.covariance.matrix)
    if all(np.linalg.eigvalsh(each).min() > -1e-9 * np.abs(each).max() for each in matrices):
        return None
    text = Text(
        "The correlations contradict each other (not positive definite): do not rely on effects and R2. Use "
        "Mode A without consistent PLS, and missing='em' or 'casewise' instead of 'pairwise'."
    )
    return Note(code="inadmissible_correlations", text=text)


def _negative_weights(fit: PathFit) -> list[Note]:
    weights = fit.solution.weights[:, 0]
    items = [item for item, value in zip(fit.model.items, weights, strict=True) if value <= 0]
    if not items:
        return []
    text = Text(
        "Weights are zero or negative for {items}: the index from 0 to 100 means nothing with them; "
        "drop these items or turn their scale.",
        items=Listing.of(items),
    )
    return [Note(code="negative_weights", text=text)]


def _twins(fit: PathFit) -> Note | None:
    deviations = np.sqrt(np.diag(fit.covariance.matrix))
    correlations = np.abs(fit.covariance.matrix / np.outer(deviations, deviations))
    first, second = np.nonzero(np.triu(correlations, 1) > ALIKE)
    if first.size == 0:
        return None
    pairs = [f"{fit.model.items[i]} = {fit.model.items[k]}" for i, k in zip(first, second, strict=True)]
    text = Text("Items that hold the same answers: {pairs}. Drop one of each pair.", pairs=Listing.of(pairs))
    return Note(code="duplicated_items", text=text)


def scale_doubts(
    items: Sequence[str], least: Floats, most: Floats, scale: tuple[float, float], n: int | None
) -> tuple[Note, ...]:
    """Return notes on answers that are outside the scale, or leave its upper part to nobody.

    Parameters
    ----------
    items : sequence of str
        The items.
    least, most : (items,)
        Least and greatest answer (of moments: means, which lie between them).
    scale : (float, float)
        Lowest and highest possible answer.
    n : int or None
        Answers; None where only means are known, which do not tell how much of the scale was used.
    """
    low, high = scale
    edge = 1e-9 * (high - low)
    notes = []
    wrong = [
        item
        for item, below, above in zip(items, least, most, strict=True)
        if below < low - edge or above > high + edge
    ]
    if wrong:
        text = Text(
            "Answers outside the scale of {low} to {high} in {items}: the index from 0 to 100 means nothing "
            "with them. Give the scale of the answers (scale=), or take out what is no answer.",
            low=Decimal(low, 0),
            high=Decimal(high, 0),
            items=Listing.of(wrong),
        )
        notes.append(Note(code="off_scale", text=text))
    used = float(np.max(most))
    if n is not None and n >= ENOUGH_TO_DOUBT_THE_SCALE and used <= low + SCALE_USED * (high - low):
        text = Text(
            "No answer is above {most} on a scale that goes to {high}: if that is its end, say so (scale=), "
            "else every index is too low.",
            most=Decimal(used, 0),
            high=Decimal(high, 0),
        )
        notes.append(Note(code="scale_unused", text=text))
    return tuple(notes)


def _range(fit: PathFit) -> tuple[Floats, Floats]:
    """Return the least and greatest answer of each item; of moments the means, which lie between them."""
    if fit.rows is None or not len(fit.rows):
        return fit.covariance.means, fit.covariance.means
    if fit.row_gaps is None:
        return np.asarray(fit.rows.min(axis=0)), np.asarray(fit.rows.max(axis=0))
    given = np.where(fit.row_gaps, np.nan, fit.rows)
    return np.asarray(np.nanmin(given, axis=0)), np.asarray(np.nanmax(given, axis=0))


def _few_answers(fit: PathFit) -> Note | None:
    largest = max(int(np.diff(fit.structure.starts).max()), int(fit.structure.counts.max()))
    wanted = TIMES_THE_LARGEST_BLOCK * largest
    effective = int(fit.covariance.effective_n + 0.5)
    if fit.n >= wanted > effective:
        text = Text(
            "The weights leave no more than {effective} of {n} answers (effective number), and at least "
            "{wanted} are wanted (ten for each item of the largest block). Read it as a direction only.",
            effective=Count(effective),
            n=Count(fit.n),
            wanted=Count(wanted),
        )
        return Note(code="few_answers", text=text)
    if fit.n >= wanted:
        return None
    text = Text(
        "{n} answers are few for this model: at least {wanted} are wanted (ten for each item of the largest "
        "block). Read it as a direction only.",
        n=Count(fit.n),
        wanted=Count(wanted),
    )
    return Note(code="few_answers", text=text)


def _left_out(fit: PathFit) -> Note | None:
    left, n = fit.covariance.left_out, fit.n
    if left == 0:
        return None
    text = Text("{count} answers with gaps were left out, {n} were used.", count=Count(left), n=Count(n))
    return Note(code="answers_left_out", text=text)


def _filled(fit: PathFit) -> Note | None:
    """Count the gaps that the rule for missing answers bridged, where it left nobody out."""
    if fit.row_gaps is None:
        return None
    gaps = int(fit.row_gaps.sum())
    values = {"share": Percent(gaps / fit.row_gaps.size), "gaps": Count(gaps)}
    if fit.options.missing == "pairwise":
        text = Text(
            "{gaps} single answers ({share}) are missing: each pair of items rests on who answered both.",
            **values,
        )
    elif fit.options.missing == "em":
        text = Text(
            "{gaps} single answers ({share}) are missing: they count as the other answers let expect (EM).",
            **values,
        )
    else:
        text = Text("{gaps} single answers ({share}) are missing: they count as the mean.", **values)
    return Note(code="gaps_bridged", text=text)


def _weak_items(fit: PathFit) -> Note | None:
    loadings = _loadings(fit)
    weak = [item for item, value in zip(fit.model.items, loadings, strict=True) if abs(value) < WEAK_LOADING]
    if not weak:
        return None
    text = Text(
        "Weak items, with a loading below {limit}: {items}. They move the index without measuring it.",
        limit=Decimal(WEAK_LOADING, 1),
        items=Listing.of(weak),
    )
    return Note(code="weak_items", text=text)
