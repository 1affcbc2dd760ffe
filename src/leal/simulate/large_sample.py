"""The planted quantities, worked out: from the plan where it states them, else from a very large company.

Whatever follows from the plan only through the whole process (a score, a share of money, an effect on spend)
is its large-sample value: the same process run once for many customers, where everybody asked also answers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from leal.measure import LOYALTY_ITEMS
from leal.simulate.plan import EXPOSED, ITEMS, PATHS, SEGMENTS, Plan
from leal.simulate.population import Population, populate
from leal.simulate.retention_truth import retention_per_point
from leal.simulate.streams import Streams
from leal.simulate.studies import BRAND_SHARES, SWITCHING, WISH_PLAN, brand_scores
from leal.simulate.truth import GROUPS, ActionTruth, BrandTruth, MoneyTruth, ScoreTruth, Truth, WishTruth
from leal.simulate.ways_answers import loyalty_block
from leal.simulate.words import ACTIONS, RIVALS, UNIT_NAMES, WISHES

TRUTH_CUSTOMERS = 80_000
"""Customers of the large company: its own error is about a fifth of that of a company of 4,000."""

EFFECT_CUSTOMERS = 30_000
"""Customers of the two worlds whose difference is an action's effect: fewer, as both share all luck."""

EFFECTS = ("satisfaction", "spend", "margin", "bought_after", "active_at_end")

MOVEMENTS = ((1, 2), (0, 1), (2, 1), (1, 0))
MOVEMENT_WINDOWS = (365, 182, 91, 30)
"""Movements between groups, and days of purchases on either side that are compared."""

_SPAN = 1e5
_TRUTH_SEED = 20_251_231


@lru_cache(maxsize=16)
def truth_of(plan: Plan) -> Truth:
    """Return what is true of every company of this plan (some seconds the first time)."""
    population = populate(plan, TRUTH_CUSTOMERS, _TRUTH_SEED)
    names = plan.names
    return Truth(
        scores=_scores(population),
        money=_money(population),
        actions={ACTIONS[p.key][names]: _action(plan, number) for number, p in enumerate(plan.programmes)},
        brands=_brands(plan),
        wishes={WISHES[wish.key][names]: _wish(plan, number) for number, wish in enumerate(WISH_PLAN)},
        fall_date=plan.fall_date,
        fall_segment=SEGMENTS[plan.fall_segment],
        version_date=plan.version_date,
        version_shift=plan.version_shift,
        paths=PATHS,
        loadings={name: loadings for name, (loadings, _) in ITEMS.items()},
        first_cause="PERQ5",
        useless_segments="segment",
        true_segments="need",
        loud_wish=WISHES["dark"][names],
        ways=_ways(population),
    )


def _ways(population: Population) -> dict[str, float]:
    """Return the mean share of each way to loyalty, a way being the mean of its three answers on 0..1.

    Whoever answered counts once, with the mean of all answers, however often they answered.
    """
    block, asked = loyalty_block(population), population.asked
    who, n = asked.who[asked.responds], population.people.n
    levels = {
        way: np.mean([(block[item] - 1) / 9 for item in items], axis=0)[asked.responds]
        for way, items in LOYALTY_ITEMS.items()
    }
    total = np.sum(list(levels.values()), axis=0)
    known = total > 0
    answers = np.bincount(who[known], minlength=n)
    sums = {way: np.bincount(who[known], level[known] / total[known], n) for way, level in levels.items()}
    return {way: float((shares[answers > 0] / answers[answers > 0]).mean()) for way, shares in sums.items()}


def group_of(recommend: np.ndarray) -> np.ndarray:
    """Return 0 for detractors, 1 for passives, 2 for promoters."""
    return np.searchsorted([6.5, 8.5], recommend)


def last_groups(population: Population) -> tuple[np.ndarray, np.ndarray]:
    """Return each customer's group at their last answer (-1 without any), and their weight in the base.

    The weight is the inverse of the true chance to have answered at all, so that those who answered stand for
    all who were asked.
    """
    asked, n = population.asked, population.people.n
    order = np.argsort(asked.day, kind="stable")
    order = order[asked.responds[order]]
    group = np.full(n, -1)
    group[asked.who[order]] = group_of(asked.recommend[order])
    silent = np.exp(np.bincount(asked.who, np.log1p(-asked.chance), n))
    weight = np.divide(1.0, 1 - silent, out=np.zeros(n), where=group >= 0)
    return group, weight


def _points(recommend: np.ndarray) -> float:
    """Return the NPS of scores in points; 0 where there are none."""
    if not len(recommend):
        return 0.0
    return float(100 * ((recommend >= 9).mean() - (recommend <= 6).mean()))


def _by_group(values: list[float]) -> dict[str, float]:
    return dict(zip(GROUPS, values, strict=True))


def _scores(population: Population) -> ScoreTruth:
    plan, people, asked = population.plan, population.people, population.asked
    recommend, answered = asked.recommend, asked.responds
    segment, unit = people.segment[asked.who], people.unit[asked.who]
    before = asked.day < plan.day_number(plan.fall_date)
    hit = segment == plan.fall_segment
    shares = np.bincount(group_of(recommend), minlength=3) / len(recommend)
    return ScoreTruth(
        nps_base=_points(recommend),
        nps_answering=_points(recommend[answered]),
        shares_base=_by_group(shares.tolist()),
        nps_by_segment={s: _points(recommend[answered & (segment == i)]) for i, s in enumerate(SEGMENTS)},
        nps_by_unit={u: _points(recommend[answered & (unit == i)]) for i, u in enumerate(UNIT_NAMES)},
        nps_before=_points(recommend[answered & before]),
        nps_after=_points(recommend[answered & ~before]),
        nps_segment_before=_points(recommend[answered & before & hit]),
        nps_segment_after=_points(recommend[answered & ~before & hit]),
        response_rate=float(answered.mean()),
    )


def _money(population: Population) -> MoneyTruth:
    plan, people, shopping = population.plan, population.people, population.shopping
    group, weight = last_groups(population)
    repeat = _repeat_sales(population)
    year_ago = plan.days - 365
    active = (people.joined < year_ago) & ~(shopping.dropped & (shopping.last_day < year_ago))
    left = active & shopping.dropped
    sums, counts, lost, there = (
        np.array([(weight * values)[group == g].sum() for g in range(3)])
        for values in (repeat, np.ones(people.n), left, active)
    )
    churn = _by_group([_ratio(gone, all_of) for gone, all_of in zip(lost, there, strict=True)])
    own_reasons = shopping.dropped & np.isfinite(people.stopped)
    return MoneyTruth(
        group_shares=_by_group((counts / counts.sum()).tolist()),
        repeat_shares=_by_group((sums / sums.sum()).tolist()),
        repeat_per_head=_by_group((sums / counts).tolist()),
        yearly_churn=churn | {"all": _ratio(left.sum(), active.sum())},
        kept=_kept(population),
        satisfied_leavers=_mean(own_reasons & (people.traits["satisfaction"] > 0)),
        moving=_moving(population),
        cohort_retention=_cohort_retention(population),
        retention_per_point=retention_per_point(plan, EFFECT_CUSTOMERS, _TRUTH_SEED),
    )


def _repeat_sales(population: Population) -> np.ndarray:
    """Return each customer's money after the first day of purchase, what was given back taken off."""
    people, shopping = population.people, population.shopping
    later = np.floor(shopping.day) > np.floor(people.joined[shopping.who])
    kept = shopping.amount * (1 - shopping.refunded) * later
    return np.bincount(shopping.who, kept, people.n)


def _kept(population: Population) -> float:
    shopping, days = population.shopping, population.plan.days
    bought = [np.zeros(population.people.n, dtype=bool) for _ in range(2)]
    for year, buyers in enumerate(bought):
        inside = (shopping.day >= days - 365 * (year + 1)) & (shopping.day < days - 365 * year)
        buyers[shopping.who[inside & (shopping.refunded < 1)]] = True
    return _ratio((bought[0] & bought[1]).sum(), bought[1].sum())


def _moving(population: Population) -> dict[str, dict[int, float]]:
    """Return the change of margin with a change of group, movement by movement and window by window."""
    plan, asked = population.plan, population.asked
    order = np.lexsort((asked.day, asked.who))
    order = order[asked.responds[order]]
    who, day, group = asked.who[order], np.floor(asked.day[order]), group_of(asked.recommend[order])
    again = who[1:] == who[:-1]
    first, second = day[:-1][again], day[1:][again]
    origin, target, who = group[:-1][again], group[1:][again], who[1:][again]
    found: dict[str, dict[int, float]] = {f"{GROUPS[a]} to {GROUPS[b]}": {} for a, b in MOVEMENTS}
    for window in MOVEMENT_WINDOWS:
        inside = (first >= window) & (second + window <= plan.days - 1)
        paid = _paid_between(population, who, second, second + window)
        paid = paid - _paid_between(population, who, first - window, first)
        for a, b in MOVEMENTS:
            moved, stayed = (paid[inside & (origin == a) & (target == there)] for there in (b, a))
            found[f"{GROUPS[a]} to {GROUPS[b]}"][window] = (_mean(moved) - _mean(stayed)) * 365 / window
    return found


def _paid_between(
    population: Population, who: np.ndarray, after: np.ndarray, until: np.ndarray
) -> np.ndarray:
    """Return the margin of each customer's purchases after one day and up to another."""
    shopping = population.shopping
    keys = shopping.who * _SPAN + np.floor(shopping.day)
    running = np.r_[0.0, np.cumsum(shopping.margin * (1 - shopping.refunded))]
    ends = (np.searchsorted(keys, who * _SPAN + np.maximum(day, -1.0), "right") for day in (until, after))
    last, before = (running[place] for place in ends)
    return np.asarray(last - before)


def _cohort_retention(population: Population) -> tuple[float, ...]:
    plan, people, shopping = population.plan, population.people, population.shopping
    since = shopping.day - people.joined[shopping.who]
    curve = []
    for number in range(1, 13):
        covered = people.joined + 30 * (number + 1) <= plan.days
        bought = np.zeros(people.n, dtype=bool)
        bought[shopping.who[(since >= 30 * number) & (since < 30 * (number + 1))]] = True
        curve.append(_ratio(bought[covered].sum(), covered.sum()))
    return tuple(curve)


def _action(plan: Plan, number: int) -> ActionTruth:
    """Return the effects as differences of two worlds that differ in the programme only, with one luck."""
    programme = plan.programmes[number]
    effects = dict.fromkeys(EFFECTS, 0.0)
    if programme.rate != 1 or programme.dropout != 1 or programme.satisfaction != 0:
        worlds = [populate(plan, EFFECT_CUSTOMERS, _TRUTH_SEED, {number: given}) for given in (True, False)]
        treated, control = (_outcomes(world, number) for world in worlds)
        effects = {name: treated[name] - control[name] for name in EFFECTS}
    return ActionTruth(
        noticed=programme.noticed,
        noticed_above_unexposed=programme.noticed * (1 - plan.yes_saying),
        cost=programme.cost * plan.basket * EXPOSED,
        **effects,
    )


def _outcomes(world: Population, number: int) -> dict[str, float]:
    """Return the means, over those who could take part, of what a programme may change after its start."""
    plan, people, shopping, asked = world.plan, world.people, world.shopping, world.asked
    exposure = people.exposures[number]
    who = exposure.eligible
    after = shopping.day >= exposure.started
    buyers, kept = shopping.who[after], (1 - shopping.refunded)[after]
    late = (asked.day >= exposure.started) & who[asked.who]
    return {
        "satisfaction": _mean(asked.satisfaction[late]),
        "spend": _mean(np.bincount(buyers, shopping.amount[after] * kept, people.n)[who]),
        "margin": _mean(np.bincount(buyers, shopping.margin[after] * kept, people.n)[who]),
        "bought_after": _mean(np.bincount(buyers, minlength=people.n)[who] > 0),
        "active_at_end": _mean(shopping.last_day[who] >= plan.days - 90),
    }


def _brands(plan: Plan) -> dict[str, BrandTruth]:
    names = RIVALS[plan.names]
    means = brand_scores(TRUTH_CUSTOMERS, Streams(_TRUTH_SEED)).mean(axis=0).tolist()
    return {
        name: BrandTruth(score=mean, share=share, now=dict(zip(names, row, strict=True)))
        for name, mean, share, row in zip(names, means, BRAND_SHARES, SWITCHING, strict=True)
    }


def _wish(plan: Plan, number: int) -> WishTruth:
    wish = WISH_PLAN[number]
    value, cost = wish.value * plan.basket, wish.cost * plan.basket
    return WishTruth(
        reach=wish.reach,
        value=value,
        cost=cost,
        feasibility=wish.feasibility,
        payoff=wish.reach * value * wish.feasibility - cost,
    )


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0
