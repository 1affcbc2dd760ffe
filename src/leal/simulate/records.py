"""The company's own tables: customers, units, purchases, actions, answers, made from the arrays."""

from __future__ import annotations

import numpy as np
import polars as pl

from leal.simulate.categories import bought_categories
from leal.simulate.comments import causes_of, write_comment
from leal.simulate.contracts import contract_days
from leal.simulate.latent import Arrays
from leal.simulate.plan import LATENTS, SEGMENTS, UNIT_REGION, Plan
from leal.simulate.population import Population
from leal.simulate.promises import promise_columns
from leal.simulate.streams import Streams
from leal.simulate.ways_answers import loyalty_block
from leal.simulate.words import (
    ACTIONS,
    BRANCHES,
    CASE_REASONS,
    CATEGORIES,
    CHANNEL_SHARES,
    CHANNELS,
    COMPANY,
    DOMAINS,
    EMPLOYEES,
    FIRST_NAMES,
    LAST_NAMES,
    NEEDS,
    PROMOTIONS,
    REASON_SHARES,
    REASONS,
    REGION_NAMES,
    REGIONS,
    ROLES,
    TOUCHPOINT_SHARES,
    TOUCHPOINTS,
    UNIT_NAMES,
)
from leal.wording import Language


def customer_ids(numbers: np.ndarray) -> pl.Series:
    """Return identifiers of seven digits; the zeros in front are meant: spreadsheets lose them."""
    return pl.Series("customer", numbers + 1).cast(pl.String).str.zfill(7)


def moments(plan: Plan, day: np.ndarray, hours: np.ndarray) -> pl.Series:
    """Return times of day between 8 and 22 o'clock on the given days since the origin."""
    origin = np.datetime64(plan.origin, "us")
    seconds = np.floor(day).astype(np.int64) * 86_400 + (8 * 3600 + hours * 14 * 3600).astype(np.int64)
    return pl.Series(origin + seconds * np.timedelta64(1_000_000, "us"))


def days(plan: Plan, day: np.ndarray) -> pl.Series:
    """Return dates; days that never come (infinite) are null."""
    known = np.isfinite(day)
    numbers = np.floor(np.where(known, day, 0)).astype(np.int64)
    dates = pl.Series(np.datetime64(plan.origin, "D") + numbers.astype("timedelta64[D]")).cast(pl.Date)
    return pl.select(pl.when(pl.lit(pl.Series(known))).then(dates).alias("day"))["day"]


def customers_table(population: Population) -> pl.DataFrame:
    """Return the table of customers, with the column `need`: the segments that are there in truth."""
    plan, people, shopping = population.plan, population.people, population.shopping
    streams = Streams(population.seed)
    n, language = people.n, plan.names
    reasons = streams.choice("reason", n, REASON_SHARES)
    away = shopping.last_day + 20 + 40 * streams("left day").random(n)
    known = shopping.dropped & (streams("left known").random(n) < plan.left_known) & (away < plan.days)
    email, phone = _addresses(streams, n)
    began, ends = contract_days(population)
    return pl.DataFrame(
        {
            "customer": customer_ids(np.arange(n)),
            "joined_at": days(plan, people.joined),
            "joining_reason": _named(REASONS[language], reasons),
            "segment": _named(SEGMENTS, people.segment),
            "need": _named(NEEDS[language], people.need),
            "unit": _named(UNIT_NAMES, people.unit),
            "account": _accounts(people.account),
            "email": email,
            "phone": phone,
            "contacts": people.contacts,
            "cases": people.cases,
            "left_at": days(plan, np.where(known, away, np.inf)),
            "contract_began_at": days(plan, began),
            "contract_ends_at": days(plan, ends),
        }
    )


def units_table(plan: Plan) -> pl.DataFrame:
    """Return the hierarchy: the brand, three regions, nine branches."""
    language = plan.names
    regions = [(name, "ALL", REGIONS[language][i], "region") for i, name in enumerate(REGION_NAMES)]
    branches = [
        (name, REGION_NAMES[UNIT_REGION[i]], BRANCHES[language][i], "branch")
        for i, name in enumerate(UNIT_NAMES)
    ]
    rows = [("ALL", None, COMPANY[language], "brand"), *regions, *branches]
    return pl.DataFrame(rows, schema=["unit", "parent", "name", "kind"], orient="row")


def purchases_table(population: Population) -> pl.DataFrame:
    """Return purchases and refunds, oldest first; a refund is a row of its own with a negative amount."""
    plan, people, shopping = population.plan, population.people, population.shopping
    streams = Streams(population.seed)
    hours = streams("hour of purchase").random(len(shopping.who))
    which = streams.choice("promotion name", len(shopping.who), (0.5, 0.3, 0.2))
    bought = pl.DataFrame(
        {
            "purchase": _purchase_ids(shopping.who, shopping.ordinal),
            "customer": customer_ids(shopping.who),
            "bought_at": moments(plan, shopping.day, hours),
            "amount": shopping.amount,
            "currency": pl.repeat(plan.currency, len(shopping.who), eager=True),
            "margin": shopping.margin,
            "discount": shopping.discount,
            "promotion": _named(PROMOTIONS[plan.names], np.where(shopping.discount > 0, which, -1)),
            "category": _named(CATEGORIES[plan.names], bought_categories(people, shopping, streams)),
            "unit": _named(UNIT_NAMES, people.unit[shopping.who]),
        }
    )
    back = bought.with_columns(
        pl.Series("part", shopping.refunded), moments(plan, shopping.refund_day, hours).alias("refunded_at")
    ).filter(pl.col("part") > 0)
    refunds = back.with_columns(
        pl.col("purchase") + "-R",
        bought_at=pl.col("refunded_at"),
        amount=(-pl.col("amount") * pl.col("part")).round(2),
        margin=(-pl.col("margin") * pl.col("part")).round(2),
        discount=pl.lit(0.0),
        promotion=pl.lit(None, dtype=pl.String),
    ).select(bought.columns)
    return pl.concat([bought, refunds]).sort("bought_at", "purchase")


def actions_table(population: Population) -> pl.DataFrame:
    """Return a row a programme and customer who took part: arm, exposure, cost, noticing."""
    plan, people, asked = population.plan, population.people, population.asked
    tables = []
    for number, (programme, exposure) in enumerate(zip(plan.programmes, people.exposures, strict=True)):
        who = np.flatnonzero(exposure.eligible)
        said = np.full(people.n, -1)
        about = asked.responds & (asked.programme == number)
        said[asked.who[about]] = asked.says_noticed[about]
        exposed = exposure.exposed[who]
        tables.append(
            pl.DataFrame(
                {
                    "action": pl.repeat(ACTIONS[programme.key][plan.names], len(who), eager=True),
                    "customer": customer_ids(who),
                    "arm": _named(("control", "treated"), exposure.treated[who].astype(int)),
                    "cost": np.where(exposed, round(programme.cost * plan.basket, 2), 0.0),
                    "exposed": exposed,
                    "noticed": _named(("no", "yes"), said[who]) == "yes",
                    "started_at": days(plan, np.full(len(who), exposure.started)),
                    "path": pl.repeat(programme.path, len(who), eager=True),
                    "driver": pl.repeat(
                        CASE_REASONS[plan.names][3] if programme.key == "care" else None,
                        len(who),
                        dtype=pl.String,
                        eager=True,
                    ),
                    **promise_columns(plan, programme, exposure.treated[who]),
                }
            )
        )
    return pl.concat(tables)


def answers_table(population: Population) -> pl.DataFrame:
    """Return the answers of those who answered, oldest first."""
    plan, people, asked = population.plan, population.people, population.asked
    rows = np.flatnonzero(asked.responds)
    who, day = asked.who[rows], asked.day[rows]
    streams = Streams(population.seed)
    languages = _languages(plan, streams("language").random(people.n)[who])
    draw = _Invitation(streams, asked.month[rows], who, people.n)
    unit = people.unit[who]
    staff = np.array([f"{UNIT_NAMES[u]} {name}" for u in range(9) for name in EMPLOYEES[plan.names]])
    programme = asked.programme[rows]
    names = tuple(ACTIONS[programme.key][plan.names] for programme in plan.programmes)
    noticed = pl.Series(asked.says_noticed[rows])
    table = pl.DataFrame(
        {
            "answer": customer_ids(who) + "-" + pl.Series(asked.month[rows]).cast(pl.String).str.zfill(2),
            "customer": customer_ids(who),
            "answered_at": moments(plan, day, draw("hour")),
            "recommend": asked.recommend[rows],
            "satisfaction": _some_missing(asked.satisfaction[rows], draw("no satisfaction"), 0.02),
            "effort": _some_missing(asked.effort[rows], draw("no effort"), 0.04),
            "comment": _comments(plan, asked.latents, rows, asked.recommend, languages, draw, population),
            "account": _accounts(people.account[who]),
            "contact_role": _roles(plan.names, people.account[who], who),
            "segment": _named(SEGMENTS, people.segment[who]),
            "unit": _named(UNIT_NAMES, unit),
            "employee": pl.Series(staff[unit * 8 + (draw("employee") * 8).astype(int)]),
            "channel": _named(CHANNELS, _by_share(draw("channel"), CHANNEL_SHARES)),
            "touchpoint": _named(TOUCHPOINTS, _by_share(draw("touchpoint"), TOUCHPOINT_SHARES)),
            "survey_version": _named(("v1", "v2"), (day >= plan.day_number(plan.version_date)).astype(int)),
            "weight": np.round(asked.weight[rows], 4),
            "language": pl.Series(languages, dtype=pl.String),
            "action": _named(names, programme),
        }
    ).with_columns(noticed=pl.when(pl.col("action").is_not_null()).then(noticed))
    items = {
        name: _some_missing(values[rows], draw("no " + name), 0.015) for name, values in asked.items.items()
    }
    block = {name: pl.Series(values[rows]) for name, values in loyalty_block(population).items()}
    return table.with_columns(**items, **block).sort("answered_at", "answer")


def hidden_table(population: Population) -> pl.DataFrame:
    """Return what no company knows of its customers: their latents, who left, and why."""
    plan, people, shopping = population.plan, population.people, population.shopping
    traits = {name: people.traits[name] for name in ("speed", *LATENTS)}
    return pl.DataFrame({"customer": customer_ids(np.arange(people.n)), **traits}).with_columns(
        left=pl.Series(shopping.dropped),
        left_for_another_reason=pl.Series(shopping.dropped & np.isfinite(people.stopped)),
        last_purchase=days(plan, shopping.last_day),
    )


class _Invitation:
    """One number between 0 and 1 an answer, the same for a customer and month in any company."""

    def __init__(self, streams: Streams, month: np.ndarray, who: np.ndarray, n: int) -> None:
        self._streams, self._month, self._who, self._n = streams, month, who, n

    def __call__(self, name: str) -> np.ndarray:
        drawn = np.empty(len(self._who))
        for number in np.unique(self._month):
            rows = self._month == number
            drawn[rows] = self._streams("answer " + name, int(number)).random(self._n)[self._who[rows]]
        return drawn


def _named(names: tuple[str, ...], numbers: np.ndarray) -> pl.Series:
    """Return the name at each position; a negative position is null."""
    listed = np.array([*names, None], dtype=object)
    return pl.Series(listed[np.where(numbers < 0, len(names), numbers)].tolist(), dtype=pl.String)


def _by_share(luck: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    return np.searchsorted(np.cumsum(shares)[:-1], luck, side="right")


def _some_missing(values: np.ndarray, luck: np.ndarray, share: float) -> pl.Series:
    given = pl.Series(values)
    return pl.select(pl.when(pl.lit(pl.Series(luck >= share))).then(given).alias("v"))["v"]


def _accounts(numbers: np.ndarray) -> pl.Series:
    listed = [f"B{number + 1:05d}" if number >= 0 else None for number in numbers.tolist()]
    return pl.Series(listed, dtype=pl.String)


def _roles(language: Language, account: np.ndarray, who: np.ndarray) -> pl.Series:
    return _named(ROLES[language], np.where(account >= 0, who % 3, -1))


def _purchase_ids(who: np.ndarray, ordinal: np.ndarray) -> pl.Series:
    customer = pl.Series(who + 1).cast(pl.String).str.zfill(7)
    return "P" + customer + "-" + pl.Series(ordinal + 1).cast(pl.String)


def _addresses(streams: Streams, n: int) -> tuple[pl.Series, pl.Series]:
    first = streams.choice("first name", n, (1.0,) * len(FIRST_NAMES))
    last = streams.choice("last name", n, (1.0,) * len(LAST_NAMES))
    domain = streams.choice("domain", n, (1.0,) * len(DOMAINS))
    has_email, has_phone = streams("has email").random(n) < 0.95, streams("has phone").random(n) < 0.92
    places = zip(first.tolist(), last.tolist(), domain.tolist(), has_email.tolist(), strict=True)
    email = [
        f"{FIRST_NAMES[f]}.{LAST_NAMES[s]}{i + 1}@{DOMAINS[d]}" if has else None
        for i, (f, s, d, has) in enumerate(places)
    ]
    phone = [f"+7900{i:07d}" if has else None for i, has in enumerate(has_phone.tolist())]
    return pl.Series(email, dtype=pl.String), pl.Series(phone, dtype=pl.String)


def _languages(plan: Plan, luck: np.ndarray) -> list[Language]:
    if plan.language == "both":
        return ["ru" if share < 0.6 else "en" for share in luck.tolist()]
    return [plan.names] * len(luck)


def _comments(
    plan: Plan,
    latents: Arrays,
    rows: np.ndarray,
    recommend: np.ndarray,
    languages: list[Language],
    draw: _Invitation,
    population: Population,
) -> pl.Series:
    asked, people = population.asked, population.people
    fall = plan.day_number(plan.fall_date)
    fallen = (people.segment[asked.who[rows]] == plan.fall_segment) & (asked.day[rows] >= fall)
    noise = np.column_stack([_normal(draw(f"cause {number}")) for number in range(5)])
    best, worst = causes_of({name: values[rows] for name, values in latents.items()}, fallen, noise)
    writes = draw("writes") < plan.commented
    written: list[str | None] = [None] * len(rows)
    for place in np.flatnonzero(writes).tolist():
        luck = Streams(population.seed)("comment", int(asked.who[rows[place]]), int(asked.month[rows[place]]))
        score = int(recommend[rows[place]])
        written[place] = write_comment(score, int(best[place]), int(worst[place]), languages[place], luck)
    return pl.Series(written, dtype=pl.String)


def _normal(luck: np.ndarray) -> np.ndarray:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(luck, 1e-12, 1 - 1e-12)))
