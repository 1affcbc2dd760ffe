"""Whom to treat, learnt honestly from an experiment: effect x value, proved on customers not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.engine import FrameLike
from leal.measure import RATIO_ALARM
from leal.prove.control_arm import ArmName
from leal.prove.customer_traits import CustomerTraits
from leal.prove.experiment_units import Missing
from leal.prove.influences import money_of
from leal.prove.lots import Shares, chance_columns, clusters_of, folds_of, lot_chances
from leal.prove.targeting_curves import Depth, TargetingCurve, depths_of, first_share
from leal.prove.targeting_rows import read_rows, two_arms
from leal.prove.uplift_results import EffectGroup, TargetingVerdict, UpliftFit, worth_of
from leal.results import Basis, Money, Note
from leal.statistics import (
    FoldedOutcomes,
    RidgeFit,
    sample_ratio_test,
)
from leal.wording import Count, Text

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FEWEST_FOR_A_RULE = 100
"""Customers of an arm below which no rule is learnt."""

FEW_FOR_A_RULE = 1000
"""Customers of an arm below which a rule is seldom told from treating all (docs/proof.md, by simulation)."""

GROUPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftModel:
    """Learns from a randomised experiment whom to treat: by effect x value, never by risk.

    Parameters
    ----------
    covariates : sequence of str
        Few columns known before the start (numbers or words) by which the effect may differ; name them before
        looking at the outcome.
    depths : int
        Points of the curve.

    Notes
    -----
    The outcome in each arm and then the effect are regressed on the covariates by ridge regressions (a line
    and five steps a number, a column a kind of word, no interactions; the penalty by generalised
    cross-validation, down to one effect for all). The effect is learnt from doubly robust scores (the
    DR-learner). Ten folds: a customer is judged by a rule learnt from the folds before theirs, so that the
    money is out of sample and its interval holds though the rules are learnt from the same customers; the
    first three folds only teach. Not for customers who were not drawn by lot, nor for a rule by risk: who is
    likely to leave may be made to leave by the call (Ascarza 2018).

    References
    ----------
    Kennedy (2023), Electronic Journal of Statistics 17 (DR-learner); Luedtke and van der Laan (2016), Annals
    of Statistics 44 (rules judged in the order in which they are learnt); Chernozhukov, Demirer, Duflo,
    Fernandez-Val (2018), NBER 24678 (groups by expected effect); Yadlowsky and others (2025), JASA 120 (the
    area under the targeting curve); Radcliffe (2007), Direct Marketing Analytics Journal (Qini).
    """

    covariates: Sequence[str] = field(default_factory=tuple)
    depths: int = 10

    def fit(
        self,
        frame: FrameLike,
        *,
        arm: str,
        outcome: str,
        control: ArmName | None = None,
        treated: str | None = None,
        shares: Shares | None = None,
        cluster: str | None = None,
        missing: Missing = "error",
        value: float | str = 1.0,
        cost: float = 0.0,
        currency: str | None = None,
        basis: Basis = "revenue",
        level: float = 0.95,
    ) -> UpliftFit:
        """Return whom to treat, and whether that beats treating all and treating nobody.

        Parameters
        ----------
        frame : dataframe or path
            One row a customer who was assigned by lot.
        arm, outcome : str
            Columns: the arm drawn, and what is to be changed.
        control, treated : str, optional
            The two arms; `control` as in `experiment`; `treated` may be left out where there is one.
        shares, cluster, missing
            As in `policy_value`.
        value : float or str
            Money for one unit of the outcome, or the column with what it is worth for each customer (what
            keeping that customer brings).
        cost : float
            Cost a treated customer.
        currency, basis, level
            How money is written and counted; confidence level.

        Returns
        -------
        UpliftFit
            Without a verdict below 100 customers in an arm.

        Notes
        -----
        With s_i the doubly robust score of a customer's effect, g_i = value s_i - cost and r_i the rule's
        yes (expected effect x value above cost): gain = mean r_i g_i, treating all = mean g_i. The gain at
        depth q is that of the first q of each fold by expected gain; customers expected to bring the same
        enter together. All means are over customers who were judged. Limits by Student's t from the spread of
        these terms: they are limits for rules learnt from three to nine tenths of as many customers, a little
        worse than the one of all that `scores` uses.
        """
        more = chance_columns(shares) | {name: name for name in self.covariates}
        more |= {"cluster": cluster} if cluster else {}
        more |= {value: value} if isinstance(value, str) else {}
        table, assigned, notes = read_rows(frame, arm, outcome, missing, more)
        table, names = two_arms(table, control, treated)
        traits = CustomerTraits.learn(table, self.covariates)
        drawn = (table["arm"] == names[0]).to_numpy().astype(np.int64)
        y, worth = table["outcome"].to_numpy(), worth_of(table, value)
        chances = lot_chances(table, [names[1], names[0]], shares)
        fold, design = folds_of(table), traits.design(table)
        learnt = FoldedOutcomes(design, y, drawn, chances, fold)
        effect, model = learnt.effects()
        scores = learnt.scores()
        fewest = int(min(drawn.sum(), len(drawn) - drawn.sum()))
        judged = np.isfinite(effect)
        gains = (worth * (scores[:, 1] - scores[:, 0]) - cost)[judged]
        clusters = clusters_of(table.filter(pl.Series(judged)))
        paper = _Money(fewest, clusters, level, currency, basis)
        sound = _sound(assigned, names, shares)
        return _judged(
            gains,
            (worth * effect - cost)[judged],
            fold[judged],
            paper,
            depths=self.depths,
            sound=sound,
            notes=(*notes, *_remarks(fewest, shares, sound=sound)),
            traits=traits,
            model=model,
            value=value,
            cost=cost,
        )


@dataclass(frozen=True, slots=True)
class _Money:
    """How a mean of terms, one a customer, becomes money per 1,000 customers."""

    fewest: int
    clusters: Integers | None
    level: float
    currency: str | None
    basis: Basis

    def mean(self, terms: Floats, among: Floats | None = None) -> Money:
        """Return 1,000 times the mean of the terms, or of those among whom the flag is 1."""
        flags = np.ones(len(terms)) if among is None else among
        total = float(flags.sum())
        point = float(flags @ terms / total) if total else np.nan
        influence = flags * (terms - point) / total if total else np.zeros(len(terms))
        effective = self.fewest * total / max(len(terms), 1)
        return money_of(
            1000 * point,
            1000 * influence,
            effective=effective,
            clusters=self.clusters,
            method="aipw",
            level=self.level,
            currency=self.currency,
            basis=self.basis,
        )


def _judged(
    gains: Floats,
    expected: Floats,
    fold: Integers,
    paper: _Money,
    *,
    depths: int,
    sound: bool,
    notes: tuple[Note, ...],
    traits: CustomerTraits,
    model: RidgeFit,
    value: float | str,
    cost: float,
) -> UpliftFit:
    order = _order(expected, fold)
    rule = (expected > 0).astype(np.float64)
    gain, everybody = paper.mean(rule * gains), paper.mean(gains)
    over_all = paper.mean((rule - 1) * gains)
    return UpliftFit(
        gain=gain,
        everybody=everybody,
        gain_over_all=over_all,
        curve=_curve(gains, order, paper, depths),
        groups=_groups(gains, expected, order, paper),
        treated=paper.mean(gains, rule),
        left_alone=paper.mean(gains, 1 - rule),
        treated_share=float(rule.mean()) if len(rule) else 0.0,
        verdict=_verdict(gain, everybody, over_all, paper.fewest, sound=sound),
        traits=traits,
        model=model,
        value=value,
        cost=cost,
        n=len(gains),
        notes=notes,
    )


def _verdict(gain: Money, everybody: Money, over_all: Money, fewest: int, *, sound: bool) -> TargetingVerdict:
    if not sound:
        return "not_sound"
    if fewest < FEWEST_FOR_A_RULE or not (gain.known and everybody.known):
        return "not_enough_data"
    if gain.ci_low > 0 and over_all.ci_low > 0:
        return "targeting_pays"
    if everybody.ci_low > 0:
        return "not_above_all"
    return "above_nobody_only" if gain.ci_low > 0 else "nothing_pays"


def _sound(assigned: dict[str, int], names: tuple[str, str], shares: Shares | None) -> bool:
    """Tell whether the arms are of the sizes that were meant, where somebody said what was meant."""
    meant = [shares[name] for name in names] if shares is not None else []
    told = [float(one) for one in meant if not isinstance(one, str)]
    if len(told) < 2:
        return True
    test = sample_ratio_test([float(assigned[name]) for name in names], told)
    return not test.known or test.p_value >= RATIO_ALARM


def _remarks(fewest: int, shares: Shares | None, *, sound: bool) -> tuple[Note, ...]:
    notes = []
    if shares is None:
        text = Text("The chances of the lot were taken from the sizes of the arms.")
        notes.append(Note(code="shares_found", text=text))
    if not sound:
        text = Text(
            "The arms are not of the sizes that were meant (p < 0.001): find what lost or added customers"
            " before reading the outcome. Nothing is called proved."
        )
        notes.append(Note(code="sample_ratio", text=text))
    if fewest < FEWEST_FOR_A_RULE:
        text = Text(
            "The smaller arm has {count} customers; a rule is learnt from {needed}.",
            count=Count(fewest),
            needed=Count(FEWEST_FOR_A_RULE),
        )
        notes.append(Note(code="few_for_a_rule", text=text))
    elif fewest < FEW_FOR_A_RULE:
        text = Text(
            "The smaller arm has {count} customers: unless effects differ very much, as few seldom tell"
            " targeting from treating all.",
            count=Count(fewest),
        )
        notes.append(Note(code="few_for_a_rule", text=text))
    return tuple(notes)


def _order(expected: Floats, fold: Integers) -> tuple[Floats, Floats]:
    """Return the depth of each customer within their fold: models of different folds are not compared."""
    begins, width = np.zeros((2, len(expected)))
    for k in range(FoldedOutcomes.folds):
        inside = np.flatnonzero(fold == k)
        begins[inside], width[inside] = depths_of(expected[inside])
    return begins, width


def _curve(gains: Floats, order: tuple[Floats, Floats], paper: _Money, depths: int) -> TargetingCurve:
    shares = [place / depths for place in range(1, depths + 1)]
    inside = [first_share(order, share) for share in shares]
    whole = float(gains.mean()) if len(gains) else np.nan
    found = tuple(
        Depth(share=share, gain=paper.mean(flags * gains), chance=1000 * share * whole)
        for share, flags in zip(shares, inside, strict=True)
    )
    beyond = np.mean([flags - share for share, flags in zip(shares, inside, strict=True)], axis=0)
    return TargetingCurve(depths=found, above_chance=paper.mean(beyond * gains), n=len(gains), notes=())


def _groups(
    gains: Floats, expected: Floats, order: tuple[Floats, Floats], paper: _Money
) -> tuple[EffectGroup, ...]:
    found, above = [], np.zeros(len(gains))
    for place in range(1, GROUPS + 1):
        until = first_share(order, place / GROUPS)
        flags, above = until - above, until
        total = float(flags.sum())
        found.append(
            EffectGroup(
                group=place,
                n=round(total),
                expected=1000 * float(flags @ expected) / total if total else np.nan,
                measured=paper.mean(gains, flags),
            )
        )
    return tuple(found)
