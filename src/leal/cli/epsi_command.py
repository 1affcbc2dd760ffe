"""`leal epsi FILE`: the EPSI-type index of a survey, its causes, and whether both can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from leal.cli.audit_command import print_targets
from leal.cli.speech import chosen_language, console, json_option, lang_option, say
from leal.wording import Text

if TYPE_CHECKING:
    from leal.explain import EpsiStudy
    from leal.intake import ItemMapping, Reconciliation
    from leal.measure import Template
    from leal.path_model import Definition, Missing, PathModel, Scheme


@click.command(
    "epsi",
    help=say(Text("Give the EPSI-type index of a survey, its causes, and whether both can be trusted.")),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    help=say(Text("Which columns hold the items: a TOML file, or the filled-in questionnaire.")),
)
@click.option(
    "--out",
    "outputs",
    type=click.Path(path_type=Path),
    multiple=True,
    help=say(Text("Report to write: .html, .xlsx or .json; may be given several times.")),
)
@click.option("--template", type=click.Choice(["epsi", "ecsi-mobile", "acsi"]))
@click.option("--by", help=say(Text("Column of groups to compare: brand, wave, segment ...")))
@click.option("--weight", help=say(Text("Column of sampling weights.")))
@click.option("--target", help=say(Text("Construct to be raised; by default the last one.")))
@click.option("--missing", type=click.Choice(["casewise", "mean", "pairwise", "em"]), default="casewise")
@click.option("--scheme", type=click.Choice(["path", "factorial", "centroid"]), default="path")
@click.option(
    "--index",
    type=click.Choice(["A", "B", "C", "D"]),
    default="B",
    help=say(Text("Definition of the index, B by default: docs/path-model.md compares the four.")),
)
@click.option("--scale", type=float, nargs=2, help=say(Text("Lowest and highest answer; 1 10 by default.")))
@click.option(
    "--bands",
    type=float,
    nargs=2,
    help=say(Text("Where the middle band of the index begins and ends; 60 75 by default.")),
)
@click.option("--resamples", type=click.IntRange(100, 100_000), default=5000, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--level", type=click.FloatRange(0.5, 0.999), default=0.95, show_default=True)
@json_option
@lang_option
def epsi_command(
    file: Path,
    mapping: Path | None,
    outputs: tuple[Path, ...],
    template: Template | None,
    by: str | None,
    weight: str | None,
    target: str | None,
    missing: Missing,
    scheme: Scheme,
    index: Definition,
    scale: tuple[float, float] | None,
    bands: tuple[float, float] | None,
    resamples: int,
    seed: int,
    level: float,
    as_json: bool,
    lang: str | None,
) -> None:
    """Read the file, find the items, fit, print or write."""
    from leal.documents import epsi_json, report_suffix, write_epsi_report
    from leal.explain import epsi_study
    from leal.intake import ItemMapping, item_answers, read_item_mapping, read_raw
    from leal.measure import bands_at

    for written in outputs:
        report_suffix(written)
    told = ItemMapping() if mapping is None else read_item_mapping(mapping)
    raw = read_raw(file)
    model = _model(raw.columns, told, template, file, mapping)
    by, weight = by or told.by, weight or told.weight
    recommend = _recommend(raw.columns, told, model)
    for column in (by, weight):
        if column in model.items:
            raise _is_item(column)
    ends = scale or told.scale or (1.0, 10.0)
    numbers = [column for column in (weight, recommend) if column]
    answers, reconciliation = item_answers(raw, model.items, ends, numbers=numbers, words=[by] if by else [])
    study = epsi_study(
        model,
        answers,
        by=by,
        weight=weight,
        recommend=recommend,
        target=target,
        scale=ends,
        missing=missing,
        scheme=scheme,
        index=index,
        bands=bands_at(*(bands or told.bands or (60.0, 75.0))),
        resamples=resamples,
        seed=seed,
        level=level,
        names=_names(told),
    )
    for written in outputs:
        write_epsi_report(study, written, chosen_language(lang), reconciliation=reconciliation)
    if as_json:
        click.echo(epsi_json(study, reconciliation), nl=False)
        return
    _print(study, reconciliation, lang)
    print_targets(outputs, chosen_language(lang))


def _names(told: ItemMapping) -> dict[str, str]:
    """Return the names of items by column: the template's where mapped, and those that a person gave."""
    from leal.measure import questionnaire

    mapped: dict[str, str] = {}
    if told.items and not told.model:
        known = {one.item: one.name for one in questionnaire(_template(told.template or "epsi")).questions}
        mapped = {column: known[item] for item, column in told.items.items() if item in known and column}
    own = {told.items.get(name, name): words for name, words in told.names.items()}
    return mapped | own


def _template(name: str) -> Template:
    """Return the name of a template, refusing what is none."""
    from leal.errors import BadOption
    from leal.measure import Template

    known: dict[str, Template] = {one: one for one in get_args(Template)}
    if name not in known:
        raise BadOption("template", name, list(known))
    return known[name]


def _model(
    columns: Sequence[str], told: ItemMapping, template: Template | None, file: Path, mapping: Path | None
) -> PathModel:
    """Return the model whose items the file holds, by what the mapping says or by the names of columns."""
    from leal.measure import epsi, item_columns, questionnaire, template_held
    from leal.path_model import PathModel

    if told.model:
        return PathModel(told.model)
    chosen = template or (_template(told.template) if told.template else None)
    if chosen is None and not told.items:
        held = template_held(columns)
        if held is None:
            raise _not_found(columns, file, mapping)
        return held[1]
    named: Template = chosen or "epsi"
    items = item_columns(columns, named) | dict(told.items)
    if not items:
        raise _not_found(columns, file, mapping)
    form = questionnaire(named)
    whole = {item: items.get(item, "") for item in form.items} | dict(told.items)
    return epsi(named, whole)


def _recommend(columns: Sequence[str], told: ItemMapping, model: PathModel) -> str | None:
    column = told.recommend or ("recommend" if "recommend" in columns else None)
    return None if column is None or column in model.items else column


def _is_item(column: str) -> Exception:
    from leal.errors import BadValue, Where

    return BadValue(
        Text("The column {column} holds a question of the model.", column=column),
        hint=Text(
            "Name a column of groups or weights that is no question of the model, or leave the question out "
            "with --map."
        ),
        where=Where(column=column),
    )


def _not_found(columns: Sequence[str], file: Path, mapping: Path | None) -> Exception:
    """Return the error of a file without known items; a mapping to fill in is written beside it."""
    from leal.errors import UnknownFormat, Where
    from leal.wording import Listing

    target = mapping or file.with_name(f"{file.name}.epsi.toml")
    if not target.exists():
        target.write_text(_blank(columns), encoding="utf-8")
    return UnknownFormat(
        Text("No items of an index were found. The columns are: {columns}.", columns=Listing.of(columns)),
        hint=Text("Say in {file} which column is which item, and give it with --map.", file=str(target)),
        where=Where(file=file.name),
    )


def _blank(columns: Sequence[str]) -> str:
    from leal.measure import questionnaire

    lines = ['template = "epsi"', "", "[items]"]
    lines += [f'{one.item} = ""  # {one.wording}' for one in questionnaire("epsi").questions]
    told = "\n".join(f"#   {column}" for column in columns)
    return f"# Columns of the file:\n{told}\n\n" + "\n".join(lines) + "\n"


def _print(study: EpsiStudy, reconciliation: Reconciliation, lang: str | None) -> None:
    language, screen = chosen_language(lang), console()
    for result in study.index:
        screen.print(result.sentence().into(language), markup=False)
    screen.print(study.priorities.sentence().into(language), markup=False)
    screen.print(study.asymmetries.sentence().into(language), markup=False)
    if study.differences is not None:
        for item in study.differences:
            screen.print(item.sentence().into(language), markup=False)
    if study.by_group is not None:
        screen.print(study.by_group.sentence().into(language), markup=False)
    if study.nps is not None:
        screen.print(study.nps.sentence().into(language), markup=False)
    for note in (*study.all_notes, *study.assessment.verdicts):
        screen.print(f"  {note.text.into(language)}", style="dim", markup=False)
    screen.print(reconciliation.sentence().into(language), style="dim", markup=False)
    for note in reconciliation.notes:
        screen.print(f"  {note.text.into(language)}", style="dim", markup=False)
