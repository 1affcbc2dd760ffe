"""Whether companies, waves or segments differ in their index, and what the rule of 2 points says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leal.engine import FrameLike
from leal.measure.index.index_results import HEADLINE
from leal.path_model import Definition, GroupComparison, Missing, PathModel, Scheme, construct_name
from leal.results import Note, to_plain
from leal.statistics import Comparison, holm, two_sided_z
from leal.wording import Decimal, Formatted, Percent, Points, Text

if TYPE_CHECKING:
    import polars as pl

RULE = 2.0
"""The difference that EPSI reporting calls significant, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDifference(Comparison):
    """The index of one group less that of another, in points.

    Attributes
    ----------
    construct, group, other : str
        What is compared.
    adjusted_p_value : float
        p value adjusted (Holm) for all pairs of groups looked at.
    """

    construct: str
    group: str
    other: str
    adjusted_p_value: float

    def figure(self, value: float) -> Formatted:
        """Return the points with one decimal."""
        return Points(value, 1)

    @property
    def more_than_chance(self) -> bool:
        """Whether the difference holds against chance at the level, all pairs considered."""
        return self.known and self.adjusted_p_value < 1 - self.level

    @property
    def by_the_rule(self) -> bool:
        """Whether the rule of 2 points would call it a difference."""
        return self.known and abs(self.estimate) > RULE

    def sentence(self) -> Text:
        """Return the difference in one sentence, with its verdict."""
        values: dict[str, object] = {
            "construct": construct_name(self.construct),
            "group": self.group,
            "other": self.other,
            "points": Points(abs(self.estimate), 1),
            "level": Percent(self.level),
            "p": Decimal(self.adjusted_p_value, 3),
        }
        turned = self.more_than_chance and self.estimate < 0
        ends = (-self.ci_high, -self.ci_low) if turned else (self.ci_low, self.ci_high)
        values |= {"low": Points(ends[0], 1), "high": Points(ends[1], 1)}
        if not self.more_than_chance:
            return Text(
                "{construct}: {group} and {other} do not differ by more than chance "
                "({level} {low} to {high}, p = {p}).",
                **values,
            )
        if self.estimate > 0:
            return Text(
                "{construct}: {group} is {points} points above {other} ({level} {low} to {high}, p = {p}).",
                **values,
            )
        return Text(
            "{construct}: {group} is {points} points below {other} ({level} {low} to {high}, p = {p}).",
            **values,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDifferences:
    """All pairs of groups, the largest difference first.

    Attributes
    ----------
    items : tuple of IndexDifference
        One a pair.
    comparison : GroupComparison
        Index of each group, paths, measurement invariance.
    definition : {"B", "A", "C", "D"}
        Definition of the index; see `leal.path_model.Definition`.
    notes : tuple of Note
        Small groups, groups not measured alike, where the rule of 2 points is too lenient.
    """

    items: tuple[IndexDifference, ...]
    comparison: GroupComparison
    definition: Definition = "B"
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[IndexDifference]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __str__(self) -> str:
        return "\n".join(str(item) for item in self.items)

    def to_dict(self) -> dict[str, Any]:
        """Return the differences as plain JSON values."""
        return {
            "definition": self.definition,
            "items": to_plain(self.items),
            "notes": to_plain(self.notes),
        }

    def to_frame(self) -> pl.DataFrame:
        """Return a row a pair."""
        import polars as pl

        told = pl.DataFrame([to_plain(item) | {"sentence": str(item)} for item in self.items]).drop("notes")
        return told.with_columns(pl.lit(self.definition).alias("definition"))


def index_differences(
    model: PathModel,
    answers: FrameLike,
    by: str,
    construct: str = HEADLINE,
    weight: str | None = None,
    *,
    missing: Missing = "casewise",
    scheme: Scheme = "path",
    index: Definition = "B",
    scale: tuple[float, float] = (1.0, 10.0),
    permutations: int = 1000,
    resamples: int = 2000,
    seed: int | None = 0,
    level: float = 0.95,
) -> IndexDifferences:
    """Tell whether companies, waves or segments differ in their index by more than chance.

    Parameters
    ----------
    model : PathModel
        The model, as `leal.epsi` gives it.
    answers : dataframe or path
        Answers of all groups together.
    by : str
        Column of the groups.
    construct : str
        Whose index is compared.
    weight : str or None
        Column of sampling weights.
    missing, scheme, index, scale, permutations, resamples, seed, level
        As in `PathModel.compare`.

    Notes
    -----
    All groups are measured by the weights of the pooled answers; p values come from permutation, and Holm's
    adjustment covers all pairs of groups. The published rule "more than 2 points is a difference" is about
    the error of ONE index of 250 answers; the difference of two such has an error 1.41 times as large, about
    2.6 points, so the rule is lenient.
    """
    model[construct]
    found = model.compare(
        answers,
        by,
        weight,
        missing=missing,
        scheme=scheme,
        index=index,
        scale=scale,
        permutations=permutations,
        resamples=resamples,
        seed=seed,
        level=level,
    )
    return differences_of(found, construct, level)


def differences_of(found: GroupComparison, construct: str, level: float = 0.95) -> IndexDifferences:
    """Return the differences of one construct from a comparison of groups."""
    import polars as pl

    rows = found.differences.filter(pl.col("construct") == construct).sort(
        pl.col("estimate").abs(), descending=True
    )
    sizes = dict(found.index.select("group", "n").unique().iter_rows())
    adjusted = holm(rows["p_value"].to_numpy())
    items = tuple(
        IndexDifference(
            construct=construct,
            group=row["group"],
            other=row["other"],
            estimate=row["estimate"],
            standard_error=row["standard_error"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            n=sizes[row["group"]] + sizes[row["other"]],
            level=level,
            method="permutation",
            p_value=row["p_value"],
            adjusted_p_value=float(adjusted[place]),
        )
        for place, row in enumerate(rows.iter_rows(named=True))
    )
    return IndexDifferences(
        items=items,
        comparison=found,
        definition=found.index["definition"][0],
        notes=(*found.notes, *_on_the_rule(items)),
    )


def _on_the_rule(items: tuple[IndexDifference, ...]) -> tuple[Note, ...]:
    lenient = [item for item in items if item.by_the_rule and not item.more_than_chance]
    if not lenient:
        return ()
    text = Text(
        "The rule of 2 points is lenient here: {group} and {other} are {points} points apart, yet that may "
        "be chance (error of the difference ±{reach}).",
        group=lenient[0].group,
        other=lenient[0].other,
        points=Points(abs(lenient[0].estimate), 1),
        reach=Points(two_sided_z(lenient[0].level) * lenient[0].standard_error, 1),
    )
    return (Note(code="two_points_lenient", text=text),)
