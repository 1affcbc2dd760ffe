"""What the comparison of numbers says, in words, either way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leal.predict.foretelling.foretelling_numbers import NUMBER_WORDS
from leal.results import Proportion
from leal.wording import Count, Listing, Percent, Points, Text

if TYPE_CHECKING:
    from leal.predict.foretelling.foretelling import NumberForetold

OUTCOME_WORDS: dict[str, Text] = {
    "spend": Text("later spend"),
    "repeat": Text("later purchases"),
    "churn": Text("who stops buying"),
}


def verdict_of(
    outcome: str,
    numbers: tuple[NumberForetold, ...],
    past: Proportion,
    winner: str | None,
    adds: tuple[str, ...],
    window: int,
) -> Text:
    """Return in words which number foretells an outcome best, and whether any adds to past behaviour."""
    return Text(
        "{against} {beside}",
        against=_against_nps(outcome, numbers, winner, window),
        beside=_beside_past(past, adds),
    )


def _against_nps(outcome: str, numbers: tuple[NumberForetold, ...], winner: str | None, window: int) -> Text:
    shares = {one.name: one.alone for one in numbers}
    nps = shares["nps_groups"]
    words = {
        "outcome": OUTCOME_WORDS[outcome],
        "days": Count(window),
        "nps": Percent(max(nps.estimate, 0.0), 1),
    }
    if nps.ci_high <= 0 or all(one.ci_low <= 0 for one in shares.values()):
        return Text(
            "No number surely foretells {outcome} in the next {days} days: what customers say and what they"
            " do are two things here.",
            **words,
        )
    if winner is None:
        return Text(
            "NPS serves as well here: its groups foretell {nps} of {outcome} in the next {days} days, and no"
            " other number surely more (up to {most} points more are not ruled out).",
            most=Points(100 * max((one.over_nps.ci_high for one in numbers if one.over_nps), default=0.0), 1),
            **words,
        )
    if winner == "nps_groups":
        return Text(
            "NPS foretells {outcome} best: its groups tell {nps} of it in the next {days} days, every other"
            " number surely less.",
            **words,
        )
    gap = next(one.over_nps for one in numbers if one.name == winner)
    low, high = (gap.ci_low, gap.ci_high) if gap is not None else (0.0, 0.0)
    return Text(
        "{winner} foretells {outcome} better than NPS: {share} of it in the next {days} days against {nps}"
        " ({low} to {high} points more).",
        winner=NUMBER_WORDS[winner],
        share=Percent(max(shares[winner].estimate, 0.0), 1),
        low=Points(100 * low, 1),
        high=Points(100 * high, 1),
        **words,
    )


def _beside_past(past: Proportion, adds: tuple[str, ...]) -> Text:
    share = Percent(max(past.estimate, 0.0), 1)
    if not adds:
        return Text("Past behaviour alone foretells {share}; no number surely adds to it.", share=share)
    return Text(
        "Past behaviour alone foretells {share}; these surely add to it: {names}.",
        share=share,
        names=Listing.of([NUMBER_WORDS[name] for name in adds]),
    )
