"""How the examples tell what they find: headings, sentences, small tables, pictures in a folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from leal.charts import Chart, to_png, to_svg
from leal.results import Note

CHARTS = Path("example-charts")
"""Where pictures go unless the user says otherwise."""


def arguments(given: Sequence[str] | None, *, about: str, source: str, meaning: str) -> argparse.Namespace:
    """Return what the user typed: where the data are, where the pictures go."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(source, type=Path, help=meaning)
    parser.add_argument(
        "--charts", type=Path, default=CHARTS, help="folder for pictures (default: %(default)s)"
    )
    return parser.parse_args(given)


def heading(words: str) -> None:
    """Print a heading."""
    print(f"\n{words}\n{'-' * len(words)}")


def say(*sentences: object) -> None:
    """Print sentences, one a line."""
    for sentence in sentences:
        print(sentence)


def notes(found: Iterable[Note]) -> None:
    """Print what a result says beside its figures."""
    for note in found:
        print(f"  - {note}")


def table(frame: pl.DataFrame, decimals: int = 1) -> None:
    """Print a small table, figures with so many decimals."""
    with pl.Config(
        tbl_formatting="ASCII_MARKDOWN",
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        tbl_rows=-1,
        tbl_cols=-1,
        tbl_width_chars=110,
        fmt_str_lengths=60,
        float_precision=decimals,
        tbl_cell_numeric_alignment="RIGHT",
    ):
        print(frame)


def picture(chart: Chart, folder: Path, name: str) -> Path:
    """Write a chart as SVG and PNG into a folder; return the path of the PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.svg").write_text(to_svg(chart), encoding="utf-8")
    path = folder / f"{name}.png"
    path.write_bytes(to_png(chart))
    print(f"  picture: {path}")
    return path
