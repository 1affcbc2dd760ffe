"""Headers that say who answered, when and where, in English and Russian; and what is nobody's business."""

from __future__ import annotations

import re
from collections.abc import Mapping

from leal.intake.raw import header_key


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


_PREFIXES = _names(
    """
    person, person properties, contact, contact attributes, hidden, properties, custom variables,
    metadata, embedded data, hidden field, user, form response hidden, attributes, data contact, data
    contact attributes, respondent, event data person properties, customer, клиент
    """
)

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "answer": _names(
        """
        answer id, response id, responseid, survey response id, feedback id, submission id,
        feedback submission id, response uuid, uuid, id ответа, ид ответа, номер ответа, id анкеты, номер
        анкеты, код ответа, answer number, response number
        """
    ),
    "customer": _names(
        """
        customer, customer id, client, client id, user id, userid, contact id, external id, external
        reference, external data reference, externalreference, crm id, member id, subscriber id, distinct
        id, customer number, client number, customer code, loyalty card, клиент, id клиента, ид клиента,
        код клиента, номер клиента, клиент id, контрагент, карта, номер карты, карта лояльности,
        покупатель, id покупателя, код покупателя, код контрагента, id пользователя, пользователь,
        абонент, лицевой счет, номер договора
        """
    ),
    "email": _names(
        """
        email, e mail, email address, e mail address, recipient email, mail, contact email, person email,
        user email, verified email, customer email, respondent email, your email, почта, эл почта,
        электронная почта, адрес электронной почты, емейл, имейл, емайл, e mail клиента, email клиента,
        почта клиента, электронный адрес, ваш email, ваш e mail
        """
    ),
    "phone": _names(
        """
        phone, phone number, mobile, mobile phone, telephone, tel, cell phone, mobile number, телефон,
        номер телефона, моб телефон, мобильный, мобильный телефон, телефон клиента, сотовый, тел, ваш
        телефон, контактный телефон
        """
    ),
    "person": _names(
        "person, person id, recipient id, respondent id, respondent, респондент, contact, data person"
    ),
    "answered_at": _names(
        """
        answered at, answered, responded,
        submitted at, submitted, submit date, submit date utc, submitdate, date submitted,
        completed at, completion date, response date, date of response, recorded date, responded at,
        response time, submission date, submission time, survey date, feedback date, end date, timestamp,
        created at, created, createdat, date created, date, time, date time, datetime, datestamp, received
        at, start date, start date utc, started at, отметка времени, дата ответа, дата опроса, дата
        заполнения, дата и время, дата отзыва, дата прохождения, дата отправки, дата анкеты, дата
        создания, дата оценки, дата, время, время ответа, создан, когда
        """
    ),
    "segment": _names(
        """
        segment, customer segment, client segment, user segment, tier, customer type, client type,
        customer group, segment name, сегмент, сегмент клиента, тип клиента, группа клиентов, категория
        клиента, группа клиента, категория клиентов, seg, segm, сегм, кластер
        """
    ),
    "account": _names(
        """
        account, account id, account name, company, company name, organization, organisation, компания,
        организация, название компании, аккаунт, юридическое лицо, юрлицо
        """
    ),
    "contact_role": _names("contact role, job title, role, position, должность, роль, роль контакта"),
    "unit": _names(
        """
        unit, branch, store, shop, location name, location, region, department, office, филиал, магазин,
        точка, торговая точка, точка продаж, регион, отдел, подразделение, салон, офис, отделение,
        ресторан, город, city, площадка, адрес магазина
        """
    ),
    "employee": _names(
        """
        employee, agent, agent name, manager, assigned agent, operator, staff member, менеджер, сотрудник,
        консультант, оператор, мастер, продавец, специалист
        """
    ),
    "channel": _names(
        """
        channel, distribution channel, survey channel, collection mode, response channel, delighted
        source, канал, канал опроса, канал связи, способ опроса
        """
    ),
    "touchpoint": _names("touchpoint, touch point, journey stage, точка контакта, этап, событие"),
    "survey_version": _names("survey version, questionnaire version, версия анкеты, версия опроса"),
    "wave": _names("wave, survey wave, round, волна, волна опроса, номер волны"),
    "weight": _names("weight, sampling weight, вес, вес ответа, статистический вес"),
    "language": _names(
        """
        language, user language, userlanguage, startlanguage, start language, survey language, lang,
        locale, язык, язык опроса, язык анкеты, начальный язык
        """
    ),
    "noticed": _names("noticed, action noticed, campaign noticed, заметили, заметил, заметили акцию"),
    "action": _names("action, campaign, action asked about, акция, название акции, кампания"),
}
"""Bare wordings of headers, the most telling first."""

_PERSONAL = re.compile(
    r"^(?:(?:person|recipient|contact|customer|respondent|user|client|first|last|full|sur|given|family|middle|author"
    r"|submitter|your)\s)*"
    r"(?:name|surname|lastname|firstname|first name|last name|full name|fullname|initials)$"
    r"|^(?:фио|ф и о|имя|фамилия|отчество|имя клиента|фио клиента|имя и фамилия|фамилия имя|ваше имя|ваше фио"
    r"|имя отчество|фамилия имя отчество|фио респондента|имя респондента|как вас зовут|what is your name)$"
    r"|\bip\b|\bipaddr|ip address|ipaddress|ip адрес|\blatitude\b|\blongitude\b|широта|долгота|user agent$"
    r"|\bnetwork id\b|user image|avatar|birth|дата рождения|день рождения|паспорт|passport|\bинн\b|снилс"
    r"|домашний адрес|street address|postal address|cookie"
)


def canonical_of(header: str) -> str | None:
    """Return the column of the vocabulary that a header names outright, None where it names none."""
    ranked = rank_of(header)
    return None if ranked is None else ranked[0]


def rank_of(header: str) -> tuple[str, int] | None:
    """Return the canonical column that a header names and how late it stands among its synonyms."""
    key = header_key(header)
    for wording in (key, _without_prefix(key), re.sub(r" (?:utc|gmt|msk|мск)$", "", key)):
        for canonical, names in SYNONYMS.items():
            if wording in names:
                return canonical, names.index(wording)
    return None


def is_personal(header: str) -> bool:
    """Tell whether a column is personal data that no analysis needs: names, IP addresses, coordinates."""
    return _PERSONAL.search(header_key(header)) is not None


def _without_prefix(key: str) -> str:
    for prefix in sorted(_PREFIXES, key=len, reverse=True):
        if key.startswith(f"{prefix} "):
            return key[len(prefix) + 1 :]
    return key
