"""What columns foretell of people not seen, and how well a number tells two kinds of people apart."""

from __future__ import annotations

import numpy as np
import pytest

from leal.errors import BadValue
from leal.statistics import areas_under_curve, foretold_out_of_sample


def people(n: int = 600, seed: int = 0) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
    """An outcome of which `known` tells a fifth, `noise` nothing."""
    random = np.random.default_rng(seed)
    known, noise = random.normal(size=n), random.normal(size=(n, 2))
    outcome = known + 2 * random.normal(size=n)
    units = random.integers(0, 2**63, n, dtype=np.uint64)
    return {"known": known, "noise": noise}, {"y": outcome, "high": (outcome > 0).astype(float)}, units


SETS = {"known": ("known",), "noise": ("noise",), "both": ("known", "noise")}


def test_what_is_foretold_of_people_not_seen() -> None:
    columns, outcomes, units = people()
    both = foretold_out_of_sample(columns, SETS, outcomes, units)
    found = both["y"]
    assert found.share("known", 0.95).ci_low > 0.1
    assert found.share("known", 0.95).estimate == pytest.approx(0.2, abs=0.06)
    assert found.share("noise", 0.95).estimate < 0.01
    assert found.more("known", "noise", 0.95).ci_low > 0
    assert found.more("both", "known", 0.95).ci_low < 0
    assert both["high"].share("known", 0.95).ci_low > 0


def test_the_share_is_that_of_least_squares_by_folds() -> None:
    columns, outcomes, units = people(200)
    found = foretold_out_of_sample(columns, SETS, outcomes, units, replicates=2)["y"]
    x, y, fold = np.column_stack([np.ones(200), columns["known"]]), outcomes["y"], units % np.uint64(5)
    missed = plain = 0.0
    for place in range(5):
        seen, unseen = fold != place, fold == place
        beta = np.linalg.lstsq(x[seen], y[seen], rcond=None)[0]
        missed += float(np.sum((y[unseen] - x[unseen] @ beta) ** 2))
        plain += float(np.sum((y[unseen] - y[seen].mean()) ** 2))
    assert found.shares["known"][0] == pytest.approx(1 - missed / plain, abs=1e-9)


def test_the_order_of_people_does_not_matter() -> None:
    columns, outcomes, units = people(300)
    turned = [{name: one[::-1] for name, one in group.items()} for group in (columns, outcomes)]
    here = foretold_out_of_sample(columns, SETS, outcomes, units)["y"].share("both", 0.95)
    there = foretold_out_of_sample(turned[0], SETS, turned[1], units[::-1])["y"].share("both", 0.95)
    assert (here.estimate, here.ci_low) == pytest.approx((there.estimate, there.ci_low))


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    numbers, happened = np.array([1.0, 2, 2, 3, 5, 5]), np.array([0, 0, 1, 0, 1, 1])
    found = areas_under_curve(numbers, happened)
    pairs = [(a, b) for a in numbers[happened == 1] for b in numbers[happened == 0]]
    assert found.estimates[0] == pytest.approx(np.mean([(a > b) + (a == b) / 2 for a, b in pairs]))
    area = found.area(0)
    assert 0 < area.ci_low < area.estimate < area.ci_high < 1


def test_two_areas_of_the_same_people_are_paired() -> None:
    random = np.random.default_rng(3)
    happened = random.integers(0, 2, 400)
    one = happened + random.normal(size=400)
    both = areas_under_curve([one, one + 0.01 * random.normal(size=400), random.normal(size=400)], happened)
    assert not both.difference(0, 1).differs_from_zero
    assert both.difference(0, 1).standard_error < 0.1 * both.difference(0, 2).standard_error
    assert both.difference(0, 2).ci_low > 0


def test_one_kind_alone_is_unknown_and_bad_codes_are_said() -> None:
    assert not areas_under_curve([1.0, 2, 3], [1, 1, 0]).area(0).known
    with pytest.raises(BadValue):
        areas_under_curve([1.0, 2], [1, 2])


@pytest.mark.slow
def test_shares_differences_and_areas_cover() -> None:
    """The truths: R2 of the population (known .2, difference to noise .2), and the area of a normal shift."""
    from scipy.stats import norm

    hits = {"share": 0, "more": 0, "area": 0}
    runs = 400
    for seed in range(runs):
        columns, outcomes, units = people(500, seed)
        found = foretold_out_of_sample(columns, SETS, outcomes, units, seed=seed)["y"]
        share, more = found.share("known", 0.95), found.more("known", "noise", 0.95)
        hits["share"] += share.ci_low <= 0.2 <= share.ci_high
        hits["more"] += more.ci_low <= 0.2 <= more.ci_high
        random = np.random.default_rng(seed)
        happened = random.integers(0, 2, 200)
        area = areas_under_curve(happened + random.normal(size=200), happened).area(0)
        hits["area"] += area.ci_low <= norm.cdf(1 / np.sqrt(2)) <= area.ci_high
    covered = {name: count / runs for name, count in hits.items()}
    assert all(0.92 <= share <= 0.98 for share in covered.values()), covered
