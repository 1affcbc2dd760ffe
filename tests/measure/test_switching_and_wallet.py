"""Wallets and switching: who gets the money, and who takes customers from whom."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.measure.rivals.growing_rivals import newcomers
from leal.measure.rivals.switching_flows import net_flows, present_brands, switching
from leal.measure.rivals.wallet_ranks import wallet, wallet_shares
from leal.statistics import steady_state


def brands(n: int = 300, seed: int = 1) -> pl.DataFrame:
    """Everybody ranks Ours, Theirs and Other; 20 of 100 of ours went to Theirs, 5 came from it."""
    random = np.random.default_rng(seed)
    rows = []
    for person in range(n):
        kind = person % 3
        order = {
            0: ["Ours", "Theirs", "Other"],
            1: ["Theirs", "Ours", "Other"],
            2: ["Other", "Ours", "Theirs"],
        }[kind]
        before = order[0]
        if kind == 1 and person < 60:
            before = "Ours"
        if kind == 0 and person < 15:
            before = "Theirs"
        spend = float(random.integers(50, 150))
        rows += [
            {
                "respondent": f"r{person}",
                "brand": brand,
                "rank": place,
                "own": brand == "Ours",
                "previous_brand": before if place == 1 else None,
                "spend": spend,
                "score": float(random.integers(5, 11)),
            }
            for place, brand in enumerate(order, 1)
        ]
    return pl.DataFrame(rows)


def test_golden_wallet_rank(golden: Path) -> None:
    """ten-methods.md 10: (1 - rank / (n + 1)) x 2 / n, ties averaged."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["wallet_rank"]
    for n in range(1, 6):
        assert wallet_shares(range(1, n + 1)) == pytest.approx(expected[f"n{n}"])
    assert wallet_shares([1.5, 1.5, 3]) == pytest.approx(expected["n3_tie_1.5_1.5_3"])
    assert wallet_shares([2, 2, 7]) == pytest.approx(expected["n3_tie_1.5_1.5_3"])


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8))
def test_wallet_shares_add_up_to_one(ranks: list[int]) -> None:
    shares = wallet_shares(ranks)
    assert shares.sum() == pytest.approx(1)
    assert (shares > 0).all()


def test_wallets_of_all_respondents() -> None:
    found = wallet(brands())
    assert found is not None
    assert found.respondents == 300
    assert found.multi_brand == 1
    assert sum(one.share.estimate for one in found.shares) == pytest.approx(1)
    shares = {one.brand: one for one in found.shares}
    assert shares["Ours"].share.estimate == pytest.approx((0.5 + 2 / 3) / 3)
    assert shares["Ours"].share.ci_low < shares["Ours"].share.estimate < shares["Ours"].share.ci_high
    weighted = [one.spend_share for one in found.shares]
    assert sum(one.estimate for one in weighted if one is not None) == pytest.approx(1)
    assert found.notes == ()


def test_the_frame_and_the_formula_agree() -> None:
    frame = pl.DataFrame(
        {"respondent": ["a"] * 3 + ["b"], "brand": ["x", "y", "z", "x"], "rank": [1.0, 1.0, 2.0, 1.0]}
    )
    found = wallet(frame)
    assert found is not None
    by_hand = (wallet_shares([1, 1, 2])[0] + 1) / 2
    assert {one.brand: one.share.estimate for one in found.shares}["x"] == pytest.approx(by_hand)
    assert found.multi_brand == 0.5
    assert found.spend is None
    assert wallet(frame.with_columns(rank=pl.lit(None, dtype=pl.Float64))) is None


def test_one_brand_users_are_noted() -> None:
    single = brands().filter(pl.col("rank") == 1)
    found = wallet(single)
    assert found is not None
    assert found.notes[0].code == "few_multi_brand"


def test_golden_switching(golden: Path) -> None:
    """ten-methods.md 10: shares after one and two steps, limit, net flows of A."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["switching"]
    matrix, shares = np.array(expected["matrix"]), np.array(expected["shares0"])
    flows = net_flows(shares, matrix)
    assert flows[0, 1] == pytest.approx(expected["net_flow_A_to_B"])
    assert flows[0, 2] == pytest.approx(expected["net_flow_A_to_C"])
    assert shares @ matrix == pytest.approx(expected["shares1"])
    assert shares @ matrix @ matrix == pytest.approx(expected["shares2"])
    assert steady_state(matrix) == pytest.approx(expected["steady_state"])


def test_who_takes_customers_from_whom() -> None:
    found = switching(brands())
    assert found is not None
    assert (found.own, found.respondents) == ("Ours", 300)
    theirs = found.flows[0]
    assert (theirs.rival, theirs.lost, theirs.won) == ("Theirs", 20, 5)
    assert theirs.net.estimate == pytest.approx(15 / 300)
    assert theirs.net.ci_low > 0
    assert theirs.spend_lost is not None
    assert theirs.spend_lost > 1_000
    assert theirs.spend_won is not None
    assert found.spend_before is not None
    net = (theirs.spend_lost - theirs.spend_won) / found.spend_before
    assert theirs.threat.estimate == pytest.approx(net)
    assert theirs.threat.ci_low < net < theirs.threat.ci_high
    assert found.kept_before == 115
    before = brands().filter(pl.col("previous_brand") == "Ours")
    gone = before.filter(pl.col("brand") != "Ours")["spend"].sum() / before["spend"].sum()
    assert found.loss_rate.estimate == pytest.approx(gone)
    assert found.matrix.filter(pl.col("before") == "Ours")["share"].sum() == pytest.approx(1)


def test_flows_in_counts_equal_those_of_the_matrix() -> None:
    found = switching(brands())
    assert found is not None
    names = ["Ours", "Theirs", "Other"]
    counts = np.zeros((3, 3))
    for before, now, n, _ in found.matrix.rows():
        counts[names.index(before), names.index(now)] = n
    flows = net_flows(counts.sum(axis=1) / 300, counts / counts.sum(axis=1, keepdims=True))
    assert flows[0, 1] == pytest.approx(found.flows[0].net.estimate)


@pytest.mark.parametrize(
    "frame",
    [
        brands().with_columns(own=pl.lit(False)),
        brands().with_columns(previous_brand=pl.lit(None, dtype=pl.String)),
        brands().clear(),
    ],
)
def test_nothing_to_tell_is_none(frame: pl.DataFrame) -> None:
    assert switching(frame) is None


def test_one_brand_alone_has_no_rivals() -> None:
    alone = brands().filter(pl.col("brand") == "Ours").with_columns(previous_brand=pl.lit("Ours"))
    found = switching(alone)
    assert found is not None
    assert found.flows == ()
    assert found.loss_rate.estimate == 0


def test_wallet_and_switching_say_themselves_in_both_languages() -> None:
    found, moves = wallet(brands()), switching(brands())
    assert found is not None
    assert moves is not None
    assert str(
        found
    ) == "Share of wallet by rank: Ours 38.9 %, Theirs 33.3 %, Other 27.8 % (n = 300).".replace(
        " %", "\u00a0%"
    )
    assert found.to_frame()["share"].sum() == pytest.approx(1.0)
    assert moves.sentence().startswith("Of those who used Ours before, ")
    assert "Theirs: 20 went there, 5 came from there; net loss 5.0" in moves.sentence()
    assert "Theirs: ушли туда: 20, пришли оттуда: 5" in moves.sentence().into("ru")
    row = moves.to_frame().row(0, named=True)
    assert (row["rival"], row["lost"], row["won"], row["net"]) == ("Theirs", 20, 5, pytest.approx(0.05))


def moves(before: list[str], now: list[str], spend: list[float] | None = None) -> pl.DataFrame:
    """Return a table of brands of respondents who each rank one brand."""
    columns = {
        "respondent": [f"r{person}" for person in range(len(now))],
        "brand": now,
        "rank": [1] * len(now),
        "own": [brand == "Ours" for brand in now],
        "previous_brand": before,
    }
    return pl.DataFrame(columns if spend is None else columns | {"spend": spend})


def test_four_who_went_and_none_who_came_are_no_sure_loss() -> None:
    """By the exact test such four are chance in one of eight cases; the plain interval left zero out."""
    found = switching(moves(["Ours"] * 60 + ["Theirs"] * 40, ["Ours"] * 56 + ["Theirs"] * 44))
    assert found is not None
    assert found.flows[0].net.estimate == pytest.approx(0.04)
    assert found.flows[0].net.ci_low < 0
    assert found.flows[0].threat.estimate == pytest.approx(4 / 60)
    assert found.flows[0].threat.ci_low < 0


def test_a_share_of_money_that_few_spend_has_an_interval_of_few() -> None:
    spend = [1000.0] * 4 + [10.0] * 56
    found = switching(moves(["Ours"] * 60, ["Theirs"] * 2 + ["Ours"] * 58, spend))
    assert found is not None
    assert found.loss_rate.estimate == pytest.approx(2000 / 4560)
    assert found.loss_rate.method == "clustered_wilson"
    assert found.loss_rate.ci_high - found.loss_rate.ci_low > 0.6


@pytest.mark.slow
@pytest.mark.parametrize("asked", [50, 100, 300])
def test_flows_threats_losses_and_growth_hold_what_was_planted(asked: int) -> None:
    """Of 1,000 samples of respondents of uneven spending, of whom few move."""
    names = np.array(["Ours", "Theirs", "Other"])
    shares, matrix = (
        np.array([0.5, 0.3, 0.2]),
        np.array([[0.85, 0.1, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]),
    )
    net = shares[0] * matrix[0, 1] - shares[1] * matrix[1, 0]
    growth = (shares @ matrix - shares)[1]
    source = np.random.default_rng(asked)
    held: dict[str, list[bool]] = {}
    for _ in range(1000):
        before = source.choice(3, asked, p=shares)
        now = (source.random(asked)[:, None] > matrix[before].cumsum(axis=1)).sum(axis=1)
        table = moves(list(names[before]), list(names[now]), list(source.lognormal(5, 0.8, asked)))
        found = switching(table)
        assert found is not None
        truths = [("loss", found.loss_rate, 0.15)]
        truths += [("net", one.net, net) for one in found.flows if one.rival == "Theirs"]
        truths += [("threat", one.threat, net / 0.5) for one in found.flows if one.rival == "Theirs"]
        truths += [("growth", one.growth, growth) for one in newcomers(table) if one.rival == "Theirs"]
        for name, value, truth in truths:
            held.setdefault(name, []).append(value.ci_low <= truth <= value.ci_high)
    told = {name: float(np.mean(each)) for name, each in held.items()}
    print(asked, told)
    # two standard errors of a share of .95 in 1,000 samples are .014
    assert min(told.values()) >= 0.93 - 0.014
    assert max(told.values()) <= 0.97 + 0.014


def test_of_several_brands_without_an_order_none_is_taken_for_the_present_one() -> None:
    brands = ["Ours", "A", "B"]
    rows = [
        {
            "respondent": str(who),
            "brand": brand,
            "own": brand == "Ours",
            "previous_brand": "Ours",
            "rank": None,
        }
        for who in range(60)
        for brand in brands
    ]
    unordered = pl.DataFrame(rows, schema_overrides={"rank": pl.Int64})
    assert present_brands(unordered).is_empty()
    assert switching(unordered) is None  # not: all 60 went to the first brand by alphabet
    tied = unordered.with_columns(rank=pl.lit(1))
    assert present_brands(tied).is_empty()
    ordered = unordered.with_columns(rank=pl.col("brand").replace_strict({"Ours": 1, "A": 2, "B": 2}))
    found = switching(ordered)
    assert found is not None
    assert found.loss_rate.estimate == 0
    named = unordered.with_columns(previous_brand=pl.when(pl.col("brand") == "B").then(pl.lit("Ours")))
    moved = switching(named)
    assert moved is not None
    assert moved.loss_rate.estimate == 1


def test_of_two_who_were_asked_no_more_than_all_can_go() -> None:
    asked = pl.DataFrame(
        {
            "respondent": ["1", "2"],
            "brand": ["A", "Ours"],
            "own": [False, True],
            "previous_brand": ["Ours", "Ours"],
        }
    )
    found = switching(asked)
    assert found is not None
    assert (found.flows[0].net.ci_low, found.flows[0].net.ci_high) == (-1.0, 1.0)
