"""The EPSI-type index as results: level, interval, band, differences, NPS beside it, fixed weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import leal
from leal.errors import BadOption, BadValue
from leal.measure import (
    EPSI_BANDS,
    Band,
    bands_at,
    epsi_index,
    index_differences,
    item_columns,
    template_held,
)
from leal.path_model import FixedWeights, Moments, PathFit


@pytest.fixture(scope="module")
def mobi(golden: Path) -> pl.DataFrame:
    return pl.read_csv(golden / "path_model" / "mobi.csv")


@pytest.fixture(scope="module")
def fit(mobi: pl.DataFrame) -> PathFit:
    return leal.epsi("ecsi-mobile").fit(mobi)


def made(n: int = 400, shift: float = 0.0, seed: int = 1) -> pl.DataFrame:
    """Answers to the template "acsi", all constructs moved by one latent satisfaction."""
    generator = np.random.default_rng(seed)
    items = leal.epsi("acsi").items
    latent = generator.normal(size=(n, 1))
    raw = 7 + shift + 1.4 * latent + generator.normal(size=(n, len(items)))
    return pl.DataFrame(np.clip(np.rint(raw), 1, 10), schema=list(items))


def test_the_index_has_interval_band_and_verdict(fit: PathFit, golden: Path) -> None:
    """Table of the reference: Satisfaction 72.45, SE .91; Loyalty 70.91 (D: 63.36)."""
    found = epsi_index(fit)
    headline = found.headline
    assert headline.construct == "Satisfaction"
    assert headline.estimate == pytest.approx(72.45, abs=0.01)
    assert headline.standard_error == pytest.approx(0.91, abs=0.05)
    assert headline.settled
    assert headline.bands[0].name == "middle"
    assert str(found.sentence()).startswith("Satisfaction 72.5 of 100 (95\u00a0% 70")
    assert "индекс" not in found.sentence().into("ru")
    assert found.sentence().into("ru").startswith("Удовлетворённость 72,5 из 100")
    assert not found["Quality"].settled
    assert "does not settle" in found["Quality"].verdict()
    assert "definitions_differ" in {note.code for note in found.notes}
    truth = json.loads((golden / "path_model" / "mobi_index_0_100.json").read_text())["path"]
    key = next(name for name in truth if name.startswith("A"))
    assert found.other_definitions["A"] == pytest.approx(truth[key], abs=1e-4)


def test_bands_are_configuration(fit: PathFit) -> None:
    own = (
        Band(low=0, high=70, name=EPSI_BANDS[0].name, meaning=EPSI_BANDS[0].meaning),
        Band(low=70, high=100, name=EPSI_BANDS[2].name, meaning=EPSI_BANDS[2].meaning),
    )
    assert epsi_index(fit, bands=own, resamples=500).headline.bands[0].name == "high"
    with pytest.raises(BadValue, match="gaps or overlap"):
        epsi_index(fit, bands=(EPSI_BANDS[0], EPSI_BANDS[2]))
    with pytest.raises(BadOption):
        epsi_index(fit, resamples=100)["Joy"]


def test_all_lowest_is_zero_and_all_highest_a_hundred() -> None:
    """ACSI formula: all 1 -> 0, all 10 -> 100, all 5.5 -> 50."""
    weights = leal.epsi("acsi").fit(made()).fixed_weights()
    for answer, index in ((1, 0.0), (10, 100.0), (5.5, 50.0)):
        frame = pl.DataFrame({item: [float(answer)] * 3 for item in weights.items})
        assert weights.index(frame)["estimate"].to_list() == pytest.approx([index] * 6)


def test_fixed_weights_move_only_with_the_answers(tmp_path: Path) -> None:
    base = made()
    fit = leal.epsi("acsi").fit(base)
    weights = FixedWeights.from_dict(json.loads(json.dumps(fit.fixed_weights().to_dict())))
    again = weights.index(base)
    assert again["estimate"].to_list() == pytest.approx(fit.index_values("B").tolist())
    later = base.with_columns(pl.all() + 0.5)
    moved = weights.index(later)["estimate"] - again["estimate"]
    assert moved.to_list() == pytest.approx([0.5 / 9 * 100] * 6)
    both = pl.concat([base.with_columns(wave=pl.lit(1)), later.with_columns(wave=pl.lit(2))])
    by = weights.index(both, by="wave")
    assert by.filter(wave=1)["estimate"].to_list() == pytest.approx(again["estimate"].to_list())
    on_moments = weights.index(Moments.from_frame(both, weights.items, by="wave"))
    assert on_moments.equals(by)


def test_a_fixed_weight_index_is_a_weighted_mean_of_people() -> None:
    frame = made().with_columns(w=pl.Series(np.random.default_rng(3).uniform(0.5, 2, 400)))
    fit = leal.epsi("acsi").fit(frame, weight="w")
    found = fit.fixed_weights().index(frame, weight="w").row(3, named=True)
    people = fit.scores(frame, unit="index")["Satisfaction"].to_numpy()
    w = frame["w"].to_numpy()
    mean = np.average(people, weights=w)
    spread = np.sqrt(np.average((people - mean) ** 2, weights=w) * 400 / 399)
    assert found["construct"] == "Satisfaction"
    assert found["estimate"] == pytest.approx(mean)
    assert found["standard_error"] == pytest.approx(spread / np.sqrt(w.sum() ** 2 / (w**2).sum()))


def test_moments_alone_give_an_interval(mobi: pl.DataFrame, fit: PathFit) -> None:
    items = leal.epsi("ecsi-mobile").items
    found = epsi_index(leal.epsi("ecsi-mobile").fit(Moments.from_frame(mobi, items)))
    assert found.headline.method == "fixed_weights"
    assert found.headline.standard_error == pytest.approx(0.91, abs=0.06)


def test_sampling_weights_reach_the_bootstrap() -> None:
    frame = made(300)
    doubled = pl.concat([frame, frame[:100]])
    weighted = frame.with_columns(w=pl.Series([2.0] * 100 + [1.0] * 200))
    model = leal.epsi("acsi")
    one, other = model.fit(doubled), model.fit(weighted, weight="w")
    assert other.index_values("B") == pytest.approx(one.index_values("B"))
    heavy = frame.with_columns(w=pl.Series([20.0] * 30 + [0.1] * 270))
    wide = epsi_index(model.fit(heavy, weight="w")).headline.standard_error
    assert wide > 2 * epsi_index(model.fit(frame)).headline.standard_error


def test_differences_are_told_and_the_rule_of_two_points_is_lenient() -> None:
    frames = [
        made(120, shift, seed).with_columns(company=pl.lit(name))
        for name, shift, seed in (("A", 0.0, 1), ("B", 0.2, 2), ("C", 1.5, 3))
    ]
    found = index_differences(
        leal.epsi("acsi"), pl.concat(frames), by="company", permutations=300, resamples=400
    )
    assert len(found) == 3
    largest = found.items[0]
    assert {largest.group, largest.other} == {"A", "C"}
    assert largest.more_than_chance
    assert "points below C" in str(largest)
    small = next(item for item in found if {item.group, item.other} == {"A", "B"})
    assert small.by_the_rule
    assert not small.more_than_chance
    assert "do not differ by more than chance" in str(small)
    assert "two_points_lenient" in {note.code for note in found.notes}
    assert found.to_frame().height == 3


def test_nps_beside_the_index_counts_both_errors() -> None:
    frame = made(500)
    index = leal.epsi("acsi").fit(frame).scores(frame, unit="index")
    scores = np.where(index["Satisfaction"] < 60, 9, np.where(index["Loyalty"] > 75, 7, 3))
    answers = frame.with_columns(recommend=pl.Series(scores))
    found = leal.nps_beside_index(leal.epsi("acsi").fit(frame), answers)
    assert found.dissatisfied_promoters.estimate == 1.0
    expected = ((index["Loyalty"].to_numpy() > 75) & (scores < 9)).sum() / (scores < 9).sum()
    assert found.loyal_others.estimate == pytest.approx(expected)
    assert found.loyal_detractors.estimate == 0.0
    assert found.table["n"].sum() == 500
    assert "of promoters are dissatisfied by the index" in str(found)
    assert -1 <= found.agreement <= 1


def test_columns_are_found_by_name_and_by_wording() -> None:
    from leal.measure import questionnaire

    form = questionnaire("epsi")
    english = [str(question.wording) for question in form.questions]
    russian = [question.wording.into("ru") for question in form.questions]
    for columns in (english, russian, [item.upper() for item in form.items]):
        assert item_columns([*columns, "comment"], "epsi") == dict(zip(form.items, columns, strict=True))
        held = template_held(columns)
        assert held is not None
        assert held[0] == "epsi"
    assert template_held(["q1", "q2", "recommend"]) is None
    mobile = template_held(questionnaire("ecsi-mobile").items)
    assert mobile is not None
    assert mobile[0] == "ecsi-mobile"
    assert len(mobile[1].items) == 24


def test_the_index_of_moments_keeps_the_level_asked_for() -> None:
    model = leal.epsi("acsi")
    fit = model.fit(leal.Moments.from_frame(made(), model.items))
    narrow, wide = (epsi_index(fit, level=level).headline for level in (0.5, 0.99))
    assert (narrow.level, wide.level) == (0.5, 0.99)
    assert wide.ci_low < narrow.ci_low < narrow.ci_high < wide.ci_high


def test_limits_of_bands_can_be_given() -> None:
    own = bands_at(55, 80)
    assert [(band.low, band.high) for band in own] == [(0, 55), (55, 80), (80, 100)]
    assert [band.name for band in own] == [band.name for band in EPSI_BANDS]
    for low, high in ((80, 55), (0, 50), (50, 100)):
        with pytest.raises(BadOption, match="bands"):
            bands_at(low, high)


def test_the_definition_that_is_a_trap_says_so() -> None:
    codes = {
        name: {
            note.code for note in epsi_index(leal.epsi("acsi").fit(made(), index=name), resamples=50).notes
        }
        for name in ("A", "B", "C", "D")
    }
    assert [name for name, found in codes.items() if "definition_for_comparison" in found] == ["C"]
