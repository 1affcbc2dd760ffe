"""Kano: which wishes must be met, which please in proportion, which delight, which nobody would notice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, lazy, refuse, require_column
from leal.errors import BadValue, Where
from leal.results import Note, Proportion, Result, one_called, to_plain, with_limits
from leal.statistics import estimated_share
from leal.wording import Listing, Percent, Text, plural

if TYPE_CHECKING:
    from leal.charts import Chart, Style

Category = Literal["attractive", "one_dimensional", "must_be", "indifferent", "reverse", "questionable"]

EVALUATION = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""Kano's table: rows answer the question with the wish met, columns without it, 1 (like) to 5 (dislike)."""

CATEGORIES: Mapping[str, Category] = {
    "A": "attractive",
    "O": "one_dimensional",
    "M": "must_be",
    "I": "indifferent",
    "R": "reverse",
    "Q": "questionable",
}

CATEGORY_WORDS: Mapping[Category, Text] = {
    "attractive": Text("attractive"),
    "one_dimensional": Text("one-dimensional"),
    "must_be": Text("must-be"),
    "indifferent": Text("indifferent"),
    "reverse": Text("reverse"),
    "questionable": Text("questionable"),
}

_ANSWERS: Mapping[str, int] = {
    "like": 1, "i like it": 1, "нравится": 1, "мне это нравится": 1,
    "must-be": 2, "must be": 2, "i expect it": 2, "expect": 2, "должно быть": 2, "так и должно быть": 2,
    "neutral": 3, "i am neutral": 3, "безразлично": 3, "мне всё равно": 3, "мне все равно": 3,
    "live-with": 4, "live with": 4, "i can live with it": 4, "tolerate": 4, "могу терпеть": 4,
    "я могу это терпеть": 4, "терпимо": 4,
    "dislike": 5, "i dislike it": 5, "не нравится": 5, "мне это не нравится": 5,
}  # fmt: skip

FEWEST_ANSWERS = 20
_FONG = 1.65
_RESPONDENT = "respondent"
_PRIORITY = "MOAIRQ"  # Berger et al.: what is missed most comes first where counts are equal


@dataclass(frozen=True, slots=True, kw_only=True)
class KanoWish(Result):
    """What kind of wish one is.

    Attributes
    ----------
    wish : str
        Its name.
    counts : dict
        Answers by category.
    n : float
        Answers; weighted ones as an effective number.
    category : str or None
        The category of most answers where its lead over the next is sure, else None: undecided.
    candidates : tuple of str
        The category, or the two that stand too close to be told apart.
    better : Proportion
        How much satisfaction meeting it adds: (A + O) / (A + O + M + I).
    worse : Proportion
        How much dissatisfaction missing it adds, as a share above zero: (O + M) / (A + O + M + I); the
        literature writes it with a minus.
    reach : Proportion
        Share of those asked for whom it matters: attractive, one-dimensional or must-be.
    notes : tuple of Note
        Doubts.
    """

    wish: str
    counts: Mapping[Category, float]
    n: float
    category: Category | None
    candidates: tuple[Category, ...]
    better: Proportion
    worse: Proportion
    reach: Proportion
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return the kind of wish in one sentence."""
        if not self.better.known:
            return Text(
                "{wish}: unknown: needs {needed} answers (n = {n})",
                wish=self.wish,
                needed=FEWEST_ANSWERS,
                n=round(self.n),
            )
        if self.category is None:
            return Text(
                "{wish}: undecided between {candidates} (n = {n})",
                wish=self.wish,
                candidates=Listing.of(CATEGORY_WORDS[name] for name in self.candidates),
                n=round(self.n),
            )
        return Text(
            "{wish}: {category}; having it pleases {better}, lacking it displeases {worse} (n = {n})",
            wish=self.wish,
            category=CATEGORY_WORDS[self.category],
            better=Percent(self.better.estimate),
            worse=Percent(self.worse.estimate),
            n=round(self.n),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KanoSurvey:
    """All wishes of a Kano survey, the most missed first.

    Attributes
    ----------
    wishes : tuple of KanoWish
        By `worse`, then `better`.
    level : float
        Level of the intervals.
    notes : tuple of Note
        Answers left out, and doubts.
    """

    wishes: tuple[KanoWish, ...]
    level: float
    notes: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[KanoWish]:
        return iter(self.wishes)

    def __getitem__(self, wish: str) -> KanoWish:
        return one_called(self.wishes, "wish", wish)

    def __str__(self) -> str:
        return "\n".join(one.sentence() for one in self.wishes) or str(Text("unknown: there are no answers"))

    def chart(self, style: Style | None = None) -> Chart:
        """Draw Kano's map: what meeting each wish adds against what missing it takes away."""
        from leal.charts import Style, kano_map

        return kano_map(self.to_frame(), style or Style())

    def to_frame(self) -> pl.DataFrame:
        """Return one row a wish: counts, category (empty where undecided), better, worse, reach with ends."""
        return pl.DataFrame([_row(one) for one in self.wishes], infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return the survey as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]


def kano_survey(
    answers: FrameLike,
    *,
    wish: str = "wish",
    functional: str = "functional",
    dysfunctional: str = "dysfunctional",
    weight: str | None = None,
    level: float = 0.95,
) -> KanoSurvey:
    """Tell which wishes must be met, which please in proportion, and which nobody would notice.

    Parameters
    ----------
    answers : dataframe or path
        One row a respondent and wish: the wish, and the answers to "how would you feel if it were so?" and
        "if it were not?": 1 like, 2 must be, 3 neutral, 4 live with, 5 dislike, as numbers or in words.
    wish, functional, dysfunctional : str
        Columns of these.
    weight : str, optional
        Column of sampling weights; intervals and decisions rest on the effective number of answers.
    level : float
        Level of the intervals.

    Returns
    -------
    KanoSurvey

    Raises
    ------
    MissingColumn
        A column is not there.
    BadValue
        An answer is none of the five.

    Notes
    -----
    Of a respondent (column ``respondent``, where there is one) the first answer to a wish counts. A category
    is named where its lead over the next is sure: with a and b the two largest of n answers,
    |a - b| >= 1.65 sqrt((a + b)(2n - a - b) / (2n)) (Fong); otherwise the wish is undecided, and often two
    segments are mixed. Rows without one of the two answers are left out and counted.

    When not to use: Kano answers are stated, not behaviour, and an attractive wish becomes a must-be in time.
    What a wish earns is asked of `leal.act.worth_of_wishes` and at last of an experiment.

    References
    ----------
    Kano, Seraku, Takahashi, Tsuji (1984); Berger et al. (1993), Center for Quality of Management Journal
    2(4).
    """
    frame = lazy(answers)
    columns = [wish, functional, dysfunctional, *([weight] if weight else [])]
    for column in columns:
        require_column(frame, column, table="kano")
    if weight:
        refuse(
            frame,
            weight,
            nw.col(weight).is_null() | (nw.col(weight) < 0),
            Text("Give every answer a weight, a number of zero or more."),
        )
    asked = [_RESPONDENT] if _RESPONDENT in column_names(frame) else []
    rows = collect(frame.select(*dict.fromkeys([*columns, *asked]))).fill_nan(None)
    complete = rows.drop_nulls([wish, functional, dysfunctional])
    whole = _once(complete, [*asked, wish]) if asked else complete
    coded = whole.select(
        pl.col(wish).cast(pl.String).alias("wish"),
        _codes(whole[functional], functional).alias("functional"),
        _codes(whole[dysfunctional], dysfunctional).alias("dysfunctional"),
        (pl.col(weight).cast(pl.Float64) if weight else pl.lit(1.0)).alias("weight"),
    )
    counted = coded.filter(pl.col("weight") > 0)
    found = [_wish(str(name), part, level) for (name,), part in counted.group_by("wish", maintain_order=True)]
    notes = (*_left_out(rows.height - complete.height), *_said_again(complete.height - whole.height))
    ordered = sorted(
        found, key=lambda one: (not one.worse.known, -_known(one.worse), -_known(one.better), one.wish)
    )
    return KanoSurvey(wishes=tuple(ordered), level=level, notes=notes)


def kano_category(functional: int, dysfunctional: int) -> Category:
    """Return the category of one pair of answers, each 1 (like) to 5 (dislike).

    Examples
    --------
    >>> kano_category(1, 5), kano_category(2, 5), kano_category(1, 3)
    ('one_dimensional', 'must_be', 'attractive')
    """
    return CATEGORIES[EVALUATION[functional - 1][dysfunctional - 1]]


def _codes(answers: pl.Series, column: str) -> pl.Series:
    if answers.dtype.is_numeric():
        codes = answers.cast(pl.Float64)
        wrong = answers.filter(~codes.is_in([1.0, 2.0, 3.0, 4.0, 5.0]))
    else:
        words = answers.cast(pl.String).str.strip_chars().str.strip_chars(".").str.to_lowercase()
        numbers = words.replace_strict(
            {**_ANSWERS, **{str(code): code for code in range(1, 6)}}, default=None
        )
        codes, wrong = numbers.cast(pl.Float64), answers.filter(numbers.is_null())
    if wrong.len():
        raise BadValue(
            Text("{value} is none of the five answers of a Kano question.", value=repr(wrong[0])),
            hint=Text("Give 1 like, 2 must be, 3 neutral, 4 live with, 5 dislike, as numbers or in words."),
            where=Where(column=column),
        )
    return codes.cast(pl.Int64)


def _wish(name: str, part: pl.DataFrame, level: float) -> KanoWish:
    weights = part["weight"]
    effective = float(weights.sum()) ** 2 / float((weights**2).sum())
    scale = effective / float(weights.sum())
    counts: dict[Category, float] = dict.fromkeys(CATEGORIES.values(), 0.0)
    for functional, dysfunctional, weight in part.select("functional", "dysfunctional", "weight").iter_rows():
        counts[kano_category(functional, dysfunctional)] += weight * scale
    candidates = _candidates(counts, effective)
    pleased = counts["attractive"] + counts["one_dimensional"]
    missed = counts["one_dimensional"] + counts["must_be"]
    matters = pleased + counts["must_be"]
    clear = matters + counts["indifferent"]
    enough = effective >= FEWEST_ANSWERS
    return KanoWish(
        wish=name,
        counts=counts,
        n=effective,
        category=candidates[0] if len(candidates) == 1 and enough else None,
        candidates=candidates,
        better=estimated_share(pleased, clear if enough else 0.0, level),
        worse=estimated_share(missed, clear if enough else 0.0, level),
        reach=estimated_share(matters, effective, level),
        notes=_doubts(counts, effective),
    )


def _candidates(counts: Mapping[Category, float], n: float) -> tuple[Category, ...]:
    """Return the category of most answers, and the next where the two cannot be told apart."""
    ordered = sorted(CATEGORIES, key=lambda letter: (-counts[CATEGORIES[letter]], _PRIORITY.index(letter)))
    first, second = (counts[CATEGORIES[letter]] for letter in ordered[:2])
    both = first + second
    sure = first - second >= _FONG * math.sqrt(both * (2 * n - both) / (2 * n))
    return tuple(CATEGORIES[letter] for letter in ordered[: 1 if sure else 2])


def _doubts(counts: Mapping[Category, float], n: float) -> tuple[Note, ...]:
    notes = []
    if counts["questionable"] > 0.1 * n:
        text = Text(
            "{share} of the answers contradict themselves: the question may be badly put.",
            share=Percent(counts["questionable"] / n),
        )
        notes.append(Note(code="questionable_answers", text=text))
    if counts["reverse"] > 0.2 * n:
        text = Text("{share} of those asked would rather not have it.", share=Percent(counts["reverse"] / n))
        notes.append(Note(code="unwanted", text=text))
    return tuple(notes)


def _once(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Return the first answer of each respondent to each wish; who is not named counts by the row."""
    return rows.filter(pl.col(names[0]).is_null() | pl.struct(names).is_first_distinct())


def _said_again(count: int) -> tuple[Note, ...]:
    if not count:
        return ()
    text = plural(
        "{count} further answer of a respondent to the same wish is left out.",
        "{count} further answers of respondents to the same wish are left out.",
        count,
    )
    return (Note(code="answered_again", text=text),)


def _left_out(count: int) -> tuple[Note, ...]:
    if not count:
        return ()
    text = plural(
        "{count} row without one of the two answers is left out.",
        "{count} rows without one of the two answers are left out.",
        count,
    )
    return (Note(code="half_answered", text=text),)


def _known(share: Proportion) -> float:
    return share.estimate if share.known else -1.0


def _row(one: KanoWish) -> dict[str, object]:
    row: dict[str, object] = {"wish": one.wish, "n": one.n, "category": one.category} | dict(one.counts)
    for name in ("better", "worse", "reach"):
        row |= with_limits(name, getattr(one, name))
    return row
