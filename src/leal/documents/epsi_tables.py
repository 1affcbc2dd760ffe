"""The tables of a path model by the names that users of SmartPLS and seminr know."""

from __future__ import annotations

import polars as pl

from leal.checks import Exhibit, Heading, Unit
from leal.explain import EpsiStudy
from leal.path_model import construct_name
from leal.wording import Text

_ENDS = (
    Heading(name="standard_error", title=Text("Standard error"), unit="number"),
    Heading(name="ci_low", title=Text("Interval from"), unit="number"),
    Heading(name="ci_high", title=Text("Interval to"), unit="number"),
)


def tables_of(study: EpsiStudy) -> list[Exhibit]:
    """Return all tables of a study, a sheet each, in the order in which they are read."""
    found = [
        _index(study),
        _paths(study),
        _total_effects(study),
        _importance(study),
        _by_item(study, "loadings"),
        _by_item(study, "weights"),
        _reliability(study),
        _heterotrait_monotrait(study),
        _fornell_larcker(study),
        _cross_loadings(study),
        _inflation(study),
        _item_inflation(study),
        _effect_sizes(study),
        _r_squared(study),
        _fit(study),
    ]
    if study.prediction is not None:
        found += [_prediction(study), _ability(study)]
    if study.differences is not None:
        found += [_groups(study), _differences(study), _invariance(study)]
    if study.nps is not None:
        found.append(_nps(study))
    return found


def _named(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return a table with constructs named in words."""
    return frame.with_columns(
        pl.Series(name, [str(construct_name(value)) for value in frame[name]], dtype=pl.String)
        for name in columns
    )


def _estimate(title: Text | None = None, unit: Unit = "number") -> Heading:
    return Heading(name="estimate", title=title or Text("Estimate"), unit=unit)


def _construct() -> Heading:
    return Heading(name="construct", title=Text("Construct"))


def _from_to() -> tuple[Heading, Heading]:
    return (Heading(name="source", title=Text("Cause")), Heading(name="target", title=Text("Effect")))


def _with_t(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with t values; a figure that is the same in every resample has none."""
    errors = pl.col("standard_error")
    usual = errors > 1e-9
    return frame.with_columns(t=pl.when(usual).then(pl.col("estimate") / errors))


_T = Heading(name="t", title=Text("t value"), unit="number")


def _index(study: EpsiStudy) -> Exhibit:
    frame = study.index.to_frame()
    others = {
        f"definition_{name}": [values[construct] for construct in frame["construct"]]
        for name, values in study.index.other_definitions.items()
    }
    titles = {
        "A": Text("Raw-metric weights (A)"),
        "B": Text("Standardised weights (B)"),
        "C": Text("Weights as they are (C)"),
        "D": Text("Equal weights (D)"),
    }
    return Exhibit(
        title=Text("Index, 0 to 100"),
        frame=frame.with_columns(**{name: pl.Series(values) for name, values in others.items()}),
        headings=(
            Heading(name="name", title=Text("Construct")),
            _estimate(Text("Index"), "points"),
            Heading(name="standard_error", title=Text("Standard error"), unit="points"),
            Heading(name="ci_low", title=Text("Interval from"), unit="points"),
            Heading(name="ci_high", title=Text("Interval to"), unit="points"),
            Heading(name="n", title=Text("n"), unit="count"),
            Heading(name="band", title=Text("Level")),
            *(
                Heading(name=name, title=titles[name.removeprefix("definition_")], unit="points")
                for name in others
            ),
        ),
        remark=Text(
            "Definition {definition}; the intervals estimate the weights anew in each resample.",
            definition=study.index.definition,
        ),
    )


def _paths(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Path coefficients"),
        frame=_named(_with_t(study.drawn.paths), "source", "target"),
        headings=(*_from_to(), _estimate(), *_ENDS, _T),
        remark=Text("Standardised effects, correlation and not proof (grade C)."),
    )


def _total_effects(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Total effects"),
        frame=_named(_with_t(study.drawn.total_effects), "source", "target"),
        headings=(*_from_to(), _estimate(), *_ENDS, _T),
        remark=Text("Direct effects and all that run through other constructs."),
    )


def _importance(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Importance and performance (IPMA)"),
        frame=study.priorities.to_frame(),
        headings=(
            Heading(name="name", title=Text("Construct")),
            Heading(name="importance", title=Text("Importance"), unit="number"),
            Heading(name="importance_low", title=Text("Interval from"), unit="number"),
            Heading(name="importance_high", title=Text("Interval to"), unit="number"),
            Heading(name="performance", title=Text("Performance, of 100"), unit="points"),
            Heading(name="performance_low", title=Text("Interval from"), unit="points"),
            Heading(name="performance_high", title=Text("Interval to"), unit="points"),
            Heading(name="gain", title=Text("Gain for 5 points more"), unit="points"),
            Heading(name="certain", title=Text("More than chance")),
        ),
        remark=Text(
            "Importance: points of {target} for a point of the construct (unstandardised total effect).",
            target=construct_name(study.target),
        ),
    )


def _by_item(study: EpsiStudy, name: str) -> Exhibit:
    titles = {"loadings": Text("Outer loadings"), "weights": Text("Outer weights")}
    return Exhibit(
        title=titles[name],
        frame=_named(_with_t(getattr(study.drawn, name)), "construct"),
        headings=(_construct(), Heading(name="item", title=Text("Item")), _estimate(), *_ENDS, _T),
    )


def _reliability(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Reliability and validity"),
        frame=_named(study.assessment.reliability, "construct"),
        headings=(
            _construct(),
            Heading(name="criterion", title=Text("Criterion")),
            _estimate(),
            *_ENDS,
        ),
        remark=Text("Wanted: alpha, rho_A, rho_C from .7 to .95; AVE (variance extracted) .5 or more."),
    )


def _heterotrait_monotrait(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Discriminant validity (HTMT)"),
        frame=_named(study.assessment.heterotrait_monotrait, "construct", "other"),
        headings=(
            _construct(),
            Heading(name="other", title=Text("Other construct")),
            _estimate(Text("HTMT")),
            *_ENDS,
            Heading(name="signed", title=Text("HTMT, signs kept"), unit="number"),
            Heading(name="geometric", title=Text("HTMT2"), unit="number"),
        ),
        remark=Text("Above .9 two constructs cannot be told apart. HTMT takes absolute correlations."),
    )


def _square(frame: pl.DataFrame, first: tuple[Heading, ...], study: EpsiStudy) -> tuple[Heading, ...]:
    names = [name for name in frame.columns if name in study.fit.model.names]
    return (*first, *(Heading(name=name, title=construct_name(name), unit="number") for name in names))


def _fornell_larcker(study: EpsiStudy) -> Exhibit:
    frame = _named(study.assessment.fornell_larcker, "construct")
    return Exhibit(
        title=Text("Fornell-Larcker"),
        frame=frame,
        headings=_square(frame, (_construct(),), study),
        remark=Text("Correlations; on the diagonal the root of AVE, which should be the largest of its row."),
    )


def _cross_loadings(study: EpsiStudy) -> Exhibit:
    frame = _named(study.assessment.cross_loadings, "construct")
    return Exhibit(
        title=Text("Cross-loadings"),
        frame=frame,
        headings=_square(frame, (_construct(), Heading(name="item", title=Text("Item"))), study),
    )


def _inflation(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Collinearity of causes (VIF)"),
        frame=_named(study.assessment.inflation, "source", "target"),
        headings=(*_from_to(), _estimate(Text("VIF")), *_ENDS),
        remark=Text("Above 3.3 effects can hardly be told apart."),
    )


def _item_inflation(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Collinearity of items (VIF)"),
        frame=_named(study.assessment.item_inflation, "construct"),
        headings=(_construct(), Heading(name="item", title=Text("Item")), _estimate(Text("VIF"))),
    )


def _effect_sizes(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Effect sizes (f2)"),
        frame=_named(study.assessment.effect_sizes, "source", "target"),
        headings=(*_from_to(), _estimate(Text("f2")), *_ENDS),
        remark=Text("About .02 small, .15 medium, .35 large (Cohen 1988); the scores are held fixed."),
    )


def _r_squared(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Explained variance (R2)"),
        frame=_named(study.assessment.r_squared, "construct"),
        headings=(
            _construct(),
            _estimate(Text("R2")),
            *_ENDS,
            Heading(name="adjusted", title=Text("R2, adjusted"), unit="number"),
        ),
    )


def _fit(study: EpsiStudy) -> Exhibit:
    readings = {
        "common factors": Text("blocks as common factors"),
        "composites": Text("blocks as composites"),
    }
    frame = study.assessment.residual
    said = [str(readings[reading]) for reading in frame["reading"]]
    ways = {"saturated": Text("freely (saturated)"), "estimated": Text("by the paths (estimated)")}
    models = [str(ways[model]) for model in frame["model"]]
    return Exhibit(
        title=Text("Fit of the model (SRMR)"),
        frame=frame.with_columns(reading=pl.Series(said), model=pl.Series(models)),
        headings=(
            Heading(name="reading", title=Text("Reading")),
            Heading(name="model", title=Text("Constructs correlate")),
            _estimate(Text("SRMR")),
        ),
        remark=Text("Below .08 is called a good fit."),
    )


def _prediction(study: EpsiStudy) -> Exhibit:
    found = study.prediction
    assert found is not None
    return Exhibit(
        title=Text("Prediction of new answers (PLSpredict)"),
        frame=_named(found.items, "construct"),
        headings=(
            _construct(),
            Heading(name="item", title=Text("Item")),
            Heading(name="q2", title=Text("Q2 predict"), unit="number"),
            Heading(name="rmse", title=Text("RMSE"), unit="number"),
            Heading(name="mae", title=Text("MAE"), unit="number"),
            Heading(name="benchmark_rmse", title=Text("RMSE of regressions"), unit="number"),
            Heading(name="benchmark_mae", title=Text("MAE of regressions"), unit="number"),
        ),
        remark=Text(
            "{folds} folds, {repeats} repeats; antecedents: {antecedents}; regressions: {benchmark}.",
            folds=found.folds,
            repeats=found.repeats,
            antecedents=found.antecedents,
            benchmark=found.benchmark,
        ),
    )


def _ability(study: EpsiStudy) -> Exhibit:
    found = study.prediction
    assert found is not None
    parts = [
        table.with_columns(against=pl.lit(str(words)))
        for table, words in (
            (found.against_mean, Text("averages")),
            (found.against_benchmark, Text("regressions")),
        )
    ]
    frame = pl.concat(parts).with_columns(
        construct=pl.when(pl.col("construct") == "all")
        .then(pl.lit(str(Text("all items"))))
        .otherwise(pl.col("construct"))
    )
    return Exhibit(
        title=Text("Predictive ability (CVPAT)"),
        frame=_named(frame, "construct"),
        headings=(
            _construct(),
            Heading(name="against", title=Text("Held against")),
            Heading(name="loss", title=Text("Loss of the model"), unit="number"),
            Heading(name="other_loss", title=Text("Loss of the other"), unit="number"),
            _estimate(Text("Difference")),
            Heading(name="ci_low", title=Text("Interval from"), unit="number"),
            Heading(name="ci_high", title=Text("Interval to"), unit="number"),
            Heading(name="p_value", title=Text("p value"), unit="p_value"),
        ),
        remark=Text("A difference below zero favours the model."),
    )


def _groups(study: EpsiStudy) -> Exhibit:
    assert study.differences is not None
    return Exhibit(
        title=Text("Index of each group"),
        frame=_named(study.differences.comparison.index, "construct"),
        headings=(
            Heading(name="group", title=Text("Group")),
            _construct(),
            _estimate(Text("Index"), "points"),
            Heading(name="standard_error", title=Text("Standard error"), unit="points"),
            Heading(name="ci_low", title=Text("Interval from"), unit="points"),
            Heading(name="ci_high", title=Text("Interval to"), unit="points"),
            Heading(name="n", title=Text("n"), unit="count"),
        ),
        remark=Text("All groups are measured by the weights of the pooled answers."),
    )


def _differences(study: EpsiStudy) -> Exhibit:
    assert study.differences is not None
    return Exhibit(
        title=Text("Differences of groups"),
        frame=_named(study.differences.comparison.differences, "construct"),
        headings=(
            Heading(name="group", title=Text("Group")),
            Heading(name="other", title=Text("Other group")),
            _construct(),
            _estimate(Text("Difference"), "points"),
            Heading(name="ci_low", title=Text("Interval from"), unit="points"),
            Heading(name="ci_high", title=Text("Interval to"), unit="points"),
            Heading(name="p_value", title=Text("p value"), unit="p_value"),
            Heading(name="adjusted_p_value", title=Text("p value, adjusted"), unit="p_value"),
        ),
        remark=Text("p values by permutation; adjusted (Holm) for all differences of this table."),
    )


def _invariance(study: EpsiStudy) -> Exhibit:
    assert study.differences is not None
    return Exhibit(
        title=Text("Measured alike (MICOM)"),
        frame=_named(study.differences.comparison.invariance, "construct"),
        headings=(
            Heading(name="group", title=Text("Group")),
            Heading(name="other", title=Text("Other group")),
            _construct(),
            Heading(name="composition", title=Text("Correlation of scores"), unit="number"),
            Heading(name="limit", title=Text("Limit by chance"), unit="number"),
            Heading(name="same_composition", title=Text("Same composition")),
            Heading(name="p_value_means", title=Text("p value of equal means"), unit="p_value"),
            Heading(name="p_value_variances", title=Text("p value of equal variances"), unit="p_value"),
        ),
    )


def _nps(study: EpsiStudy) -> Exhibit:
    assert study.nps is not None
    return Exhibit(
        title=Text("NPS beside the index"),
        frame=study.nps.table,
        headings=(
            Heading(name="group", title=Text("Group")),
            Heading(name="n", title=Text("n"), unit="count"),
            Heading(name="satisfaction", title=Text("Satisfaction, mean index"), unit="points"),
            Heading(name="loyalty", title=Text("Loyalty, mean index"), unit="points"),
            Heading(name="dissatisfied", title=Text("Dissatisfied by the index"), unit="percent"),
            Heading(name="loyal", title=Text("Loyal by the index"), unit="percent"),
        ),
        remark=study.nps.sentence(),
    )
