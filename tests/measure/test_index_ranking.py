"""Brands in one table, market studies, published norms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import leal
from leal.errors import BadValue, MissingColumn
from leal.measure import against_norm, epsi_index, index_ranking, market_study, norms
from leal.path_model import Definition

MODEL = leal.epsi("acsi")
QUICK = {"permutations": 200, "resamples": 400}


def market(sizes: dict[str, tuple[int, float]], seed: int = 1) -> pl.DataFrame:
    generator = np.random.default_rng(seed)
    parts = []
    for name, (n, shift) in sizes.items():
        raw = 7 + shift + 1.4 * generator.normal(size=(n, 1)) + generator.normal(size=(n, len(MODEL.items)))
        frame = pl.DataFrame(np.clip(np.rint(raw), 1, 10), schema=list(MODEL.items))
        parts.append(frame.with_columns(brand=pl.lit(name)))
    return pl.concat(parts)


def test_brands_stand_in_one_table_with_rank_intervals() -> None:
    frame = market({"A": (150, 0.0), "B": (150, 0.05), "C": (150, 1.5)})
    found = index_ranking(MODEL, frame, "brand", **QUICK)  # type: ignore[arg-type]
    assert found.brands[0].name == "C"
    assert (found["C"].rank_low, found["C"].rank_high) == (1, 1)
    assert found["A"].rank_low == 2
    assert found["A"].rank_high == 3
    assert found.average.estimate == pytest.approx(np.mean([brand.estimate for brand in found]))
    assert found["C"].relative == pytest.approx(100 * found["C"].estimate / found.average.estimate)
    assert found["C"].relative_low > 100
    assert found["A"].relative_low < found["A"].relative < found["A"].relative_high
    assert "surely leads" in found.sentence()
    assert "place 1 to 1" in str(found)
    assert found.to_frame().columns[0] == "estimate"


@pytest.mark.parametrize("definition", ["A", "C", "D"])
def test_brands_are_ranked_by_the_definition_asked_for(definition: Definition) -> None:
    frame = market({"A": (150, 0.0), "B": (150, 1.0)})
    ranked = index_ranking(MODEL, frame, "brand", index=definition, **QUICK)  # type: ignore[arg-type]
    weights = MODEL.fit(frame).fixed_weights(definition)
    by_hand = weights.index(frame, by="brand").filter(pl.col("construct") == "Satisfaction")
    for row in by_hand.iter_rows(named=True):
        assert ranked[row["brand"]].estimate == pytest.approx(row["estimate"], abs=1e-9)
    assert ranked.definition == ranked.differences.definition == ranked.to_dict()["definition"] == definition
    assert ranked.to_frame()["definition"].unique().to_list() == [definition]
    study = market_study(MODEL, frame, index=definition, **QUICK)
    assert study.ranking.definition == definition


def test_the_average_may_follow_shares_of_the_market() -> None:
    frame = market({"A": (100, 0.0), "B": (100, 1.0)})
    found = index_ranking(MODEL, frame, "brand", shares={"A": 3, "B": 1}, **QUICK)  # type: ignore[arg-type]
    assert found.average.estimate == pytest.approx(0.75 * found["A"].estimate + 0.25 * found["B"].estimate)
    with pytest.raises(BadValue, match="no share"):
        index_ranking(MODEL, frame, "brand", shares={"A": 1}, **QUICK)  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="not among"):
        found["Z"]


def test_a_market_study_screens_counts_quotas_and_ranks() -> None:
    frame = market({"A": (260, 0.0), "B": (90, 1.0), "C": (12, 0.0)})
    frame = frame.with_columns(
        person=pl.Series([f"p{i // 2}" for i in range(frame.height)]),
        months=pl.Series(["0-3" if i % 20 == 0 else "over 3" for i in range(frame.height)]),
    )
    found = market_study(
        MODEL, frame, respondent="person", screener={"months": ["over 3"]}, quota={"A": 200, "D": 50}, **QUICK
    )
    assert found.screened_out == frame.filter(pl.col("months") == "0-3").height
    quotas = {row["brand"]: row for row in found.quotas.iter_rows(named=True)}
    assert quotas["A"]["missing"] == 0
    assert quotas["B"]["quota"] == 250
    assert quotas["D"] == {"brand": "D", "n": 0, "quota": 50, "missing": 50}
    assert {brand.name for brand in found.ranking} == {"A", "B"}
    codes = {note.code for note in found.notes}
    assert {"below_quota", "not_ranked", "several_brands_a_person"} <= codes
    with pytest.raises(MissingColumn):
        market_study(MODEL, frame, brand="company")
    with pytest.raises(BadValue, match="two brands"):
        market_study(MODEL, frame.filter(pl.col("brand") == "A"))


def test_norms_are_the_published_figures(golden: Path) -> None:
    """EPSI European Banking Trends 2012; SKI retail banks; ACSI airlines."""
    countries = pl.read_csv(golden / "methods" / "epsi_bank_countries_2012.csv")
    for country, value in countries.iter_rows():
        assert norms("banks", country, year=2012)["value"].max() == pytest.approx(value)
    assert norms("banks", "Russia", year=2013)["value"].to_list() == [75.3]
    assert norms("banks", "Norway", year=2023, companies=True).height == 20
    assert norms("airlines").height == 2
    assert norms()["source"].str.len_chars().min() > 10


def test_a_norm_is_never_compared_without_a_note() -> None:
    index = epsi_index(MODEL.fit(market({"A": (300, 0.0)})), resamples=400).headline
    found = against_norm(index, norms("banks", "Russia", year=2012))
    assert found.estimate == pytest.approx(index.estimate - 75)
    assert {note.code for note in found.notes} == {"definitions_differ", "norm_taken_as_exact"}
    assert "published 75.0" in str(found)
    sized = against_norm(index, norms("banks", "Norway", year=2023))
    assert {note.code for note in sized.notes} == {"definitions_differ"}
    assert sized.standard_error > index.standard_error
    with pytest.raises(BadValue, match="needs one norm"):
        against_norm(index, norms("banks"))


def test_own_norms_are_added() -> None:
    own = pl.DataFrame(
        {
            "industry": ["shops"], "country": ["Russia"], "year": [2025], "company": [None],
            "definition": ["our own study"], "value": [70.0], "n": [900], "source": ["study of 2025"],
        }
    )  # fmt: skip
    assert norms("shops", own=own)["value"].to_list() == [70.0]
    with pytest.raises(MissingColumn):
        norms(own=own.drop("source"))
