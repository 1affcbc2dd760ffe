"""Which columns of a survey are items: questions on a common scale that may drive satisfaction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import narwhals as nw

from leal.engine import LazyFrame, collect
from leal.tables import ANSWERS

BLOCKS: dict[str, str] = {
    "image": r"image|imag\d|imag$|имидж|репутац",
    "expectations": r"expect|cuex|expe\d|expe$|ожидан",
    "quality": r"qualit|product|perq|qual\d|qual$|качеств|продукт",
    "service": r"servic|serv\d|serv$|сервис|обслуж",
    "value": r"value|perv|val\d|val$|ценност|цена_качеств",
    "satisfaction": r"satisf|cusa|sat\d|sat$|csat|удовлетвор",
    "complaints": r"complain|cusco|жалоб",
    "loyalty": r"loyal|cusl|loy\d|loy$|лояльн",
}
"""The blocks of an EPSI-type questionnaire and how their items are named: English, ECSI codes, Russian."""

TOPS = (5.0, 7.0, 10.0, 100.0)
"""The upper ends that rating scales have."""

USUAL = (1.0, 10.0)
"""The scale of Leal's questionnaires."""

_LEAST_SPAN = 2
_NO_ITEM = re.compile(
    r"(^|_)(id|age|year|years|count|number|duration|seconds|price|amount|возраст|сумма|дети)$"
    r"|^(unique|economic|emotional)[123]$"  # what loyalty rests on (ways_to_loyalty): no causes
    r"|nps_?group$|^(progress|status|finished|lastpage|seed)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of the survey that was answered on a scale.

    Attributes
    ----------
    name : str
        Its column.
    block : str or None
        The block of an EPSI-type questionnaire that its name tells, None where it tells none.
    low, high : float
        The ends of its scale (1 to 10, 0 to 10, 1 to 5, 1 to 7, 0 to 100), not of the answers given.
    n : int
        Answers that it has.
    """

    name: str
    block: str | None
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one pass over the answers tells of a column."""

    n: int
    least: float
    greatest: float
    broken: int


def find_items(answers: LazyFrame) -> tuple[Item, ...]:
    """Return the survey items among the columns of `answers`, in their order.

    An item is a numeric column outside the fixed vocabulary. It is one by its name (image1, quality_2, IMAG1,
    ожидания ...), or because its answers are whole, span more than yes and no, and end where most unnamed
    items end (5, 7 or 10). Columns without an answer, or with one value only, are no items.

    Parameters
    ----------
    answers : LazyFrame
        The table of answers.

    Returns
    -------
    tuple of Item
    """
    candidates = [name for name, kind in answers.collect_schema().items() if _may_be_item(name, kind)]
    if not candidates:
        return ()
    facts = _facts(answers, candidates)
    items = _on_scale_of_block([_item(n, facts[n]) for n in candidates if _is_rating(n, facts[n])])
    unnamed_tops = Counter(item.high for item in items if item.block is None)
    common = max(unnamed_tops, key=lambda top: (unnamed_tops[top], top), default=None)
    return tuple(item for item in items if item.block is not None or item.high == common)


def scale_of(answers: LazyFrame, name: str) -> Item | None:
    """Return a score with the ends of its scale, None where it has fewer than two values or fits no scale."""
    facts = _facts(answers, [name])[name]
    return _item(name, facts) if facts.n > 0 and 0 <= facts.least < facts.greatest <= TOPS[-1] else None


def common_scale(answers: LazyFrame, names: Sequence[str]) -> tuple[float, float]:
    """Return the ends of the scale that some items share: 1 to 10, unless the answers tell of another.

    Parameters
    ----------
    answers : LazyFrame
        The table of answers.
    names : sequence of str
        The items; words and empty columns among them tell nothing.
    """
    schema = answers.collect_schema()
    numbers = [name for name in names if schema[name].is_numeric()]
    facts = [one for one in _facts(answers, numbers).values() if one.n > 0] if numbers else []
    greatest = max((one.greatest for one in facts), default=USUAL[1])
    least = min((one.least for one in facts), default=USUAL[0])
    high = next((top for top in TOPS if greatest <= top), USUAL[1])
    return (0.0 if least < 1 or high == TOPS[-1] else 1.0), high


def block_of(name: str) -> str | None:
    """Return the block of an EPSI-type questionnaire that a column's name tells, None where it tells none."""
    lowered = name.lower()
    for block, pattern in BLOCKS.items():
        if re.match(pattern, lowered) or re.search(rf"[_ .]({pattern})", lowered):
            return block
    return None


def _may_be_item(name: str, kind: object) -> bool:
    is_number = isinstance(kind, nw.dtypes.DType) and kind.is_numeric()
    return is_number and name not in ANSWERS and not _NO_ITEM.search(name.lower())


def _facts(answers: LazyFrame, names: list[str]) -> dict[str, _Facts]:
    expressions = [expression for name in names for expression in _facts_of(name)]
    row = collect(answers.select(*names).select(*expressions)).row(0, named=True)
    return {
        name: _Facts(
            n=int(row[f"{name}|n"] or 0),
            least=_number(row[f"{name}|least"]),
            greatest=_number(row[f"{name}|greatest"]),
            broken=int(row[f"{name}|broken"] or 0),
        )
        for name in names
    }


def _facts_of(name: str) -> list[nw.Expr]:
    column = nw.col(name).cast(nw.Float64)
    return [
        column.count().alias(f"{name}|n"),
        column.min().alias(f"{name}|least"),
        column.max().alias(f"{name}|greatest"),
        (column != column.round(0)).cast(nw.Int64).sum().alias(f"{name}|broken"),
    ]


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _is_rating(name: str, facts: _Facts) -> bool:
    on_scale = facts.n > 0 and 0 <= facts.least < facts.greatest <= TOPS[-1]
    if not on_scale or block_of(name) is not None:
        return on_scale
    spread = facts.greatest - facts.least
    return facts.broken == 0 and facts.greatest <= 10 and spread >= _LEAST_SPAN


def _item(name: str, facts: _Facts) -> Item:
    high = next(top for top in TOPS if facts.greatest <= top)
    low = 0.0 if facts.least < 1 or high == TOPS[-1] else 1.0
    return Item(name=name, block=block_of(name), low=low, high=high, n=facts.n)


def _on_scale_of_block(items: list[Item]) -> list[Item]:
    """Give the items of a named block one scale: nobody used the top of one item, but it is still there."""
    tops: dict[str, float] = {}
    for item in items:
        if item.block is not None:
            tops[item.block] = max(item.high, tops.get(item.block, 0.0))
    return [item if item.block is None else replace(item, high=tops[item.block]) for item in items]
