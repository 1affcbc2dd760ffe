"""Wall time and memory of a whole audit, from Parquet and from CSV, the process included.

python -m benchmarks.audit --answers 1000000 --purchases 5000000
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

FOLDER = Path("bench-data")

FROM_PARQUET = """
import leal, sys
evidence = leal.Evidence(answers=sys.argv[1], purchases=sys.argv[2])
print(leal.audit(evidence, margin=.3).sentence())
"""

FROM_CSV = """
import leal, sys
loaded = leal.load([sys.argv[1]], purchases=sys.argv[2])
print(leal.audit(loaded.evidence, margin=.3).sentence())
"""


def make(answers: int, purchases: int) -> tuple[list[Path], list[Path]]:
    """Write the tables once, as Parquet and as CSV."""
    from leal.simulate import large_answers, large_purchases

    FOLDER.mkdir(exist_ok=True)
    parquet = [FOLDER / f"answers-{answers}.parquet", FOLDER / f"purchases-{purchases}.parquet"]
    if not parquet[1].exists():
        large_purchases(purchases, parquet[1])
    customers = int(pl.scan_parquet(parquet[1]).select(pl.col("customer").max()).collect().item()) + 1
    if not parquet[0].exists():
        large_answers(answers, parquet[0], customers=customers)
    text = [path.with_suffix(".csv") for path in parquet]
    for path, written in zip(parquet, text, strict=True):
        if not written.exists():
            pl.scan_parquet(path).sink_csv(written)
    return parquet, text


def run(program: str, files: list[Path]) -> tuple[float, float]:
    """Return wall seconds and peak memory (GB) of one audit in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, files)], capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr)
    peak = max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, before)
    print(f"  {done.stdout.strip()}")
    return wall, peak / 2**20


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--answers", type=int, default=1_000_000)
    options.add_argument("--purchases", type=int, default=5_000_000)
    options.add_argument("--only", choices=["parquet", "csv"])
    given = options.parse_args()
    parquet, text = make(given.answers, given.purchases)
    print(f"audit of {given.answers:,} answers and {given.purchases:,} purchases, {os.cpu_count()} cores")
    for name, program, files, goal in (
        ("parquet", FROM_PARQUET, parquet, 30),
        ("csv", FROM_CSV, text, 60),
    ):
        if given.only in (None, name):
            wall, peak = run(program, files)
            print(f"  from {name}: {wall:.1f} s wall (goal {goal}), peak {peak:.2f} GB")


if __name__ == "__main__":
    main()
