"""What leads to what, how strongly, and how much of each construct is explained."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.charts.path_layout import Sheet, depths, lay_boxes
from leal.charts.rows import need, nothing, say
from leal.charts.style import DEFAULT, Style
from leal.charts.theme import SMALL, dress, palette
from leal.errors import BadValue, Where
from leal.wording import Decimal, Text, plural

if TYPE_CHECKING:
    import altair as alt

    from leal.charts.rendering import Chart

Floats = NDArray[np.float64]

_HEAD = 9.0
_LABEL = (40.0, 17.0)
_TYPE = 12.5
_LETTER = 0.58


def path_diagram(constructs: pl.DataFrame, paths: pl.DataFrame, style: Style = DEFAULT) -> Chart:
    """Draw a path model: a box a construct, an arrow a path, with its coefficient.

    Parameters
    ----------
    constructs : DataFrame
        Column ``name``; ``r_squared`` (a fraction, null where no path leads to it) and ``index`` (0 to 100)
        are written into the box where present.
    paths : DataFrame
        Columns ``source``, ``target`` (names of constructs), ``estimate``; with ``ci_low`` and ``ci_high``
        a path whose interval holds zero is drawn dashed and pale.
    style : Style
        Language, theme and width; on a phone causes stand above effects.

    Notes
    -----
    The width of an arrow grows with the size of its effect; a negative effect has the colour of detractors.
    """
    import altair as alt

    need(constructs, ("name",), "path_diagram")
    need(paths, ("source", "target", "estimate"), "path_diagram")
    if constructs.is_empty() or paths.is_empty():
        return nothing(style)
    drawing = _Drawing.of(constructs, paths, style)
    marks = [*_arrows(drawing, style), *_boxes(drawing, constructs, style), *_labels(drawing, style)]
    layered = alt.layer(*marks).properties(width=drawing.sheet.width, height=drawing.sheet.height)
    return dress(layered, style, _description(constructs.height))


def _description(count: int) -> Text:
    return plural("Path diagram of {count} construct", "Path diagram of {count} constructs", count)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawing:
    """Boxes and arrows with their places."""

    sheet: Sheet
    middles: Floats
    arrows: list[tuple[int, int]]
    estimates: list[float]
    certain: list[bool]

    @classmethod
    def of(cls, constructs: pl.DataFrame, paths: pl.DataFrame, style: Style) -> _Drawing:
        names = constructs["name"].to_list()
        arrows = [(_place(s, names), _place(t, names)) for s, t in paths.select("source", "target").rows()]
        sheet = _sheet(len(names), arrows, style)
        middles = lay_boxes(len(names), tuple(arrows), sheet)
        return cls(
            sheet=replace(sheet, height=math.ceil(middles[:, 1].max() + sheet.box[1] / 2)),
            middles=middles,
            arrows=arrows,
            estimates=[float(value) for value in paths["estimate"]],
            certain=_certain(paths),
        )

    def ends(self, place: int) -> tuple[Floats, Floats]:
        """Return where an arrow leaves its box and where its tip touches the other."""
        source, target = self.arrows[place]
        a, b = self.middles[source], self.middles[target]
        return _border(a, b, self.sheet, 0), _border(b, a, self.sheet, 3)


def _place(name: str, names: list[str]) -> int:
    if name not in names:
        raise BadValue(
            Text("A path names {name}, which no items measure.", name=repr(name)),
            hint=Text("Measured constructs are: {names}.", names=", ".join(names)),
            where=Where(column="source"),
        )
    return names.index(name)


def _certain(paths: pl.DataFrame) -> list[bool]:
    if not {"ci_low", "ci_high"} <= set(paths.columns):
        return [True] * paths.height
    return [
        low is None or high is None or low > 0 or high < 0
        for low, high in paths.select("ci_low", "ci_high").rows()
    ]


def _sheet(count: int, arrows: list[tuple[int, int]], style: Style) -> Sheet:
    longest = max(depths(count, arrows)) + 1
    if style.narrow:
        rows = max(longest, -(-count // 2))
        box = (112.0, 54.0)
        height = rows * (box[1] + 44)
        return Sheet(width=style.width, height=height, box=box, gap=(30, 40), downwards=True)
    box = (min(132.0, style.width / 4.8), 58.0)
    across = max(1, int((style.width - box[0]) / (box[0] + 60)) + 1)
    rows = max(2, -(-count // max(across - 1, 1)) + (1 if count > 5 else 0))
    height = rows * (box[1] + 54) - 20
    return Sheet(width=style.width, height=height, box=box, gap=(60, 42), downwards=False)


def _border(inside: Floats, outside: Floats, sheet: Sheet, room: float) -> Floats:
    """Return where the line from the middle of a box towards a point leaves the box."""
    along = outside - inside
    half = np.array(sheet.box) / 2 + room
    with np.errstate(divide="ignore"):
        share = float(np.min(np.where(along == 0, np.inf, half / np.abs(along))))
    return np.asarray(inside + along * min(share, 1.0))


def _scales(sheet: Sheet) -> tuple[Any, Any]:
    import altair as alt

    return (
        alt.Scale(domain=[0, sheet.width], range=[0, sheet.width], nice=False, zero=False),
        alt.Scale(domain=[0, sheet.height], range=[0, sheet.height], nice=False, zero=False),
    )


def _at(sheet: Sheet, x: str = "x", y: str = "y") -> dict[str, Any]:
    import altair as alt

    across, down = _scales(sheet)
    return {"x": alt.X(f"{x}:Q", scale=across, axis=None), "y": alt.Y(f"{y}:Q", scale=down, axis=None)}


def _colour(drawing: _Drawing, place: int, style: Style) -> str:
    colours = palette(style.theme)
    if not drawing.certain[place]:
        return colours.muted
    return colours.detractor if drawing.estimates[place] < 0 else colours.accent


def _arrows(drawing: _Drawing, style: Style) -> list[alt.Chart]:
    import altair as alt

    lines, heads = [], []
    for place, estimate in enumerate(drawing.estimates):
        start, tip = drawing.ends(place)
        along = tip - start
        length = max(float(np.hypot(*along)), 1e-9)
        stop = tip - along / length * _HEAD * 0.8
        colour = _colour(drawing, place, style)
        width = 1.2 + 5 * min(abs(estimate), 1.0) if drawing.certain[place] else 1.2
        angle = float(np.degrees(np.arctan2(along[1], along[0]))) + 90
        lines.append(
            {"x": start[0], "y": start[1], "x2": stop[0], "y2": stop[1], "colour": colour, "width": width}
            | {"dash": not drawing.certain[place]}
        )
        middle = tip - along / length * _HEAD / 2
        size = (_HEAD + 0.8 * width) ** 2 * 0.55
        heads.append({"x": middle[0], "y": middle[1], "angle": angle, "colour": colour, "size": size})
    base = alt.Chart(pl.DataFrame(lines)).mark_rule(strokeCap="butt", opacity=0.85)
    rules = base.encode(
        **_at(drawing.sheet),
        x2="x2:Q",
        y2="y2:Q",
        color=alt.Color("colour:N", scale=None, legend=None),
        strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
        strokeDash=alt.condition("datum.dash", alt.value([4, 3]), alt.value([1, 0])),
    )
    points = alt.Chart(pl.DataFrame(heads)).mark_point(shape="triangle", filled=True, opacity=1)
    tips = points.encode(
        **_at(drawing.sheet),
        angle=alt.Angle("angle:Q", scale=None),
        color=alt.Color("colour:N", scale=None, legend=None),
        size=alt.Size("size:Q", scale=None, legend=None),
    )
    return [rules, tips]


def _boxes(drawing: _Drawing, constructs: pl.DataFrame, style: Style) -> list[alt.Chart]:
    import altair as alt

    colours, sheet = palette(style.theme), drawing.sheet
    wide, tall = sheet.box
    rows = []
    for (x, y), row in zip(drawing.middles, constructs.iter_rows(named=True), strict=True):
        figures = _figures(row, style)
        name, size = _fitted(say(row["name"], style), wide - 12)
        lift = 9 if figures else 0
        rows.append(
            {"x": x, "y": y, "left": x - wide / 2, "right": x + wide / 2}
            | {"top": y - tall / 2, "bottom": y + tall / 2, "name": name, "figures": figures}
            | {"name_y": y - lift - (7 if "\n" in name else 0), "size": size}
            | {"figures_y": y + (18 if "\n" in name else 11)}
        )
    base = alt.Chart(pl.DataFrame(rows))
    box = base.mark_rect(cornerRadius=7, strokeWidth=1.2).encode(
        **_at(sheet, "left", "top"),
        x2="right:Q",
        y2="bottom:Q",
        color=alt.ColorValue(colours.soft),
        stroke=alt.StrokeValue(colours.muted),
    )
    bold = base.mark_text(align="center", baseline="middle", lineBreak="\n", lineHeight=14, fontWeight=600)
    name = bold.encode(
        **_at(sheet, "x", "name_y"),
        text="name:N",
        size=alt.Size("size:Q", scale=None, legend=None),
        color=alt.ColorValue(colours.ink),
    )
    quiet = base.mark_text(align="center", baseline="middle", fontSize=11 if style.narrow else SMALL)
    figures = quiet.encode(
        **_at(sheet, "x", "figures_y"), text="figures:N", color=alt.ColorValue(colours.muted)
    )
    return [box, name, figures]


def _fitted(name: str, width: float) -> tuple[str, float]:
    """Return a name in at most two lines, and the size of type in which its longest line fits."""
    letters = max(8, int(width / (_LETTER * _TYPE)))
    lines = textwrap.wrap(name, letters, max_lines=2, placeholder="…", break_long_words=False) or [name]
    if "…" in lines:
        lines = textwrap.wrap(name, letters, max_lines=2, placeholder="…")
    longest = max(len(line) for line in lines)
    return "\n".join(lines), min(_TYPE, width / (_LETTER * longest))


def _figures(row: dict[str, Any], style: Style) -> str:
    """Return the quiet line of a box: its index and its explained variance."""
    told = []
    if row.get("index") is not None:
        told.append(Decimal(row["index"], 1).into(style.language))
    if row.get("r_squared") is not None:
        told.append(f"R²\u00a0{Decimal(row['r_squared'], 2).into(style.language)}")
    return "  ·  ".join(told)


def _labels(drawing: _Drawing, style: Style) -> list[alt.Chart]:
    """Return the coefficients, each on its arrow where it is least in the way, over a patch of paper."""
    import altair as alt

    taken: list[Floats] = []
    rows = []
    order = sorted(range(len(drawing.arrows)), key=lambda place: _length(drawing, place))
    for place in order:
        point = _free_point(drawing, place, taken)
        taken.append(point)
        words = Decimal(drawing.estimates[place], 2).into(style.language)
        certain = drawing.certain[place]
        rows.append({"x": point[0], "y": point[1], "words": words, "certain": certain})
    colours, sheet = palette(style.theme), drawing.sheet
    text = alt.Chart(pl.DataFrame(rows)).mark_text(
        align="center", baseline="middle", fontSize=SMALL, strokeJoin="round"
    )
    words_ = text.encode(
        **_at(sheet),
        text="words:N",
        color=alt.condition("datum.certain", alt.value(colours.ink), alt.value(colours.muted)),
    )
    paper = text.encode(
        **_at(sheet),
        text="words:N",
        color=alt.ColorValue(colours.paper),
        stroke=alt.StrokeValue(colours.paper),
        strokeWidth=alt.StrokeWidthValue(6),
    )
    return [paper, words_]


def _length(drawing: _Drawing, place: int) -> float:
    start, tip = drawing.ends(place)
    return float(np.hypot(*(tip - start)))


def _free_point(drawing: _Drawing, place: int, taken: list[Floats]) -> Floats:
    start, tip = drawing.ends(place)
    others = [drawing.ends(other) for other in range(len(drawing.arrows)) if other != place]
    best, least = start, np.inf
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74):
        point = start + share * (tip - start)
        cost = abs(share - 0.5) * 2
        cost += sum(10 for other in taken if np.all(np.abs(point - other) < _LABEL))
        cost += sum(4 for a, b in others if _distance(point, a, b) < 11)
        half = np.array(drawing.sheet.box) / 2 + np.array(_LABEL) / 2
        cost += sum(20 for middle in drawing.middles if np.all(np.abs(point - middle) < half))
        if cost < least:
            best, least = point, cost
    return np.asarray(best)


def _distance(point: Floats, a: Floats, b: Floats) -> float:
    along = b - a
    share = float(np.clip(((point - a) @ along) / max(float(along @ along), 1e-9), 0, 1))
    return float(np.hypot(*(point - a - share * along)))
