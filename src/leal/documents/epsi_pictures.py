"""The pictures of a path model: diagram, index over its bands, priorities, resamples, loadings."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import (
    Chart,
    Style,
    draw_distributions,
    index_levels,
    loadings_map,
    loadings_of,
    path_diagram,
    priority_map,
)
from leal.checks import Picture
from leal.explain import EpsiStudy
from leal.path_model import construct_name
from leal.wording import Text


def pictures_of(study: EpsiStudy) -> list[Picture]:
    """Return the pictures of a study in the order in which they are read."""
    found = [_diagram(study), _index(study), _priorities(study)]
    if study.differences is not None:
        found.append(_groups(study))
    return [*found, _resamples(study), _loadings(study)]


def _diagram(study: EpsiStudy) -> Picture:
    paths = study.drawn.paths
    table = paths.with_columns(
        pl.Series(name, [str(construct_name(value)) for value in paths[name]])
        for name in ("source", "target")
    )
    index = study.drawn.index.select("construct", index="estimate")
    explained = study.fit.r_squared.select("construct", r_squared="estimate")
    constructs = (
        pl.DataFrame({"construct": study.fit.model.names})
        .join(index, on="construct", how="left", maintain_order="left")
        .join(explained, on="construct", how="left", maintain_order="left")
    )
    names = [str(construct_name(name)) for name in constructs["construct"]]
    return Picture(
        title=Text("What leads to what: effects, index and explained variance"),
        draw=partial(path_diagram, constructs.with_columns(name=pl.Series(names)), table),
        description=Text("Dashed arrows may be chance. {first}", first=study.priorities.sentence()),
    )


def _index(study: EpsiStudy) -> Picture:
    bands = [(band.low, band.high, band.name) for band in study.index.bands]
    return Picture(
        title=Text("The index of each construct, with its interval"),
        draw=partial(index_levels, study.index.to_frame(), bands=bands),
        description=study.index.sentence(),
    )


def _priorities(study: EpsiStudy) -> Picture:
    return Picture(
        title=Text("What to improve first: important and done badly"),
        draw=partial(priority_map, study.priorities.to_frame()),
        description=study.priorities.sentence(),
    )


def _groups(study: EpsiStudy) -> Picture:
    assert study.differences is not None
    shown = study.differences.items[0].construct
    table = study.differences.comparison.index.filter(pl.col("construct") == shown)
    frame = table.sort("estimate", descending=True).rename({"group": "name"})
    bands = [(band.low, band.high, band.name) for band in study.index.bands]
    return Picture(
        title=Text("{construct} of each group, with its interval", construct=construct_name(shown)),
        draw=partial(index_levels, frame, bands=bands),
        description=study.differences.items[0].sentence(),
    )


def _resamples(study: EpsiStudy) -> Picture:
    values = study.drawn.draws.paths

    def draw(style: Style) -> Chart:
        names = [
            Text("{source} → {target}", source=construct_name(source), target=construct_name(target))
            for source, target in study.drawn.paths.select("source", "target").rows()
        ]
        frame = study.drawn.paths.with_columns(name=pl.Series([one.into(style.language) for one in names]))
        draws = pl.DataFrame(values.T, schema=[str(place) for place in range(len(values))])
        return draw_distributions(frame, draws, style)

    return Picture(
        title=Text("How sure each effect is: what the resamples gave"),
        draw=draw,
        description=Text("Each shape holds an effect's resamples, the filled part its interval."),
    )


def _loadings(study: EpsiStudy) -> Picture:
    table = study.assessment.cross_loadings
    words = {name: str(construct_name(name)) for name in study.fit.model.names}
    items = [str(study.names.get(item, item)) for item in table["item"]]
    told = items if len(set(items)) == len(items) else table["item"].to_list()
    renamed = table.rename(words).with_columns(
        construct=pl.Series([words[name] for name in table["construct"]]), item=pl.Series(told)
    )
    return Picture(
        title=Text("Whether each question measures what it should: correlations with all constructs"),
        draw=partial(loadings_map, loadings_of(renamed)),
        description=Text("Framed are the correlations with the construct that the question is meant for."),
    )
