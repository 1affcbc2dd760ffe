"""Any file becomes a raw table of text with line numbers, or one clear error."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.errors import BadFile, LealError
from leal.intake.raw import RawTable, header_key, read_raw
from leal.intake.raw.encodings import detect_encoding

ROWS = 'дата;оценка;комментарий\n02.03.2026;9;"Хорошо; но\nдолго"\n03.03.2026;н/д;\n04.03.2026;11;Пойдёт\n'


def written(folder: Path, data: bytes | str, name: str = "file.dat") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(folder: Path, data: bytes | str) -> RawTable:
    return read_raw(written(folder, data))


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_a_russian_spreadsheet_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, ROWS.encode(encoding))
    assert table.encoding == encoding
    assert table.delimiter == ";"
    assert table.columns == ["дата", "оценка", "комментарий"]
    assert table.frame.row(0) == ("02.03.2026", "9", "Хорошо; но\nдолго")
    assert table.lines.to_list() == [2, 4, 5]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["id", "amount, in euro", "note"]).replace("amount, in euro", '"amount, in euro"')
    for row in (["1", '"1,5"', "a"], ["2", '"2,25"', "b"], ["3", "4", "c"]):
        text += "\n" + delimiter.join(row)
    table = read(tmp_path, text)
    assert table.delimiter == delimiter
    assert table.frame.row(1) == ("2", "2,25", "b")


def test_a_decimal_comma_is_not_taken_for_the_delimiter(tmp_path: Path) -> None:
    table = read(tmp_path, "a;b\n1,5;2,5\n3,5;4,5\n")
    assert (table.delimiter, table.frame.row(0)) == (";", ("1,5", "2,5"))


def test_excels_hint_names_the_delimiter(tmp_path: Path) -> None:
    table = read(tmp_path, "sep=;\na;b\n1;2\n")
    assert (table.columns, table.header_line, table.lines.to_list()) == (["a", "b"], 2, [3])


def test_titles_above_the_table_are_passed_over(tmp_path: Path) -> None:
    table = read(tmp_path, "Отчёт о продажах;;\n\nдата;клиент;сумма\n01.02.2026;A;5\n02.02.2026;B;6\n")
    assert table.columns == ["дата", "клиент", "сумма"]
    assert (table.header_line, table.lines.to_list()) == (3, [4, 5])


def test_blank_lines_are_no_rows_but_are_counted_as_lines(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n1,2\n\n,\n3,4\n")
    assert table.lines.to_list() == [2, 5]


def test_repeated_and_missing_names_of_columns_are_made_unique(tmp_path: Path) -> None:
    table = read(tmp_path, "score,score,,note\n1,2,3,4\n5,6,7,8\n")
    assert table.columns == ["score", "score (2)", "column 3", "note"]


def test_a_row_that_is_too_long_is_skipped_and_counted(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n1,2\n3,4,5\n6\n7,8,\n")
    assert table.frame.rows() == [("1", "2"), ("6", None), ("7", "8")]
    assert [(row.line, row.reason) for row in table.skipped] == [(3, "ragged")]
    assert table.rows_read == 4


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    table = read(tmp_path, 'a,b\n1,2\n3,"open\n5,6\n7,8\n')
    assert table.frame.rows() == [("1", "2"), ("5", "6"), ("7", "8")]
    assert [(row.line, row.reason) for row in table.skipped] == [(3, "open_quote")]
    assert table.lines.to_list() == [2, 4, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path: Path, end: str) -> None:
    assert read(tmp_path, f"a,b{end}1,2{end}3,4{end}").frame.rows() == [("1", "2"), ("3", "4")]


def test_zeros_inside_a_text_are_dropped(tmp_path: Path) -> None:
    text = "answer,comment\n" + "".join(f"{i},fine words about you\n" for i in range(50))
    assert read(tmp_path, text.replace("7,", "7,\0", 1)).frame.height == 50


def test_header_only_is_a_table_without_rows(tmp_path: Path) -> None:
    table = read(tmp_path, "a,b\n")
    assert (table.columns, table.frame.height) == (["a", "b"], 0)


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    data = b"a,b\n1,2\n"
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("folder/rows.csv", data)
    packed = [
        gzip.compress(data),
        bz2.compress(data),
        lzma.compress(data),
        (tmp_path / "one.zip").read_bytes(),
    ]
    assert [read(tmp_path, one).frame.rows() for one in packed] == [[("1", "2")]] * 4


def test_a_zip_of_two_files_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "a\n1")
        archive.writestr("b.csv", "a\n1")
    with pytest.raises(BadFile, match="2 files"):
        read_raw(tmp_path / "two.zip")


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_largest_of_fifty_sheets_is_read_unless_told_otherwise(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {f"s{i}": [["x"], [i]] for i in range(49)}
    sheets["answers"] = [["Survey of spring"], [], ["id", "score"], [1, 9.0], [2, 7]]
    path = workbook(tmp_path / "book.xlsx", sheets)
    table = read_raw(path)
    assert (table.sheet, table.header_line, len(table.sheets)) == ("answers", 3, 50)
    assert table.frame.rows() == [("1", "9"), ("2", "7")]
    assert table.lines.to_list() == [4, 5]
    assert read_raw(path, sheet="s7").frame.rows() == [("7",)]
    assert read_raw(path, likeness=lambda columns, frame: float("7" in str(frame.rows()))).sheet in {
        f"s{i}" for i in range(49) if "7" in str(i)
    } | {"answers"}
    with pytest.raises(BadFile, match="no sheet"):
        read_raw(path, sheet="absent")


def test_a_truncated_workbook_is_a_clear_error(tmp_path: Path) -> None:
    data = workbook(tmp_path / "book.xlsx", {"a": [["x", "y"], [1, 2]]}).read_bytes()
    for size in (10, 200, len(data) // 2, len(data) - 30):
        with pytest.raises(BadFile):
            read(tmp_path, data[:size])


def test_a_protected_workbook_says_so(tmp_path: Path) -> None:
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 600
    )
    with pytest.raises(BadFile, match="password"):
        read(tmp_path, ole)


def test_json_in_its_usual_shapes(tmp_path: Path) -> None:
    records = [{"id": 1, "who": {"email": "a@b.c"}, "tags": ["x", "y"], "score": 9.0}, {"id": 2, "ok": True}]
    shapes = [
        json.dumps(records),
        json.dumps({"data": records, "meta": {"total": 2}}),
        json.dumps({"responses": records}),
        "\n".join(json.dumps(record) for record in records),
    ]
    for shape in shapes:
        table = read(tmp_path, shape)
        assert table.frame.row(0) == ("1", "a@b.c", "x, y", "9", None)
        assert table.frame.row(1) == ("2", None, None, None, "true")
        assert table.records == records


def test_a_query_answer_of_columns_and_rows_is_a_table(tmp_path: Path) -> None:
    table = read(tmp_path, json.dumps({"columns": ["id", "score"], "results": [[1, 9], [2, 3]]}))
    assert table.frame.rows() == [("1", "9"), ("2", "3")]


def test_parquet_reads_as_text(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1, None], "t": pl.Series(["2026-03-02", "2026-03-03"]).str.to_date()})
    frame.write_parquet(tmp_path / "rows")
    assert read_raw(tmp_path / "rows").frame.rows() == [("1", "2026-03-02"), (None, "2026-03-03")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  \n\t",
        b"\xef\xbb\xbf",
        b"%PDF-1.7",
        bytes(range(256)) * 20,
        b"<html><table>",
        b'{"a": [1, 2',
        b"PAR1x",
    ],
)
def test_what_is_no_table_is_a_clear_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadFile) as caught:
        read(tmp_path, data)
    assert caught.value.hint
    assert caught.value.into("ru") != caught.value.into("en")


def test_a_folder_and_an_absent_file_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="folder"):
        read_raw(tmp_path)
    with pytest.raises(BadFile, match="does not exist"):
        read_raw(tmp_path / "absent.csv")


def test_a_large_clean_file_and_a_dirty_one_give_the_same_lines(tmp_path: Path) -> None:
    rows = [f'{i},"word {i}{chr(10) if i % 7 == 0 else " "}more",{i % 11}' for i in range(2000)]
    clean = read(tmp_path, "id,comment,score\n" + "\n".join(rows))
    dirty = read(tmp_path, "id,comment,score\n" + "\n".join([*rows, "1,2,3,4"]))
    assert clean.lines.equals(dirty.lines)
    assert clean.frame.equals(dirty.frame)
    assert dirty.skipped[0].line == 2001 + sum(i % 7 == 0 for i in range(2000)) + 1


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_give_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "file"
    path.write_bytes(data)
    try:
        table = read_raw(path)
    except LealError:
        return
    assert table.lines.len() == table.frame.height


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), min_size=1, max_size=8))
def test_random_cells_never_give_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "file"
    path.write_bytes("\n".join(",".join(row) for row in cells).encode("utf-8", errors="replace"))
    try:
        table = read_raw(path)
    except LealError:
        return
    assert table.lines.len() == table.frame.height


def test_western_letters_alone_in_words_are_cp1252() -> None:
    assert detect_encoding("id,note\n1,café\n2,déjà vu\n3,Müller\n".encode("cp1252")) == "cp1252"


def test_headers_are_compared_by_their_bare_wording() -> None:
    assert header_key("Оценка (0–10), Ё") == "оценка 0 10 е"
    assert header_key("customerID") == "customer id"
