"""The tables of a path model by the names that users of SmartPLS and seminr know."""

from __future__ import annotations

import polars as pl

from leal.checks import Exhibit, Heading, penalties_exhibit
from leal.documents.epsi_heads import (
    CONSTRUCT,
    FROM_TO,
    GROUP,
    OTHER,
    T_VALUE,
    TWO_GROUPS,
    figure_heads,
    in_words,
    numbers,
    p_values,
    with_questions,
    with_t,
)
from leal.explain import EpsiStudy, GroupPriorities
from leal.measure import with_item_names
from leal.path_model import construct_name
from leal.wording import Text


def tables_of(study: EpsiStudy) -> list[Exhibit]:
    """Return all tables of a study, a sheet each, in the order in which they are read."""
    found = [
        _index(study),
        *_effects(study),
        _importance(study),
        *penalties_exhibit(study.asymmetries),
        *_items(study),
        *_criteria(study),
        _residual(study),
    ]
    if study.prediction is not None:
        found += [_prediction(study), _ability(study)]
    if study.differences is not None:
        found += _groups(study)
    if study.by_group is not None:
        found += _priorities_by_group(study.by_group)
    if study.nps is not None:
        found.append(_nps(study))
    return found


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
            *figure_heads(Text("Index"), "points"),
            Heading(name="n", title=Text("n"), unit="count"),
            Heading(name="band", title=Text("Level")),
            *numbers(*((name, titles[name.removeprefix("definition_")]) for name in others), unit="points"),
        ),
        remark=Text(
            "Definition {definition}; the intervals estimate the weights anew in each resample.",
            definition=study.index.definition,
        ),
    )


def _effects(study: EpsiStudy) -> list[Exhibit]:
    told = (
        (
            Text("Path coefficients"),
            study.drawn.paths,
            Text("Standardised effects, correlation and not proof (grade C)."),
        ),
        (
            Text("Total effects"),
            study.drawn.total_effects,
            Text("Direct effects and all that run through other constructs."),
        ),
    )
    return [
        Exhibit(
            title=title,
            frame=in_words(with_t(frame)),
            headings=(*FROM_TO, *figure_heads(), T_VALUE),
            remark=remark,
        )
        for title, frame, remark in told
    ]


def _importance(study: EpsiStudy) -> Exhibit:
    return Exhibit(
        title=Text("Importance and performance (IPMA)"),
        frame=study.priorities.to_frame(),
        headings=(
            Heading(name="name", title=Text("Construct")),
            *numbers(
                ("importance", Text("Importance")),
                ("importance_low", Text("Interval from")),
                ("importance_high", Text("Interval to")),
            ),
            *numbers(
                ("performance", Text("Performance, of 100")),
                ("performance_low", Text("Interval from")),
                ("performance_high", Text("Interval to")),
                ("gain", Text("Gain for 5 points more")),
                unit="points",
            ),
            Heading(name="certain", title=Text("More than chance")),
        ),
        remark=Text(
            "Importance: points of {target} for a point of the construct (unstandardised total effect).",
            target=construct_name(study.target),
        ),
    )


def _items(study: EpsiStudy) -> list[Exhibit]:
    told = (
        (Text("Outer loadings"), study.drawn.loadings),
        (Text("Outer weights"), study.drawn.weights),
    )
    found = []
    for title, table in told:
        frame, heads = with_questions(study, in_words(with_t(table)))
        found.append(
            Exhibit(title=title, frame=frame, headings=(CONSTRUCT, *heads, *figure_heads(), T_VALUE))
        )
    return found


def _criteria(study: EpsiStudy) -> list[Exhibit]:
    """Return reliability, validity, collinearity and explained variance, all with their intervals."""
    sure = study.assessment
    return [
        _in_sentences(study),
        Exhibit(
            title=Text("Reliability and validity"),
            frame=in_words(sure.reliability),
            headings=(CONSTRUCT, Heading(name="criterion", title=Text("Criterion")), *figure_heads()),
            remark=Text("Wanted: alpha, rho_A, rho_C from .7 to .95; AVE (variance extracted) .5 or more."),
        ),
        Exhibit(
            title=Text("Discriminant validity (HTMT)"),
            frame=in_words(sure.heterotrait_monotrait),
            headings=(
                CONSTRUCT,
                OTHER,
                *figure_heads(Text("HTMT")),
                *numbers(("signed", Text("HTMT, signs kept")), ("geometric", Text("HTMT2"))),
            ),
            remark=Text("Above .9 two constructs cannot be told apart. HTMT takes absolute correlations."),
        ),
        _square(study, Text("Fornell-Larcker"), sure.fornell_larcker),
        Exhibit(
            title=Text("Fornell-Larcker, intervals"),
            frame=in_words(sure.fornell_larcker_intervals),
            headings=(CONSTRUCT, OTHER, *figure_heads()),
            remark=Text("A construct with itself: the root of AVE."),
        ),
        _square(study, Text("Cross-loadings"), sure.cross_loadings),
        _of_items(
            study, Text("Cross-loadings, intervals"), sure.cross_loading_intervals, (OTHER, *figure_heads())
        ),
        Exhibit(
            title=Text("Collinearity of causes (VIF)"),
            frame=in_words(sure.inflation),
            headings=(*FROM_TO, *figure_heads(Text("VIF"))),
            remark=Text("Above 3.3 effects can hardly be told apart."),
        ),
        _of_items(study, Text("Collinearity of items (VIF)"), sure.item_inflation, figure_heads(Text("VIF"))),
        Exhibit(
            title=Text("Effect sizes (f2)"),
            frame=in_words(sure.effect_sizes),
            headings=(*FROM_TO, *figure_heads(Text("f2"))),
            remark=Text("About .02 small, .15 medium, .35 large (Cohen 1988); the scores are held fixed."),
        ),
        Exhibit(
            title=Text("Explained variance (R2)"),
            frame=in_words(sure.r_squared),
            headings=(
                CONSTRUCT,
                *figure_heads(Text("R2")),
                *numbers(("adjusted", Text("R2, adjusted"))),
            ),
        ),
    ]


def _in_sentences(study: EpsiStudy) -> Exhibit:
    """Return what each criterion says: a sentence each, good or bad."""
    notes = with_item_names(study.assessment.by_criterion, study.names)
    titles = {
        "reliability": Text("Reliability and validity"),
        "fornell_larcker": Text("Fornell-Larcker"),
        "cross_loadings": Text("Cross-loadings"),
        "item_VIF": Text("VIF of items"),
    }
    return Exhibit(
        title=Text("Criteria in words"),
        frame=pl.DataFrame(
            {
                "criterion": [str(titles.get(note.code, note.code)) for note in notes],
                "verdict": pl.Series([note.text for note in notes], dtype=pl.Object),
            }
        ),
        headings=(
            Heading(name="criterion", title=Text("Criterion")),
            Heading(name="verdict", title=Text("Verdict")),
        ),
    )


def _of_items(study: EpsiStudy, title: Text, table: pl.DataFrame, figures: tuple[Heading, ...]) -> Exhibit:
    frame, heads = with_questions(study, in_words(table))
    return Exhibit(title=title, frame=frame, headings=(CONSTRUCT, *heads, *figures))


def _square(study: EpsiStudy, title: Text, table: pl.DataFrame) -> Exhibit:
    """Return a table with a column a construct."""
    across = tuple(
        Heading(name=name, title=construct_name(name), unit="number") for name in study.fit.model.names
    )
    if "item" in table.columns:
        return _of_items(study, title, table, across)
    return Exhibit(
        title=title,
        frame=in_words(table, ("construct",)),
        headings=(CONSTRUCT, *across),
        remark=Text("Correlations; on the diagonal the root of AVE, which should be the largest of its row."),
    )


def _residual(study: EpsiStudy) -> Exhibit:
    readings = {
        "common factors": Text("blocks as common factors"),
        "composites": Text("blocks as composites"),
    }
    ways = {"saturated": Text("freely (saturated)"), "estimated": Text("by the paths (estimated)")}
    frame = study.assessment.residual
    said = [str(readings[reading]) for reading in frame["reading"]]
    models = [str(ways[model]) for model in frame["model"]]
    return Exhibit(
        title=Text("Fit of the model (SRMR)"),
        frame=frame.with_columns(reading=pl.Series(said), model=pl.Series(models)),
        headings=(
            Heading(name="reading", title=Text("Reading")),
            Heading(name="model", title=Text("Constructs correlate")),
            *figure_heads(Text("SRMR")),
        ),
        remark=Text("Below .08 is called a good fit."),
    )


def _prediction(study: EpsiStudy) -> Exhibit:
    found = study.prediction
    assert found is not None
    frame, heads = with_questions(study, in_words(found.items))
    return Exhibit(
        title=Text("Prediction of new answers (PLSpredict)"),
        frame=frame,
        headings=(
            CONSTRUCT,
            *heads,
            *numbers(
                ("q2", Text("Q2 predict")),
                ("rmse", Text("RMSE")),
                ("mae", Text("MAE")),
                ("benchmark_rmse", Text("RMSE of regressions")),
                ("benchmark_mae", Text("MAE of regressions")),
            ),
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
        frame=in_words(frame),
        headings=(
            CONSTRUCT,
            Heading(name="against", title=Text("Held against")),
            *numbers(("loss", Text("Loss of the model")), ("other_loss", Text("Loss of the other"))),
            *figure_heads(Text("Difference"), error=False),
            *p_values(("p_value", Text("p value"))),
        ),
        remark=Text("A difference below zero favours the model."),
    )


def _priorities_by_group(found: GroupPriorities) -> list[Exhibit]:
    return [
        Exhibit(
            title=Text("Priorities of each group"),
            frame=found.to_frame(),
            headings=(
                GROUP,
                Heading(name="name", title=Text("Construct")),
                *numbers(
                    ("importance", Text("Importance")),
                    ("importance_low", Text("Interval from")),
                    ("importance_high", Text("Interval to")),
                ),
                *numbers(
                    ("performance", Text("Performance, of 100")),
                    ("gain", Text("Gain for 5 points more")),
                    unit="points",
                ),
                Heading(name="certain", title=Text("More than chance")),
            ),
            remark=found.sentence(),
        ),
        Exhibit(
            title=Text("Differences of importance"),
            frame=in_words(found.differences, ("source",)),
            headings=(
                *TWO_GROUPS[:2],
                Heading(name="source", title=Text("Construct")),
                *numbers(("estimate", Text("In the group")), ("other_estimate", Text("In the other"))),
                *numbers(
                    ("difference", Text("Difference")),
                    ("ci_low", Text("Interval from")),
                    ("ci_high", Text("Interval to")),
                ),
                *p_values(("p_value", Text("p value")), ("adjusted_p_value", Text("p value, adjusted"))),
            ),
            remark=Text("p values by permutation; adjusted (Holm) for all differences of this table."),
        ),
    ]


def _groups(study: EpsiStudy) -> list[Exhibit]:
    assert study.differences is not None
    compared = study.differences.comparison
    only = ("construct",)
    return [
        Exhibit(
            title=Text("Index of each group"),
            frame=in_words(compared.index, only),
            headings=(
                GROUP,
                CONSTRUCT,
                *figure_heads(Text("Index"), "points"),
                Heading(name="n", title=Text("n"), unit="count"),
            ),
            remark=Text(
                "Definition {definition}; all groups are measured by the weights of the pooled answers.",
                definition=study.differences.definition,
            ),
        ),
        Exhibit(
            title=Text("Differences of groups"),
            frame=in_words(compared.differences, only),
            headings=(
                *TWO_GROUPS,
                *figure_heads(Text("Difference"), "points", error=False),
                *p_values(("p_value", Text("p value")), ("adjusted_p_value", Text("p value, adjusted"))),
            ),
            remark=Text("p values by permutation; adjusted (Holm) for all differences of this table."),
        ),
        Exhibit(
            title=Text("Measured alike (MICOM)"),
            frame=in_words(compared.invariance, only),
            headings=(
                *TWO_GROUPS,
                *numbers(("composition", Text("Correlation of scores")), ("limit", Text("Limit by chance"))),
                Heading(name="same_composition", title=Text("Same composition")),
                *p_values(
                    ("p_value_means", Text("p value of equal means")),
                    ("p_value_variances", Text("p value of equal variances")),
                ),
            ),
        ),
    ]


def _nps(study: EpsiStudy) -> Exhibit:
    assert study.nps is not None
    return Exhibit(
        title=Text("NPS beside the index"),
        frame=study.nps.table,
        headings=(
            GROUP,
            Heading(name="n", title=Text("n"), unit="count"),
            *numbers(
                ("satisfaction", Text("Satisfaction, mean index")),
                ("loyalty", Text("Loyalty, mean index")),
                unit="points",
            ),
            *numbers(
                ("dissatisfied", Text("Dissatisfied by the index")),
                ("loyal", Text("Loyal by the index")),
                unit="percent",
            ),
        ),
        remark=study.nps.sentence(),
    )
