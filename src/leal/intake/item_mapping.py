"""Which columns of a survey file hold the items of an index: the mapping that a person writes.

Either TOML:

    template = "epsi"          # or: model = "Image =~ i1 + i2 ..." for a model of your own
    by = "brand"               # groups to compare
    weight = "w"
    recommend = "Q10"
    scale = [1, 10]
    bands = [60, 75]           # where the middle band of the index begins and ends

    [items]
    image1 = "Q1_1"
    image2 = "Q1_2"

    [names]                    # how items are called in tables and pictures; by column or by item
    image1 = "Keeps its word"

or the questionnaire workbook of Leal with the sheet of columns filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from leal.errors import BadFile, Where
from leal.intake.column_mapping import BadMapping, mapping_toml
from leal.intake.raw import read_raw
from leal.wording import Listing, Text

_WORDS = ("template", "model", "by", "weight", "recommend")
_KEYS = (*_WORDS, "scale", "bands", "items", "names")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMapping:
    """What a person says of the columns of a survey with the items of an index.

    Attributes
    ----------
    template : str or None
        Name of the template whose items `items` are.
    items : mapping of str to str
        By item the column of the file; an empty name leaves the item out.
    model : str or None
        A model in words, instead of a template; its items are columns themselves.
    by, weight, recommend : str or None
        Columns of the groups, the sampling weight, the likelihood to recommend.
    scale : (float, float) or None
        Lowest and highest possible answer.
    bands : (float, float) or None
        Where the middle band of the index begins and ends.
    names : mapping of str to str
        What items are called in tables and pictures, by column or by item.
    """

    template: str | None = None
    items: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    by: str | None = None
    weight: str | None = None
    recommend: str | None = None
    scale: tuple[float, float] | None = None
    bands: tuple[float, float] | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def read_item_mapping(path: str | Path) -> ItemMapping:
    """Read a mapping of items: TOML, or the questionnaire workbook with its sheet of columns filled in.

    Raises
    ------
    BadFile
        There is no such file, or the workbook has no sheet with the columns ``item`` and ``column``.
    BadMapping
        The TOML is not valid, or says something that Leal does not know.
    """
    path = Path(path)
    if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        return ItemMapping(items=_filled_in(path))
    return _checked(mapping_toml(path), str(path))


def _filled_in(path: Path) -> dict[str, str]:
    raw = read_raw(path, likeness=lambda columns, _: float({"item", "column"} <= set(columns)))
    if not {"item", "column"} <= set(raw.columns):
        raise BadFile(
            Text("The workbook has no sheet with the columns item and column."),
            hint=Text("Fill in the last sheet of the questionnaire that Leal writes."),
            where=Where(file=path.name),
        )
    rows = raw.frame.select("item", "column").drop_nulls().iter_rows()
    return {item.strip(): column.strip() for item, column in rows if column.strip()}


def _checked(told: Mapping[str, object], file: str) -> ItemMapping:
    unknown = [key for key in told if key not in _KEYS]
    if unknown:
        raise _wrong(Text("The mapping says {name}, which is not known.", name=repr(unknown[0])), _KEYS, file)
    for key in _WORDS:
        if not isinstance(told.get(key), str | None):
            raise _wrong(Text("{name} must be a text in quotes.", name=key), [f'{key} = "..."'], file)
    items = told.get("items", {})
    if not isinstance(items, dict) or not all(isinstance(column, str) for column in items.values()):
        raise _wrong(Text("The items must be names of columns."), ['image1 = "Q1"'], file)
    names = told.get("names", {})
    if not isinstance(names, dict) or not all(isinstance(words, str) and words for words in names.values()):
        raise _wrong(Text("The names of items must be words in quotes."), ['image1 = "Keeps its word"'], file)
    scale, bands = told.get("scale"), told.get("bands")
    if scale is not None and not _two_numbers(scale):
        raise _wrong(Text("The scale must be two numbers, the lower first."), ["scale = [1, 10]"], file)
    if bands is not None and not _two_numbers(bands):
        raise _wrong(Text("The bands must be two numbers, the lower first."), ["bands = [60, 75]"], file)
    words = {key: told[key] for key in _WORDS if key in told}
    return ItemMapping(items=items, scale=_pair(scale), bands=_pair(bands), names=names, **words)  # type: ignore[arg-type]


def _two_numbers(told: object) -> bool:
    return isinstance(told, list) and len(told) == 2 and all(isinstance(end, int | float) for end in told)


def _pair(told: object) -> tuple[float, float] | None:
    return (float(told[0]), float(told[1])) if isinstance(told, list) else None


def _wrong(message: Text, known: Sequence[str], file: str) -> BadMapping:
    return BadMapping(
        message, hint=Text("Choose one of: {allowed}.", allowed=Listing.of(known)), where=Where(file=file)
    )
