"""All that one survey says by the EPSI-type model: index, causes, trust in both, groups, NPS beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leal.engine import FrameLike, column_names, lazy
from leal.errors import BadValue
from leal.explain.construct_asymmetry import ConstructAsymmetries, construct_asymmetries
from leal.explain.group_priorities import GroupPriorities, priorities_of_groups
from leal.explain.importance_and_performance import Priorities, priorities
from leal.measure import (
    EPSI_BANDS,
    Band,
    EpsiIndex,
    IndexDifferences,
    NpsBesideIndex,
    epsi_index,
    index_differences,
    item_names,
    nps_beside_index,
    with_item_names,
)
from leal.path_model import Assessment, Bootstrap, Definition, Missing, PathFit, PathModel, Prediction
from leal.results import Grade, Note, to_plain
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.path_model.estimation import Scheme

RESAMPLES = 5000
_LEAST_TO_PREDICT = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EpsiStudy:
    """A survey, fitted.

    Attributes
    ----------
    fit : PathFit
        The model.
    drawn : Bootstrap
        Its resamples: weights, loadings, paths, effects, R2 with intervals.
    index : EpsiIndex
        The index of each construct.
    priorities : Priorities
        What to improve first for `target`.
    assessment : Assessment
        Whether the measurement can be trusted.
    prediction : Prediction or None
        Whether the model foretells answers not seen; None with too few.
    differences : IndexDifferences or None
        Groups held against each other, where groups were asked for.
    nps : NpsBesideIndex or None
        NPS on the same people, where they were asked.
    target : str
        The construct to be raised.
    names : mapping of str to str
        What items ask for in a few words, by column, where that is known.
    by_group : GroupPriorities or None
        Priorities of each group for `target`, and whether they differ; where groups were asked for.
    asymmetries : ConstructAsymmetries
        Penalty and reward of each construct that leads to satisfaction (to `target` where there is none).
    grade : "C"
        Effects are correlations in a model.
    notes : tuple of Note
        Doubts, the gravest first.
    """

    fit: PathFit
    drawn: Bootstrap
    index: EpsiIndex
    priorities: Priorities
    assessment: Assessment
    prediction: Prediction | None
    differences: IndexDifferences | None
    nps: NpsBesideIndex | None
    target: str
    names: Mapping[str, str]
    asymmetries: ConstructAsymmetries
    by_group: GroupPriorities | None = None
    grade: Grade = "C"
    notes: tuple[Note, ...] = ()

    @property
    def all_notes(self) -> tuple[Note, ...]:
        """The doubts of the study, then those of groups and of NPS beside it, each once."""
        parts = (self.differences, self.nps)
        further = (note for part in parts if part is not None for note in part.notes)
        return tuple(dict.fromkeys((*self.notes, *further)))

    def sentence(self) -> Text:
        """Return the headline index in one sentence."""
        return self.index.sentence()

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the study as plain JSON values."""
        drawn, sure = self.drawn, self.assessment
        told: dict[str, Any] = {
            "n": self.fit.n,
            "left_out": self.fit.covariance.left_out,
            "target": self.target,
            "item_names": {column: str(name) for column, name in self.names.items()},
            "grade": self.grade,
            "index": self.index.to_dict(),
            "priorities": to_plain(self.priorities),
            "asymmetries": self.asymmetries.to_dict(),
            "paths": to_plain(drawn.paths),
            "total_effects": to_plain(drawn.total_effects),
            "effects_in_points": to_plain(drawn.effects_in_points),
            "loadings": to_plain(drawn.loadings),
            "weights": to_plain(drawn.weights),
            "r_squared": to_plain(drawn.r_squared),
            "reliability": to_plain(sure.reliability),
            "heterotrait_monotrait": to_plain(sure.heterotrait_monotrait),
            "fornell_larcker": to_plain(sure.fornell_larcker),
            "fornell_larcker_intervals": to_plain(sure.fornell_larcker_intervals),
            "cross_loadings": to_plain(sure.cross_loadings),
            "cross_loading_intervals": to_plain(sure.cross_loading_intervals),
            "inflation": to_plain(sure.inflation),
            "item_inflation": to_plain(sure.item_inflation),
            "effect_sizes": to_plain(sure.effect_sizes),
            "residual": to_plain(sure.residual),
            "verdicts": to_plain(sure.verdicts),
            "by_criterion": to_plain(with_item_names(sure.by_criterion, self.names)),
            "prediction": None if self.prediction is None else _prediction(self.prediction),
            "groups": None if self.differences is None else _groups(self.differences),
            "priorities_by_group": None if self.by_group is None else self.by_group.to_dict(),
            "nps": None if self.nps is None else self.nps.to_dict(),
            "notes": to_plain(self.notes),
        }
        return told


def _prediction(found: Prediction) -> dict[str, Any]:
    names = ("items", "against_mean", "against_benchmark", "folds", "repeats", "antecedents", "benchmark")
    return to_plain({name: getattr(found, name) for name in (*names, "notes")})  # type: ignore[no-any-return]


def _groups(found: IndexDifferences) -> dict[str, Any]:
    compared = found.comparison
    return found.to_dict() | {
        "index": to_plain(compared.index),
        "paths": to_plain(compared.paths),
        "invariance": to_plain(compared.invariance),
    }


def epsi_study(
    model: PathModel,
    answers: FrameLike,
    *,
    by: str | None = None,
    weight: str | None = None,
    recommend: str | None = None,
    target: str | None = None,
    scale: tuple[float, float] = (1.0, 10.0),
    missing: Missing = "casewise",
    scheme: Scheme = "path",
    index: Definition = "B",
    bands: tuple[Band, ...] = EPSI_BANDS,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = 0.95,
    names: Mapping[str, str] | None = None,
) -> EpsiStudy:
    """Fit a model and return all that it says: index, causes, trust, groups, NPS beside it.

    Parameters
    ----------
    model : PathModel
        As `leal.epsi` gives it, or any other.
    answers : dataframe or path
        Answers with the items of the model.
    by : str or None
        Column of groups to compare: companies, waves, segments.
    weight : str or None
        Column of sampling weights.
    recommend : str or None
        Column of the likelihood to recommend (0 to 10); by default ``recommend`` where it is there.
    target : str or None
        Construct to be raised; by default the last that paths lead to.
    scale, missing, scheme, index
        As in `PathModel.fit`.
    bands : tuple of Band
        What levels mean; by default those that the EPSI institutes publish.
    resamples, seed, level
        Of the intervals.
    names : mapping or None
        What items ask for in a few words, by column; those of Leal's questionnaires are known.

    Notes
    -----
    The effects are correlations in a model (grade C): what an improvement brings is known once it was tried
    against a control group.
    """
    fit = model.fit(answers, weight, missing=missing, scheme=scheme, index=index, scale=scale)
    goal = target or model.endogenous[-1]
    drawn = fit.bootstrap(resamples, seed, level=level)
    index_found = epsi_index(fit, bands=bands, drawn=drawn, level=level)
    labels = item_names(model.items, names=names)
    middle = "Satisfaction" if "Satisfaction" in model.endogenous else goal
    assessment = fit.assess(min(resamples, 2000), seed, level=level)
    prediction, unpredicted = _predicted(fit, seed, level)
    differences = _compared(fit, answers, by, seed, level) if by else None
    return EpsiStudy(
        fit=fit,
        drawn=drawn,
        index=index_found,
        priorities=priorities(fit, goal, drawn=drawn, level=level),
        assessment=assessment,
        prediction=prediction,
        differences=differences,
        by_group=priorities_of_groups(differences.comparison, goal, level=level) if differences else None,
        nps=_nps(fit, answers, recommend, weight, level),
        target=goal,
        names=labels,
        asymmetries=construct_asymmetries(fit, middle, seed=seed, level=level),
        notes=with_item_names((*index_found.notes, *unpredicted), labels),
    )


def _predicted(fit: PathFit, seed: int, level: float) -> tuple[Prediction | None, tuple[Note, ...]]:
    """Return the prediction of new answers, or why there is none: a study does not fail for it."""
    if fit.n < _LEAST_TO_PREDICT:
        text = Text(
            "Prediction of new answers is not told: {n} answers are few, {least} are wanted.",
            n=Count(fit.n),
            least=Count(_LEAST_TO_PREDICT),
        )
        return None, (Note(code="not_predictable", text=text),)
    try:
        return fit.predict_out_of_sample(seed=seed, level=level), ()
    except BadValue as refused:
        text = Text("Prediction of new answers is not told. {reason}", reason=refused.message)
        return None, (Note(code="not_predictable", text=text),)


def _compared(fit: PathFit, answers: FrameLike, by: str, seed: int, level: float) -> IndexDifferences:
    """Return groups held against each other, as the whole was fitted."""
    model, options = fit.model, fit.options
    return index_differences(
        model,
        answers,
        by,
        "Satisfaction" if "Satisfaction" in model.names else model.endogenous[-1],
        options.weight,
        missing=options.missing,
        scheme=options.rules.scheme,
        index=options.index,
        scale=options.scale,
        seed=seed,
        level=level,
    )


def _nps(
    fit: PathFit, answers: FrameLike, recommend: str | None, weight: str | None, level: float
) -> NpsBesideIndex | None:
    column = recommend or "recommend"
    told = {"Satisfaction", "Loyalty"} <= set(fit.model.names)
    if not told or column not in column_names(lazy(answers)):
        return None
    return nps_beside_index(fit, answers, column, weight=weight, level=level)
