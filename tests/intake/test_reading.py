# ruff: noqa: DTZ001 - times are UTC without a zone, by design
"""Files of business data as tables: presets, locales, refunds, totals, rejections, mappings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import REFERENCE

from leal.errors import BadOption, MissingColumn, UnknownFormat
from leal.intake import BadMapping, ColumnMapping, mapping_path, read_mapping, read_table, write_mapping

REAL = REFERENCE / "data" / "real"


def file(folder: Path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


SALES = """Клиент;Дата продажи;Сумма, руб.;Скидка;Промокод
00123;02.03.2026;1 234,56;10,5;ВЕСНА
АБ-7;13.03.2026 10:15;-200,00;;
"""


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_russian_sales_are_read_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = file(tmp_path, SALES.replace(";", delimiter), encoding=encoding)
    purchases, told = read_table(path)
    assert told.table == "purchases"
    assert purchases["customer"].to_list() == ["00123", "АБ-7"]
    assert purchases["amount"].to_list() == [1234.56, -200.0]
    assert purchases["bought_at"].to_list() == [dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 13, 10, 15)]
    assert purchases["currency"].to_list() == ["RUB", "RUB"]
    assert purchases["discount"].to_list() == [10.5, None]
    assert purchases["promotion"].to_list() == ["ВЕСНА", None]
    assert told.amount_accepted == pytest.approx(1034.56)
    assert told.balanced


def test_english_sales_with_commas_and_months_first_are_read(tmp_path: Path) -> None:
    text = (
        'Order ID,Client,Date,Net amount,Gross profit\n1,A,03/25/2026,"1,234.50",100\n2,B,04/01/2026,$5,1\n'
    )
    purchases, _ = read_table(file(tmp_path, text))
    assert purchases.columns[:5] == ["purchase", "customer", "bought_at", "amount", "currency"]
    assert purchases["amount"].to_list() == [1234.5, 5.0]
    assert purchases["bought_at"].dt.month().to_list() == [3, 4]
    assert purchases["margin"].to_list() == [100.0, 1.0]


def test_every_row_not_accepted_has_its_line_and_reason(tmp_path: Path) -> None:
    text = (
        "order,customer,date,amount,status\n"
        "1,a,2026-01-01,100,done\n"
        "2,a,2026-01-02,oops,done\n"
        "3,b,yesterday,5,done\n"
        "4,,2026-01-03,7,done\n"
        "5,b,2026-01-03,9,cancelled\n"
        "6,b,2026-01-04,,done\n"
        "7,b,,4,done\n"
        "1,a,2026-01-01,100,done\n"
        "8,b,2026-01-04,3,pending\n"
        "Total,,,228,\n"
    )
    purchases, told = read_table(file(tmp_path, text))
    assert purchases["amount"].to_list() == [100.0]
    assert {(row.line, row.reason) for row in told.rejected} == {
        *((3, "bad_amount"), (4, "bad_time"), (5, "no_customer"), (6, "cancelled"), (7, "no_amount")),
        *((8, "no_time"), (10, "not_paid"), (11, "total_row")),
    }
    assert told.duplicates == 1
    assert told.balanced
    assert told.amount_rejected_by_reason["no_customer"] == 7


def test_refunds_are_negative_however_they_are_told(tmp_path: Path) -> None:
    text = (
        "order,customer,date,amount,status,operation type\n"
        "1,a,2026-01-01,100,done,sale\n"
        "2,a,2026-01-02,30,done,refund\n"
        "1,a,2026-01-05,100,refunded,sale\n"
        "9,b,2026-01-05,50,refunded,sale\n"
        "10,b,2026-01-05,-5,refunded,sale\n"
    )
    purchases, told = read_table(file(tmp_path, text))
    assert purchases["amount"].to_list() == [100.0, -30.0, -100.0, -5.0]
    assert told.rejected_by_reason == {"refunded": 1}


def test_1c_sales_give_dates_refunds_and_no_totals(tmp_path: Path) -> None:
    text = (
        "Продажи за март;;;;\n;;;;\nПериод: 01.03.2026 - 31.03.2026;;;;\n"
        "Контрагент;Регистратор;Номенклатура;Количество;Сумма\n"
        "ООО «Ромашка»;;;;150,00\n"
        "ООО «Ромашка»;Реализация товаров и услуг 0000-000123 от 02.03.2026 12:00:00;Стол;1,000;100,00\n"
        "ООО «Ромашка»;Реализация товаров и услуг 0000-000123 от 02.03.2026 12:00:00;Стул;2,000;80,00\n"
        "ООО «Ромашка»;Возврат товаров от покупателя 0000-000005 от 15.03.2026 9:30:00;Стол;1,000;30,00\n"
        "Итого;;;;150,00\n"
    )
    purchases, told = read_table(file(tmp_path, text, encoding="cp1251"))
    assert told.source == "1c_sales"
    assert purchases["amount"].to_list() == [100, 80, -30]
    assert purchases["quantity"].to_list() == [1, 2, 1]
    assert purchases["bought_at"].to_list()[2] == dt.datetime(2026, 3, 15, 9, 30)
    assert set(purchases["customer"]) == {"ООО «Ромашка»"}
    assert [(row.line, row.reason) for row in told.rejected] == [(5, "total_row"), (9, "total_row")]


def test_1c_sales_grouped_by_customer_are_unfolded(tmp_path: Path) -> None:
    text = (
        "Контрагент;Количество;Сумма\nРегистратор;;\n"
        "ООО Ромашка;2;150\n"
        "Реализация товаров и услуг 0000-000123 от 02.03.2026 12:00:00;1;100\n"
        "Реализация товаров и услуг 0000-000124 от 13.03.2026 12:00:00;1;50\n"
        "ИП Иванов;1;7\n"
        "Реализация товаров и услуг 0000-000125 от 14.03.2026 12:00:00;1;7\n"
        "Итого;3;157\n"
    )
    purchases, told = read_table(file(tmp_path, text))
    assert purchases["customer"].to_list() == ["ООО Ромашка", "ООО Ромашка", "ИП Иванов"]
    assert told.amount_accepted == 157
    assert told.rejected_by_reason == {"total_row": 4}


def test_only_won_deals_are_sales(tmp_path: Path) -> None:
    bitrix = (
        "ID;Стадия сделки;Название;Сумма;Валюта;Контакт;Контакт: Рабочий e-mail;Дата закрытия\n"
        "1;Сделка успешна;A;100,00;RUB;Иван;ivan@x.ru;02.03.2026\n"
        "2;Сделка провалена;B;70;RUB;Пётр;petr@x.ru;13.03.2026\n"
        "3;Переговоры;C;50;RUB;Пётр;petr@x.ru;14.03.2026\n"
    )
    purchases, told = read_table(file(tmp_path, bitrix))
    assert (told.source, told.rejected_by_reason) == ("bitrix24_deals", {"not_won": 2})
    assert purchases["customer"].to_list() == ["ivan@x.ru"]
    amo = (
        "ID,Название сделки,Этап сделки,Воронка,Бюджет,Основной контакт,Рабочий телефон,Дата закрытия\n"
        "1,A,Успешно реализовано,Продажи,100,Иван,8 (916) 123-45-67,02.03.2026\n"
        "2,B,Закрыто и не реализовано,Продажи,70,Пётр,,13.03.2026\n"
    )
    purchases, told = read_table(file(tmp_path, amo))
    assert (told.source, told.rejected_by_reason) == ("amocrm_deals", {"not_won": 1})
    assert purchases["customer"].to_list() == ["+79161234567"]
    english = (
        "ID,Deal stage,Deal name,Income,Currency,Contact,Close date\n1,Deal won,A,5,USD,Ann,2026-03-02\n"
    )
    assert read_table(file(tmp_path, english))[0]["amount"].to_list() == [5]


def test_contacts_of_sales_programs_are_customers(tmp_path: Path) -> None:
    text = (
        "ID;Имя;Фамилия;Рабочий телефон;Рабочий e-mail;Дата создания;Тип контакта\n"
        "7;Анна;Ким;8-916-123-45-67;ANNA@x.ru;02.03.2026 10:00:00;Клиенты\n"
    )
    customers, told = read_table(file(tmp_path, text))
    assert (told.table, told.source) == ("customers", "bitrix24_contacts")
    row = customers.row(0, named=True)
    assert (row["customer"], row["email"], row["phone"]) == ("7", "anna@x.ru", "+79161234567")
    assert (row["name"], row["segment"]) == ("Анна Ким", "Клиенты")


SHOPIFY = """Name,Email,Financial Status,Total,Refunded Amount,Currency,Created at,Lineitem name,Lineitem quantity,Lineitem price
#1,A@b.ru,paid,50.00,0,EUR,2026-01-01 10:00:00 +0300,X,1,5
#1,A@b.ru,,,,,2026-01-01 10:00:00 +0300,Y,1,45
#2,c@b.ru,refunded,20,20,EUR,2026-01-02 10:00:00 +0300,X,1,20
#3,c@b.ru,partially_refunded,20,5,EUR,2026-01-03 10:00:00 +0300,X,1,20
#4,d@b.ru,voided,20,0,EUR,2026-01-04 10:00:00 +0300,X,1,20
"""  # noqa: E501


def test_shopify_orders_are_counted_once(tmp_path: Path) -> None:
    purchases, told = read_table(file(tmp_path, SHOPIFY))
    assert told.source == "shopify_orders"
    assert purchases.select("purchase", "customer", "amount", "currency").rows() == [
        *(("#1", "a@b.ru", 50.0, "EUR"), ("#3", "c@b.ru", 15.0, "EUR")),
    ]
    assert told.rejected_by_reason == {"cancelled": 1, "order_line": 1, "refunded": 1}
    assert purchases["bought_at"].to_list()[0] == dt.datetime(2026, 1, 1, 7)


def test_woocommerce_repeats_the_total_on_each_line(tmp_path: Path) -> None:
    text = (
        "Order Number,Order Status,Order Date,Email (Billing),Phone (Billing),Order Total Amount,"
        "Order Refund Amount,Item Name,Quantity,Item Cost\n"
        "10,Completed,2026-03-02 10:00,a@b.ru,,300,0,X,1,100\n"
        "10,Completed,2026-03-02 10:00,a@b.ru,,300,0,Y,2,100\n"
        "11,Cancelled,2026-03-02 10:00,c@b.ru,,10,0,Y,1,10\n"
    )
    purchases, told = read_table(file(tmp_path, text))
    assert told.source == "woocommerce_orders"
    assert purchases["amount"].to_list() == [300]
    assert told.rejected_by_reason == {"cancelled": 1, "order_line": 1}


def test_russian_shops_are_read(tmp_path: Path) -> None:
    insales = (
        "Номер заказа;Дата оформления;Статус заказа;Статус оплаты;Покупатель;Телефон;Email;Сумма заказа;"
        "Промокод\n"
        "1001;02.03.2026 10:00;Доставлен;Оплачен;Анна;89161234567;anna@x.ru;1 500,00;\n"
        "1002;13.03.2026 10:00;Отменён;Не оплачен;Анна;89161234567;anna@x.ru;900,00;\n"
    )
    purchases, told = read_table(file(tmp_path, insales))
    assert (told.source, told.rejected_by_reason) == ("insales_orders", {"cancelled": 1})
    assert purchases["phone"].to_list() == ["+79161234567"]
    tilda = (
        "orderid,sent,Email,Phone,price,formname,Статус оплаты\n"
        "5,2026-03-02 10:00:00,a@b.ru,,990,Корзина,Оплачен\n"
    )
    purchases, told = read_table(file(tmp_path, tilda))
    assert (told.source, purchases["amount"].to_list()) == ("tilda_orders", [990])


def test_quantity_times_price_is_the_amount(tmp_path: Path) -> None:
    text = (
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "536365,85123A,6,12/1/2010 8:26,2.55,17850.0,UK\n"
        "C536379,D,-1,12/13/2010 9:41,27.5,14527,UK\n"
        "536414,22139,56,12/13/2010 11:52,1,,UK\n"
    )
    purchases, told = read_table(file(tmp_path, text))
    assert told.source == "online_retail"
    assert purchases["amount"].to_list() == pytest.approx([15.3, -27.5])
    assert purchases["customer"].to_list() == ["17850", "14527"]
    assert purchases["Country"].to_list() == ["UK", "UK"]
    assert told.amount_rejected_by_reason == {"no_customer": 56}


def test_the_other_tables_are_recognised(tmp_path: Path) -> None:
    tables = {
        "actions": "Акция;Клиент;Группа;Затраты;Заметил;Путь\nВесна;7;Контроль;10,5;да;эмоциональный\n",
        "brands": "brand,respondent,score,own\nA,1,8,yes\nB,1,6,no\n",
        "wishes": "Пожелание;Просили;Ценность;Затраты;Вероятность\nДоставка ночью;25;100;500;80\n",
        "units": "unit,parent,name,kind\nm1,msk,Тверская,филиал\n",
        "reviews": "source,source_review_id,created_at,rating,rating_max,text\nsite,1,2026-03-02,4,5,fine\n",
        "customers": "customer,joined_at,segment\n7,2020-01-02,B2B\n",
    }
    frames = {}
    for name, text in tables.items():
        frames[name], told = read_table(file(tmp_path, text))
        assert told.table == name
        assert told.accepted == frames[name].height
    action = frames["actions"].row(0, named=True)
    assert (action["arm"], action["cost"], action["noticed"], action["path"]) == (
        *("control", 10.5, True, "emotional"),
    )
    assert frames["brands"]["own"].to_list() == [True, False]
    assert frames["wishes"]["feasibility"].to_list() == [0.8]
    assert frames["units"]["kind"].to_list() == ["branch"]


@pytest.mark.parametrize(
    ("written", "arms"),
    [("CT", ["control", "treated"]), ("КТ", ["control", "treated"]), ("ABC", ["a", "b", "c"])],
)
def test_letters_are_control_and_treated_where_no_other_stands_beside_them(
    tmp_path: Path, written: str, arms: list[str]
) -> None:
    rows = "".join(f"Spring;{at};{arm};10\n" for at, arm in enumerate(written))
    actions, told = read_table(file(tmp_path, f"action;customer;arm;cost\n{rows}"), "actions")
    assert told.accepted == len(written)
    assert actions["arm"].to_list() == arms


def test_a_cell_that_is_not_needed_is_left_empty_with_a_note(tmp_path: Path) -> None:
    text = "customer,date,amount,discount\n1,2026-03-02,5,much\n2,2026-03-03,6,1\n3,2026-03-03,6,2\n"
    purchases, told = read_table(file(tmp_path, text))
    assert purchases["discount"].to_list() == [None, 1, 2]
    assert "left_empty" in {note.code for note in told.notes}


def test_several_currencies_are_noted(tmp_path: Path) -> None:
    purchases, told = read_table(file(tmp_path, "customer,date,amount\n1,2026-03-02,$5\n2,2026-03-03,6 €\n"))
    assert purchases["currency"].to_list() == ["USD", "EUR"]
    assert "several_currencies" in {note.code for note in told.notes}


def test_workbooks_and_json_are_tables_too(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "Клиент": ["1", "2"],
            "Дата": [dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 13)],
            "Выручка": [5.5, 6.0],
        }
    )
    frame.write_excel(tmp_path / "sales.xlsx")
    frame.write_json(tmp_path / "sales.json")
    frame.write_parquet(tmp_path / "sales.parquet")
    for name in ("sales.xlsx", "sales.json", "sales.parquet"):
        purchases, told = read_table(tmp_path / name)
        assert told.table == "purchases"
        assert purchases["amount"].to_list() == [5.5, 6.0]
        assert purchases["bought_at"].to_list() == frame["Дата"].to_list()
        assert purchases["customer"].to_list() == ["1", "2"]


UNKNOWN = "Кто;Когда;Сколько\nИван;02.03.2026;1 234,56\nПётр;13.03.2026;5\n"


def test_an_unrecognised_file_writes_a_mapping_that_the_next_run_uses(tmp_path: Path) -> None:
    path = file(tmp_path, UNKNOWN, "odd.csv")
    with pytest.raises(UnknownFormat) as caught:
        read_table(path)
    assert "Сколько → amount?" in str(caught.value)
    guess = read_mapping(mapping_path(path))
    assert dict(guess.columns) == {"customer": "Кто", "bought_at": "Когда", "amount": "Сколько"}
    purchases, told = read_table(path)
    assert told.source == "mapping"
    assert purchases["amount"].sum() == pytest.approx(1239.56)


def test_a_mapping_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    path, target = file(tmp_path, UNKNOWN), tmp_path / "my.toml"
    with pytest.raises(UnknownFormat):
        read_table(path, mapping=target)
    target.write_text(target.read_text(encoding="utf-8").replace("# currency", "currency"), encoding="utf-8")
    purchases, _ = read_table(path, mapping=target)
    assert purchases["currency"].to_list() == ["RUB", "RUB"]


def test_a_mapping_says_what_the_words_of_a_file_mean(tmp_path: Path) -> None:
    text = "a,b,c,d\n1,2026-03-02,5,Готово\n2,2026-03-03,6,Вернули\n"
    mapping = {
        "table": "purchases",
        "columns": {"customer": "a", "bought_at": "b", "amount": "c", "status": "d"},
        "statuses": {"Вернули": "refund"},
    }
    purchases, _ = read_table(file(tmp_path, text), mapping=mapping)
    assert purchases["amount"].to_list() == [5, -6]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("table = ", "not valid TOML"),
        ('table = "sales"', "names no table"),
        ('table = "purchases"\n[columns]\ncustmer = "a"', "knows no 'custmer'"),
        ('table = "purchases"\n[columns]\ncustomer = 5', "something else than texts"),
        ('table = "purchases"\n[statuses]\n"x" = "gone"', "cannot mean"),
        ('table = "purchases"\ndecimal_mark = ";"', "point or a comma"),
        ('table = "purchases"\nmonth_first = "no"', "true or false"),
    ],
)
def test_a_wrong_mapping_is_one_clear_error(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadMapping, match=words) as caught:
        read_mapping(path)
    assert caught.value.into("ru") != str(caught.value)


def test_a_mapping_of_columns_that_are_not_there_is_an_error(tmp_path: Path) -> None:
    mapping = {"table": "purchases", "columns": {"customer": "nobody"}}
    with pytest.raises(MissingColumn, match="nobody"):
        read_table(file(tmp_path, UNKNOWN), mapping=mapping)


def test_a_mapping_survives_its_file(tmp_path: Path) -> None:
    mapping = ColumnMapping(
        table="purchases",
        columns={"customer": 'Кто "там"\n', "amount": "Сумма\\руб \t😀"},
        currency="EUR",
        decimal_mark=",",
        month_first=False,
        statuses={"Вернули": "refund"},
    )
    assert write_mapping(mapping, tmp_path / "m.toml", ["x\ny"])
    assert read_mapping(tmp_path / "m.toml") == mapping
    assert not write_mapping(mapping, tmp_path / "m.toml")


def test_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadOption):
        read_table(file(tmp_path, SALES), kind="sales")


def test_uci_online_retail_has_its_published_total() -> None:
    """Sum of Quantity x UnitPrice 9,747,747.934, 4,372 customers (UCI Online Retail, D. Chen)."""
    path = REAL / "uci_online_retail.parquet"
    if not path.is_file():
        pytest.skip("the real data are not beside this checkout")
    purchases, told = read_table(path)
    assert told.source == "online_retail"
    assert purchases["customer"].n_unique() == 4372
    total = (told.amount_accepted or 0) + sum(told.amount_rejected_by_reason.values())
    assert total == pytest.approx(9_747_747.934, abs=0.01)
    assert told.balanced


def test_complete_journey_tables_are_recognised() -> None:
    path = REAL / "completejourney_campaigns.parquet"
    if not path.is_file():
        pytest.skip("the real data are not beside this checkout")
    actions, told = read_table(path)
    assert (told.table, actions.height) == ("actions", 6589)
    customers, told = read_table(REAL / "completejourney_demographics.parquet")
    assert (told.table, customers.height) == ("customers", 801)


def test_a_mapping_that_leaves_out_what_is_needed_is_an_error(tmp_path: Path) -> None:
    mapping = {"table": "purchases", "columns": {"amount": "Сколько"}}
    with pytest.raises(BadMapping, match=r"customer / email .* bought_at|customer.*, bought_at"):
        read_table(file(tmp_path, UNKNOWN), mapping=mapping)


def test_a_list_of_identifiers_is_a_file_of_customers_only_where_it_is_said_to_be(tmp_path: Path) -> None:
    path = file(tmp_path, "Код клиента;город\nА1;Омск\nА2;Тверь\n")
    with pytest.raises(UnknownFormat):
        read_table(path)
    mapping_path(path).unlink()
    customers, told = read_table(path, "customers")
    assert customers["customer"].to_list() == ["А1", "А2"]
    assert (told.table, told.columns_used) == ("customers", {"Код клиента": "customer"})
    with pytest.raises(UnknownFormat):
        read_table(file(tmp_path, "город;чек\nОмск;5\nТверь;7\n", "towns.csv"), "customers")
