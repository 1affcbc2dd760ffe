"""What other programs and people call the columns of the vocabulary, in English and Russian.

Headers are compared by `header_key` (lower case, no punctuation). The first name of a list that a file has is
taken: where a file has «Сумма с НДС» and «Сумма», the one that stands earlier here is the amount. Names under
`STEMS` are weaker: they only guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from leal.intake.raw import header_key

Names = tuple[str, ...]


def wording(header: str) -> str:
    """Return the bare wording of a header, without units of money and quantity.

    Examples
    --------
    >>> wording("Сумма, руб."), wording("№ заказа"), wording("Total (USD)")
    ('сумма', 'номер заказа', 'total')
    """
    key = header_key(header.replace("№", " номер "))
    bare = re.sub(r"(?:^| )(?:в )?(?:руб|рублей|rub|rur|usd|eur|kzt|byn|тенге|шт|р)(?= |$)", "", key).strip()
    return bare or key


def _names(text: str) -> Names:
    """Split a list of names, each written as it stands in files."""
    return tuple(dict.fromkeys(header_key(name) for name in text.split(",") if name.strip()))


_CUSTOMER = _names(
    """customer, customer id, customer unique id, customer number, customer no, customer code, client id,
        client, client number, client code, buyer id, user id, member id, household id, shopper id,
        account holder, contact id, loyalty card, card number, external reference, external id, subscriber
        id, person id, person, cust id, cid, id клиента, код клиента, номер клиента, клиент id, клиент
        код, ид клиента, ид покупателя, идентификатор клиента, номер карты, карта клиента, карта
        лояльности, код покупателя, id покупателя, id контакта, контакт id, контакт: id, код контрагента,
        id контрагента, абонент, номер абонента, лицевой счет, клиент, покупатель, контрагент, партнер,
        заказчик, плательщик, получатель, пользователь, id пользователя, buyer, user, shopper, member,
        company id, id компании"""
)
_EMAIL = _names(
    """email, e-mail, mail, email address, e-mail address, customer email, client email, buyer email,
        user email, contact email, billing email, email billing, email (billing), work email, recipient
        email, почта, e-mail клиента, электронная почта, адрес электронной почты, эл почта, эл. почта,
        емейл, имейл, мейл, рабочий email, рабочий e-mail, частный e-mail, личный email, личный e-mail,
        почта клиента, email клиента, email покупателя, контакт: рабочий e-mail, рабочий email контакта,
        рабочий email (контакт), электронный адрес, адрес эп"""
)
_PHONE = _names(
    """phone, phone number, mobile, mobile phone, mobile number, telephone, tel, cell phone, cell, work
        phone, customer phone, client phone, billing phone, phone billing, phone (billing), contact phone,
        msisdn, телефон, номер телефона, мобильный, мобильный телефон, сотовый, сотовый телефон, рабочий
        телефон, тел, тел., телефон клиента, телефон покупателя, контактный телефон, номер мобильного,
        контакт: рабочий телефон, контакт: мобильный телефон, рабочий телефон контакта, мобильный телефон
        контакта, рабочий телефон (контакт), телефоны, домашний телефон"""
)
_NAME = _names(
    """name, full name, customer name, client name, contact, contact name, main contact, primary contact,
        buyer name, billing name, имя, фио, ф.и.о., имя клиента, фио клиента, клиент фио, контакт,
        основной контакт, имя покупателя, полное имя, полное имя контакта, наименование, имя контакта,
        контактное лицо, покупатель имя, название контакта, company, company name, компания, название
        компании, организация клиента"""
)
_UNIT = _names(
    """unit, branch, store, store id, store name, shop, shop id, shop name, outlet, location, location
        name, restaurant, office, region, department, branch id, филиал, подразделение, магазин, точка,
        торговая точка, точка продаж, салон, офис, регион, отделение, отдел, департамент, бренд, город
        магазина, код магазина"""
)
_SEGMENT = _names(
    """segment, customer segment, client segment, customer group, customer type, client type, category of
        customer, tier, сегмент, сегмент клиента, группа клиентов, категория клиента, тип клиента, вид
        клиента, группа, custom data 1, клиентский сегмент, тип контакта, contact type"""
)
_STATUS = _names(
    """status, order status, financial status, payment status, state, deal stage, stage, lead status,
        stage name, этап сделки, стадия сделки, стадия, этап, статус, статус заказа, статус оплаты,
        состояние, состояние заказа, статус документа, статус сделки"""
)

PURCHASES: Mapping[str, Names] = {
    "purchase": _names(
        """purchase, purchase id, order id, order number, order no, order, order name, order code, invoice
        no, invoice, invoice number, invoice id, transaction id, transaction, receipt, receipt id, receipt
        number, basket id, cart id, deal id, lead id, check number, sale id, document number, номер
        заказа, id заказа, код заказа, заказ, номер чека, чек, номер документа, документ номер,
        регистратор, документ, документ движения, документ продажи, документ реализации, ссылка, id
        сделки, номер продажи, номер накладной, номер счета, номер операции, id транзакции, номер, id"""
    ),
    "customer": _CUSTOMER,
    "email": _EMAIL,
    "phone": _PHONE,
    "name": _NAME,
    "bought_at": _names(
        """bought at, order date, purchase date, date of purchase, purchased at, order purchase timestamp,
        invoice date, transaction date, transaction timestamp, transaction time, sale date, date of sale,
        sold at, paid at, closed at, close date, closed date, completed at, created at, created on, date
        created, created, created date, order time, receipt date, date, day, datetime, date time,
        timestamp, time, дата продажи, дата покупки, дата заказа, дата оформления, дата оформления заказа,
        дата оплаты, дата отгрузки, дата реализации, дата чека, дата документа, дата операции, дата
        транзакции, дата закрытия, дата закрытия сделки, дата завершения, дата и время, дата время,
        дата/время, время продажи, дата, день, время, период, дата создания, создан, дата создания сделки,
        дата создания заказа, period"""
    ),
    "amount": _names(
        """amount, amount paid, paid amount, total amount, amount total, net amount, line total, line amount,
        total, total price, total sum, total paid, grand total, order total, order amount, order total
        amount, order value, sales value, sales amount, sale amount, sales, revenue, gross sales, net
        sales, payment value, payment, turnover, spend, spent, value, deal amount, deal value, budget,
        income, sale, sum, сумма с ндс, сумма продажи, сумма продаж, сумма покупки, сумма заказа, сумма
        чека, сумма сделки, сумма документа, сумма оплаты, сумма к оплате, сумма, выручка с ндс, выручка,
        продажи, стоимость продажи, стоимость заказа, стоимость с учетом скидки, стоимость, оборот,
        оплачено, оплата, к оплате, итоговая сумма, итого, всего, бюджет, бюджет сделки, чек сумма, сумма
        без ндс, стоимость без ндс, выручка без ндс, subtotal, price total"""
    ),
    "quantity": _names(
        """quantity, qty, units sold, pieces, item quantity, lineitem quantity, количество, кол-во, кол во,
        количество товара, количество продажи"""
    ),
    "price": _names(
        """unit price, price, item price, item cost, lineitem price, price each, price per unit, цена, цена
        за единицу, цена продажи, цена за шт, цена товара"""
    ),
    "refunded": _names(
        """refunded amount, refund amount, order refund amount, amount refunded, total refunded, сумма
        возврата, возвращено, сумма возвратов, возвраты"""
    ),
    "currency": _names(
        """currency, currency code, order currency, presentment currency, валюта, код валюты, валюта
        документа, валюта заказа, валюта сделки"""
    ),
    "margin": _names(
        """margin, gross margin, margin amount, gross profit, profit, contribution, contribution margin,
        маржа, прибыль, валовая прибыль, маржинальная прибыль, наценка сумма, сумма наценки, доход,
        маржинальный доход"""
    ),
    "cost_price": _names(
        """cost of goods, cost of goods sold, cogs, total cost, себестоимость, себестоимость продажи,
        себестоимость продаж, себестоимость сумма"""
    ),
    "discount": _names(
        """discount, discount amount, total discount, discount value, lineitem discount, скидка, сумма
        скидки, скидка сумма, сумма автоматической скидки, сумма ручной скидки, скидка по заказу"""
    ),
    "promotion": _names(
        """promotion, promo, promo code, promocode, coupon, coupon code, discount code, discount name,
        voucher, voucher code, campaign, акция, промокод, промо код, купон, код купона, промоакция, скидка
        по акции"""
    ),
    "category": _names(
        """category, product category, item category, category name, product group, item group, product
        type, department name, категория, категория товара, группа товаров, группа номенклатуры, товарная
        группа, номенклатурная группа, категория номенклатуры, вид товара, раздел каталога"""
    ),
    "unit": _UNIT,
    "segment": _SEGMENT,
    "status": _STATUS,
    "operation": _names(
        """operation, operation type, transaction type, document type, type of operation, type of
        transaction, kind, тип операции, вид операции, тип документа, вид документа, тип чека, операция,
        тип транзакции, признак расчета, хозяйственная операция, is refund, refund, возврат, return,
        признак возврата"""
    ),
    "item": _names(
        """item, item name, item id, product, product id, product name, sku, stock code, lineitem name,
        lineitem sku, description, номенклатура, товар, наименование товара, артикул, код товара, позиция,
        характеристика, название товара, товары, product code, order item id"""
    ),
}
"""Columns of sales; `email`, `phone`, `name` find the customer, the others help to make the amount."""

CUSTOMERS: Mapping[str, Names] = {
    "customer": (*_CUSTOMER, *_names("id, ид, код, номер, contact, account number, crm id")),
    "email": _EMAIL,
    "phone": _PHONE,
    "name": _NAME,
    "joined_at": _names(
        """joined at, joined, registered at, registration date, sign up date, signup date, first order date,
        customer since, created at, created on, created, date created, start date, member since, дата
        регистрации, клиент с, дата создания, дата создания контакта, дата добавления, дата первой
        покупки, дата заведения, дата договора, дата подключения, создан, зарегистрирован, registered,
        дата начала обслуживания"""
    ),
    "joining_reason": _names(
        """joining reason, reason for joining, how did you hear, acquisition source, acquisition channel,
        source, lead source, referral source, utm source, причина прихода, источник, откуда узнали,
        источник привлечения, канал привлечения, почему пришел"""
    ),
    "segment": _SEGMENT,
    "unit": _UNIT,
    "account": _names(
        """account, account id, account name, organization, organisation, организация, юрлицо, холдинг"""
    ),
    "contacts": _names(
        """contacts, contacts last year, number of contacts, interactions, touches, обращения, контактов за
        год, число контактов, количество контактов, количество обращений, число обращений"""
    ),
    "cases": _names(
        """cases, complaints, tickets, number of cases, number of complaints, жалобы, число жалоб, количество
        жалоб, претензии, количество претензий, заявки"""
    ),
    "left_at": _names(
        """left at, churned at, churn date, cancelled at, cancellation date, end date, date of leaving, дата
        ухода, дата оттока, дата расторжения, ушел, дата отключения"""
    ),
    "contract_began_at": _names(
        """contract began at, contract start, contract start date, contract started, contract signed,
        subscription start, начало договора, дата начала договора, договор с, дата заключения договора,
        начало подписки"""
    ),
    "contract_ends_at": _names(
        """contract ends at, contract end, contract end date, contract ends, contract expires, renewal
        date, subscription end, subscription ends, expires at, окончание договора, дата окончания договора,
        конец договора, договор до, договор по, срок договора, окончание подписки, дата продления"""
    ),
    "first_name": _names("first name, имя"),
    "last_name": _names("last name, surname, family name, фамилия"),
}

ACTIONS: Mapping[str, Names] = {
    "action": _names(
        """action, action name, campaign, campaign id, campaign name, programme, program, initiative, offer,
        promotion, акция, название акции, кампания, программа, мероприятие, действие, рассылка, инициатива"""
    ),
    "customer": _CUSTOMER,
    "email": _EMAIL,
    "phone": _PHONE,
    "arm": _names(
        """arm, group, variant, test group, experiment group, treatment, cell, группа, группа теста, тестовая
        группа, вариант, ветка, контроль"""
    ),
    "cost": _names(
        """cost, costs, spend, budget, expense, expenses, затраты, расходы, стоимость, бюджет, цена, сумма
        затрат"""
    ),
    "exposed": _names(
        """exposed, sent, delivered, reached, contacted, shown, получил, показано, доставлено, отправлено,
        охвачен, участвовал"""
    ),
    "noticed": _names(
        """noticed, seen, recalled, remembered, awareness, заметил, видел, помнит, заметность, узнал"""
    ),
    "started_at": _names(
        """started at, started, began, started on, start date, start, date, sent at,
        launch date, launched at, exposed at, дата начала,
        начало, дата, дата запуска, дата старта, дата отправки, старт"""
    ),
    "path": _names("path, way, way to loyalty, путь, путь к лояльности, тип лояльности, вид лояльности"),
    "promised": _names("promised, forecast, expected gain, обещано, прогноз, ожидаемый эффект"),
    "promised_low": _names("promised low, forecast low, обещано от, прогноз от"),
    "promised_high": _names("promised high, forecast high, обещано до, прогноз до"),
    "promised_noticed": _names(
        """promised noticed, expected to notice, forecast noticed, expected noticing, должны заметить,
        обещано заметят, прогноз заметности, ожидаемая заметность"""
    ),
    "planned_share": _names(
        """planned share, planned split, share of arm, share drawn, плановая доля, доля группы, доля по плану,
        плановая доля группы"""
    ),
    "driver": _names("driver, cause, root cause, причина удовлетворенности, драйвер"),
}

BRANDS: Mapping[str, Names] = {
    "brand": _names(
        """brand, brand name, competitor, company, бренд, марка, конкурент, компания, торговая марка"""
    ),
    "respondent": _names(
        """respondent, respondent id, person, participant, респондент, номер респондента, id респондента,
        участник"""
    ),
    "customer": _names(
        """customer, customer id, client id, customer number, код клиента, id клиента, номер клиента,
        клиент"""
    ),
    "answered_at": _names("answered at, response date, date, дата ответа, дата опроса, дата"),
    "score": _names(
        """score, rating, nps, recommend, index, оценка, балл, индекс, рейтинг, готовность рекомендовать"""
    ),
    "n": _names(
        """n, base, sample, sample size, answers, respondents, выборка, число ответов, число опрошенных,
        база, объем выборки"""
    ),
    "spread": _names("spread, sd, standard deviation, std, std dev, стандартное отклонение, разброс, ско"),
    "rank": _names("rank, place, position, ранг, место"),
    "own": _names("own, ours, our brand, is own, is ours, наш, наш бренд, свой, собственный"),
    "wave": _names("wave, period, study wave, волна, период, замер"),
    "previous_brand": _names(
        """previous brand, former brand, switched from, прежний бренд, предыдущий бренд, ушел от, прежде"""
    ),
    "brand_spend": _names("brand spend, spend with brand, траты в бренде, расходы в бренде, траты у бренда"),
    "spend": _names(
        """spend, spending, total spend, wallet, category spend, расходы, траты, затраты, расходы на
        категорию"""
    ),
}

WISHES: Mapping[str, Names] = {
    "wish": _names(
        """wish, request, feature, feature request, idea, suggestion, пожелание, идея, запрос, предложение,
        хотелка"""
    ),
    "asked": _names(
        """asked, votes, requests, mentions, asked by, customers asking, просили, голосов, голоса, запросов,
        упоминаний, попросили, число просьб"""
    ),
    "surveyed": _names("surveyed, respondents, base, sample, n, опрошено, опрошенных, выборка, база"),
    "value": _names(
        """value, value per customer, benefit, выгода, ценность, доход на клиента, эффект, ценность на
        клиента"""
    ),
    "value_low": _names("value low, low, min value, ценность мин, минимум, нижняя граница, ценность от"),
    "value_high": _names(
        """value high, high, max value, ценность макс, максимум, верхняя граница, ценность до"""
    ),
    "cost": _names("cost, costs, yearly cost, затраты, стоимость, расходы, затраты в год, стоимость в год"),
    "feasibility": _names(
        """feasibility, probability, chance, success probability, вероятность, реализуемость, осуществимость,
        выполнимость, шанс, шанс успеха, вероятность успеха"""
    ),
}

UNITS: Mapping[str, Names] = {
    "unit": _names(
        """unit, unit id, branch, branch id, store, store id, code, id, подразделение, филиал, магазин, код,
        отделение, точка"""
    ),
    "parent": _names(
        """parent, parent id, parent unit, belongs to, region, родитель, вышестоящее подразделение, головное
        подразделение, входит в, регион"""
    ),
    "name": _names("name, title, unit name, название, наименование"),
    "kind": _names("kind, type, level, unit type, вид, тип, уровень, вид подразделения"),
}

ANSWERS: Mapping[str, Names] = {
    "answer": _names("answer, answer id, response id, id ответа, номер ответа"),
    "customer": _CUSTOMER,
    "email": _EMAIL,
    "phone": _PHONE,
    "answered_at": _names(
        """answered at, submitted at, response date, timestamp, дата ответа, отметка времени"""
    ),
    "recommend": _names(
        """recommend, nps, nps score, score, likelihood to recommend, оценка nps, готовность рекомендовать"""
    ),
    "satisfaction": _names("satisfaction, csat, удовлетворенность"),
    "effort": _names("effort, ces, усилия, легкость"),
    "comment": _names("comment, comments, feedback, reason, комментарий, отзыв, причина оценки"),
    "segment": _SEGMENT,
    "unit": _UNIT,
}

REVIEWS: Mapping[str, Names] = {
    "source": _names("source, site, platform, источник, площадка, сайт"),
    "source_review_id": _names("source review id, review id, id отзыва, id, номер отзыва"),
    "location": _names("location, place, product, app, филиал, место, товар, приложение, точка"),
    "rating": _names("rating, stars, star rating, review score, оценка, звезды, рейтинг"),
    "rating_max": _names("rating max, max rating, scale, шкала"),
    "title": _names("title, review title, заголовок"),
    "text": _names("text, review, review text, body, content, отзыв, текст, текст отзыва"),
    "pros": _names("pros, достоинства, плюсы"),
    "cons": _names("cons, недостатки, минусы"),
    "created_at": _names(
        """created at, date, review date, published at, дата, дата отзыва, дата публикации, опубликован"""
    ),
    "reply_text": _names("reply text, reply, response, ответ, ответ компании"),
    "respondent": _names("respondent, order id, customer, customer id, номер заказа, клиент"),
}

CASES: Mapping[str, Names] = {
    "case": _names("case, case id, ticket, ticket id, номер обращения, обращение, номер заявки"),
    "customer": _CUSTOMER,
    "email": _EMAIL,
    "phone": _PHONE,
    "opened_at": _names("opened at, opened, case opened, дата обращения, дата открытия, открыто, открыт"),
    "reason": _names(
        "reason, case reason, contact reason, topic, причина обращения, причина, тема обращения, тема"
    ),
    "closed_at": _names("closed at, closed, resolved at, дата закрытия, закрыто, закрыт, решено"),
    "cost": _names("cost, handling cost, стоимость обработки, затраты"),
    "unit": _UNIT,
}

_CONTACT_ID = _names(
    """contact, contact number, activity id, interaction id, touch id, номер контакта, номер касания, id
        касания, id активности"""
)
_CHANNEL = _names(
    "channel, contact channel, medium, sent by, канал, канал связи, способ связи, канал отправки"
)
_UNSUBSCRIBED = _names("unsubscribed, opted out, opt out, отписался, отписка, отказ от рассылки")

CONTACTS: Mapping[str, Names] = {
    "contact": _CONTACT_ID,
    "customer": _CUSTOMER,
    "email": _EMAIL,
    "phone": _PHONE,
    "contacted_at": _names(
        """contacted at, contact date, date of contact, contact time, activity date, interaction date, touch
        date, communication date, call date, дата контакта, время контакта, дата касания, дата звонка, дата
        активности, дата коммуникации, дата взаимодействия"""
    ),
    "kind": _names(
        """kind, kind of contact, contact kind, contact purpose, activity type, interaction type,
        communication type, touch type, вид контакта, цель контакта, вид коммуникации, тип коммуникации,
        тип активности, вид касания, тип касания, тип взаимодействия"""
    ),
    "channel": _CHANNEL,
    "reason": _names(
        """reason, contact reason, reason for contact, topic, subject, причина контакта, причина, тема,
        повод"""
    ),
    "unsubscribed": _UNSUBSCRIBED,
}

INVITATIONS: Mapping[str, Names] = {
    "invitation": _names(
        "invitation, invitation id, invite id, send id, номер приглашения, id приглашения, приглашение"
    ),
    "customer": _CUSTOMER,
    "email": _EMAIL,
    "phone": _PHONE,
    "invited_at": _names(
        """invited at, invitation date, date of invitation, invitation sent, survey sent at, survey sent,
        invite date, дата приглашения, приглашение отправлено, дата отправки опроса, дата отправки анкеты,
        дата рассылки опроса"""
    ),
    "survey": _names("survey, survey name, questionnaire, опрос, название опроса, анкета"),
    "kind": _names("kind, kind of survey, survey kind, survey type, вид опроса, тип опроса"),
    "channel": _CHANNEL,
    "opened": _names("opened, open, read, viewed, открыл, открыто, прочитал, прочитано"),
    "answered": _names("answered, responded, completed, response, ответил, ответ получен, заполнил"),
    "unsubscribed": _UNSUBSCRIBED,
}

RULES: Mapping[str, Names] = {
    "rule": _names("rule, instruction, правило, регламент, инструкция"),
    "introduced_at": _names("introduced at, introduced, since, введено, дата введения, действует с"),
    "retired_at": _names("retired at, retired, until, отменено, дата отмены, действует по"),
}

KANO: Mapping[str, Names] = {
    "respondent": _names("respondent, respondent id, респондент, номер анкеты"),
    "wish": _names("wish, feature, requirement, пожелание, функция, требование"),
    "functional": _names("functional, if present, if it is so, если есть, если будет, прямой вопрос"),
    "dysfunctional": _names(
        "dysfunctional, if absent, if it is not so, если нет, если не будет, обратный вопрос"
    ),
}

PRICES: Mapping[str, Names] = {
    "respondent": _names("respondent, respondent id, респондент, номер анкеты"),
    "too_cheap": _names("too cheap, слишком дешево, слишком дёшево"),
    "cheap": _names("cheap, bargain, дешево, дёшево, недорого, выгодно"),
    "expensive": _names("expensive, дорого"),
    "too_expensive": _names("too expensive, слишком дорого"),
    "intention_cheap": _names("intention cheap, намерение купить дешево"),
    "intention_expensive": _names("intention expensive, намерение купить дорого"),
}

TALK: Mapping[str, Names] = {
    "respondent": _names("respondent, respondent id, респондент, номер анкеты"),
    "bought": _names("bought, purchased, did buy, купил, купили, купил ли, стал клиентом"),
    "praise": _names(
        "praise, good words, positive comments, recommendations heard, хвалили, хорошие слова,"
        " положительные отзывы, рекомендации"
    ),
    "blame": _names(
        "blame, bad words, negative comments, warnings heard, ругали, плохие слова, отрицательные отзывы,"
        " предостережения"
    ),
}

SYNONYMS: Mapping[str, Mapping[str, Names]] = {
    "answers": ANSWERS,
    "customers": CUSTOMERS,
    "purchases": PURCHASES,
    "reviews": REVIEWS,
    "actions": ACTIONS,
    "brands": BRANDS,
    "wishes": WISHES,
    "units": UNITS,
    "cases": CASES,
    "contacts": CONTACTS,
    "invitations": INVITATIONS,
    "rules": RULES,
    "kano": KANO,
    "prices": PRICES,
    "talk": TALK,
}
"""By table and column, the names it goes by, the surest first."""

STEMS: Mapping[str, Mapping[str, str]] = {
    "purchases": {
        "purchase": r"заказ|чек|документ|\border|invoice|receipt|transaction",
        "customer": r"клиент|покупат|контрагент|customer|client|buyer|\buser",
        "email": r"mail|почт",
        "phone": r"phone|телефон|моб",
        "bought_at": r"\bдат|date|time|врем",
        "amount": r"сумм|выруч|стоимост|оплач|amount|total|revenue|sales",
        "quantity": r"колич|кол во|quantity|\bqty",
        "price": r"\bцен|price",
        "margin": r"марж|прибыл|margin|profit",
        "discount": r"скидк|discount",
        "promotion": r"промо|купон|акци|promo|coupon",
        "currency": r"валют|currency",
        "unit": r"филиал|магазин|подраздел|branch|store",
    },
    "customers": {
        "customer": r"клиент|покупат|контрагент|customer|client",
        "email": r"mail|почт",
        "phone": r"phone|телефон|моб",
        "joined_at": r"регистр|клиент с|joined|regist|sign ?up",
        "segment": r"сегмент|segment",
        "unit": r"филиал|магазин|подраздел|branch|store",
    },
    "actions": {
        "action": r"акци|кампан|campaign|action",
        "customer": r"клиент|customer|client",
        "cost": r"затрат|cost",
    },
    "answers": {
        "recommend": r"рекоменд|recommend|\bnps",
        "comment": r"коммент|comment|почему|\bwhy",
        "customer": r"клиент|customer",
    },
    "brands": {"brand": r"бренд|brand|марк", "score": r"оценк|score|балл|rating"},
    "wishes": {"wish": r"пожелан|wish|request|иде", "asked": r"прос|голос|votes|asked"},
    "units": {"unit": r"подраздел|филиал|branch|unit", "parent": r"родител|parent"},
    "reviews": {
        "rating": r"оценк|rating|stars|звезд",
        "text": r"отзыв|review|текст|text",
        "created_at": r"дат|date",
    },
}
"""What a header must hold to be a guess: regular expressions over its wording."""
