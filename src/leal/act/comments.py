"""Word of mouth estimated (M4): what comments met by buyers and by non-buyers say of weight and need."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from leal.act.comment_results import ChannelWeight, CommentsEstimate
from leal.act.logit import fit_logit
from leal.act.uncertain import Floats
from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.results import Estimate, Note
from leal.statistics import around_middle, resample_counts
from leal.wording import Count, Text, plural

if TYPE_CHECKING:
    import polars as pl

REPLICATES = 2_000
FEWEST = 20
"""Buyers, and non-buyers, below which nothing is estimated."""

ALL = "all"


def estimate_comments(
    answers: FrameLike,
    *,
    bought: str = "bought",
    positive: str | Mapping[str, str] = "positive",
    negative: str | Mapping[str, str] = "negative",
    buyers_share: float | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> CommentsEstimate:
    """Estimate from a survey how much a negative comment weighs and how many comments win a customer.

    Parameters
    ----------
    answers : dataframe or path
        One row a respondent, recent buyers *and* people who considered buying and did not.
    bought : str
        Column that tells whether they bought (true and false, or 1 and 0).
    positive, negative : str or mapping of channel to str
        Columns with the numbers of positive and of negative comments that they met; by channel
        (``{"friends": "friends_good", "reviews": "reviews_good"}``) all channels are estimated together.
    buyers_share : float, optional
        Share of prospects who buy in truth, 0..1. Needed for `needed` where buyers and non-buyers were
        sought out separately: the sample's own share of buyers is then made by the survey.
    level : float
        Level of the intervals.
    replicates : int
        Resamples of respondents.
    seed : int
        Their seed.

    Returns
    -------
    CommentsEstimate
        Unknown where there are fewer than 20 buyers or non-buyers, or positive comments do not surely help.

    Raises
    ------
    MissingColumn, BadValue
        A column is missing, or holds what is no count or no yes and no.

    Notes
    -----
    Logit P(buy) = alpha + sum over channels of b+ X - b- Y; w = b-/b+, k = -alpha/b+. Percentile intervals of
    resampled respondents. With `buyers_share` tau, alpha is corrected by log((1 - tau)/tau x y/(1 - y)), y
    the sample's share (King and Zeng 2001), and buyers and non-buyers are resampled apart. Slopes need no
    correction. Not a cause: those who want to buy look for praise. Ask what was met before deciding.

    References
    ----------
    King and Zeng (2001), Political Analysis 9(2), 137-163.
    """
    pairs = _pairs(positive, negative)
    rows, left_out = _read(answers, bought, pairs)
    cells = rows.group_by(rows.columns).len("count").sort(rows.columns)
    outcome = cells["bought"].cast(float).to_numpy()
    counts = cells["count"].cast(float).to_numpy()
    buyers, others = int(counts[outcome == 1].sum()), int(counts[outcome == 0].sum())
    notes = list(_notes(left_out, buyers_share))
    design = _design(cells, len(pairs))
    shift = _check_share(buyers_share)
    if min(buyers, others) < FEWEST:
        text = Text(
            "Needs {fewest} buyers and {fewest} who did not buy; found {buyers} and {others}.",
            fewest=Count(FEWEST),
            buyers=Count(buyers),
            others=Count(others),
        )
        notes.append(Note(code="few_buyers", text=text))
        return _unknown(pairs, buyers, others, level, notes)
    point = fit_logit(design, outcome, counts[None, :])[0]
    strata = None if buyers_share is None else outcome
    drawn = np.concatenate(
        [
            _corrected(fit_logit(design, outcome, block), outcome, block, shift)
            for block in resample_counts(counts, replicates, seed=seed, strata=strata)
        ]
    )
    fitted = _corrected(point[None, :], outcome, counts[None, :], shift)[0]
    return _result(pairs, fitted, drawn, buyers, others, level, notes)


def _pairs(
    positive: str | Mapping[str, str], negative: str | Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    if isinstance(positive, str) and isinstance(negative, str):
        return {ALL: (positive, negative)}
    by_channel = isinstance(positive, Mapping) and isinstance(negative, Mapping)
    if by_channel and positive and set(positive) == set(negative):
        return {channel: (positive[channel], negative[channel]) for channel in positive}  # type: ignore[index]
    raise BadValue(
        Text("Positive and negative comments are not given for the same channels."),
        hint=Text("Give two columns, or two mappings of the same channels to columns."),
        where=Where(column="positive"),
    )


def _read(answers: FrameLike, bought: str, pairs: dict[str, tuple[str, str]]) -> tuple[pl.DataFrame, int]:
    """Return one row a respondent: bought, x0, y0, x1, y1, ...; and how many were left out for gaps."""
    import polars as pl

    frame = lazy(answers)
    columns = {bought: "bought"}
    for place, (good, bad) in enumerate(pairs.values()):
        columns |= {good: f"x{place}", bad: f"y{place}"}
    for name in columns:
        require_column(frame, name, table="answers")
    table = collect(frame.select(*columns)).rename(columns)
    names = {short: name for name, short in columns.items()}
    known = table.drop_nulls()
    numbers = []
    for short in known.columns:
        number = known[short].cast(pl.Float64, strict=False)
        usable = number.is_in([0.0, 1.0]) if short == "bought" else number.is_finite() & (number >= 0)
        if not usable.fill_null(value=False).all():
            raise _no_count(names[short], known[short].filter(~usable.fill_null(value=False))[0], short)
        numbers.append(number.alias(short))
    return pl.DataFrame(numbers), table.height - known.height


def _no_count(column: str, value: object, short: str) -> BadValue:
    hint = (
        Text("Give true and false, or 1 and 0.") if short == "bought" else Text("Give numbers from zero up.")
    )
    return BadValue(
        Text("The column {column} holds {value}.", column=repr(column), value=repr(value)),
        hint=hint,
        where=Where(column=column),
    )


def _design(cells: pl.DataFrame, channels: int) -> Floats:
    """Return constant, and for each channel positive comments and negative ones with their sign turned."""
    columns = [np.ones(cells.height)]
    for place in range(channels):
        columns += [cells[f"x{place}"].to_numpy(), -cells[f"y{place}"].to_numpy()]
    return np.column_stack(columns)


def _check_share(share: float | None) -> float | None:
    """Return the log-odds of buying in truth."""
    if share is None:
        return None
    if not 0 < share < 1:
        raise BadValue(
            Text("The share of buyers cannot be {share}.", share=str(share)),
            hint=Text("Give a fraction above 0 and below 1."),
            where=Where(column="buyers_share"),
        )
    return math.log(share / (1 - share))


def _corrected(fits: Floats, outcome: Floats, counts: Floats, truth: float | None) -> Floats:
    """Return fits whose constant is that of the market, not that of a sample made of two."""
    if truth is None:
        return fits
    bought = counts @ outcome
    fits = fits.copy()
    fits[:, 0] += truth - np.log(bought / (counts.sum(axis=1) - bought))
    return fits


def _result(
    pairs: dict[str, tuple[str, str]],
    fitted: Floats,
    drawn: Floats,
    buyers: int,
    others: int,
    level: float,
    notes: list[Note],
) -> CommentsEstimate:
    n = float(buyers + others)
    good = np.isfinite(drawn).all(axis=1)
    tail = (1 - level) / 2
    channels, draws, unsure = [], {}, []
    for place, channel in enumerate(pairs):
        helps, hurts = 1 + 2 * place, 2 + 2 * place
        # a ratio has limits only where its denominator surely lies above zero
        sure = bool(np.all(np.isfinite(fitted))) and float(np.mean(good & (drawn[:, helps] > 0))) >= 1 - tail
        if sure:
            usable = drawn[good & (drawn[:, helps] > 0)]
            draws[channel] = (usable[:, hurts] / usable[:, helps], -usable[:, 0] / usable[:, helps])
            weight = _estimate(fitted[hurts] / fitted[helps], draws[channel][0], n, level)
            needed = _estimate(-fitted[0] / fitted[helps], draws[channel][1], n, level)
        else:
            unsure.append(channel)
            weight = needed = Estimate.unknown(n, level)
        channels.append(
            ChannelWeight(
                channel=channel,
                weight=weight,
                needed=needed,
                positive=_estimate(fitted[helps], drawn[good, helps], n, level),
                negative=_estimate(fitted[hurts], drawn[good, hurts], n, level),
            )
        )
    if unsure:
        text = Text("It is not sure that positive comments help, so no weight can be told.")
        notes.append(Note(code="no_slope", text=text))
    return CommentsEstimate(
        channels=tuple(channels),
        constant=_estimate(fitted[0], drawn[good, 0], n, level),
        buyers=buyers,
        others=others,
        notes=tuple(notes),
        draws=draws,
    )


def _estimate(value: float, draws: Floats, n: float, level: float) -> Estimate:
    middle = float(value) if draws.size >= 2 else math.nan
    return around_middle(Estimate, middle, draws, n=n, level=level, method="bootstrap")


def _unknown(
    pairs: dict[str, tuple[str, str]], buyers: int, others: int, level: float, notes: list[Note]
) -> CommentsEstimate:
    nothing = Estimate.unknown(float(buyers + others), level)
    channels = tuple(
        ChannelWeight(channel=channel, weight=nothing, needed=nothing, positive=nothing, negative=nothing)
        for channel in pairs
    )
    return CommentsEstimate(
        channels=channels, constant=nothing, buyers=buyers, others=others, notes=tuple(notes)
    )


def _notes(left_out: int, buyers_share: float | None) -> list[Note]:
    notes = []
    if left_out:
        text = plural(
            "{count} respondent with a gap is left out.",
            "{count} respondents with a gap are left out.",
            left_out,
        )
        notes.append(Note(code="left_out", text=text))
    if buyers_share is None:
        text = Text(
            "How many comments win a customer holds only if the sample has buyers in their true share; else"
            " give buyers_share."
        )
        notes.append(Note(code="share_of_sample", text=text))
    return notes
