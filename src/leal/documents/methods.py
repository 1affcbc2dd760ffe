"""What each method does, in plain words: one click away from every figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leal.checks import Audit, Check
from leal.documents.methods_in_words import MEASURING, MethodNote
from leal.documents.methods_of_models import FORETELLING
from leal.results import Estimate
from leal.wording import Text

_NOTES = (*MEASURING, *FORETELLING)
_BY_CODE = {note.code: note for note in _NOTES}


def method_note(code: str) -> MethodNote:
    """Return the words of a method; a method without an entry keeps its stable name."""
    plain = Text("Calculated by the method of this name; the reference explains it.")
    return _BY_CODE.get(code, MethodNote(code=code, name=Text(code), words=plain))


def methods_of(estimates: Iterable[Estimate]) -> tuple[MethodNote, ...]:
    """Return the methods behind some figures, each once, in their order."""
    codes = dict.fromkeys(estimate.method for estimate in estimates if estimate.known)
    return tuple(method_note(code) for code in codes)


def estimates_of(check: Check) -> Iterator[Estimate]:
    """Yield every figure of a check that has an interval."""
    if check.money is not None:
        yield check.money
    yield from (named.value for named in check.estimates)


def methods_of_audit(audit: Audit) -> tuple[MethodNote, ...]:
    """Return the methods behind all figures of an audit."""
    figures = [figure for figure in (audit.headline, audit.yearly_money) if figure is not None]
    return methods_of([*figures, *(figure for check in audit.checks for figure in estimates_of(check))])
