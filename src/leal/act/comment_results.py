"""What was estimated of comments, by channel, and how the model of word of mouth takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leal.act.talk_presets import Talk
from leal.act.uncertain import Floats, Quantity, Uncertain
from leal.errors import BadValue, Where
from leal.results import Estimate, Note, Result, one_called, to_plain, with_limits
from leal.wording import Count, Decimal, Percent, Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelWeight(Result):
    """What comments in one channel do.

    Attributes
    ----------
    channel : str
        Its name, ``"all"`` where channels are not told apart.
    weight : Estimate
        Positive comments that one negative outweighs: w = b-/b+.
    needed : Estimate
        Positive comments, and no negative, at which half of the prospects buy: k = -alpha/b+.
    positive, negative : Estimate
        b+ and b-: what one comment adds to, or takes from, the log-odds of buying.
    """

    channel: str
    weight: Estimate
    needed: Estimate
    positive: Estimate
    negative: Estimate

    def sentence(self) -> Text:
        """Return the channel in words."""
        if not self.weight.known:
            return Text("{channel}: unknown, more answers are needed", channel=self.channel)
        return Text(
            "{channel}: one negative comment outweighs {weight} positive ones ({level} {low} to {high},"
            " n = {n}); {needed} win half of the prospects",
            channel=self.channel,
            weight=Decimal(self.weight.estimate, 1),
            level=Percent(self.weight.level),
            low=Decimal(self.weight.ci_low, 1),
            high=Decimal(self.weight.ci_high, 1),
            n=Count(self.weight.n),
            needed=Decimal(self.needed.estimate, 1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsEstimate:
    """What comments do, by channel; it becomes the column `yours` of `leal.word_of_mouth`.

    Attributes
    ----------
    channels : tuple of ChannelWeight
        In the order given.
    constant : Estimate
        alpha: log-odds of buying of those who met no comment.
    buyers, others : int
        Respondents who bought, and who did not.
    notes : tuple of Note
        Rows left out, what is not sure.
    """

    channels: tuple[ChannelWeight, ...]
    constant: Estimate
    buyers: int
    others: int
    notes: tuple[Note, ...] = ()
    draws: Mapping[str, tuple[Floats, Floats]] = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        return "\n".join(one.sentence() for one in self.channels)

    def __getitem__(self, channel: str) -> ChannelWeight:
        return one_called(self.channels, "channel", channel)

    def __iter__(self) -> Iterator[ChannelWeight]:
        return iter(self.channels)

    def talk(self, channel: str | None = None, *, excess: Quantity = 0.0, **more: Quantity) -> Talk:
        """Return the assumptions for `leal.word_of_mouth`: weight and need drawn from the same resamples.

        Parameters
        ----------
        channel : str, optional
            Whose figures; the first one by default.
        excess : quantity
            By how much more a detractor speaks than a promoter; alike by default.
        **more : quantity
            Further assumptions of `Talk`.

        Raises
        ------
        BadValue
            Nothing could be estimated for the channel.
        """
        name = channel or self.channels[0].channel
        if name not in self.draws:
            raise BadValue(
                Text("Nothing could be estimated for the channel {channel}.", channel=repr(name)),
                hint=Text("Ask more buyers and non-buyers, or name another channel."),
                where=Where(column="channel"),
            )
        weight, needed = self.draws[name]
        return Talk(
            name="yours",
            weight=Uncertain.drawn(weight, together="comments met"),
            needed=Uncertain.drawn(needed, together="comments met"),
            excess=excess,
            sources={
                "weight": Text("your survey of buyers and non-buyers"),
                "needed": Text("your survey of buyers and non-buyers"),
            },
            **more,
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a channel."""
        import polars as pl

        return pl.DataFrame([_row(one) for one in self.channels], infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Return the estimates as plain JSON values."""
        parts = {"channels": self.channels, "constant": self.constant, "notes": self.notes}
        return to_plain(parts | {"buyers": self.buyers, "others": self.others})  # type: ignore[no-any-return]


def _row(one: ChannelWeight) -> dict[str, object]:
    row: dict[str, object] = {"channel": one.channel}
    for name in ("weight", "needed", "positive", "negative"):
        row |= with_limits(name, getattr(one, name))
    return row
