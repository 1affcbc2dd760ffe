"""Every figure of a fit with its standard error and interval, from resampled answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadOption
from leal.path_model.drawn_figures import (
    Draws,
    bootstrap_sums,
    draw,
    figures_of,
    fit_usable_or_refuse,
    jackknife_sums,
    part_of,
)
from leal.path_model.figure_tables import FigureTables
from leal.path_model.intervals import METHODS
from leal.path_model.resampling import Answers
from leal.results import Note
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bootstrap(FigureTables):
    """Standard errors and intervals of a fit, from resampled answers.

    Attributes
    ----------
    fit : PathFit
        What was resampled.
    draws : Draws
        The figures of each usable resample.
    resamples, unusable : int
        How many were drawn, and how many of them gave nothing: an item without variation, no convergence.
    level : float
        Confidence level.
    method : {"shifted_percentile", "bca", "percentile"}
        How the limits are found.
    jackknife : Draws or None
        Figures with each answer left out, where the method needs them.
    """

    resamples: int
    jackknife: Draws | None = None

    def __repr__(self) -> str:
        return f"<Bootstrap: {self.resamples} resamples, {self.unusable} unusable, {self.method}>"

    @property
    def left_out(self) -> Draws | None:
        """Figures with each answer left out, where the method needs them."""
        return self.jackknife

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The doubts of the fit, and how many resamples gave nothing."""
        if not self.unusable:
            return self.fit.notes
        text = Text(
            "{count} of {resamples} resamples gave nothing (an item without variation, or no convergence) "
            "and were left out.",
            count=Count(self.unusable),
            resamples=Count(self.resamples),
        )
        return (*self.fit.notes, Note(code="unusable_resamples", text=text))


def bootstrap_fit(fit: PathFit, resamples: int, seed: int | None, level: float, method: str) -> Bootstrap:
    """Resample a fit; see `PathFit.bootstrap`."""
    if method not in METHODS:
        raise BadOption("method", method, list(METHODS))
    answers = part_of(fit, seed)
    draws, unusable = draw(fit, bootstrap_sums(answers, resamples, seed))
    fit_usable_or_refuse(fit, resamples - unusable, resamples)
    jackknife = None
    if method == "bca":
        jackknife, lost = draw(fit, jackknife_sums(answers, seed))
        fit_usable_or_refuse(fit, jackknife.paths.shape[1], jackknife.paths.shape[1] + lost)
    if fit.rows is not None and answers.n < len(fit.rows):
        draws = _scaled(fit, answers, draws)
    return Bootstrap(
        fit=fit,
        draws=draws,
        resamples=resamples,
        unusable=unusable,
        level=level,
        method=method,
        jackknife=jackknife,
    )


def _scaled(fit: PathFit, part: Answers, draws: Draws) -> Draws:
    """Return draws of a part brought to the spread of all answers, about the estimates of all.

    The m-out-of-n bootstrap: spread falls with the root of the number of answers (Bickel, Goetze and van Zwet
    1997).
    """
    assert fit.rows is not None
    own, _ = figures_of(fit, part.sums(np.ones((1, part.n), dtype=np.float32)))
    shrink = np.sqrt(part.n / len(fit.rows))
    estimates = {
        "weights": fit.weights["estimate"],
        "loadings": fit.loadings["estimate"],
        "paths": fit.paths["estimate"],
        "total_effects": fit.total_effects["estimate"],
        "r_squared": fit.r_squared["estimate"],
        "index": fit.index_values(fit.options.index),
        "effects_in_points": fit.effects_in_points["estimate"],
    }
    return Draws(
        **{
            name: np.asarray(centre)[:, None] + (getattr(draws, name) - own[name]) * shrink
            for name, centre in estimates.items()
        }
    )
