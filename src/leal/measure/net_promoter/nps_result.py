"""One Net Promoter Score with what is needed to trust it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leal.measure.by_group import Score
from leal.measure.net_promoter.sums import Sums
from leal.results import Note
from leal.statistics import IntervalMethod, NpsCounts, nps_intervals
from leal.wording import Count, Decimal, Formatted, Points, Text, plural

if TYPE_CHECKING:
    from leal.charts import Chart, Measure, Style

POINTS = 100.0
FEW_ANSWERS = 30
UNEVEN_WEIGHTS = 2.0
"""Design effect from which the weights are called uneven: half of the answers' worth is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NpsResult(Score):
    """The Net Promoter Score: the share of promoters less the share of detractors, in points.

    Attributes
    ----------
    estimate : float
        From -100 to 100 points.
    ci_low, ci_high : float
        Limits of the interval that `method` names, in points.
    n : float
        Answers with a score.
    detractors, passives, promoters : int
        Answers of 0-6, 7-8 and 9-10, unweighted.
    detractor_share, passive_share, promoter_share : float
        Shares of the answers, weighted where `weighted`.
    n_effective : float
        Equally weighted, independent answers that would say as much: (sum w)^2 / sum w^2, less where answers
        of one account or customer are alike, more where most of the whole base answered.
    weighted : bool
        Whether weights were used.
    variance : float
        Of one answer on the scale -1, 0, 1.
    unanswered : int
        Rows without a score; they are not in `n`.
    base : int or None
        Customers in the whole base, where given.
    accounts : int or None
        Accounts (or customers) that the answers come from, where given.
    """

    detractors: int
    passives: int
    promoters: int
    detractor_share: float
    passive_share: float
    promoter_share: float
    n_effective: float
    weighted: bool = False
    variance: float
    unanswered: int = 0
    base: int | None = None
    accounts: int | None = None

    @property
    def counts(self) -> NpsCounts:
        """The shares times `n_effective`: what intervals and tests of `leal.statistics` take."""
        if not self.known:
            return NpsCounts(0.0, 0.0, 0.0)
        return NpsCounts(
            self.detractor_share * self.n_effective,
            self.passive_share * self.n_effective,
            self.promoter_share * self.n_effective,
        )

    @property
    def standard_error(self) -> float:
        """Standard error in points, with the design: weights, clusters, finite base."""
        return POINTS * math.sqrt(self.variance / self.n_effective) if self.known else math.nan

    @property
    def nonresponse_bounds(self) -> tuple[float, float] | None:
        """The NPS, in points, if all who did not answer were detractors, and if all were promoters.

        None without a `base`. r s - (1 - r) and r s + (1 - r), r the share of the base that answered: not an
        interval but the most that silence can hide.
        """
        if self.base is None or not self.known:
            return None
        answered = min(self.n / self.base, 1.0)
        silent = POINTS * (1 - answered)
        return answered * self.estimate - silent, answered * self.estimate + silent

    @property
    def measure(self) -> Measure:
        """How charts write the figure."""
        return "points"

    def chart(self, style: Style | None = None) -> Chart:
        """Draw the shares of the three groups, and below them the score with its interval."""
        import polars as pl

        from leal.charts import Style, nps_bar

        n = self.n if self.known else 0
        shares = [self.detractor_share * n, self.passive_share * n, self.promoter_share * n] if n else [0] * 3
        counts = pl.DataFrame([shares], schema=["detractors", "passives", "promoters"], orient="row")
        rest = self.to_frame().drop("detractors", "passives", "promoters")
        return nps_bar(pl.concat([counts, rest], how="horizontal"), style or Style())

    def figure(self, value: float) -> Formatted:
        """Return points as they are written."""
        return Points(value)

    def sentence(self) -> Text:
        """Return the result in one sentence: NPS, interval, n."""
        if not self.known:
            return Text("NPS unknown: there is no answer with a score")
        return Text(
            "NPS {nps} ({level} % {low} to {high}, n = {n})",
            nps=Points(self.estimate),
            level=Decimal(100 * self.level, 0 if math.isclose(100 * self.level % 1, 0, abs_tol=1e-9) else 1),
            low=Points(self.ci_low),
            high=Points(self.ci_high),
            n=Count(self.n),
        )


def nps_of_sums(
    sums: list[Sums], level: float, method: IntervalMethod, *, weighted: bool, seed: int = 0
) -> list[NpsResult]:
    """Return the NPS of each group; all intervals are found together."""
    counts = [group.counts for group in sums]
    low, high = nps_intervals(
        [group.detractors for group in counts],
        [group.passives for group in counts],
        [group.promoters for group in counts],
        level=level,
        method=method,
        seed=seed,
    )
    return [
        _result(group, float(low[place]), float(high[place]), level, method, weighted=weighted)
        for place, group in enumerate(sums)
    ]


def nps_of_counts(
    counts: NpsCounts, level: float = 0.95, method: IntervalMethod = "score", *, seed: int = 0
) -> NpsResult:
    """Return the NPS of so many detractors, passives and promoters.

    Parameters
    ----------
    counts : NpsCounts
        Whole numbers of answers.
    level : float
        Confidence level.
    method : {"score", "adjusted_wald", "wald", "bootstrap", "jeffreys"}
        How the interval is made.
    seed : int
        Of the bootstrap.

    Examples
    --------
    >>> from leal.statistics import NpsCounts
    >>> print(nps_of_counts(NpsCounts(15, 35, 50)))
    NPS 35 (95 % 20 to 48, n = 100)
    """
    exact = (counts.detractors, counts.passives, counts.promoters)
    sums = Sums(answers=tuple(round(count) for count in exact), weights=exact, squares=counts.n)
    return nps_of_sums([sums], level, method, weighted=False, seed=seed)[0]


def _result(
    sums: Sums, low: float, high: float, level: float, method: IntervalMethod, *, weighted: bool
) -> NpsResult:
    shares = sums.shares
    known = shares.n > 0
    estimate = POINTS * (shares.promoters - shares.detractors) if known else math.nan
    return NpsResult(
        estimate=estimate,
        ci_low=min(POINTS * low, estimate) if known else math.nan,
        ci_high=max(POINTS * high, estimate) if known else math.nan,
        n=sums.n,
        level=level,
        method=method,
        notes=tuple(_notes(sums, weighted=weighted)),
        detractors=sums.answers[0],
        passives=sums.answers[1],
        promoters=sums.answers[2],
        detractor_share=shares.detractors if known else math.nan,
        passive_share=shares.passives if known else math.nan,
        promoter_share=shares.promoters if known else math.nan,
        n_effective=sums.n_effective,
        weighted=weighted,
        variance=shares.variance if known else math.nan,
        unanswered=sums.unanswered,
        base=sums.base,
    )


def _notes(sums: Sums, *, weighted: bool) -> list[Note]:
    notes = list(sums.notes)
    if sums.unanswered:
        notes.append(_no_score(sums.unanswered))
    if not sums.weight > 0:
        return [*notes, Note(code="no_answers", text=Text("An NPS needs answers; about 30 make it useful."))]
    kish = sums.kish
    if weighted and sums.n > UNEVEN_WEIGHTS * kish:
        notes.append(_uneven(sums.n, kish))
    if min(sums.n, kish) < FEW_ANSWERS:
        notes.append(_few(min(sums.n, kish)))
    if max(sums.weights) == sums.weight:
        notes.append(_one_group())
    if sums.base is not None:
        notes.append(_base(sums.n, sums.base))
    return notes


def _no_score(count: int) -> Note:
    words = plural(
        "{count} row without a score is not counted.", "{count} rows without a score are not counted.", count
    )
    return Note(code="no_score", text=words)


def _few(n: float) -> Note:
    return Note(code="few_answers", text=Text("n = {n}: read it as a direction only.", n=Count(n)))


def _one_group() -> Note:
    text = Text("All answers are in one group: the interval rests on their number alone.")
    return Note(code="one_group", text=text)


def _uneven(n: float, kish: float) -> Note:
    text = Text(
        "The weights are uneven: {n} answers say as much as {kish} with equal weights.",
        n=Count(n),
        kish=Count(kish),
    )
    return Note(code="uneven_weights", text=text)


def _base(n: float, base: int) -> Note:
    if n > base:
        text = Text(
            "There are more answers ({n}) than customers in the base ({base}).", n=Count(n), base=Count(base)
        )
        return Note(code="more_answers_than_base", text=text)
    text = Text(
        "{n} of {base} customers answered; the interval allows for that, not for the silent being different.",
        n=Count(n),
        base=Count(base),
    )
    return Note(code="finite_base", text=text)
