"""NPS beside the index on the same people: dissatisfied promoters, loyal passives and detractors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from leal.engine import FrameLike, collect, lazy, require_column
from leal.measure.index.index_bands import EPSI_BANDS, Band, check_bands
from leal.measure.net_promoter.nps_result import NpsResult
from leal.measure.net_promoter.scores import DETRACTORS, PASSIVES, PROMOTERS, nps
from leal.path_model import PathFit, construct_name
from leal.results import Note, Proportion, to_plain
from leal.statistics import proportion_interval
from leal.wording import Count, Percent, Text

if TYPE_CHECKING:
    import polars as pl

_GROUPS = {"detractors": DETRACTORS, "passives": PASSIVES, "promoters": PROMOTERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class NpsBesideIndex:
    """What the NPS group of a customer says of satisfaction and loyalty by the index, and what it hides.

    Attributes
    ----------
    nps : NpsResult
        Of those who answered both.
    dissatisfied_promoters : Proportion
        Of the promoters, those whose satisfaction lies in the lowest band.
    loyal_others : Proportion
        Of passives and detractors together, those whose loyalty lies in the highest band.
    loyal_passives, loyal_detractors : Proportion
        The same apart.
    table : polars.DataFrame
        group, n, satisfaction, loyalty (mean index), dissatisfied, loyal (shares): a row a group.
    agreement : float
        Rank correlation of the recommendation score with the loyalty index.
    notes : tuple of Note
        Doubts.
    """

    nps: NpsResult
    dissatisfied_promoters: Proportion
    loyal_others: Proportion
    loyal_passives: Proportion
    loyal_detractors: Proportion
    table: pl.DataFrame
    agreement: float
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return both errors of the NPS groups in one sentence."""
        if not self.dissatisfied_promoters.known or not self.loyal_others.known:
            return Text("Too few promoters, passives and detractors answered the items of the index.")
        return Text(
            "{dissatisfied} of promoters are dissatisfied by the index, and {loyal} of passives and "
            "detractors are loyal by it.",
            dissatisfied=Percent(self.dissatisfied_promoters.estimate),
            loyal=Percent(self.loyal_others.estimate),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return to_plain(plain)  # type: ignore[no-any-return]


def nps_beside_index(
    fit: PathFit,
    answers: FrameLike,
    score: str = "recommend",
    *,
    satisfaction: str = "Satisfaction",
    loyalty: str = "Loyalty",
    weight: str | None = None,
    bands: tuple[Band, ...] = EPSI_BANDS,
    level: float = 0.95,
) -> NpsBesideIndex:
    """Tell how many promoters are dissatisfied by the index, and how many passives and detractors loyal.

    Parameters
    ----------
    fit : PathFit
        The fitted model.
    answers : dataframe or path
        Answers with the recommendation question (0 to 10) and the items, one row a person.
    score : str
        Column of the recommendation question.
    satisfaction, loyalty : str
        Constructs of the model.
    weight : str or None
        Column of sampling weights.
    bands : tuple of Band
        Dissatisfied is the lowest band, loyal the highest.
    level : float
        Confidence level (Wilson intervals, with Kish's effective n under weights).

    Notes
    -----
    A person's index is three answers, so some of the "dissatisfied promoters" are measurement error; which of
    the two numbers separates later purchases better is a question to the purchases, not to this table.
    Whatever the fit did with gaps, a person is classed by own answers alone: who left out an item of either
    construct is counted in the notes, for what is filled in for a gap is drawn towards the mean of all.
    """
    import polars as pl
    from scipy.stats import spearmanr

    check_bands(bands)
    fit.model[satisfaction], fit.model[loyalty]
    frame = lazy(answers)
    for column in (score, *([weight] if weight else [])):
        require_column(frame, column, table="answers")
    wanted = list(dict.fromkeys([*fit.model.items, score, *([weight] if weight else [])]))
    rows = collect(frame.select(*(nw.col(name) for name in wanted)))
    index = fit.scores(rows, unit="index")
    people = pl.DataFrame(
        {
            "score": rows[score].cast(pl.Float64),
            "satisfaction": index[satisfaction],
            "loyalty": index[loyalty],
            "weight": rows[weight].cast(pl.Float64) if weight else pl.Series([1.0] * rows.height),
        }
    ).drop_nulls(["score", "weight"])
    scored = people.height
    people = people.drop_nulls()
    groups = {name: people.filter(pl.col("score").is_between(*ends)) for name, ends in _GROUPS.items()}
    low, high = bands[0].high, bands[-1].low
    others = pl.concat([groups["passives"], groups["detractors"]])
    return NpsBesideIndex(
        nps=nps(people, score="score", weight="weight" if weight else None, level=level),
        dissatisfied_promoters=_share(groups["promoters"], pl.col("satisfaction") < low, level),
        loyal_others=_share(others, pl.col("loyalty") > high, level),
        loyal_passives=_share(groups["passives"], pl.col("loyalty") > high, level),
        loyal_detractors=_share(groups["detractors"], pl.col("loyalty") > high, level),
        table=pl.DataFrame([_row(name, part, low, high) for name, part in groups.items()]).fill_nan(None),
        agreement=float(spearmanr(people["score"], people["loyalty"]).statistic)
        if people.height > 2 and people["score"].n_unique() > 1
        else float("nan"),
        notes=(*_notes(people), *_unclassed(scored - people.height, satisfaction, loyalty)),
    )


def _share(people: pl.DataFrame, condition: pl.Expr, level: float) -> Proportion:
    weights = people["weight"].to_numpy()
    hits = people.select(condition.alias("hit"))["hit"].to_numpy()
    squares = float((weights**2).sum())
    effective = float(weights.sum() ** 2 / squares) if squares else 0.0
    share = float(weights[hits].sum() / weights.sum()) if effective else float("nan")
    interval = proportion_interval(share * effective if effective else 0.0, effective, level)
    return Proportion(
        estimate=share,
        ci_low=interval.low,
        ci_high=interval.high,
        n=people.height,
        level=level,
        method=interval.method,
    )


def _row(name: str, people: pl.DataFrame, low: float, high: float) -> dict[str, object]:
    weights = people["weight"].to_numpy()

    def mean(values: NDArray[Any]) -> float:
        return float(np.average(values, weights=weights)) if weights.sum() > 0 else float("nan")

    satisfaction, loyalty = people["satisfaction"].to_numpy(), people["loyalty"].to_numpy()
    return {
        "group": name,
        "n": people.height,
        "satisfaction": mean(satisfaction),
        "loyalty": mean(loyalty),
        "dissatisfied": mean(satisfaction < low),
        "loyal": mean(loyalty > high),
    }


def _notes(people: pl.DataFrame) -> tuple[Note, ...]:
    text = Text(
        "One person's index rests on a few answers: part of these shares is measurement error. "
        "Whether NPS or index foretells purchases is asked of the purchases."
    )
    return (Note(code="one_person_is_noisy", text=text),) if people.height else ()


def _unclassed(count: int, satisfaction: str, loyalty: str) -> tuple[Note, ...]:
    if not count:
        return ()
    text = Text(
        "{count} people who left out an item of {satisfaction} or {loyalty} are not classed: what is filled "
        "in for a gap does not tell what one person thinks. Ask these items of everybody.",
        count=Count(count),
        satisfaction=construct_name(satisfaction),
        loyalty=construct_name(loyalty),
    )
    return (Note(code="not_classed", text=text),)
