"""What must hold whatever the data: order, scale, duplication, signs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.path_model import PathFit, PathModel

MODEL = PathModel("One =~ a + b + c\nTwo =~ d + e\nThree =~ f + g\nTwo ~ One\nThree ~ One + Two")
ITEMS = list("abcdefg")


def answers(seed: int, rows: int = 120) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    one = generator.normal(size=rows)
    two = 0.6 * one + generator.normal(size=rows)
    three = 0.3 * one + 0.5 * two + generator.normal(size=rows)
    scores = np.stack([one, one, one, two, two, three, three], axis=1)
    values = np.clip(np.rint(6 + 1.5 * scores + generator.normal(size=scores.shape)), 1, 10)
    return pl.DataFrame(values, schema=ITEMS)


def estimates(fit: PathFit) -> list[float]:
    return [*fit.weights["estimate"], *fit.paths["estimate"], *fit.r_squared["estimate"]]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_scale_and_duplication_change_nothing(seed: int) -> None:
    frame = answers(seed)
    base = estimates(MODEL.fit(frame, tolerance=1e-12))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    assert estimates(MODEL.fit(shuffled, tolerance=1e-12)) == pytest.approx(base, abs=1e-9)
    stretched = frame.with_columns(pl.col("a") * 3 - 7)
    assert estimates(MODEL.fit(stretched, tolerance=1e-12)) == pytest.approx(base, abs=1e-9)
    doubled = pl.concat([frame, frame])
    weighted = frame.with_columns(w=pl.lit(2.0))
    assert estimates(MODEL.fit(doubled, tolerance=1e-12)) == pytest.approx(base, abs=1e-9)
    assert estimates(MODEL.fit(weighted, "w", tolerance=1e-12)) == pytest.approx(base, abs=1e-9)


def test_a_turned_item_turns_its_sign() -> None:
    frame = answers(3)
    turned = MODEL.fit(frame.with_columns((11 - pl.col("b")).alias("b")), signs="dominant")
    loadings = dict(zip(turned.loadings["item"], turned.loadings["estimate"], strict=True))
    assert loadings["b"] < 0 < loadings["a"]
    assert "negative_weights" in {note.code for note in turned.notes}


def test_the_index_of_all_lowest_and_all_highest() -> None:
    """ACSI formula: all answers 1 give 0, all 10 give 100, all 5.5 give 50."""
    fit = MODEL.fit(answers(5))
    for answer, value in ((1.0, 0.0), (10.0, 100.0), (5.5, 50.0)):
        row = pl.DataFrame({item: [answer] for item in ITEMS})
        assert fit.scores(row, unit="index").row(0) == pytest.approx((value,) * 3)


def test_two_blocks_in_mode_b_are_the_canonical_correlation() -> None:
    frame = answers(8)
    model = PathModel("One <~ a + b + c\nTwo <~ d + e\nTwo ~ One")
    fit = model.fit(frame, tolerance=1e-13)
    values = frame.select(ITEMS[:5]).to_numpy()
    s = np.corrcoef(values.T)
    whole = np.linalg.inv(s[:3, :3]) @ s[:3, 3:] @ np.linalg.inv(s[3:, 3:]) @ s[3:, :3]
    canonical = float(np.sqrt(np.max(np.real(np.linalg.eigvals(whole)))))
    assert fit.paths["estimate"][0] == pytest.approx(canonical, abs=1e-9)


def test_one_fit_does_not_depend_on_its_neighbours() -> None:
    """A lane that has converged is frozen: 1 and 65 resamples agree to the last bit."""
    from leal.path_model.estimation import Rules
    from leal.path_model.resampling import Answers, bootstrap_counts
    from leal.path_model.structure import Structure

    rows = answers(2).to_numpy()
    prepared = Answers.of(rows, None)
    counts = next(iter(bootstrap_counts(len(rows), 130, seed=1)))
    many = prepared.solve(counts, Structure(MODEL), Rules())
    for place in (0, 64, 129):
        one = prepared.solve(counts[[place]], Structure(MODEL), Rules())
        assert one.weights[:, 0] == pytest.approx(many.weights[:, place], abs=1e-14)
        assert one.iterations[0] == many.iterations[place]


def test_scores_have_mean_zero_and_variance_one() -> None:
    frame = answers(9)
    scores = MODEL.fit(frame).scores(frame)
    assert scores.mean().row(0) == pytest.approx((0, 0, 0), abs=1e-12)
    assert scores.std().row(0) == pytest.approx((1, 1, 1))
    assert scores.select(pl.corr("One", "Two")).item() == pytest.approx(
        MODEL.fit(frame).correlations["Two"][0], abs=1e-12
    )
