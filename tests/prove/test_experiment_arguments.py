"""Arguments of experiments and lots that cannot be: one clear error each, no other library's."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pytest

import leal
from leal.errors import LealError
from leal.prove import assign

FRAME = pl.DataFrame(
    {
        "customer": [f"c{row}" for row in range(40)],
        "arm": ["control", "mail"] * 20,
        "spend": [float(row % 7) for row in range(40)],
    }
)
NAN = float("nan")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("winsorise", value) for value in ("a", NAN, [1], True)),
        *(("value", value) for value in ("a", NAN, float("inf"), [1])),
        *(("cost", value) for value in ("a", NAN, -1)),
        *(("smallest_effect", value) for value in ("a", NAN, None, -1)),
        *(("looks", value) for value in (3, "a", ("a", 2), (1.5, 2), (NAN, 2), (1,))),
        *(("expected_shares", value) for value in ({"control": "a", "mail": 1}, {"control": NAN, "mail": 1})),
        *(("level", value) for value in ("a", NAN, None, True, 1.0)),
        ("basis", "profit"),
        ("correction", "bonferroni"),
        ("missing", "guess"),
    ],
)
def test_an_experiment_refuses_what_cannot_be(name: str, value: Any) -> None:
    with pytest.raises(LealError):
        leal.experiment(FRAME, arm="arm", outcome="spend", **{name: value})


@pytest.mark.parametrize("shares", ["a", NAN, -1, [0.5, 0.5], {"control": "a", "mail": 1}, {"control": 1}])
def test_shares_that_are_none_are_refused(shares: Any) -> None:
    with pytest.raises(LealError):
        assign(FRAME.select("customer"), name="mail", shares=shares)


@pytest.mark.parametrize("seed", ["a", NAN, -1, 1.5, True, None, [1]])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    with pytest.raises(LealError):
        assign(FRAME.select("customer"), name="mail", seed=seed)


def test_arms_called_by_values_of_several_kinds_are_one_clear_error() -> None:
    mixed = pd.DataFrame({"arm": [True, False, 1, 0] * 10, "spend": range(40)}).astype({"arm": object})
    with pytest.raises(LealError, match="several kinds"):
        leal.experiment(mixed, arm="arm", outcome="spend")
