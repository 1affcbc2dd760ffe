"""Priorities of each group in one table, and whether groups surely differ in them."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

import leal
from leal.errors import BadValue
from leal.path_model import BadModel, PathModel

MODEL = PathModel("Service =~ a + b\nPrice =~ c + d\nLoyalty =~ e + f\nLoyalty ~ Service + Price")
QUICK = {"permutations": 200, "resamples": 300}


def answers(service: tuple[float, float], price: tuple[float, float], seed: int = 1) -> pl.DataFrame:
    """Two segments in which service and price move loyalty by their own slopes."""
    generator = np.random.default_rng(seed)
    parts = []
    for name, one, two in zip(("North", "South"), service, price, strict=True):
        causes = generator.normal(size=(220, 2))
        loyalty = causes @ [one, two] + np.sqrt(1 - one**2 - two**2) * generator.normal(size=220)
        scores = np.repeat(np.column_stack([causes, loyalty]), 2, axis=1)
        values = np.clip(np.rint(6 + 1.5 * scores + 0.8 * generator.normal(size=scores.shape)), 1, 10)
        parts.append(pl.DataFrame(values, schema=list("abcdef")).with_columns(segment=pl.lit(name)))
    return pl.concat(parts)


def test_each_group_has_its_priorities_and_their_difference_is_found() -> None:
    frame = answers(service=(0.7, 0.1), price=(0.1, 0.7))
    found = leal.priorities_by_group(MODEL, frame, "segment", **QUICK)  # type: ignore[arg-type]
    assert [found[name].items[0].construct for name in found] == ["Service", "Price"]
    assert found.clear.height == 2
    assert "matters unlike" in str(found)
    table = found.to_frame()
    assert table.columns[:4] == ["group", "construct", "name", "importance"]
    assert table.height == 4
    with pytest.raises(BadValue, match="not among"):
        found["East"]


def test_figures_are_those_of_each_group_fitted_alone() -> None:
    frame = answers(service=(0.6, 0.3), price=(0.2, 0.4))
    found = leal.priorities_by_group(MODEL, frame, "segment", **QUICK)  # type: ignore[arg-type]
    for name in ("North", "South"):
        alone = leal.priorities(MODEL.fit(frame.filter(pl.col("segment") == name)), resamples=300)
        for item in alone:
            same = next(one for one in found[name] if one.construct == item.construct)
            assert same.importance.estimate == pytest.approx(item.importance.estimate, abs=1e-9)
            assert same.gain.estimate == pytest.approx(5 * item.importance.estimate, abs=1e-9)
            assert same.importance.ci_low == pytest.approx(item.importance.ci_low, abs=0.06)
            assert same.certain == item.certain
    row = found.differences.row(0, named=True)
    assert row["difference"] == pytest.approx(row["estimate"] - row["other_estimate"])
    assert row["ci_low"] < row["difference"] < row["ci_high"]


def test_like_groups_do_not_differ() -> None:
    told = [
        leal.priorities_by_group(MODEL, answers((0.5, 0.5), (0.3, 0.3), seed), "segment", **QUICK)  # type: ignore[arg-type]
        for seed in range(12)
    ]
    assert sum(not one.clear.is_empty() for one in told) <= 2
    assert "does not differ" in str(next(one for one in told if one.clear.is_empty()))


def test_a_target_without_causes_or_unknown_is_said() -> None:
    frame = answers((0.5, 0.5), (0.3, 0.3))
    found = leal.priorities_by_group(MODEL, frame, "segment", "Price", **QUICK)  # type: ignore[arg-type]
    assert str(found) == "Nothing leads to Price in this model."
    assert found.to_frame().height == 0
    assert json.dumps(found.to_dict())
    with pytest.raises(BadModel, match="Charm"):
        leal.priorities_by_group(MODEL, frame, "segment", "Charm")
