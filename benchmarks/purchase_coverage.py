"""How often the intervals of purchase models hold the truth, in simulated samples of few customers.

    python -m benchmarks.purchase_coverage [--samples 1000] [--customers 50 100 300]

The samples are those of `tests/predict/test_interval_coverage.py`, which holds them to 93 to 97 %. Printed
for each model and number of customers: the share of samples whose interval held the expected total (of
Gamma-Gamma the mean), and the least and greatest share of a single parameter. A quarter of an hour on one
core.
"""

from __future__ import annotations

import argparse
import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

from tests.predict.test_interval_coverage import shares_held  # noqa: E402

MODELS = {"bg": "BG/NBD", "mbg": "MBG/NBD", "pareto": "Pareto/NBD", "gamma_gamma": "Gamma-Gamma"}
WHOLE = ("total", "mean")
FIRST_SEED = 800_000


def main() -> None:
    """Print the shares of every model as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=1_000)
    parser.add_argument("--customers", type=int, nargs="+", default=[50, 100, 300])
    given = parser.parse_args()
    print("| model | customers | total, mean | single parameters |\n|---|---|---|---|", flush=True)
    for model, called in MODELS.items():
        for customers in given.customers:
            shares = shares_held(model, customers, range(FIRST_SEED, FIRST_SEED + given.samples))
            whole = next(shares.pop(one) for one in WHOLE if one in shares)
            single = f"{min(shares.values()):.3f} to {max(shares.values()):.3f}"
            print(f"| {called} | {customers} | {whole:.3f} | {single} |", flush=True)


if __name__ == "__main__":
    main()
