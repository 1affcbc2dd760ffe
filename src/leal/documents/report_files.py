"""A report as a file, its form by the suffix; or one clear error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from leal.errors import BadFile, BadOption, Where
from leal.wording import Text

SUFFIXES = (".html", ".xlsx", ".json")


def report_suffix(path: str | Path) -> str:
    """Return the suffix that says a report's form, or raise `BadOption`: asked before the work is begun."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise BadOption("out", str(path), [f"*{known}" for known in SUFFIXES])
    return suffix


def write_form(path: str | Path, forms: Mapping[str, Callable[[], str | bytes]]) -> Path:
    """Write the form of a report that the suffix of the path names, and return the path.

    Raises
    ------
    BadOption
        The suffix is none of a report's.
    BadFile
        The file cannot be written there.
    """
    target = Path(path)
    content = forms[report_suffix(target)]()
    try:
        target.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as problem:
        raise BadFile(
            Text("The report cannot be written: {reason}.", reason=problem.strerror or str(problem)),
            hint=Text("Choose a folder that exists and a file that no other program holds open."),
            where=Where(file=str(target)),
        ) from problem
    return target
