"""Comments tied to the true causes: the angry name the worst thing, the glad the best."""

from __future__ import annotations

import numpy as np

from leal.simulate.latent import Arrays
from leal.simulate.phrases import BUTS, CAUSES, CLAUSES, CLOSINGS, EMPTY_WORDS, OPENINGS, QUOTES
from leal.simulate.words import EMPLOYEES, RIVALS
from leal.wording import Language

_STRENGTH = {"speed": 1.3, "service": 1.0, "product": 0.9, "value": 0.9}
"""How much each latent is talked about; the cause of `service` is the staff, of `value` the price."""


def causes_of(latents: Arrays, fallen: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and the worst thing (positions in `CAUSES`) in the eyes of each who answers.

    Parameters
    ----------
    latents : dict of arrays
        At the moment of the answer.
    fallen : array of bool
        Whom the bad update of the app has hit; three in four of them speak of it.
    noise : array, answers x 5
        Standard normal: what else decides what comes to mind.
    """
    felt = np.column_stack([strength * latents[name] for name, strength in _STRENGTH.items()])
    felt = felt + 0.6 * noise[:, :4]
    best, worst = felt.argmax(axis=1), felt.argmin(axis=1)
    app = fallen & (noise[:, 4] < 0.67)
    return best, np.where(app, CAUSES.index("app"), worst)


def write_comment(score: int, best: int, worst: int, language: Language, luck: np.random.Generator) -> str:
    """Return one comment that fits a score from 0 to 10, the best and the worst thing."""
    tone = "high" if score >= 9 else "middle" if score >= 7 else "low"
    if luck.random() < 0.07:
        return _pick(EMPTY_WORDS[language][tone], luck)
    if tone == "low":
        body = _clauses(worst, "bad", language, luck, twice=0.25)
    elif tone == "middle":
        body = _clauses(best, "good", language, luck) + _pick(BUTS[language], luck)
        body += _clauses(worst, "bad", language, luck)
    else:
        body = _clauses(best, "good", language, luck, twice=0.3)
    opening = _pick(OPENINGS[language][tone], luck)
    if not opening or opening.endswith("! "):
        body = body[0].upper() + body[1:]
    written = opening + body + "." + _pick(CLOSINGS[language][tone], luck)
    return _as_people_type(written, tone, language, luck)


def _clauses(
    cause: int, tone: str, language: Language, luck: np.random.Generator, *, twice: float = 0.0
) -> str:
    """Return one thing that is good or bad about the cause, or (now and then) two different ones."""
    choices = CLAUSES[language][CAUSES[cause]][tone]
    count = 2 if len(choices) > 1 and luck.random() < twice else 1
    picked = luck.permutation(len(choices))[:count]
    joint = " and " if language == "en" else ", и "
    return joint.join(
        choices[number] for number in picked.tolist()
    ).format(
        few=int(luck.integers(2, 5)),
        minutes=int(luck.integers(2, 9)) * 5,
        name=_pick(EMPLOYEES[language][::2], luck),  # women's names: the Russian verbs agree with them
        rival=_pick(RIVALS[language][1:], luck),
    )


def _as_people_type(text: str, tone: str, language: Language, luck: np.random.Generator) -> str:
    """Return the text as it comes in: small letters, line breaks, quotes, smiles, a cell like a formula."""
    kind = luck.random()
    if kind < 0.06:
        return text.lower().rstrip(".")
    if kind < 0.10:
        first, _, rest = text.partition(". ")
        return f"{first}.\n{rest}" if rest else f"{text}\n{_pick(CLOSINGS[language][tone], luck)}".strip()
    if kind < 0.14:
        return QUOTES[language][tone] + text
    if kind < 0.16:
        return text + (" 😊" if tone == "high" else " 🙁" if tone == "low" else " 😐")
    if kind < 0.175:
        return ("=) " if tone == "high" else "=( ") + text
    return text


def _pick(choices: tuple[str, ...], luck: np.random.Generator) -> str:
    return choices[int(luck.integers(len(choices)))]
