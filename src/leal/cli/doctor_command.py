"""`leal doctor`: what is installed, what is not, and what that means."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import sys
from dataclasses import dataclass

import click
from rich.table import Table

from leal import __version__
from leal.cli.speech import chosen_language, console, json_option, lang_option, say
from leal.wording import Text

CORE = (
    "numpy",
    "scipy",
    "polars",
    "pyarrow",
    "narwhals",
    "altair",
    "vl-convert-python",
    "python-calamine",
    "xlsxwriter",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at: its state, and what to do where it is not well."""

    subject: str
    state: str
    well: bool
    advice: Text | None = None


def examine() -> list[Finding]:
    """Look at Python, the packages, the extras, and the picture maker."""
    return [_python(), *(_package(name) for name in CORE), *_extras(), _pictures()]


def _python() -> Finding:
    return Finding(subject="Python", state=platform.python_version(), well=sys.version_info >= (3, 11))


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _package(name: str) -> Finding:
    version = _version(name)
    advice = None if version else Text("Install Leal anew: pip install --force-reinstall leal")
    return Finding(subject=name, state=version or "-", well=version is not None, advice=advice)


def _extras() -> list[Finding]:
    wanted = {
        "typst": Text("Only for documents as PDF: pip install 'leal[documents]'"),
        "python-docx": Text("Only for documents as DOCX: pip install 'leal[documents]'"),
        "python-pptx": Text("Only for documents as PPTX: pip install 'leal[documents]'"),
        "lifelines": Text("Only for Cox's model of leaving: pip install 'leal[survival]'"),
        "duckdb": Text("Only to count in DuckDB: pip install 'leal[duckdb]'"),
        "pyspark": Text("Only for data on a Spark cluster: pip install 'leal[spark]'"),
    }
    found = {name: _version(name) for name in wanted}
    return [
        Finding(subject=name, state=version or "-", well=True, advice=None if version else wanted[name])
        for name, version in found.items()
    ]


def _pictures() -> Finding:
    try:
        import vl_convert

        specification = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {}}
        drawn = "<svg" in vl_convert.vegalite_to_svg(specification)
    except (ImportError, OSError, ValueError) as error:
        advice = Text("Charts cannot be drawn: {error}", error=str(error))
        return Finding(subject="charts", state="-", well=False, advice=advice)
    return Finding(subject="charts", state="SVG", well=drawn)


@click.command("doctor", help=say(Text("Look whether everything that Leal needs is in place.")))
@json_option
@lang_option
def doctor_command(as_json: bool, lang: str | None) -> None:
    """Print the findings; exit with 1 where one is not well."""
    findings = examine()
    if as_json:
        told = [
            {"subject": f.subject, "state": f.state, "well": f.well, "advice": f.advice} for f in findings
        ]
        click.echo(json.dumps({"leal": __version__, "findings": told}, ensure_ascii=False, indent=2))
    else:
        language = chosen_language(lang)
        table = Table(title=f"Leal {__version__}", title_justify="left", box=None, show_header=False)
        for finding in findings:
            advice = finding.advice.into(language) if finding.advice else ""
            table.add_row("✓" if finding.well else "✗", finding.subject, finding.state, advice)
        console().print(table)
    if not all(finding.well for finding in findings):
        sys.exit(1)
