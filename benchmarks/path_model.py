"""The path model: bootstrap, criteria, first call, moments of ten million answers; a peer in the same run.

    python -m benchmarks.path_model [--data FILE] [--rows 10000000] [--peer]

Without ``--data`` the answers are simulated: 250 rows, 24 items of 1 to 10 in the seven constructs of the
ECSI mobile-phone model. ``--data mobi.csv`` takes a file with those columns. ``--peer`` times plspm from PyPI
on the same answers: it is installed into a temporary environment, away from Leal's. All times are CPU time of
the process (user and system, all threads) unless said otherwise; linear algebra runs on one thread.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

FOLDER = Path("bench-data") / "path_model"
RESAMPLES = 5000
PATHS = {
    "Image": {},
    "Expectation": {"Image": 0.5},
    "Quality": {"Expectation": 0.55},
    "Value": {"Expectation": 0.05, "Quality": 0.55},
    "Satisfaction": {"Image": 0.18, "Expectation": 0.06, "Quality": 0.5, "Value": 0.2},
    "Complaints": {"Satisfaction": 0.53},
    "Loyalty": {"Image": 0.2, "Satisfaction": 0.48, "Complaints": 0.07},
}

FIRST_CALL = """
import sys, time
import leal, polars as pl
frame = pl.read_csv(sys.argv[1])
start, worked = time.perf_counter(), time.process_time()
leal.epsi("ecsi-mobile").fit(frame).bootstrap(5000, seed=1).paths
print(time.perf_counter() - start, time.process_time() - worked)
"""

PEER = """
import os, sys, warnings
warnings.filterwarnings("ignore")
import pandas as pd
from plspm.config import Config, Structure, MV
from plspm.mode import Mode
from plspm.plspm import Plspm
from plspm.scheme import Scheme
frame = pd.read_csv(sys.argv[1])
blocks = {"Image": "IMAG", "Expectation": "CUEX", "Quality": "PERQ", "Value": "PERV",
          "Satisfaction": "CUSA", "Complaints": "CUSCO", "Loyalty": "CUSL"}
lines = {"Expectation": ["Image"], "Quality": ["Expectation"], "Value": ["Expectation", "Quality"],
         "Satisfaction": ["Image", "Expectation", "Quality", "Value"], "Complaints": ["Satisfaction"],
         "Loyalty": ["Image", "Satisfaction", "Complaints"]}
def cpu():  # with the processes that plspm starts
    return sum(os.times()[:4])
def config():
    structure = Structure()
    for target, sources in lines.items():
        structure.add_path(sources, [target])
    made = Config(structure.path(), scaled=True)
    for name, prefix in blocks.items():
        made.add_lv(name, Mode.A, *[MV(c) for c in frame.columns if c.startswith(prefix)])
    return made
start = cpu()
Plspm(frame, config(), Scheme.PATH, 300, 1e-7)
one = cpu() - start
start = cpu()
Plspm(frame, config(), Scheme.PATH, 300, 1e-7, bootstrap=True, bootstrap_iterations=30, processes=1)
print(one, cpu() - start - one)
"""


def simulated(rows: int = 250, seed: int = 4) -> pl.DataFrame:
    """Return answers of the shape of the ECSI mobile-phone study, all made up."""
    import leal

    generator = np.random.default_rng(seed)
    latent: dict[str, np.ndarray] = {}
    for target, sources in PATHS.items():
        known = sum((weight * latent[source] for source, weight in sources.items()), np.zeros(rows))
        rest = np.sqrt(max(1 - float(np.var(known)), 0.1))
        latent[target] = known + rest * generator.normal(size=rows)
    columns = {}
    for construct in leal.epsi("ecsi-mobile").constructs:
        for item in construct.items:
            raw = 7.3 + 1.5 * (0.75 * latent[construct.name] + 0.66 * generator.normal(size=rows))
            columns[item] = np.clip(np.rint(raw), 1, 10).astype(np.int64)
    return pl.DataFrame(columns)


def best(run: Callable[[], object], repeats: int = 7) -> float:
    """Return the least CPU time of some runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def path_model(frame: pl.DataFrame) -> None:
    """Time the draws, the bootstrap with its intervals, and all criteria with theirs."""
    import leal
    from leal.path_model.estimation import Rules
    from leal.path_model.resampling import Answers, bootstrap_counts

    model = leal.epsi("ecsi-mobile")
    fit = model.fit(frame)
    fit.bootstrap(200, seed=0)
    answers = Answers.of(frame.select(model.items).to_numpy().astype(float), None)

    def draws() -> None:
        for counts in bootstrap_counts(answers.n, RESAMPLES, 1):
            answers.solve(counts, fit.structure, Rules())

    def whole() -> None:
        found = fit.bootstrap(RESAMPLES, seed=1)
        _ = (found.weights, found.loadings, found.paths, found.total_effects, found.r_squared, found.index)

    fit.assess(200)
    rows = (
        ("one estimation, moments included", lambda: model.fit(frame), None),
        (f"{RESAMPLES:,} draws: weights, loadings, paths, R2", draws, 0.040),
        (f"bootstrap({RESAMPLES}) with all percentile intervals", whole, 0.060),
        (f"all criteria from moments, {RESAMPLES:,} draws, intervals", lambda: fit.assess(RESAMPLES), 0.150),
    )
    for words, run, wanted in rows:
        told(words, best(run), wanted)


def told(words: str, seconds: float, wanted: float | None = None) -> None:
    """Print one figure, and the figure promised."""
    promise = "" if wanted is None else f"   (promised {1000 * wanted:,.0f} ms)"
    print(f"{words:<62} {1000 * seconds:10,.1f} ms{promise}", flush=True)


def first_call(data: Path) -> None:
    """Time the first call of a new process, its import left out, with the compile cache warm."""
    command = [sys.executable, "-c", FIRST_CALL, str(data)]
    subprocess.run(command, check=True, capture_output=True)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall, worked = (float(word) for word in done.stdout.split())
    told("first fit and bootstrap(5000) of a new process, wall", wall, 1.5)
    told("the same, CPU (wall depends on what runs beside it)", worked)


def peer(data: Path) -> None:
    """Time plspm for Python on the same answers, in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "-q", "plspm==0.5.7", "pandas<3", "setuptools<81"]
        done = subprocess.run(install, check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"plspm was not installed: {done.stderr.strip().splitlines()[-1:]}")
            return
        ran = subprocess.run([python, "-c", PEER, str(data)], check=False, capture_output=True, text=True)
        if ran.returncode:
            print(f"plspm did not run: {ran.stderr.strip().splitlines()[-1:]}")
            return
        one, thirty = (float(word) for word in ran.stdout.split()[-2:])
        told("plspm 0.5.7: one estimation", one)
        told("plspm 0.5.7: 5,000 resamples, extrapolated from 30", thirty / 30 * RESAMPLES)


def large(rows: int) -> None:
    """Time the moments of many answers: from Parquet beside its bare scan, by 1,000 groups, from memory."""
    import leal

    items = [f"item{place:02}" for place in range(24)]
    path = _large_file(rows, items)
    scan = walls(lambda: scan_of(path, items))
    told("bare scan of the same Parquet, PyArrow, 2 threads, wall", scan)
    told("moments from Parquet, wall", walls(lambda: leal.Moments.from_frame(path, items)), 3 * scan)
    grouped = walls(lambda: leal.Moments.from_frame(path, items, by="group"))
    told("moments of 1,000 groups from Parquet, wall", grouped, 9 * scan)
    peak("peak memory of the process so far")
    _from_memory(pl.read_parquet(path, columns=items), items)
    peak("peak memory of the process, the table in memory included")


def peak(words: str) -> None:
    """Print the most memory that this process has held."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
    print(f"{words:<62} {held:10.2f} GB   (promised 1.5 GB)", flush=True)


def _from_memory(frame: pl.DataFrame, items: list[str]) -> None:
    import leal

    leal.Moments.from_frame(frame.head(100_000), items)
    seconds = best(lambda: leal.Moments.from_frame(frame, items), 3)
    told(f"moments of {frame.height:,} x 24 from memory", seconds, 1.0)
    check_exact(frame.head(1_000_000), items)


def _large_file(rows: int, items: list[str]) -> Path:
    path = FOLDER / f"{rows}.parquet"
    if path.exists():
        return path
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    writer = None
    for block in range(-(-rows // 1_000_000)):
        generator = np.random.default_rng(block)
        size = min(1_000_000, rows - block * 1_000_000)
        columns = {item: generator.integers(1, 11, size, dtype=np.int8) for item in items}
        columns["group"] = generator.integers(0, 1000, size, dtype=np.int16)
        table = pl.DataFrame(columns).to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    return path


def check_exact(frame: pl.DataFrame, items: list[str]) -> None:
    """Hold the sums against whole numbers."""
    import leal

    values = frame.select(items).to_numpy().astype(np.int64)
    found = leal.Moments.from_frame(frame, items)
    upper = np.triu_indices(len(items))
    assert (found.products[0].astype(np.int64) == (values.T @ values)[upper]).all()


def scan_of(path: Path, items: list[str]) -> int:
    """Read all values of a Parquet file and do nothing with them."""
    from concurrent.futures import ThreadPoolExecutor

    import pyarrow.parquet as pq

    def read(group: int) -> int:
        with pq.ParquetFile(path) as file:
            parts = file.iter_batches(65_536, row_groups=[group], columns=items, use_threads=False)
            return sum(part.num_rows for part in parts)

    with ThreadPoolExecutor(2) as threads:
        return sum(threads.map(read, range(pq.read_metadata(path).num_row_groups)))


def walls(run: Callable[[], object], repeats: int = 3) -> float:
    """Return the least wall time of some runs, after one that is not counted."""
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print every figure beside what is promised of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a CSV file with the 24 items IMAG1 to CUSL3")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the large table; 0: none")
    parser.add_argument("--peer", action="store_true", help="time plspm from PyPI as well")
    given = parser.parse_args()
    data = given.data
    if data is None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        data = FOLDER / "simulated.csv"
        simulated().write_csv(data)
    frame = pl.read_csv(data)
    print(f"{frame.height} answers, 24 items, 7 constructs, 12 paths, path scheme: {data}")
    path_model(frame)
    first_call(data)
    if given.peer:
        peer(data)
    if given.rows:
        large(given.rows)


if __name__ == "__main__":
    main()
