"""Wall time and memory of a whole audit, from Parquet and from CSV, the process included.

python -m benchmarks.audit --answers 1000000 --purchases 5000000
python -m benchmarks.audit --whole      # with all other tables, so that no check is unknown
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

WHOLE = """
import leal, sys
names = "answers purchases customers actions brands wishes cases rules kano prices".split()
evidence = leal.Evidence(**dict(zip(names, sys.argv[1:])))
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


def make_whole(parquet: list[Path], answers: int, purchases: int) -> list[Path]:
    """Write the other tables: items of answers, a register, an action of every fifth customer, studies."""
    import numpy as np

    from leal.simulate import company

    random = np.random.default_rng(1)
    firm = company(4000, seed=1, language="en").tables
    paths = [FOLDER / f"whole-{answers}-{purchases}-{name}.parquet" for name in WHOLE_TABLES]
    if all(path.exists() for path in paths):
        return [paths[0], parquet[1], *paths[1:]]
    told = pl.read_parquet(parquet[0])
    rows = random.integers(0, firm["answers"].height, told.height)
    items = [name for name in firm["answers"].columns if name.startswith(ITEMS)]
    told.hstack(firm["answers"].select(items)[rows]).write_parquet(paths[0])
    people = told["customer"].unique().sort()
    drawn = random.random(len(people))
    register = pl.DataFrame({"customer": people, "contacts": random.poisson(2, len(people))})
    register.with_columns(
        joining_reason=pl.Series(np.where(drawn < 0.3, "recommendation", "advertising"))
    ).write_parquet(paths[1])
    chosen = people.filter(pl.Series(drawn < 0.2))
    treated = random.random(len(chosen)) < 0.5
    noticed = np.where(treated, random.random(len(chosen)) < 0.5, random.random(len(chosen)) < 0.1)
    started = pl.read_parquet(parquet[1], columns=["bought_at"])["bought_at"].median()
    pl.DataFrame(
        {
            "action": ["Bonus points"] * len(chosen),
            "customer": chosen,
            "arm": np.where(treated, "treated", "control"),
            "exposed": treated,
            "noticed": noticed,
            "cost": np.where(treated, 50.0, 0.0),
        }
    ).with_columns(started_at=pl.lit(started)).write_parquet(paths[2])
    for name, path in zip(WHOLE_TABLES[3:], paths[3:], strict=True):
        firm[name].write_parquet(path)
    return [paths[0], parquet[1], *paths[1:]]


WHOLE_TABLES = ("answers", "customers", "actions", "brands", "wishes", "cases", "rules", "kano", "prices")
ITEMS = ("IMAG", "CUEX", "PERQ", "PERV", "CUSA", "CUSCO", "CUSL", "unique", "economic", "emotional")


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
    options.add_argument("--whole", action="store_true", help="all tables, so that no check is unknown")
    given = options.parse_args()
    parquet, text = make(given.answers, given.purchases)
    if given.whole:
        wall, peak = run(WHOLE, make_whole(parquet, given.answers, given.purchases))
        print(f"  all ten checks, from parquet: {wall:.1f} s wall (goal 90), peak {peak:.2f} GB")
        return
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
