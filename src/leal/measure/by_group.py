"""Results of several groups: a mapping from the group to its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from leal.results import Estimate, to_plain
from leal.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Measure, Style

Key: TypeAlias = Any
"""Value of the grouping column, or the tuple of values of several; None where a row has none."""

NAMED = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Estimate):
    """A score of customers' answers: an estimate that charts know how to write."""

    @property
    def measure(self) -> Measure:
        """How charts write the figure."""
        return "number"


Result = TypeVar("Result", bound=Score, covariant=True)


@dataclass(frozen=True, slots=True)
class ByGroup(Mapping[Key, Result], Generic[Result]):
    """The result of each group, in the order of the groups.

    Attributes
    ----------
    by : tuple of str
        The grouping columns.
    total : Estimate
        The result of all groups together.
    results : dict
        The result of each group. The key is the value of the grouping column, a tuple for several columns,
        None (in a tuple too) where rows have no value.
    """

    by: tuple[str, ...]
    total: Result
    results: Mapping[Key, Result]

    def __getitem__(self, group: Key) -> Result:
        return self.results[group]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def sentences(self) -> tuple[Text, ...]:
        """Return each group in one sentence."""
        return tuple(
            Text("{group}: {result}", group=name_of(group), result=result.sentence())
            for group, result in self.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all results as plain JSON values."""
        groups = [{"group": to_plain(group)} | result.to_dict() for group, result in self.items()]
        return {"by": list(self.by), "total": self.total.to_dict(), "groups": groups}

    def to_frame(self) -> pl.DataFrame:
        """Return one row a group: `group` (several columns joined, each also by its name) and the result."""
        import polars as pl

        rows = [self._labels(group) | flat(result) for group, result in self.items()]
        if not rows:
            return pl.DataFrame([{NAMED: ""} | flat(self.total)]).clear()
        return pl.DataFrame(rows, infer_schema_length=None)

    def chart(self, style: Style | None = None) -> Chart:
        """Draw each group with its interval, one a row."""
        import polars as pl

        from leal.charts import Style, interval_bars

        dress = style or Style()
        names = [str(name_of(group)) if group is not None else _none(dress) for group in self]
        frame = self.to_frame().with_columns(pl.Series("name", names, dtype=pl.String))
        return interval_bars(frame, dress, measure=self.total.measure, reference=self.total.estimate)

    def _labels(self, group: Key) -> dict[str, object]:
        if len(self.by) == 1:
            return {NAMED: group}
        taken = {NAMED, *flat(self.total)}
        own = {name: value for name, value in zip(self.by, group, strict=True) if name not in taken}
        return {NAMED: str(name_of(group))} | own


def flat(result: Estimate) -> dict[str, object]:
    """Return a result as one row: plain values, figures within it with their limits, notes joined."""
    row: dict[str, object] = {}
    for name, value in result.to_dict().items():
        if isinstance(value, dict) and "estimate" in value:
            row[name] = value["estimate"]
            row |= {f"{name}_{end}": value[end] for end in ("ci_low", "ci_high")}
        elif not isinstance(value, dict | list):
            row[name] = value
    return row | {"notes": " ".join(note.text for note in result.notes)}


def name_of(group: Key) -> Text:
    """Return a group as it is said."""
    if isinstance(group, tuple):
        return Text("{group}", group=" / ".join(name_of(part) for part in group))
    return Text("not stated") if group is None else Text("{group}", group=str(group))


def _none(style: Style) -> str:
    return name_of(None).into(style.language)
