"""What a rule of targeting would have brought, from a lot that was drawn and logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.engine import FrameLike
from leal.errors import BadOption, BadValue, Where
from leal.prove.control_arm import ArmName, control_arm
from leal.prove.customer_traits import CustomerTraits
from leal.prove.experiment_units import Missing
from leal.prove.influences import money_of
from leal.prove.lots import Shares, chance_columns, clusters_of, folds_of, lot_chances
from leal.prove.targeting_rows import read_rows
from leal.results import Basis, Money, Note, Result
from leal.statistics import FoldedOutcomes, proving_limit
from leal.wording import Count, Percent, RoundAmount, Text

Floats = npt.NDArray[np.float64]

FEW_AGREED = 50
"""Effective number of customers below which the value of a rule rests on too few."""

THIN_CHANCE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How far the lot that was drawn can speak for the rule.

    Attributes
    ----------
    agreed : int
        Customers whose lot agreed with the rule.
    effective_n : float
        How many customers of equal weight they are worth: (sum w)^2/sum w^2.
    least_chance : float
        The least chance that any customer had of the arm which the rule gives them.
    heaviest : float
        Share of all the weight that the heaviest hundredth of those who agreed bears: .01 with equal chances.
    """

    agreed: int
    effective_n: float
    least_chance: float
    heaviest: float

    @property
    def thin(self) -> bool:
        """Whether the rule asks for what the lot hardly ever gave."""
        return self.effective_n < FEW_AGREED or self.least_chance < THIN_CHANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValue(Result):
    """What a rule that says whom to treat would bring, a customer, from a lot that was drawn before.

    Attributes
    ----------
    value : Money
        Money a customer under the rule, cost taken off: doubly robust where covariates were named, else with
        self-normalised weights.
    gain : Money
        What the rule brings more than treating nobody, by the same method.
    gain_over_all : Money or None
        What it brings more than treating everybody; None with several treated arms.
    self_normalised, plain : Money
        `value` with self-normalised weights (SNIPS) and with plain inverse weights (IPS: unbiased, noisier).
    doubly_robust : Money or None
        `value` by the lot and a model of the outcome together (AIPW); None without covariates.
    overlap : Overlap
        How far the lot can speak for the rule.
    treated_share : float
        Share of customers whom the rule would treat.
    n : int
    notes : tuple of Note
    """

    value: Money
    gain: Money
    gain_over_all: Money | None
    self_normalised: Money
    plain: Money
    doubly_robust: Money | None
    overlap: Overlap
    treated_share: float
    n: int
    notes: tuple[Note, ...] = ()

    @property
    def effective_n(self) -> float:
        """Customers that the value rests on: those whose lot agreed with the rule, by their weights."""
        return self.overlap.effective_n

    @property
    def proved(self) -> bool:
        """Whether the rule surely brings more than treating nobody."""
        return self.gain.known and proving_limit(self.gain) > 0

    def sentence(self) -> Text:
        """Return the gain of the rule in one sentence."""
        if not self.gain.known:
            return Text(
                "unknown: too few customers whose lot agreed with the rule (n = {n})", n=Count(self.n)
            )
        return Text(
            "Treating {share} of customers by this rule brings {gain} a customer more than treating nobody"
            " ({level} {low} to {high}, n = {n}, effective {effective}).",
            share=Percent(self.treated_share),
            gain=RoundAmount(self.gain.estimate, self.gain.currency),
            level=Percent(self.gain.level),
            low=RoundAmount(self.gain.ci_low, self.gain.currency),
            high=RoundAmount(self.gain.ci_high, self.gain.currency),
            n=Count(self.n),
            effective=Count(self.effective_n),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a figure and method: figure, method, estimate, ci_low, ci_high, n."""
        figures = {
            "value": (self.doubly_robust, self.self_normalised, self.plain),
            "gain": (self.gain,),
            "gain_over_all": (self.gain_over_all,),
        }
        rows = [
            {"figure": name, "method": one.method}
            | {part: getattr(one, part) if one.known else None for part in ("estimate", "ci_low", "ci_high")}
            | {"n": one.n}
            for name, several in figures.items()
            for one in several
            if one is not None
        ]
        return pl.DataFrame(rows, infer_schema_length=None)


def policy_value(
    frame: FrameLike,
    *,
    arm: str,
    outcome: str,
    policy: str,
    control: ArmName | None = None,
    covariates: Sequence[str] = (),
    shares: Shares | None = None,
    cluster: str | None = None,
    missing: Missing = "error",
    value: float = 1.0,
    cost: float | Mapping[str, float] = 0.0,
    currency: str | None = None,
    basis: Basis = "revenue",
    level: float = 0.95,
) -> PolicyValue:
    """Tell what a rule of targeting would have brought, from an experiment whose lot was logged.

    Parameters
    ----------
    frame : dataframe or path
        One row a customer who was assigned by lot.
    arm, outcome : str
        Columns: the arm drawn, and money (or anything that `value` turns into money).
    policy : str
        Column with the arm that the rule would give each customer; the rule must not have been learnt from
        these customers (`UpliftModel` learns one honestly).
    control : str, optional
        Name of the arm that nothing is done to, as in `experiment`.
    covariates : sequence of str
        Columns known before the start that foretell the outcome (numbers or words): the doubly robust value
        is then given, and the verdict rests on it.
    shares : mapping of str to float or str, optional
        Probability with which each arm was drawn, or the column with each customer's own; the shares found by
        default.
    cluster : str, optional
        Column of what was drawn together (a household); the customer by default.
    missing : {"error", "zero", "leave_out"}
        As in `experiment`.
    value, cost
        Money for one unit of the outcome; cost a treated customer (or by arm).
    currency, basis, level
        How money is written and counted; confidence level.

    Notes
    -----
    w_i = [arm = rule]/p(arm). IPS: mean of w y. SNIPS: sum w y/sum w, with the linearised variance of the
    ratio. Doubly robust (AIPW): mean of m_rule(x) + w (y - m_rule(x)), m by ridge regression in each arm on
    the covariates (a line and five steps a number, a column a kind of word), learnt on four fifths of the
    customers and used on the last fifth: right because the lot is known, however wrong the model, and
    narrower as far as the model is of use. Gains are paired customer by customer. Limits by Student's t on
    the effective number (sum w)^2/sum w^2. The rule may depend on anything known before the start, never on
    the outcome.

    References
    ----------
    Horvitz and Thompson (1952), JASA 47; Swaminathan and Joachims (2015), NIPS (self-normalised); Dudik,
    Erhan, Langford, Li (2014), Statistical Science 29 (doubly robust); Chernozhukov and others (2018),
    Econometrics Journal 21 (learning by folds).
    """
    more = {"policy": policy} | chance_columns(shares) | {name: name for name in covariates}
    more |= {"cluster": cluster} if cluster else {}
    table, _, notes = read_rows(frame, arm, outcome, missing, more)
    if table["policy"].null_count():
        raise BadValue(
            Text("The rule says nothing of some customers."),
            hint=Text("Give every customer the arm that the rule would choose, the control among them."),
            where=Where(column=policy),
        )
    lot = _Lot.of(table, control, shares, value, cost)
    rule = lot.weighted(lot.wanted)
    nobody = lot.weighted(np.zeros(lot.size, dtype=np.int64))
    several = len(lot.arms) > 2
    everybody = None if several else lot.weighted(np.ones(lot.size, dtype=np.int64))
    overlap = lot.overlap()
    counted = partial(money_of, clusters=clusters_of(table), level=level, currency=currency, basis=basis)
    against = partial(_against, counted, rule)
    gain, over_all, robust = against(nobody), None if everybody is None else against(everybody), None
    if covariates:
        scores = lot.scores(table, covariates)
        own = scores[np.arange(lot.size), lot.wanted]
        better = partial(_doubly_robust, counted, rule)
        robust, gain = better(own, rule), better(own - scores[:, 0], nobody)
        over_all = None if everybody is None else better(own - scores[:, 1], everybody)
    plain = rule.weights * lot.net / lot.size
    normalised = counted(rule.value, rule.influence, effective=rule.effective, method="snips")
    return PolicyValue(
        value=robust or normalised,
        gain=gain,
        gain_over_all=over_all,
        self_normalised=normalised,
        plain=counted(float(plain.sum()), plain - plain.mean(), effective=rule.effective, method="ips"),
        doubly_robust=robust,
        overlap=overlap,
        treated_share=float(np.mean(lot.wanted != 0)),
        n=table.height,
        notes=(*notes, *_doubts(shares, overlap)),
    )


def _against(counted: Callable[..., Money], rule: _Weighted, other: _Weighted) -> Money:
    """Return what the rule brings more than another, by self-normalised weights."""
    effective = min(rule.effective, other.effective)
    influence = rule.influence - other.influence
    return counted(rule.value - other.value, influence, effective=effective, method="snips")


def _doubly_robust(counted: Callable[..., Money], rule: _Weighted, each: Floats, other: _Weighted) -> Money:
    """Return the mean of what each customer brings by the rule, or brings more than by another."""
    influence = (each - each.mean()) / len(each)
    effective = min(rule.effective, other.effective)
    return counted(float(each.mean()), influence, effective=effective, method="aipw")


def _doubts(shares: Shares | None, overlap: Overlap) -> tuple[Note, ...]:
    notes = []
    if shares is None:
        text = Text("The chances of the lot were taken from the sizes of the arms.")
        notes.append(Note(code="shares_found", text=text))
    if overlap.thin:
        text = Text(
            "The lot hardly ever gave what the rule asks for: it rests on {count} customers' worth of data.",
            count=Count(overlap.effective_n),
        )
        notes.append(Note(code="thin_overlap", text=text))
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class _Lot:
    """What was drawn and what the rule wants, as numbers of arms; the control is 0."""

    arms: list[str]
    drawn: npt.NDArray[np.int64]
    wanted: npt.NDArray[np.int64]
    chances: Floats
    net: Floats

    @classmethod
    def of(
        cls,
        table: pl.DataFrame,
        told: ArmName | None,
        shares: Shares | None,
        value: float,
        cost: float | Mapping[str, float],
    ) -> _Lot:
        known = sorted(set(table["arm"].to_list()) | set(shares or ()))
        unknown = sorted(set(table["policy"].to_list()) - set(known))
        if unknown:
            raise BadOption("policy", unknown[0], known)
        control = control_arm(known, told)
        arms = [control, *[name for name in known if name != control]]
        costs = np.array(
            [0.0, *[cost if isinstance(cost, int | float) else cost.get(a, 0.0) for a in arms[1:]]]
        )
        places = {name: place for place, name in enumerate(arms)}
        drawn, wanted = (
            np.array([places[name] for name in table[column].to_list()], dtype=np.int64)
            for column in ("arm", "policy")
        )
        net = value * table["outcome"].to_numpy() - costs[drawn]
        return cls(arms, drawn, wanted, lot_chances(table, arms, shares), np.asarray(net, dtype=np.float64))

    @property
    def size(self) -> int:
        return len(self.drawn)

    def weights(self, wanted: npt.NDArray[np.int64]) -> Floats:
        agrees = (self.drawn == wanted).astype(np.float64)
        return np.asarray(agrees / self.chances[np.arange(self.size), wanted], dtype=np.float64)

    def weighted(self, wanted: npt.NDArray[np.int64]) -> _Weighted:
        return _Weighted.of(self.weights(wanted), self.net)

    def scores(self, table: pl.DataFrame, covariates: Sequence[str]) -> Floats:
        design = CustomerTraits.learn(table, covariates).design(table)
        return FoldedOutcomes(design, self.net, self.drawn, self.chances, folds_of(table)).scores()

    def overlap(self) -> Overlap:
        weights = np.sort(self.weights(self.wanted))[::-1]
        total, agreed = float(weights.sum()), int(np.sum(weights > 0))
        top = float(weights[: max(1, round(agreed / 100))].sum())
        return Overlap(
            agreed=agreed,
            effective_n=total**2 / float(weights @ weights) if total else 0.0,
            least_chance=float(self.chances[np.arange(self.size), self.wanted].min(initial=1.0)),
            heaviest=top / total if total else 0.0,
        )


@dataclass(frozen=True, slots=True)
class _Weighted:
    """A self-normalised mean with what each customer moved it."""

    weights: Floats
    value: float
    influence: Floats
    effective: float

    @classmethod
    def of(cls, weights: Floats, y: Floats) -> _Weighted:
        total = float(weights.sum())
        if not total:
            return cls(weights, np.nan, np.zeros(len(y)), 0.0)
        mean = float(weights @ y / total)
        return cls(weights, mean, weights * (y - mean) / total, total**2 / float(weights @ weights))
