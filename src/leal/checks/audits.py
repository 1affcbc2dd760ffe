"""The ten checks over an Evidence, ranked by money, with the first three steps."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from leal.checks.book import Book
from leal.checks.findings import Check
from leal.checks.registry import CHECKS
from leal.checks.soundness import require_sound
from leal.checks.tally import tally
from leal.errors import BadOption, BadValue, Where
from leal.evidence import Evidence
from leal.intake import join_customers
from leal.measure import DISCOUNT, NpsResult
from leal.path_model import Missing
from leal.results import Basis, Money, Note, one_called, to_plain
from leal.wording import Text

FIRST_STEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The answers of the ten checks.

    Attributes
    ----------
    checks : tuple of Check
        All ten, in order.
    headline : NpsResult or None
        The Net Promoter Score over all answers, None without scores.
    yearly_money : Money or None
        Yearly margin, or revenue where no margin is known; None without purchases.
    basis : {"revenue", "margin"}
        What money is counted in.
    currency : str or None
        ISO code of the currency, where known.
    as_of : datetime.date or None
        The day from which the audit looks back: the last day in the data unless another was asked for.
    level : float
        Confidence level of every interval.
    margin : float or None
        Margin as a share of revenue, as it was given.
    danger_share : float
        Share of the yearly money above which a check is dangerous.
    discount : float
        Rate of interest a year that future money is discounted by.
    reconciliations : tuple
        How each file was read: rows accepted, rejected and why.
    joining : object or None
        How the tables were joined.
    notes : tuple of Note
        What to know of the whole audit.
    book : Book or None
        The evidence and what was reckoned from it, for documents that tell more than the checks.
    """

    checks: tuple[Check, ...]
    headline: NpsResult | None
    yearly_money: Money | None
    basis: Basis
    currency: str | None
    as_of: dt.date | None
    level: float
    margin: float | None
    danger_share: float
    discount: float = DISCOUNT
    reconciliations: tuple[Any, ...] = ()
    joining: Any = None
    notes: tuple[Note, ...] = ()
    book: Book | None = field(default=None, repr=False, compare=False)

    def __getitem__(self, number: int) -> Check:
        return one_called(self.checks, "number", number)

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    @property
    def ranked(self) -> tuple[Check, ...]:
        """The checks by money at stake, most first; then those without a figure; the unknown last."""
        return tuple(sorted(self.checks, key=_rank))

    @property
    def dangerous(self) -> tuple[Check, ...]:
        """The exposed checks whose money at stake exceeds `danger_share` of the yearly money, most first."""
        return tuple(check for check in self.ranked if self.is_dangerous(check))

    def is_dangerous(self, check: Check) -> bool:
        """Tell whether a check is exposed for more than `danger_share` of the yearly money."""
        if check.verdict != "exposed" or self.yearly_money is None:
            return False
        return _stake(check) > self.danger_share * self.yearly_money.estimate

    @property
    def first_steps(self) -> tuple[Text, ...]:
        """The first three steps: of the exposed checks by money, then evidence to bring, then the guarded."""
        order = {"exposed": 0, "unknown": 1, "guarded": 2}
        ordered = sorted(self.ranked, key=lambda check: order[check.verdict])
        return tuple(dict.fromkeys(check.next_step for check in ordered))[:FIRST_STEPS]

    def sentence(self) -> Text:
        """Return the audit in one sentence: how many checks are exposed, how many unknown."""
        exposed = sum(check.verdict == "exposed" for check in self.checks)
        unknown = sum(check.verdict == "unknown" for check in self.checks)
        return tally(exposed, unknown)

    def __str__(self) -> str:
        return "\n".join([self.sentence(), *(str(check) for check in self.ranked)])

    def to_dict(self) -> dict[str, Any]:
        """Return the audit as plain JSON values."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "book"}
        told["checks"] = [check.to_dict() for check in self.checks]
        told["ranked"] = [check.number for check in self.ranked]
        told["dangerous"] = [check.number for check in self.dangerous]
        told["first_steps"] = list(self.first_steps)
        return {name: _plain(value) for name, value in told.items()}


def audit(
    evidence: Evidence,
    *,
    margin: float | None = None,
    currency: str | None = None,
    as_of: dt.date | None = None,
    level: float = 0.95,
    danger_share: float = 0.05,
    discount: float = DISCOUNT,
    missing: Missing = "casewise",
    reconciliations: Iterable[Any] = (),
    joining: Any = None,
    progress: Callable[[int], None] | None = None,
) -> Audit:
    """Return the answers of the ten checks: which mistakes your own data show, what they cost, what to do.

    Parameters
    ----------
    evidence : Evidence
        The tables; each may be absent, and what is absent makes checks unknown, never wrong.
    margin : float, optional
        Margin as a share of revenue, .3 for 30 %; used where the purchases have no column `margin`. Without
        either, money is revenue and says so.
    currency : str, optional
        ISO code; by default the only one in the purchases.
    as_of : datetime.date, optional
        Day from which to look back; by default the last day in the data. The clock is never asked.
    level : float
        Confidence level of every interval.
    danger_share : float
        A check is dangerous where it is exposed for more than this share of the yearly money.
    discount : float
        Rate of interest a year that future money is discounted by, .1 for 10 %.
    missing : {"casewise", "mean", "pairwise", "em"}
        What the path model of checks 4, 5 and 10 does with gaps in its items; see `PathModel.fit`.
    reconciliations : iterable
        How each file was read, to go into the report.
    joining : object, optional
        How the tables were joined, as `leal.load` tells it, to go into the report. Without it the tables are
        joined here: answers by mail find purchases by number.
    progress : callable, optional
        Told how many of the ten checks are done, after each.

    Returns
    -------
    Audit

    Raises
    ------
    BadValue
        `margin`, `level` or `danger_share` is no share; or a table holds what no check could use: words for
        numbers, a score off its scale, a date that is none.
    """
    _require_share("margin", margin, low=0.0, high=1.0)
    _require_share("danger_share", danger_share, low=0.0, high=1.0)
    _require_share("discount", discount, low=0.001, high=1.0)
    _require_share("level", level, low=0.5, high=0.9999)
    if missing not in get_args(Missing):
        raise BadOption("missing", missing, list(get_args(Missing)))
    told = require_sound(evidence)
    if joining is None and evidence.has("answers"):
        evidence, joining = join_customers(evidence)
    book = Book(
        evidence=evidence,
        margin=margin,
        given_currency=currency,
        given_as_of=as_of,
        level=level,
        discount=discount,
        missing=missing,
    )
    return Audit(
        checks=tuple(_with_doubts(check, joining) for check in _run(book, progress)),
        headline=book.headline,
        yearly_money=book.yearly,
        basis=book.basis,
        currency=book.currency,
        as_of=book.as_of,
        level=level,
        margin=margin,
        danger_share=danger_share,
        discount=discount,
        reconciliations=tuple(reconciliations),
        joining=joining,
        notes=(*told, *book.notes),
        book=book,
    )


def _run(book: Book, progress: Callable[[int], None] | None) -> tuple[Check, ...]:
    answers = []
    for done, check in enumerate(CHECKS, start=1):
        answers.append(check(book))
        if progress is not None:
            progress(done)
    return tuple(answers)


def _with_doubts(check: Check, joining: Any) -> Check:
    """Let a check that speaks of money carry the note that few answers found their customer."""
    doubts = tuple(note for note in getattr(joining, "notes", ()) if note.code == "few_matched")
    return replace(check, notes=(*check.notes, *doubts)) if doubts and check.money is not None else check


def _require_share(option: str, value: float | None, *, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise BadValue(
            Text("{option} is {value}, which is no share.", option=option, value=value),
            hint=Text("Give a fraction from {low} to {high}, such as .3 for 30 %.", low=low, high=high),
            where=Where(column=option),
        )


def _rank(check: Check) -> tuple[int, float, int]:
    if check.verdict == "unknown":
        return (2, 0.0, check.number)
    stake = _stake(check)
    return (0, -stake, check.number) if math.isfinite(stake) else (1, 0.0, check.number)


def _stake(check: Check) -> float:
    known = check.money is not None and check.money.known
    return check.money.estimate if known and check.money is not None else -math.inf


def _plain(value: object) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") and not isinstance(value, dict) else to_plain(value)
