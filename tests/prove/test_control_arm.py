"""Which arm was held out, where nobody says so and where somebody does."""

from __future__ import annotations

import polars as pl
import pytest

import leal
from leal.errors import BadOption, BadValue
from leal.prove import UpliftModel, experiment_of_moments, plan_experiment
from leal.prove.control_arm import control_arm


def spend(*arms: object, gain: float = 3.0) -> pl.DataFrame:
    """Sixty customers an arm, those of the first spend less."""
    values = [place % 10 + gain * (arm != arms[0]) for arm in arms for place in range(60)]
    return pl.DataFrame({"group": [arm for arm in arms for _ in range(60)], "spend": values})


@pytest.mark.parametrize(
    ("held_out", "treated"),
    [
        ("control", "treatment"),
        ("Control", "Treatment"),
        ("Control group", "Mail"),
        ("holdout", "mail"),
        ("control_group", "mail"),
        ("No E-Mail", "Mens E-Mail"),
        ("без письма", "письмо"),
        ("контроль", "письмо"),
        (0, 1),
        (False, True),
    ],
)
def test_the_arm_held_out_is_known_by_the_words_people_write(held_out: object, treated: object) -> None:
    found = leal.experiment(spend(held_out, treated), arm="group", outcome="spend")
    assert found.difference.estimate == pytest.approx(3.0)
    assert found.effects[0].control == str(held_out).replace("False", "false")
    told = {note.code for note in found.notes}
    assert ("control_recognised" in told) == (held_out != "control")


@pytest.mark.parametrize("control", [0, "0"])
def test_an_arm_may_be_named_by_its_value(control: int | str) -> None:
    found = leal.experiment(spend(0, 1), arm="group", outcome="spend", control=control)
    assert found.difference.estimate == pytest.approx(3.0)
    flags = leal.experiment(spend(False, True), arm="group", outcome="spend", control=False)
    assert flags.difference.estimate == pytest.approx(3.0)
    assert "control_recognised" not in {note.code for note in found.notes}


def test_letters_do_not_say_which_arm_was_held_out() -> None:
    with pytest.raises(BadValue, match="A, B") as caught:
        leal.experiment(spend("A", "B"), arm="group", outcome="spend")
    assert "control='A'" in caught.value.hint
    told = leal.experiment(spend("A", "B"), arm="group", outcome="spend", control="A")
    assert told.difference.estimate == pytest.approx(3.0)


def test_control_goes_before_other_words_and_two_words_are_not_guessed_between() -> None:
    assert control_arm(["no", "control", "mail"], None) == "control"
    with pytest.raises(BadValue, match="cannot be told"):
        control_arm(["no", "holdout", "mail"], None)


def test_one_arm_no_customer_and_an_unknown_name_say_what_is_wrong() -> None:
    with pytest.raises(BadValue, match="one arm only"):
        leal.experiment(spend("mail"), arm="group", outcome="spend")
    with pytest.raises(BadValue, match="no customer"):
        leal.experiment(spend("a", "b").head(0), arm="group", outcome="spend")
    with pytest.raises(BadOption, match="nobody"):
        leal.experiment(spend("a", "b"), arm="group", outcome="spend", control="nobody")


def test_plans_published_tables_and_rules_know_the_words_too() -> None:
    found = experiment_of_moments({"holdout": (1.0, 2.0, 500), "mail": (2.0, 2.0, 500)})
    assert found.difference.estimate == pytest.approx(1.0)
    plan = plan_experiment(0.05, share=0.2, shares={"holdout": 0.5, "mail": 0.5})
    assert plan.arms == {"holdout": 1091, "mail": 1091}
    frame = pl.concat([spend(0, 1)] * 3).with_columns(past=pl.col("spend"))
    rule = UpliftModel(covariates=["past"]).fit(frame, arm="group", outcome="spend")
    assert rule.n > 0
