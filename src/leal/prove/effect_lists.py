"""Many effects at once: p values corrected for their number, and what may still be called an effect."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from leal.errors import BadOption, BadValue, Where
from leal.prove.experiment_results import ArmEffect, Experiment
from leal.prove.quasi_experiments import PanelEffect
from leal.results import Grade, Note, Result, one_called, to_plain
from leal.statistics import Comparison, benjamini_hochberg, holm
from leal.wording import Count, Listing, Text

ListCorrection = Literal["holm", "benjamini_hochberg"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedEffect:
    """One effect of a list.

    Attributes
    ----------
    name : str
    estimate, ci_low, ci_high : float
        The effect with its own interval, as if it stood alone.
    n : float
    p_value, p_adjusted : float
        Alone, and corrected for the length of the list.
    grade : {"A", "B", "C"}
        As the effect has it: A drawn by lot and sound.
    sure : bool
        Whether it differs from zero after the correction (at the level of the list).
    """

    name: str
    estimate: float
    ci_low: float
    ci_high: float
    n: float
    p_value: float
    p_adjusted: float
    grade: Grade
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedEffects(Result):
    """A list of effects in the order given; iterates over them."""

    effects: tuple[CorrectedEffect, ...]
    correction: ListCorrection
    level: float
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[CorrectedEffect]:
        return iter(self.effects)

    def __getitem__(self, name: str) -> CorrectedEffect:
        return one_called(self.effects, "name", name)

    @property
    def sure(self) -> tuple[CorrectedEffect, ...]:
        """The effects that are left after the correction."""
        return tuple(one for one in self.effects if one.sure)

    def sentence(self) -> Text:
        """Return which effects are left, in one sentence."""
        if not self.sure:
            return Text(
                "Of {count} effects none is sure once their number is corrected for.",
                count=Count(len(self.effects)),
            )
        return Text(
            "Of {count} effects these are sure once their number is corrected for: {names}.",
            count=Count(len(self.effects)),
            names=Listing.of(one.name for one in self.sure),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row an effect."""
        return pl.DataFrame([to_plain(one) for one in self.effects], infer_schema_length=None)


def correct_effects(
    effects: Mapping[str, Experiment | ArmEffect | PanelEffect | Comparison],
    *,
    correction: ListCorrection = "holm",
    level: float = 0.95,
) -> CorrectedEffects:
    """Tell which of many measured effects may be called effects, their number being corrected for.

    Parameters
    ----------
    effects : mapping of str to Experiment, ArmEffect, PanelEffect or Comparison
        Effects by name: of programmes, outcomes, segments. An experiment of several arms gives one each,
        named ``"name: arm"``.
    correction : {"holm", "benjamini_hochberg"}
        Holm: the chance of even one false finding stays below 1 - level. Benjamini and Hochberg: of what is
        called a finding, that share is expected to be false; for long lists that are only to be looked into.
    level : float
        Confidence level of the list.

    Returns
    -------
    CorrectedEffects
        An effect that is not known takes no part in the correction and is never sure.

    Notes
    -----
    Twenty effects of nothing give one that looks proved alone in 64 of 100 cases (at the .05 level). The
    intervals stay those of each effect alone. Correct over all that was looked at, not over what looked good.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6; Benjamini and Hochberg (1995), JRSS B 57.
    """
    if correction not in ("holm", "benjamini_hochberg"):
        raise BadOption("correction", correction, ["holm", "benjamini_hochberg"])
    flat = [part for name, effect in effects.items() for part in _parts(name, effect)]
    adjust = holm if correction == "holm" else benjamini_hochberg
    adjusted = adjust([one.p_value if one.known else math.nan for _, one, _ in flat])
    found = tuple(
        CorrectedEffect(
            name=name,
            estimate=one.estimate,
            ci_low=one.ci_low,
            ci_high=one.ci_high,
            n=one.n,
            p_value=one.p_value,
            p_adjusted=float(p),
            grade=grade,
            sure=bool(p < 1 - level),
        )
        for (name, one, grade), p in zip(flat, adjusted, strict=True)
    )
    weak = [one.name for one in found if one.grade != "A"]
    text = Text("Not drawn by lot, or not sound: {names}.", names=Listing.of(weak))
    notes = (Note(code="not_all_randomised", text=text),) if weak else ()
    return CorrectedEffects(effects=found, correction=correction, level=level, notes=notes)


def _parts(name: str, effect: object) -> list[tuple[str, Comparison | PanelEffect, Grade]]:
    if isinstance(effect, Experiment):
        several = len(effect.effects) > 1
        return [part for one in effect for part in _parts(f"{name}: {one.arm}" if several else name, one)]
    if isinstance(effect, ArmEffect):
        return [(name, effect.effect, effect.grade)]
    if isinstance(effect, PanelEffect):
        return [(name, effect, effect.grade)]
    if isinstance(effect, Comparison):
        return [(name, effect, "C")]
    raise BadValue(
        Text("{name} is no measured effect.", name=name),
        hint=Text("Give results of leal.experiment or leal.prove.panel_effect, or comparisons."),
        where=Where(column="effects"),
    )
