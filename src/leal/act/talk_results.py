"""What word of mouth brings: one column a preset, side by side, in both readings; never one number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leal.act.talk_base import Base
from leal.act.talk_presets import ASSUMPTIONS, Reading, Talk
from leal.act.talk_ranges import fan_frame, tornado_frame
from leal.errors import BadOption
from leal.results import Estimate, Money, Note, Proportion, Result, to_plain
from leal.wording import Count, Decimal, Formatted, Percent, Points, Text, in_a_row

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Chart, Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally(Estimate):
    """A number of people or comments; below zero it is of those lost."""

    def figure(self, value: float) -> Formatted:
        """Return the number as it is written."""
        return Count(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePoints(Estimate):
    """A score in points of NPS."""

    def figure(self, value: float) -> Formatted:
        """Return points as they are written."""
        return Points(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFigures:
    """The figures of one preset in one reading of "30-50 % more".

    Attributes
    ----------
    reading : {"A", "B"}
        A: b = a (1 + excess); B: b = a/(1 - excess).
    promoters_per_detractor : Estimate
        How many promoters make up for one detractor (M1).
    break_even_nps : ScorePoints
        NPS at which good and bad talk balance (M1).
    balance : Tally
        Net comments a year (M1).
    new_customers : Tally
        Customers won a year, below zero lost (M2).
    buying : Proportion
        Probability that a prospect buys who hears what is said (M3); unknown without `prospects`.
    growth : Proportion
        Customers next year for each of this one, less one (M5); unknown without `retention`.
    growth_break_even_nps : ScorePoints
        NPS at which the base neither grows nor shrinks (M5).
    value : Money
        Margin of the customers won or lost a year; unknown without `value_of_new`.
    chance : float or None
        Probability that word of mouth wins customers at all.
    """

    reading: Reading
    promoters_per_detractor: Estimate
    break_even_nps: ScorePoints
    balance: Tally
    new_customers: Tally
    buying: Proportion
    growth: Proportion
    growth_break_even_nps: ScorePoints
    value: Money
    chance: float | None

    def sentence(self) -> Text:
        """Return what word of mouth wins or loses, in words."""
        won = self.new_customers
        if not won.known:
            return Text("unknown: needs comments, their weight and how many win a customer")
        figures = {
            "count": Count(abs(won.estimate)),
            "level": Percent(won.level),
            "low": Count(won.ci_low),
            "high": Count(won.ci_high),
        }
        if won.estimate < 0:
            return Text(
                "Word of mouth loses {count} customers a year ({level} {low} to {high}): other channels must"
                " first replace these.",
                **figures,
            )
        return Text("Word of mouth wins {count} customers a year ({level} {low} to {high}).", **figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkColumn:
    """One preset: what it assumes, and what follows in the chosen reading and in the other.

    Attributes
    ----------
    name : str
        ``"seed"``, ``"research"``, ``"yours"``.
    talk : Talk
        The assumptions.
    figures, other_reading : TalkFigures
        In the chosen reading, and in the other.
    """

    name: str
    talk: Talk
    figures: TalkFigures
    other_reading: TalkFigures

    def sentence(self) -> Text:
        """Return the column in one sentence."""
        ratio = self.figures.promoters_per_detractor
        if not ratio.known:
            return Text(
                "{preset}: {found}", preset=PRESETS.get(self.name, self.name), found=self.figures.sentence()
            )
        return Text(
            "{preset}: {found} One detractor costs {ratio} promoters; talk balances at NPS {nps}.",
            preset=PRESETS.get(self.name, self.name),
            found=self.figures.sentence(),
            ratio=Decimal(ratio.estimate, 1),
            nps=Points(self.figures.break_even_nps.estimate),
        )


PRESETS = {"seed": Text("seed"), "research": Text("research"), "yours": Text("yours")}


@dataclass(frozen=True, slots=True, kw_only=True)
class WordOfMouth(Result):
    """What word of mouth brings, by three sets of assumptions side by side.

    Attributes
    ----------
    seed, research : TalkColumn
        By the founding document's figures, and by what research supports.
    yours : TalkColumn or None
        By your own; None where there are none.
    nps : float
        The score in points.
    n : float or None
        Independent answers behind the shares; None where they are taken as certain.
    reading : {"A", "B"}
        The chosen reading.
    level : float
        Level of the intervals.
    notes : tuple of Note
        What was assumed, and that this is no target.
    """

    seed: TalkColumn
    research: TalkColumn
    yours: TalkColumn | None
    nps: float
    n: float | None
    reading: Reading
    level: float
    notes: tuple[Note, ...]
    base: Base = field(repr=False)
    draws: int = field(repr=False)
    random_seed: int = field(repr=False)

    @property
    def columns(self) -> tuple[TalkColumn, ...]:
        """The presets side by side: seed, research, and yours where given."""
        return (self.seed, self.research) if self.yours is None else (self.seed, self.research, self.yours)

    def __getitem__(self, name: str) -> TalkColumn:
        for column in self.columns:
            if column.name == name:
                return column
        raise BadOption("preset", name, [column.name for column in self.columns])

    def sentence(self) -> Text:
        """Return all presets in words, for they contradict each other."""
        return in_a_row(column.sentence() for column in self.columns)

    def fan(self, points: int = 25) -> pl.DataFrame:
        """Return what word of mouth wins at each NPS, by preset, with ranges of 50 and 95 %.

        Returns
        -------
        DataFrame
            ``preset``, ``nps``, ``low``, ``low_half``, ``middle``, ``high_half``, ``high``: customers won a
            year for each 100 customers, the share of passives being kept.
        """
        talks = [column.talk for column in self.columns]
        return fan_frame(self.base, talks, self.reading, points, self.draws, self.random_seed)

    def tornado(self, preset: str = "seed") -> pl.DataFrame:
        """Return how far each assumption alone moves the customers won, over its range.

        Returns
        -------
        DataFrame
            ``factor``, ``low``, ``high`` (the ends of its 95 % range), ``at_low``, ``at_high`` (customers won
            a year there), ``middle``; the longest first, certain ones left out.
        """
        return tornado_frame(self.base, self[preset].talk, self.reading, self.level)

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the fan."""
        from leal.charts import Style, word_of_mouth_fan

        return word_of_mouth_fan(self.fan(), style or Style(), nps=self.nps)

    def to_frame(self) -> pl.DataFrame:
        """Return one row a preset, reading and figure."""
        import polars as pl

        return pl.DataFrame(
            [row for column in self.columns for row in _rows(column)], infer_schema_length=None
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all columns as plain JSON values."""
        plain = {
            "columns": [
                {
                    "name": column.name,
                    "assumptions": _assumed(column.talk),
                    "figures": column.figures,
                    "other_reading": column.other_reading,
                }
                for column in self.columns
            ],
            "nps": self.nps,
            "n": self.n,
            "reading": self.reading,
            "level": self.level,
            "notes": self.notes,
        }
        return to_plain(plain)  # type: ignore[no-any-return]


FIGURES = (
    "promoters_per_detractor",
    "break_even_nps",
    "balance",
    "new_customers",
    "buying",
    "growth",
    "growth_break_even_nps",
    "value",
)


def _rows(column: TalkColumn) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for figures in (column.figures, column.other_reading):
        for name in FIGURES:
            value: Estimate = getattr(figures, name)
            row: dict[str, object] = {"preset": column.name, "reading": figures.reading, "figure": name}
            limits = {"estimate": value.estimate, "ci_low": value.ci_low, "ci_high": value.ci_high}
            rows.append(row | {key: limit if value.known else None for key, limit in limits.items()})
    return rows


def _assumed(talk: Talk) -> dict[str, object]:
    told: dict[str, object] = {}
    for name in ASSUMPTIONS:
        factor = talk.factor(name)
        if factor is not None:
            low, high = factor.limits()
            source = talk.sources.get(name)
            told[name] = {
                "central": factor.central,
                "low": low,
                "high": high,
                "grade": factor.grade,
                "source": source,
            }
    return told
