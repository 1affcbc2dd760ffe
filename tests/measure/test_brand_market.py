"""Duplication of purchase. Golden: NBDdirichlet 1.4 (R), golden/methods, dirichlet_toothpaste."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.errors import BadValue
from leal.measure import brand_market

TOOTHPASTE = {
    "Colgate DC": (0.25, 0.20),
    "Macleans": (0.19, 0.17),
    "Close Up": (0.10, 0.09),
    "Signal": (0.10, 0.08),
    "ultrabrite": (0.09, 0.08),
    "Gibbs SR": (0.08, 0.07),
    "Boots Priv. Label": (0.03, 0.03),
    "Sainsbury Priv. Lab.": (0.02, 0.02),
}
"""Share of purchases and penetration, UK 1973 (Goodhardt, Ehrenberg, Chatfield 1984)."""

SHARES = {brand: share for brand, (share, _) in TOOTHPASTE.items()}


def test_golden_toothpaste(golden: Path) -> None:
    known = json.loads((golden / "methods" / "expected.json").read_text())["dirichlet_toothpaste"]
    market = brand_market(0.56, 2.6, SHARES, switching=known["S_R"])
    assert market.mean == pytest.approx(known["M"], rel=1e-12)
    assert market.shape == pytest.approx(known["K"], rel=1e-9)
    assert market.category_purchases(5) == pytest.approx(known["P0_5"], rel=1e-9)
    found = [market.penetration(brand) for brand in SHARES]
    assert found == pytest.approx(known["penetration_at_S"], rel=1e-8)
    assert [market.buying_rate(brand) for brand in SHARES] == pytest.approx(known["buy_rate_at_S"], rel=1e-8)
    row = [market.duplication("Colgate DC", brand) for brand in SHARES]
    assert row == pytest.approx(known["dup_ColgateDC_row"], rel=1e-7)
    assert market.duplication_coefficient("Colgate DC") == pytest.approx(known["D_coefficient"], rel=1e-7)


def test_golden_toothpaste_switching_by_brand(golden: Path) -> None:
    known = json.loads((golden / "methods" / "expected.json").read_text())["dirichlet_toothpaste"]
    found = [
        brand_market(0.56, 2.6, SHARES, penetrations={brand: seen}).switching
        for brand, (_, seen) in TOOTHPASTE.items()
    ]
    assert found == pytest.approx(known["S_by_brand"], rel=1e-5)


def test_simulated_buyers_do_as_the_market_says() -> None:
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    market = brand_market(0.7, 4.0, shares, switching=1.5)
    random = np.random.default_rng(1)
    people = 40_000
    times = random.poisson(random.gamma(market.shape, market.mean / market.shape, people))
    tastes = random.dirichlet([1.5 * share for share in shares.values()], people)
    bought = np.array([random.multinomial(n, taste) for n, taste in zip(times, tastes, strict=True)]) > 0
    assert (times > 0).mean() == pytest.approx(0.7, abs=0.01)
    assert bought[:, 1].mean() == pytest.approx(market.penetration("b"), abs=0.01)
    assert bought[bought[:, 0], 1].mean() == pytest.approx(market.duplication("a", "b"), abs=0.015)


@settings(deadline=None)  # the first call imports scipy
@given(st.floats(0.05, 0.9), st.floats(0.05, 20.0))
def test_duplication_lies_between_none_and_all(share: float, switching: float) -> None:
    market = brand_market(0.5, 3.0, {"a": share, "b": (1 - share) / 2}, switching=switching)
    assert 0 < market.duplication("a", "b") < 1
    assert market.duplication("a", "a") == 1
    assert market.penetration("a") <= market.penetration("a", "b") < 0.5 + 1e-9
    assert market.to_frame().height == 2


@pytest.mark.parametrize(
    ("figures", "column"),
    [
        ((1.2, 2.6, {"a": 0.5}), "penetration"),
        ((0.5, 2.6, {"a": 1.5}), "shares"),
        ((0.5, 2.6, {}), "shares"),
        ((0.9, 1.01, {"a": 0.5}), "buying_rate"),
        ((0.5, 2.6, {"a": 0.5}), "penetrations"),
    ],
)
def test_figures_of_no_market_are_refused(
    figures: tuple[float, float, dict[str, float]], column: str
) -> None:
    with pytest.raises(BadValue) as error:
        brand_market(*figures)
    assert error.value.where.column == column
