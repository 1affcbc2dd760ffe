"""Small files that people write by hand, in TOML: read, or refused with one clear error."""

from __future__ import annotations

import tomllib
from pathlib import Path

from leal.errors import BadFile, Where
from leal.wording import Text


def read_toml(path: str | Path) -> dict[str, object]:
    """Read a TOML file.

    Raises
    ------
    BadFile
        There is no such file, or it is not TOML.
    """
    given = Path(path)
    try:
        return tomllib.loads(given.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise BadFile(
            Text("The file does not exist."),
            hint=Text("Check the spelling of the path."),
            where=Where(file=str(path)),
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFile(
            Text("The file is not valid TOML: {problem}", problem=str(error)),
            hint=Text('Texts stand in quotes, numbers and dates do not: owner = "Anna", date = 2026-09-01.'),
            where=Where(file=str(path)),
        ) from error
