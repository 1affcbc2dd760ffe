"""What a path model says: constructs measured by items, and the paths between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from leal.errors import BadOption, LealError, Where
from leal.wording import Listing, Text

if TYPE_CHECKING:
    from leal.engine import FrameLike
    from leal.path_model.estimation import Metric, Scheme, Signs
    from leal.path_model.group_comparison import GroupComparison
    from leal.path_model.index import Definition
    from leal.path_model.model_fit import PathFit
    from leal.path_model.moments import Missing, Moments

Mode = Literal["A", "B", "unit"]
"""How a construct's weights are found: A from correlations, B from a regression, unit all equal."""


class BadModel(LealError):
    """A path model contradicts itself or cannot be estimated."""

    code = "bad_model"


@dataclass(frozen=True, slots=True)
class Construct:
    """A construct (latent variable) with the items that measure it.

    Attributes
    ----------
    name : str
        Name of the construct.
    items : tuple of str
        Columns of the answers that measure it; given as any sequence, or as one name.
    mode : {"A", "B", "unit"}
        Mode A (correlation weights, ``=~``), Mode B (regression weights, ``<~``), or equal weights.
    """

    name: str
    items: tuple[str, ...]
    mode: Mode = "A"

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise BadOption("mode", self.mode, list(get_args(Mode)))
        given: Sequence[str] = self.items
        object.__setattr__(self, "items", (given,) if isinstance(given, str) else tuple(given))


@dataclass(frozen=True, slots=True, init=False)
class PathModel:
    """A partial least squares path model, in the syntax that lavaan and semopy users know.

    ``Image =~ image1 + image2`` measures a construct in Mode A, ``Quality <~ q1 + q2`` in Mode B,
    ``Satisfaction ~ Image + Quality`` draws paths to Satisfaction. ``=~`` never switches consistent PLS on;
    ``fit(..., consistent=True)`` does. Lines may be continued after or before a ``+``; ``#`` and ``!`` begin
    a comment.

    Parameters
    ----------
    syntax : str
        The model in words; or leave it empty and give the objects.
    constructs : sequence of Construct
        The constructs, in the order in which results list them.
    paths : sequence of (source, target)
        The paths between them.

    Raises
    ------
    BadModel
        A line is not understood; an item is used twice; a path leads from or to a construct without items, to
        itself, or twice; the paths form a circle; a construct has no path.

    References
    ----------
    Wold, H. (1982). Soft modeling: the basic design and some extensions.
    Lohmoeller, J.-B. (1989). Latent Variable Path Modeling with Partial Least Squares.

    Examples
    --------
    >>> model = PathModel('''
    ...     Image        =~ image1 + image2
    ...     Satisfaction =~ sat1 + sat2
    ...     Satisfaction ~ Image
    ... ''')
    >>> [construct.name for construct in model.constructs], model.paths
    (['Image', 'Satisfaction'], (('Image', 'Satisfaction'),))
    """

    constructs: tuple[Construct, ...]
    paths: tuple[tuple[str, str], ...]
    items: tuple[str, ...] = field(repr=False)

    def __init__(
        self,
        syntax: str = "",
        *,
        constructs: Sequence[Construct] = (),
        paths: Iterable[tuple[str, str]] = (),
    ) -> None:
        from leal.path_model.syntax import parse

        told_constructs, told_paths = parse(syntax) if syntax.strip() else ((), ())
        object.__setattr__(self, "constructs", (*told_constructs, *constructs))
        object.__setattr__(self, "paths", (*told_paths, *((source, target) for source, target in paths)))
        _check_blocks(self.constructs)
        _check_paths(self.constructs, self.paths)
        object.__setattr__(self, "items", tuple(i for c in self.constructs for i in c.items))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the constructs, in order."""
        return tuple(construct.name for construct in self.constructs)

    @property
    def endogenous(self) -> tuple[str, ...]:
        """The constructs that paths lead to, in order."""
        targets = {target for _, target in self.paths}
        return tuple(name for name in self.names if name in targets)

    def __getitem__(self, name: str) -> Construct:
        for construct in self.constructs:
            if construct.name == name:
                return construct
        raise BadModel(
            Text("The model has no construct {name}.", name=repr(name)),
            hint=Text("Its constructs are: {names}.", names=Listing.of(self.names)),
        )

    def fit(
        self,
        frame_or_moments: FrameLike | Moments,
        weight: str | None = None,
        *,
        missing: Missing = "casewise",
        scheme: Scheme = "path",
        metric: Metric = "standardised",
        consistent: bool = False,
        signs: Signs = "none",
        index: Definition = "B",
        scale: tuple[float, float] = (1.0, 10.0),
        tolerance: float = 1e-7,
        max_iterations: int = 300,
    ) -> PathFit:
        """Estimate the model.

        Parameters
        ----------
        frame_or_moments : dataframe, path or Moments
            Answers with the model's items as columns, in any engine; or their moments.
        weight : str or None
            Column of sampling weights (weighted PLS, Becker and Ismail 2016).
        missing : {"casewise", "mean", "pairwise", "em"}
            What to do with answers that have gaps.
        scheme : {"path", "factorial", "centroid"}
            Inner weighting scheme.
        metric : {"standardised", "raw"}
            Correlations, or covariances (the convention of Lohmoeller and of Tenenhaus et al. 2005).
        consistent : bool
            Consistent PLS (Dijkstra and Henseler 2015): loadings and paths freed of measurement error. Not
            with the raw metric.
        signs : {"none", "dominant", "construct"}
            ``dominant`` turns a construct most of whose items load negatively; ``construct`` leaves the fit
            and turns constructs of resamples whose loadings are nearer to the fit's when turned.
        index : {"B", "A", "C", "D"}
            Definition of the index from 0 to 100; see `leal.path_model.Definition`.
        scale : (float, float)
            Lowest and highest possible answer of the items.
        tolerance, max_iterations : float, int
            The iteration stops where the absolute changes of all weights sum to less than the tolerance.

        Returns
        -------
        PathFit

        Raises
        ------
        MissingColumn, BadValue
            An item is not there, holds words, is constant, or hardly any answer is complete.
        """
        from leal.path_model.estimation import Rules
        from leal.path_model.fit_options import FitOptions
        from leal.path_model.fitting import fit_model

        rules = Rules(
            scheme=scheme, metric=metric, signs=signs, tolerance=tolerance, max_iterations=max_iterations
        )
        options = FitOptions(
            weight=weight, missing=missing, consistent=consistent, index=index, scale=scale, rules=rules
        )
        return fit_model(self, frame_or_moments, options)

    def compare(
        self,
        frame: FrameLike,
        by: str,
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
    ) -> GroupComparison:
        """Compare groups of answers: index, paths, and whether they are measured alike.

        Parameters
        ----------
        frame : dataframe or path
            Answers with the model's items; answers without a group are left out.
        by : str
            Column of the groups: companies, waves, segments.
        weight : str or None
            Column of sampling weights.
        missing, scheme, index, scale
            As in `fit`. Gaps are treated group by group, and in each deal and resample anew. Filling by the
            mean weakens effects where gaps are many: with gaps unlike between groups, "em" or "pairwise"
            compares fairly, and a note says so.
        permutations : int
            How often answers are dealt to the groups by chance, for the p values.
        resamples : int
            Resamples behind the intervals.
        seed : int or None
            Number that makes both repeatable.
        level : float
            Confidence level.

        Notes
        -----
        The index of each group uses the weights of the pooled answers: own weights would let the index differ
        because weights differ. A rule of "2 points" for a difference of two groups of 250 is lenient: its
        95 % limit is about 2.6 points.
        """
        from leal.path_model.estimation import Rules
        from leal.path_model.fit_options import FitOptions
        from leal.path_model.group_comparison import compare_groups
        from leal.path_model.moment_reduction import rows_and_labels
        from leal.path_model.structure import Structure

        options = FitOptions(missing=missing, index=index, scale=scale, rules=Rules(scheme=scheme))
        rows, labels, weights, ungrouped = rows_and_labels(frame, self.items, by, weight)
        return compare_groups(
            rows,
            labels,
            weights,
            Structure(self),
            options,
            ungrouped=ungrouped,
            permutations=permutations,
            resamples=resamples,
            seed=seed,
            level=level,
        )

    def without_path(self, source: str, target: str) -> PathModel:
        """Return the model without one path (its constructs must stay connected)."""
        kept = [path for path in self.paths if path != (source, target)]
        return PathModel(constructs=self.constructs, paths=kept)


def _refuse(message: Text, hint: Text, column: str | None = None) -> BadModel:
    return BadModel(message, hint=hint, where=Where(column=column))


def _check_blocks(constructs: tuple[Construct, ...]) -> None:
    if not constructs:
        raise _refuse(
            Text("The model has no construct."),
            Text("Measure at least two constructs: Image =~ image1 + image2"),
        )
    seen: dict[str, str] = {}
    names: set[str] = set()
    for construct in constructs:
        if construct.name in names:
            raise _refuse(
                Text("The construct {name} is measured twice.", name=construct.name),
                Text("Give all its items in one line."),
            )
        names.add(construct.name)
        if not construct.items:
            raise _refuse(
                Text("The construct {name} has no items.", name=construct.name),
                Text("Name the columns that measure it: {name} =~ item1 + item2", name=construct.name),
            )
        for item in construct.items:
            if seen.get(item) == construct.name:
                raise _refuse(
                    Text("The item {item} stands twice in {construct}.", item=item, construct=construct.name),
                    Text("Drop one of the two."),
                    item,
                )
            if item in seen:
                raise _refuse(
                    Text(
                        "The item {item} measures {first} and {second}.",
                        item=item,
                        first=seen[item],
                        second=construct.name,
                    ),
                    Text("An item belongs to one construct; drop it from the other."),
                    item,
                )
            seen[item] = construct.name


def _check_paths(constructs: tuple[Construct, ...], paths: tuple[tuple[str, str], ...]) -> None:
    names = {construct.name for construct in constructs}
    for source, target in paths:
        for end in (source, target):
            if end not in names:
                raise _refuse(
                    Text("A path names {name}, which no items measure.", name=repr(end)),
                    Text("Measured constructs are: {names}.", names=Listing.of(sorted(names))),
                )
        if source == target:
            raise _refuse(
                Text("A path leads from {name} to itself.", name=source), Text("Drop it: causes come first.")
            )
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise _refuse(
            Text("The path {source} -> {target} stands twice.", source=twice[0], target=twice[1]),
            Text("Drop one of the two."),
        )
    _check_connected(names, paths)
    _check_one_piece(constructs, paths)
    _check_no_circle(names, paths)


def _check_connected(names: set[str], paths: tuple[tuple[str, str], ...]) -> None:
    touched = {end for path in paths for end in path}
    for name in sorted(names - touched):
        raise _refuse(
            Text("No path leads from or to {name}.", name=name),
            Text("Connect it to the other constructs, or leave it out."),
        )


def _check_one_piece(constructs: tuple[Construct, ...], paths: tuple[tuple[str, str], ...]) -> None:
    """Refuse constructs that fall into parts without a path between them: those are models of their own."""
    names = [construct.name for construct in constructs]
    reached = {names[0]}
    while more := {end for path in paths if reached & set(path) for end in path} - reached:
        reached |= more
    apart = [name for name in names if name not in reached]
    if apart:
        raise _refuse(
            Text(
                "No path connects {names} with {others}.",
                names=Listing.of(name for name in names if name in reached),
                others=Listing.of(apart),
            ),
            Text("Draw the path that is missing, or fit two models."),
        )


def _check_no_circle(names: set[str], paths: tuple[tuple[str, str], ...]) -> None:
    left = set(names)
    while left:
        first = {name for name in left if not any(t == name and s in left for s, t in paths)}
        if not first:
            circle = sorted(left)
            raise _refuse(
                Text("The paths form a circle among {names}.", names=Listing.of(circle)),
                Text("Drop the path that runs against time: causes come first."),
            )
        left -= first
