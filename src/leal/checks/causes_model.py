"""The path model in check 4: where the answers hold the items of an index, it speaks first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import polars as pl

from leal.charts import index_levels, path_diagram, priority_map
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture
from leal.checks.penalties import penalties_exhibit
from leal.engine import collect, column_names, lazy
from leal.errors import BadValue
from leal.explain import (
    ConstructAsymmetries,
    Priorities,
    Priority,
    common_scale,
    construct_asymmetries,
    priorities,
)
from leal.measure import EpsiIndex, epsi_index, item_names, template_held, with_item_names
from leal.path_model import Assessment, Bootstrap, PathFit, construct_name
from leal.results import Note, Proportion
from leal.wording import Count, Listing, Percent, Points, Text

TARGET = "Satisfaction"
LEAST_ANSWERS = 100
ALIKE = 0.9

_RESAMPLES = 2000


@dataclass(frozen=True, kw_only=True)
class CausesModel:
    """A fitted model of satisfaction, and what check 4 says by it.

    Attributes
    ----------
    fit : PathFit
        The model on the latest answer of each customer.
    drawn : Bootstrap
        Its resamples.
    taken : Note or None
        Which answers count, where it is not each of the survey.
    """

    fit: PathFit
    drawn: Bootstrap
    taken: Note | None = None

    @cached_property
    def priorities(self) -> Priorities:
        """What moves satisfaction, the most important first."""
        return priorities(self.fit, TARGET, drawn=self.drawn, level=self.drawn.level)

    @cached_property
    def index(self) -> EpsiIndex:
        """The index of each construct."""
        return epsi_index(self.fit, drawn=self.drawn, level=self.drawn.level)

    @cached_property
    def assessment(self) -> Assessment:
        """Whether the measurement can be trusted."""
        return self.fit.assess(500, 0, level=self.drawn.level)

    @cached_property
    def asymmetries(self) -> ConstructAsymmetries:
        """What must be right, and what delights."""
        return construct_asymmetries(self.fit, TARGET, level=self.drawn.level)

    @cached_property
    def explained(self) -> Proportion:
        """How much of satisfaction the model explains."""
        row = self.drawn.r_squared.filter(pl.col("construct") == TARGET).row(0, named=True)
        return Proportion(
            estimate=row["estimate"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            n=self.fit.n,
            level=self.drawn.level,
            method="shifted_percentile",
        )

    @cached_property
    def restating(self) -> frozenset[str]:
        """Constructs that cannot be told apart from satisfaction: their effect may be the halo of it."""
        table = self.assessment.heterotrait_monotrait.filter(pl.col("estimate") > ALIKE)
        pairs = table.select("construct", "other").rows()
        return frozenset({one for pair in pairs if TARGET in pair for one in pair} - {TARGET})

    @property
    def causes(self) -> tuple[Priority, ...]:
        """The constructs that surely move satisfaction and are not satisfaction in other words."""
        return tuple(one for one in self.priorities if one.certain and one.construct not in self.restating)

    @property
    def weak(self) -> tuple[Priority, ...]:
        """Causes of at least average importance that are surely done worse than the average of all."""
        items = self.priorities.items
        level = float(np.mean([one.performance.estimate for one in items]))
        weight = float(np.mean([one.importance.estimate for one in items]))
        return tuple(
            one
            for one in self.causes
            if one.importance.estimate >= weight and one.performance.ci_high < level
        )

    def finding(self) -> Text:
        """Return what the model says in one sentence."""
        if not self.causes:
            return Text(
                "By the path model nothing surely moves satisfaction ({share} of it is explained).",
                share=Percent(self.explained.estimate),
            )
        first = self.causes[0]
        return Text(
            "By the path model {construct} moves satisfaction most: {points} points more go with {gain} more "
            "({low} to {high}); it stands at {performance} of 100, and the model explains {share}.",
            construct=construct_name(first.construct),
            points=Points(self.priorities.points),
            gain=Points(first.gain.estimate, 1),
            low=Points(first.gain.ci_low, 1),
            high=Points(first.gain.ci_high, 1),
            performance=Points(first.performance.estimate),
            share=Percent(self.explained.estimate),
        )

    def estimates(self) -> tuple[Named, ...]:
        """Return the figures of the model that the check shows."""
        named = [Named(name=Text("Satisfaction explained by the path model (R2)"), value=self.explained)]
        named += [
            Named(
                name=Text(
                    "Points of satisfaction for a point of {construct}",
                    construct=construct_name(one.construct),
                ),
                value=one.importance,
            )
            for one in self.priorities.items[:4]
        ]
        headline = self.index[TARGET]
        return (Named(name=Text("Index of satisfaction, 0 to 100"), value=headline), *named)

    def exhibits(self) -> tuple[Exhibit, ...]:
        """Return the table of priorities by the model, and what must be right."""
        return (
            *self._priorities(),
            *penalties_exhibit(self.asymmetries),
        )

    def _priorities(self) -> tuple[Exhibit, ...]:
        frame = self.priorities.to_frame().with_columns(
            apart=pl.Series([one.construct not in self.restating for one in self.priorities])
        )
        return (
            Exhibit(
                title=Text("Priorities by the path model"),
                frame=frame,
                headings=(
                    Heading(name="name", title=Text("Construct")),
                    Heading(name="importance", title=Text("Importance"), unit="number"),
                    Heading(name="importance_low", title=Text("Interval from"), unit="number"),
                    Heading(name="importance_high", title=Text("Interval to"), unit="number"),
                    Heading(name="performance", title=Text("Performance, of 100"), unit="points"),
                    Heading(name="performance_low", title=Text("Interval from"), unit="points"),
                    Heading(name="performance_high", title=Text("Interval to"), unit="points"),
                    Heading(name="gain", title=Text("Gain for 5 points more"), unit="points"),
                    Heading(name="certain", title=Text("More than chance")),
                    Heading(name="apart", title=Text("Told apart from satisfaction")),
                ),
                remark=Text(
                    "Importance: points of satisfaction for a point of the construct. Grade C: a link, not a "
                    "proof. The items one by one stand below, as a check."
                ),
            ),
        )

    def pictures(self) -> tuple[Picture, ...]:
        """Return the diagram, the priorities and the index."""
        bands = [(band.low, band.high, band.name) for band in self.index.bands]
        return (
            Picture(
                title=Text("What leads to what: effects, index and explained variance"),
                draw=partial(path_diagram, self._constructs(), self._paths()),
                description=self.finding(),
            ),
            Picture(
                title=Text("What moves satisfaction, and how well it is done"),
                draw=partial(priority_map, self.priorities.to_frame()),
                description=self.finding(),
            ),
            Picture(
                title=Text("The index of each construct, with its interval"),
                draw=partial(index_levels, self.index.to_frame(), bands=bands),
                description=self.index.sentence(),
            ),
        )

    def _constructs(self) -> pl.DataFrame:
        explained = dict(self.fit.r_squared.select("construct", "estimate").iter_rows())
        return pl.DataFrame(
            {
                "name": [str(construct_name(name)) for name in self.fit.model.names],
                "r_squared": [explained.get(name) for name in self.fit.model.names],
                "index": [self.index[name].estimate for name in self.fit.model.names],
            }
        )

    def _paths(self) -> pl.DataFrame:
        paths = self.drawn.paths
        return paths.with_columns(
            pl.Series(name, [str(construct_name(value)) for value in paths[name]])
            for name in ("source", "target")
        )

    def notes(self) -> tuple[Note, ...]:
        """Return the doubts about the model, and which constructs restate satisfaction."""
        names = item_names(self.fit.model.items)
        notes = [*self.assessment.verdicts, *with_item_names(self.fit.notes, names)]
        if self.restating:
            text = Text(
                "Left out of the ranking of causes, for they cannot be told apart from satisfaction: "
                "{names}.",
                names=Listing.of(construct_name(name) for name in sorted(self.restating)),
            )
            notes.insert(0, Note(code="restates_satisfaction", text=text))
        return (*([self.taken] if self.taken else []), *notes)


def causes_model(book: Book) -> CausesModel | None:
    """Return the path model on the answers of a book; None where they do not hold its items or are few.

    Of each customer the latest answer to any of its items counts, so that answers are independent. Gaps are
    treated as the book says, and told.
    """
    table = book.evidence.table("answers")
    if table is None:
        return None
    names = column_names(table)
    held = template_held(names)
    if held is None:
        return None
    model = held[1]
    weight = "weight" if "weight" in names else None
    kept = [*model.items, *(name for name in ("customer", "answered_at", "weight") if name in names)]
    answered = collect(table.select(*kept)).filter(~pl.all_horizontal(pl.col(model.items).is_null()))
    rows = _latest(answered if weight is None else answered.drop_nulls(weight))
    largest = max(len(construct.items) for construct in model.constructs)
    enough = max(LEAST_ANSWERS, 10 * largest)
    if rows.height < enough:
        return None
    try:
        scale = common_scale(lazy(rows), model.items)
        fit = model.fit(rows, weight, missing=book.missing, scale=scale)
        if fit.n < enough:
            return None
        drawn = fit.bootstrap(_RESAMPLES, 0, level=book.level)
        return CausesModel(fit=fit, drawn=drawn, taken=_taken(rows.height, answered.height, weight))
    except BadValue:  # an item that everybody answered alike, words, open gaps: the items still speak
        return None


def _taken(counted: int, answered: int, weight: str | None) -> Note | None:
    """Tell which answers the index rests on: `leal epsi` takes each, unweighted unless asked."""
    if counted == answered and weight is None:
        return None
    text = Text(
        "Of each customer the latest answer counts: {counted} of {answered}.",
        counted=Count(counted),
        answered=Count(answered),
    )
    if weight is not None:
        text = Text("{latest} They are weighted to all who were asked (column weight).", latest=text)
    return Note(code="latest_answers", text=text)


def _latest(rows: pl.DataFrame) -> pl.DataFrame:
    if not {"customer", "answered_at"} <= set(rows.columns):
        return rows
    known = rows.filter(pl.col("customer").is_not_null()).sort("answered_at", nulls_last=False)
    return pl.concat(
        [
            known.unique("customer", keep="last", maintain_order=True),
            rows.filter(pl.col("customer").is_null()),
        ]
    )
