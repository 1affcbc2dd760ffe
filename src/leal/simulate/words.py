"""The names that the simulated company uses: branches, actions, brands, wishes, reasons, in ru and en."""

from __future__ import annotations

from leal.wording import Language

REGIONS: dict[Language, tuple[str, ...]] = {
    "en": ("Centre", "North-West", "Volga"),
    "ru": ("Центр", "Северо-Запад", "Поволжье"),
}

BRANCHES: dict[Language, tuple[str, ...]] = {
    "en": (
        "Moscow, Arbat",
        "Moscow, Sokol",
        "Tula, Station",
        "Petersburg, Nevsky",
        "Petersburg, Harbour",
        "Pskov, Market",
        "Kazan, Kremlin",
        "Samara, River",
        "Saratov, Park",
    ),
    "ru": (
        "Москва, Арбат",
        "Москва, Сокол",
        "Тула, Вокзал",
        "Петербург, Невский",
        "Петербург, Гавань",
        "Псков, Рынок",
        "Казань, Кремль",
        "Самара, Набережная",
        "Саратов, Парк",
    ),
}

COMPANY: dict[Language, str] = {"en": "Northern Lights", "ru": "Северное сияние"}

NEEDS: dict[Language, tuple[str, ...]] = {
    "en": ("price", "convenience", "service"),
    "ru": ("цена", "удобство", "сервис"),
}

REASONS: dict[Language, tuple[str, ...]] = {
    "en": ("recommendation", "reputation", "advertising", "discount", "near by", "salesperson"),
    "ru": ("рекомендация", "репутация", "реклама", "скидка", "рядом с домом", "продавец"),
}
REASON_SHARES = (0.24, 0.10, 0.26, 0.18, 0.14, 0.08)

ROLES: dict[Language, tuple[str, ...]] = {
    "en": ("director", "buyer", "user"),
    "ru": ("директор", "закупщик", "пользователь"),
}

PROMOTIONS: dict[Language, tuple[str, ...]] = {
    "en": ("SPRING", "WELCOME", "BIRTHDAY"),
    "ru": ("ВЕСНА", "ПРИВЕТ", "ДЕНЬ РОЖДЕНИЯ"),
}

ACTIONS: dict[str, dict[Language, str]] = {
    "care": {"en": "Personal manager", "ru": "Личный менеджер"},
    "points": {"en": "Bonus points", "ru": "Бонусные баллы"},
    "calls": {"en": "Sales calls", "ru": "Звонки с предложениями"},
    "wrap": {"en": "New packaging", "ru": "Новая упаковка"},
}

CATEGORIES: dict[Language, tuple[str, ...]] = {
    "en": ("lighting", "textiles", "kitchen", "tools", "garden", "gifts"),
    "ru": ("свет", "текстиль", "кухня", "инструменты", "сад", "подарки"),
}

CONTACT_CHANNELS: dict[Language, tuple[str, ...]] = {
    "en": ("email", "telephone", "app", "branch"),
    "ru": ("почта", "телефон", "приложение", "филиал"),
}

SURVEY_NAMES: dict[Language, tuple[str, ...]] = {
    "en": ("Panel of customers", "After a purchase"),
    "ru": ("Панель клиентов", "После покупки"),
}
"""What the panel is asked, and what the others are."""

RIVALS: dict[Language, tuple[str, ...]] = {
    "en": ("Northern Lights", "Compass", "Amber", "Volna", "Meridian", "Taiga"),
    "ru": ("Северное сияние", "Компас", "Янтарь", "Волна", "Меридиан", "Тайга"),
}
"""Our own brand first, then the five rivals."""

WISHES: dict[str, dict[Language, str]] = {
    "evening": {"en": "Evening delivery", "ru": "Доставка вечером"},
    "pickup": {"en": "Order pick-up without a queue", "ru": "Выдача заказов без очереди"},
    "subscription": {"en": "Subscription with a fixed price", "ru": "Подписка с фиксированной ценой"},
    "dark": {"en": "Dark theme in the app", "ru": "Тёмная тема в приложении"},
    "advice": {"en": "Advice by video", "ru": "Консультация по видео"},
    "repair": {"en": "Repair on the spot", "ru": "Ремонт на месте"},
}

CASE_REASONS: dict[Language, tuple[str, ...]] = {
    "en": ("late delivery", "wrong item", "refund", "rude answer", "app error"),
    "ru": ("опоздание доставки", "не тот товар", "возврат денег", "грубый ответ", "ошибка в приложении"),
}

RULE_NAMES: dict[Language, tuple[str, ...]] = {
    "en": (
        "Call back within two days",
        "Apology by template",
        "Second signature for refunds",
        "Bonus points for a late order",
        "Complaint form in three copies",
        "Report on late orders every Monday",
        "Script for angry callers",
        "Refund only with a photo",
    ),
    "ru": (
        "Перезвонить за два дня",
        "Извинение по шаблону",
        "Вторая подпись под возвратом",
        "Баллы за опоздание",
        "Жалоба в трёх экземплярах",
        "Отчёт об опозданиях по понедельникам",
        "Сценарий для сердитых клиентов",
        "Возврат только с фотографией",
    ),
}

EMPLOYEES: dict[Language, tuple[str, ...]] = {
    "en": ("Anna", "Boris", "Dina", "Gleb", "Marina", "Ilya", "Vera", "Oleg"),
    "ru": ("Анна", "Борис", "Дина", "Глеб", "Марина", "Илья", "Вера", "Олег"),
}

CHANNELS = ("email", "sms", "app")
CHANNEL_SHARES = (0.6, 0.15, 0.25)
TOUCHPOINTS = ("purchase", "delivery", "support")
TOUCHPOINT_SHARES = (0.6, 0.25, 0.15)
SOURCES = ("2gis", "yandex_maps", "google_maps")
"""Sites of reviews; a review keeps its own stars, which are never turned into a score."""

UNIT_NAMES = tuple(f"{region}{branch}" for region in "CNV" for branch in (1, 2, 3))
REGION_NAMES = ("C", "N", "V")
"""Identifiers of branches and regions; the names are above."""

FIRST_NAMES = (
    "anna",
    "boris",
    "dina",
    "egor",
    "ivan",
    "julia",
    "kira",
    "lev",
    "maria",
    "nina",
    "oleg",
    "petr",
)
LAST_NAMES = (
    "ivanov",
    "petrov",
    "sokolov",
    "orlov",
    "belov",
    "frolov",
    "titov",
    "zaitsev",
    "lebedev",
    "kozlov",
)
DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example")
