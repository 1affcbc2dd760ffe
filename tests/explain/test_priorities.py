from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import leal
from leal.path_model import BadModel


def test_importance_and_performance_are_those_of_csem(golden: Path) -> None:
    """cSEM doIPMA on mobi: unstandardised total effects, performance on the scale of 1 to 10."""
    folder = golden / "path_model"
    truth = json.loads((folder / "mobi_ipma_cSEM.json").read_text())
    fit = leal.epsi("ecsi-mobile").fit(pl.read_csv(folder / "mobi.csv"), tolerance=1e-12)
    found = leal.priorities(fit, target="Loyalty", resamples=200)
    importance = next(row for row in truth["construct_importance"] if row["_row"] == "Loyalty")
    assert len(found) == 6
    for item in found:
        assert item.importance.estimate == pytest.approx(importance[item.construct], abs=1e-8)
        performance = (truth["construct_performance"][item.construct] - 1) / 9 * 100
        assert item.performance.estimate == pytest.approx(performance, abs=1e-8)
        assert item.gain.estimate == pytest.approx(5 * item.importance.estimate)
        assert item.importance.ci_low <= item.importance.estimate <= item.importance.ci_high
    assert found.items[0].construct == "Satisfaction"
    assert "5 points more" in str(found)


def test_the_target_must_be_there(golden: Path) -> None:
    fit = leal.epsi("ecsi-mobile").fit(pl.read_csv(golden / "path_model" / "mobi.csv"))
    with pytest.raises(BadModel, match="Complaints"):
        leal.priorities(fit, target="Loyality")


def test_a_target_that_nothing_leads_to_is_said(golden: Path) -> None:
    fit = leal.epsi("ecsi-mobile").fit(pl.read_csv(golden / "path_model" / "mobi.csv"))
    found = leal.priorities(fit, "Image", resamples=100)
    assert not found.items
    assert str(found) == "Nothing leads to Image in this model."
    assert found.to_frame().height == 0
    assert found.chart()


def test_moments_tell_priorities_but_not_how_sure_they_are(golden: Path) -> None:
    answers = pl.read_csv(golden / "path_model" / "mobi.csv")
    model = leal.epsi("ecsi-mobile")
    fit = model.fit(leal.Moments.from_frame(answers, model.items))
    found = leal.priorities(fit, "Loyalty")
    whole = leal.priorities(model.fit(answers), "Loyalty", resamples=100)
    assert [item.construct for item in found] == [item.construct for item in whole]
    assert found.items[0].gain.estimate == pytest.approx(whole.items[0].gain.estimate)
    assert not any(item.certain for item in found)
    assert "interval unknown" in str(found.items[0].gain)
    assert str(found) == (
        "Satisfaction goes most with Loyalty: 3.9 points for 5 points more. "
        "How sure that is cannot be told here."
    )
    assert "intervals_unknown" in {note.code for note in found.notes}
    frame = found.to_frame()
    assert frame["gain_low"].null_count() == frame.height
    assert frame["performance_low"].null_count() == 0
    assert found.chart()
