"""Did it work? The arms of a randomised experiment compared, in money, with nothing hidden."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from leal.engine import FrameLike
from leal.prove.control_arm import ArmName, control_arm, control_notes
from leal.prove.experiment_arms import Arm, Correction, Question
from leal.prove.experiment_judging import judged
from leal.prove.experiment_results import Experiment, Unit
from leal.prove.experiment_units import BEFORE, NOTICED, OUTCOME, PARTS, SIZE, Missing, Units, read_units
from leal.prove.looks import Look, as_look
from leal.results import Basis
from leal.statistics import PairedSample, Sample


def experiment(
    frame: FrameLike,
    *,
    arm: str,
    outcome: str,
    control: ArmName | None = None,
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
    control : str, optional
        Name of the arm held out; not needed where it is called so (control, holdout, 0, false, in Russian).
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
        same customer in two arms, arms of which none is known as the one held out.

    Notes
    -----
    Welch's difference of means; relative lift m1/m0 - 1 with Fieller's limits, which hold for skewed money
    where the delta method falls short; ratios and clusters linearised, so that the same comparison serves,
    with clusters counted by what they weigh where they are of unequal size (variance of Bell and McCaffrey,
    degrees of freedom 1/sum of squared shares - 1);
    CUPED with a pooled slope. The sample ratio is tested first: below p = .001 nothing is called proved, for
    something besides the lot has chosen who is in the arms. The interval at a planned look is the repeated
    confidence interval: estimate -+ bound x standard error, wide early, honest whenever one stops. Not for
    customers who chose their arm: see `leal.prove.panel_effect`.

    References
    ----------
    Welch (1947), Biometrika 34; Deng, Xu, Kohavi, Walker (2013), WSDM; Deng, Knoblich, Lu (2018), KDD (delta
    method of ratios); Fieller (1954), JRSS B 16; Jennison and Turnbull (1989), JRSS B 51 (repeated
    confidence intervals); Holm (1979); Bell and McCaffrey (2002), Survey Methodology 28 (clusters).

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
    held_out = control_arm(units.assigned, control)
    question = Question(
        control=held_out,
        level=level,
        unit=unit or ("number" if denominator else "share" if units.share else "money"),
        value=value,
        cost=cost,
        smallest=smallest_effect,
        currency=currency,
        basis=basis,
        expected_shares=expected_shares,
        correction=correction,
        look=as_look(looks),
    )
    arms = _arms(units, before is not None)
    return judged(arms, question, (*control_notes(control, held_out), *units.notes))


def experiment_of_moments(
    arms: Mapping[str, Sample | tuple[float, float, float]],
    *,
    control: ArmName | None = None,
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
    held_out = control_arm(arms, control)
    question = Question(
        control=held_out,
        level=level,
        unit=unit,
        value=value,
        cost=cost,
        smallest=smallest_effect,
        currency=currency,
        basis=basis,
        expected_shares=expected_shares,
        correction=correction,
        look=as_look(looks),
    )
    samples = {name: one if isinstance(one, Sample) else Sample(*one) for name, one in arms.items()}
    made = [
        Arm(name=name, assigned=int(one.n), units=int(one.n), outcome=one) for name, one in samples.items()
    ]
    return judged(made, question, control_notes(control, held_out))


def _arms(units: Units, paired: bool) -> list[Arm]:
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
            Arm(
                name=name,
                assigned=assigned,
                units=rows.height,
                outcome=_worth(Sample.of_values(y), rows),
                pairs=_pairs(PairedSample.of_values(y, rows[BEFORE].to_numpy()), rows) if paired else None,
                capped=None if capped is None else _worth(Sample.of_values(capped.to_numpy()), rows),
                balance={column: _worth(sample, rows) for column, sample in balance.items()},
                divided_by=Sample.of_values(rows[PARTS].to_numpy()) if PARTS in rows.columns else None,
                rows=rows if NOTICED in rows.columns else None,
            )
        )
    return found


def _worth(sample: Sample, rows: pl.DataFrame) -> Sample:
    """Return the same mean and error resting on as many clusters as those of unequal size are worth."""
    units = _effective(rows)
    if units is None or sample.n < 2:
        return sample
    return replace(
        sample, standard_deviation=sample.standard_deviation * math.sqrt(units / sample.n), n=units
    )


def _pairs(pairs: PairedSample, rows: pl.DataFrame) -> PairedSample:
    units = _effective(rows)
    if units is None or pairs.outcome.n < 2:
        return pairs
    scale = units / pairs.outcome.n
    first, second = pairs.third
    return PairedSample(
        _worth(pairs.outcome, rows),
        _worth(pairs.before, rows),
        pairs.covariance * scale,
        (first * scale**1.5, second * scale**1.5),
    )


def _effective(rows: pl.DataFrame) -> float | None:
    """Return the number of clusters of equal size that these are worth; None where there are no clusters."""
    if SIZE not in rows.columns:
        return None
    size = rows[SIZE].to_numpy()
    squares = float(size @ size)
    return float(size.sum()) ** 2 / squares if squares else None
