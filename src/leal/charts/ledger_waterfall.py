"""From what actions promised, over what was noticed of them, to what was proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from leal.charts.equity_waterfall import waterfall
from leal.charts.rows import need, nothing
from leal.charts.style import DEFAULT, Style
from leal.errors import BadOption
from leal.wording import Text

if TYPE_CHECKING:
    from leal.charts.rendering import Chart

_STAGES = ("promised", "noticed", "proved")


def ledger_steps(frame: pl.DataFrame, style: Style = DEFAULT, *, currency: str | None = None) -> Chart:
    """Draw how much of what was promised was noticed, and how much of that was proved.

    Parameters
    ----------
    frame : DataFrame
        ``stage`` (``"promised"``, ``"noticed"``, ``"proved"``, one row each, and ``"harmed"`` where an action
        surely did harm) and ``estimate``; ``ci_low`` and ``ci_high`` draw the intervals of promise and proof.
    style : Style
        Language, theme and width.
    currency : str or None
        Currency of the amounts.
    """
    need(frame, ("stage", "estimate"), "ledger_steps")
    if frame.is_empty():
        return nothing(style, Text("Nothing has been promised yet."))
    rows = {row["stage"]: row for row in frame.iter_rows(named=True)}
    absent = [stage for stage in _STAGES if stage not in rows]
    if absent:
        raise BadOption("stage", absent[0], sorted(rows))
    promised, noticed, proved = (float(rows[stage]["estimate"] or 0.0) for stage in _STAGES)
    lost = noticed - promised
    rest = proved - noticed
    between = Text("noticed, but not proved") if rest <= 0 else Text("proved beyond what was noticed")
    steps = [
        _step(Text("Promised"), promised, "total", rows["promised"], style),
        _step(Text("not noticed"), lost, "step", {}, style),
        _step(between, rest, "step", {}, style),
        _step(Text("Proved"), proved, "total", rows["proved"], style),
    ]
    if "harmed" in rows:
        harm = float(rows["harmed"]["estimate"])
        steps += [
            _step(Text("did harm"), harm, "step", {}, style),
            _step(Text("Proved, less harm"), proved + harm, "total", {}, style),
        ]
    kinds = dict.fromkeys(("estimate", "ci_low", "ci_high"), pl.Float64)
    table = pl.DataFrame(steps, schema={"name": pl.String, "kind": pl.String, **kinds})
    return waterfall(table, style, currency=currency)


def _step(name: Text, value: float, kind: str, row: dict[str, object], style: Style) -> dict[str, object]:
    return {
        "name": name.into(style.language),
        "kind": kind,
        "estimate": value,
        "ci_low": row.get("ci_low"),
        "ci_high": row.get("ci_high"),
    }
