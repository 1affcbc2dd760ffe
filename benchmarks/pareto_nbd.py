"""Pareto/NBD: fit and scoring of simulated customers; lifetimes on the same customers in the same run.

    python -m benchmarks.pareto_nbd [--customers 100000] [--peer] [--limit 300]

Customers buy and leave at the rates that fit CDNOW (r .553, alpha 10.578, s .606, beta 11.669) and are seen
for 30 to 730 days. All times are CPU time of a process on one thread. ``--peer`` times lifetimes in a process
of its own, which is stopped after ``--limit`` seconds of CPU time; its time then counts as that limit.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from benchmarks.peers import reach_lifetimes  # noqa: E402

FOLDER = Path("bench-data") / "pareto_nbd"

PEER = """
import sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
from lifetimes import ParetoNBDFitter
data = np.load(sys.argv[1])
start = time.process_time()
fit = ParetoNBDFitter().fit(data["frequency"], data["recency"], data["age"])
print(time.process_time() - start, *fit.params_)
"""

FIRST = """
import sys, time
import numpy as np
import leal
data = dict(np.load(sys.argv[1]))
start = time.process_time()
leal.ParetoNbd().fit(data)
print(time.process_time() - start)
"""


def simulated(customers: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Return customers on whole days: purchases of one day are one, the first is not counted."""
    generator = np.random.default_rng(seed)
    age = generator.integers(30, 731, customers)
    rate = generator.gamma(0.553, 1 / 10.578, customers) / 7
    leaving = generator.gamma(0.606, 1 / 11.669, customers) / 7
    seen = np.minimum(generator.exponential(1, customers) / np.maximum(leaving, 1e-12), age)
    bought = generator.poisson(rate * seen)
    owner = np.repeat(np.arange(customers), bought)
    day = np.ceil(generator.random(owner.size) * seen[owner]).astype(np.int64)
    owner, day = np.unique(np.stack([owner, np.maximum(day, 1)]), axis=1)
    last = np.zeros(customers)
    np.maximum.at(last, owner, day)
    frequency = np.bincount(owner, minlength=customers).astype(float)
    return {"frequency": frequency, "recency": last / 7, "age": np.maximum(age, last) / 7}


def best(run: Callable[[], object], repeats: int = 5) -> float:
    """Return the least CPU time of some runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def peer(path: Path, limit: int) -> tuple[float, str]:
    """Return the CPU time of lifetimes, at most `limit`, and what it found."""
    reach_lifetimes()

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))

    command = [sys.executable, "-c", PEER, str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=limited)
    if done.returncode < 0:
        return float(limit), f"stopped after {limit} s"
    if done.returncode:
        return float("nan"), (done.stderr.strip().splitlines() or ["failed"])[-1]
    seconds, *found = (float(word) for word in done.stdout.split())
    return seconds, "r {:.4f}, alpha {:.4f}, s {:.4f}, beta {:.4f}".format(*found)


def main() -> None:
    """Print each figure, and how often the peer's time it would fit in."""
    import leal

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--peer", action="store_true", help="time lifetimes as well")
    parser.add_argument("--limit", type=int, default=300, help="CPU seconds after which it is stopped")
    given = parser.parse_args()
    data = simulated(given.customers)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{given.customers}.npz"
    np.savez(path, **data)
    first = subprocess.run(
        [sys.executable, "-c", FIRST, str(path)], check=True, capture_output=True, text=True
    )
    fit = leal.ParetoNbd().fit(data)
    fitting = best(lambda: leal.ParetoNbd().fit(data))
    scoring = best(lambda: (fit.expected_purchases(data, weeks=39), fit.p_alive(data)))
    told = ", ".join(f"{name} {value:.4f}" for name, value in fit.parameters.items())
    again = np.mean(data["frequency"] > 0)
    print(f"{given.customers:,} simulated customers, {again:.0%} with a repeat purchase")
    print(f"fit                                     {fitting:10.4f} s   {told}")
    print(f"first fit of a new process              {float(first.stdout):10.4f} s")
    print(f"expected purchases and P(alive)         {scoring:10.4f} s")
    if given.peer:
        sys.stdout.flush()
        seconds, found = peer(path, given.limit)
        print(f"lifetimes, fit                          {seconds:10.1f} s   {found}")
        print(f"ratio                                   {seconds / fitting:10,.0f}")


if __name__ == "__main__":
    main()
