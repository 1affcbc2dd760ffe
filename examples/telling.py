"""How the examples tell what they find: headings, sentences, small tables, pictures in a folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TextIO

import polars as pl

from leal.charts import Chart, to_png, to_svg
from leal.results import Note

_PICTURE = "  picture: "

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


@contextmanager
def page(folder: Path, name: str, title: str) -> Iterator[None]:
    """Print as usual, and write what was printed, with its pictures, as a page of your own: `name`.md."""
    told = StringIO()
    with redirect_stdout(_Both(sys.stdout, told)):
        yield
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text(f"# {title}\n\n{_as_page(told.getvalue())}", encoding="utf-8")
    print(f"\nAll this as a page: {path}")


class _Both(StringIO):
    """Text that goes to two places."""

    def __init__(self, *places: TextIO) -> None:
        super().__init__()
        self.places = places

    def write(self, words: str, /) -> int:
        """Write into each place."""
        for place in self.places:
            place.write(words)
        return len(words)


def _as_page(told: str) -> str:
    """Return printed parts as Markdown: headings, what was said, pictures."""
    parts = []
    for part in told.strip("\n").split("\n\n"):
        title, _, *lines = part.split("\n")
        words = [line for line in lines if not line.startswith(_PICTURE)]
        pictures = [Path(line.removeprefix(_PICTURE)).name for line in lines if line.startswith(_PICTURE)]
        shown = "".join(f"\n![{name}]({name})\n" for name in pictures)
        parts.append(f"## {title}\n```text\n" + "\n".join(words) + f"\n```\n{shown}")
    return "\n".join(parts)


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
    print(f"{_PICTURE}{path}")
    return path
