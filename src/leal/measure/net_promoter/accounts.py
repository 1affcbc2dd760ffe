"""The NPS of business customers: several people of one account are not several accounts."""

from __future__ import annotations

import dataclasses
from typing import Literal

from leal.engine import Floats
from leal.measure.net_promoter.nps_result import POINTS, NpsResult
from leal.measure.net_promoter.sums import Sums
from leal.results import Note
from leal.statistics import ClusteredNps, clustered_nps
from leal.wording import Count, Text

Average = Literal["answers", "accounts"]
"""Whose voices count alike: all answers, or all accounts however many people of one answered."""

FEW_ACCOUNTS = 20


def with_design(sums: Sums, clusters: Floats) -> Sums:
    """Return the sums of a group with the design effect of its clusters beside that of its weights."""
    if len(clusters) < 2 or not sums.kish:
        return sums
    error = clustered_nps(clusters).standard_error
    worth = (
        sums.shares.variance / error**2 if error > 0 and sums.shares.variance > 0 else float(len(clusters))
    )
    return dataclasses.replace(sums, design_effect=sums.kish / worth)


def with_accounts(result: NpsResult, clusters: Floats, average: Average) -> NpsResult:
    """Return an NPS with the interval that accounts (or customers) allow, or as the mean of their own NPS.

    Parameters
    ----------
    result : NpsResult
        The NPS of all answers.
    clusters : array (accounts, 3)
        Detractors, passives, promoters of each account (sums of weights where weighted).
    average : {"answers", "accounts"}
        Whose voices count alike.
    """
    if not result.known:
        return result
    found = clustered_nps(clusters, result.level)
    if average == "accounts":
        return _averaged(result, clusters, found)
    return dataclasses.replace(
        result,
        ci_low=POINTS * found.ci_low,
        ci_high=POINTS * found.ci_high,
        method=found.method,
        accounts=found.accounts,
        notes=(*result.notes, *_notes(found)),
    )


def _averaged(result: NpsResult, clusters: Floats, found: ClusteredNps) -> NpsResult:
    own = clusters[clusters.sum(axis=1) > 0]
    shares = (own / own.sum(axis=1, keepdims=True)).mean(axis=0)
    mean = found.account_average
    return dataclasses.replace(
        result,
        estimate=POINTS * mean.estimate,
        ci_low=POINTS * mean.ci_low,
        ci_high=POINTS * mean.ci_high,
        method=mean.method,
        detractor_share=float(shares[0]),
        passive_share=float(shares[1]),
        promoter_share=float(shares[2]),
        variance=_variance(own),
        n_effective=float(len(own)),
        accounts=len(own),
        notes=(*result.notes, *_notes(found)),
    )


def _variance(own: Floats) -> float:
    """Return the variance of one account's own NPS; of a single account the largest there can be."""
    if len(own) < 2:
        return 1.0
    scores = (own[:, 2] - own[:, 0]) / own.sum(axis=1)
    return float(scores.var(ddof=1))


def _notes(found: ClusteredNps) -> tuple[Note, ...]:
    if found.accounts >= FEW_ACCOUNTS or found.accounts < 2:
        return found.notes
    text = Text(
        "Only {accounts} accounts answered: the interval itself is rough.", accounts=Count(found.accounts)
    )
    return (*found.notes, Note(code="few_accounts", text=text))
