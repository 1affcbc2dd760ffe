from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.documents.sample_audit import sample_audit

from leal.checks import audit
from leal.documents import json_report, write_report
from leal.errors import BadFile, BadOption
from leal.evidence import Evidence


def test_the_suffix_says_the_form(tmp_path: Path) -> None:
    small = audit(Evidence())
    assert (
        write_report(small, tmp_path / "r.html", "ru")
        .read_text(encoding="utf-8")
        .startswith("<!doctype html>")
    )
    assert write_report(small, tmp_path / "r.XLSX").read_bytes().startswith(b"PK")
    assert (
        json.loads(write_report(small, str(tmp_path / "r.json")).read_text(encoding="utf-8"))["level"] == 0.95
    )


def test_another_suffix_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"\*\.html"):
        write_report(audit(Evidence()), tmp_path / "report.pdf")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be written"):
        write_report(audit(Evidence()), tmp_path / "absent" / "report.json")


def test_json_comes_back_as_it_was() -> None:
    sample = sample_audit()
    told = json.loads(json_report(sample))
    assert told["schema"] == "leal.audit"
    assert told["schema_version"] == 1
    assert [check["number"] for check in told["checks"]] == list(range(1, 11))
    assert told["ranked"] == [check.number for check in sample.ranked]
    assert told["checks"][1]["money"]["estimate"] == 12_400_000
    assert told["checks"][1]["verdict"] == "exposed"
    assert told["checks"][2]["missing"] == ["actions: arm, cost"]
    assert told["headline"]["ci_low"] == 28.1
    assert told["as_of"] == "2026-04-30"
    exhibit = told["checks"][1]["exhibits"][0]["frame"]
    assert exhibit[3]["repeat"] is None
    assert told["reconciliations"][0]["rows_read"] == 1245
