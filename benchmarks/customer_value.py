"""Customer value: fits, scores and the summary of purchases; lifetimes on the same customers in the same run.

    python -m benchmarks.customer_value [--customers 1000000] [--scored 10000000] [--purchases N] [--peer]

Customers buy and leave by BG/NBD at the parameters of CDNOW, seen for 30 to 730 days; 44 % buy again. All
times are CPU time of the process (user and system, all threads) on one thread, medians of several runs after
one that is not counted. ``--peer`` times lifetimes 0.11.3 (archived; installed away from Leal's environment)
on the same data.
The purchases are a log in the order of time, a row each: the summary merges those of a day. DuckDB is given
one thread and ``--memory`` (it spills to disk beyond), in a process of its own whose peak memory is printed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

from benchmarks.peers import reach_lifetimes  # noqa: E402

FOLDER = Path("bench-data") / "customer_value"

FIRST = """
import sys, time
import leal, polars as pl
customers = pl.read_parquet(sys.argv[1])
start = time.process_time()
leal.BgNbd().fit(customers).expected_purchases(customers, weeks=39)
print(time.process_time() - start)
"""


def simulated(customers: int, seed: int = 1) -> pl.DataFrame:
    """Return customers on whole days: purchases of one day are one, the first is not counted."""
    random = np.random.default_rng(seed)
    days = random.integers(30, 731, customers)
    rate, leave = random.gamma(0.2426, 1 / 4.4135, customers) / 7, random.beta(0.7929, 2.4258, customers)
    frequency, last, clock = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = np.arange(customers)
    while here.size:
        clock[here] += random.exponential(1, here.size) / np.maximum(rate[here], 1e-300)
        here = here[clock[here] < days[here]]
        day = np.floor(clock[here])
        frequency[here] += day > last[here]
        last[here] = np.maximum(day, last[here])
        here = here[random.random(here.size) >= leave[here]]
    often = np.maximum(frequency, 1)
    each = random.gamma(6.25 * often, 1 / (often * random.gamma(3.74, 1 / 15.44, customers)))
    columns = {"frequency": frequency, "recency": last / 7, "age": days / 7}
    return pl.DataFrame(columns | {"spend": np.where(frequency > 0, each, 0.0)})


def median(run: Callable[[], object], repeats: int) -> float:
    """Return the median CPU time of some runs, after one that is not counted."""
    run()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


def told(words: str, own: float, peer: float | None = None, promise: str = "") -> None:
    """Print one figure, the peer's and the ratio."""
    beside = "" if peer is None else f"{peer:12.3f} s {peer / own:8.0f} x"
    print(f"{words:<58}{own:10.4f} s{beside:<26}{promise}", flush=True)


def fits(customers: pl.DataFrame, repeats: int, peer: bool) -> None:
    """Time the fits, and one scoring, beside the peer's."""
    import leal

    n = f"{customers.height:,}"
    fit = leal.BgNbd().fit(customers)
    peers = peer_times(customers, max(repeats // 2, 1)) if peer else {}
    told(f"BG/NBD, fit, {n}", median(lambda: leal.BgNbd().fit(customers), repeats),
         peers.get("bg"), promise(customers, "promised 40 x"))  # fmt: skip
    told(f"MBG/NBD, fit, {n}", median(lambda: leal.MbgNbd().fit(customers), repeats), peers.get("mbg"))
    told(f"Gamma-Gamma, fit, {n}", median(lambda: leal.GammaGamma().fit(customers), repeats),
         peers.get("gg"), promise(customers, "promised 35 x"))  # fmt: skip
    told(f"expected purchases and P(alive), {n}", median(lambda: scored(customers, fit), repeats),
         peers.get("score"))  # fmt: skip
    print("BG/NBD:", fit, "| lifetimes:", peers.get("parameters", "not run"))


def promise(customers: pl.DataFrame, words: str) -> str:
    """Return what is promised, which is of a million customers."""
    return words if customers.height >= 1_000_000 else ""


def scored(customers: pl.DataFrame, fit: object) -> None:
    """Score customers as the streaming kernel does, all at once."""
    from leal.predict import read_rhythm

    fit.scorer(weeks=39)(read_rhythm(customers))  # type: ignore[attr-defined]


def peer_times(customers: pl.DataFrame, repeats: int) -> dict[str, object]:
    """Return the CPU times of lifetimes on the same customers."""
    reach_lifetimes()
    warnings.filterwarnings("ignore")
    import pandas as pd
    from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter

    frame = pd.DataFrame({name: customers[name].to_numpy() for name in customers.columns})
    rhythm = [frame[name] for name in ("frequency", "recency", "age")]
    again = frame[frame["frequency"] > 0]
    fit = BetaGeoFitter().fit(*rhythm)

    def score() -> None:
        fit.conditional_expected_number_of_purchases_up_to_time(39, *rhythm)
        fit.conditional_probability_alive(*rhythm)

    def timed(run: Callable[[], object]) -> float:
        times = []
        for _ in range(repeats):
            start = time.process_time()
            run()
            times.append(time.process_time() - start)
        return statistics.median(times)

    return {
        "bg": timed(lambda: BetaGeoFitter().fit(*rhythm)),
        "mbg": timed(lambda: ModifiedBetaGeoFitter().fit(*rhythm)),
        "gg": timed(lambda: GammaGammaFitter().fit(again["frequency"], again["spend"])),
        "score": timed(score),
        "parameters": ", ".join(f"{name} = {value:.3f}" for name, value in fit.params_.items()),
    }


def scoring(rows: int, repeats: int) -> None:
    """Time the scores of many customers, from memory and streamed from Parquet, beside a scan of the file."""
    import leal
    from leal.engine import batches
    from leal.predict import score_customers

    path = FOLDER / f"customers_{rows}.parquet"
    if not path.exists():
        simulated(rows, 2).with_row_index("customer").write_parquet(path)
    customers = pl.read_parquet(path)
    fit = leal.BgNbd().fit(customers)
    told(f"BG/NBD, fit, {rows:,}", median(lambda: leal.BgNbd().fit(customers), repeats))
    told(f"scores of {rows:,} from memory", median(lambda: scored(customers, fit), repeats),
         promise="promised 0.5 s")  # fmt: skip
    columns = ("customer", "frequency", "recency", "age")
    told("  the file scanned only", median(lambda: sum(1 for _ in batches(path, columns)), repeats))
    streamed = median(lambda: sum(part.num_rows for part in score_customers(path, fit, weeks=39)), repeats)
    told("  streamed from the file, batch by batch, scan included", streamed)


def summary(rows: int, memory: str) -> None:
    """Time the summary of a log of purchases in processes of their own."""
    path = log_of(rows)
    for engine in ("duckdb", "polars"):
        command = [sys.executable, "-m", "benchmarks.customer_value", "--child", engine, "--log", str(path)]
        done = subprocess.run([*command, "--memory", memory], check=True, capture_output=True, text=True)
        seconds, wall, peak, repeats, customers = done.stdout.split()
        words = f"summary of {rows:,} purchases, {engine}"
        told(
            words,
            float(seconds),
            promise="promised 80 s, 4.5 GB at 100 million" if engine == "duckdb" else "",
        )
        print(f"  {float(wall):.1f} s wall, {float(peak):.2f} GB at most, {int(repeats):,} repeat purchases, "
              f"{int(customers):,} customers", flush=True)  # fmt: skip


def log_of(rows: int) -> Path:
    """Return the file of a log of purchases in the order of time, made once."""
    import duckdb

    from leal.simulate import large_purchases

    path = FOLDER / f"purchases_{rows}.parquet"
    if not path.exists():
        unordered = large_purchases(rows, FOLDER / "unordered.parquet")
        link = duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(FOLDER / "spill")})
        link.execute("SET enable_progress_bar = false")
        link.execute(
            f"COPY (SELECT customer, bought_at, amount FROM '{unordered}' ORDER BY bought_at)"
            f" TO '{path}' (COMPRESSION zstd)"
        )
        unordered.unlink()
    return path


def child(engine: str, log: Path, memory: str) -> None:
    """Summarise a log and print CPU time, wall time, peak memory and what was found."""
    import duckdb

    import leal

    source: object = log
    if engine == "duckdb":
        settings = {"threads": 1, "memory_limit": memory, "preserve_insertion_order": False}
        link = duckdb.connect(config={**settings, "temp_directory": str(FOLDER / "spill")})
        source = link.sql(f"SELECT * FROM '{log}'")
    cpu, wall = time.process_time(), time.perf_counter()
    found = leal.customer_summary(source)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(cpu, wall, peak_memory(), found["frequency"].sum(), found.height)


def peak_memory() -> float:
    """Return the peak memory of this process in GB; not that of its parent, which rusage passes on."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return float(line.split()[1]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def first_call(customers: pl.DataFrame) -> None:
    """Time the first fit and score of a new process, its import left out, with the compile cache warm."""
    path = FOLDER / "first.parquet"
    customers.write_parquet(path)
    command = [sys.executable, "-c", FIRST, str(path)]
    subprocess.run(command, check=True, capture_output=True)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told("first fit and score of a new process", float(done.stdout))


def main() -> None:
    """Print every figure beside what is promised of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=1_000_000, help="of the fits")
    parser.add_argument("--scored", type=int, default=10_000_000, help="customers scored; 0: none")
    parser.add_argument("--purchases", type=int, default=10_000_000, help="rows of the log; 0: none")
    parser.add_argument("--memory", default="3200MB", help="what DuckDB may hold in memory")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer", action="store_true", help="time lifetimes as well")
    parser.add_argument("--child", choices=["duckdb", "polars"])
    parser.add_argument("--log", type=Path)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.log, given.memory)
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(f"{'':<58}{'Leal':>12}{'lifetimes' if given.peer else '':>14}{'ratio' if given.peer else '':>10}")
    first_call(simulated(2357))
    for size in (2357, given.customers):
        fits(simulated(size), given.repeats, given.peer)
    if given.scored:
        scoring(given.scored, given.repeats)
    if given.purchases:
        summary(given.purchases, given.memory)


if __name__ == "__main__":
    main()
