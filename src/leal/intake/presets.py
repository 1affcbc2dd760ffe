"""Exports of known programs whose columns need more than their names: what they are and how they are read.

Each is recognised by headers that only it has together; what it does not say is found by synonyms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leal.intake.synonyms import wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An export of a known program.

    Attributes
    ----------
    source : str
        Stable name: ``"shopify_orders"``.
    table : str
        The table that it becomes.
    needs : tuple of tuples of str
        Wordings of headers: of each group at least one must be there.
    columns : mapping of str to tuple of str
        By column of the table the wordings it goes by in this export, the surest first.
    leaves : tuple of str
        Columns of the table that this export does not have, whatever its headers look like.
    """

    source: str
    table: str
    needs: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leaves: tuple[str, ...] = ()


def _preset(source: str, table: str, needs: str, columns: Mapping[str, str], leaves: str = "") -> Preset:
    """Write groups as ``a, b | c``: a or b, and c."""
    groups = tuple(_split(group) for group in needs.split("|"))
    named = {name: _split(headers) for name, headers in columns.items()}
    return Preset(source=source, table=table, needs=groups, columns=named, leaves=tuple(leaves.split()))


def _split(headers: str) -> tuple[str, ...]:
    return tuple(wording(header.strip()) for header in headers.split(",") if header.strip())


PRESETS: tuple[Preset, ...] = (
    _preset(
        "1c_sales",
        "purchases",
        """контрагент, покупатель, партнер, клиент | регистратор, документ, документ движения,
            документ продажи, документ реализации, ссылка | сумма, стоимость, выручка, сумма с ндс,
            сумма выручки, стоимость продажи, сумма документа, продажи, сумма продажи""",
        {
            "purchase": """регистратор, документ движения, документ продажи, документ реализации,
            документ, ссылка""",
            "customer": "контрагент, покупатель, партнер, клиент",
            "bought_at": "дата, дата документа, период, день",
            "amount": """сумма с ндс, сумма выручки, выручка, сумма продажи, сумма документа, сумма, стоимость
            продажи, стоимость, продажи""",
            "item": "номенклатура, товар",
        },
    ),
    _preset(
        "bitrix24_deals",
        "purchases",
        """стадия сделки, deal stage, stage | название, название сделки, deal name, name | сумма,
            income, amount, total, opportunity""",
        {
            "purchase": "id",
            "customer": """контакт id, id контакта, contact id, клиент, client, client id,
            компания id, company id""",
            "name": "контакт, contact, компания, company",
            "bought_at": """дата закрытия, дата завершения, close date, closed on, closing date,
            предполагаемая дата закрытия, estimated closing date, expected close date, end date,
            дата начала, start date, дата изменения, modified on, дата создания, created on""",
            "amount": "сумма, income, amount, total, opportunity",
            "status": "стадия сделки, deal stage, stage",
            "unit": "направление, воронка, pipeline, отдел",
        },
        leaves="operation item",
    ),
    _preset(
        "amocrm_deals",
        "purchases",
        """этап сделки, lead status, этап, status, статус сделки, stage | название сделки, lead
            title, lead name, сделка, deal name | бюджет, бюджет сделки, sale, budget, lead value,
            сумма""",
        {
            "purchase": "id, id сделки, lead id",
            "customer": "id контакта, contact id",
            "name": """основной контакт, main contact, контакт, contact, полное имя контакта, contact full
            name, компания, company""",
            "bought_at": """дата закрытия, дата закрытия сделки, closed at, close date, date closed, дата
            редактирования, дата создания сделки, дата создания, created at""",
            "amount": "бюджет, бюджет сделки, sale, budget, lead value, сумма",
            "status": "этап сделки, lead status, этап, статус сделки, stage, status",
            "unit": "воронка, pipeline",
        },
        leaves="operation item",
    ),
    _preset(
        "shopify_orders",
        "purchases",
        "financial status | lineitem name, lineitem quantity | total | name",
        {
            "purchase": "name",
            "email": "email",
            "phone": "phone, billing phone, shipping phone",
            "name": "billing name, shipping name",
            "bought_at": "created at, paid at",
            "amount": "total",
            "status": "financial status",
            "refunded": "refunded amount",
            "discount": "discount amount",
            "promotion": "discount code",
            "unit": "location",
            "item": "lineitem name",
            "quantity": "lineitem quantity",
            "price": "lineitem price",
        },
        leaves="customer operation cost_price segment",
    ),
    _preset(
        "woocommerce_orders",
        "purchases",
        """order number, order id | order status, status | order total amount, order total | email
            billing, billing email, customer email, item cost, customer note""",
        {
            "purchase": "order number, order id",
            "customer": "customer user id, customer id, user id",
            "email": "email billing, billing email, customer email",
            "phone": "phone billing, billing phone",
            "bought_at": "order date, paid date, completed date",
            "amount": "order total amount, order total",
            "refunded": "order refund amount, refund amount",
            "discount": "cart discount amount, discount amount, discount total",
            "promotion": "coupon code, coupons",
            "status": "order status, status",
            "item": "item name, product name, product",
            "quantity": "quantity, item quantity",
            "price": "item cost, item price",
        },
        leaves="operation unit",
    ),
    _preset(
        "insales_orders",
        "purchases",
        """номер заказа, номер | сумма заказа, итоговая сумма, итого, стоимость заказа | статус
            оплаты, финансовый статус | покупатель, клиент, фио, имя, email, e-mail, телефон""",
        {
            "purchase": "номер заказа, номер",
            "customer": "id клиента, id покупателя",
            "name": "покупатель, клиент, фио, имя",
            "bought_at": """дата оформления, дата заказа, дата создания, создан, дата и время, дата,
            дата оплаты""",
            "amount": "сумма заказа, итоговая сумма, итого, стоимость заказа",
            "status": "статус заказа, статус, финансовый статус, статус оплаты",
        },
    ),
    _preset(
        "tilda_orders",
        "purchases",
        """orderid, order id, payment id, paymentid | sent, created, created at, дата | email,
            e-mail, phone, телефон | price, subtotal, amount, сумма, стоимость | formname, form
            name, referer, tranid, requestid, form id, название формы""",
        {
            "purchase": "orderid, order id, payment id, paymentid",
            "bought_at": "sent, created, created at, дата",
            "amount": "price, amount, сумма, стоимость, subtotal",
            "status": "payment status, статус оплаты, status",
            "promotion": "promocode, promo code, промокод",
        },
        leaves="item quantity",
    ),
    _preset(
        "online_retail",
        "purchases",
        """invoice no, invoice, invoiceno | stock code, stockcode | quantity | unit price, price,
            unitprice | customer id, customerid""",
        {
            "purchase": "invoice no, invoice, invoiceno",
            "customer": "customer id, customerid",
            "bought_at": "invoice date, invoicedate",
            "quantity": "quantity",
            "price": "unit price, price, unitprice",
            "item": "stock code, stockcode",
        },
        leaves="amount unit",
    ),
    _preset(
        "complete_journey_transactions",
        "purchases",
        "household id, household key | basket id | sales value",
        {
            "purchase": "basket id",
            "customer": "household id, household key",
            "bought_at": "transaction timestamp",
            "amount": "sales value",
            "discount": "retail disc",
            "unit": "store id",
            "item": "product id",
        },
        leaves="price quantity",
    ),
    _preset(
        "complete_journey_campaigns",
        "actions",
        "campaign id | household id, household key",
        {"action": "campaign id", "customer": "household id, household key"},
    ),
    _preset(
        "complete_journey_households",
        "customers",
        "household id, household key | household size, household comp | income",
        {"customer": "household id, household key", "segment": "household comp"},
    ),
    _preset(
        "olist_customers",
        "customers",
        "customer unique id | customer zip code prefix",
        {"customer": "customer unique id", "unit": "customer state"},
    ),
    _preset(
        "bitrix24_contacts",
        "customers",
        """имя, first name | фамилия, last name | тип контакта, contact type, рабочий телефон, work
            phone, рабочий e mail, work e mail, мобильный телефон, mobile""",
        {
            "customer": "id",
            "first_name": "имя, first name",
            "last_name": "фамилия, last name",
            "phone": "мобильный телефон, mobile, рабочий телефон, work phone",
            "email": "рабочий e mail, work e mail, частный e mail, home e mail",
            "joined_at": "дата создания, created on",
            "segment": "тип контакта, contact type",
            "account": "компания, company",
            "joining_reason": "источник, source",
        },
    ),
    _preset(
        "amocrm_contacts",
        "customers",
        """полное имя контакта, имя контакта, фио, полное имя, name, full name, contact name,
            наименование | рабочий телефон, work phone, мобильный телефон, рабочий email, work email
            | компания, company, ответственный, responsible user""",
        {
            "customer": "id",
            "name": """полное имя контакта, полное имя, имя контакта, фио, full name, contact name,
            наименование, name""",
            "phone": "мобильный телефон, mobile phone, рабочий телефон, work phone",
            "email": "рабочий email, work email, личный email",
            "joined_at": "дата создания контакта, дата создания, created at",
            "account": "компания, company",
        },
    ),
    _preset(
        "delighted_people",
        "customers",
        "last sent at, next survey scheduled at | last responded at | email",
        {
            "customer": "id",
            "email": "email",
            "phone": "phone number",
            "name": "name",
            "joined_at": "created at",
        },
    ),
)
"In order of precedence: the first that a file has all headers of is taken."
