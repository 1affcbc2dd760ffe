"""What a check finds and what an audit is: verdict, money at stake, what is missing, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from leal.charts import Style
from leal.results import Estimate, Grade, Money, Note, to_plain
from leal.wording import Listing, Text

if TYPE_CHECKING:
    import polars as pl

Verdict = Literal["guarded", "exposed", "unknown"]

Unit = Literal["text", "count", "number", "points", "percent", "amount", "day", "month", "wave", "p_value"]
"""How the values of a table's column are written; a percent is stored as a fraction, a wave as its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of a table shown to the reader: its name in the frame, its title, how it is written."""

    name: str
    title: Text
    unit: Unit = "text"


def ranged(name: str, title: Text, unit: Unit, stem: str | None = None) -> tuple[Heading, Heading, Heading]:
    """Return the headings of a figure and of its limits, ``<stem>low`` and ``<stem>high``.

    The stem is the name of the figure and an underline where none is given, as
    `leal.results.with_limits` names columns.
    """
    ends = f"{name}_" if stem is None else stem
    return (
        Heading(name=name, title=title, unit=unit),
        Heading(name=f"{ends}low", title=Text("from"), unit=unit),
        Heading(name=f"{ends}high", title=Text("to"), unit=unit),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A table shown to the reader, with a title and what to know when reading it."""

    title: Text
    frame: pl.DataFrame
    headings: tuple[Heading, ...]
    remark: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart shown to the reader; `draw` is a function of charts/ bound to its table.

    Attributes
    ----------
    title : Text
        What the chart says, as a sentence.
    draw : callable
        Takes a `Style`, returns a Vega-Altair chart.
    description : Text
        The same for readers who cannot see it.
    """

    title: Text
    draw: Callable[[Style], Any]
    description: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A figure that the founding documents state, beside research and your own data."""

    subject: Text
    document: Text
    research: Text
    yours: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An estimate with the name that it is shown under."""

    name: Text
    value: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The answer of one of the ten checks.

    Attributes
    ----------
    number : int
        1 to 10, the number of the mistake.
    name : Text
        The mistake.
    question : Text
        The question that the check answers.
    verdict : {"guarded", "exposed", "unknown"}
        `unknown` means that evidence is missing, and `missing` says which.
    finding : Text
        The answer in one or two sentences.
    money : Money or None
        Money at stake a year, None where it cannot be counted.
    missing : tuple of Text
        Evidence that is absent, as "purchases: customer, bought_at, amount".
    next_step : Text
        What to do first.
    grade : {"A", "B", "C", "D"} or None
        How well the finding is founded.
    estimates, exhibits, pictures, claims, notes
        What the report shows below the answer.
    """

    number: int
    name: Text
    question: Text
    verdict: Verdict
    finding: Text
    money: Money | None = None
    missing: tuple[Text, ...] = ()
    next_step: Text
    grade: Grade | None = None
    estimates: tuple[Named, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    pictures: tuple[Picture, ...] = ()
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = ()

    def __str__(self) -> str:
        return f"{self.number}. {self.verdict}: {self.finding}"

    def to_dict(self) -> dict[str, Any]:
        """Return the check as plain JSON values; pictures are left to the report."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "pictures"}
        return to_plain(plain)  # type: ignore[no-any-return]


def missing_evidence(table: str, columns: tuple[str, ...]) -> Text:
    """Return the words for columns that a check would need: "purchases: customer, amount"."""
    return Text("{table}: {columns}", table=table, columns=Listing.of(columns))
