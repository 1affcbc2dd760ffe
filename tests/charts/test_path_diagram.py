"""The diagram of a path model: causes before effects, no arrow through a box, figures in the boxes."""

from __future__ import annotations

import polars as pl
import pytest
from tests.charts.samples import CONSTRUCTS, PATHS

from leal.charts import Style, path_diagram, to_svg
from leal.charts.path_layout import Sheet, depths, lay_boxes
from leal.errors import BadValue

ECSI = ((0, 1), (1, 2), (1, 3), (2, 3), (0, 4), (1, 4), (2, 4), (3, 4), (4, 5), (0, 6), (4, 6), (5, 6))
SHEET = Sheet(width=720, height=420, box=(132, 58), gap=(60, 42), downwards=False)


def through(a: tuple[float, float], b: tuple[float, float], box: tuple[float, float], sheet: Sheet) -> bool:
    """Whether the line from a to b passes through a box, by trying points along it."""
    for step in range(201):
        x = a[0] + (b[0] - a[0]) * step / 200
        y = a[1] + (b[1] - a[1]) * step / 200
        if abs(x - box[0]) < sheet.box[0] / 2 and abs(y - box[1]) < sheet.box[1] / 2:
            return True
    return False


def test_boxes_stand_apart_and_no_arrow_passes_through_one() -> None:
    middles = [(float(x), float(y)) for x, y in lay_boxes(7, ECSI, SHEET)]
    for i, one in enumerate(middles):
        for other in middles[:i]:
            assert abs(one[0] - other[0]) >= 132 or abs(one[1] - other[1]) >= 58
    for source, target in ECSI:
        assert middles[source][0] <= middles[target][0] + 1, "causes stand left of effects"
        for box in set(range(7)) - {source, target}:
            assert not through(middles[source], middles[target], middles[box], SHEET)


def test_the_same_model_gets_the_same_picture() -> None:
    assert depths(7, ECSI) == [0, 1, 2, 3, 4, 5, 6]
    assert (lay_boxes(7, ECSI, SHEET) == lay_boxes.__wrapped__(7, ECSI, SHEET)).all()


def test_boxes_hold_index_and_explained_variance_and_arrows_their_effect() -> None:
    svg = to_svg(path_diagram(CONSTRUCTS, PATHS, Style(width=720, language="ru")))
    for words in ("Удовлетворённость", "72,5", "R²\u00a00,68", "0,51", "−0,19"):
        assert words in svg
    plain = to_svg(path_diagram(CONSTRUCTS.select("name"), PATHS.select("source", "target", "estimate")))
    assert "R²" not in plain


def test_a_path_to_nowhere_is_told() -> None:
    with pytest.raises(BadValue, match="Trust"):
        path_diagram(CONSTRUCTS, PATHS.with_columns(target=pl.lit("Trust")))
