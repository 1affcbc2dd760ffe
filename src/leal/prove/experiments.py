"""Did it work? The arms of a randomised experiment compared, in money, with nothing hidden."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from leal.engine import FrameLike
from leal.errors import BadOption, BadValue, Where
from leal.measure import FEWEST_IN_ARM, RATIO_ALARM, usual_split
from leal.prove.experiment_results import ArmEffect, ArmResult, Balance, Experiment, Unit, Verdict
from leal.prove.experiment_units import BEFORE, NOTICED, OUTCOME, Missing, Units, read_units
from leal.prove.looks import Look, as_look
from leal.prove.noticing import NoticingEffect, noticing_effect
from leal.results import Basis, Estimate, Grade, Money, Note
from leal.statistics import (
    Comparison,
    CupedComparison,
    PairedSample,
    Sample,
    SignificanceTest,
    benjamini_hochberg,
    cuped_of_moments,
    holm,
    mean_interval,
    sample_ratio_test,
    standardised_difference,
    two_proportions,
    welch,
)
from leal.wording import Listing, Percent, Text

Correction = Literal["holm", "benjamini_hochberg", "none"]

FEW_CASES = 10
"""Yes or no answers below this count in an arm get the interval of Agresti and Caffo instead of Welch's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """How the arms are to be judged."""

    control: str
    level: float
    unit: Unit
    value: float | None
    cost: float | None
    smallest: float
    currency: str | None
    basis: Basis
    expected_shares: Mapping[str, float] | None
    correction: Correction
    look: Look | None

    @property
    def nominal(self) -> float:
        """The level of the single interval that keeps `level` over all planned looks."""
        return self.level if self.look is None else self.look.nominal_level(self.level)

    @property
    def worth(self) -> float:
        """The effect a head below which the action does not pay, in the unit of the outcome."""
        return max(self.smallest, (self.cost or 0.0) / self.value if self.value else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arm:
    """One arm as moments, with its rows where there are any."""

    name: str
    assigned: int
    outcome: Sample
    pairs: PairedSample | None = None
    capped: Sample | None = None
    balance: Mapping[str, Sample] | None = None
    rows: pl.DataFrame | None = None


def experiment(
    frame: FrameLike,
    *,
    arm: str,
    outcome: str,
    control: str = "control",
    before: str | None = None,
    denominator: str | None = None,
    cluster: str | None = None,
    customer: str | None = None,
    noticed: str | None = None,
    balance: Sequence[str] = (),
    expected_shares: Mapping[str, float] | None = None,
    missing: Missing = "error",
    winsorise: float | None = None,
    looks: Look | tuple[int, int] | None = None,
    unit: Unit | None = None,
    value: float | None = None,
    cost: float | None = None,
    smallest_effect: float = 0.0,
    correction: Correction = "holm",
    currency: str | None = None,
    basis: Basis = "revenue",
    level: float = 0.95,
) -> Experiment:
    """Tell what a randomised action changed: works, does not, harms, or not enough data.

    Parameters
    ----------
    frame : dataframe or path
        One row a customer who was assigned, whether or not reached (intention to treat).
    arm, outcome : str
        Columns: the arm, and what is to be changed (money of the customer since the start, bought or not).
    control : str
        Name of the arm held out.
    before : str, optional
        Column with a value of the same customer from before the start (past spend, an earlier score), for
        CUPED; the verdict then rests on it.
    denominator : str, optional
        Column to divide by: spend per order is outcome spend, denominator orders; the ratio of sums, with the
        delta method over customers.
    cluster : str, optional
        Column of what was randomised where that is not the customer (a branch, a household).
    customer : str, optional
        Column of the identifier, ``"customer"`` where there is one: the same customer in two arms is refused.
    noticed : str, optional
        Column with whether the customer noticed (empty: not asked), for the effect on noticers.
    balance : sequence of str
        More columns from before the start in which the arms should be alike.
    expected_shares : mapping of str to float, optional
        Shares that were meant. Without them the nearest usual split is taken, and a note says so.
    missing : {"error", "zero", "leave_out"}
        What an outcome that is not there means: refuse; no purchase, so zero; unknown (a note counts them).
    winsorise : float, optional
        Quantile (.99) at which outcomes are also cut, shown beside the uncut difference.
    looks : Look or (int, int), optional
        Which of the planned looks this is: ``(2, 5)``. Interval and verdict then hold over all looks.
    unit : {"money", "share", "number"}, optional
        What the outcome is; by default a share where it is 0 or 1, a number where divided, else money.
    value : float, optional
        Money for one unit of the outcome: margin of revenue, value of a visit. Money counts as itself.
    cost : float, optional
        Cost a treated customer; proved then means that more was earned than it cost.
    smallest_effect : float
        Effect a head, in the unit of the outcome, below which nobody would bother; it lets "does not work" be
        told from "not enough data".
    correction : {"holm", "benjamini_hochberg", "none"}
        For several arms.
    currency, basis
        How money is written, and what it is counted in.
    level : float
        Confidence level.

    Returns
    -------
    Experiment

    Raises
    ------
    BadValue
        One arm only, text or an infinite number for a number, no outcome and no word on what that means, the
        same customer in two arms.

    Notes
    -----
    Welch's difference of means; relative lift R = m1/m0 - 1 with variance (v1 + (1 + R)^2 v0)/m0^2; ratios
    and clusters linearised, so that the same comparison serves; CUPED with a pooled slope. The sample ratio
    is tested first: below p = .001 nothing is called proved, for something besides the lot has chosen who is
    in the arms. The interval at a planned look is the repeated confidence interval: estimate -+ bound x
    standard error, wide early, honest whenever one stops. Not for customers who chose their arm: see
    `leal.prove.panel_effect`.

    References
    ----------
    Welch (1947), Biometrika 34; Deng, Xu, Kohavi, Walker (2013), WSDM; Deng, Knoblich, Lu (2018), KDD (delta
    method); Jennison and Turnbull (1989), JRSS B 51 (repeated confidence intervals); Holm (1979).

    Examples
    --------
    >>> import polars as pl
    >>> spend = [float(k % 10) for k in range(60)] + [3.0 + k % 10 for k in range(60)]
    >>> frame = pl.DataFrame({"arm": ["control"] * 60 + ["mail"] * 60, "spend": spend})
    >>> found = experiment(frame, arm="arm", outcome="spend")
    >>> print(found)
    mail: works. Effect a head 3.00 (95 % 1.95 to 4.05, n = 120). Per 1,000 customers: 3,000 (1,950 to 4,050).
    """
    units = read_units(
        frame,
        arm=arm,
        outcome=outcome,
        before=before,
        denominator=denominator,
        cluster=cluster,
        noticed=noticed,
        balance=balance,
        missing=missing,
        winsorise=winsorise,
        customer=customer,
    )
    kind = unit or ("number" if denominator else "share" if units.share else "money")
    question = _question(
        control,
        kind,
        looks,
        value,
        cost,
        smallest_effect,
        expected_shares,
        correction,
        currency,
        basis,
        level,
    )
    arms = _arms(units, before is not None)
    return _judged(arms, question, units.notes)


def experiment_of_moments(
    arms: Mapping[str, Sample | tuple[float, float, float]],
    *,
    control: str = "control",
    expected_shares: Mapping[str, float] | None = None,
    looks: Look | tuple[int, int] | None = None,
    unit: Unit = "money",
    value: float | None = None,
    cost: float | None = None,
    smallest_effect: float = 0.0,
    correction: Correction = "holm",
    currency: str | None = None,
    basis: Basis = "revenue",
    level: float = 0.95,
) -> Experiment:
    """Read an experiment of which only means, standard deviations and sizes are known.

    Parameters
    ----------
    arms : mapping of str to (mean, sd, n)
        Of each arm; the standard deviation in its n - 1 form.
    control, expected_shares, looks, unit, value, cost, smallest_effect, correction, currency, basis, level
        As in `experiment`.

    Examples
    --------
    >>> found = experiment_of_moments({"control": (0.653, 11.59, 21306), "mail": (1.423, 17.75, 21307)})
    >>> found.verdict, round(found.difference.standard_error, 3)
    ('works', 0.145)
    """
    question = _question(
        control,
        unit,
        looks,
        value,
        cost,
        smallest_effect,
        expected_shares,
        correction,
        currency,
        basis,
        level,
    )
    samples = {name: one if isinstance(one, Sample) else Sample(*one) for name, one in arms.items()}
    made = [_Arm(name=name, assigned=int(one.n), outcome=one) for name, one in samples.items()]
    return _judged(made, question, ())


def _question(
    control: str,
    unit: Unit,
    looks: Look | tuple[int, int] | None,
    value: float | None,
    cost: float | None,
    smallest: float,
    expected_shares: Mapping[str, float] | None,
    correction: Correction,
    currency: str | None,
    basis: Basis,
    level: float,
) -> _Question:
    if correction not in ("holm", "benjamini_hochberg", "none"):
        raise BadOption("correction", correction, ["holm", "benjamini_hochberg", "none"])
    if unit not in ("money", "share", "number"):
        raise BadOption("unit", unit, ["money", "share", "number"])
    return _Question(
        control=control,
        level=level,
        unit=unit,
        value=1.0 if value is None and unit == "money" else value,
        cost=cost,
        smallest=smallest,
        currency=currency,
        basis=basis,
        expected_shares=expected_shares,
        correction=correction,
        look=as_look(looks),
    )


def _arms(units: Units, paired: bool) -> list[_Arm]:
    found = []
    covariates = [name for name in units.frame.columns if name.startswith("balance ")]
    for name, assigned in units.assigned.items():
        rows = units.frame.filter(pl.col("arm") == name)
        y = rows[OUTCOME].to_numpy()
        capped = None if units.capped is None else units.capped.filter(pl.col("arm") == name)[OUTCOME]
        known = {column.removeprefix("balance "): rows[column].drop_nulls() for column in covariates}
        balance = {column: Sample.of_values(values.to_numpy()) for column, values in known.items()}
        if paired:
            balance["before"] = Sample.of_values(rows[BEFORE].to_numpy())
        found.append(
            _Arm(
                name=name,
                assigned=assigned,
                outcome=Sample.of_values(y),
                pairs=PairedSample.of_values(y, rows[BEFORE].to_numpy()) if paired else None,
                capped=None if capped is None else Sample.of_values(capped.to_numpy()),
                balance=balance,
                rows=rows if NOTICED in rows.columns else None,
            )
        )
    return found


def _judged(arms: list[_Arm], question: _Question, notes: tuple[Note, ...]) -> Experiment:
    control, treated = _sides(arms, question.control)
    split, split_notes = _split(control, treated, question)
    sound = not split.known or split.p_value >= RATIO_ALARM
    balance = tuple(one for arm in treated for one in _balance(arm, control, question.level))
    unlike = [one for one in balance if one.difference.known and one.difference.p_value < RATIO_ALARM]
    effects = [_compared(arm, control, question) for arm in treated]
    adjusted = _corrected([one.effect.p_value for one in effects], question.correction)
    odd = {one.arm for one in unlike}
    judged = tuple(
        _verdict(
            replace(one, p_adjusted=p),
            question,
            min(arm.outcome.n, control.outcome.n),
            sound=sound and one.arm not in odd,
        )
        for arm, one, p in zip(treated, effects, adjusted, strict=True)
    )
    return Experiment(
        arms=tuple(_arm_result(arm, question.level) for arm in (control, *treated)),
        effects=judged,
        split=split,
        balance=balance,
        look=question.look,
        n=int(sum(arm.outcome.n for arm in arms)),
        level=question.level,
        correction=question.correction if len(treated) > 1 else "none",
        basis=question.basis,
        notes=(*notes, *split_notes, *_remarks(question, unlike, judged)),
    )


def _sides(arms: list[_Arm], control: str) -> tuple[_Arm, list[_Arm]]:
    names = [arm.name for arm in arms]
    if control not in names:
        raise BadOption("control", control, names or ["–"])
    if len(arms) < 2:
        raise BadValue(
            Text("There is one arm only: {arm}. Without a holdout nothing can be proved.", arm=names[0]),
            hint=Text("Hold a random part of the customers out: leal.prove.assign(customers, name=...)."),
            where=Where(column="arm"),
        )
    return next(arm for arm in arms if arm.name == control), [arm for arm in arms if arm.name != control]


def _split(
    control: _Arm, treated: list[_Arm], question: _Question
) -> tuple[SignificanceTest, tuple[Note, ...]]:
    """Test the sizes as assigned: what was left out later must not hide a broken lot."""
    arms = [control, *treated]
    sizes = [float(arm.assigned) for arm in arms]
    notes = []
    if question.expected_shares is None:
        total = sum(sizes)
        equal = sample_ratio_test(sizes)
        share = usual_split(sizes[0] / total) if total else 0.5
        usual = [share] + [(1 - share) / len(treated)] * len(treated)
        even = not equal.known or equal.p_value >= RATIO_ALARM
        shares = [1.0] * len(arms) if even else usual
        if not even:
            text = Text(
                "Nobody says what shares the arms were meant to have; {share} held out was assumed.",
                share=Percent(share),
            )
            notes.append(Note(code="split_assumed", text=text))
    else:
        absent = [arm.name for arm in arms if arm.name not in question.expected_shares]
        if absent:
            raise BadOption("expected_shares", absent[0], list(question.expected_shares))
        shares = [question.expected_shares[arm.name] for arm in arms]
    test = sample_ratio_test(sizes, shares)
    if test.known and test.p_value < RATIO_ALARM:
        text = Text(
            "The arms are not of the sizes that were meant (p < 0.001): find what lost or added customers"
            " before reading the outcome. Nothing is called proved."
        )
        notes.append(Note(code="sample_ratio", text=text))
    return test, tuple(notes)


def _balance(arm: _Arm, control: _Arm, level: float) -> list[Balance]:
    found = []
    for column, ours in (arm.balance or {}).items():
        theirs = (control.balance or {})[column]
        six = (ours.mean, ours.standard_deviation, ours.n, theirs.mean, theirs.standard_deviation, theirs.n)
        found.append(
            Balance(
                arm=arm.name,
                column=column,
                difference=welch(*six, level),
                standardised=standardised_difference(*six, level),
            )
        )
    return found


def _compared(arm: _Arm, control: _Arm, question: _Question) -> ArmEffect:
    difference = _difference(arm.outcome, control.outcome, question)
    adjusted = _cuped(arm, control, question)
    capped = None
    if arm.capped is not None and control.capped is not None:
        capped = _named(_welch(arm.capped, control.capped, question.nominal), question)
    return ArmEffect(
        arm=arm.name,
        control=control.name,
        difference=difference,
        lift=_lift(arm.outcome, control.outcome, question),
        cuped=adjusted,
        winsorised=capped,
        p_adjusted=math.nan,
        per_thousand=None,
        noticers=_noticers(arm, control, question.level),
        proved=False,
        verdict="not_enough_data",
        unit=question.unit,
        currency=question.currency,
        grade="A",
        cost=question.cost,
    )


def _difference(arm: Sample, control: Sample, question: _Question) -> Comparison:
    if question.unit == "share" and _few_cases(arm, control):
        found = two_proportions(
            round(arm.mean * arm.n), arm.n, round(control.mean * control.n), control.n, question.nominal
        )
    else:
        found = _welch(arm, control, question.nominal)
    return _named(found, question)


def _few_cases(*arms: Sample) -> bool:
    cases = [min(arm.mean, 1 - arm.mean) * arm.n for arm in arms if math.isfinite(arm.mean)]
    return bool(cases) and 0 <= min(cases) < FEW_CASES


def _welch(arm: Sample, control: Sample, level: float) -> Comparison:
    return welch(
        arm.mean,
        arm.standard_deviation,
        arm.n,
        control.mean,
        control.standard_deviation,
        control.n,
        level,
    )


def _cuped(arm: _Arm, control: _Arm, question: _Question) -> CupedComparison | None:
    if arm.pairs is None or control.pairs is None:
        return None
    found = cuped_of_moments(arm.pairs, control.pairs, question.nominal)
    return replace(found, level=question.level, method=_method(found.method, question))


def _named(found: Comparison, question: _Question) -> Comparison:
    """Return a comparison made at the nominal level of a look under the level that all looks keep."""
    return replace(found, level=question.level, method=_method(found.method, question))


def _method(name: str, question: _Question) -> str:
    return name if question.look is None else f"repeated_{name}"


def _lift(arm: Sample, control: Sample, question: _Question) -> Estimate:
    """Relative lift m1/m0 - 1, its variance (v1 + R^2 v0)/m0^2 with R = m1/m0."""
    n = arm.n + control.n
    own = mean_interval(control.mean, control.standard_deviation, control.n, question.nominal)
    blank = Estimate(
        estimate=math.nan, ci_low=math.nan, ci_high=math.nan, n=n, level=question.level, method="delta"
    )
    if not (own.known and own.low > 0) or not math.isfinite(arm.variance_of_mean):
        return blank
    ratio = arm.mean / control.mean
    error = math.sqrt(arm.variance_of_mean + ratio**2 * control.variance_of_mean) / control.mean
    reach = _z(question.nominal) * error
    return replace(blank, estimate=ratio - 1, ci_low=ratio - 1 - reach, ci_high=ratio - 1 + reach)


def _z(level: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + level / 2)


def _noticers(arm: _Arm, control: _Arm, level: float) -> NoticingEffect | None:
    if arm.rows is None or control.rows is None:
        return None
    return noticing_effect(arm.rows, control.rows, level=level)


def _corrected(p_values: list[float], correction: Correction) -> list[float]:
    if correction == "none" or len(p_values) < 2:
        return p_values
    return [float(p) for p in (holm if correction == "holm" else benjamini_hochberg)(p_values)]


def _verdict(one: ArmEffect, question: _Question, fewest: float, *, sound: bool) -> ArmEffect:
    found = one.effect
    surely = found.known and one.p_adjusted < 1 - question.nominal
    enough = found.known and found.ci_high > found.ci_low and fewest >= FEWEST_IN_ARM
    verdict: Verdict = "not_enough_data"
    if not sound:
        verdict = "not_sound"
    elif not enough:
        verdict = "not_enough_data"
    elif surely and found.ci_low > question.worth:
        verdict = "works"
    elif surely and found.ci_high < 0:
        verdict = "harms"
    elif found.ci_high < question.worth:
        verdict = "does_not"
    grade: Grade = "A" if sound else "C"
    money = _per_thousand(one, question, grade)
    return replace(one, per_thousand=money, proved=verdict == "works", verdict=verdict, grade=grade)


def _per_thousand(one: ArmEffect, question: _Question, grade: Grade) -> Money | None:
    found = one.effect
    if question.value is None or not found.known:
        return None
    each, cost = 1000 * question.value, 1000 * (question.cost or 0.0)
    ends = sorted((each * found.ci_low - cost, each * found.ci_high - cost))
    return Money(
        estimate=each * found.estimate - cost,
        ci_low=ends[0],
        ci_high=ends[1],
        n=found.n,
        level=found.level,
        method=found.method,
        currency=question.currency,
        basis=question.basis,
        period="period",
        grade=grade,
    )


def _arm_result(arm: _Arm, level: float) -> ArmResult:
    own = arm.outcome
    limits = mean_interval(own.mean, own.standard_deviation, own.n, level)
    return ArmResult(
        arm=arm.name,
        n=int(own.n),
        assigned=arm.assigned,
        mean=Estimate(
            estimate=own.mean,
            ci_low=limits.low,
            ci_high=limits.high,
            n=own.n,
            level=level,
            method=limits.method,
        ),
        sd=own.standard_deviation,
        before=None if arm.pairs is None else arm.pairs.before.mean,
    )


def _remarks(question: _Question, unlike: list[Balance], effects: tuple[ArmEffect, ...]) -> tuple[Note, ...]:
    notes = []
    if unlike:
        text = Text(
            "The arms differed before the start in {columns} (p < 0.001): they do not look drawn by lot.",
            columns=Listing.of(sorted({one.column for one in unlike})),
        )
        notes.append(Note(code="unlike_before", text=text))
    if question.look is not None:
        text = Text(
            "Look {number} of {planned}: intervals hold over all looks together, and are wider for it.",
            number=question.look.number,
            planned=question.look.planned,
        )
        notes.append(Note(code="planned_look", text=text))
    if question.value is not None and question.cost is None:
        text = Text("No cost is given: what is earned is before its cost.")
        notes.append(Note(code="cost_not_counted", text=text))
    saved = [one.variance_saved for one in effects if one.cuped is not None]
    if saved:
        text = Text("The value from before explains {share} of the variance.", share=Percent(max(saved), 1))
        notes.append(Note(code="variance_explained", text=text))
    return tuple(notes)
