"""Where rivals are open: planted weaknesses, reachable customers, what one may cost; newcomers; wallets."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from leal.errors import BadOption, MissingColumn
from leal.explain import rival_openings
from leal.measure import newcomers, wallet_shares, wallet_validity
from leal.results import Money
from leal.simulate import company
from leal.simulate.studies import BRAND_ITEMS
from leal.simulate.words import RIVALS


def study(n: int = 200, seed: int = 1) -> pl.DataFrame:
    """Half use Us, half Them; Them is 2 points weaker in service and equal in quality."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(n):
        brand = "Us" if person % 2 else "Them"
        service = 8 if brand == "Us" else 6
        score = 8 if person % 4 else 5
        rows.append(
            {
                "respondent": f"r{person}",
                "brand": brand,
                "own": brand == "Us",
                "rank": 1.0,
                "score": float(score),
                "service": int(np.clip(service + random.integers(-1, 2), 1, 10)),
                "quality": int(np.clip(7 + random.integers(-2, 3), 1, 10)),
                "spend": 200.0 if brand == "Them" else 100.0,
            }
        )
    return pl.DataFrame(rows)


def value() -> Money:
    return Money(estimate=50.0, ci_low=40.0, ci_high=60.0, n=100, method="delta", currency="EUR")


def test_the_weak_driver_of_a_rival_its_open_customers_and_their_price() -> None:
    found = rival_openings(study(), customers=1000, value=value())["Them"]
    assert [weak.item for weak in found.sure_weaknesses] == ["service"]
    assert found.sure_weaknesses[0].gap.estimate == pytest.approx(-200 / 9, abs=4)
    assert found.dissatisfied.estimate == pytest.approx(0.5)
    assert found.reachable.estimate == pytest.approx(500)
    assert found.reachable.ci_low < 500 < found.reachable.ci_high
    assert found.cost_limit is not None
    assert found.cost_limit.estimate == pytest.approx(100)
    assert "service" in found.sentence()
    assert "недовольн" in found.sentence().into("ru")


def test_who_ranks_us_second_is_a_customer_of_ours_too() -> None:
    """Half of their users use us besides: 150 of 200 are ours, 50 are open, 1,000 x 50/150 in reach."""
    plain = study()
    second = plain.filter(pl.col("brand") == "Them").gather_every(2)
    also = second.with_columns(
        brand=pl.lit("Us"), own=pl.lit(value=True), rank=pl.lit(2.0), score=pl.lit(7.0), service=9, quality=9
    )
    found = rival_openings(
        pl.concat([plain, also.select(plain.columns)], how="vertical_relaxed"), customers=1000
    )
    assert found["Them"].reachable.estimate == pytest.approx(1000 * 50 / 150)
    assert found["Them"].reachable.n == 200
    both = 50 if set(second["score"]) == {5.0} else 0
    error = math.sqrt(1 / 50 + 1 / 150 - 2 * both / (50 * 150))
    assert found["Them"].reachable.ci_high == pytest.approx(1000 / 3 * math.exp(1.959964 * error), rel=1e-6)


def test_too_few_users_of_a_rival_are_an_answer() -> None:
    found = rival_openings(study(40), customers=1000)["Them"]
    assert not found.dissatisfied.known
    assert not found.reachable.known
    assert "needs 30" in found.sentence()
    assert not found.weaknesses


def test_a_study_without_drivers_says_so_and_one_without_own_brand_is_empty() -> None:
    bare = rival_openings(study().drop("service", "quality"))
    assert [note.code for note in bare.notes] == ["no_items_by_brand"]
    assert bare["Them"].cost_limit is None
    assert "was not asked" in str(bare)
    nobodys = rival_openings(study().with_columns(own=pl.lit(False)))
    assert nobodys.openings == ()
    assert str(nobodys) == "unknown: needs ratings of a rival, and a brand marked as own"
    with pytest.raises(MissingColumn):
        rival_openings(study().drop("score"))


def test_the_planted_weakness_of_the_strongest_rival_is_found() -> None:
    brands = company(6000, seed=1, language="en").tables["brands"]
    found = rival_openings(brands, customers=6000)
    rival = RIVALS["en"][1]
    assert [weak.item for weak in found[rival].sure_weaknesses] == ["service"]
    gap = next(weak for weak in found[rival].weaknesses if weak.item == "service").gap
    planted = (BRAND_ITEMS["service"][1] - BRAND_ITEMS["service"][0]) * 100 / 9
    assert gap.ci_low - 3 < planted < gap.ci_high + 3


def test_a_small_rival_that_grows_raises_the_alarm_and_a_large_one_does_not() -> None:
    before = ["Us"] * 150 + ["Big"] * 140 + ["New"] * 10
    now = ["Us"] * 120 + ["New"] * 30 + ["Big"] * 140 + ["New"] * 10
    frame = pl.DataFrame(
        {
            "respondent": [f"r{i}" for i in range(300)],
            "brand": now,
            "previous_brand": before,
            "own": [name == "Us" for name in now],
            "rank": [1.0] * 300,
        }
    )
    found = {one.rival: one for one in newcomers(frame)}
    assert found["New"].alarm
    assert found["New"].growth.estimate == pytest.approx(0.1)
    assert not found["Big"].alarm
    assert "New" in found["New"].sentence()
    assert newcomers(frame.head(60)) == ()


def test_newcomers_between_waves() -> None:
    def wave(name: str, new: int) -> pl.DataFrame:
        brands = ["New"] * new + ["Us"] * 100 + ["Big"] * (100 - new)
        return pl.DataFrame(
            {
                "respondent": [f"{name}{i}" for i in range(200)],
                "brand": brands,
                "own": [one == "Us" for one in brands],
                "rank": [1.0] * 200,
                "wave": [name] * 200,
            }
        )

    found = {one.rival: one for one in newcomers(pl.concat([wave("2024", 2), wave("2025", 24)]))}
    assert found["New"].alarm
    calm = newcomers(pl.concat([wave("2024", 10), wave("2025", 12)]))
    assert not any(one.alarm for one in calm)


def wallets(order: str, n: int = 400, seed: int = 7) -> pl.DataFrame:
    """Dirichlet(1) wallets of 1 to 5 brands; ranks by spending, or at random (golden/methods README)."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(n):
        count = int(random.integers(1, 6))
        shares = random.dirichlet(np.ones(count))
        ranks = np.argsort(np.argsort(-shares)) + 1 if order == "true" else random.permutation(count) + 1
        rows += [
            (f"r{person}", f"b{place}", float(rank), 100 * share)
            for place, (rank, share) in enumerate(zip(ranks, shares, strict=True))
        ]
    return pl.DataFrame(rows, schema=["respondent", "brand", "rank", "brand_spend"], orient="row")


def test_golden_null_of_rank_weights_ten_methods_10_random_ranks_explain_nothing_within_persons() -> None:
    """ten-methods.md 0.3: within a person random ranks give .000 and the true order .75."""
    random = wallet_validity(wallets("random", 4000))
    assert random.estimate < 0.005
    true = wallet_validity(wallets("true", 4000))
    assert true.estimate == pytest.approx(0.75, abs=0.03)
    assert true.ci_low < true.estimate < true.ci_high
    # pooled over persons the artefact shows: this is why that figure is never given
    pooled = wallets("random", 4000).with_columns(
        share=pl.col("brand_spend") / pl.col("brand_spend").sum().over("respondent")
    )
    weights = np.concatenate(
        [
            wallet_shares(part["rank"].to_numpy())
            for _, part in pooled.group_by("respondent", maintain_order=True)
        ]
    )
    correlation = float(np.corrcoef(weights, pooled["share"].to_numpy())[0, 1])
    assert correlation**2 > 0.3


def test_few_wallets_are_an_answer() -> None:
    found = wallet_validity(wallets("true", 10))
    assert not found.known
    assert math.isnan(found.estimate)
    assert found.notes[0].code == "few_wallets"


def test_the_interval_of_few_wallets_leaves_out_one_person_after_the_other() -> None:
    found = wallet_validity(wallets("true", 40))
    assert found.method == "jackknife"
    assert 0 <= found.ci_low < found.estimate < found.ci_high <= 1
    chance = wallet_validity(wallets("random", 60, seed=3))
    assert chance.ci_low == 0


@pytest.mark.slow
@pytest.mark.parametrize("asked", [50, 100, 300])
def test_intervals_of_how_far_ranks_tell_wallets_hold(asked: int) -> None:
    """Samples of 20,000 who rank by spending but for lognormal noise; percentiles of draws held in .91."""
    random = np.random.default_rng(asked)
    people = wallets("true", 20_000).with_columns(
        noise=pl.Series(random.lognormal(0, 0.8, wallets("true", 20_000).height))
    )
    people = people.with_columns(
        rank=(pl.col("brand_spend") * pl.col("noise"))
        .rank("ordinal", descending=True)
        .over("respondent")
        .cast(float)
    )
    truth = wallet_validity(people).estimate
    parts = people.partition_by("respondent")
    held = 0
    for _ in range(400):
        drawn = random.choice(len(parts), asked * 5 // 4, replace=False)  # a fifth uses one brand only
        found = wallet_validity(pl.concat([parts[place] for place in drawn]))
        held += found.ci_low <= truth <= found.ci_high
    print(f"{asked}: {held / 4:.1f} %")
    assert 0.93 <= held / 400 <= 0.97


def test_ranks_tell_wallets_within_persons_as_published_by_simulation() -> None:
    """Golden: expected.json, key sim_rank_weight_null: Dirichlet(1) wallets, within persons .751 and .0001.

    The pooled figures of the key hang on its mix of brand counts, which is not told; these do not.
    """
    random = np.random.default_rng(7)
    tables = []
    for used in (2, 3, 4, 5):
        wallets = random.dirichlet(np.ones(used), 5_000)
        true = (-wallets).argsort(axis=1).argsort(axis=1) + 1
        drawn = random.random(wallets.shape).argsort(axis=1) + 1
        tables.append(
            pl.DataFrame(
                {
                    "respondent": [f"{used}-{who}" for who in range(5_000) for _ in range(used)],
                    "brand": [f"b{place}" for _ in range(5_000) for place in range(used)],
                    "brand_spend": wallets.ravel(),
                    "rank": true.ravel(),
                    "drawn": drawn.ravel(),
                }
            )
        )
    brands = pl.concat(tables)
    assert wallet_validity(brands).estimate == pytest.approx(0.751, abs=0.005)
    by_lot = brands.with_columns(rank="drawn")
    assert wallet_validity(by_lot).estimate == pytest.approx(0.0001, abs=0.001)


def test_our_brand_may_be_marked_in_words() -> None:
    rng = np.random.default_rng(1)
    brands = pl.DataFrame(
        {
            "respondent": [str(who) for who in range(80)],
            "brand": ["Ours", "Theirs"] * 40,
            "own": ["yes", "no"] * 40,
            "score": rng.integers(1, 11, 80),
        }
    )
    in_flags = brands.with_columns(pl.col("own") == "yes")
    assert rival_openings(brands).to_frame().equals(rival_openings(in_flags).to_frame())
    found = rival_openings(brands)
    assert [one.rival for one in found] == ["Theirs"]
    with pytest.raises(BadOption, match="rival"):
        found["Nobody"]
