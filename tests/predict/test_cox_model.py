"""What multiplies the risk of leaving."""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leal.errors import BadValue, MissingColumn, MissingExtra
from leal.predict import proportional_hazards

pytest.importorskip("lifelines")


def customers(n: int = 500, seed: int = 0) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    score, plan = random.integers(0, 11, n), random.choice(["basic", "family"], n)
    lives = random.exponential(10 * np.exp(0.2 * (score - 5) - 0.7 * (plan == "family")))
    watched = random.uniform(5, 30, n)
    return pl.DataFrame(
        {"time": np.minimum(lives, watched), "left": lives <= watched, "score": score, "plan": plan}
    )


def test_what_multiplies_the_risk() -> None:
    found = proportional_hazards(customers(), ["score", "plan"])
    terms = dict(found.coefficients.select("term", "estimate").rows())
    assert terms["score"] == pytest.approx(-0.2, abs=0.05)
    assert terms["plan: family"] == pytest.approx(0.7, abs=0.2)
    assert 0.6 < found.concordance < 0.8
    assert found.sentence().startswith("score multiplies the risk of leaving by 0.8")
    assert "NaN" not in str(found.to_dict())


TELCO = {
    "Contract: One year": (-1.8781071463, 0.08630992894),
    "Contract: Two year": (-3.6990887330, 0.16133063827),
    "MonthlyCharges": (-0.0319608051, 0.00210110616),
    "SeniorCitizen": (-0.0768703901, 0.05473821317),
    "PaperlessBilling: Yes": (0.1929233131, 0.05591326584),
    "InternetService: Fiber optic": (1.5133240240, 0.10003265178),
    "InternetService: No": (-1.2475297362, 0.12282088001),
}
"""Coefficients and standard errors of R survival (telco_survival_R.txt)."""


@pytest.mark.reference
def test_telco_is_that_of_r_survival(golden: Path) -> None:
    file = golden.parent / "data" / "real" / "ibm_telco_churn.csv.xz"
    if not file.is_file():
        pytest.skip("the telco table is not beside this checkout")
    table = pl.read_csv(lzma.decompress(file.read_bytes())).filter(pl.col("tenure") > 0)
    table = table.with_columns(left=pl.col("Churn") == "Yes")
    columns = ["Contract", "MonthlyCharges", "SeniorCitizen", "PaperlessBilling", "InternetService"]
    found = proportional_hazards(table, columns, time="tenure")
    assert found.log_likelihood == pytest.approx(-14193.95343347, abs=1e-6)
    assert found.concordance == pytest.approx(0.8288993, abs=5e-8)
    assert (found.n, found.events) == (7032, 1869)
    for row in found.coefficients.iter_rows(named=True):
        assert (row["estimate"], row["standard_error"]) == pytest.approx(TELCO[row["term"]], rel=1e-6)
    assert found.notes[0].code == "not_proportional"


def test_late_entry_weights_and_clusters_go_in() -> None:
    random = np.random.default_rng(1)
    rows = customers(2000).with_columns(
        entry=pl.Series(random.uniform(0, 3, 2000)), weight=pl.lit(2.0), who=pl.int_range(pl.len()) // 2
    )
    rows = rows.filter(pl.col("time") > pl.col("entry"))
    found = proportional_hazards(rows, ["score"], entry="entry", weight="weight", cluster="who")
    assert found.coefficients["estimate"][0] == pytest.approx(-0.2, abs=0.05)
    assert found.coefficients["proportional_p"][0] is None


def test_gaps_and_few_leavers_are_notes() -> None:
    rows = customers(30).with_columns(score=pl.when(pl.int_range(pl.len()) > 0).then("score"))
    codes = [note.code for note in proportional_hazards(rows, ["score", "plan"]).notes]
    assert codes[0] == "rows_with_gaps"
    assert proportional_hazards(rows, ["score", "plan"]).n == 29


def test_errors_say_what_to_do() -> None:
    rows = customers(50)
    with pytest.raises(MissingColumn):
        proportional_hazards(rows, ["mood"])
    with pytest.raises(BadValue, match="does not tell those who left"):
        proportional_hazards(rows.with_columns(left=pl.lit(False)), ["score"])
    with pytest.raises(BadValue, match="zero or below"):
        proportional_hazards(rows.with_columns(time=pl.lit(0.0)), ["score"])
    with pytest.raises(BadValue, match="do not vary"):
        proportional_hazards(rows.with_columns(score=pl.lit(5)), ["score"])


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lifelines", None)
    with pytest.raises(MissingExtra, match=r"leal\[survival\]"):
        proportional_hazards(customers(50), ["score"])


def test_gaps_of_every_kind_are_left_out_and_counted() -> None:
    gap = pl.int_range(pl.len()) % 5 == 0
    holed = customers().with_columns(score=pl.when(gap).then(float("nan")).otherwise(pl.col("score")))
    found = proportional_hazards(holed, ["score"])
    assert found.n == 400
    assert [note.code for note in found.notes] == ["rows_with_gaps"]
    with pytest.raises(BadValue, match="Each row has a gap"):
        proportional_hazards(customers().with_columns(score=pl.lit(None)), ["score"])


def test_a_covariate_named_twice_counts_once_and_none_at_all_is_said() -> None:
    twice = proportional_hazards(customers(), ["score", "score"])
    assert twice.coefficients["term"].to_list() == ["score"]
    with pytest.raises(BadValue, match="No covariate is named"):
        proportional_hazards(customers(), [])
    with pytest.raises(BadValue, match="do not vary: plan"):
        proportional_hazards(customers().with_columns(plan=pl.lit("basic")), ["score", "plan"])


def test_leaving_may_be_told_in_words() -> None:
    words = customers().with_columns(left=pl.when("left").then(pl.lit("yes")).otherwise(pl.lit("no")))
    expected = proportional_hazards(customers(), ["score"]).coefficients
    assert proportional_hazards(words, ["score"]).coefficients.equals(expected)
    with pytest.raises(BadValue, match="does not tell"):
        proportional_hazards(words.with_columns(left=pl.lit("perhaps")), ["score"])


def test_a_covariate_that_tells_perfectly_who_left_has_no_factor() -> None:
    known_after = customers().with_columns(closed=pl.col("left").cast(pl.Int8))
    with pytest.raises(BadValue, match="tells perfectly"):
        proportional_hazards(known_after, ["closed"])
