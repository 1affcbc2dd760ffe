from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from leal.documents import write_questionnaire
from leal.errors import BadFile, BadOption
from leal.measure import item_columns, questionnaire
from leal.wording import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["epsi", "ecsi-mobile", "acsi"])
def test_a_questionnaire_is_ready_to_send(tmp_path: Path, template: str, language: str) -> None:
    form = questionnaire(template)  # type: ignore[arg-type]
    path = write_questionnaire(template, tmp_path / "form.xlsx", language)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(path)
    questions, answers, columns = book.worksheets
    asked = [str(cell.value) for cell in questions["B"] if cell.value]
    assert [question.wording.into(language) for question in form.questions] == asked[2:]  # type: ignore[arg-type]
    header = [str(cell.value) for cell in answers[1]]
    assert item_columns(header, template) == {item: item for item in form.items}  # type: ignore[arg-type]
    assert [cell.value for cell in columns["A"]][1 : len(form.items) + 1] == list(form.items)


def test_a_wrong_place_or_template_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadOption):
        write_questionnaire("epsi", tmp_path / "form.csv")
    with pytest.raises(BadOption):
        write_questionnaire("nps", tmp_path / "form.xlsx")  # type: ignore[arg-type]
    with pytest.raises(BadFile):
        write_questionnaire("epsi", tmp_path / "absent" / "form.xlsx")
