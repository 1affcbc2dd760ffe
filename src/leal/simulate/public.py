"""Public reviews: written by the very glad and the very angry first, some of them answered by the company."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import polars as pl

from leal.simulate.comments import causes_of, write_comment
from leal.simulate.plan import Plan
from leal.simulate.population import Population
from leal.simulate.records import customer_ids, moments
from leal.simulate.streams import Streams
from leal.simulate.words import COMPANY, FIRST_NAMES, SOURCES, UNIT_NAMES
from leal.wording import Language

STAR_EDGES = (-1.35, -0.95, -0.55, 0.15)
"""Borders between one and five stars on the scale of satisfaction with its noise."""

REPLIES: dict[Language, dict[str, str]] = {
    "en": {
        "bad": "We are sorry about this. Please write to us, and we will put it right within a day.",
        "good": "Thank you for your words! We have passed them on to the team.",
    },
    "ru": {
        "bad": "Нам очень жаль. Напишите нам, пожалуйста, и мы всё исправим в течение дня.",
        "good": "Спасибо за тёплые слова! Передали их команде.",
    },
}


def reviews_table(population: Population) -> pl.DataFrame:
    """Return the canonical reviews, oldest first: stars of 5 with a text, a reply to about half of them."""
    plan, people = population.plan, population.people
    streams = Streams(population.seed)
    n = people.n
    felt = people.traits["satisfaction"] + 0.6 * streams("review noise").standard_normal(n)
    eager = 0.05 + 0.12 * (np.abs(felt) > 1) + 0.08 * (felt < -1.2)
    window = plan.days - plan.day_number(plan.survey_start)
    day = plan.days - window * streams("review day").random(n)
    writes = (streams("review writes").random(n) < eager) & (day > people.joined)
    who = np.flatnonzero(writes)
    stars = 1 + np.searchsorted(STAR_EDGES, felt[who])
    reply_day = day[who] + 1 - 2.5 * np.log(1 - streams("reply delay").random(n)[who])
    chance = np.where(stars <= 3, 0.7, 0.45)
    replied = (streams("replied").random(n)[who] < chance) & (reply_day < plan.days)
    languages, texts = _texts(population, who, stars, streams)
    tones = ["bad" if star <= 3 else "good" for star in stars.tolist()]
    replies = [
        REPLIES[language][tone] if answered else None
        for language, tone, answered in zip(languages, tones, replied.tolist(), strict=True)
    ]
    noon = np.full(len(who), 0.4)
    answered = pl.Series(replied)
    written_by = _authors(population.seed, who)
    known = streams("review known").random(n)[who] < 0.3
    source = np.array(SOURCES)[streams.choice("review source", n, (0.4, 0.4, 0.2))[who]]
    return (
        pl.DataFrame(
            {
                "source": source,
                "source_review_id": "V" + customer_ids(who),
                "location": np.array(UNIT_NAMES)[people.unit[who]],
                "author_display": [f"{name.capitalize()} *." for name in _first_names(streams, n, who)],
                "author_key": written_by,
                "rating": stars.astype(float),
                "rating_max": np.full(len(who), 5.0),
                "title": pl.repeat(COMPANY[plan.names], len(who), eager=True),
                "text": texts,
                "language": pl.Series(languages, dtype=pl.String),
                "created_at": moments(plan, day[who], streams("review hour").random(n)[who]),
                "likes": streams("review likes").poisson(1.2, n)[who],
                "reply_text": pl.Series(replies, dtype=pl.String),
                "reply_created_at": moments(plan, reply_day, noon),
                "reply_author": pl.repeat(COMPANY[plan.names], len(who), eager=True),
                "status": pl.repeat("published", len(who), eager=True),
                "respondent": customer_ids(who),
            }
        )
        .with_columns(
            reply_created_at=pl.when(answered).then("reply_created_at"),
            reply_author=pl.when(answered).then("reply_author"),
            respondent=pl.when(pl.Series(known)).then("respondent"),
        )
        .sort("created_at", "source_review_id")
    )


def _texts(
    population: Population, who: np.ndarray, stars: np.ndarray, streams: Streams
) -> tuple[list[Language], list[str]]:
    plan, people = population.plan, population.people
    ru = streams("language").random(people.n)[who] < 0.6
    languages: list[Language] = [_language(plan, bool(flag)) for flag in ru]
    noise = streams("review causes").standard_normal((people.n, 5))[who]
    traits = {name: values[who] for name, values in people.traits.items()}
    best, worst = causes_of(traits, np.zeros(len(who), dtype=bool), noise)
    texts = []
    for place, star in enumerate(stars.tolist()):
        score = {1: 1, 2: 4, 3: 6, 4: 8, 5: 10}[star]
        luck = streams("review", int(who[place]))
        texts.append(write_comment(score, int(best[place]), int(worst[place]), languages[place], luck))
    return languages, texts


def _language(plan: Plan, russian: bool) -> Language:
    return plan.names if plan.language != "both" else "ru" if russian else "en"


def _first_names(streams: Streams, n: int, who: np.ndarray) -> list[str]:
    numbers = streams.choice("first name", n, (1.0,) * len(FIRST_NAMES))[who]
    return [FIRST_NAMES[number] for number in numbers.tolist()]


def _authors(seed: int, who: np.ndarray) -> list[str]:
    return [sha256(f"{seed}:{number}".encode()).hexdigest()[:16] for number in who.tolist()]
