"""The names of items as a reader knows them: "Range of products and services" for the column ``PERQ5``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leal.measure.index.item_columns import item_columns, template_held
from leal.measure.index.questionnaires import Template, questionnaire
from leal.results import Note
from leal.wording import Listing, Text


def item_names(
    columns: Iterable[str],
    template: Template | None = None,
    items: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return what each column asks for in a few words, where it is known.

    Parameters
    ----------
    columns : iterable of str
        Columns of the answers.
    template : {"epsi", "ecsi-mobile", "acsi"} or None
        The questionnaire; by default the one whose items the columns hold, if they hold one.
    items : mapping or None
        Your columns for the template's items, as ``{"image1": "q7"}``, beside those recognised.
    names : mapping or None
        Names of your own, by column or by item; they come first.

    Returns
    -------
    dict
        By column its name: words of Leal (`leal.wording.Text`, which speak Russian, too) or your own. Columns
        of which nothing is known are left out.

    Examples
    --------
    >>> item_names(["PERQ5", "shop"], "ecsi-mobile", names={"shop": "Shop in town"})
    {'PERQ5': 'Range of products and services', 'shop': 'Shop in town'}
    """
    present = list(columns)
    held = template_held(present) if template is None else None
    chosen = template or (held[0] if held else None)
    told: dict[str, str] = {}
    own = dict(names or {})
    if chosen is not None:
        places = item_columns(present, chosen) | dict(items or {})
        for question in questionnaire(chosen).questions:
            column = places.get(question.item)
            if column in present:
                told[column] = own.get(question.item, question.name)
    return told | {column: name for column, name in own.items() if column in present}


def with_item_names(notes: Iterable[Note], names: Mapping[str, str]) -> tuple[Note, ...]:
    """Return notes in which the items that they list are called by their names, the column in brackets."""
    return tuple(Note(code=note.code, text=_in_words(note.text, names)) for note in notes)


def _in_words(text: Text, names: Mapping[str, str]) -> Text:
    values = getattr(text, "values", {})
    listed = {name: value for name, value in values.items() if isinstance(value, Listing)}
    if not any(_parts(item) & names.keys() for listing in listed.values() for item in listing.items):
        return text
    told = {name: Listing.of(_called(item, names) for item in value.items) for name, value in listed.items()}
    return Text(text.message, **(values | told))


def _parts(item: object) -> set[str]:
    """Return the columns that an entry of a listing names: one, or two that are alike (``a = b``)."""
    return set(item.split(" = ")) if isinstance(item, str) else set()


def _called(item: object, names: Mapping[str, str]) -> object:
    if not _parts(item) & names.keys():
        return item
    parts = [
        Text("{name} ({column})", name=names[part], column=part) if part in names else part
        for part in str(item).split(" = ")
    ]
    return parts[0] if len(parts) == 1 else Text("{one} = {other}", one=parts[0], other=parts[1])
