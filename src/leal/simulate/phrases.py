"""What customers say: clauses by cause and tone, in English and Russian, and how they are put together."""

from __future__ import annotations

from leal.wording import Language

Clauses = dict[str, dict[str, tuple[str, ...]]]

CAUSES = ("speed", "staff", "product", "price", "app")
"""What a comment may be about; `app` is said only where the fall of mood came from it."""

ENGLISH: Clauses = {
    "speed": {
        "good": (
            "I never wait more than {few} minutes",
            "the order was ready sooner than promised",
            "everything goes fast and without queues",
            "delivery came in {few} days, exactly as promised",
            "my question was solved in one short call",
            "they answered within {minutes} minutes on a Sunday",
        ),
        "bad": (
            "I waited {minutes} minutes in a queue with one cashier open",
            "the delivery was {few} days late and nobody called",
            "it takes forever to get an answer",
            "pick-up takes longer than driving to another shop",
            "the courier came {few} hours after the time I was given",
            "I have been waiting for a call back for {few} days",
        ),
    },
    "staff": {
        "good": (
            "the people here really listen",
            "{name} found the right model for me and explained everything",
            "the staff are polite and know what they sell",
            "{name} called later to ask whether all was well",
            "you feel that they are glad to see you",
            "they changed a faulty item without a single question",
        ),
        "bad": (
            "the consultant could not answer a simple question",
            "I was passed from one person to another {few} times",
            "the man at the desk was plainly rude",
            "nobody wants to take responsibility",
            "I had to explain the same thing {few} times",
            "support answers with ready-made phrases",
        ),
    },
    "product": {
        "good": (
            "the quality is as good as ever",
            "the thing has worked for a year without a fault",
            "the choice is wide and always in stock",
            "what I ordered is what I got",
            "everything was packed with care",
            "the goods are fresh and well made",
        ),
        "bad": (
            "it broke after {few} weeks",
            "half of what I wanted was out of stock",
            "the quality has gone down this year",
            "the colour is not the one in the picture",
            "a part was missing in the box",
            "I had to bring it back {few} times",
        ),
    },
    "price": {
        "good": (
            "the prices are fair",
            "good value for the money",
            "there is always a sensible offer",
            "it costs less than elsewhere for the same quality",
            "no hidden fees",
        ),
        "bad": (
            "prices rise every month",
            "the same thing costs less at {rival}",
            "the discount at the till was not the one promised",
            "delivery costs half of the order",
            "for this money I expect more",
        ),
    },
    "app": {
        "good": ("the app is simple",),
        "bad": (
            "since the update the app crashes when I pay",
            "the new app logs me out every day",
            "my orders have vanished from the new app",
            "I cannot find anything in the app since it was redesigned",
            "the app does not see my card after the update",
        ),
    },
}

RUSSIAN: Clauses = {
    "speed": {
        "good": (
            "никогда не жду дольше {few} минут",
            "заказ собрали раньше, чем обещали",
            "всё быстро и без очередей",
            "привезли за {few} дня, как и обещали",
            "вопрос решили одним звонком",
            "ответили за {minutes} минут, хотя было воскресенье",
        ),
        "bad": (
            "простояла {minutes} минут в очереди, работала одна касса",
            "доставка опоздала на {few} дня, и никто не позвонил",
            "ответа не дождёшься",
            "заказ выдавали дольше, чем я до вас ехал",
            "курьер приехал на {few} часа позже",
            "жду обратного звонка уже {few} дня",
        ),
    },
    "staff": {
        "good": (
            "здесь умеют слушать",
            "{name} помогла выбрать и всё объяснила",
            "персонал вежливый и знает товар",
            "потом перезвонили и спросили, всё ли в порядке",
            "видно, что клиенту рады",
            "брак поменяли без лишних вопросов",
        ),
        "bad": (
            "консультант не смог ответить на простой вопрос",
            "меня {few} раза переключали с одного на другого",
            "на выдаче откровенно хамят",
            "никто ни за что не отвечает",
            "пришлось {few} раза объяснять одно и то же",
            "поддержка отвечает заготовками",
        ),
    },
    "product": {
        "good": (
            "качество на высоте",
            "вещь работает второй год без нареканий",
            "выбор большой, всё в наличии",
            "что заказал, то и получил",
            "упаковано аккуратно",
            "товар свежий, сделан на совесть",
        ),
        "bad": (
            "сломалось через {few} недели",
            "половины нужного не было в наличии",
            "качество за год стало хуже",
            "цвет не тот, что на фото",
            "в коробке не хватало детали",
            "пришлось {few} раза возвращать",
        ),
    },
    "price": {
        "good": (
            "цены разумные",
            "за свои деньги отлично",
            "всегда есть нормальные предложения",
            "дешевле, чем у других, при том же качестве",
            "никаких скрытых доплат",
        ),
        "bad": (
            "цены растут каждый месяц",
            "в магазине «{rival}» то же самое дешевле",
            "скидку на кассе дали не ту, что обещали",
            "доставка стоит как половина заказа",
            "за такие деньги ждёшь большего",
        ),
    },
    "app": {
        "good": ("приложение понятное",),
        "bad": (
            "после обновления приложение вылетает на оплате",
            "новое приложение каждый день просит войти заново",
            "в новом приложении пропали мои заказы",
            "после обновления в приложении ничего не найти",
            "приложение перестало видеть карту после обновления",
        ),
    },
}

CLAUSES: dict[Language, Clauses] = {"en": ENGLISH, "ru": RUSSIAN}

OPENINGS: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "low": ("", "", "", "Sorry, but ", "I used to like you, now ", "Very disappointed: ", "Honestly, "),
        "middle": ("", "", "", "On the whole fine: ", "Not bad, ", "All in all "),
        "high": ("", "", "", "Thank you! ", "I like that ", "A regular customer here: ", "As always, "),
    },
    "ru": {
        "low": (
            "",
            "",
            "",
            "Извините, но ",
            "Раньше нравилось, теперь ",
            "Очень разочарована: ",
            "Честно говоря, ",
        ),
        "middle": ("", "", "", "В целом неплохо: ", "Нормально, ", "Пока всё устраивает: "),
        "high": ("", "", "", "Спасибо! ", "Нравится, что ", "Давно у вас покупаю: ", "Как всегда, "),
    },
}

BUTS: dict[Language, tuple[str, ...]] = {
    "en": (", but ", "; only ", ", though "),
    "ru": (", но ", ", только ", ", хотя "),
}

CLOSINGS: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "low": ("", "", "", " I will look elsewhere.", " Please do something about it.", " Never again."),
        "middle": ("", "", "", " There is room to grow.", " Would give more otherwise."),
        "high": ("", "", "", " Keep it up!", " I tell all my friends.", " Well done 👍"),
    },
    "ru": {
        "low": ("", "", "", " Уйду к другим.", " Сделайте уже что-нибудь.", " Больше ни ногой 😡"),
        "middle": ("", "", "", " Есть куда расти.", " Иначе поставила бы выше."),
        "high": ("", "", "", " Так держать!", " Всем советую.", " Молодцы 👍"),
    },
}

EMPTY_WORDS: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "low": ("bad", "no", "!!!"),
        "middle": ("ok", "normal", "so-so"),
        "high": ("super", "all good", "5+"),
    },
    "ru": {
        "low": ("плохо", "нет слов", "!!!"),
        "middle": ("норм", "сойдёт", "так себе"),
        "high": ("супер", "всё ок", "5+"),
    },
}
"""What people write who do not want to write."""

QUOTES: dict[Language, dict[str, str]] = {
    "en": {
        "low": '"We will call you back", they said. ',
        "middle": 'As they say, "could be worse". ',
        "high": '"Come again!", and I do. ',
    },
    "ru": {
        "low": '"Мы вам перезвоним", ага. ',
        "middle": 'Как говорится, "могло быть хуже". ',
        "high": "«Приходите ещё» - и прихожу. ",
    },
}
"""Quotation marks, which spoil a table that is cut at commas."""
