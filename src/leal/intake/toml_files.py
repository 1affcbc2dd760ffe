"""Small files that people write by hand, in TOML: read, or refused with one clear error."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from leal.errors import BadFile, BadValue, LealError, Where
from leal.wording import Listing, Text


def read_toml(path: str | Path) -> dict[str, object]:
    """Read a TOML file.

    Raises
    ------
    BadFile
        There is no such file, or it is not TOML.
    """

    def refused(problem: str) -> LealError:
        return BadFile(
            Text("The file is not valid TOML: {problem}", problem=problem),
            hint=Text('Texts stand in quotes, numbers and dates do not: owner = "Anna", date = 2026-09-01.'),
            where=Where(file=str(path)),
        )

    return toml_or(path, refused)


def require_known(told: Mapping[str, object], known: Collection[str], file: str) -> None:
    """Raise where a file, or a table of it, says a name that is not known.

    Raises
    ------
    BadValue
        Names what may be said instead.
    """
    for name in told:
        if name not in known:
            raise BadValue(
                Text("The file says {name}, which is not known.", name=repr(name)),
                hint=Text("Choose one of: {allowed}.", allowed=Listing.of(sorted(known))),
                where=Where(file=file, column=name),
            )


def toml_or(path: str | Path, refused: Callable[[str], LealError]) -> dict[str, object]:
    """Read a TOML file; `refused` makes the error to be raised of what is wrong with it.

    Raises
    ------
    BadFile
        There is no such file.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise BadFile(
            Text("The file does not exist."),
            hint=Text("Check the spelling of the path."),
            where=Where(file=str(path)),
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refused(str(error)) from error
