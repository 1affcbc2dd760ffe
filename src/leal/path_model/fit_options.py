"""How a path model was fitted."""

from __future__ import annotations

from dataclasses import dataclass, field

from leal.errors import BadOption, BadValue
from leal.path_model.estimation import Rules
from leal.path_model.index import Definition, refuse_unknown_definition
from leal.path_model.moments import MISSING, Missing
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class FitOptions:
    """How a path model was fitted; see `PathModel.fit`."""

    weight: str | None = None
    missing: Missing = "casewise"
    consistent: bool = False
    index: Definition = "B"
    scale: tuple[float, float] = (1.0, 10.0)
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        if self.missing not in MISSING:
            raise BadOption("missing", self.missing, list(MISSING))
        refuse_unknown_definition(self.index)
        if not self.scale[0] < self.scale[1]:
            raise BadOption("scale", self.scale, [Text("two numbers, the lower first, as (1, 10)")])
        if self.consistent and self.rules.metric == "raw":
            raise BadValue(
                Text("Consistent PLS is defined on standardised answers, not on the raw metric."),
                hint=Text("Choose consistent=True or metric='raw', not both."),
            )
