from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from leal.engine import lazy
from leal.errors import BadOption, MissingColumn
from leal.explain import drivers, find_items
from leal.explain.item_moments import ItemKernel
from leal.explain.items import scale_of


def survey(n: int, seed: int, effects: tuple[float, ...] = (0.5, 0.2, 0.1, 0.0)) -> pl.DataFrame:
    """Answers on 1 to 10 whose satisfaction is moved by the items with known effects, under a common halo."""
    random = np.random.default_rng(seed)
    halo = random.normal(size=(n, 1))
    items = 7 + 1.4 * (0.5 * halo + random.normal(size=(n, len(effects))))
    satisfaction = 7 + (items - 7) @ np.array(effects) + random.normal(scale=0.7, size=n)
    rounded = {f"service_{j}": np.clip(items[:, j].round(), 1, 10) for j in range(len(effects))}
    return pl.DataFrame(
        {"customer": [f"c{i}" for i in range(n)], "satisfaction": np.clip(satisfaction.round(), 1, 10)}
        | rounded
    )


def test_the_strongest_item_leads_and_performs_as_it_was_scored() -> None:
    answers = survey(1_000, 1)
    found = drivers(answers)
    assert found.outcome == "satisfaction"
    assert found.drivers[0].name == "service_0"
    assert found.leading[0].name == "service_0"
    assert found.n == 1_000
    first = found.drivers[0]
    assert first.grade == "C"
    assert first.performance.estimate == pytest.approx((answers["service_0"].mean() - 1) / 9 * 100)
    assert first.importance.ci_low < first.importance.estimate < first.importance.ci_high
    total = sum(driver.importance.estimate for driver in found.drivers)
    assert found.explained is not None
    assert total == pytest.approx(found.explained.estimate)
    assert {note.code for note in found.notes} == {"correlation_only"}
    assert found.to_frame().height == 4


def test_effects_are_recovered_with_their_intervals() -> None:
    found = drivers(survey(4_000, 3))
    effects = {driver.name: driver.effect for driver in found.drivers}
    # Clipping and rounding take a little of the planted slope.
    assert effects["service_0"].estimate == pytest.approx(0.5, abs=0.05)
    assert effects["service_3"].ci_low < 0.02
    assert effects["service_3"].ci_high > -0.02


def test_drivers_of_swiss_equal_relaimpo(golden: Path) -> None:
    """R relaimpo 2.2-7, lmg (golden swiss_lmg); the shares do not depend on the scales of the items."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["swiss_lmg"]
    swiss = pl.read_csv(golden / "methods" / "swiss.csv")
    shares = dict(expected["lmg"])
    named = {name: f"service_{place}" for place, name in enumerate(shares)}
    answers = swiss.rename(named | {"Fertility": "satisfaction"}).drop("")
    found = drivers(answers)
    assert found.n == 47
    assert found.explained is not None
    assert found.explained.estimate == pytest.approx(expected["r2"], abs=1e-9)
    importance = {driver.name: driver.importance.estimate for driver in found.drivers}
    assert importance == pytest.approx({named[name]: share for name, share in shares.items()}, abs=1e-9)


def test_tautology_guard_on_the_shapka_survey(golden: Path) -> None:
    """ShapKa example_01: a00 correlates .908 with overall satisfaction, it restates it."""
    survey = pl.read_csv(golden / "methods" / "driver_survey_shapka.csv").rename({"y": "satisfaction"})
    found = drivers(survey)
    assert [(one.name, one.reason) for one in found.left_out] == [("a00", "correlation")]
    assert found.left_out[0].correlation == pytest.approx(0.908, abs=5e-4)
    assert found.n == 1_506
    assert found.metric == "johnson"
    assert "johnson_weights" in {note.code for note in found.notes}


def test_epsi_items_are_found_and_the_consequences_left_out(golden: Path) -> None:
    """The mobi survey: quality and expectations may be causes; image, value, loyalty, complaints not."""
    mobi = pl.read_csv(golden / "path_model" / "mobi.csv").rename({"CUSA1": "satisfaction"})
    found = drivers(mobi)
    assert {driver.block for driver in found.drivers} == {"quality", "expectations"}
    reasons = {one.name: one.reason for one in found.left_out}
    assert reasons["IMAG1"] == "restates"
    assert reasons["CUSA2"] == "restates"
    assert reasons["CUSL1"] == "consequence"


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("image1", "image"),
        ("IMAG3", "image"),
        ("expectations_2", "expectations"),
        ("PERQ7", "quality"),
        ("product_quality", "quality"),
        ("качество_товара", "quality"),
        ("service_speed", "service"),
        ("value", "value"),
        ("CUSL2", "loyalty"),
        ("a07", None),
        ("speed", None),
    ],
)
def test_blocks_are_told_by_names(name: str, block: str | None) -> None:
    frame = lazy(pl.DataFrame({name: [1, 5, 10, 7]}))
    assert find_items(frame)[0].block == block


def test_columns_that_are_no_items_are_left_alone() -> None:
    frame = pl.DataFrame(
        {
            "answer": ["a", "b", "c", "d"],
            "recommend": [1, 9, 10, 8],
            "speed": [1, 10, 7, 6],
            "kindness": [3, 9, 9, 8],
            "order_id": [1, 2, 3, 4],
            "age": [20, 30, 40, 50],
            "children": [0, 3, 2, 1],
            "is_member": [0, 1, None, 1],
            "basket": [1.5, 2.25, 9.0, 7.0],
            "town": ["x", "y", "x", "y"],
            "service_note": [4, 4, 4, 4],
        }
    )
    found = find_items(lazy(frame))
    assert [item.name for item in found] == ["speed", "kindness"]
    assert {(item.low, item.high) for item in found} == {(1.0, 10.0)}


def test_scale_ends_are_those_of_the_scale_not_of_the_answers() -> None:
    frame = lazy(pl.DataFrame({"quality1": [2, 3, 4], "quality2": [5, 4, 3], "satisfaction": [0, 90, 55]}))
    assert {(item.low, item.high) for item in find_items(frame)} == {(1.0, 5.0)}
    whole = scale_of(frame, "satisfaction")
    assert whole is not None
    assert (whole.low, whole.high) == (0.0, 100.0)


def test_penalty_and_reward_tell_a_basic_item_from_an_exciting_one() -> None:
    random = np.random.default_rng(5)
    n = 3_000
    basic, exciting, other = random.integers(3, 11, (3, n))
    score = 6 - 2.0 * (basic <= 6) + 0.2 * (basic >= 9) - 0.2 * (exciting <= 6) + 2.0 * (exciting >= 9)
    satisfaction = np.clip((score + random.normal(scale=0.5, size=n)).round(), 1, 10)
    found = drivers(
        pl.DataFrame({"satisfaction": satisfaction, "basic": basic, "exciting": exciting, "other": other})
    )
    kinds = {driver.name: driver.asymmetry for driver in found.drivers}
    assert kinds["basic"].kind == "basic"
    assert kinds["exciting"].kind == "excitement"
    assert kinds["other"].kind == "even"
    assert kinds["basic"].penalty.estimate == pytest.approx(-200 / 9, abs=1.5)
    assert kinds["exciting"].reward.ci_low < 200 / 9 < kinds["exciting"].reward.ci_high + 1


def test_weights_count_rows_as_often_as_they_say() -> None:
    answers = survey(400, 7)
    weighted = answers.with_columns(weight=pl.Series([1.0, 2.0] * 200))
    repeated = pl.concat([answers, answers[1::2]])
    once, twice = drivers(weighted, draws=100), drivers(repeated, draws=100)
    assert [d.name for d in once.drivers] == [d.name for d in twice.drivers]
    for left, right in zip(once.drivers, twice.drivers, strict=True):
        assert left.importance.estimate == pytest.approx(right.importance.estimate, rel=1e-9)
    assert once.drivers[0].importance.n == pytest.approx(360)


def test_empty_items_cost_answers_and_are_said() -> None:
    answers = survey(1_000, 9).with_columns(
        service_1=pl.when(pl.int_range(pl.len()) % 5 == 0).then(None).otherwise(pl.col("service_1")),
        service_9=pl.when(pl.int_range(pl.len()) % 5 == 0).then(pl.col("service_1")).otherwise(None),
    )
    found = drivers(answers)
    assert (found.n, found.incomplete) == (800, 200)
    assert "incomplete_answers" in {note.code for note in found.notes}
    assert [(one.name, one.reason) for one in found.left_out] == [("service_9", "few_answers")]


def test_duplicate_items_share_and_are_noted_as_collinear() -> None:
    answers = survey(500, 11).with_columns(service_copy=pl.col("service_1"))
    found = {driver.name: driver for driver in drivers(answers).drivers}
    assert found["service_copy"].importance.estimate == pytest.approx(found["service_1"].importance.estimate)
    note = next(note for note in drivers(answers).notes if note.code == "collinear_items")
    assert "service_copy" in note.text


@pytest.mark.parametrize(
    "frame",
    [
        survey(2, 1),
        survey(40, 1).with_columns(satisfaction=pl.lit(7)),
        survey(40, 1).with_columns(satisfaction=pl.lit(None, dtype=pl.Int64)),
        survey(400, 1).select("customer", "satisfaction", "service_0"),
        survey(400, 1).select("customer", "satisfaction"),
        survey(400, 1).with_columns(pl.lit(8).alias(f"service_{j}") for j in range(4)),
        survey(400, 1).with_columns(pl.lit(None, dtype=pl.Int64).alias(f"service_{j}") for j in range(4)),
        survey(400, 1).clear(),
        survey(400, 1).rename({"service_0": "overall", "service_1": "image", "service_2": "value"}),
    ],
)
def test_too_little_evidence_is_an_answer(frame: pl.DataFrame) -> None:
    found = drivers(frame)
    assert found.drivers == ()
    assert found.notes[0].code in {"few_items", "few_answers"}


def test_recommend_is_explained_where_there_is_no_satisfaction() -> None:
    assert drivers(survey(300, 2).rename({"satisfaction": "recommend"})).outcome == "recommend"


def test_wrong_arguments_are_one_clear_error() -> None:
    with pytest.raises(MissingColumn):
        drivers(survey(100, 1), outcome="happiness")
    with pytest.raises(MissingColumn):
        drivers(survey(100, 1), weight="w")
    with pytest.raises(BadOption):
        drivers(survey(100, 1), draws=5)


def test_answers_of_one_customer_are_not_independent() -> None:
    answers = survey(300, 13)
    fivefold = pl.concat([answers] * 5)
    alone, together = drivers(answers), drivers(fivefold)
    width = [
        one.importance.ci_high - one.importance.ci_low for one in (alone.drivers[0], together.drivers[0])
    ]
    assert width[1] == pytest.approx(width[0], rel=1e-6)


def test_batches_add_up_in_any_order() -> None:
    answers = survey(501, 17)
    outcome = scale_of(lazy(answers), "satisfaction")
    assert outcome is not None
    kernel = ItemKernel(items=find_items(lazy(answers)), outcome=outcome, respondent="customer")
    parts = [kernel.partial(answers[start : start + 100].to_arrow()) for start in range(0, 501, 100)]
    whole = kernel.finish(kernel.merge([kernel.partial(answers.to_arrow())]))
    added = kernel.finish(kernel.merge([kernel.merge(parts[3:]), kernel.merge(parts[:3])]))
    np.testing.assert_allclose(added.sums, whole.sums, atol=1e-9)
    assert added.n == whole.n == 501


@pytest.mark.slow
def test_the_planted_driver_is_found_in_ninety_of_a_hundred_worlds() -> None:
    found = [drivers(survey(400, seed, (0.35, 0.2, 0.15, 0.1, 0.05)), draws=100) for seed in range(100)]
    assert sum(one.drivers[0].name == "service_0" for one in found) >= 90


@pytest.mark.slow
def test_intervals_of_importance_cover_the_truth() -> None:
    truth = {d.name: d.importance.estimate for d in drivers(survey(200_000, 999), draws=100).drivers}
    covered = [
        driver.importance.ci_low <= truth[driver.name] <= driver.importance.ci_high
        for seed in range(200)
        for driver in drivers(survey(500, seed)).drivers
        if driver.name != "service_3"  # a share near zero cannot be covered from both sides
    ]
    assert 0.91 <= np.mean(covered) <= 0.98
