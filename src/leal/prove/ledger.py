"""The ledger: what each action promised, what was noticed of it, what was proved; and what that teaches."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from leal.act import Action, DirectEffect, action_value
from leal.errors import BadOption, BadValue, Where
from leal.measure import ProgrammeEffect
from leal.prove.experiment_results import Experiment
from leal.prove.ledger_entries import (
    LedgerEntry,
    Stage,
    checked_day,
    entries_frame,
    read_entries,
    write_entries,
)
from leal.prove.ledger_totals import Line, Surprise, line_of, quarters, realised_share, surprise_of, total
from leal.prove.links import LinkEstimate, updated_link
from leal.prove.noticing import NoticingEffect
from leal.prove.outcome_lessons import direct_effect, money_a_head
from leal.prove.outcomes import Outcome, outcome_of
from leal.prove.quasi_experiments import PanelEffect
from leal.results import Estimate, Grade, Money, Proportion, Result, recast, to_plain
from leal.wording import RoundAmount, Text, plural

if TYPE_CHECKING:
    import polars as pl

    from leal.charts import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger(Result):
    """What was promised, noticed and proved, by action; every method returns a new ledger.

    Attributes
    ----------
    entries : tuple of LedgerEntry
        All lines, in the order in which they were written; nothing is ever struck out.

    Examples
    --------
    >>> from leal.results import Money
    >>> promise = Money(estimate=90_000, ci_low=40_000, ci_high=140_000, n=0, method="simulation")
    >>> proof = Money(estimate=20_000, ci_low=5_000, ci_high=35_000, n=4_000, method="welch", grade="A")
    >>> ledger = Ledger().promise("Welcome call", promise, on="2026-01-15")
    >>> ledger = ledger.prove(proof, action="Welcome call", on="2026-06-30")
    >>> print(ledger)
    1 action: promised 90,000, proved 20,000.
    >>> print(ledger.wrong()[0])
    Welcome call brought less than promised: 20,000 instead of 90,000.
    """

    entries: tuple[LedgerEntry, ...] = ()

    def promise(
        self,
        action: Any,
        forecast: Estimate | None = None,
        *,
        on: dt.date | str | None = None,
        cost: float | None = None,
        grade: Grade | None = None,
        years: float | None = None,
    ) -> Self:
        """Write down what an action is to bring.

        Parameters
        ----------
        action : str, Action or a forecast
            Its name, or anything that has one (`name` or `action`).
        forecast : Money or Estimate, optional
            Money in all, before cost, with its interval; left out where `action` is the forecast itself, or
            an `Action`, which is then valued. Of a forecast with a `gain` and a `cost` these are taken.
        on : datetime.date or str, optional
            Day of the promise.
        cost : float, optional
            Cost in all.
        grade : {"A", "B", "C", "D"}, optional
            How well it is founded; that of the forecast by default, else D.
        years : float, optional
            Where an `Action` is valued here: the horizon, best that of the outcome to come, for a promise
            over the lives of customers cannot be held to what came in a year.
        """
        given = forecast if forecast is not None else action
        if isinstance(given, Action):
            given = action_value(given, years=years)
        gain = getattr(given, "gain", given)
        if not isinstance(gain, Estimate):
            raise BadValue(
                Text("A promise is money with an interval."),
                hint=Text("Give leal.results.Money, or what leal.action_value returned."),
                where=Where(column="forecast"),
            )
        spent = getattr(given, "cost", None)
        own: Grade = gain.grade if isinstance(gain, Money) else "D"
        entry = LedgerEntry(
            stage="promised",
            action=_name(action),
            value=gain,
            on=checked_day(on),
            grade=grade or own,
            cost=cost if cost is not None else getattr(spent, "estimate", None),
        )
        return self._with(entry)

    def notice(
        self,
        action: Any,
        share: Estimate | NoticingEffect,
        *,
        expected: float = 1.0,
        on: dt.date | str | None = None,
        grade: Grade = "A",
    ) -> Self:
        """Write down what share noticed an action, beyond those who say so without it.

        Parameters
        ----------
        action : str or Action
        share : Proportion or NoticingEffect
            Share of the treated who noticed minus that of the others.
        expected : float
            Share that the promise counted on; 1 where it took everybody to notice.
        on, grade
            Day; A where the others were drawn by lot.
        """
        extra: object = share.extra if isinstance(share, NoticingEffect) else share
        if not isinstance(extra, Estimate) or not 0 < expected <= 1:
            raise BadValue(
                Text("What was noticed is a share with an interval; what was expected lies in 0 to 1."),
                hint=Text("Give a Proportion, for example the result of leal.prove.noticing_effect."),
                where=Where(column="share"),
            )
        return self._with(
            LedgerEntry(
                stage="noticed",
                action=_name(action),
                value=extra if isinstance(extra, Proportion) else _as_share(extra),
                on=checked_day(on),
                grade=grade,
                expected=expected,
            )
        )

    def prove(
        self,
        outcome: Experiment | PanelEffect | ProgrammeEffect | Estimate,
        *,
        action: Any = None,
        arm: str | None = None,
        customers: float | None = None,
        on: dt.date | str | None = None,
        cost: float | None = None,
        grade: Grade | None = None,
        currency: str | None = None,
    ) -> Self:
        """Write down what an action was measured to bring.

        Parameters
        ----------
        outcome : Experiment, PanelEffect, ProgrammeEffect or Money
            What was measured; money by itself is taken as money in all.
        action : str or Action, optional
            Its name; left out where one promise alone is still open, or where the outcome has a name.
        arm : str, optional
            The arm of an experiment with several.
        customers : float, optional
            Customers that the effect a head is counted for; those treated by default.
        on, cost, grade, currency
            Day; cost in all; grade and currency where the outcome has none.
        """
        found = outcome_of(outcome, arm=arm, customers=customers, grade=grade, currency=currency)
        return self._with(
            LedgerEntry(
                stage="proved",
                action=self._proved_action(action, found),
                value=found.money,
                on=checked_day(on),
                grade=found.grade,
                cost=cost if cost is not None else found.cost,
                customers=found.customers,
                verdict=found.verdict,
                proved=found.proved,
            )
        )

    def assume(
        self, link: str, prior: Estimate, *, on: dt.date | str | None = None, grade: Grade = "D"
    ) -> Self:
        """Write down the first opinion of a link (``"retention_per_point"``), with its interval."""
        return self._with(
            LedgerEntry(stage="assumed", action="", value=prior, on=checked_day(on), link=link, grade=grade)
        )

    def learn(
        self,
        link: str,
        outcome: Estimate,
        *,
        action: Any = "",
        on: dt.date | str | None = None,
        grade: Grade = "A",
    ) -> Self:
        """Write down what was measured of a link: each outcome corrects the next forecast."""
        name = _name(action) if action else ""
        return self._with(
            LedgerEntry(
                stage="learned", action=name, value=outcome, on=checked_day(on), link=link, grade=grade
            )
        )

    def link(self, name: str, *, level: float = 0.95) -> LinkEstimate:
        """Return what is believed of a link: opinion and outcomes by their precision; for the next forecast.

        Unknown where the ledger holds nothing of it. The last opinion counts, and every outcome.
        """
        lines = [one for one in self.entries if one.link == name]
        prior = [one.value for one in lines if one.stage == "assumed"]
        learned = [one for one in lines if one.stage == "learned"]
        return updated_link(
            prior[-1] if prior else None,
            [one.value for one in learned],
            grades=[one.grade for one in learned],
            level=level,
        )

    @property
    def links(self) -> tuple[str, ...]:
        """Names of the links that the ledger holds anything of."""
        return tuple(dict.fromkeys(one.link for one in self.entries if one.link is not None))

    @property
    def actions(self) -> tuple[str, ...]:
        """Names of the actions, in the order of their first line."""
        stages: tuple[Stage, ...] = ("promised", "noticed", "proved")
        return tuple(dict.fromkeys(one.action for one in self.entries if one.stage in stages))

    def __iter__(self) -> Iterator[Line]:
        return (self[name] for name in self.actions)

    def __getitem__(self, action: str) -> Line:
        if action not in self.actions:
            raise BadOption("action", action, list(self.actions) or ["–"])
        return line_of(action, self.entries)

    def next_forecast(self, action: str, *, level: float = 0.95) -> LinkEstimate:
        """Return what the action may be expected to bring again: its promise corrected by its outcomes."""
        lines = [one for one in self.entries if one.action == action]
        promised = [one.value for one in lines if one.stage == "promised"]
        proved = [one for one in lines if one.stage == "proved"]
        return updated_link(
            promised[-1] if promised else None,
            [one.value for one in proved],
            grades=[one.grade for one in proved],
            level=level,
        )

    def direct_effect(self, action: Action, *, years: float, seed: int = 0) -> DirectEffect | None:
        """Return what the outcomes of an action teach of it past satisfaction; None where it has none.

        Parameters
        ----------
        action : Action
            With `margin` and `retention`, as in `leal.prove.direct_effect`; its name finds its outcomes.
        years : float
            Span in which each of them was measured.
        seed : int
            Seed of the draws.

        Raises
        ------
        BadValue
            An outcome was written down without its number of customers.
        """
        proved = [one for one in self.entries if one.action == action.name and one.stage == "proved"]
        heads = [
            money_a_head(one.value, one.customers, one.grade)
            for one in proved
            if isinstance(one.value, Money)
        ]
        return direct_effect(action, heads, years=years, customers=1, seed=seed) if heads else None

    @property
    def promised(self) -> Money | None:
        """All that was promised and by now has an outcome or not; None without promises."""
        return total([line.promised for line in self])

    @property
    def noticed(self) -> Money | None:
        """What of the promises is left by what was noticed; an action not asked about counts whole."""
        return total([line.noticed_money or line.promised for line in self])

    @property
    def measured(self) -> Money | None:
        """All that was measured, losses included; None without outcomes."""
        return total([line.proved for line in self])

    @property
    def proved(self) -> Money | None:
        """What is proved: outcomes whose lower limit is above zero; None where there is none."""
        return total([line.proved for line in self if line.is_proved])

    @property
    def harmed(self) -> Money | None:
        """What surely did harm: outcomes whose upper limit is below zero; None where there is none."""
        return total([line.proved for line in self if line.did_harm])

    @property
    def realised(self) -> Estimate:
        """What was measured for each unit promised, over the actions with both; unknown without any."""
        return realised_share(list(self))

    def wrong(self) -> tuple[Surprise, ...]:
        """Return what we were wrong about: outcomes that surely differ from the promise, largest first."""
        found = [surprise for line in self if (surprise := surprise_of(line)) is not None]
        return tuple(sorted(found, key=lambda one: -abs(one.promised.estimate - one.proved.estimate)))

    def by_quarter(self) -> pl.DataFrame:
        """Return promised and proved by quarter of their lines, one row a quarter, undated lines last."""
        return quarters(list(self), self.entries)

    def sentence(self) -> Text:
        """Return the totals in one sentence."""
        if not self.actions:
            return Text("The ledger is empty: promise something first.")
        promised, proved, harmed = self.promised, self.proved, self.harmed
        currency = next((one.value.currency for one in self.entries if isinstance(one.value, Money)), None)
        words = plural(
            "{count} action: promised {promised}, proved {proved}.",
            "{count} actions: promised {promised}, proved {proved}.",
            len(self.actions),
            promised=RoundAmount(promised.estimate if promised else 0.0, currency),
            proved=RoundAmount(proved.estimate if proved else 0.0, currency),
        )
        if harmed is None:
            return words
        return Text("{words} Harm done: {harm}.", words=words, harm=RoundAmount(harmed.estimate, currency))

    def to_frame(self) -> pl.DataFrame:
        """Return one row an entry."""
        return entries_frame(self.entries)

    def to_dict(self) -> dict[str, Any]:
        """Return entries and totals as plain JSON values."""
        whole = {"entries": self.entries, "promised": self.promised, "proved": self.proved}
        return to_plain(whole)  # type: ignore[no-any-return]

    def chart(self, style: Style | None = None) -> Any:
        """Return the waterfall from promised over noticed to proved as a Vega-Altair chart."""
        from leal.charts import Style, ledger_steps

        money = [one.value for one in self.entries if isinstance(one.value, Money)]
        return ledger_steps(
            self.steps(), style or Style(), currency=next((one.currency for one in money), None)
        )

    def steps(self) -> pl.DataFrame:
        """Return the levels of the waterfall: stage, estimate, ci_low, ci_high; only actions with a promise.

        Actions that were not asked about count as noticed; without an outcome nothing of them is proved.
        """
        import polars as pl

        lines = [line for line in self if line.promised is not None]
        levels = {
            "promised": total([line.promised for line in lines]),
            "noticed": total([line.noticed_money or line.promised for line in lines]),
            "proved": total([line.proved for line in lines if line.is_proved]),
            "harmed": total([line.proved for line in lines if line.did_harm]),
        }
        rows = [
            {
                "stage": name,
                "estimate": 0.0 if one is None else one.estimate,
                "ci_low": None if one is None else one.ci_low,
                "ci_high": None if one is None else one.ci_high,
            }
            for name, one in levels.items()
            if lines and (one is not None or name != "harmed")
        ]
        kinds = dict.fromkeys(("estimate", "ci_low", "ci_high"), pl.Float64)
        return pl.DataFrame(rows, schema={"stage": pl.String, **kinds})

    def save(self, path: str | Path) -> None:
        """Write the ledger to a .json or .parquet file, in a format with a version."""
        write_entries(self.entries, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` wrote."""
        return cls(entries=read_entries(Path(path)))

    def _with(self, entry: LedgerEntry) -> Self:
        money = [one.value.currency for one in self.entries if isinstance(one.value, Money)]
        if isinstance(entry.value, Money) and money and entry.value.currency != money[0]:
            raise BadValue(
                Text(
                    "The ledger is in {ours}, this entry in {theirs}.",
                    ours=money[0] or "–",
                    theirs=entry.value.currency or "–",
                ),
                hint=Text("Money of two currencies cannot be added: keep a ledger of each."),
                where=Where(column="currency"),
            )
        return replace(self, entries=(*self.entries, entry))

    def _proved_action(self, action: Any, found: Outcome) -> str:
        if action is not None:
            return _name(action)
        if found.action:
            return found.action
        closed = {one.action for one in self.entries if one.stage == "proved"}
        still_open = [name for name in self.actions if name not in closed and self[name].promised is not None]
        if not self.actions:
            raise BadValue(
                Text("Nothing is promised yet, so this outcome is of no known action."),
                hint=Text("Say of which, for example prove(found, action='Welcome call')."),
                where=Where(column="action"),
            )
        if len(still_open) != 1:
            raise BadOption("action", None, still_open or list(self.actions) or ["–"])
        return still_open[0]


def _name(action: Any) -> str:
    name = action if isinstance(action, str) else getattr(action, "name", getattr(action, "action", ""))
    if not isinstance(name, str) or not name.strip():
        raise BadValue(
            Text("An action has no name."),
            hint=Text("Give each action a short name of its own."),
            where=Where(column="action"),
        )
    return name


def _as_share(value: Estimate) -> Proportion:
    if math.isfinite(value.estimate) and not -1 <= value.estimate <= 1:
        raise BadValue(
            Text("What was noticed is a share with an interval; what was expected lies in 0 to 1."),
            hint=Text("Give a Proportion, for example the result of leal.prove.noticing_effect."),
            where=Where(column="share"),
        )
    return recast(Proportion, value)
