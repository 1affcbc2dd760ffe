"""The path model in checks 4, 5 and 10."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

import leal
from leal.charts import Style, to_svg
from leal.checks import Check
from leal.checks.book import Book
from leal.checks.causes import check_causes
from leal.checks.causes_model import causes_model
from leal.checks.mood import check_mood
from leal.checks.rivals import check_rivals
from leal.errors import BadOption
from leal.explain import drift_of_needs, drivers
from leal.measure import questionnaire
from leal.simulate import Company

FORM = questionnaire("acsi")


def book(**tables: pl.DataFrame) -> Book:
    return Book(evidence=leal.Evidence(**tables))


def items(
    n: int, *, quality: float = 0.6, value: float = 0.1, weak: float = 0.0, seed: int = 1
) -> pl.DataFrame:
    """Answers to the ACSI items: quality and value move satisfaction; quality stands `weak` points lower."""
    generator = np.random.default_rng(seed)
    latent = {"Expectations": generator.normal(size=n)}
    latent["Quality"] = 0.3 * latent["Expectations"] + 0.95 * generator.normal(size=n)
    latent["Value"] = 0.2 * latent["Quality"] + 0.95 * generator.normal(size=n)
    rest = np.sqrt(max(0.05, 1 - quality**2 - value**2 - 0.4 * quality * value))
    latent["Satisfaction"] = (
        quality * latent["Quality"] + value * latent["Value"] + rest * generator.normal(size=n)
    )
    latent["Complaints"] = 0.4 * latent["Satisfaction"] + 0.9 * generator.normal(size=n)
    latent["Loyalty"] = 0.6 * latent["Satisfaction"] + 0.8 * generator.normal(size=n)
    lower = {"Quality": weak}
    columns = {
        one.item: np.clip(
            np.rint(
                7.3 - lower.get(one.construct, 0) + 1.3 * latent[one.construct] + generator.normal(size=n)
            ),
            1,
            10,
        )
        for one in FORM.questions
    }
    return pl.DataFrame(columns)


def told(found: Check) -> set[str]:
    return {note.code for note in found.notes}


def test_the_model_speaks_first_and_the_items_stand_beside_it(simulated: Company) -> None:
    found = check_causes(book(**simulated.tables))
    assert str(found.finding).startswith("By the path model Quality moves satisfaction most")
    assert "Item by item" in found.finding
    assert found.exhibits[0].frame["name"][0] == "Quality"
    assert any("item" in exhibit.frame.columns for exhibit in found.exhibits[1:])
    assert found.grade == "C"
    for picture in found.pictures:
        assert "<svg" in to_svg(picture.draw(Style(language="ru")))
    assert "модели" in found.finding.into("ru")


def test_causes_are_told_by_their_names(simulated: Company) -> None:
    found = drivers(simulated.tables["answers"])
    first = found.drivers[0]
    assert first.name == simulated.truth.first_cause
    assert first.label == "Range of products and services"
    frame = found.to_frame()
    assert frame["item"][0] == first.name
    assert frame["name"][0] == first.label
    check = check_causes(book(**simulated.tables))
    told = f"{check.finding} {check.next_step} {' '.join(one.name for one in check.estimates)}"
    assert "Range of products and services" in told
    assert "PERQ" not in told
    assert "Выбор товаров и услуг" in check.finding.into("ru")


def test_a_survey_of_items_alone_is_answered_by_the_model() -> None:
    strong = check_causes(book(answers=items(500, weak=1.2)))
    assert strong.verdict == "exposed"
    assert "Improve Quality first" in strong.next_step
    fine = check_causes(book(answers=items(500)))
    assert fine.verdict == "guarded"
    assert fine.estimates[0].value.estimate > 50
    nothing = check_causes(book(answers=items(500, quality=0.0, value=0.0)))
    assert nothing.verdict == "exposed"


def test_few_answers_leave_the_model_out() -> None:
    assert check_causes(book(answers=items(60))).verdict == "unknown"


def test_a_construct_that_restates_satisfaction_is_no_cause() -> None:
    frame = items(500)
    halo = np.random.default_rng(5).normal(scale=0.4, size=(500, 3))
    copied = frame.select(f"satisfaction{i}" for i in (1, 2, 3)).to_numpy() + halo
    alike = frame.with_columns(
        pl.Series(f"value{i}", np.clip(np.rint(copied[:, i - 1]), 1, 10)) for i in (1, 2)
    )
    found = check_causes(book(answers=alike))
    assert "restates_satisfaction" in told(found)
    assert "Value moves" not in found.finding


def waves(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    start = dt.datetime(2025, 1, 1)  # noqa: DTZ001
    parts = []
    for half, frame in enumerate((first, second)):
        days = [start + dt.timedelta(days=180 * half + i * 170 // frame.height) for i in range(frame.height)]
        parts.append(frame.with_columns(answered_at=pl.Series(days)))
    return pl.concat(parts)


def test_a_drift_of_needs_is_found_and_told() -> None:
    moved = waves(items(400, quality=0.7, value=0.0), items(400, quality=0.1, value=0.7, seed=2))
    found = drift_of_needs(moved, permutations=400)
    clear = {(one.source, one.target) for one in found.clear}
    assert ("Quality", "Satisfaction") in clear
    assert ("Value", "Satisfaction") in clear
    assert 2 <= len(found.periods) <= 4
    assert "What moves satisfaction changed" in str(found)
    for one in found.clear:
        assert one.ci_low < one.estimate < one.ci_high
        assert one.differs_from_zero
        assert one.method == "widened_percentile"
    assert found.to_frame().select("ci_low", "ci_high").null_count().sum_horizontal()[0] == 0
    still = drift_of_needs(waves(items(400), items(400, seed=2)), permutations=400)
    assert not still.clear
    assert "did not change" in str(still)


def test_false_alarms_of_needs_are_rare() -> None:
    alarms = [
        bool(drift_of_needs(waves(items(170, seed=s), items(170, seed=100 + s)), permutations=199).clear)
        for s in range(20)
    ]
    assert sum(alarms) <= 4


def test_too_little_for_a_drift_of_needs_is_said() -> None:
    assert "two periods" in str(drift_of_needs(waves(items(80), items(80))))
    assert "no wave" in str(drift_of_needs(items(400)))
    assert "no items" in str(drift_of_needs(pl.DataFrame({"satisfaction": [1, 2]})))


def test_check_5_tells_the_drift_beside_the_scores() -> None:
    moved = waves(items(600, quality=0.7, value=0.0), items(600, quality=0.1, value=0.7, seed=2))
    scored = moved.with_columns(
        satisfaction=pl.col("satisfaction1"), recommend=(pl.col("loyalty1")).cast(pl.Int64)
    )
    found = check_mood(book(answers=scored.with_row_index("answer")))
    drift = next(one for one in found.exhibits if "Drift of needs" in one.title)
    assert {"ci_low", "ci_high"} <= {heading.name for heading in drift.headings}
    assert found.verdict != "unknown"
    assert "What moves satisfaction changed" in found.finding
    assert any("later" in exhibit.frame.columns for exhibit in found.exhibits)


def test_brands_are_ranked_by_the_index_where_the_study_holds_its_items() -> None:
    parts = []
    for place, name in enumerate(["Us", "Amber", "Volna"]):
        frame = items(120, seed=place, weak=place * 0.5)
        parts.append(
            frame.with_columns(brand=pl.lit(name), own=pl.lit(place == 0), score=pl.col("satisfaction1") * 10)
        )
    brands = pl.concat(parts).with_columns(
        respondent=pl.Series([f"r{i}" for i in range(360)]), answer=pl.int_range(360)
    )
    found = check_rivals(book(brands=brands))
    sheet = next(
        exhibit.frame
        for exhibit in found.exhibits
        if "rank_low" in exhibit.frame.columns and "relative" in exhibit.frame.columns
    )
    assert set(sheet["name"]) == {"Us", "Amber", "Volna"}
    plain = check_rivals(book(brands=brands.drop(FORM.items)))
    assert len(plain.exhibits) == len(found.exhibits) - 1


def test_another_scale_is_recognised() -> None:
    """Answers from 1 to 5 give the index of their scale, not that of 1 to 10."""
    five = items(500).with_columns(pl.all() / 2).select(pl.all().ceil())
    index = check_causes(book(answers=five)).estimates[0].value
    mean = five.select(pl.mean_horizontal("satisfaction1", "satisfaction2", "satisfaction3").mean()).item()
    assert index.estimate == pytest.approx((mean - 1) / 4 * 100, abs=2)


def test_gaps_are_treated_as_asked_and_told() -> None:
    """A quarter of people leave one question out: by default they are left out and counted."""
    frame = items(400)
    place = pl.int_range(pl.len())
    gapped = frame.with_columns(
        pl.when(place % 4 == 0).then(None).otherwise(pl.col("value1")).alias("value1")
    )
    nobody = pl.DataFrame({name: [None] * 50 for name in frame.columns}, schema=frame.schema)
    answers = pl.concat([gapped, nobody])
    casewise = causes_model(book(answers=answers))
    filled = causes_model(Book(evidence=leal.Evidence(answers=answers), missing="em"))
    assert casewise is not None
    assert filled is not None
    assert (casewise.fit.n, casewise.fit.covariance.left_out) == (300, 100)
    assert (filled.fit.n, filled.fit.covariance.left_out) == (400, 0)
    assert "answers_left_out" in {note.code for note in casewise.notes()}
    assert "gaps_bridged" in {note.code for note in filled.notes()}
    found = leal.audit(leal.Evidence(answers=answers), missing="mean")
    assert "gaps_bridged" in told(found[4])
    with pytest.raises(BadOption, match="missing"):
        leal.audit(leal.Evidence(answers=answers), missing="listwise")  # type: ignore[arg-type]


def test_a_later_answer_to_other_questions_does_not_hide_the_model() -> None:
    frame = items(200).with_columns(
        customer=pl.Series([f"c{i}" for i in range(200)]),
        answered_at=pl.lit(dt.date(2026, 1, 1)),
        recommend=pl.lit(8),
    )
    later = frame.select("customer", "recommend").with_columns(answered_at=pl.lit(dt.date(2026, 6, 1)))
    model = causes_model(book(answers=pl.concat([frame, later], how="diagonal")))
    assert model is not None
    assert model.fit.n == 200


def test_which_answers_count_is_told(simulated: Company) -> None:
    """The latest of each customer, weighted: other figures than those of `leal epsi` on the same file."""
    model = causes_model(book(**simulated.tables))
    assert model is not None
    told = model.notes()[0]
    assert told.code == "latest_answers"
    answers = simulated.tables["answers"]
    items = model.fit.model.items
    answered = answers.filter(~pl.all_horizontal(pl.col(items).is_null()))
    assert f"{answered['customer'].n_unique():,} of {answered.height:,}" in told.text
    assert "weighted" in told.text
