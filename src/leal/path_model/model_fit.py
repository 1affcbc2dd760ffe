"""The fit of a path model: its tables, its index, and all that can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike
from leal.errors import BadValue
from leal.path_model.construct_names import construct_name
from leal.path_model.doubts import doubts_of
from leal.path_model.fit_index import index_of_moments, solution_by_definition
from leal.path_model.fit_scores import scores_of
from leal.path_model.fit_tables import FitTables
from leal.path_model.gap_resampling import leave_open
from leal.path_model.index import Definition, index_values, index_weights
from leal.path_model.moment_reduction import rows_of_frame
from leal.path_model.refusals import check_draws
from leal.results import Note
from leal.wording import Count, Listing, Percent, Text

if TYPE_CHECKING:
    from leal.path_model.assessment import Assessment
    from leal.path_model.bootstrap import Bootstrap
    from leal.path_model.fixed_weights import FixedWeights
    from leal.path_model.jackknifing import Jackknife
    from leal.path_model.prediction import Antecedents, Benchmark, Prediction

Floats = NDArray[np.float64]

INTERVAL_RESAMPLES = 2000
"""Resamples behind the intervals that `PathFit.index` shows without being asked."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PathFit(FitTables):
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

    reliability: Floats | None = None
    rows: Floats | None = None
    row_weights: Floats | None = None
    row_gaps: NDArray[np.bool_] | None = None

    def sentence(self) -> Text:
        """Return in one sentence what was fitted, on how many answers, and what it explains."""
        explained = self.r_squared.sort("estimate", descending=True).select("construct", "estimate").rows()
        return Text(
            "Path model of {constructs} constructs, {paths} paths, n = {n}. Explained (R2): {values}.",
            constructs=Count(len(self.model.names)),
            paths=Count(len(self.model.paths)),
            n=Count(self.n),
            values=Listing.of(
                Text("{name} {share}", name=construct_name(name), share=Percent(value))
                for name, value in explained
            ),
        )

    def __str__(self) -> str:
        return "\n".join([self.sentence(), *(str(note) for note in self.notes)])

    def __repr__(self) -> str:
        return f"<PathFit: {self.sentence()}>"

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """Doubts about the fit, most serious first."""
        return doubts_of(self)

    @cached_property
    def index(self) -> pl.DataFrame:
        """The index from 0 to 100: construct, estimate, standard_error, ci_low, ci_high, n, definition.

        The interval re-estimates the weights in each of 2,000 resamples (percentile, 95 %). Where there is
        nothing to resample, it is that of fixed weights (`method` says which); see `resampled`.
        """
        if not self.resampled:
            return self.index_with_fixed_weights()
        return self.bootstrap(INTERVAL_RESAMPLES, seed=0).index

    @property
    def resampled(self) -> bool:
        """Whether resamples can be drawn: not from moments, nor where gaps leave correlations open (EM)."""
        if self.rows is None:
            return False
        filled = self.row_gaps is not None and self.options.missing == "em"
        return not (filled and leave_open(self.covariance.matrix))

    def index_with_fixed_weights(self, level: float = 0.95) -> pl.DataFrame:
        """Return the index with the interval of a mean by weights held fixed, which needs no resampling."""
        check_draws(1, level)
        return index_of_moments(self, level)

    def index_values(self, definition: Definition) -> Floats:
        """Return the index of each construct (constructs,) by a `leal.path_model.Definition`."""
        weights = self.index_weights(definition)
        means = self.covariance.means[:, None]
        return index_values(weights[:, None], means, self.options.scale, self.structure)[:, 0]

    def index_weights(self, definition: Definition) -> Floats:
        """Return the weights of the index (items,), summing to 1 in each construct."""
        solution = solution_by_definition(self, definition)
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
        return pl.DataFrame(scores_of(self, rows, unit), schema=list(self.model.names)).fill_nan(None)

    def own_scores(self, unit: str = "standardised") -> pl.DataFrame | None:
        """Return the scores of the answers that the model was fitted on; None where it was fitted on moments.

        Parameters
        ----------
        unit : {"standardised", "scale", "index"}
            As in `scores`. Gaps were left out or filled as `missing` said.
        """
        if self.rows is None:
            return None
        return pl.DataFrame(scores_of(self, self.rows, unit), schema=list(self.model.names))

    def bootstrap(
        self,
        resamples: int = 5000,
        seed: int | None = None,
        *,
        level: float = 0.95,
        method: str = "shifted_percentile",
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
        method : {"shifted_percentile", "bca", "percentile"}
            Percentiles, widened for few answers and shifted against the bias that the draws show (see Notes);
            bias-corrected and accelerated (Efron 1987); or plain percentiles, as other programs have them.

        Raises
        ------
        BadValue
            The model was fitted on moments: there are no answers to draw from.

        Notes
        -----
        Plain percentile intervals of 95 % hold the truth in about 93 of 100 samples of 50 answers, of some
        figures in fewer than 90. The default cuts the tails at Phi(s -+ sqrt(n / (n - 3)) t), t the quantile
        of Student's distribution with n - 3 degrees (after Hesterberg 2015), s = 1.5 Phi^-1 (share of draws
        below the estimate), at most .3 either way (after Efron 1981): 94 to 97 of 100; with 250 answers the
        two hardly differ. R2 is biased upwards in small samples, and more so in resamples; the default frees
        its draws of that: 1 - (1 - R2*) / f^2, f being the median of 1 - R2* in the draws over 1 - R2 of the
        sample. Of more than 60,000 answers a random 20,000 are drawn from, and
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
        method: str = "shifted_percentile",
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
        method : {"shifted_percentile", "bca", "percentile", "jackknife"}
            As in `bootstrap` and `jackknife`. The default frees of bias what is biased in small samples: R2,
            variance inflation, SRMR; limits of HTMT and f2 come from the signed figures, folded at zero.

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
