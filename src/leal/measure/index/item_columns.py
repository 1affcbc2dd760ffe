"""Which columns of a table hold the items of a template: by their names, or by the question's wording."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import get_args

from leal.measure.index.questionnaires import Template, questionnaire
from leal.path_model import PathModel
from leal.wording import LANGUAGES

LEAST_SHARE = 0.6
"""Share of a template's items from which a table is taken for answers to it."""

_SIGNS = re.compile(r"[\W_]+")


def item_columns(columns: Iterable[str], template: Template = "epsi") -> dict[str, str]:
    """Return which column holds each item of a template; items that no column holds are left out.

    Parameters
    ----------
    columns : iterable of str
        Columns of the answers. An item is found under its name (``image1``, however written) or under its
        wording in English or Russian, as survey tools head their columns.
    template : {"epsi", "ecsi-mobile", "acsi"}
        The template.

    Returns
    -------
    dict
        By item its column, ready for ``leal.epsi(template, items=...)``.

    Examples
    --------
    >>> item_columns(["Image 1", "SATISFACTION1", "The company is well spoken of."])
    {'image1': 'Image 1', 'image2': 'The company is well spoken of.', 'satisfaction1': 'SATISFACTION1'}
    """
    present = {_plain(column): column for column in reversed(list(columns))}
    found = {}
    for question in questionnaire(template).questions:
        spellings = [question.item, *(question.wording.into(language) for language in LANGUAGES)]
        column = next((present[key] for key in map(_plain, spellings) if key in present), None)
        if column is not None:
            found[question.item] = column
    return found


def template_held(columns: Iterable[str]) -> tuple[Template, PathModel] | None:
    """Return the template whose items a table holds, and its model on the columns; None where it holds none.

    A template is held where at least 60 % of its items are there, among them those of satisfaction and at
    least two constructs that lead to it. Of several the one with most items is taken.
    """
    from leal.measure.index.satisfaction_index import epsi

    names = list(columns)
    held = []
    for template in get_args(Template):
        form = questionnaire(template)
        found = item_columns(names, template)
        blocks = {question.construct for question in form.questions if question.item in found}
        causes = {source for source, target in form.paths if target == "Satisfaction"} & blocks
        if len(found) >= LEAST_SHARE * len(form.items) and "Satisfaction" in blocks and len(causes) > 1:
            held.append((len(found), template, found, form.items))
    if not held:
        return None
    _, best, found, items = max(held, key=lambda entry: entry[0])
    return best, epsi(best, {item: found.get(item, "") for item in items})


def _plain(name: str) -> str:
    return _SIGNS.sub("", name).lower()
