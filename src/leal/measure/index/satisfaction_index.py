"""The EPSI-type index: a path model from image and expectations to satisfaction and loyalty, 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping

from leal.errors import BadOption
from leal.measure.index.questionnaires import Template, questionnaire
from leal.path_model import Construct, PathModel


def epsi(template: Template = "epsi", items: Mapping[str, str] | None = None) -> PathModel:
    """Return the path model of an EPSI-type index, ready to fit on the answers to its questionnaire.

    Parameters
    ----------
    template : {"epsi", "ecsi-mobile", "acsi"}
        Which model; `questionnaire` has its questions.
    items : mapping or None
        Your columns for the template's items, as ``{"image1": "q7"}``; items not named keep their names, and
        an item mapped to an empty name is left out.

    Returns
    -------
    PathModel
        All blocks in Mode A.

    Raises
    ------
    BadOption
        There is no such template, or `items` names an item that the template lacks.

    References
    ----------
    Tenenhaus, M., Esposito Vinzi, V., Chatelin, Y.-M., Lauro, C. (2005). PLS path modeling. CSDA 48.
    Fornell, C., Johnson, M., Anderson, E., Cha, J., Bryant, B. (1996). The American Customer Satisfaction
    Index.

    Examples
    --------
    >>> epsi("acsi").names
    ('Expectations', 'Quality', 'Value', 'Satisfaction', 'Complaints', 'Loyalty')
    """
    form = questionnaire(template)
    columns = dict(items or {})
    for item in columns:
        if item not in form.items:
            raise BadOption("items", item, list(form.items))
    blocks: dict[str, list[str]] = {}
    for question in form.questions:
        column = columns.get(question.item, question.item)
        if column:
            blocks.setdefault(question.construct, []).append(column)
    constructs = [Construct(name, tuple(names)) for name, names in blocks.items()]
    paths = [path for path in form.paths if path[0] in blocks and path[1] in blocks]
    return PathModel(constructs=constructs, paths=paths)
