from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadValue, MissingColumn
from leal.measure.segments.earlier_and_later import DECILES, NPS_GROUPS, RFM, agreements, segment_frame
from leal.measure.segments.label_agreement import adjusted_rand, agreement
from leal.measure.segments.segment_bench import quantile_groups, segmentations


def customers(n: int = 2_000, seed: int = 1) -> pl.DataFrame:
    """Three true groups that spend 10, 20 and 60, a useless division, and one too fine."""
    random = np.random.default_rng(seed)
    true = random.integers(0, 3, n)
    return pl.DataFrame(
        {
            "customer": [f"c{i}" for i in range(n)],
            "true": true,
            "useless": random.integers(0, 3, n),
            "fine": random.integers(0, n // 4, n),
            "later_money": np.array([10.0, 20.0, 60.0])[true] + random.normal(scale=15, size=n),
        }
    )


def test_a_true_segmentation_pays_and_a_useless_one_does_not() -> None:
    found = segmentations(customers(), ("true", "useless", "fine"))
    assert found.benches[0].name == "true"
    share = 466.7 / (466.7 + 15**2)  # variance between the groups of the planted variance
    assert found["true"].foretold.ci_low < share < found["true"].foretold.ci_high
    assert abs(found["useless"].foretold.estimate) < 0.01
    assert found["fine"].foretold.estimate < -0.1
    assert found.foretells_more("true", "useless").ci_low > 0.5
    assert not found.foretells_more("useless", "useless").differs_from_zero


def test_money_captured_is_that_of_the_chosen_fifth() -> None:
    frame = customers(5_000, 2)
    found = segmentations(frame, ("true", "useless"))
    assert found["true"].captured.estimate == pytest.approx(1_000 * 60, rel=0.03)
    assert found["useless"].captured.estimate == pytest.approx(found.total / 5, rel=0.06)
    more = found.captures_more("true", "useless")
    assert more.estimate == pytest.approx(
        found["true"].captured.estimate - found["useless"].captured.estimate
    )
    assert more.ci_low > 20_000


def test_no_division_is_worth_zero() -> None:
    one = customers().with_columns(nothing=pl.lit("all"))
    assert segmentations(one, ("nothing",))["nothing"].foretold.estimate == pytest.approx(0, abs=1e-12)


def test_row_order_does_not_matter() -> None:
    frame = customers(500)
    one = segmentations(frame, ("true", "fine"))
    other = segmentations(frame.sample(fraction=1, shuffle=True, seed=5), ("true", "fine"))
    for name in ("true", "fine"):
        assert one[name].foretold.estimate == pytest.approx(other[name].foretold.estimate, rel=1e-9)
        assert one[name].foretold.ci_low == pytest.approx(other[name].foretold.ci_low, rel=1e-6)


@pytest.mark.parametrize(
    "frame", [customers().head(50), customers().with_columns(later_money=pl.lit(0.0)), customers().clear()]
)
def test_too_little_is_an_answer(frame: pl.DataFrame) -> None:
    found = segmentations(frame, ("true",))
    assert found.benches == ()
    assert found.notes[0].code == "few_customers"


def test_quantile_groups_keep_equals_together() -> None:
    values = pl.DataFrame({"x": [1, 1, 1, 1, 5, 6, 7, 8, 9, 10]})
    groups = values.select(quantile_groups(pl.col("x"), 5)).to_series().to_list()
    assert groups[:4] == [groups[0]] * 4
    assert groups == sorted(groups)
    assert groups[-1] == 5


def test_golden_ari_toy(golden: Path) -> None:
    """R mclust: ARI of (1,1,1,2,2,2) and (1,1,2,2,3,3) is .2424."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["stability_R"]
    found = agreement([1, 1, 1, 2, 2, 2], [1, 1, 2, 2, 3, 3])
    assert found.rand.estimate == pytest.approx(expected["ARI_toy_111222_vs_112233"], abs=1e-10)


def test_jaccard_of_each_group() -> None:
    found = agreement(["a"] * 60 + ["b"] * 40, ["a"] * 50 + ["b"] * 50)
    assert found.jaccard["a"].estimate == pytest.approx(50 / 60)
    assert found.jaccard["b"].estimate == pytest.approx(40 / 50)
    assert found.rand.ci_low < found.rand.estimate < found.rand.ci_high
    assert agreement(["a"] * 50 + ["b"] * 50, ["x"] * 100).jaccard["a"].estimate == 0
    assert agreement(["a"] * 50 + ["b"] * 50, ["b"] * 50 + ["a"] * 50).unstable == ("a", "b")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60))
def test_adjusted_rand_is_symmetric_and_at_most_one(pairs: list[tuple[int, int]]) -> None:
    table = np.zeros((4, 4))
    for row, column in pairs:
        table[row, column] += 1
    assert adjusted_rand(table) == pytest.approx(adjusted_rand(table.T))
    assert adjusted_rand(table) <= 1 + 1e-12
    assert adjusted_rand(np.diag(table.sum(axis=1))) == pytest.approx(1)


def purchases(n: int = 400, days: int = 360, seed: int = 3) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    rate = random.gamma(1.0, 1.0, n)
    who = random.choice(n, 20 * n, p=rate / rate.sum())
    rows = pl.DataFrame(
        {"customer": [f"c{i}" for i in who], "day": random.integers(0, days, 20 * n), "amount": 10.0}
    )
    return rows.group_by("customer", "day").agg(pl.col("amount").sum())


LABELS = pl.DataFrame(
    {"customer": [f"c{i}" for i in range(400)], "segment": ["new", "old"] * 200, "unit": [None] * 400},
    schema_overrides={"unit": pl.String},
)


def answers(day: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer": [f"c{i}" for i in range(400)],
            "day": [day] * 400,
            "recommend": [i % 11 for i in range(400)],
        }
    )


def test_customers_are_divided_by_what_was_known_at_the_cut() -> None:
    days = purchases()
    found = segment_frame(days, LABELS, answers(10), last_day=359)
    assert found is not None
    assert (found.cut, found.later_days, found.answered_late) == (239, 120, False)
    assert found.divisions == ("segment", NPS_GROUPS, RFM, DECILES)
    assert found.given == ("segment",)
    one = found.frame.row(0, named=True)
    later = days.filter(pl.col("customer") == one["customer"], pl.col("day") > 239)["amount"].sum()
    assert one["later_money"] == pytest.approx(later)
    newcomers = days.group_by("customer").agg(pl.col("day").min()).filter(pl.col("day") > 239)
    assert not set(newcomers["customer"]) & set(found.frame["customer"])
    assert found.frame[RFM].n_unique() <= 9
    bench = segmentations(found.frame, found.divisions)
    assert bench[DECILES].foretold.ci_low > bench["segment"].foretold.ci_high


def test_scores_given_after_the_cut_are_said() -> None:
    found = segment_frame(purchases(), LABELS, answers(300), last_day=359)
    assert found is not None
    assert found.answered_late
    assert found.frame[NPS_GROUPS].null_count() == 0


def test_a_short_time_has_no_earlier_and_later() -> None:
    assert segment_frame(purchases(days=60), LABELS, answers(10), last_day=59) is None
    assert segment_frame(purchases().clear(), LABELS, answers(10), last_day=59) is None


def test_stability_is_told_where_customers_were_seen_twice() -> None:
    days = purchases()
    found = segment_frame(days, LABELS, answers(10), last_day=359)
    assert found is not None
    twice = pl.concat([answers(10), answers(20).with_columns(recommend=pl.lit(9, dtype=pl.Int64))])
    stable = agreements(found, days, twice.with_columns(segment=pl.lit("old")))
    assert set(stable) == {"segment", NPS_GROUPS, RFM, DECILES}
    assert stable["segment"].rand.estimate == 1
    assert stable[NPS_GROUPS].rand.estimate == pytest.approx(0)
    assert stable[RFM].rand.estimate > 0
    assert set(agreements(found, days, answers(10))) == {RFM, DECILES}


def test_what_segments_lack_is_named() -> None:
    frame = customers()
    assert segmentations(frame.to_pandas(), "true").customers == frame.height
    with pytest.raises(MissingColumn, match="later_money"):
        segmentations(frame.drop("later_money"), ("true",))
    with pytest.raises(MissingColumn, match="'none'"):
        segmentations(frame, ("none",))
    for odd in (pl.lit(None, pl.Float64), pl.lit(float("nan")), pl.lit("x")):
        with pytest.raises(BadValue, match="missing or no number"):
            segmentations(frame.with_columns(later_money=odd), ("true",))
    for share in (0, 20, "a"):
        with pytest.raises(BadValue, match="cannot be chosen"):
            segmentations(frame, ("true",), top_share=share)


@pytest.mark.parametrize(("before", "after"), [([], []), ([1, 2, 3], [1, 2]), ([[1]], [[1]])])
def test_two_divisions_need_the_same_customers(before: list[object], after: list[object]) -> None:
    with pytest.raises(BadValue, match="same customers"):
        agreement(before, after)  # type: ignore[arg-type]


def test_what_is_no_table_of_counts_is_refused() -> None:
    for wrong in ([], [1, 2], [[1.0, -1.0]]):
        with pytest.raises(BadValue, match="no table of counts"):
            adjusted_rand(wrong)


def test_a_customer_is_counted_once() -> None:
    twice = pl.DataFrame({"customer": ["a", "a"], "later_money": [1.0, 2.0], "segment": ["x", "y"]})
    with pytest.raises(BadValue, match="there twice"):
        segmentations(twice, "segment")


def test_segmentations_are_gone_through_one_by_one() -> None:
    found = segmentations(customers(), ("true", "useless"))
    assert [bench.name for bench in found] == [bench.name for bench in found.benches]
