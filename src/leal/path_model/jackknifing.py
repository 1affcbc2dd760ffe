"""Every figure of a fit with its jackknife standard error: each answer left out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from leal.path_model.drawn_figures import answers_of, draw, fit_usable_or_refuse, jackknife_sums
from leal.path_model.figure_tables import FigureTables
from leal.path_model.resampling import jackknife_groups
from leal.results import Note
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.path_model.assessment import Assessment
    from leal.path_model.model_fit import PathFit


@dataclass(frozen=True, kw_only=True, eq=False)
class Jackknife(FigureTables):
    """Standard errors and intervals of a fit, from leaving out each answer once.

    Attributes
    ----------
    fit : PathFit
        What was fitted.
    draws : Draws
        The figures with each answer (or group of answers) left out.
    groups, unusable : int
        How many times something was left out, and how often nothing could be estimated then.
    level : float
        Confidence level.
    seed : int or None
        How answers were dealt to groups, where they are many.
    """

    groups: int
    seed: int | None = None

    def __repr__(self) -> str:
        return f"<Jackknife: {self.groups} times left out, {self.unusable} unusable>"

    @cached_property
    def assessment(self) -> Assessment:
        """The criteria of `PathFit.assess` with their jackknife standard errors."""
        return self.fit.assess(seed=self.seed, level=self.level, method="jackknife")

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The doubts of the fit, and how often nothing could be estimated."""
        if not self.unusable:
            return self.fit.notes
        text = Text(
            "Nothing could be estimated without {count} of the {groups} answers (or groups of answers): an "
            "item has no variation then, or the estimation does not settle.",
            count=Count(self.unusable),
            groups=Count(self.groups),
        )
        return (*self.fit.notes, Note(code="unusable_resamples", text=text))


def jackknife_fit(fit: PathFit, seed: int | None, level: float) -> Jackknife:
    """Leave out each answer once; see `PathFit.jackknife`."""
    answers = answers_of(fit)
    draws, unusable = draw(fit, jackknife_sums(answers, seed))
    groups = int(jackknife_groups(answers.n, seed).max()) + 1
    fit_usable_or_refuse(fit, groups - unusable, groups)
    return Jackknife(
        fit=fit, draws=draws, groups=groups, unusable=unusable, level=level, method="jackknife", seed=seed
    )
