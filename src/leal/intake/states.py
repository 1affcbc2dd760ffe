"""What the words for the state of an order say of its money: en and ru, of shops and of sales pipelines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from leal.intake.column_mapping import RowState
from leal.intake.raw import header_key

_STATES: tuple[tuple[RowState, str], ...] = (
    ("not_won", r"не реализован|провал|проигр|неуспе|\blost?\b|\blose\b|\bloose\b|apology|closed lost|отказ"),
    ("accepted", r"частичн\w* возв|partially refund|partial refund|не отмен"),
    (
        "refund",
        r"^возврат|\bвозврат (?:товар|от покуп|денег|средств)|^refund$|\breturns?$"
        r"|credit (?:memo|note)|chargeback|сторно",
    ),
    ("refunded", r"refunded|returned|возвращ|возвр\b|полный возврат|wc refunded"),
    (
        "cancelled",
        r"cancel|void|отмен|аннулир|fail|declin|reject|trash|abandon|удален|брошен|expired|не состоял"
        r"|unavailable",
    ),
    (
        "not_paid",
        r"not paid|unpaid|не оплач|неоплач|on hold|ожида\w* оплат|awaiting payment|pending|draft|черновик|"
        r"checkout draft|счет выставлен|authorized",
    ),
)
"""Regular expressions over the wording of a state; the first that matches tells."""

_WON = r"успешн|выигр|\bwon\b|closed won|\bwin\b|сделка заключена"


def states_of(cells: pl.Series, own: Mapping[str, RowState], *, pipeline: bool = False) -> pl.Series:
    """Return what each cell's state says of its money, by the words of the file or of its mapping.

    Parameters
    ----------
    cells : polars.Series
        The states as they stand in the file; an empty one is accepted.
    own : mapping of str to RowState
        What a mapping says of the file's own words; it goes before what Leal knows.
    pipeline : bool
        Whether the file holds deals, of which only won ones are sales. It is taken for one anyway where some
        of its states say "won".

    Returns
    -------
    polars.Series
        A `RowState` each.
    """
    text = cells.cast(pl.String).str.strip_chars()
    words = text.drop_nulls().unique().to_list()
    deals = pipeline or any(re.search(_WON, _plain(word)) and state_of(word) == "accepted" for word in words)
    told = {word: own.get(word) or _state(word, deals=deals) for word in words}
    return text.replace_strict(
        list(told), list(told.values()), default="not_won" if deals else "accepted", return_dtype=pl.String
    ).fill_null("not_won" if deals else "accepted")


def state_of(word: str) -> RowState:
    """Return what one word for the state of an order says of its money.

    Examples
    --------
    >>> state_of("Отменён"), state_of("refunded"), state_of("Возврат"), state_of("Доставлен")
    ('cancelled', 'refunded', 'refund', 'accepted')
    """
    plain = _plain(word)
    return next((state for state, words in _STATES if re.search(words, plain)), "accepted")


def is_refund_word(words: Iterable[str]) -> dict[str, bool]:
    """Tell of each word of a column "type of operation" (or "is refund") whether it is a refund."""
    return {word: state_of(word) in {"refund", "refunded"} or _plain(word) in _YES for word in words}


_YES = frozenset({"1", "true", "yes", "да", "y", "истина"})


def _state(word: str, *, deals: bool) -> RowState:
    state = state_of(word)
    if not deals:
        return "cancelled" if state == "not_won" else state
    if state in {"refund", "refunded"}:
        return state
    if state != "accepted":
        return "not_won"
    return "accepted" if re.search(_WON, _plain(word)) else "not_won"


def _plain(word: str) -> str:
    return header_key(word.replace("_", " "))
