# ruff: noqa: DTZ001 - times are UTC without a zone, by design
"""Files and folders in any mix as one evidence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from leal.engine import collect
from leal.errors import BadFile, UnknownFormat
from leal.evidence import Evidence
from leal.intake import BadMapping, Loaded, load, recognise

ANSWERS = "Email,Как вероятно порекомендуете нас (0-10)?,Дата\nANN@x.ru,9,02.03.2026\nbob@x.ru,3,13.03.2026\n"
ORDERS = "order,client id,date,total\n1,0017,2026-03-02,100\n2,18,2026-03-03,50\n3,,2026-03-03,50\n"
CLIENTS = "id,email,segment\n17,ann@x.ru,A\n18,bob@x.ru,B\n"


def folder_of(place: Path, **files: str) -> Path:
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def table(loaded: Loaded | Evidence, name: str) -> pl.DataFrame:
    evidence = loaded.evidence if isinstance(loaded, Loaded) else loaded
    frame = evidence.table(name)
    assert frame is not None
    return collect(frame)


def test_a_folder_becomes_an_evidence_joined(tmp_path: Path) -> None:
    loaded = load(folder_of(tmp_path, answers=ANSWERS, orders=ORDERS, clients=CLIENTS))
    assert set(loaded.evidence) == {"answers", "purchases", "customers"}
    assert table(loaded, "answers")["customer"].to_list() == ["17", "18"]
    assert table(loaded, "purchases")["customer"].to_list() == ["17", "18"]
    assert loaded.joining.matched == 2
    assert loaded.joining.money_share == 0.75
    assert "email" not in table(loaded, "answers").columns
    assert "email" in table(loaded, "customers").columns
    assert loaded.to_dict()["tables"] == ["answers", "customers", "purchases"]


def test_the_same_files_twice_change_nothing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, answers=ANSWERS, orders=ORDERS, clients=CLIENTS)
    once = load(folder)
    twice = load([folder, folder / "orders.csv"])
    assert table(once, "purchases").equals(table(twice, "purchases"))
    assert {left.code for left in twice.left_out} == {"same_file"}
    (folder / "orders_again.csv").write_text(ORDERS + "4,18,2026-04-01,7\n", encoding="utf-8")
    longer = load(folder)
    assert table(longer, "purchases")["amount"].sum() == 157
    assert longer.repeated == {"purchases": 2}


def test_an_edited_order_replaces_the_earlier_one(tmp_path: Path) -> None:
    first = tmp_path / "first.csv"
    first.write_text(ORDERS, encoding="utf-8")
    second = tmp_path / "second.csv"
    second.write_text(ORDERS.replace(",100", ",120"), encoding="utf-8")
    loaded = load(purchases=[first, second])
    assert table(loaded, "purchases")["amount"].sort().to_list() == [50, 120]


def test_the_lot_and_a_register_of_promises_say_one_thing_of_a_customer(tmp_path: Path) -> None:
    lot = "action,customer,arm,cost,planned_share\ncalls,1,treated,5,.5\ncalls,2,control,0,.5\n"
    register = "action,customer,arm,cost,started,promised\n"
    register += "calls,1,treated,5,2026-03-01,900\ncalls,2,control,0,2026-03-01,900\n"
    more = "gift,1,,3,2026-02-01,\ngift,1,,3,2026-02-02,\n"
    folder = folder_of(tmp_path, lot=lot, register=register + more)
    rows = table(load(folder), "actions").sort("action", "customer")
    assert rows["customer"].to_list() == ["1", "2", "1", "1"]
    assert rows["cost"].sum() == 11
    assert rows["planned_share"].to_list() == [0.5, 0.5, None, None]
    assert rows["promised"].to_list() == [900, 900, None, None]


def test_a_customer_whose_arm_two_files_tell_differently_keeps_both_rows(tmp_path: Path) -> None:
    head = "action,customer,arm,cost\n"
    folder = folder_of(tmp_path, a=head + "calls,1,treated,5\n", b=head + "calls,1,control,0\n")
    assert table(load(folder), "actions")["arm"].sort().to_list() == ["control", "treated"]


def test_equal_lines_of_an_order_stay_two(tmp_path: Path) -> None:
    line = "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n" + "1,A,1,2026-03-02,5,7\n" * 2
    first = folder_of(tmp_path, a=line)
    (tmp_path / "b.csv").write_text(line + "2,A,1,2026-03-03,5,7\n", encoding="utf-8")
    loaded = load(first)
    assert table(loaded, "purchases")["amount"].sum() == 15
    assert any(note.code == "equal_rows" for told in loaded.reconciliations for note in told.notes)


def test_answers_of_two_surveys_with_the_same_numbers_are_all_kept(tmp_path: Path) -> None:
    one = "answer,customer,recommend\n1,a,9\n2,b,3\n"
    two = "answer,customer,recommend\n1,c,5\n2,b,4\n"
    loaded = load(folder_of(tmp_path, one=one, two=two))
    assert table(loaded, "answers").sort("customer").select("customer", "recommend").rows() == [
        *(("a", 9), ("b", 4), ("c", 5)),
    ]


def test_unknown_files_of_a_folder_are_listed_and_named_ones_are_errors(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, answers=ANSWERS, odd="a,b\nx,y\nz,w\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n000")
    (folder / ".hidden.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    loaded = load(folder)
    assert {Path(left.file).name: left.code for left in loaded.left_out} == {
        **{"odd.csv": "unknown_format", "picture.png": "bad_file"},
    }
    assert not (folder / "odd.csv.leal.toml").exists()
    with pytest.raises(UnknownFormat):
        load(folder / "odd.csv")
    assert (folder / "odd.csv.leal.toml").is_file()


def test_no_file_and_no_usable_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        load()
    with pytest.raises(BadFile):
        load(tmp_path)
    with pytest.raises(BadFile):
        load(tmp_path / "absent.csv")
    (tmp_path / "odd.csv").write_text("a,b\nx,y\n", encoding="utf-8")
    with pytest.raises(UnknownFormat, match=r"odd\.csv"):
        load(tmp_path)


def test_a_file_said_to_be_a_table_is_read_as_that(tmp_path: Path) -> None:
    folder_of(tmp_path, answers=ANSWERS, people="customer,email,date,amount\n1,ann@x.ru,2026-03-02,5\n")
    loaded = load(tmp_path / "answers.csv", customers=tmp_path / "people.csv")
    assert set(loaded.evidence) == {"answers", "customers"}


def test_a_mapping_serves_every_file_that_has_its_columns(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, jan="a,b,c\n1,2026-01-02,5\n", feb="a,b,c\n1,2026-02-02,6\n", clients=CLIENTS
    )
    mapping = tmp_path / "map.toml"
    text = 'table = "purchases"\n[columns]\ncustomer = "a"\nbought_at = "b"\namount = "c"\n'
    mapping.write_text(text, encoding="utf-8")
    loaded = load([folder / "jan.csv", folder / "feb.csv", folder / "clients.csv"], mapping=mapping)
    assert table(loaded, "purchases")["amount"].sum() == 11
    mapping.write_text(text.replace('"c"', '"nowhere"'), encoding="utf-8")
    with pytest.raises(BadMapping, match="fits none"):
        load(folder / "clients.csv", mapping=mapping)


def test_a_mapping_names_the_columns_of_a_survey(tmp_path: Path) -> None:
    path = folder_of(tmp_path, odd="кто,сколько\na,9\nb,3\n") / "odd.csv"
    mapping = {"table": "answers", "columns": {"customer": "кто", "recommend": "сколько"}}
    loaded = load(path, mapping=mapping)
    assert table(loaded, "answers")["recommend"].to_list() == [9, 3]


def test_the_sheets_of_a_workbook_may_be_several_tables(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "all.xlsx") as book:
        for name, text in {"Ответы": ANSWERS, "Продажи": ORDERS, "Клиенты": CLIENTS}.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(text.splitlines()):
                sheet.write_row(number, 0, line.split(","))
    loaded = load(tmp_path / "all.xlsx")
    assert set(loaded.evidence) == {"answers", "purchases", "customers"}
    assert {told.sheet for told in loaded.reconciliations} == {"Ответы", "Продажи", "Клиенты"}


def test_parquet_of_leal_is_scanned_and_its_bad_rows_counted(tmp_path: Path) -> None:
    bought = pl.DataFrame(
        {
            "customer": ["1", "2", None, "4", " 5"],
            "bought_at": [dt.datetime(2026, 3, 2)] * 3 + [None, dt.datetime(2026, 3, 2)],
            "amount": [5.0, float("nan"), 6.0, 7.0, 8.0],
        }
    )
    bought.write_parquet(tmp_path / "purchases.parquet")
    asked = pl.DataFrame({"answer": ["a", "b"], "customer": ["1", "5"], "recommend": [9, 11]})
    asked.write_parquet(tmp_path / "answers.parquet")
    loaded = load(tmp_path)
    assert table(loaded, "purchases").select("customer", "amount").rows() == [("1", 5.0), ("5", 8.0)]
    told = {one.table: one for one in loaded.reconciliations}
    assert told["purchases"].rejected_by_reason == {"bad_amount": 1, "no_customer": 1, "no_time": 1}
    assert told["purchases"].balanced
    assert told["answers"].rejected_by_reason == {"out_of_range": 1}
    assert (told["answers"].nps_after, told["answers"].n_after) == (100.0, 1)


def test_review_files_of_sites_are_listed_for_later(golden: Path) -> None:
    files = golden / "imports"
    loaded = load([files / "google_forms_en.csv", files / "google_play_scraper.json"])
    assert [left.code for left in loaded.left_out] == ["reviews_later"]


def test_every_import_sample_is_recognised(golden: Path) -> None:
    import json

    folder = golden / "imports"
    expected = json.loads((folder / "EXPECTED.json").read_text(encoding="utf-8"))
    for name in expected["survey_files"] + list(expected["single_event_files"]):
        assert recognise(folder / name) == "answers", name
    for name in expected["review_files"]:
        assert recognise(folder / name) == "reviews", name
    for name in expected["people_files"]:
        assert recognise(folder / name) == "people", name


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_simulated_company_comes_back_from_its_messy_files(tmp_path: Path, language: str) -> None:
    from leal.simulate import company, write_files

    made = company(customers=300, seed=11)
    write_files(made, tmp_path, language)  # type: ignore[arg-type]
    loaded = load(tmp_path)
    assert set(loaded.evidence) == set(made.tables)
    assert not loaded.left_out
    assert table(loaded, "purchases")["amount"].sum() == pytest.approx(
        made.tables["purchases"]["amount"].sum()
    )
    assert table(loaded, "purchases")["margin"].sum() == pytest.approx(
        made.tables["purchases"]["margin"].sum()
    )
    assert loaded.joining.matched_share > 0.97
    assert all(told.balanced for told in loaded.reconciliations)


def test_leal_s_own_reports_beside_the_files_are_no_evidence(tmp_path: Path) -> None:
    """Once the tables of a report.xlsx were read as rows of actions."""
    from leal.checks import audit
    from leal.documents import strategy_of, write_document, write_report

    folder_of(tmp_path, answers=ANSWERS, orders=ORDERS, clients=CLIENTS)
    before = load(tmp_path)
    found = audit(before.evidence)
    for name in ("report.xlsx", "report.json", "report.html"):
        write_report(found, tmp_path / name)
    for name in ("strategy.docx", "strategy.pptx"):
        write_document(strategy_of(found), tmp_path / name)
    after = load(tmp_path)
    assert set(after.evidence) == set(before.evidence)
    assert all(table(after, name).equals(table(before, name)) for name in before.evidence)
    told = {Path(one.file).name: str(one.text) for one in after.left_out}
    assert told["report.xlsx"] == told["report.json"]
    assert told["report.xlsx"] == "This is a report that Leal wrote, no evidence for another."
    assert told["strategy.docx"] == "This is a text document, not a table."
    assert told["strategy.pptx"] == "These are slides, not a table."
    with pytest.raises(BadFile, match="report that Leal wrote"):
        load(tmp_path / "report.xlsx")
