"""What is doubtful about a comparison of groups: few answers, gaps, groups not measured alike."""

from __future__ import annotations

import numpy as np
import polars as pl

from leal.path_model.construct_names import construct_name
from leal.path_model.doubts import scale_doubts
from leal.path_model.group_setting import LEAST, GroupSetting
from leal.results import Note
from leal.wording import Count, Listing, Percent, Text

FEW = 30
"""Answers of a group below which it is a direction only."""

GAPS_APART = 0.1
"""Shares of gaps in two groups that lie further apart are told."""


def group_notes(setting: GroupSetting, invariance: pl.DataFrame, ungrouped: int) -> tuple[Note, ...]:
    """Return the doubts about a comparison."""
    rows = setting.rows
    found = [
        _left_out(setting),
        _small(setting),
        _unlike(invariance),
        _ungrouped(ungrouped),
        _unused(setting),
        _bridged(setting),
        _gaps_apart(setting),
    ]
    scale = scale_doubts(
        setting.structure.model.items,
        np.nanmin(rows, axis=0),
        np.nanmax(rows, axis=0),
        setting.options.scale,
        len(rows),
    )
    return (*scale, *(note for note in found if note is not None))


def _left_out(setting: GroupSetting) -> Note | None:
    if not setting.left_out:
        return None
    values: dict[str, object] = {"least": LEAST, "groups": Listing.of(setting.left_out)}
    if setting.options.missing == "casewise":
        text = Text(
            "Left out, for fewer than {least} complete answers or an item that all or nearly all of the "
            "group answered alike: {groups}.",
            **values,
        )
    else:
        text = Text(
            "Left out, for fewer than {least} answers to an item, an item that all or nearly all of the "
            "group answered alike, or too many gaps: {groups}.",
            **values,
        )
    return Note(code="groups_left_out", text=text)


def _small(setting: GroupSetting) -> Note | None:
    small = [f"{name} (n = {group.n})" for name, group in setting.groups.items() if group.n < FEW]
    if not small:
        return None
    text = Text(
        "Groups with fewer than {few} answers: {groups}. Read them as a direction only.",
        few=Count(FEW),
        groups=Listing.of(small),
    )
    return Note(code="small_groups", text=text)


def _unlike(invariance: pl.DataFrame) -> Note | None:
    unlike = invariance.filter(~pl.col("same_composition"))["construct"].unique().sort().to_list()
    if not unlike:
        return None
    text = Text(
        "Not measured alike in all groups (MICOM): {constructs}. "
        "Their differences may be differences of meaning.",
        constructs=Listing.of(construct_name(name) for name in unlike),
    )
    return Note(code="not_invariant", text=text)


def _ungrouped(count: int) -> Note | None:
    if not count:
        return None
    text = Text("{count} answers name no group and were left out.", count=Count(count))
    return Note(code="answers_without_group", text=text)


def _unused(setting: GroupSetting) -> Note | None:
    if not setting.unused:
        return None
    text = Text(
        "{count} answers with gaps were left out, {n} were used.",
        count=Count(setting.unused),
        n=Count(len(setting.rows)),
    )
    return Note(code="answers_left_out", text=text)


def _bridged(setting: GroupSetting) -> Note | None:
    share = float(np.isnan(setting.rows).mean())
    if not share:
        return None
    values: dict[str, object] = {"share": Percent(share)}
    text = {
        "mean": Text(
            "{share} of single answers are missing: they count as the mean of their group.", **values
        ),
        "pairwise": Text(
            "{share} of single answers are missing: each pair of items rests on who answered both.", **values
        ),
    }.get(
        setting.options.missing,
        Text(
            "{share} of single answers are missing: they count as the other answers of their group let "
            "expect (EM).",
            **values,
        ),
    )
    return Note(code="gaps_bridged", text=text)


def _gaps_apart(setting: GroupSetting) -> Note | None:
    """Note shares of gaps that differ: then groups may differ by who left gaps, or by how they are filled."""
    shares = {name: group.gaps for name, group in setting.groups.items()}
    if max(shares.values()) - min(shares.values()) <= GAPS_APART:
        return None
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    values: dict[str, object] = {
        "most": most,
        "high": Percent(shares[most]),
        "least": least,
        "low": Percent(shares[least]),
    }
    if setting.options.missing == "mean":
        text = Text(
            "Gaps differ by group ({most} {high}, {least} {low}), and filling by the mean weakens effects "
            "and spread where they are many: compare with missing='em' or 'pairwise'.",
            **values,
        )
    else:
        text = Text(
            "Gaps differ by group ({most} {high}, {least} {low}): a difference may be one of who left gaps. "
            "Compare the items that all groups were asked.",
            **values,
        )
    return Note(code="gaps_differ", text=text)
