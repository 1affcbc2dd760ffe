"""What to improve first in each group, and whether groups surely want something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leal.engine import FrameLike
from leal.errors import BadValue
from leal.explain.importance_and_performance import Priorities, priority_of
from leal.path_model import Definition, GroupComparison, Missing, PathModel, Scheme, construct_name
from leal.results import Grade, Note, to_plain
from leal.statistics import holm
from leal.wording import Decimal, Listing, Points, Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPriorities:
    """Priorities of each group for a target, and the differences of their importance.

    Attributes
    ----------
    target : str
        The construct to be raised.
    points : float
        Improvement that gains are of.
    groups : mapping of str to Priorities
        By group, in order.
    differences : polars.DataFrame
        group, other, source, estimate, other_estimate (importance in either group), difference,
        standard_error, ci_low, ci_high, p_value (permutation), adjusted_p_value (Holm, over this table).
    level : float
        Confidence level.
    grade : "C"
        The effects are correlations in a model: not proved.
    notes : tuple of Note
        Groups that are small, left out, or not measured alike.
    """

    target: str
    points: float
    groups: Mapping[str, Priorities]
    differences: pl.DataFrame
    level: float = 0.95
    grade: Grade = "C"
    notes: tuple[Note, ...] = ()

    def __getitem__(self, name: str) -> Priorities:
        if name not in self.groups:
            raise BadValue(
                Text("{name} is not among the groups.", name=repr(name)),
                hint=Text("They are: {names}.", names=Listing.of(self.groups)),
            )
        return self.groups[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.groups)

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def clear(self) -> pl.DataFrame:
        """The differences that hold against chance at the level, the surest first."""
        import polars as pl

        sure = pl.col("adjusted_p_value") < 1 - self.level
        return self.differences.filter(sure).sort("adjusted_p_value", pl.col("difference").abs() * -1)

    def sentence(self) -> Text:
        """Return the surest difference in a sentence, or that there is none."""
        target = construct_name(self.target)
        if self.differences.is_empty():
            return Text("Nothing leads to {target} in this model.", target=target)
        if self.clear.is_empty():
            return Text(
                "What moves {target} does not differ between the groups by more than chance.", target=target
            )
        row = self.clear.row(0, named=True)
        return Text(
            "{source} matters unlike for {target}: a point more goes with {one} in {group} and with {two} in "
            "{other} (p = {p}).",
            source=construct_name(row["source"]),
            target=target,
            one=Points(row["estimate"], 2),
            group=row["group"],
            two=Points(row["other_estimate"], 2),
            other=row["other"],
            p=Decimal(row["adjusted_p_value"], 3),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_frame(self) -> pl.DataFrame:
        """Return a row a group and construct: group, then the columns of `Priorities.to_frame`."""
        import polars as pl

        return pl.concat(
            found.to_frame().select(pl.lit(name).alias("group"), pl.all())
            for name, found in self.groups.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the priorities as plain JSON values."""
        names = ("target", "points", "groups", "differences", "level", "grade", "notes")
        return to_plain({name: getattr(self, name) for name in names})  # type: ignore[no-any-return]


def priorities_by_group(
    model: PathModel,
    answers: FrameLike,
    by: str,
    target: str = "Loyalty",
    weight: str | None = None,
    *,
    points: float = 5,
    missing: Missing = "casewise",
    scheme: Scheme = "path",
    index: Definition = "B",
    scale: tuple[float, float] = (1.0, 10.0),
    permutations: int = 1000,
    resamples: int = 2000,
    seed: int | None = 0,
    level: float = 0.95,
) -> GroupPriorities:
    """Return what to improve first in each group, in one table, and test whether groups differ in it.

    Parameters
    ----------
    model : PathModel
        The model, as `leal.epsi` gives it.
    answers : dataframe or path
        Answers of all groups together.
    by : str
        Column of the groups: segments, companies, waves.
    target : str
        The construct to be raised.
    weight : str or None
        Column of sampling weights.
    points : float
        Improvement, in points of the index, whose effect is told.
    missing, scheme, index, scale, permutations, resamples, seed, level
        As in `PathModel.compare`.

    Notes
    -----
    Importance is estimated in each group by itself; performance by the weights of all groups together, so
    that levels can be compared. That a construct is first in one group and second in another is no difference
    yet: `differences` tests each, by permutation.

    Examples
    --------
    ``leal.priorities_by_group(leal.epsi(), answers, "segment").to_frame()``
    """
    model[target]
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
    return priorities_of_groups(found, target, points=points, level=level)


def priorities_of_groups(
    found: GroupComparison, target: str, *, points: float = 5, level: float = 0.95
) -> GroupPriorities:
    """Return the priorities of groups from a comparison of them."""
    import polars as pl

    differences = found.effect_differences.filter(pl.col("target") == target).drop("target")
    adjusted = holm(differences["p_value"].to_numpy())
    return GroupPriorities(
        target=target,
        points=points,
        groups={
            str(name): _of_group(found, str(name), target, points, level)
            for name in found.index["group"].unique(maintain_order=True)
        },
        differences=differences.with_columns(adjusted_p_value=pl.Series(adjusted, dtype=pl.Float64)),
        level=level,
        notes=found.notes,
    )


def _of_group(found: GroupComparison, name: str, target: str, points: float, level: float) -> Priorities:
    import polars as pl

    def told(table: pl.DataFrame, method: str) -> pl.DataFrame:
        return table.filter(group=name).with_columns(method=pl.lit(method), level=pl.lit(level))

    levels = told(found.index, "bootstrap")
    effects = told(found.effects, "shifted_percentile").filter(target=target)
    performance = {row["construct"]: row for row in levels.iter_rows(named=True)}
    rows = effects.iter_rows(named=True)
    items = [priority_of(row, performance[row["source"]], points) for row in rows]
    return Priorities(
        target=target, points=points, items=tuple(sorted(items, key=lambda item: -item.importance.estimate))
    )
