"""Resamples of answers with gaps are centred on what was estimated, whatever the rule for gaps."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.path_model.test_properties import ITEMS, MODEL, answers

from leal.errors import BadValue
from leal.path_model import PathFit, PathModel
from leal.path_model.drawn_figures import answers_of, figures_of


def holes(seed: int, rows: int = 300, share: float = 0.12) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    gaps = [
        pl.when(pl.Series(generator.random(rows) < share)).then(None).otherwise(pl.col(item)).alias(item)
        for item in ITEMS
    ]
    return answers(seed, rows=rows).with_columns(gaps)


def whole(fit: PathFit) -> dict[str, np.ndarray]:
    prepared = answers_of(fit)
    figures, usable = figures_of(fit, prepared.sums(np.ones((1, prepared.n), dtype=np.float32)))
    assert usable.all()
    return {name: values[:, 0] for name, values in figures.items()}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("missing", ["casewise", "mean", "pairwise", "em"])
def test_all_answers_once_give_the_fit_itself(missing: str, weighted: bool) -> None:
    frame = holes(3).with_columns(w=pl.Series(np.tile([1.0, 2.0, 0.5], 100)))
    weight = "w" if weighted else None
    fit = MODEL.fit(frame, weight, missing=missing, tolerance=1e-12)  # type: ignore[arg-type]
    found = whole(fit)
    # Pairwise and weighted: how many share a pair is taken from the weights.
    tolerance = 1e-4 if weighted and missing == "pairwise" else 1e-6
    for name in ("weights", "loadings", "paths", "r_squared"):
        assert found[name] == pytest.approx(getattr(fit, name)["estimate"].to_numpy(), abs=tolerance), name
    assert found["index"] == pytest.approx(fit.index_values("B"), abs=1e-4)


@pytest.mark.parametrize("missing", ["mean", "pairwise", "em"])
def test_draws_lie_about_the_estimate(missing: str) -> None:
    fit = MODEL.fit(holes(4), missing=missing)  # type: ignore[arg-type]
    for table in (fit.bootstrap(800, seed=1).paths, fit.jackknife().paths):
        assert (table["ci_low"] < table["estimate"]).all()
        assert (table["estimate"] < table["ci_high"]).all()
    drawn = fit.bootstrap(800, seed=1)
    shift = drawn.draws.paths.mean(axis=1) - fit.paths["estimate"].to_numpy()
    assert (np.abs(shift) < 0.35 * drawn.paths["standard_error"].to_numpy()).all()


def test_gaps_cost_certainty() -> None:
    """Of answers with gaps less is known than of the same answers without."""
    complete = MODEL.fit(answers(5, rows=300)).bootstrap(800, seed=1).paths["standard_error"]
    for missing in ("pairwise", "em"):
        gaps = MODEL.fit(holes(5, share=0.3), missing=missing)  # type: ignore[arg-type]
        assert (gaps.bootstrap(800, seed=1).paths["standard_error"] > complete).all()


def test_construct_signs_undo_a_turned_resample() -> None:
    from leal.path_model.estimation import aligned

    fit = MODEL.fit(answers(6), signs="construct")
    turned = fit.solution
    flipped = type(turned)(
        **{
            name: getattr(turned, name).copy()
            for name in (
                "weights",
                "cross_loadings",
                "correlations",
                "paths",
                "r_squared",
                "iterations",
                "means",
                "deviations",
            )
        }
    )
    own = fit.structure.block == 1
    flipped.weights[own] *= -1
    flipped.cross_loadings[:, 1] *= -1
    flipped.correlations[1] *= -1
    flipped.correlations[:, 1] *= -1
    flipped.paths[1] *= -1
    flipped.paths[:, 1] *= -1
    back = aligned(flipped, fit.solution, fit.structure)
    for name in ("weights", "cross_loadings", "correlations", "paths"):
        assert getattr(back, name) == pytest.approx(getattr(turned, name)), name
    plain = MODEL.fit(answers(6)).bootstrap(300, seed=1).paths
    assert fit.bootstrap(300, seed=1).paths["ci_low"].to_list() == plain["ci_low"].to_list()


def test_correlations_that_contradict_each_other_are_noted() -> None:
    frame = answers(0).with_columns(d=pl.col("a"))
    fit = MODEL.fit(frame, consistent=True)
    eigenvalue = np.linalg.eigvalsh(fit.solution.correlations[:, :, 0]).min()
    assert ("inadmissible_correlations" in {note.code for note in fit.notes}) == (eigenvalue < -1e-9)


def test_resamples_are_near_their_own_fixed_points() -> None:
    """The influence on the fixed point, against expectation-maximisation run on each resample anew."""
    frame = holes(7, rows=250)
    fit = MODEL.fit(frame, missing="em")
    prepared = answers_of(fit)
    generator = np.random.default_rng(2)
    quick, exact = [], []
    for _ in range(30):
        drawn = generator.integers(0, 250, 250)
        counts = np.bincount(drawn, minlength=250).astype(np.float32)[None]
        figures, _ = figures_of(fit, prepared.sums(counts))
        quick.append(figures["paths"][:, 0])
        exact.append(MODEL.fit(frame[drawn.tolist()], missing="em").paths["estimate"].to_numpy())
    quick_all, exact_all = np.array(quick), np.array(exact)
    assert np.abs(quick_all - exact_all).mean() < 0.2 * exact_all.std(axis=0).mean()
    assert quick_all.std(axis=0) == pytest.approx(exact_all.std(axis=0), rel=0.15)


def many(rows: int, share: float) -> tuple[PathModel, pl.DataFrame]:
    """Three constructs of four items, each answer left out with the probability given."""
    generator = np.random.default_rng(11)
    one = generator.normal(size=(rows, 1))
    two = 0.6 * one + 0.8 * generator.normal(size=(rows, 1))
    three = 0.6 * two + 0.8 * generator.normal(size=(rows, 1))
    values = np.repeat(np.hstack([one, two, three]), 4, axis=1) + 0.7 * generator.normal(size=(rows, 12))
    values = 6 + 1.5 * values
    values[generator.random(values.shape) < share] = np.nan
    names = [f"{block}{place}" for block in "abc" for place in range(4)]
    model = PathModel("A =~ a0+a1+a2+a3\nB =~ b0+b1+b2+b3\nC =~ c0+c1+c2+c3\nB ~ A\nC ~ B")
    return model, pl.DataFrame(values, schema=names).fill_nan(None)


def test_steps_at_the_estimate_lead_nowhere() -> None:
    """The extrapolated iteration ends where a plain step of expectation-maximisation changes nothing."""
    from leal.path_model import Moments
    from leal.path_model.missing_answers import expectation_step

    model, frame = many(300, 0.4)
    moments = Moments.from_frame(frame, model.items)
    found = moments.covariance("em")
    assert found.settled
    matrix = found.matrix * (1 - 1 / found.n)
    means, second = expectation_step(moments, found.means[None], matrix[None])
    assert means[0] == pytest.approx(found.means, abs=1e-8)
    assert second[0] - np.outer(means[0], means[0]) == pytest.approx(matrix, abs=1e-8)


@pytest.mark.slow
def test_sixty_percent_of_gaps_still_have_intervals() -> None:
    """Draws by the influence of answers spread as resamples fitted each by itself."""
    model, frame = many(700, 0.6)
    fit = model.fit(frame, missing="em")
    drawn = fit.bootstrap(600, seed=1)
    assert drawn.unusable == 0
    generator = np.random.default_rng(3)
    exact = [
        model.fit(frame[generator.integers(0, frame.height, frame.height).tolist()], missing="em").paths[
            "estimate"
        ]
        for _ in range(60)
    ]
    assert drawn.paths["standard_error"].to_numpy() == pytest.approx(
        np.std(np.array(exact), axis=0), rel=0.35
    )


def test_too_many_gaps_are_unknown_and_the_hint_speaks_of_them() -> None:
    model, frame = many(60, 0.75)
    fit = model.fit(frame, missing="em")
    assert "gaps_leave_open" in {note.code for note in fit.notes}
    with pytest.raises(BadValue, match="Intervals are unknown") as refused:
        fit.bootstrap(200, seed=1)
    assert "left out" in str(refused.value.hint)
    assert not fit.resampled
    index = fit.index  # levels rest on means, which gaps leave known
    assert index["method"].unique().to_list() == ["fixed_weights"]
    assert (index["ci_low"] < index["estimate"]).all()
    assert (index["estimate"] < index["ci_high"]).all()


def test_filling_by_the_mean_does_not_feign_certainty() -> None:
    """A mean of half as many answers has 1.4 times the error."""
    model, frame = many(400, 0.0)
    half = pl.int_range(pl.len()) % 2 == 0
    gapped = frame.with_columns(
        pl.when(half).then(None).otherwise(pl.col(f"c{i}")).alias(f"c{i}") for i in range(4)
    )
    whole = model.fit(frame, index="D").bootstrap(800, seed=1).index["standard_error"][2]
    filled = model.fit(gapped, index="D", missing="mean").bootstrap(800, seed=1).index["standard_error"][2]
    assert filled / whole == pytest.approx(np.sqrt(2), rel=0.1)
