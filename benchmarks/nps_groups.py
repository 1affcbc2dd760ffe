"""NPS with intervals by a group of 20 levels, beside the bare GROUP BY of the same engine on the same files.

    python -m benchmarks.nps_groups [--rows 100000000] [--repeats 5] [--weight]

The files are made once in ``bench-data/nps_groups``. Bare means: Polars, streaming, promoters, detractors and
answers counted by group, nothing else (``--weight``: their weights added up). Both run in turn, the medians
of wall time are compared; the peak memory is that of a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

FOLDER = Path("bench-data") / "nps_groups"
GROUPS = 20
FILES = 10
SHARES = (0.02, 0.01, 0.02, 0.02, 0.03, 0.05, 0.06, 0.12, 0.2, 0.22, 0.25)


def make_files(rows: int) -> Path:
    """Write answers into ten Parquet files: segment, score with 3 % of gaps, weight, a column not needed."""
    place = FOLDER / str(rows)
    if (place / "ready").exists():
        return place
    place.mkdir(parents=True, exist_ok=True)
    names = np.array([f"segment {number:02}" for number in range(GROUPS)])
    for number in range(FILES):
        random = np.random.default_rng(number)
        size = rows // FILES
        score = pl.Series("recommend", random.choice(11, size, p=SHARES).astype(np.int8))
        answered = pl.Series(random.random(size) > 0.03)
        pl.DataFrame(
            {
                "segment": names[random.integers(0, GROUPS, size)],
                "recommend": pl.select(pl.when(answered).then(score)).to_series(),
                "weight": random.uniform(0.5, 1.5, size),
                "customer": random.integers(0, rows, size),
            }
        ).write_parquet(place / f"{number}.parquet", row_group_size=1_000_000)
    (place / "ready").touch()
    return place


def bare(place: Path, *, weighted: bool) -> None:
    """Count promoters, detractors and answers by group: the least that any NPS by group must do."""
    score, weight = pl.col("recommend"), pl.col("weight")
    one = weight if weighted else pl.lit(1, dtype=pl.UInt32)
    sums = [(score >= 9).sum().alias("promoters"), (score <= 6).sum().alias("detractors")]
    if weighted:
        promoted, detracted = pl.when(score >= 9).then(one), pl.when(score <= 6).then(one)
        sums = [promoted.sum().alias("promoters"), detracted.sum().alias("detractors"), weight.sum()]
        sums.append((weight * weight).sum().alias("squares"))
    frame = pl.scan_parquet(place / "*.parquet")
    found = frame.group_by("segment").agg(*sums, score.count().alias("n")).collect(engine="streaming")
    assert found.height == GROUPS


def measured(place: Path, *, weighted: bool) -> None:
    """Give the NPS of each group with its interval, every value checked."""
    import leal

    found = leal.nps(place, by="segment", weight="weight" if weighted else None)
    assert len(found) == GROUPS
    assert all(result.ci_low < result.estimate < result.ci_high for result in found.values())


WAYS: dict[str, Callable[..., None]] = {"bare": bare, "leal": measured}


def timed(way: str, place: Path, *, weighted: bool) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    WAYS[way](place, weighted=weighted)
    return time.perf_counter() - start


def peak_memory(way: str, place: Path, *, weighted: bool) -> float:
    """Return the peak memory of a process that runs one way once, in GB."""
    flag = ["--weight"] if weighted else []
    command = [sys.executable, "-m", "benchmarks.nps_groups", "--child", way, "--place", str(place), *flag]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    """Make the files, run both ways in turn, print the medians side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--weight", action="store_true")
    parser.add_argument("--child", choices=list(WAYS))
    parser.add_argument("--place", type=Path)
    given = parser.parse_args()
    if given.child:
        WAYS[given.child](given.place, weighted=given.weight)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
        return
    place = make_files(given.rows)
    for way in WAYS:
        timed(way, place, weighted=given.weight)  # files into the cache of the system, names imported
    walls: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(given.repeats):
        for way, times in walls.items():
            times.append(timed(way, place, weighted=given.weight))
    medians = {way: statistics.median(times) for way, times in walls.items()}
    ratio = statistics.median(a / b for a, b in zip(walls["leal"], walls["bare"], strict=True))
    print(f"{given.rows:,} answers, {GROUPS} groups{', weighted' if given.weight else ''}")
    for way, median in medians.items():
        memory = peak_memory(way, place, weighted=given.weight)
        print(f"{way:>5}: {median:.3f} s wall, median of {given.repeats}; {memory:.2f} GB at most")
    print(f"leal / bare: {medians['leal'] / medians['bare']:.2f} (median of pairs {ratio:.2f})")


if __name__ == "__main__":
    main()
