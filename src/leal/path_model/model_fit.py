"""The fit of a path model: weights, loadings, paths, effects, explained variance, the index."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike
from leal.errors import BadOption, BadValue, Where
from leal.path_model.consistency import made_consistent
from leal.path_model.construct_names import construct_name
from leal.path_model.doubts import doubts_of
from leal.path_model.estimation import Rules, Solution, solve, total_effects
from leal.path_model.index import (
    Definition,
    in_points,
    index_values,
    index_weights,
    spread_in_scale,
)
from leal.path_model.moment_reduction import moments_of_rows, rows_of_frame
from leal.path_model.moments import MISSING, Covariance, Missing, Moments
from leal.path_model.specification import PathModel
from leal.path_model.structure import Structure
from leal.results import Note
from leal.wording import Listing, Text

if TYPE_CHECKING:
    from leal.path_model.assessment import Assessment
    from leal.path_model.bootstrap import Bootstrap
    from leal.path_model.fixed_weights import FixedWeights
    from leal.path_model.jackknifing import Jackknife
    from leal.path_model.prediction import Antecedents, Benchmark, Prediction

Floats = NDArray[np.float64]

INTERVAL_RESAMPLES = 2000
"""Resamples behind the intervals that `PathFit.index` shows without being asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """How a path model was fitted; see `PathModel.fit`."""

    weight: str | None = None
    missing: Missing = "casewise"
    consistent: bool = False
    index: Definition = "B"
    scale: tuple[float, float] = (1.0, 10.0)
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        if self.missing not in MISSING:
            raise BadOption("missing", self.missing, list(MISSING))
        if not self.scale[0] < self.scale[1]:
            raise BadOption("scale", self.scale, [Text("two numbers, the lower first, as (1, 10)")])
        if self.consistent and self.rules.metric == "raw":
            raise BadValue(
                Text("Consistent PLS is defined on standardised answers, not on the raw metric."),
                hint=Text("Choose consistent=True or metric='raw', not both."),
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class PathFit:
    """A fitted path model.

    Attributes
    ----------
    model : PathModel
        What was fitted.
    options : FitOptions
        How.
    covariance : Covariance
        Means and covariances of the items, n, answers left out.
    solution : Solution
        The arrays behind the tables; last axis of length 1.
    rows, row_weights, row_gaps : arrays or None
        Answers (n x items), their weights, and where gaps were filled (None where there were none). All are
        None where the model was fitted on moments: then there is nothing to resample.
    notes : tuple of Note
        Doubts: few answers, no convergence, inadmissible figures.
    """

    model: PathModel
    options: FitOptions
    covariance: Covariance
    solution: Solution
    reliability: Floats | None = None
    rows: Floats | None = None
    row_weights: Floats | None = None
    row_gaps: NDArray[np.bool_] | None = None

    @cached_property
    def structure(self) -> Structure:
        """The model as arrays."""
        return Structure(self.model)

    @property
    def n(self) -> int:
        """Answers used."""
        return self.covariance.n

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Doubts about the fit, most serious first."""
        return doubts_of(self)

    @cached_property
    def weights(self) -> pl.DataFrame:
        """Outer weights: construct, item, estimate; scores have variance 1 (raw metric: of raw answers)."""
        return self._by_item(self.solution.weights[:, 0])

    @cached_property
    def loadings(self) -> pl.DataFrame:
        """Loadings: construct, item, estimate; correlations of item and score (raw metric: covariances)."""
        return self._by_item(self.solution.loadings(self.structure)[:, 0])

    @cached_property
    def paths(self) -> pl.DataFrame:
        """Path coefficients: source, target, estimate."""
        return self._by_path(self.solution.paths[:, :, 0])

    @cached_property
    def total_effects(self) -> pl.DataFrame:
        """Total effects of each construct on those it leads to, directly or not: source, target, estimate."""
        effects = total_effects(self.solution.paths)[:, :, 0]
        names = self.model.names
        pairs = [(s, t) for t in range(len(names)) for s in range(len(names)) if self._leads(s, t)]
        return pl.DataFrame(
            {
                "source": [names[s] for s, _ in pairs],
                "target": [names[t] for _, t in pairs],
                "estimate": [float(effects[s, t]) for s, t in pairs],
            }
        )

    @cached_property
    def effects_in_points(self) -> pl.DataFrame:
        """What a point more of each index brings its targets, in points: source, target, estimate.

        The unstandardised total effect: the importance of importance-performance analysis.
        """
        spread = spread_in_scale(self.solution, self.structure, self.options.rules.metric)
        effects = in_points(total_effects(self.solution.paths), spread, self.structure)[:, :, 0]
        names = list(self.model.names)
        pairs = self.total_effects
        values = [
            float(effects[names.index(s), names.index(t)])
            for s, t in zip(pairs["source"], pairs["target"], strict=True)
        ]
        return pairs.with_columns(pl.Series("estimate", values))

    @cached_property
    def r_squared(self) -> pl.DataFrame:
        """Explained variance of each construct that paths lead to: construct, estimate, adjusted."""
        names = self.model.endogenous
        places = [self.model.names.index(name) for name in names]
        values = self.solution.r_squared[places, 0]
        predictors = self.structure.counts[places]
        adjusted = 1 - (1 - values) * (self.n - 1) / np.maximum(self.n - predictors - 1, 1)
        return pl.DataFrame({"construct": names, "estimate": values, "adjusted": adjusted})

    @cached_property
    def correlations(self) -> pl.DataFrame:
        """Correlations of the constructs: construct, then one column a construct."""
        matrix = self.solution.correlations[:, :, 0]
        columns = {name: matrix[:, j] for j, name in enumerate(self.model.names)}
        return pl.DataFrame({"construct": self.model.names, **columns})

    @cached_property
    def index(self) -> pl.DataFrame:
        """The index from 0 to 100: construct, estimate, standard_error, ci_low, ci_high, n, definition.

        The interval re-estimates the weights in each of 2,000 resamples (percentile, 95 %). On moments alone
        there is nothing to resample: the interval is then that of fixed weights (`method` says which).
        """
        if self.rows is None:
            return self._index_of_moments()
        return self.bootstrap(INTERVAL_RESAMPLES, seed=0).index

    def _index_of_moments(self, level: float = 0.95) -> pl.DataFrame:
        from scipy.stats import t as student

        low, high = self.options.scale
        shape = self.index_weights(self.options.index)
        values = self.index_values(self.options.index)
        own = np.where(self.structure.block[:, None] == np.arange(len(values)), shape[:, None], 0.0)
        variances = np.einsum("ij,ik,kj->j", own, self.covariance.matrix, own)
        errors = np.sqrt(variances / self.covariance.effective_n) / (high - low) * 100
        reach = student.ppf((1 + level) / 2, max(self.covariance.effective_n - 1, 1)) * errors
        return pl.DataFrame(
            {
                "construct": self.model.names,
                "estimate": values,
                "standard_error": errors,
                "ci_low": values - reach,
                "ci_high": values + reach,
            }
        ).with_columns(
            pl.lit(self.n).alias("n"),
            pl.lit(level).alias("level"),
            pl.lit("fixed_weights").alias("method"),
            pl.lit(self.options.index).alias("definition"),
        )

    def index_values(self, definition: Definition) -> Floats:
        """Return the index of each construct (constructs,) by a `leal.path_model.Definition`."""
        weights = self.index_weights(definition)
        means = self.covariance.means[:, None]
        return index_values(weights[:, None], means, self.options.scale, self.structure)[:, 0]

    def index_weights(self, definition: Definition) -> Floats:
        """Return the weights of the index (items,), summing to 1 in each construct."""
        solution = self.solution if definition in ("C", "D") else self._in_metric(definition)
        deviations = np.sqrt(np.diag(self.covariance.matrix))[:, None]
        return index_weights(definition, solution.weights, deviations, self.structure)[:, 0]

    def fixed_weights(self, definition: Definition | None = None) -> FixedWeights:
        """Return the weights of this fit's index, to be used on other waves, companies or segments.

        Parameters
        ----------
        definition : {"A", "B", "C", "D"} or None
            By default the one that the model was fitted with.

        Raises
        ------
        BadValue
            A weight is zero or negative: an index with it means nothing.
        """
        from leal.path_model.fixed_weights import fixed_weights_of

        return fixed_weights_of(self, definition or self.options.index)

    def index_by_definition(self) -> pl.DataFrame:
        """Return the index by all four definitions side by side: construct, A, B, C, D."""
        values = {name: self.index_values(name) for name in ("A", "B", "C", "D")}
        return pl.DataFrame({"construct": self.model.names, **values})

    def scores(self, frame: FrameLike, *, unit: str = "standardised") -> pl.DataFrame:
        """Return the score of each answer on each construct; a gap in an item leaves the score empty.

        Parameters
        ----------
        frame : dataframe or path
            Answers with the model's items.
        unit : {"standardised", "scale", "index"}
            Mean 0 and variance 1 in the fitted data; the scale of the items (1 to 10); or 0 to 100.
        """
        rows, _ = rows_of_frame(frame, self.model.items, None)
        return pl.DataFrame(self._scores(rows, unit), schema=list(self.model.names)).fill_nan(None)

    def own_scores(self, unit: str = "standardised") -> pl.DataFrame | None:
        """Return the scores of the answers that the model was fitted on; None where it was fitted on moments.

        Parameters
        ----------
        unit : {"standardised", "scale", "index"}
            As in `scores`. Gaps were left out or filled as `missing` said.
        """
        if self.rows is None:
            return None
        return pl.DataFrame(self._scores(self.rows, unit), schema=list(self.model.names))

    def bootstrap(
        self,
        resamples: int = 5000,
        seed: int | None = None,
        *,
        level: float = 0.95,
        method: str = "percentile",
    ) -> Bootstrap:
        """Resample the answers and return every figure with its standard error and interval.

        Parameters
        ----------
        resamples : int
            How many resamples; SmartPLS advises 10,000 for a final report.
        seed : int or None
            Number that makes the draws repeatable, whatever the number of threads.
        level : float
            Confidence level.
        method : {"percentile", "bca", "plain_percentile"}
            Percentile interval, its tails widened for few answers (see Notes); bias-corrected and accelerated
            (Efron 1987); or plain percentiles, as other programs have them.

        Raises
        ------
        BadValue
            The model was fitted on moments: there are no answers to draw from.

        Notes
        -----
        Plain percentile intervals of 95 % hold the truth in about 92 of 100 samples of 50 answers. The
        default cuts the tails at Phi(-sqrt(n / (n - 3)) t) (after Hesterberg 2015), which holds it in 94 to
        96; with 250 answers the two hardly differ. R2 is biased upwards in small samples, and more so in
        resamples; the default frees its draws of that: 1 - (1 - R2*) / f^2, f being the median of 1 - R2* in
        the draws over 1 - R2 of the sample. Of more than 60,000 answers a random 20,000 are drawn from, and
        the spread is brought to all (m-out-of-n).
        """
        from leal.path_model.bootstrap import bootstrap_fit

        self._with_answers()
        check_draws(resamples, level)
        return bootstrap_fit(self, resamples, seed, level, method)

    def jackknife(self, *, level: float = 0.95, seed: int | None = 0) -> Jackknife:
        """Leave each answer out once and return every figure with its jackknife standard error and interval.

        Parameters
        ----------
        level : float
            Confidence level of the intervals (estimate and t standard errors on each side).
        seed : int or None
            How answers are dealt to 1,000 groups where there are more than 5,000; groups are then left out.

        Returns
        -------
        Jackknife
            The tables of `bootstrap`, and ``assessment``, those of `assess`.

        Raises
        ------
        BadValue
            The model was fitted on moments: there are no answers to leave out.

        Notes
        -----
        Standard error: sqrt((n - 1) / n sum (figure without answer i - their mean)^2). Quick and without
        chance, but symmetric intervals: prefer the bootstrap for R2, HTMT and whatever is near its limits.

        References
        ----------
        Efron, B. (1982). The Jackknife, the Bootstrap and Other Resampling Plans.

        Examples
        --------
        ``fit.jackknife().paths`` has the columns source, target, estimate, standard_error, ci_low, ci_high.
        """
        from leal.path_model.jackknifing import jackknife_fit

        self._with_answers()
        check_draws(1, level)
        return jackknife_fit(self, seed, level)

    def _with_answers(self) -> None:
        if self.rows is None:
            raise BadValue(
                Text("A model fitted on moments cannot be resampled: the answers are not there."),
                hint=Text("Fit it on the answers themselves."),
            )

    def assess(
        self,
        resamples: int = 2000,
        seed: int | None = 0,
        *,
        level: float = 0.95,
        method: str = "percentile",
    ) -> Assessment:
        """Return the criteria by which a fit is trusted, with intervals and verdicts in words.

        Parameters
        ----------
        resamples : int
            Resamples behind the intervals; 0 leaves them out (as a fit on moments does).
        seed : int or None
            Number that makes the draws repeatable.
        level : float
            Confidence level of the intervals.
        method : {"percentile", "bca", "plain_percentile", "jackknife"}
            As in `bootstrap` and `jackknife`. The default frees of bias what is biased in small samples: R2,
            variance inflation, SRMR.

        References
        ----------
        Henseler, J., Ringle, C., Sarstedt, M. (2015). A new criterion for assessing discriminant validity.
        Fornell, C., Larcker, D. (1981). Evaluating structural equation models.
        """
        from leal.path_model.assessment import assess_fit

        check_draws(max(resamples, 1), level)
        return assess_fit(self, resamples, seed, level, method)

    def predict_out_of_sample(
        self,
        folds: int | None = 10,
        *,
        repeats: int = 10,
        seed: int | None = 0,
        antecedents: Antecedents = "earliest",
        benchmark: Benchmark = "exogenous",
        level: float = 0.95,
    ) -> Prediction:
        """Return how well the model predicts answers that it has not seen (PLSpredict, CVPAT).

        Sampling weights of the fit enter the training moments, averages, regressions and all mean errors. A
        consistent fit predicts by its consistent paths and loadings (as seminr does), and says so. What was
        filled in for a gap is no answer: it is learnt from, but not counted as predicted.

        Parameters
        ----------
        folds : int or None
            Parts that the answers are divided into; None leaves out one answer at a time.
        repeats : int
            How often the division is drawn anew.
        seed : int or None
            Number that makes the division repeatable.
        antecedents : {"earliest", "direct"}
            Whether only constructs that no path leads to drive the prediction, or the direct antecedents.
        benchmark : {"exogenous", "other_blocks", "exogenous_no_constant"}
            Regressions that the model is held against; peers differ here, see `leal.path_model.Benchmark`.
        level : float
            Confidence level.

        Returns
        -------
        Prediction
            ``items`` (RMSE, MAE, Q2_predict by item), ``against_mean`` and ``against_benchmark`` (CVPAT),
            ``errors``, ``notes`` (the verdict in words).

        Raises
        ------
        BadValue
            The model was fitted on moments, or cannot be estimated without some fold.

        References
        ----------
        Shmueli, G., Ray, S., Velasquez Estrada, J., Chatla, S. (2016). The elephant in the room: PLS
        prediction. Journal of Business Research 69.
        Liengaard, B. et al. (2021). Prediction: coveted, yet forsaken? Decision Sciences 52.

        Examples
        --------
        ``fit.predict_out_of_sample(10, repeats=10, seed=1).items`` is the table of SmartPLS's PLSpredict.
        """
        from leal.path_model.prediction import predict_out_of_sample

        check_draws(1, level)
        return predict_out_of_sample(self, folds, repeats, seed, antecedents, benchmark, level)

    def _in_metric(self, definition: Definition) -> Solution:
        metric = "raw" if definition == "A" else "standardised"
        if self.options.rules.metric == metric:
            return self.solution
        rules = Rules(
            scheme=self.options.rules.scheme,
            metric=metric,  # type: ignore[arg-type]
            tolerance=self.options.rules.tolerance,
            max_iterations=self.options.rules.max_iterations,
        )
        return solve(self.covariance.matrix, self.structure, rules)

    def _scores(self, rows: Floats, unit: str) -> Floats:
        low, high = self.options.scale
        if unit == "standardised":
            deviations = np.sqrt(np.diag(self.covariance.matrix))
            shape = self.solution.weights[:, 0]
            shape = shape / deviations if self.options.rules.metric == "standardised" else shape
            return self._sum_by_block((rows - self.covariance.means) * shape)
        if unit not in ("scale", "index"):
            raise BadOption("unit", unit, ["standardised", "scale", "index"])
        scores = self._sum_by_block(rows * self.index_weights(self.options.index))
        return scores if unit == "scale" else (scores - low) / (high - low) * 100

    def _sum_by_block(self, values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values, self.structure.starts[:-1], axis=1))

    def _by_item(self, values: Floats) -> pl.DataFrame:
        constructs = [self.model.names[j] for j in self.structure.block]
        return pl.DataFrame({"construct": constructs, "item": self.model.items, "estimate": values})

    def _by_path(self, values: Floats) -> pl.DataFrame:
        names = list(self.model.names)
        sources, targets = zip(*self.model.paths, strict=True)
        estimates = [float(values[names.index(s), names.index(t)]) for s, t in self.model.paths]
        return pl.DataFrame({"source": sources, "target": targets, "estimate": estimates})

    def _leads(self, source: int, target: int) -> bool:
        return bool(_reach(self.structure.sources)[source, target])


def check_draws(resamples: int, level: float) -> None:
    """Refuse a number of resamples or a level that mean nothing."""
    if resamples < 1:
        raise BadOption("resamples", resamples, [Text("a whole number above zero, as 5000")])
    if not 0 < level < 1:
        raise BadOption("level", level, [Text("a share between 0 and 1, as 0.95")])


def _reach(sources: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether each construct leads to each other one, directly or not."""
    reach = sources.copy()
    for _ in range(len(sources)):
        reach = reach | ((reach.astype(int) @ sources.astype(int)) > 0)
    return reach


def fit_model(model: PathModel, data: FrameLike | Moments, options: FitOptions) -> PathFit:
    """Fit a model on answers or moments; see `PathModel.fit`."""
    rows = row_weights = row_gaps = None
    if isinstance(data, Moments):
        moments = data.pooled().select(model.items)
    else:
        answers, weights = rows_of_frame(data, model.items, options.weight)
        moments = moments_of_rows(answers, model.items, weights)
    _refuse_unanswered(moments)
    covariance = moments.covariance(options.missing)
    _refuse_what_cannot_be_fitted(model, covariance)
    if not isinstance(data, Moments):
        rows, row_weights, row_gaps = _resampled_rows(answers, weights, options.missing, covariance)
    structure = Structure(model)
    solution = solve(covariance.matrix, structure, options.rules)
    _refuse_unsolved(model, solution)
    reliability = None
    if options.consistent:
        deviations = np.sqrt(np.diag(covariance.matrix))
        correlations = covariance.matrix / np.outer(deviations, deviations)
        solution, reliability = made_consistent(solution, correlations[:, :, None], structure)
        _refuse_inconsistent(model, solution, reliability)
    return PathFit(
        model=model,
        options=options,
        covariance=covariance,
        solution=solution,
        reliability=reliability,
        rows=rows,
        row_weights=row_weights,
        row_gaps=row_gaps,
    )


def _resampled_rows(
    answers: Floats, weights: Floats | None, missing: Missing, covariance: Covariance
) -> tuple[Floats, Floats | None, NDArray[np.bool_] | None]:
    """Return the rows that a bootstrap draws from, their weights, and where gaps were filled.

    Complete rows; or gaps filled by the mean, or (expectation-maximisation) by what the other answers of the
    row let expect.
    """
    gaps = np.isnan(answers)
    complete = ~gaps.any(axis=1)
    if missing == "casewise" or complete.all():
        return answers[complete], None if weights is None else weights[complete], None
    used = ~gaps.all(axis=1)
    rows, gaps = answers[used], gaps[used]
    if missing == "em":
        from leal.path_model.gap_resampling import expected_answers

        filled, _ = expected_answers(np.where(gaps, 0.0, rows), gaps, covariance.means, covariance.matrix)
    else:
        filled = np.where(gaps, covariance.means, rows)
    return filled, None if weights is None else weights[used], gaps


def _refuse_unanswered(moments: Moments) -> None:
    """Refuse items that nobody answered, and weights that leave nobody."""
    answered = (moments.present * moments.n[:, None]).sum(axis=0)
    if moments.n.sum() and not moments.total.sum() > 0:
        raise BadValue(
            Text("The weights of all answers are zero."),
            hint=Text("Give a column of weights above zero, or none."),
        )
    for item, count in zip(moments.items, answered, strict=True):
        if moments.n.sum() and not count:
            raise BadValue(
                Text("The item {item} was answered by nobody.", item=item),
                hint=Text("Leave it out of the model, or check the name of its column."),
                where=Where(column=item),
            )


def _refuse_unsolved(model: PathModel, solution: Solution) -> None:
    """Refuse a solution that is not a number: items that repeat each other in a block of Mode B."""
    if solution.usable.all():
        return
    names = [one.name for one in model.constructs if one.mode == "B"]
    raise BadValue(
        Text("The model cannot be estimated: items of a construct, or constructs, repeat each other."),
        hint=Text(
            "Drop one of the items that hold the same answers, or measure {names} in Mode A (=~).",
            names=Listing.of(names or model.names),
        ),
    )


def _refuse_inconsistent(model: PathModel, solution: Solution, reliability: Floats) -> None:
    """Refuse consistent figures that are no numbers: a reliability of zero or below has no root."""
    if solution.usable.all() and np.isfinite(solution.loadings(Structure(model))).all():
        return
    values = reliability[:, 0]
    names = [name for name, value in zip(model.names, values, strict=True) if not value > 0]
    raise BadValue(
        Text(
            "Consistent PLS is not possible here: reliability rho_A is not above zero for {names}.",
            names=Listing.of(construct_name(name) for name in names or model.names),
        ),
        hint=Text("Fit without consistent=True, or drop items that do not belong together."),
    )


def _refuse_what_cannot_be_fitted(model: PathModel, covariance: Covariance) -> None:
    if covariance.n < 3:
        raise BadValue(
            Text("Only {n} answers are complete; a path model needs more.", n=covariance.n),
            hint=Text("Choose missing='mean' or 'em', or drop items that few answered."),
        )
    variances = np.diag(covariance.matrix)
    for item, variance in zip(model.items, variances, strict=True):
        if not np.isfinite(variance) or variance <= 0:
            raise BadValue(
                Text("The item {item} has the same answer everywhere, or none.", item=item),
                hint=Text("Leave it out: an item without variation measures nothing."),
                where=Where(column=item),
            )
