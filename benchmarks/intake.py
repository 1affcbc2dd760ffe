"""Loading of CSV: 5 million purchases, 1 million answers and their customers, recognised and joined.

    python -m benchmarks.intake [purchases] [answers]

The files are made once in ``bench-data/intake``; the clock runs over `leal.load` alone, in this process.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

FOLDER = Path("bench-data") / "intake"


def make_files(folder: Path, purchases: int, answers: int, seed: int = 1) -> Path:
    """Write answers by mail, purchases by number and customers with both, as a Russian spreadsheet would."""
    place = folder / f"{purchases}_{answers}"
    if (place / "ready").exists():
        return place
    place.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    count = max(purchases // 10, 1)
    numbers = pl.Series("n", np.arange(count) + 1)
    customers = pl.DataFrame(
        {
            "customer": numbers.cast(pl.String).str.zfill(9),
            "email": "customer" + numbers.cast(pl.String) + "@example.com",
            "segment": pl.Series(random.choice(["Retail", "B2B", "Online"], count)),
        }
    )
    customers.write_csv(place / "customers.csv")
    days = pl.Series("d", random.integers(0, 730 * 86400, purchases))
    when = pl.DataFrame({"d": days}).select(
        (pl.datetime(2024, 1, 1) + pl.duration(seconds="d")).dt.strftime("%d.%m.%Y %H:%M:%S").alias("d")
    )
    pl.DataFrame(
        {
            "Номер заказа": np.arange(purchases) + 1,
            "Клиент": random.integers(1, count + 1, purchases),
            "Дата продажи": when["d"],
            "Сумма, руб.": pl.Series(np.round(random.lognormal(7, 1, purchases), 2))
            .cast(pl.String)
            .str.replace(".", ",", literal=True),
            "Магазин": random.choice(["Центр", "Север", "Юг"], purchases),
        }
    ).write_csv(place / "sales.csv", separator=";")
    asked = pl.Series("a", random.integers(0, 730 * 86400, answers))
    times = pl.DataFrame({"a": asked}).select(
        (pl.datetime(2024, 1, 1) + pl.duration(seconds="a")).dt.strftime("%Y-%m-%d %H:%M:%S").alias("a")
    )
    who = pl.Series("w", random.integers(1, count + 1, answers)).cast(pl.String)
    pl.DataFrame(
        {
            "Response ID": np.arange(answers) + 1,
            "Email": "Customer" + who + "@Example.com",
            "Submitted at": times["a"],
            "How likely are you to recommend us (0-10)?": random.integers(0, 11, answers),
            "Comment": random.choice(["", "fine", "slow delivery, again", "дорого"], answers),
        }
    ).write_csv(place / "answers.csv")
    (place / "ready").touch()
    return place


def measure(purchases: int = 5_000_000, answers: int = 1_000_000, folder: Path = FOLDER) -> dict[str, float]:
    """Load the files; return wall and CPU seconds and the peak of memory in GB."""
    import leal

    place = make_files(folder, purchases, answers)
    files = [place / name for name in ("answers.csv", "sales.csv", "customers.csv")]
    start, cpu = time.perf_counter(), time.process_time()
    loaded = leal.load(files)
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    accepted = {told.table: told.accepted for told in loaded.reconciliations}
    if accepted != {"answers": answers, "purchases": purchases, "customers": max(purchases // 10, 1)}:
        raise SystemExit(f"rows were lost: {accepted}")
    if loaded.joining.matched_share < 1:
        raise SystemExit(f"customers were lost: {loaded.joining}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"wall_s": wall, "cpu_s": used, "peak_gb": peak}


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    print(measure(*sizes))
