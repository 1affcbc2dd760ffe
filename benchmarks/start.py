"""CPU seconds to import the package, and to have its first score: medians of fresh processes.

python -m benchmarks.start
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

PROGRAMS = {
    "python alone": "pass",
    "import leal": "import leal",
    "import leal; leal.nps": "import leal; leal.nps",
    "first score": "import leal, polars as pl; leal.nps(pl.DataFrame({'recommend': [9, 3, 8]}))",
}
RUNS = 7


def cpu_seconds(program: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    for name, program in PROGRAMS.items():
        times = [cpu_seconds(program) for _ in range(RUNS)]
        print(f"{name:24} {statistics.median(times):.2f} s CPU")


if __name__ == "__main__":
    main()
