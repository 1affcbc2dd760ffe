"""What the criteria of a fit say, in words: what is wrong, and one sentence for each criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from leal.path_model.construct_names import construct_name
from leal.results import Note
from leal.wording import Decimal, Listing, Percent, Text

if TYPE_CHECKING:
    from leal.path_model.assessment import Assessment
    from leal.path_model.model_fit import PathFit

RELIABLE = 0.7
CONVERGENT = 0.5
ALIKE = 0.9
"""Heterotrait-monotrait ratio from which two constructs cannot be told apart (Henseler et al. 2015)."""
COLLINEAR = 3.3
NEGLIGIBLE = 0.02
"""f2 below which an effect hardly matters (Cohen 1988)."""
WEAK = 0.25
"""R2 below which little is explained (Hair et al. 2011)."""
WELL_FITTING = 0.08
"""SRMR up to which a model fits well (Hu and Bentler 1999)."""


def verdicts_of(
    fit: PathFit, reliability: pl.DataFrame, htmt: pl.DataFrame, inflation: pl.DataFrame
) -> tuple[Note, ...]:
    """Return what is wrong with the measurement, the gravest first; or that nothing is."""
    found = [*_alike(htmt), *_unreliable(fit, reliability), *_collinear(inflation)]
    if found:
        return tuple(found)
    if np.diff(fit.structure.starts).max() == 1:
        text = Text("Each construct is one item: how reliably it is measured cannot be told.")
        return (Note(code="single_items", text=text),)
    text = Text("Measurement holds: the constructs are reliable and can be told apart.")
    return (Note(code="sound_measurement", text=text),)


def _alike(htmt: pl.DataFrame) -> list[Note]:
    rows = htmt.filter(pl.col("estimate") > ALIKE).sort("estimate", descending=True).iter_rows(named=True)
    return [
        Note(
            code="not_told_apart",
            text=Text(
                "{one} and {other} cannot be told apart (HTMT {value}): read them together, or drop "
                "items that fit both.",
                one=construct_name(row["construct"]),
                other=construct_name(row["other"]),
                value=Decimal(row["estimate"]),
            ),
        )
        for row in rows
    ]


def _unreliable(fit: PathFit, reliability: pl.DataFrame) -> list[Note]:
    found = []
    reflective = _reflective(fit)
    for row in reliability.iter_rows(named=True):
        if row["estimate"] is None or row["construct"] not in reflective:
            continue
        values = {"name": construct_name(row["construct"]), "value": Decimal(row["estimate"])}
        if row["criterion"] == "rho_C" and row["estimate"] < RELIABLE:
            text = Text(
                "{name} is measured unreliably (rho_C {value}, .7 is wanted): add or drop items.",
                **values,
            )
            found.append(Note(code="unreliable_construct", text=text))
        if row["criterion"] == "AVE" and row["estimate"] < CONVERGENT:
            text = Text("The items of {name} share little with it (AVE {value}, .5 is wanted).", **values)
            found.append(Note(code="little_in_common", text=text))
    return found


def _reflective(fit: PathFit) -> list[str]:
    """Return the constructs of several items in Mode A: of others reliability is not told."""
    sizes = np.diff(fit.structure.starts)
    return [
        one.name
        for one, size in zip(fit.model.constructs, sizes, strict=True)
        if size > 1 and one.mode == "A"
    ]


def _collinear(inflation: pl.DataFrame) -> list[Note]:
    rows = inflation.filter(pl.col("estimate") > COLLINEAR).iter_rows(named=True)
    return [
        Note(
            code="collinear_sources",
            text=Text(
                "The effect of {source} on {target} cannot be separated well from the others (VIF {value}).",
                source=construct_name(row["source"]),
                target=construct_name(row["target"]),
                value=Decimal(row["estimate"], 1),
            ),
        )
        for row in rows
    ]


def criteria_in_words(fit: PathFit, sure: Assessment) -> tuple[Note, ...]:
    """Return one sentence for each criterion, good or bad; the code is the name of the criterion."""
    return (
        *_reliabilities(fit, sure.reliability),
        _heterotrait_monotrait(sure.heterotrait_monotrait),
        _fornell_larcker(fit, sure.fornell_larcker),
        _cross_loadings(sure.cross_loadings),
        _inflation(sure.inflation),
        _item_inflation(sure.item_inflation),
        _effect_sizes(sure.effect_sizes),
        _explained(sure.r_squared),
        _residual(fit, sure.residual),
    )


def _reliabilities(fit: PathFit, table: pl.DataFrame) -> list[Note]:
    reflective = _reflective(fit)
    if not reflective:
        text = Text("No construct is measured by several items in Mode A: reliability is not told.")
        return [Note(code="reliability", text=text)]
    notes = []
    for criterion, wanted in (
        ("alpha", RELIABLE),
        ("rho_A", RELIABLE),
        ("rho_C", RELIABLE),
        ("AVE", CONVERGENT),
    ):
        rows = table.filter((pl.col("criterion") == criterion) & pl.col("construct").is_in(reflective))
        low = rows.filter(pl.col("estimate").is_null() | (pl.col("estimate") < wanted))
        values = {"criterion": criterion, "limit": Decimal(wanted, 1)}
        if low.is_empty():
            text = Text("{criterion} is {limit} or more for every construct.", **values)
        else:
            text = Text("{criterion} is below the wanted {limit} for {names}.", names=_names(low), **values)
        notes.append(Note(code=criterion, text=text))
    return notes


def _names(rows: pl.DataFrame) -> Listing:
    """Return constructs with their figure in brackets, the lowest first."""
    ordered = rows.sort("estimate").select("construct", "estimate").rows()
    return Listing.of(
        construct_name(name)
        if value is None
        else Text("{name} ({value})", name=construct_name(name), value=Decimal(value))
        for name, value in ordered
    )


def _heterotrait_monotrait(table: pl.DataFrame) -> Note:
    known = table.drop_nulls("estimate")
    alike = known.filter(pl.col("estimate") > ALIKE).sort("estimate", descending=True)
    unsure = known.filter((pl.col("estimate") <= ALIKE) & (pl.col("ci_high") > ALIKE))
    if not alike.is_empty():
        text = Text("Cannot be told apart (HTMT above .9): {pairs}.", pairs=_pairs(alike))
    elif not unsure.is_empty():
        text = Text(
            "Every HTMT is .9 or less, but the interval reaches above .9 for {pairs}.", pairs=_pairs(unsure)
        )
    else:
        text = Text("All constructs can be told apart: every HTMT is .9 or less.")
    return Note(code="HTMT", text=text)


def _pairs(rows: pl.DataFrame) -> Listing:
    return Listing.of(
        Text(
            "{one} / {other} ({value})", one=construct_name(a), other=construct_name(b), value=Decimal(value)
        )
        for a, b, value in rows.select("construct", "other", "estimate").rows()
    )


def _fornell_larcker(fit: PathFit, table: pl.DataFrame) -> Note:
    matrix = table.drop("construct").to_numpy()
    reflective = [fit.model.names.index(name) for name in _reflective(fit)]
    failing = [
        fit.model.names[j]
        for j in reflective
        if np.abs(np.delete(matrix[j], j)).max(initial=0) > matrix[j, j]
    ]
    if failing:
        text = Text(
            "Closer to another construct than to their own items (Fornell-Larcker): {names}.",
            names=Listing.of(construct_name(name) for name in failing),
        )
    else:
        text = Text("Each construct shares more with its items than with any other (Fornell-Larcker).")
    return Note(code="fornell_larcker", text=text)


def _cross_loadings(table: pl.DataFrame) -> Note:
    wrong = []
    for row in table.iter_rows(named=True):
        others = [abs(v) for k, v in row.items() if k not in ("construct", "item", row["construct"])]
        if others and max(others) > abs(row[row["construct"]]):
            wrong.append(row["item"])
    if wrong:
        text = Text("Items that load higher on another construct: {items}.", items=Listing.of(wrong))
    else:
        text = Text("Each item loads highest on its own construct.")
    return Note(code="cross_loadings", text=text)


def _inflation(table: pl.DataFrame) -> Note:
    high = table.filter(pl.col("estimate").is_null() | (pl.col("estimate") > COLLINEAR))
    if high.is_empty():
        text = Text("Effects can be told apart: every VIF is 3.3 or less.")
    else:
        text = Text("Effects that can hardly be separated (VIF above 3.3): {paths}.", paths=_paths(high))
    return Note(code="VIF", text=text)


def _paths(rows: pl.DataFrame) -> Listing:
    ends = rows.select("source", "target").rows()
    return Listing.of(
        Text("{source} → {target}", source=construct_name(a), target=construct_name(b)) for a, b in ends
    )


def _item_inflation(table: pl.DataFrame) -> Note:
    unknown = table.filter(pl.col("estimate").is_null())
    high = table.filter(pl.col("estimate") > COLLINEAR)
    if not unknown.is_empty():
        text = Text(
            "Items of a block hold the same answers: its VIF cannot be told ({items}).",
            items=Listing.of(unknown["item"]),
        )
    elif not high.is_empty():
        text = Text(
            "Items that others of their block repeat (VIF above 3.3; it matters in Mode B): {items}.",
            items=Listing.of(high["item"]),
        )
    else:
        text = Text("Items do not repeat each other: every VIF within a block is 3.3 or less.")
    return Note(code="item_VIF", text=text)


def _effect_sizes(table: pl.DataFrame) -> Note:
    small = table.filter(pl.col("estimate") < NEGLIGIBLE)
    if small.is_empty():
        text = Text("Every effect matters at least a little: f2 is .02 or more.")
    else:
        text = Text("Effects that hardly matter (f2 below .02): {paths}.", paths=_paths(small))
    return Note(code="f2", text=text)


def _explained(table: pl.DataFrame) -> Note:
    ordered = table.sort("estimate", descending=True).select("construct", "estimate").rows()
    values = Listing.of(
        Text("{name} {share}", name=construct_name(name), share=Percent(value)) for name, value in ordered
    )
    weak = [name for name, value in ordered if value < WEAK]
    if weak:
        text = Text(
            "Explained (R2): {values}. Little, below 25 %, of {names}.",
            values=values,
            names=Listing.of(construct_name(name) for name in weak),
        )
    else:
        text = Text("Explained (R2): {values}.", values=values)
    return Note(code="R2", text=text)


def _residual(fit: PathFit, table: pl.DataFrame) -> Note:
    """Judge the estimated model by the reading that the fit took: composites, or factors where consistent."""
    reading = "common factors" if fit.options.consistent else "composites"
    row = table.filter((pl.col("reading") == reading) & (pl.col("model") == "estimated")).row(0, named=True)
    value, low, high = row["estimate"], row["ci_low"], row["ci_high"]
    values: dict[str, object] = {"value": Decimal(value, 3)}
    settled = low is None or high is None or high <= WELL_FITTING or min(low, value) > WELL_FITTING
    if not settled:
        text = Text(
            "Whether the model leaves out relations between the items is not settled: SRMR {value} "
            "({low} to {high}), .08 or less is wanted.",
            low=Decimal(low, 3),
            high=Decimal(high, 3),
            **values,
        )
    elif value <= WELL_FITTING:
        text = Text(
            "The model leaves out few relations between the items: SRMR {value}, .08 or less. "
            "How strong the relations are, R2 tells.",
            **values,
        )
    else:
        text = Text(
            "The model leaves out relations between the items: SRMR {value}, .08 or less is wanted.", **values
        )
    return Note(code="SRMR", text=text)
