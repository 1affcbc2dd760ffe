"""Logs of contacts and lists of invitations, as CRM and survey tools write them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from leal.errors import MissingColumn
from leal.evidence import Evidence
from leal.intake import load, read_table

CONTACTS_RU = """Номер контакта;Клиент;Дата контакта;Вид контакта;Канал связи;Отписался
1;0012;02.03.2026 10:15;рассылка;почта;нет
2;0012;05.03.2026;жалоба;телефон;нет
3;0013;05.03.2026;голубиная почта;голубь;да
4;;05.03.2026;поддержка;телефон;нет
5;0013;когда-то;поддержка;телефон;нет
"""

INVITATIONS_EN = """Email,Invitation sent,Survey name,Survey type,Opened,Responded
a@x.example,2026-03-02 09:00:00,Panel,NPS,yes,no
B@x.example,2026-03-03 09:00:00,After a purchase,transactional,yes,yes
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_russian_log_of_contacts_is_recognised_and_its_words_become_kinds(tmp_path: Path) -> None:
    contacts, told = read_table(write(tmp_path, "журнал.csv", CONTACTS_RU))
    assert told.table == "contacts"
    assert contacts["kind"].to_list() == ["marketing", "complaint", None]
    assert str(contacts["contacted_at"][0]) == "2026-03-02 10:15:00"
    assert contacts["unsubscribed"].to_list() == [False, False, True]
    assert told.rejected_by_reason == {"no_customer": 1, "bad_contacted_at": 1}
    # a word that is no kind is told, and the contact still counts
    assert any("голубиная почта" in note.text for note in told.notes)


def test_invitations_know_their_customers_by_mail(tmp_path: Path) -> None:
    sent = write(tmp_path, "sent.csv", INVITATIONS_EN)
    people = write(tmp_path, "clients.csv", "Customer ID,Email,Customer since\n7,A@x.example,2024-01-02\n")
    loaded = load([sent, people])
    table = loaded.evidence.table("invitations")
    assert table is not None
    invitations = table.collect("polars").to_native()
    assert isinstance(invitations, pl.DataFrame)
    assert invitations["customer"].to_list() == ["7", "b@x.example"]
    assert invitations["kind"].to_list() == ["relationship_survey", "event_survey"]
    assert invitations["answered"].to_list() == [False, True]
    assert "email" not in invitations.columns
    joined = next(one for one in loaded.joining.tables if one.table == "invitations")
    assert (joined.matched, joined.unmatched) == (1, 1)


def test_cases_find_their_customers_by_mail_and_by_numbers_without_zeros(tmp_path: Path) -> None:
    write(tmp_path, "clients.csv", "Customer ID,Email,Customer since\n0007,A@x.example,2024-01-02\n")
    by_mail = write(tmp_path, "cases.csv", "Email,Opened at,Reason\na@x.example,2026-03-02,late\n")
    write(tmp_path, "log.csv", "Customer ID,Contact date,Channel\n7,2026-03-02,telephone\n")
    loaded = load(tmp_path)
    assert set(loaded.evidence) == {"customers", "cases", "contacts"}, by_mail
    for name in ("cases", "contacts"):
        table = loaded.evidence.table(name)
        assert table is not None
        assert table.collect("polars").to_native()["customer"].to_list() == ["0007"]


def test_a_log_uploaded_again_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "first.csv", CONTACTS_RU)
    write(tmp_path, "second.csv", CONTACTS_RU + "6;0014;06.03.2026;рассылка;почта;нет\n")
    table = load(tmp_path).evidence.table("contacts")
    assert table is not None
    contacts = table.collect("polars").to_native()
    assert contacts["contact"].to_list() == ["1", "2", "3", "6"]


def test_parquet_tables_of_contacts_are_scanned_and_gaps_counted(tmp_path: Path) -> None:
    path = tmp_path / "contacts.parquet"
    pl.DataFrame(
        {
            "customer": ["a", None, "b"],
            "contacted_at": [dt.date(2026, 1, 1), dt.date(2026, 1, 2), None],
            "kind": ["marketing"] * 3,
        }
    ).write_parquet(path)
    contacts, told = read_table(path)
    assert (told.table, contacts.height) == ("contacts", 1)
    assert told.rejected_by_reason == {"no_customer": 1, "no_contacted_at": 1}


@pytest.mark.parametrize(
    ("table", "columns", "absent"),
    [("contacts", {"customer": ["a"]}, "contacted_at"), ("invitations", {"customer": ["a"]}, "invited_at")],
)
def test_a_table_without_its_time_is_one_clear_error(
    table: str, columns: dict[str, list[str]], absent: str
) -> None:
    with pytest.raises(MissingColumn, match=absent):
        Evidence(**{table: pl.DataFrame(columns)})


def test_percent_who_were_to_notice_are_read_as_shares(tmp_path: Path) -> None:
    text = "Campaign,Cost,Promised,Expected to notice\nCalls,100,500,60\nGifts,200,900,40\n"
    actions, told = read_table(write(tmp_path, "campaigns.csv", text))
    assert told.table == "actions"
    assert actions["promised_noticed"].to_list() == [0.6, 0.4]
    assert "percent_to_share" in {note.code for note in told.notes}


@pytest.mark.parametrize("header", ["Product category", "Группа товаров", "Категория товара", "category"])
def test_the_category_of_purchases_goes_by_many_names(header: str, tmp_path: Path) -> None:
    text = f"Order ID,Customer ID,Order date,Total,{header}\n1,7,2026-01-02,10.50,milk\n"
    purchases, told = read_table(write(tmp_path, "orders.csv", text))
    assert told.table == "purchases"
    assert purchases["category"].to_list() == ["milk"]


def test_contracts_have_a_beginning_and_an_end(tmp_path: Path) -> None:
    text = "Код клиента;Клиент с;Начало договора;Окончание договора\n7;01.02.2023;01.02.2026;31.01.2027\n"
    customers, _ = read_table(write(tmp_path, "клиенты.csv", text))
    assert customers["contract_began_at"].dt.date().to_list() == [dt.date(2026, 2, 1)]
    assert customers["contract_ends_at"].dt.date().to_list() == [dt.date(2027, 1, 31)]
