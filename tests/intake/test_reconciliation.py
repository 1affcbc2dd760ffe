"""A reconciliation accounts for every row and says so in both languages."""

from __future__ import annotations

from leal.intake.reconciliation import LINES_KEPT, Reconciliation, collect_rejections
from leal.wording import Text


def example() -> Reconciliation:
    rejected, counts = collect_rejections([(9, "no_score"), (3, "out_of_range"), (5, "no_score")])
    return Reconciliation(
        file="a.csv",
        source="spreadsheet",
        recognised_by=Text("rejected"),
        table="answers",
        rows_read=10,
        accepted=6,
        duplicates=1,
        rejected=rejected,
        rejected_by_reason=counts,
        nps_before=12.5,
        nps_after=12.5,
    )


def test_it_says_what_became_of_the_file() -> None:
    told = example().sentence()
    assert str(told) == (
        "a.csv: rows read 10, accepted 6, rejected 3 (no score: 2, the score is outside the scale: 1), "
        "duplicates 1; NPS before 12.5, after 12.5."
    )
    assert "нет оценки: 2" in told.into("ru")
    assert "NPS до: 12,5" in told.into("ru")


def test_every_row_is_accounted_for() -> None:
    assert example().balanced
    assert example().rejected_count == 3


def test_rejections_stand_in_the_order_of_lines() -> None:
    assert [one.line for one in example().rejected] == [3, 5, 9]
    assert example().to_frame().row(0) == (3, "out_of_range", "the score is outside the scale")
    assert example().to_dict()["rejected_by_reason"] == {"no_score": 2, "out_of_range": 1}


def test_all_are_counted_even_where_not_all_lines_are_kept() -> None:
    rejected, counts = collect_rejections([(line, "no_score") for line in range(LINES_KEPT + 7)])
    assert (len(rejected), counts) == (LINES_KEPT, {"no_score": LINES_KEPT + 7})
