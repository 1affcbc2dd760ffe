"""What the report on value says where the purchases show nobody leaving."""

from __future__ import annotations

import json

from tests.predict.value_samples import world

import leal
from leal.documents.value_report import ValueStudy, value_json, value_page, value_sentences


def test_retention_is_told_where_leaving_is_seen() -> None:
    value = leal.lifetime_value(world(300, 7).purchases)
    assert "will still be customers in a year" in value_sentences(ValueStudy(value=value))[1]


def test_nobody_seen_to_leave_is_not_told_as_full_retention() -> None:
    value = leal.lifetime_value(world(150, 3, seen=52.0, leaving=(1e-6, 1e9)).purchases)
    assert not value.retention.ci_low < 1  # on the boundary: no interval below one
    told = value_sentences(ValueStudy(value=value))[1]
    assert "how many stay is unknown" in told
    assert "100" not in told


def test_large_amounts_of_the_page_have_three_digits_and_those_of_the_file_all() -> None:
    study = ValueStudy(value=leal.lifetime_value(world(300, 7).purchases))
    total = study.value.total.estimate
    assert total > 1000
    page = value_page(study).replace("\u00a0", " ")
    assert f"{float(f'{total:.3g}'):,.0f}" in page
    assert f">{total:,.0f}<" not in page
    assert json.loads(value_json(study))["total"]["estimate"] == total
