"""What models of purchases get wrong is read from forecasts of their own past."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from tests.predict.value_samples import world

from leal.predict import ParetoNbd, PurchaseBase, forecast_holdout, purchase_base
from leal.predict.value import model_errors
from leal.predict.value.model_errors import TRIES, ModelError, model_error
from leal.simulate import company


def error_of(base: PurchaseBase, weeks: float = 26) -> ModelError:
    return model_error(base, ParetoNbd(), forecast_holdout(base, ParetoNbd(), weeks))


def of_a_company(seed: int) -> PurchaseBase:
    """Return 18 months of a company whose purchases have a season and a drift of mood."""
    firm = company(2500, seed=seed)
    cut = firm.plan.month_starts[18]
    purchases = firm.tables["purchases"].filter(pl.col("bought_at").dt.date() < cut)
    return purchase_base(purchases, until=cut - dt.timedelta(1))


def test_a_season_is_seen_where_the_last_stretch_alone_held_by_luck() -> None:
    base = of_a_company(18)
    last = forecast_holdout(base, ParetoNbd(), 26)
    assert last is not None
    assert last.held
    error = error_of(base)
    assert len(error.tries) == TRIES
    assert error.surprising
    assert 0.03 < error.variance**0.5 < 0.2
    assert error.note is not None
    assert error.note.code == "model_error"
    assert "прошлое" in error.note.text.into("ru")


def test_without_a_stretch_to_try_nothing_is_said() -> None:
    base = of_a_company(1)
    error = model_error(base, ParetoNbd(), None)
    assert (error.tries, error.variance, error.note) == ((), 0.0, None)


def test_nothing_is_added_unless_the_misses_together_are_more_than_chance() -> None:
    for seed in range(12):
        error = error_of(purchase_base(world(300, seed).purchases))
        assert (error.variance > 0) <= error.surprising
        assert (error.note is None) == (error.variance == 0)


@pytest.mark.slow
def test_where_the_model_is_right_misses_surprise_in_about_5_of_100_worlds() -> None:
    surprised = [error_of(purchase_base(world(300, seed).purchases)).surprising for seed in range(200)]
    assert sum(surprised) / len(surprised) <= 0.10


def test_of_many_customers_earlier_stretches_are_tried_on_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_errors, "MOST_CUSTOMERS", 500)
    error = error_of(of_a_company(18))
    assert error.tries[1].customers < error.tries[0].customers / 3
