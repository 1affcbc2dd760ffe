"""p values as they are written."""

from __future__ import annotations

from dataclasses import dataclass

from leal.wording import Decimal, Language

_LEAST = 0.001


@dataclass(frozen=True, slots=True)
class PValue:
    """A p value with its sign: ``= 0.012``, or ``< 0.001`` where it is smaller."""

    value: float

    def into(self, language: Language) -> str:
        """Return the p value as written in `language`."""
        if self.value < _LEAST:
            return f"< {Decimal(_LEAST, 3).into(language)}"
        return f"= {Decimal(self.value, 3).into(language)}"
