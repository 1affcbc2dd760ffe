"""What commands that audit files share: options, the bar that shows how far they are, the audit itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from leal.cli.speech import error_console, say
from leal.wording import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leal.checks import Audit
    from leal.intake import Loaded
    from leal.path_model import Missing

_FILE = click.Path(path_type=Path)

_TABLE_OPTIONS: dict[str, Text] = {
    "purchases": Text("File of purchases, orders or invoices."),
    "customers": Text("File of customers, whether or not they answered."),
    "actions": Text("File of programmes, offers and campaigns, with their cost."),
    "brands": Text("File of scores of your brand and its rivals."),
    "wishes": Text("File of customers' wishes."),
    "reviews": Text("File of public reviews."),
    "units": Text("File of branches, departments, regions."),
    "cases": Text("File of customers' complaints, questions and other cases."),
    "contacts": Text("File of contacts with customers: who, when, what for."),
    "invitations": Text("File of surveys that were sent, answered or not."),
    "rules": Text("File of the rules that staff must follow, with the days they began."),
    "kano": Text("File of a Kano survey: wish, and how it would be with it and without it."),
    "prices": Text("File of a price survey: too cheap, cheap, expensive, too expensive."),
    "talk": Text("File of what buyers and non-buyers had heard: bought, good words, bad words."),
}


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that audits files: tables, mapping, margin, currency, level."""
    level = click.option(
        "--level",
        type=click.FloatRange(0.5, 0.999),
        default=0.95,
        show_default=True,
        help=say(Text("Confidence level of the intervals.")),
    )
    currency = click.option(
        "--currency", help=say(Text("Currency of the amounts, as RUB or EUR, where the files do not say."))
    )
    margin = click.option(
        "--margin",
        type=click.FloatRange(0, 1, min_open=True),
        help=say(Text("Margin as a share of revenue, .3 is 30 %; without it money is revenue.")),
    )
    mapping = click.option(
        "--map", "mapping", type=_FILE, help=say(Text("File that maps your columns to Leal's."))
    )
    missing = click.option(
        "--missing",
        type=click.Choice(["casewise", "mean", "pairwise", "em"]),
        default="casewise",
        show_default=True,
        help=say(Text("What to do with gaps in the questions of an index (EPSI, ECSI, ACSI).")),
    )
    command = mapping(margin(currency(missing(level(command)))))
    for name, text in reversed(_TABLE_OPTIONS.items()):
        command = click.option(f"--{name}", type=_FILE, help=say(text))(command)
    return command


@dataclass(frozen=True, slots=True)
class Work:
    """A run over files whose steps a bar tells."""

    progress: Progress
    step: TaskID
    language: Language

    def begin(self, what: Text, total: int | None = None) -> None:
        """Tell the next step."""
        self.progress.update(self.step, description=what.into(self.language), total=total, completed=0)

    def audited(
        self,
        paths: Sequence[Path],
        tables: Mapping[str, Path | None] | None = None,
        *,
        mapping: Path | None = None,
        margin: float | None = None,
        currency: str | None = None,
        level: float = 0.95,
        missing: Missing = "casewise",
    ) -> tuple[Loaded, Audit]:
        """Read the files and run the ten checks over them."""
        from leal.checks import audit
        from leal.intake import load

        self.begin(Text("Reading the files"))
        loaded = load(paths, mapping=mapping, **(tables or {}))
        self.begin(Text("Checking"), total=10)
        found = audit(
            loaded.evidence,
            margin=margin,
            currency=currency.upper() if currency else None,
            level=level,
            missing=missing,
            reconciliations=loaded.reconciliations,
            joining=loaded.joining,
            progress=lambda done: self.progress.update(self.step, completed=done),
        )
        return loaded, found


@contextmanager
def working(language: Language, *, quiet: bool = False) -> Iterator[Work]:
    """Show how far a run over files is."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=error_console(),
        transient=True,
        disable=quiet,
    )
    with bar as progress:
        yield Work(progress, progress.add_task("", total=None), language)
