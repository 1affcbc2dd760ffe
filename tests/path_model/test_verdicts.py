"""Each criterion says something in words, good or bad."""

from __future__ import annotations

import numpy as np
import polars as pl
from tests.path_model.test_properties import ITEMS, MODEL, answers

from leal.path_model import Moments, PathFit, PathModel

CRITERIA = [
    "alpha", "rho_A", "rho_C", "AVE", "HTMT", "fornell_larcker",
    "cross_loadings", "VIF", "item_VIF", "f2", "R2", "SRMR",
]  # fmt: skip


def said(fit: PathFit) -> dict[str, str]:
    return {note.code: str(note.text) for note in fit.assess(200).by_criterion}


def test_every_criterion_has_a_sentence() -> None:
    found = said(MODEL.fit(answers(1, rows=400)))
    assert list(found) == CRITERIA
    assert found["rho_C"] == "rho_C is 0.7 or more for every construct."
    assert found["HTMT"] == "All constructs can be told apart: every HTMT is .9 or less."
    assert found["cross_loadings"] == "Each item loads highest on its own construct."
    assert found["R2"].startswith("Explained (R2): ")


def test_what_is_wrong_is_named() -> None:
    generator = np.random.default_rng(2)
    frame = answers(2, rows=300).with_columns(
        b=pl.Series(generator.integers(1, 11, 300) * 1.0),
        c=pl.Series(generator.integers(1, 11, 300) * 1.0),
        f=pl.col("d"),
        g=pl.col("e"),
    )
    found = said(MODEL.fit(frame))
    assert "below the wanted 0.5 for One" in found["AVE"]
    assert "Two / Three (" in found["HTMT"]
    assert "Two" in found["fornell_larcker"]
    assert "Three" in found["fornell_larcker"]
    assert "One → Three" in found["f2"]
    assert "One" in found["alpha"]


def test_the_interval_of_the_ratio_is_read_too() -> None:
    """An HTMT of .9 or less that may be more is no proof of difference."""
    generator = np.random.default_rng(3)
    one, two = generator.multivariate_normal([0, 0], [[1, 0.85], [0.85, 1]], 60).T
    columns = {name: (one if name in "abc" else two) + generator.normal(0, 0.8, 60) for name in ITEMS}
    found = said(PathModel("One =~ a + b + c\nTwo =~ d + e\nTwo ~ One").fit(pl.DataFrame(columns)))
    assert "interval reaches above .9 for One / Two" in found["HTMT"]


def test_items_that_load_elsewhere_are_named() -> None:
    frame = answers(4, rows=300).with_columns(c=pl.col("d"))
    assert "c" in said(MODEL.fit(frame))["cross_loadings"].split(": ")[1]


def test_items_that_repeat_others_are_named() -> None:
    frame = answers(5, rows=300)
    copied = said(MODEL.fit(frame.with_columns(b=pl.col("a"))))["item_VIF"]
    assert copied.endswith("cannot be told (a, b, c).")
    noise = pl.Series(np.random.default_rng(5).normal(0, 0.1, 300))
    assert said(MODEL.fit(frame.with_columns(b=pl.col("a") + noise)))["item_VIF"].endswith("Mode B): a, b.")


def test_causes_that_cannot_be_separated_are_named() -> None:
    frame = answers(6, rows=300).with_columns(
        d=pl.col("a"), e=pl.col("b") + pl.Series(np.random.default_rng(6).normal(0, 0.1, 300))
    )
    assert "One → Three" in said(MODEL.fit(frame))["VIF"]


def test_single_items_have_no_reliability() -> None:
    found = said(PathModel("One =~ a\nTwo =~ d\nTwo ~ One").fit(answers(7)))
    assert "alpha" not in found
    assert "reliability is not told" in found["reliability"]


def test_moments_are_judged_too() -> None:
    fit = MODEL.fit(Moments.from_frame(answers(8, rows=300), ITEMS))
    assert [note.code for note in fit.assess().by_criterion] == CRITERIA


def test_consistent_fits_are_held_to_common_factors() -> None:
    fit = MODEL.fit(answers(9, rows=400), consistent=True)
    rows = fit.assess(100).residual
    value = rows.filter((pl.col("reading") == "common factors") & (pl.col("model") == "estimated"))
    assert f"SRMR {value['estimate'][0]:.3f}" in said(fit)["SRMR"]


def test_sentences_are_in_russian_too() -> None:
    for note in MODEL.fit(answers(10)).assess(100).by_criterion:
        assert note.text.into("ru") != str(note.text), note.code


def blocks(common: float, rows: int = 300) -> pl.DataFrame:
    """Three blocks of three items whose constructs share a cause of this strength, and nothing else."""
    generator = np.random.default_rng(1)
    shared = generator.normal(size=(rows, 1))
    scores = common * shared + np.sqrt(1 - common**2) * generator.normal(size=(rows, 3))
    values = 0.8 * np.repeat(scores, 3, axis=1) + 0.6 * generator.normal(size=(rows, 9))
    return pl.DataFrame(values, schema=[f"x{i}" for i in range(9)])


def test_residuals_are_not_taken_for_strength() -> None:
    """Constructs without any relation are reproduced well: that is no praise of the model."""
    measured = "A =~ x0 + x1 + x2\nB =~ x3 + x4 + x5\nC =~ x6 + x7 + x8\n"
    unrelated = said(PathModel(f"{measured}C ~ A + B").fit(blocks(0.0)))["SRMR"]
    assert "leaves out few relations" in unrelated
    assert unrelated.endswith("How strong the relations are, R2 tells.")
    unsettled = said(PathModel(f"{measured}B ~ A\nC ~ B").fit(blocks(0.65)))["SRMR"]
    assert "is not settled" in unsettled
    wrong = said(PathModel(f"{measured}B ~ A\nC ~ B").fit(blocks(0.9)))["SRMR"]
    assert "leaves out relations" in wrong
