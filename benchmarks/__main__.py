"""Every benchmark in turn, at a size that a laptop does in minutes: python -m benchmarks."""

from __future__ import annotations

import subprocess
import sys

COMMANDS = (
    ("import of the package", "benchmarks.start", []),
    ("NPS by group against a bare GROUP BY", "benchmarks.nps_groups", ["--rows", "10000000"]),
    ("files read", "benchmarks.intake", []),
    ("the whole audit", "benchmarks.audit", ["--answers", "1000000", "--purchases", "5000000"]),
    ("path model", "benchmarks.path_model", []),
    ("customer value", "benchmarks.customer_value", []),
    ("Pareto/NBD", "benchmarks.pareto_nbd", []),
    ("lifetime value of a small base", "benchmarks.lifetime_value", []),
)


def main() -> None:
    for title, module, arguments in COMMANDS:
        print(f"\n== {title}: python -m {module} {' '.join(arguments)}".rstrip(), flush=True)
        done = subprocess.run([sys.executable, "-m", module, *arguments], check=False)
        if done.returncode:
            print(f"failed with {done.returncode}")


if __name__ == "__main__":
    main()
