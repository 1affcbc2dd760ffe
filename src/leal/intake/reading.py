"""One file of business data as one table: recognised or mapped, every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from leal.errors import BadOption, UnknownFormat, Where
from leal.intake.building import Build, Built
from leal.intake.canonical import scan_canonical
from leal.intake.column_mapping import (
    BadMapping,
    ColumnMapping,
    check_fits,
    known_columns,
    mapping_of,
    mapping_path,
    read_mapping,
    write_mapping,
)
from leal.intake.plain_tables import build_plain
from leal.intake.raw import Likeness, RawTable, read_raw
from leal.intake.recognition import Recognised, left_out_of, recognise_table
from leal.intake.reconciliation import Reconciliation, collect_rejections
from leal.intake.repeats import mark_repeats
from leal.intake.sales import build_purchases
from leal.intake.spreadsheet_safety import unescaped
from leal.intake.table_reasons import TABLE_REASONS
from leal.tables import TABLES
from leal.wording import Listing, Text

MappingLike = ColumnMapping | Mapping[str, object] | str | Path
"""A mapping, what its file would say, or the path of its file."""


def read_table(
    path: str | Path, kind: str | None = None, mapping: MappingLike | None = None
) -> tuple[pl.DataFrame, Reconciliation]:
    """Read a file of purchases, customers, actions, brands, wishes, units or reviews as that table.

    CSV, XLSX, JSON and Parquet in any encoding, delimiter and locale. The columns are recognised by their
    names in English and Russian, and by the exports of 1C, Bitrix24, amoCRM, Shopify, WooCommerce, InSales,
    Tilda and others. Keys of customers are brought into one normal form, refunds are negative.

    Parameters
    ----------
    path : str or Path
        The file.
    kind : str, optional
        The table that it is said to be; by default the one it looks most like.
    mapping : ColumnMapping, dict, str or Path, optional
        Which column is which, or the path of a file that says so; by default ``PATH.leal.toml`` where there
        is one, else what is recognised.

    Returns
    -------
    frame : polars.DataFrame
        The table, with the columns of `leal.tables` first and the file's other columns after them.
    reconciliation : Reconciliation
        Rows read, accepted, rejected with reason and line, duplicates, and the money of each.

    Raises
    ------
    BadFile
        The file cannot be read.
    BadMapping, MissingColumn
        The mapping is wrong, or names columns that the file does not have.
    UnknownFormat
        No mapping was given and the columns were not recognised; the best guess is written to
        ``PATH.leal.toml`` (or to the path given as `mapping`), to be edited and used by the next run.
    """
    path = Path(path)
    if kind is not None and kind not in TABLES:
        raise BadOption("kind", kind, list(TABLES))
    given = _given_mapping(path, mapping)
    if given is not None and kind not in {None, given.table}:
        raise BadMapping(
            Text(
                "The mapping is of the table {table}, and {kind} was asked for.", table=given.table, kind=kind
            ),
            hint=Text("Give the mapping of that table, or leave the table out."),
            where=Where(file=str(path), column="table"),
        )
    if given is None and (scanned := scan_canonical(path, kind)) is not None:
        return scanned.frame.collect(), scanned.reconciliation
    raw = read_any(path)
    if given is None:
        recognised = recognise_table(raw, kind)
        if not recognised.complete:
            raise unrecognised(recognised, where_to_write(path, mapping))
        return build_table(recognised.raw, recognised.mapping)
    check_fits(given, raw.columns, file=raw.file)
    return build_table(raw, given)


def read_any(path: Path, likeness: Likeness | None = None) -> RawTable:
    """Read a file raw; Parquet keeps its types, so that large files are not turned to text and back."""
    if _is_parquet(path):
        return _typed_parquet(path)
    return read_raw(path, likeness=likeness or table_likeness)


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError:
        return False  # reading it raw tells why


def build_table(raw: RawTable, mapping: ColumnMapping) -> tuple[pl.DataFrame, Reconciliation]:
    """Make the table that a mapping says from a raw file, and account for every row."""
    if left_out := left_out_of(mapping, raw):
        needed = [
            " / ".join(name for name in known_columns(mapping.table) if name in group) for group in left_out
        ]
        raise BadMapping(
            Text(
                "The mapping leaves out what the table {table} needs: {needed}.",
                table=mapping.table,
                needed=Listing.of(needed),
            ),
            hint=Text(
                "Say which of the file's columns they are: {columns}.", columns=Listing.of(raw.columns)
            ),
            where=Where(file=raw.file),
        )
    raw = replace(raw, frame=unescaped(raw.frame))
    build = Build(raw=raw, mapping=mapping)
    built = build_purchases(build) if mapping.table == "purchases" else build_plain(build)
    return _accepted(raw, mapping, mark_repeats(built, mapping.table))


def unrecognised(recognised: Recognised, target: Path | None) -> UnknownFormat:
    """Return the error of a file whose columns were not recognised, its guess written to `target`."""
    raw, mapping = recognised.raw, recognised.mapping
    hint = Text("Name the file itself to get a mapping of its columns, which you can edit.")
    if target is not None and (write_mapping(mapping, target, raw.columns) or target.exists()):
        hint = Text("Edit {file} and run the same again: it will be used.", file=str(target))
    back = {header: name for name, header in mapping.columns.items()}
    guesses = [f"{header} → {back[header]}?" if header in back else f"{header} → ?" for header in raw.columns]
    return UnknownFormat(
        Text(
            "The columns were not recognised. Best guess, as {table}: {guesses}.",
            table=mapping.table,
            guesses=Listing.of(guesses),
        ),
        hint=hint,
        where=Where(file=raw.file),
    )


def _given_mapping(path: Path, mapping: MappingLike | None) -> ColumnMapping | None:
    """Return the mapping to use: the given one, else the one beside the file; a path may not exist yet."""
    if isinstance(mapping, ColumnMapping):
        return mapping
    if isinstance(mapping, Mapping):
        return mapping_of(mapping)
    if mapping is not None:
        return read_mapping(mapping) if Path(mapping).exists() else None
    beside = mapping_path(path)
    return read_mapping(beside) if beside.is_file() else None


def where_to_write(path: Path, mapping: MappingLike | None) -> Path:
    """Return where a guessed mapping of a file is written: the path given for one, else beside the file."""
    return Path(mapping) if isinstance(mapping, str | Path) else mapping_path(path)


def table_likeness(_columns: Sequence[str], frame: pl.DataFrame) -> float:
    """Choose the sheet that looks most like a table of the vocabulary; the larger of equals."""
    raw = RawTable(file="", file_format="workbook", frame=frame, lines=pl.Series("line", [], dtype=pl.Int64))
    if frame.is_empty():
        return -1.0
    recognised = recognise_table(raw)
    return recognised.likeness + 10 * recognised.complete


def _typed_parquet(path: Path) -> RawTable:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        return read_raw(path)
    categories = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Categorical | pl.Enum)]
    lines = pl.select(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias("line")).to_series()
    plain = frame.with_columns(pl.col(categories).cast(pl.String)) if categories else frame
    return RawTable(file=path.name, file_format="parquet", frame=plain, lines=lines)


def _accepted(raw: RawTable, mapping: ColumnMapping, built: Built) -> tuple[pl.DataFrame, Reconciliation]:
    accepted = built.reason.is_null()
    frame = built.frame.filter(accepted) if built.reason.null_count() < len(accepted) else built.frame
    duplicates = int((built.reason == "duplicate").sum())
    lost = pl.DataFrame({"line": raw.lines, "reason": built.reason}).drop_nulls("reason")
    skipped = pl.DataFrame(
        {"line": [row.line for row in raw.skipped], "reason": [row.reason for row in raw.skipped]},
        schema={"line": pl.Int64, "reason": pl.String},
    )
    rejected, by_reason = collect_rejections(
        pl.concat([lost.filter(pl.col("reason") != "duplicate"), skipped]), TABLE_REASONS
    )
    used = {header: name for name, header in mapping.columns.items()}
    return frame, Reconciliation(
        file=raw.file,
        source=mapping.source,
        recognised_by=_recognised_by(mapping),
        table=mapping.table,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        sheet=raw.sheet,
        rows_read=raw.rows_read,
        accepted=frame.height,
        duplicates=duplicates,
        rejected=rejected,
        rejected_by_reason=by_reason,
        amount_accepted=None if built.amount is None else float(frame["amount"].sum()),
        amount_rejected_by_reason=_amounts(built),
        columns_used=used,
        columns_kept=tuple(name for name in frame.columns if name in raw.columns and name not in used),
        notes=built.notes,
    )


def _amounts(built: Built) -> dict[str, float]:
    if built.amount is None:
        return {}
    lost = pl.DataFrame({"reason": built.reason, "amount": built.amount}).drop_nulls()
    sums = lost.group_by("reason").agg(pl.col("amount").sum()).sort("reason")
    return {reason: float(amount) for reason, amount in sums.iter_rows()}


def _recognised_by(mapping: ColumnMapping) -> Text:
    if mapping.source == "mapping":
        return Text("a mapping")
    if mapping.source == "synonyms":
        return Text("the names of its columns")
    return Text("the columns of an export of {source}", source=mapping.source)
