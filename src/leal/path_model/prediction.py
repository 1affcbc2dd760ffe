"""How well a model predicts answers that it has not seen: PLSpredict, and the test against a benchmark.

Each fold is left out once; the model is estimated on the others (all folds in one batch), standardised with
the training answers, and predicts the items of the constructs that paths lead to. Q2 = 1 - SSE / SSO, where
SSO is the error of the training means (cSEM takes the mean error out of SSE first: the sixth digit differs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.errors import BadOption, BadValue
from leal.path_model.estimation import Solution
from leal.path_model.resampling import Answers
from leal.path_model.structure import Structure
from leal.results import Note
from leal.wording import Count, Decimal, Text

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
        item, construct, n, rmse, mae, q2, benchmark_rmse, benchmark_mae: a row an item.
    against_mean, against_benchmark : polars.DataFrame
        The cross-validated predictive ability test (CVPAT): construct (and all), mean loss of the model and
        of the other, difference, interval, p_value. A difference below zero favours the model.
    errors : (n, items) array
        Prediction error of each answer.
    folds, repeats : int
        How the answers were divided.
    antecedents, benchmark : str
        See `Antecedents`, `Benchmark`.
    notes : tuple of Note
        What it says, in words.

    References
    ----------
    Shmueli, G., Ray, S., Velasquez Estrada, J., Chatla, S. (2016). The elephant in the room: PLS prediction.
    Liengaard, B. et al. (2021). Prediction: coveted, yet forsaken? The CVPAT. Decision Sciences 52.
    """

    items: pl.DataFrame
    against_mean: pl.DataFrame
    against_benchmark: pl.DataFrame
    errors: Floats
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
    count = len(fit.rows) if folds is None else folds
    if not 2 <= count <= len(fit.rows):
        raise BadOption("folds", folds, [f"2 to {len(fit.rows)}"])
    generator = np.random.default_rng(seed)
    targets = _targets(fit.structure)
    predicted, means, linear = [], [], []
    for _ in range(1 if folds is None else repeats):
        places = _divide(len(fit.rows), count, generator)
        predicted.append(_predicted(fit, places, count, antecedents, targets))
        means.append(_training_means(fit, places, count)[:, targets])
        linear.append(_linear(fit, places, count, benchmark, targets))
    return _told(fit, targets, predicted, means, linear, count, len(predicted), antecedents, benchmark, level)


def _targets(structure: Structure) -> NDArray[np.intp]:
    return np.flatnonzero(structure.counts[structure.block] > 0)


def _divide(n: int, folds: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return the fold of each answer; with as many folds as answers, each its own."""
    places = np.arange(n, dtype=np.int64) % folds
    if folds < n:
        generator.shuffle(places)
    return places


def _training(places: NDArray[np.int64], folds: int) -> NDArray[np.float32]:
    return np.asarray(np.arange(folds)[:, None] != places[None], dtype=np.float32)


def _predicted(
    fit: PathFit, places: NDArray[np.int64], folds: int, antecedents: Antecedents, targets: NDArray[np.intp]
) -> Floats:
    assert fit.rows is not None
    structure = fit.structure
    answers = Answers.of(fit.rows, fit.row_weights)
    solution = answers.solve(_training(places, folds), structure, fit.options.rules)
    lost = int((~(solution.usable & (solution.iterations > 0))).sum())
    if lost:
        raise BadValue(
            Text(
                "The model cannot be estimated without {lost} of the {folds} folds: an item has no variation "
                "in the other answers, or the estimation does not settle.",
                lost=Count(lost),
                folds=Count(folds),
            ),
            hint=Text("Leave out items that hardly vary, choose more folds, or collect more answers."),
        )
    raw = fit.options.rules.metric == "raw"
    scale = np.ones_like(solution.deviations) if raw else solution.deviations
    standard = (fit.rows - solution.means[:, places].T) / scale[:, places].T
    scores = np.add.reduceat(standard * solution.weights[:, places].T, structure.starts[:-1], axis=1)
    driven = _driven(scores, solution, structure, places, antecedents)
    own = structure.block[targets]
    loadings = solution.loadings(structure)[targets][:, places].T
    centred = loadings * driven[:, own] * scale[targets][:, places].T
    return np.asarray(centred + solution.means[targets][:, places].T)


def _driven(
    scores: Floats,
    solution: Solution,
    structure: Structure,
    places: NDArray[np.int64],
    antecedents: Antecedents,
) -> Floats:
    """Return predicted construct scores, each construct after those that lead to it."""
    driven = scores.copy()
    for target in _in_order(structure):
        sources = structure.predictors[target, : structure.counts[target]]
        if sources.size:
            base = scores if antecedents == "direct" else driven
            driven[:, target] = (base[:, sources] * solution.paths[sources, target][:, places].T).sum(axis=1)
    return driven


def _in_order(structure: Structure) -> list[int]:
    """Return the constructs so that causes come first."""
    order: list[int] = []
    while len(order) < structure.constructs:
        for target in range(structure.constructs):
            sources = np.flatnonzero(structure.sources[:, target])
            if target not in order and set(sources.tolist()) <= set(order):
                order.append(target)
    return order


def _training_means(fit: PathFit, places: NDArray[np.int64], folds: int) -> Floats:
    assert fit.rows is not None
    training = _training(places, folds).astype(np.float64)
    means = training @ fit.rows / training.sum(axis=1, keepdims=True)
    return np.asarray(means[places])


def _linear(
    fit: PathFit, places: NDArray[np.int64], folds: int, benchmark: Benchmark, targets: NDArray[np.intp]
) -> Floats:
    """Return the predictions of ordinary regressions of each item."""
    assert fit.rows is not None
    rows, structure = fit.rows, fit.structure
    exogenous = np.flatnonzero(structure.counts[structure.block] == 0)
    out = np.empty((len(rows), targets.size))
    for own in np.unique(structure.block[targets]):
        items = np.flatnonzero(structure.block[targets] == own)
        drivers = np.flatnonzero(structure.block != own) if benchmark == "other_blocks" else exogenous
        design = rows[:, drivers]
        if benchmark != "exogenous_no_constant":
            design = np.concatenate([np.ones((len(rows), 1)), design], axis=1)
        out[:, items] = _cross_fitted(design, rows[:, targets[items]], places, folds)
    return out


def _cross_fitted(design: Floats, outcome: Floats, places: NDArray[np.int64], folds: int) -> Floats:
    """Return predictions of each fold from regressions on the others."""
    if folds == len(design):
        inverse = np.linalg.pinv(design)
        leverage = np.einsum("ij,ji->i", design, inverse)[:, None]
        return np.asarray(outcome - (outcome - design @ (inverse @ outcome)) / (1 - leverage))
    out = np.empty_like(outcome)
    for fold in range(folds):
        inside = places != fold
        slopes = np.linalg.lstsq(design[inside], outcome[inside], rcond=None)[0]
        out[~inside] = design[~inside] @ slopes
    return out


def _told(
    fit: PathFit,
    targets: NDArray[np.intp],
    predicted: list[Floats],
    means: list[Floats],
    linear: list[Floats],
    folds: int,
    repeats: int,
    antecedents: Antecedents,
    benchmark: Benchmark,
    level: float,
) -> Prediction:
    assert fit.rows is not None
    actual = fit.rows[:, targets]
    errors = [actual - each for each in predicted]
    naive = [actual - each for each in means]
    other = [actual - each for each in linear]
    owners = [fit.model.names[j] for j in fit.structure.block[targets]]
    items = pl.DataFrame(
        {
            "construct": owners,
            "item": [fit.model.items[i] for i in targets],
            "n": [len(actual)] * targets.size,
            "rmse": _root_mean_square(errors),
            "mae": _mean_absolute(errors),
            "q2": 1 - _mean_square(errors) / _mean_square(naive),
            "benchmark_rmse": _root_mean_square(other),
            "benchmark_mae": _mean_absolute(other),
        }
    )
    against_mean = _ability(errors, naive, owners, level)
    against_benchmark = _ability(errors, other, owners, level)
    return Prediction(
        items=items,
        against_mean=against_mean,
        against_benchmark=against_benchmark,
        errors=np.mean(errors, axis=0),
        folds=folds,
        repeats=repeats,
        antecedents=antecedents,
        benchmark=benchmark,
        notes=_verdict(items, against_mean, against_benchmark),
    )


def _mean_square(errors: list[Floats]) -> Floats:
    return np.asarray(np.mean([(each**2).mean(axis=0) for each in errors], axis=0))


def _root_mean_square(errors: list[Floats]) -> Floats:
    return np.asarray(np.mean([np.sqrt((each**2).mean(axis=0)) for each in errors], axis=0))


def _mean_absolute(errors: list[Floats]) -> Floats:
    return np.asarray(np.mean([np.abs(each).mean(axis=0) for each in errors], axis=0))


def _ability(errors: list[Floats], others: list[Floats], owners: list[str], level: float) -> pl.DataFrame:
    """Return CVPAT: paired differences of mean squared loss, per construct and over all items."""
    from scipy.stats import t as student

    loss = np.mean([each**2 for each in errors], axis=0)
    other = np.mean([each**2 for each in others], axis=0)
    names = [*dict.fromkeys(owners), "all"]
    rows = []
    for name in names:
        chosen = [place for place, owner in enumerate(owners) if name in ("all", owner)]
        mine, theirs = loss[:, chosen].mean(axis=1), other[:, chosen].mean(axis=1)
        difference = mine - theirs
        n = len(difference)
        error = float(difference.std(ddof=1) / np.sqrt(n))
        mean = float(difference.mean())
        reach = float(student.ppf((1 + level) / 2, n - 1)) * error
        p_value = float(2 * student.sf(abs(mean) / error, n - 1)) if error > 0 else 1.0
        rows.append((name, mine.mean(), theirs.mean(), mean, mean - reach, mean + reach, p_value, n))
    columns = ["construct", "loss", "other_loss", "estimate", "ci_low", "ci_high", "p_value", "n"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _verdict(items: pl.DataFrame, mean: pl.DataFrame, benchmark: pl.DataFrame) -> tuple[Note, ...]:
    over_mean, over_linear = (
        table.filter(pl.col("construct") == "all").row(0, named=True) for table in (mean, benchmark)
    )
    q2 = Decimal(float(items["q2"].mean()))  # type: ignore[arg-type]
    if over_mean["ci_high"] >= 0:
        text = Text("The model predicts new answers no better than their averages do (mean Q2 {q2}).", q2=q2)
        return (Note(code="no_prediction", text=text),)
    if over_linear["ci_high"] < 0:
        text = Text(
            "The model predicts new answers better than averages and than plain regressions (mean Q2 {q2}).",
            q2=q2,
        )
        return (Note(code="strong_prediction", text=text),)
    text = Text(
        "The model predicts new answers better than averages, but not than plain regressions (mean Q2 {q2}).",
        q2=q2,
    )
    return (Note(code="some_prediction", text=text),)
