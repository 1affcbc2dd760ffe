"""What a rule of targeting would have brought, from a lot that was drawn and logged."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from leal.engine import FrameLike
from leal.errors import BadOption, BadValue, Where
from leal.prove.experiment_units import Missing
from leal.prove.targeting_rows import logged_shares, read_rows
from leal.results import Basis, Money, Note, to_plain
from leal.statistics import mean_interval
from leal.wording import Count, Percent, RoundAmount, Text

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValue:
    """What a rule that says whom to treat would bring, a customer, from a lot that was drawn before.

    Attributes
    ----------
    value : Money
        Money a customer under the rule, cost taken off (self-normalised weights, SNIPS).
    plain : Money
        The same with plain inverse weights (IPS), unbiased but noisier.
    gain : Money
        What the rule brings more than treating nobody.
    gain_over_all : Money or None
        What it brings more than treating everybody; None with several treated arms.
    effective_n : float
        Customers that the value rests on: those whose lot agreed with the rule, by their weights.
    treated_share : float
        Share of customers whom the rule would treat.
    n : int
    notes : tuple of Note
    """

    value: Money
    plain: Money
    gain: Money
    gain_over_all: Money | None
    effective_n: float
    treated_share: float
    n: int
    notes: tuple[Note, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether the rule surely brings more than treating nobody."""
        return self.gain.known and self.gain.ci_low > 0

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

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain JSON values."""
        return to_plain(self)  # type: ignore[no-any-return]


def policy_value(
    frame: FrameLike,
    *,
    arm: str,
    outcome: str,
    policy: str,
    control: str = "control",
    shares: Mapping[str, float] | None = None,
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
        these customers.
    control : str
        Name of the arm that nothing is done to.
    shares : mapping of str to float, optional
        Probability with which each arm was drawn; the shares found by default.
    missing : {"error", "zero", "leave_out"}
        As in `experiment`.
    value, cost
        Money for one unit of the outcome; cost a treated customer (or by arm).
    currency, basis, level
        How money is written and counted; confidence level.

    Notes
    -----
    w_i = [arm = rule]/p(arm). IPS: mean of w y. SNIPS: sum w y/sum w, with the linearised variance of the
    ratio, paired for the gain; limits by Student's t on the effective number (sum w)^2/sum w^2. The rule may
    depend on anything known before the start, never on the outcome.

    References
    ----------
    Horvitz and Thompson (1952), JASA 47; Swaminathan and Joachims (2015), NIPS (self-normalised).
    """
    table, _, notes = read_rows(frame, arm, outcome, missing, {"policy": policy})
    if table["policy"].null_count():
        raise BadValue(
            Text("The rule says nothing of some customers."),
            hint=Text("Give every customer the arm that the rule would choose, the control among them."),
            where=Where(column=policy),
        )
    drawn, wanted = table["arm"].to_list(), table["policy"].to_list()
    p, estimated = logged_shares(drawn, shares)
    unknown = sorted(set(wanted) - set(p))
    if unknown or control not in p:
        raise BadOption("policy", (unknown or [control])[0], sorted(p))
    costs = {
        name: 0.0 if name == control else cost if isinstance(cost, int | float) else cost.get(name, 0.0)
        for name in p
    }
    y = value * table["outcome"].to_numpy() - np.array([costs[name] for name in drawn])
    chance = np.array([p[name] for name in drawn])
    rule = _Weighted.of(np.array([a == b for a, b in zip(drawn, wanted, strict=True)]) / chance, y)
    nobody = _Weighted.of(np.array([a == control for a in drawn]) / chance, y)
    others = [name for name in p if name != control]
    everybody = (
        _Weighted.of(np.array([a == others[0] for a in drawn]) / chance, y) if len(others) == 1 else None
    )

    def money(point: float, parts: Floats, effective: float, method: str) -> Money:
        return _around(point, parts, effective, method, level, currency, basis)

    plain = rule.weights * y
    remarks = [*notes]
    if estimated:
        text = Text("The chances of the lot were taken from the sizes of the arms.")
        remarks.append(Note(code="shares_found", text=text))
    return PolicyValue(
        value=money(rule.value, rule.influence, rule.effective, "snips"),
        plain=money(float(plain.mean()), plain - plain.mean(), rule.effective, "ips"),
        gain=money(
            rule.value - nobody.value,
            rule.influence - nobody.influence,
            min(rule.effective, nobody.effective),
            "snips",
        ),
        gain_over_all=None
        if everybody is None
        else money(
            rule.value - everybody.value,
            rule.influence - everybody.influence,
            min(rule.effective, everybody.effective),
            "snips",
        ),
        effective_n=rule.effective,
        treated_share=float(np.mean([name != control for name in wanted])),
        n=table.height,
        notes=tuple(remarks),
    )


@dataclass(frozen=True, slots=True)
class _Weighted:
    """A self-normalised mean with the influence of each customer on it."""

    weights: Floats
    value: float
    influence: Floats
    effective: float

    @classmethod
    def of(cls, weights: Floats, y: Floats) -> _Weighted:
        total = float(weights.sum())
        if not total:
            return cls(weights, math.nan, np.zeros(len(y)), 0.0)
        mean = float(weights @ y / total)
        influence = len(y) * weights * (y - mean) / total
        return cls(weights, mean, influence, total**2 / float(weights @ weights))


def _around(
    point: float,
    influence: Floats,
    effective: float,
    method: str,
    level: float,
    currency: str | None,
    basis: Basis,
) -> Money:
    n = len(influence)
    spread = float(influence.std(ddof=1)) * math.sqrt(effective / n) if effective >= 2 else math.nan
    limits = mean_interval(point, spread, effective, level)
    return Money(
        estimate=point if limits.known else math.nan,
        ci_low=limits.low,
        ci_high=limits.high,
        n=n,
        level=level,
        method=method,
        currency=currency,
        basis=basis,
        period="period",
        grade="A",
    )
