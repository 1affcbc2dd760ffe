"""Write the reference in docs/tables.md from the vocabulary itself: python tools/table_docs.py.

Tables, columns, synonyms, presets and reasons are never written by hand; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path

from leal.intake.presets import PRESETS
from leal.intake.recognition import NEEDS
from leal.intake.states import state_of
from leal.intake.synonyms import SYNONYMS
from leal.intake.table_reasons import TABLE_REASONS
from leal.tables import TABLES, Column, Table

PATH = Path(__file__).parents[1] / "docs" / "tables.md"

_HELPERS = {
    "email": "e-mail address, finds the customer",
    "phone": "telephone, finds the customer",
    "name": "name of the person or company, finds the customer",
    "first_name": "joined with the last name",
    "last_name": "joined with the first name",
    "quantity": "amount = quantity x price where there is no amount",
    "price": "price of one",
    "refunded": "money given back, taken off the amount",
    "cost_price": "cost of the goods; margin = amount - cost where there is no margin",
    "status": "state of the order or deal",
    "operation": "kind of operation: a refund is negative",
    "item": "product; makes the rows lines of an order",
    "segment": "segment, kept",
}

MARK = "<!-- from here on made by tools/table_docs.py -->"


def page() -> str:
    """Return the whole page: its words by hand, then the vocabulary as the source has it."""
    words = PATH.read_text(encoding="utf-8").split(MARK)[0]
    parts = ["## The tables", *(_table(table) for table in TABLES.values()), _presets(), _reasons()]
    return f"{words}{MARK}\n\n" + "\n".join(part.rstrip() + "\n" for part in parts)


def _table(table: Table) -> str:
    lines = [
        f"### {table.name}",
        f"{table.meaning}.",
        "",
        "| Column | Type | Meaning | Also called |",
        "|---|---|---|---|",
    ]
    synonyms = SYNONYMS[table.name]
    for column in table:
        names = synonyms.get(column.name, ())
        told = f"**{column.name}**" if column.name in table.required else column.name
        lines.append(f"| {told} | {_kind(column)} | {column.meaning} | {_listed(names, column.name)} |")
    for name, names in synonyms.items():
        if name not in table:
            lines.append(f"| *{name}* | helper | {_HELPERS[name]} | {_listed(names, name)} |")
    groups = "; ".join(
        " or ".join(f"`{name}`" for name in _in_order(table, group)) for group in NEEDS[table.name]
    )
    lines += ["", f"Recognised where a file has: {groups}."]
    return "\n".join(lines) + "\n"


def _in_order(table: Table, group: frozenset[str]) -> list[str]:
    order = [*(column.name for column in table), *SYNONYMS[table.name]]
    return sorted(group, key=order.index)


def _kind(column: Column) -> str:
    if column.choices:
        return ", ".join(column.choices)
    limits = [limit for limit in (column.low, column.high) if limit is not None]
    if len(limits) == 2:
        return f"{column.kind} {limits[0]:g} to {limits[1]:g}"
    return f"{column.kind} from {limits[0]:g}" if limits else column.kind


def _listed(names: tuple[str, ...], own: str) -> str:
    return ", ".join(name for name in names if name != own.replace("_", " "))


def _presets() -> str:
    lines = [
        "## Known exports",
        "",
        "| Export | Table | Recognised by headers (one of each) |",
        "|---|---|---|",
    ]
    for preset in PRESETS:
        needs = "; ".join(" / ".join(group[:4]) for group in preset.needs)
        lines.append(f"| `{preset.source}` | {preset.table} | {needs} |")
    words = ("Сделка успешна", "Отменён", "voided", "Возврат", "refunded", "pending", "Доставлен")
    states = ", ".join(f"*{word}* is `{state_of(word)}`" for word in words)
    return "\n".join([*lines, "", f"Words of states, in English and Russian: {states}."]) + "\n"


def _reasons() -> str:
    lines = ["## Reasons of rejection", "", "| Code | Meaning |", "|---|---|"]
    lines += [f"| `{code}` | {text} |" for code, text in TABLE_REASONS.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
