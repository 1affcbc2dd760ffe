"""Check 10: protection against competitors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import leal
from leal.checks import Check
from leal.checks.book import Book
from leal.checks.rivals import check_rivals
from leal.measure import benchmark
from leal.simulate import Company, Truth


def check(**tables: pl.DataFrame) -> Check:
    return check_rivals(Book(evidence=leal.Evidence(**tables)))


def study(ours: float = 75.0, lost: int = 10, won: int = 10, n: int = 400, seed: int = 1) -> pl.DataFrame:
    """Each of `n` respondents scores Ours and Theirs; of the halves who use each, some changed."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(n):
        now = "Ours" if person % 2 else "Theirs"
        moved = person // 2 < (won if now == "Ours" else lost)
        before = ("Theirs" if now == "Ours" else "Ours") if moved else now
        rows += [
            {
                "respondent": f"r{person}",
                "brand": brand,
                "score": (ours if brand == "Ours" else 75.0) + random.normal(scale=15),
                "own": brand == "Ours",
                "rank": 1 if brand == now else 2,
                "previous_brand": before,
                "spend": 100.0,
            }
            for brand in ("Ours", "Theirs")
        ]
    return pl.DataFrame(rows)


def test_golden_rank_intervals_of_norwegian_banks(golden: Path) -> None:
    """EPSI Norway 2023, n = 250, SD 20: the bank shown 4th is 3rd to 11th, 1 gap of 18 is significant."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["epsi_norway_rank_ci_sd20_n250"]
    banks = pl.read_csv(golden / "methods" / "epsi_banks_norway_2023.csv").rename({"bank": "brand"})
    found = benchmark(banks.drop("rank").with_columns(n=250, spread=20.0))
    fourth = found.brands[3]
    assert fourth.brand == "Sparebanken More"
    assert (fourth.rank_low, fourth.rank_high) == (3, 11)
    gaps = [one.gap for one in found.brands if one.gap is not None]
    assert len(gaps) == expected["adjacent_pairs"]
    assert sum(gap.ci_low > 0 for gap in gaps) == expected["adjacent_pairs_significant"]
    assert gaps[0].standard_error * 1.959964 == pytest.approx(expected["gap_needed_95"], abs=0.005)


def test_a_published_league_table_is_answered_with_its_assumption(golden: Path) -> None:
    banks = pl.read_csv(golden / "methods" / "epsi_banks_norway_2023.csv").rename({"bank": "brand"})
    table = banks.drop("rank").with_columns(own=pl.col("brand") == "DNB")
    found = check(brands=table.with_columns(n=250))
    assert found.verdict == "exposed"
    assert "assumed_spread" in {note.code for note in found.notes}
    assert "brands: respondent, previous_brand, rank, spend" in found.missing
    bare = check(brands=table)
    assert bare.verdict == "unknown"
    assert "place 18 of 19" in bare.finding
    assert list(bare.missing) == ["brands: n, spread"]


def test_scores_of_the_same_respondents_are_compared_as_such() -> None:
    random = np.random.default_rng(3)
    person = random.normal(scale=15, size=300)
    scores = {"Ours": 70 + person + random.normal(size=300), "Theirs": 72 + person + random.normal(size=300)}
    table = pl.concat(
        pl.DataFrame({"brand": name, "respondent": [f"r{i}" for i in range(300)], "score": values})
        for name, values in scores.items()
    ).with_columns(own=pl.col("brand") == "Ours")
    found = benchmark(table)
    assert found.to_best is not None
    paired = (scores["Ours"] - scores["Theirs"]).std(ddof=1) / np.sqrt(300)
    assert found.to_best.standard_error == pytest.approx(paired, rel=1e-6)
    assert found.to_best.ci_high < 0


def test_the_last_wave_is_compared() -> None:
    waves = pl.concat(
        [study().with_columns(wave=pl.lit("2024")), study(50.0).with_columns(wave=pl.lit("2025"))]
    )
    found = benchmark(waves)
    assert found.wave == "2025"
    assert found.own is not None
    assert found.own.score.estimate < 55


def test_even_rivals_are_guarded() -> None:
    found = check(brands=study())
    assert found.verdict == "guarded"
    assert found.exhibits[0].frame.height == 2


def test_a_score_surely_below_the_others_is_exposed() -> None:
    found = check(brands=study(60.0))
    assert found.verdict == "exposed"
    assert "Theirs" in found.next_step


def test_a_rival_who_takes_our_customers_is_exposed_at_equal_scores() -> None:
    found = check(brands=study(lost=40, won=5))
    assert found.verdict == "exposed"
    assert "go from us to Theirs" in found.finding
    flows = found.exhibits[1].frame.row(0, named=True)
    assert (flows["lost"], flows["won"]) == (40, 5)
    assert found.money is not None
    # 40 went and 5 came, each spending 100.
    assert found.money.estimate == pytest.approx(3_500)
    assert {note.code for note in found.money.notes} == {"respondents_only"}


def test_money_is_brought_up_to_our_customers_where_purchases_are_known() -> None:
    purchases = pl.DataFrame(
        {
            "customer": ["a", "b"],
            "bought_at": ["2025-01-01", "2025-12-31"],
            "amount": [500.0, 500.0],
        }
    )
    found = check(brands=study(lost=40, won=5), purchases=purchases)
    assert found.money is not None
    # Of 235 who used ours before 195 stayed; each spends the same.
    assert found.money.estimate == pytest.approx(1_000 * 35 / 235)


@pytest.mark.parametrize(
    "tables",
    [
        {"answers": pl.DataFrame({"answer": ["a"], "recommend": [9]})},
        {"brands": study().drop("own")},
        {"brands": study().filter("own")},
        {"brands": study().head(2)},
        {"brands": study().clear()},
        {"brands": study().with_columns(score=pl.lit(None, dtype=pl.Float64))},
    ],
)
def test_too_little_is_unknown_and_names_what_is_missing(tables: dict[str, pl.DataFrame]) -> None:
    found = check(**tables)
    assert found.verdict == "unknown"
    assert found.missing


def test_the_planted_brands_stand_where_they_were_put(simulated: Company, truth: Truth) -> None:
    found = benchmark(simulated.tables["brands"])
    for one in found.brands:
        planted = truth.brands[one.brand].score
        assert one.score.ci_low - 1 < planted < one.score.ci_high + 1
    assert found.own is not None
    assert found.own.brand == "Northern Lights"


def test_it_speaks_russian_and_draws(simulated: Company) -> None:
    from leal.charts import Style, to_svg

    found = check(**simulated.tables)
    assert "с уверенностью место" in found.finding.into("ru")
    for picture in found.pictures:
        assert "<svg" in to_svg(picture.draw(Style(language="ru")))


def test_rows_in_any_order_say_the_same() -> None:
    one = check(brands=study(lost=40, won=5))
    other = check(brands=study(lost=40, won=5).sample(fraction=1, shuffle=True, seed=4))
    assert one.finding == other.finding
