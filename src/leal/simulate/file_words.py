"""Headers, questions and words of the files that the simulated company writes, in English and Russian."""

from __future__ import annotations

from collections.abc import Mapping

from leal.simulate.loyalty_block import BLOCK
from leal.simulate.plan import ITEMS
from leal.wording import Language

FileHeaders = Mapping[str, str]
"""Columns of a table, in the order of the file, with the header that each goes by."""

NAMES: dict[Language, dict[str, str]] = {
    "en": {
        "answers": "survey_qualtrics.csv",
        "purchases": "orders.csv",
        "customers": "customers.xlsx",
        "reviews": "reviews.json",
        "actions": "actions.csv",
        "brands": "brands.csv",
        "wishes": "wishes.csv",
        "units": "units.csv",
    },
    "ru": {
        "answers": "опрос_google_forms.csv",
        "purchases": "продажи_1С.csv",
        "customers": "клиенты.xlsx",
        "reviews": "отзывы.json",
        "actions": "акции.csv",
        "brands": "бренды.csv",
        "wishes": "пожелания.csv",
        "units": "подразделения.csv",
    },
}

QUESTIONS: dict[Language, tuple[str, ...]] = {
    "en": (
        "How likely are you to recommend Northern Lights to a friend or colleague? - Group",
        "How likely are you to recommend Northern Lights to a friend or colleague?",
        "What is the main reason for your score?",
        "Overall, how satisfied are you with Northern Lights? (1 to 10)",
        "How easy was it to get what you needed? (1 to 7, 7 is easiest)",
    ),
    "ru": (),
}

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "yes": "yes",
        "no": "no",
        "unknown": "n/a",
        "done": "completed",
        "refund": "refund",
        "cancelled": "cancelled",
        "total": "Total",
        "customers": "Customers",
    },
    "ru": {
        "yes": "да",
        "no": "нет",
        "unknown": "н/д",
        "done": "Реализация",
        "refund": "Возврат",
        "cancelled": "отменён",
        "total": "Итого",
        "customers": "Клиенты",
    },
}

HEADERS: dict[Language, dict[str, FileHeaders]] = {
    "en": {
        "purchases": {
            "purchase": "Order ID",
            "customer": "Customer ID",
            "bought_at": "Order date",
            "amount": "Total",
            "currency": "Currency",
            "margin": "Gross profit",
            "discount": "Discount amount",
            "promotion": "Coupon code",
            "unit": "Store",
            "state": "Status",
        },
        "customers": {
            "customer": "Customer ID",
            "email": "Email",
            "phone": "Phone",
            "joined_at": "Customer since",
            "joining_reason": "How did you hear",
            "segment": "Segment",
            "need": "need",
            "unit": "Store",
            "account": "Organization",
            "contacts": "Contacts last year",
            "cases": "Complaints",
            "left_at": "Churn date",
        },
        "actions": {
            "action": "Campaign",
            "customer": "Customer ID",
            "arm": "Arm",
            "cost": "Cost",
            "exposed": "Exposed",
            "noticed": "Noticed",
            "started_at": "Start date",
            "path": "Path",
        },
        "brands": {
            "brand": "Brand",
            "respondent": "Respondent",
            "score": "Score",
            "rank": "Rank",
            "own": "Own",
            "previous_brand": "Previous brand",
            "spend": "Spend",
        },
        "wishes": {
            "wish": "Wish",
            "asked": "Asked",
            "surveyed": "Surveyed",
            "value": "Value per customer",
            "value_low": "Value low",
            "value_high": "Value high",
            "cost": "Yearly cost",
            "feasibility": "Feasibility",
            "mentions": "mentions",
        },
        "units": {"unit": "Unit", "parent": "Parent", "name": "Name", "kind": "Kind"},
    },
    "ru": {
        "answers": {
            "answered_at": "Отметка времени",
            "email": "Адрес электронной почты",
            "recommend": "Насколько вероятно, что вы порекомендуете нас другу или коллеге?",
            "comment": "Почему вы поставили такую оценку?",
            "satisfaction": "Насколько вы довольны нами в целом? (от 1 до 10)",
            "effort": "Насколько легко было решить ваш вопрос? (от 1 до 7, 7 - очень легко)",
            **{item: item for item in (*ITEMS, *BLOCK)},
            "answer": "Номер анкеты",
            "phone": "Телефон",
            "segment": "Сегмент",
            "unit": "Филиал",
            "account": "Организация",
            "contact_role": "Должность",
            "employee": "Сотрудник",
            "channel": "Канал",
            "touchpoint": "Точка контакта",
            "survey_version": "Версия анкеты",
            "weight": "Вес",
            "language": "Язык",
            "action": "Акция",
            "noticed": "Заметили акцию",
        },
        "purchases": {
            "bought_at": "Дата",
            "purchase": "Номер документа",
            "operation": "Вид операции",
            "customer": "Код клиента",
            "amount": "Сумма",
            "currency": "Валюта",
            "margin": "Валовая прибыль",
            "discount": "Сумма скидки",
            "promotion": "Промокод",
            "unit": "Магазин",
        },
        "customers": {
            "customer": "Код клиента",
            "email": "E-mail",
            "phone": "Телефон",
            "joined_at": "Дата первой покупки",
            "joining_reason": "Откуда узнали",
            "segment": "Сегмент",
            "need": "Потребность",
            "unit": "Филиал",
            "account": "Организация",
            "contacts": "Число контактов",
            "cases": "Число жалоб",
            "left_at": "Дата ухода",
        },
        "actions": {
            "action": "Название акции",
            "customer": "Код клиента",
            "arm": "Группа",
            "cost": "Затраты",
            "exposed": "Получил",
            "noticed": "Заметил",
            "started_at": "Дата начала",
            "path": "Путь к лояльности",
        },
        "brands": {
            "brand": "Бренд",
            "respondent": "Респондент",
            "score": "Оценка",
            "rank": "Место",
            "own": "Наш бренд",
            "previous_brand": "Прежний бренд",
            "spend": "Траты",
        },
        "wishes": {
            "wish": "Пожелание",
            "asked": "Просили",
            "surveyed": "Опрошено",
            "value": "Выгода",
            "value_low": "Нижняя граница",
            "value_high": "Верхняя граница",
            "cost": "Затраты в год",
            "feasibility": "Вероятность успеха",
            "mentions": "Сообщений",
        },
        "units": {"unit": "Подразделение", "parent": "Родитель", "name": "Название", "kind": "Вид"},
    },
}
