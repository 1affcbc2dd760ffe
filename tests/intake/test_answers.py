"""Answers of any tool and spreadsheet: recognised, judged row by row, accounted for, never converted."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.exports import EXPORTS, SCORES, delighted_mixed, limesurvey_vv, table

import leal
from leal.errors import BadFile, LealError, UnknownFormat
from leal.intake import Reconciliation, recognise, safe_for_spreadsheet

Read = tuple[pl.DataFrame, Reconciliation]


def read(folder: Path, data: str | bytes, name: str = "export.dat") -> Read:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return leal.read_answers(path)


def codes(report: Reconciliation) -> set[str]:
    return {note.code for note in report.notes}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_each_tool_is_recognised_and_read(name: str, tmp_path: Path) -> None:
    source, data, rejected = EXPORTS[name]
    answers, report = read(tmp_path, data)
    assert report.source == source
    assert answers["recommend"].to_list() == SCORES
    assert answers["recommend"].dtype == pl.Int8
    assert report.rejected_by_reason == rejected
    assert report.balanced
    assert report.nps_before == pytest.approx(100 / 12)
    assert report.nps_after == pytest.approx(100 / 12)
    assert answers["answer"].n_unique() == 12
    if name != "Qualtrics, JSON" and "empty second" not in name and name != "PostHog, query":
        assert answers["comment"].null_count() == 0


@pytest.mark.parametrize("name", EXPORTS)
def test_reading_again_and_in_another_order_of_rows_gives_the_same(name: str, tmp_path: Path) -> None:
    first, _ = read(tmp_path, EXPORTS[name][1])
    again, _ = read(tmp_path, EXPORTS[name][1])
    assert first.equals(again)


def test_a_vv_file_is_decoded_the_brace_last(tmp_path: Path) -> None:
    answers, _ = read(tmp_path, limesurvey_vv())
    assert answers["comment"].item(0) == 'a\nb\t"c" {newline}'
    assert answers["Q3_SQ1"].null_count() == 12


def test_other_kinds_of_delighted_surveys_stand_apart(tmp_path: Path) -> None:
    answers, report = read(tmp_path, delighted_mixed())
    assert answers["recommend"].drop_nulls().to_list() == SCORES
    assert answers["satisfaction"].drop_nulls().to_list() == [5]
    assert answers["stars_1_5"].drop_nulls().to_list() == [4]
    assert answers["effort"].drop_nulls().to_list() == [2]
    assert (report.accepted, report.n_after) == (15, 12)


def test_a_telephone_and_an_identifier_are_kept_for_joining(tmp_path: Path) -> None:
    answers, _ = read(tmp_path, EXPORTS["Russian spreadsheet"][1])
    assert answers["customer"].item(0) == "К-000"
    assert answers["phone"].item(0) == "+79161234510"
    assert answers["Выручка"].item(0) == 1234.10
    assert answers["comment"].item(0) == "да; но\nдолго"


@pytest.mark.parametrize(
    ("header", "values", "column"),
    [
        ("Оцените по шкале от 1 до 10, насколько вы нас порекомендуете", range(1, 11), "recommend_1_10"),
        ("Would you recommend us?", [1, 2, 3, 4, 5] * 3, "recommend_1_5"),
        ("Would you recommend us? (0-100)", [0, 50, 90, 100], "recommend_0_100"),
        ("Оценка", [5, 4, 5, 3, 2, 5], "rating_1_5"),
        ("Звёзды", [5, 4, 5], "stars_1_5"),
        ("CES: how easy was it?", [1, 2, 3, 4, 5, 5, 4, 3, 2, 1], "effort_1_5"),
    ],
)
def test_other_scales_are_kept_apart_and_never_turned_into_nps(
    header: str, values: list[int], column: str, tmp_path: Path
) -> None:
    answers, report = read(
        tmp_path, table([["customer", header], *[[f"c{i}", v] for i, v in enumerate(values)]])
    )
    assert answers[column].to_list() == list(values)
    assert answers["recommend"].null_count() == answers.height
    assert (report.nps_before, report.nps_after) == (None, None)
    assert "other_scale" in codes(report)


@pytest.mark.parametrize(
    "header",
    ["How likely are you to recommend us (0-10)?", "NPS", "Готовы ли вы порекомендовать нас? От 0 до 10"],
)
def test_a_scale_of_eleven_points_that_has_no_zero_by_chance_is_decided_by_its_words(
    header: str, tmp_path: Path
) -> None:
    answers, _ = read(tmp_path, table([["customer", header], *[[f"c{i}", i % 5 + 1] for i in range(40)]]))
    assert answers["recommend"].null_count() == 0


def test_satisfaction_and_effort_are_read_beside_the_recommendation(tmp_path: Path) -> None:
    head = [
        "Клиент",
        "Насколько вы удовлетворены? (1-10)",
        "Насколько легко было решить вопрос? (1-7)",
        "NPS",
    ]
    rows = [[f"c{i}", i % 10 + 1, i % 7 + 1, i % 11] for i in range(30)]
    answers, report = read(tmp_path, table([head, *rows]))
    assert answers["satisfaction"].to_list() == [i % 10 + 1 for i in range(30)]
    assert answers["effort"].to_list() == [i % 7 + 1 for i in range(30)]
    assert report.columns_used["NPS"] == "recommend"


def test_words_of_satisfaction_and_effort_are_read_as_steps(tmp_path: Path) -> None:
    head = ["customer", "How satisfied are you?", "Company made it easy for me", "Вы довольны нами?", "NPS"]
    rows = [
        ["a", "Very satisfied", "Strongly agree", "Скорее довольна", 9],
        ["b", "Very dissatisfied", "Somewhat disagree", "Полностью недоволен", 1],
        ["c", "Satisfied", "Disagree", "н/д", 8],
    ]
    answers, report = read(tmp_path, table([head, *rows]))
    assert answers["satisfaction"].to_list() == [5, 1, 4]
    assert answers["effort"].to_list() == [7, 3, 2]
    assert "words_as_steps" in codes(report)


def test_a_row_with_another_score_is_an_answer_without_a_recommendation(tmp_path: Path) -> None:
    answers, report = read(tmp_path, "customer,NPS,CSAT,comment\na,9,5,x\nb,,4,y\nc,,,only words\nd,11,5,z\n")
    assert answers["recommend"].to_list() == [9, None]
    assert report.rejected_by_reason == {"no_score": 1, "out_of_range": 1}
    assert [(row.line, row.reason) for row in report.rejected] == [(4, "no_score"), (5, "out_of_range")]
    assert report.n_after == 1


def test_the_question_about_the_company_is_counted_where_several_are_asked(tmp_path: Path) -> None:
    head = "customer,Would you recommend the product? (0-10),NPS: would you recommend the company? (0-10)\n"
    answers, report = read(tmp_path, head + "a,1,9\nb,2,10\n")
    assert answers["recommend"].to_list() == [9, 10]
    assert "several_questions" in codes(report)


def test_why_each_row_is_rejected_and_where_it_stands(tmp_path: Path) -> None:
    text = 'id,date,nps,comment\n1,2026-03-02,9,"two\nlines"\n2,2026-03-02,11,\n3,2026-03-02,6.5,\n'
    text += (
        "4,2026-03-02,great,\n5,2026-03-02,,no score\n6,the day before,8,\n7,2026-03-02,9.0,\n8,1,2,3,4,5\n"
    )
    answers, report = read(tmp_path, text)
    assert answers["recommend"].to_list() == [9, 9]
    assert {row.line: row.reason for row in report.rejected} == {
        4: "out_of_range",
        5: "not_whole",
        6: "not_a_number",
        7: "no_score",
        8: "bad_time",
        10: "ragged",
    }
    assert report.balanced
    assert report.rows_read == 8


def test_the_same_row_twice_is_one_answer_and_two_bare_scores_are_two(tmp_path: Path) -> None:
    told, report = read(tmp_path, "customer,nps\na,9\na,9\nb,9\n")
    assert (told.height, report.duplicates) == (2, 1)
    bare, report = read(tmp_path, "nps\n9\n9\n9\n")
    assert (bare.height, report.duplicates, bare["answer"].n_unique()) == (3, 0, 3)


def test_the_last_of_edited_rows_wins(tmp_path: Path) -> None:
    answers, report = read(tmp_path, "response id,nps,comment\n1,3,bad\n2,9,ok\n1,8,better now\n")
    assert answers.sort("answer")["recommend"].to_list() == [8, 9]
    assert report.duplicates == 1
    assert {"edited", "nps_differs"} <= codes(report)


def test_a_column_headed_id_is_of_the_customer_where_it_repeats(tmp_path: Path) -> None:
    answers, report = read(tmp_path, "id,date,nps\n7,2026-03-02,9\n7,2026-04-02,3\n8,2026-03-02,10\n")
    assert answers["customer"].to_list() == ["7", "7", "8"]
    assert (answers.height, report.duplicates) == (3, 0)


def test_identifiers_keep_their_leading_zeros(tmp_path: Path) -> None:
    answers, _ = read(tmp_path, "customer,card code,nps,visits\n007,0012,9,3\n008,0013,8,4\n")
    assert answers["customer"].to_list() == ["007", "008"]
    assert answers["card code"].to_list() == ["0012", "0013"]
    assert answers["visits"].to_list() == [3, 4]


def test_mixed_time_zones_become_utc(tmp_path: Path) -> None:
    answers, report = read(
        tmp_path, "customer,date,nps\na,2026-03-02T12:00:00+03:00,9\nb,2026-03-02T09:00:00Z,3\n"
    )
    assert answers["answered_at"].n_unique() == 1
    assert "zones_to_utc" in codes(report)


def test_a_workbook_with_many_sheets_gives_the_one_with_the_survey(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(49):
        sheet = book.create_sheet(f"other {number}")
        for row in range(30):
            sheet.append([f"item {row}", row, row * 2])
    survey = book.create_sheet("ответы")
    survey.append(["Клиент", "Насколько вероятно, что вы порекомендуете нас?"])
    for number, score in enumerate(SCORES):
        survey.append([f"c{number}", score])
    book.save(tmp_path / "book.xlsx")
    answers, report = leal.read_answers(tmp_path / "book.xlsx")
    assert answers["recommend"].to_list() == SCORES
    assert (report.sheet, "sheet_chosen" in codes(report)) == ("ответы", True)


def test_what_is_exported_is_safe_and_comes_back_as_it_was(tmp_path: Path) -> None:
    answers, _ = read(
        tmp_path, table([["customer", "nps", "comment"], ["a", 9, '=HYPERLINK("http://x","y")']])
    )
    safe = safe_for_spreadsheet(answers)
    assert safe["comment"].item(0).startswith("'=")
    again, report = read(tmp_path, safe.write_csv())
    assert again["comment"].to_list() == answers["comment"].to_list()
    assert again["answer"].to_list() == answers["answer"].to_list()
    assert report.source == "leal"


def test_a_mapping_wins_over_what_is_recognised(tmp_path: Path) -> None:
    text = "customer,Q1,Q2\na,9,1\nb,8,2\n"
    with pytest.raises(UnknownFormat, match="Q1"):
        read(tmp_path, text)
    answers, _ = leal.read_answers(tmp_path / "export.dat", mapping={"recommend": "Q1"})
    assert answers["recommend"].to_list() == [9, 8]


def test_an_unrecognised_file_leaves_a_mapping_that_the_next_run_uses(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        read(tmp_path, "customer,Q1,Q2\na,9,1\nb,8,2\n")
    beside = tmp_path / "export.dat.leal.toml"
    told = beside.read_text()
    assert 'table = "answers"' in told
    beside.write_text('table = "answers"\n[columns]\ncustomer = "customer"\nrecommend = "Q2"\n')
    answers, _ = leal.read_answers(tmp_path / "export.dat")
    assert answers["recommend"].to_list() == [1, 2]


def test_header_only_is_a_survey_without_answers(tmp_path: Path) -> None:
    answers, report = read(tmp_path, "customer,nps,comment\n")
    assert (answers.height, report.rows_read, report.nps_after) == (0, 0, None)


def test_one_row_is_enough(tmp_path: Path) -> None:
    answers, report = read(tmp_path, "nps\n9\n")
    assert (answers["recommend"].to_list(), report.nps_after) == ([9], 100)


def test_reviews_in_a_spreadsheet_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="reviews"):
        read(tmp_path, "author,rating,text,source\nAnn,5,good,maps\nBob,1,bad,maps\n")


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02" * 300, b"%PDF-1.4", b"{", b"[1, 2", b"just words", b"a,b\n1,2\n"]
)
def test_what_is_no_survey_is_one_clear_error(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(LealError) as caught:
        read(tmp_path, data)
    assert caught.value.hint
    assert "\n" in caught.value.into("ru")


def test_a_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="folder"):
        leal.read_answers(tmp_path)


def test_a_packed_export_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("survey.csv", EXPORTS["Qualtrics, codes"][1])
    answers, _ = leal.read_answers(tmp_path / "export.zip")
    assert answers["recommend"].to_list() == SCORES


CELLS = st.one_of(
    st.text(max_size=6), st.integers(-2, 12).map(str), st.sampled_from(["9.5", "н/д", "10 - yes", "=1"])
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(["nps", "comment", "date", "id", "оценка", "email", "x", ""]), min_size=1, max_size=5
    ),
    st.lists(st.lists(CELLS, max_size=6), max_size=6),
)
def test_any_table_is_accounted_for_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, head: list[str], rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    try:
        answers, report = read(folder, table([head, *rows]).encode(errors="replace"))
    except LealError:
        return
    assert report.balanced
    assert answers.height == report.accepted
    assert answers["recommend"].drop_nulls().is_between(0, 10).all()


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(0, 11), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "score",
                    "answers",
                    "pages",
                    "data",
                    "values",
                    "responseId",
                    "survey_type",
                    "person",
                    "surveyId",
                    "items",
                    "field",
                ]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=25,
)


@settings(deadline=None, max_examples=120)
@given(JSON)
def test_any_json_is_accounted_for_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, document: object
) -> None:
    try:
        _, report = read(tmp_path_factory.mktemp("fuzz"), json.dumps(document))
    except LealError:
        return
    assert report.balanced


@pytest.mark.parametrize("name", EXPORTS)
def test_each_export_is_recognised_as_answers(name: str, tmp_path: Path) -> None:
    data = EXPORTS[name][1]
    (tmp_path / "export.dat").write_bytes(data if isinstance(data, bytes) else data.encode())
    assert recognise(tmp_path / "export.dat") == "answers"


def test_goods_with_a_score_are_no_answers(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(
        "дата,клиент,товар,сумма,оценка\n02.03.2026,a,tea,100,9\n03.03.2026,b,tea,5,8\n"
    )
    assert recognise(tmp_path / "sales.csv") == "purchases"
