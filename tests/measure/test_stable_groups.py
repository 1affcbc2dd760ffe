"""Bootstrap Jaccard: groups that are there are found again, halves of one cloud are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from scipy.cluster.vq import kmeans2

from leal.errors import BadValue
from leal.measure import adjusted_rand, bootstrap_jaccard


def clouds(*centres: tuple[float, float], each: int = 60) -> pl.DataFrame:
    source = np.random.default_rng(1)
    points = np.concatenate([source.normal(centre, 1.0, (each, 2)) for centre in centres])
    return pl.DataFrame({"x": points[:, 0], "y": points[:, 1]})


def clusters(count: int) -> Callable[[pl.DataFrame], np.ndarray]:
    return lambda table: kmeans2(table.select("x", "y").to_numpy(), count, minit="++", seed=1)[1]


def test_three_clouds_are_found_again_and_a_cloud_in_five_parts_is_not() -> None:
    found = bootstrap_jaccard(clouds((0, 0), (7, 7), (14, 0)), clusters(3))
    assert [one.stability for one in found] == ["stable"] * 3
    assert all(one.jaccard.estimate > 0.9 and one.customers == 60 for one in found)
    parts = bootstrap_jaccard(clouds((0, 0), each=180), clusters(5))
    assert "unstable" in [one.stability for one in parts]
    assert parts[0].jaccard.estimate >= parts[-1].jaccard.estimate


def test_the_index_by_hand() -> None:
    """Four customers; by the smallest number drawn: a rule that another sample moves, on known draws."""

    def rule(table: pl.DataFrame) -> list[str]:
        least = table["x"].min()
        return ["least" if value == least else "rest" for value in table["x"]]

    table = pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]})
    found = {one.group: one for one in bootstrap_jaccard(table, rule, replicates=200, seed=3)}
    source = np.random.default_rng(3)
    least, rest = [], []
    for _ in range(200):
        drawn = sorted(set(source.integers(0, 4, 4)))
        if 0 in drawn:  # the rule finds the same two groups
            least.append(1.0)
            rest += [1.0] if len(drawn) > 1 else []
        else:  # the least of those drawn is cut off from the rest
            rest.append(max(1, len(drawn) - 1) / len(drawn))
    assert found["least"].jaccard.estimate == pytest.approx(np.mean(least))
    assert found["rest"].jaccard.estimate == pytest.approx(np.mean(rest))


def test_labels_that_are_given_once_are_stable_and_names_do_not_matter() -> None:
    table = clouds((0, 0), (7, 7)).with_columns(segment=pl.lit("a"))
    found = bootstrap_jaccard(table, lambda part: part["segment"].to_numpy())
    assert found[0].jaccard.estimate == 1
    assert adjusted_rand([[3, 0], [0, 3]]) == 1


def test_a_division_that_gives_no_labels_is_named_and_the_words_speak_russian() -> None:
    with pytest.raises(BadValue, match="each customer one label"):
        bootstrap_jaccard(clouds((0, 0)), lambda _: [1, 2])
    told = bootstrap_jaccard(clouds((0, 0), (9, 9)), clusters(2))[0]
    assert "stable, found again to" in str(told)
    assert "устойчив" in told.sentence().into("ru")


def test_no_customers_have_no_groups_and_no_replicates_are_refused() -> None:
    nobody = pl.DataFrame(schema={"x": pl.Float64})
    assert bootstrap_jaccard(nobody, lambda table: np.zeros(table.height)) == ()
    with pytest.raises(BadValue, match="replicates"):
        bootstrap_jaccard(pl.DataFrame({"x": [1.0]}), lambda table: np.zeros(table.height), replicates=0)
