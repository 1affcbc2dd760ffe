from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from leal.errors import BadValue
from leal.explain import construct_asymmetries
from leal.path_model import Moments, PathModel

MODEL = PathModel("""
    Basics       =~ a1 + a2 + a3
    Extras       =~ b1 + b2 + b3
    Satisfaction =~ s1 + s2 + s3
    Satisfaction ~ Basics + Extras
""")


def answers(n: int = 1200, seed: int = 1, *, basic: float = 1.0, extra: float = 1.0) -> pl.DataFrame:
    """Basics that only spoil, extras that only delight."""
    generator = np.random.default_rng(seed)
    basics, extras = generator.normal(size=(2, n))
    satisfaction = (
        basic * np.minimum(basics, 0) + extra * np.maximum(extras, 0) + 0.5 * generator.normal(size=n)
    )
    scores = np.repeat(np.stack([basics, extras, satisfaction], axis=1), 3, axis=1)
    values = 7.3 + 1.8 * (scores + 0.35 * generator.normal(size=(n, 9)))
    return pl.DataFrame(np.clip(np.rint(values), 1, 10), schema=list(MODEL.items))


def test_what_must_be_right_and_what_delights() -> None:
    found = construct_asymmetries(MODEL.fit(answers()))
    assert found["Basics"].asymmetry.kind == "basic"
    assert found["Extras"].asymmetry.kind == "excitement"
    penalty = found["Basics"].asymmetry.penalty
    assert penalty.ci_low < penalty.estimate < penalty.ci_high < 0
    assert str(found).startswith("Must be right: Basics; delights: Extras")
    assert found.to_frame()["construct"].to_list() == ["Basics", "Extras"]
    assert found.to_dict()["items"][0]["construct"] == "Basics"
    assert "восхищает" in found.sentence().into("ru")


def test_what_works_both_ways_is_not_called_one() -> None:
    generator = np.random.default_rng(3)
    latent = generator.normal(size=(1200, 2))
    whole = latent.sum(axis=1) * 0.6 + 0.5 * generator.normal(size=1200)
    scores = np.repeat(np.column_stack([latent, whole]), 3, axis=1)
    values = np.clip(np.rint(7.3 + 1.8 * (scores + 0.35 * generator.normal(size=scores.shape))), 1, 10)
    found = construct_asymmetries(MODEL.fit(pl.DataFrame(values, schema=list(MODEL.items))))
    assert {one.asymmetry.kind for one in found} == {"even"}
    assert "No cause" in str(found)


def test_many_answers_are_drawn_in_blocks_and_weights_count() -> None:
    frame = answers(5000).with_columns(w=pl.lit(2.0))
    plain, weighted = (construct_asymmetries(MODEL.fit(frame, weight)) for weight in (None, "w"))
    for one, other in zip(plain, weighted, strict=True):
        assert one.asymmetry.penalty.estimate == pytest.approx(other.asymmetry.penalty.estimate)
        assert one.asymmetry.kind == other.asymmetry.kind


def test_too_little_is_said() -> None:
    assert "100 complete answers" in str(construct_asymmetries(MODEL.fit(answers(60))))
    fit = MODEL.fit(Moments.from_frame(answers(), MODEL.items))
    assert "fitted on answers" in str(construct_asymmetries(fit))
    assert not construct_asymmetries(MODEL.fit(answers()), "Basics").items
    with pytest.raises(BadValue, match="does not lead to"):
        construct_asymmetries(MODEL.fit(answers()))["Loyalty"]
    high = answers().with_columns(pl.col("a1", "a2", "a3").clip(8, 10))
    found = construct_asymmetries(MODEL.fit(high))
    assert found["Basics"].asymmetry.kind == "unknown"
    assert "few_low_or_high" in {note.code for note in found.notes}
