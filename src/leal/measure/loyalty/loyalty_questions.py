"""The nine questions on the three ways to loyalty, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from leal.measure.index.questionnaires import Question, Questionnaire
from leal.wording import Text

Way = Literal["uniqueness", "economic", "emotional"]
WAYS: tuple[Way, ...] = get_args(Way)

WAY_WORDS: Mapping[Way, Text] = {
    "uniqueness": Text("unique offer"),
    "economic": Text("economic ties"),
    "emotional": Text("emotional bond"),
}

LOYALTY_ITEMS: Mapping[Way, tuple[str, str, str]] = {
    "uniqueness": ("unique1", "unique2", "unique3"),
    "economic": ("economic1", "economic2", "economic3"),
    "emotional": ("emotional1", "emotional2", "emotional3"),
}

EMOTIONAL_PARTS: Mapping[str, Text] = {
    "emotional1": Text("service"),
    "emotional2": Text("professional staff"),
    "emotional3": Text("prompt feedback"),
}

_DISAGREE, _AGREE = Text("disagree entirely"), Text("agree entirely")


def loyalty_questions() -> tuple[Question, ...]:
    """Return the nine questions of the block, three a way, answered from 1 to 10; wording is Leal's own."""
    rows = {
        "unique1": (Text("unlike all others"), Text("No other company offers what this one offers.")),
        "unique2": (
            Text("no substitute"),
            Text("If this company were gone, I would find no equal substitute."),
        ),
        "unique3": (
            Text("different in what matters"),
            Text("What it offers differs from all others in something that matters to me."),
        ),
        "economic1": (
            Text("prices and bonuses"),
            Text("I stay mainly for the prices, discounts or bonus points."),
        ),
        "economic2": (Text("cost of leaving"), Text("Leaving would cost me money or trouble.")),
        "economic3": (
            Text("leaves for a better price"),
            Text("If another offered a better price, I would leave."),
        ),
        "emotional1": (EMOTIONAL_PARTS["emotional1"], Text("Being served by this company is a pleasure.")),
        "emotional2": (EMOTIONAL_PARTS["emotional2"], Text("Its people know their work, and I trust them.")),
        "emotional3": (
            EMOTIONAL_PARTS["emotional3"],
            Text("When I turn to it, it answers quickly and takes me seriously."),
        ),
    }
    return tuple(
        Question(
            item=item, construct=way, name=rows[item][0], wording=rows[item][1], low=_DISAGREE, high=_AGREE
        )
        for way, items in LOYALTY_ITEMS.items()
        for item in items
    )


def loyalty_questionnaire() -> Questionnaire:
    """Return the nine questions as a questionnaire to send."""
    title = Text("Three ways to loyalty: 9 questions")
    return Questionnaire(template="loyalty-ways", title=title, questions=loyalty_questions(), paths=())
