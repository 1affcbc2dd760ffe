"""How well a model predicts answers that it has not seen: PLSpredict, and the test against a benchmark.

Each fold is left out once; the model is estimated on the others (all folds in one batch), standardised with
the training answers, and predicts the items of the constructs that paths lead to. Q2 = 1 - SSE / SSO, where
SSO is the error of the training means (cSEM takes the mean error out of SSE first: the sixth digit differs).

Weighted (the model as in Becker and Ismail 2016): training moments, averages, regressions have weights, and
every mean of errors: RMSE = sqrt(sum w e^2 / sum w). An answer of weight 2 then counts as two such answers.

Consistent PLS: the corrected paths and loadings are applied to the scores of the composites (as seminr does).
Where a prediction runs along several paths it is attenuated less so; where causes are direct, it overshoots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.errors import BadOption, BadValue
from leal.path_model.construct_names import construct_name
from leal.path_model.cross_fitting import Division, KnownAnswers, by_averages, by_model, by_regressions
from leal.path_model.structure import Structure
from leal.results import Note, checked_seed
from leal.wording import Decimal, Listing, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]

Antecedents = Literal["earliest", "direct"]
"""What drives a prediction: only constructs that no path leads to (SmartPLS), or the direct antecedents."""

Benchmark = Literal["other_blocks", "exogenous", "exogenous_no_constant"]
"""Linear benchmark: each item on all items of other blocks (seminr), on the exogenous items, or on these
without a constant (cSEM). Name it in every report: on the same data they differ by a quarter."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prediction:
    """Out-of-sample prediction of a path model.

    Attributes
    ----------
    items : polars.DataFrame
        item, construct, n, rmse, mae, q2, benchmark_rmse, benchmark_mae: a row an item. Q2 (Q2_predict) above
        zero: better than the average of the training answers.
    against_mean, against_benchmark : polars.DataFrame
        The cross-validated predictive ability test (CVPAT): construct (and all), ``loss`` and ``other_loss``
        (mean squared error of the model and of the other), ``estimate`` (their difference), ci_low, ci_high,
        p_value, n. A difference below zero favours the model.
    errors : polars.DataFrame
        Prediction error of each answer (answer less prediction, mean of the repeats), a column an item; empty
        where no answer was given.
    folds, repeats : int
        How the answers were divided.
    antecedents, benchmark : str
        See `Antecedents`, `Benchmark`.
    notes : tuple of Note
        What it says, in words; which constructs are not predicted; how a consistent
        fit predicts.

    Notes
    -----
    A loss of an answer is the mean of its squared errors. The difference of losses is tested by a paired t
    test; with sampling weights its error is that of a weighted mean (linearised, sum w^2 d^2), the degrees of
    freedom those of the effective number of answers (Kish).

    References
    ----------
    Becker, J.-M., Ismail, I. R. (2016). Accounting for sampling weights in PLS path modeling. European
    Management Journal 34.
    Shmueli, G., Ray, S., Velasquez Estrada, J., Chatla, S. (2016). The elephant in the room: PLS prediction.
    Liengaard, B. et al. (2021). Prediction: coveted, yet forsaken? The CVPAT. Decision Sciences 52.
    """

    items: pl.DataFrame
    against_mean: pl.DataFrame
    against_benchmark: pl.DataFrame
    errors: pl.DataFrame
    folds: int
    repeats: int
    antecedents: Antecedents
    benchmark: Benchmark
    notes: tuple[Note, ...]


def predict_out_of_sample(
    fit: PathFit,
    folds: int | None,
    repeats: int,
    seed: int | None,
    antecedents: Antecedents,
    benchmark: Benchmark,
    level: float,
) -> Prediction:
    """Predict each answer from the others; see `PathFit.predict_out_of_sample`."""
    _refuse_what_means_nothing(fit, folds, repeats, antecedents, benchmark)
    known = KnownAnswers.of(fit)
    n = len(known.rows)
    count = n if folds is None else folds
    generator = np.random.default_rng(checked_seed(seed))
    targets = _targets(fit.structure)
    model, means, linear = [], [], []
    for _ in range(1 if folds is None else repeats):
        division = Division.drawn(n, count, generator)
        model.append(by_model(fit, known, division, antecedents, targets))
        means.append(by_averages(known, division, targets))
        linear.append(by_regressions(known, fit.structure, division, benchmark, targets))
    losses = _Losses.of(known, targets, [fit.model.names[j] for j in fit.structure.block[targets]])
    return _told(fit, losses, (model, means, linear), count, antecedents, benchmark, level)


def _refuse_what_means_nothing(
    fit: PathFit, folds: int | None, repeats: int, antecedents: Antecedents, benchmark: Benchmark
) -> None:
    for option, value, allowed in (
        ("antecedents", antecedents, get_args(Antecedents)),
        ("benchmark", benchmark, get_args(Benchmark)),
    ):
        if value not in allowed:
            raise BadOption(option, value, list(allowed))
    if fit.rows is None:
        raise BadValue(
            Text("A model fitted on moments cannot be held against answers: they are not there."),
            hint=Text("Fit it on the answers themselves."),
        )
    if folds is not None and not 2 <= folds <= len(fit.rows):
        raise BadOption("folds", folds, [f"2 to {len(fit.rows)}"])
    if repeats < 1:
        raise BadOption("repeats", repeats, [Text("a whole number above zero, as 10")])


def _targets(structure: Structure) -> NDArray[np.intp]:
    return np.flatnonzero(structure.counts[structure.block] > 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Losses:
    """How errors are averaged: `actual`, `given` (n, items), `weights` (n,), the construct of each item."""

    actual: Floats
    given: NDArray[np.bool_]
    weights: Floats
    owners: list[str]

    @classmethod
    def of(cls, known: KnownAnswers, targets: NDArray[np.intp], owners: list[str]) -> _Losses:
        given = known.given[:, targets]
        return cls(actual=known.rows[:, targets], given=given, weights=known.weights, owners=owners)

    def errors(self, predicted: list[Floats]) -> list[Floats]:
        """Return the errors of each repeat; zero where there is no answer (it has no weight either)."""
        return [np.where(self.given, self.actual - each, 0.0) for each in predicted]

    def mean(self, values: Floats) -> Floats:
        """Return the weighted mean of each item's values (items,)."""
        shares = self.weights[:, None] * self.given
        return np.asarray((shares * values).sum(axis=0) / shares.sum(axis=0))

    def of_construct(self, squares: Floats, name: str) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the loss of each answer to a construct (or ``all``), and who gave one."""
        chosen = [place for place, owner in enumerate(self.owners) if name in ("all", owner)]
        count = self.given[:, chosen].sum(axis=1)
        return squares[:, chosen].sum(axis=1) / np.maximum(count, 1), count > 0


def _told(
    fit: PathFit,
    losses: _Losses,
    predicted: tuple[list[Floats], list[Floats], list[Floats]],
    folds: int,
    antecedents: Antecedents,
    benchmark: Benchmark,
    level: float,
) -> Prediction:
    errors, naive, other = (losses.errors(each) for each in predicted)
    names = [fit.model.items[i] for i in _targets(fit.structure)]
    items = pl.DataFrame(
        {
            "construct": losses.owners,
            "item": names,
            "n": losses.given.sum(axis=0),
            "rmse": _root_mean_square(losses, errors),
            "mae": _mean_absolute(losses, errors),
            "q2": 1 - _mean_square(losses, errors) / _mean_square(losses, naive),
            "benchmark_rmse": _root_mean_square(losses, other),
            "benchmark_mae": _mean_absolute(losses, other),
        }
    )
    against_mean = _ability(losses, errors, naive, level)
    against_benchmark = _ability(losses, errors, other, level)
    mean_error = pl.DataFrame(np.mean(errors, axis=0), schema=names)
    given = pl.DataFrame(losses.given, schema=names)
    return Prediction(
        items=items,
        against_mean=against_mean,
        against_benchmark=against_benchmark,
        errors=mean_error.select(pl.when(given[name]).then(pl.col(name)).alias(name) for name in names),
        folds=folds,
        repeats=len(errors),
        antecedents=antecedents,
        benchmark=benchmark,
        notes=_verdict(fit, items, against_mean, against_benchmark),
    )


def _mean_square(losses: _Losses, errors: list[Floats]) -> Floats:
    return np.asarray(np.mean([losses.mean(each**2) for each in errors], axis=0))


def _root_mean_square(losses: _Losses, errors: list[Floats]) -> Floats:
    return np.asarray(np.mean([np.sqrt(losses.mean(each**2)) for each in errors], axis=0))


def _mean_absolute(losses: _Losses, errors: list[Floats]) -> Floats:
    return np.asarray(np.mean([losses.mean(np.abs(each)) for each in errors], axis=0))


def _ability(losses: _Losses, errors: list[Floats], others: list[Floats], level: float) -> pl.DataFrame:
    """Return CVPAT: paired differences of mean squared loss, per construct and over all items."""
    squares, their_squares = (np.mean([e**2 for e in each], axis=0) for each in (errors, others))
    rows = []
    for name in [*dict.fromkeys(losses.owners), "all"]:
        mine, answered = losses.of_construct(squares, name)
        theirs, _ = losses.of_construct(their_squares, name)
        rows.append((name, *_difference(mine[answered], theirs[answered], losses.weights[answered], level)))
    columns = ["construct", "loss", "other_loss", "estimate", "ci_low", "ci_high", "p_value", "n"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _difference(mine: Floats, theirs: Floats, weights: Floats, level: float) -> tuple[float | int, ...]:
    """Return both mean losses, their difference, its interval, p value and n: a paired (weighted) t test."""
    from scipy.stats import t as student

    shares = weights / weights.sum()
    difference = mine - theirs
    mean = float(shares @ difference)
    n = len(difference)
    error = float(np.sqrt(n / (n - 1) * (shares**2 @ (difference - mean) ** 2)))
    freedom = max(1 / float(shares @ shares) - 1, 1.0)
    reach = float(student.ppf((1 + level) / 2, freedom)) * error
    p_value = float(2 * student.sf(abs(mean) / error, freedom)) if error > 0 else 1.0
    return float(shares @ mine), float(shares @ theirs), mean, mean - reach, mean + reach, p_value, n


def _verdict(
    fit: PathFit, items: pl.DataFrame, mean: pl.DataFrame, benchmark: pl.DataFrame
) -> tuple[Note, ...]:
    found = [_overall(items, mean, benchmark), _not_predicted(mean), _by_consistent_paths(fit)]
    return tuple(note for note in found if note is not None)


def _not_predicted(mean: pl.DataFrame) -> Note | None:
    """Name the constructs whose new answers their average foretells as well, where others are predicted."""
    whole = mean.filter(pl.col("construct") == "all").row(0, named=True)
    weak = mean.filter((pl.col("construct") != "all") & (pl.col("ci_high") >= 0))["construct"].to_list()
    if not weak or whole["ci_high"] >= 0:
        return None
    text = Text(
        "New answers to {names} are predicted no better than by their average.",
        names=Listing.of(construct_name(name) for name in weak),
    )
    return Note(code="not_predicted", text=text)


def _by_consistent_paths(fit: PathFit) -> Note | None:
    if not fit.options.consistent:
        return None
    text = Text(
        "New answers are predicted by the consistent paths and loadings, applied to the scores of the "
        "constructs (as seminr does). The scores still hold measurement error: hold it against the "
        "prediction without consistent=True, which may be better."
    )
    return Note(code="predicted_by_consistent_paths", text=text)


def _overall(items: pl.DataFrame, mean: pl.DataFrame, benchmark: pl.DataFrame) -> Note:
    over_mean, over_linear = (
        table.filter(pl.col("construct") == "all").row(0, named=True) for table in (mean, benchmark)
    )
    q2 = Decimal(float(items["q2"].mean()))  # type: ignore[arg-type]
    if over_mean["ci_high"] >= 0:
        text = Text("The model predicts new answers no better than their averages do (mean Q2 {q2}).", q2=q2)
        return Note(code="no_prediction", text=text)
    if over_linear["ci_high"] < 0:
        text = Text(
            "The model predicts new answers better than averages and than plain regressions (mean Q2 {q2}).",
            q2=q2,
        )
        return Note(code="strong_prediction", text=text)
    text = Text(
        "The model predicts new answers better than averages, but not than plain regressions (mean Q2 {q2}).",
        q2=q2,
    )
    return Note(code="some_prediction", text=text)
