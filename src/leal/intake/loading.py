"""Files and folders in any mix as one evidence: each recognised, read, joined, and accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from leal.errors import BadFile, LealError, UnknownFormat, Where
from leal.evidence import Evidence
from leal.intake.column_mapping import SUFFIX, BadMapping
from leal.intake.file_reading import ReadTable, read_tables
from leal.intake.join_findings import JoinReport
from leal.intake.joining import join_customers
from leal.intake.reading import MappingLike
from leal.intake.reconciliation import Reconciliation
from leal.intake.repeats import merge_uploads
from leal.results import to_plain
from leal.tables import TABLES
from leal.wording import Listing, Text

Paths = str | Path | Iterable[str | Path] | None
_PERSONAL = ("email", "phone", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that was found and not used.

    Attributes
    ----------
    file : str
        Its path.
    code : str
        Why, as a stable name: ``"unknown_format"``, ``"bad_file"``, ``"reviews_later"``, ``"same_file"``.
    text : Text
        Why, in words.
    """

    file: str
    code: str
    text: Text

    def __str__(self) -> str:
        return f"{self.file}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What files gave.

    Attributes
    ----------
    evidence : Evidence
        The tables, with the same identifiers of customers in all of them.
    reconciliations : tuple of Reconciliation
        What became of each file.
    joining : JoinReport
        How well the tables fit together.
    left_out : tuple of LeftOut
        Files that were found and not used.
    repeated : mapping of str to int
        By table, rows that several files have in common and that were taken once.
    """

    evidence: Evidence
    reconciliations: tuple[Reconciliation, ...]
    joining: JoinReport
    left_out: tuple[LeftOut, ...] = ()
    repeated: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return what became of the files as plain JSON values; the tables are left out."""
        return {
            "tables": list(self.evidence),
            "reconciliations": [told.to_dict() for told in self.reconciliations],
            "joining": self.joining.to_dict(),
            "left_out": to_plain(self.left_out),
            "repeated": dict(self.repeated),
        }


def load(
    paths: Paths = None,
    *,
    answers: Paths = None,
    purchases: Paths = None,
    customers: Paths = None,
    actions: Paths = None,
    brands: Paths = None,
    wishes: Paths = None,
    reviews: Paths = None,
    units: Paths = None,
    cases: Paths = None,
    contacts: Paths = None,
    invitations: Paths = None,
    rules: Paths = None,
    kano: Paths = None,
    prices: Paths = None,
    talk: Paths = None,
    mapping: MappingLike | None = None,
) -> Loaded:
    """Read files and folders in any mix into one evidence.

    Parameters
    ----------
    paths : path or paths
        Files, each recognised by its content, and folders, whose files are.
    answers, purchases, customers, actions, brands, wishes, reviews, units, cases, contacts, invitations,
    rules, kano, prices, talk
        Files that are said to be that table.
    mapping : ColumnMapping, dict, str or Path, optional
        Which column is which, for every file that has the columns it names; by default the mapping beside
        each file (``FILE.leal.toml``).

    Returns
    -------
    Loaded
        Evidence, what became of each file, how well the tables fit together, what was left out.

    Raises
    ------
    BadFile, UnknownFormat
        A file that was named itself (not found in a folder) cannot be read or recognised; there is no file.
    BadMapping
        The mapping is wrong, or fits none of the files.

    Notes
    -----
    Several files of a table are joined, later ones after earlier ones; a file uploaded twice, or two that
    overlap, change nothing. Parquet files that are tables of Leal already are not loaded but scanned. Review
    sites' own formats are listed in `left_out`: they are read by a later part of Leal.
    """
    said = {"answers": answers, "purchases": purchases, "customers": customers, "actions": actions}
    said |= {"brands": brands, "wishes": wishes, "reviews": reviews, "units": units}
    said |= {
        "cases": cases,
        "contacts": contacts,
        "invitations": invitations,
        "rules": rules,
        "kano": kano,
        "prices": prices,
        "talk": talk,
    }
    jobs = [job for kind, given in ((None, paths), *said.items()) for job in _jobs(given, kind)]
    if not jobs:
        raise BadFile(
            Text("No file was given."), hint=Text("Give at least one file or folder with survey answers.")
        )
    read, left_out = _read_all(jobs, mapping)
    if _is_there(mapping) and not any(one.mapped for one in read):
        raise BadMapping(
            Text("The mapping fits none of the files: none has all the columns that it names."),
            hint=Text("Compare the names at the right of the mapping with the headers of the file."),
            where=Where(file=str(mapping) if isinstance(mapping, str | Path) else None),
        )
    if not read:
        raise _nothing_read(left_out)
    return _assembled(read, left_out)


def _is_there(mapping: MappingLike | None) -> bool:
    """Tell whether a mapping was given; a path of no file yet is where one may be written."""
    return mapping is not None and not (isinstance(mapping, str | Path) and not Path(mapping).exists())


@dataclass(frozen=True, slots=True)
class _Job:
    path: Path
    kind: str | None
    named: bool


def _jobs(given: Paths, kind: str | None) -> list[_Job]:
    """Return the files to read, folders opened; hidden files and mappings are none."""
    if given is None:
        return []
    paths = [given] if isinstance(given, str | Path) else list(given)
    jobs = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(
                file for file in path.rglob("*") if file.is_file() and not _passed_over(file, path)
            )
            jobs += [_Job(file, kind, named=False) for file in inside]
        else:
            jobs.append(_Job(path, kind, named=True))
    return jobs


def _passed_over(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "_", "~$")) for part in file.relative_to(folder).parts)
    return hidden or file.name.endswith(SUFFIX)


def _read_all(jobs: list[_Job], mapping: MappingLike | None) -> tuple[list[ReadTable], list[LeftOut]]:
    read: list[ReadTable] = []
    left_out: list[LeftOut] = []
    seen: dict[tuple[int, bytes], str] = {}
    for job in jobs:
        try:
            if (twin := _twin(job.path, seen)) is not None:
                text = Text("the same as {file}, taken once", file=twin)
                left_out.append(LeftOut(file=str(job.path), code="same_file", text=text))
                continue
            found = read_tables(job.path, job.kind, mapping, write_guess=job.named)
        except LealError as error:
            if job.named:
                raise
            left_out.append(LeftOut(file=str(job.path), code=error.code, text=error.message))
            continue
        read += found
        if not found:
            text = Text("reviews of a site or store, which this version of Leal does not read yet")
            left_out.append(LeftOut(file=str(job.path), code="reviews_later", text=text))
    return read, left_out


def _twin(path: Path, seen: dict[tuple[int, bytes], str]) -> str | None:
    """Return the file read before whose bytes are the same; a size that no other file has is not read."""
    import hashlib

    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            # Head and tail tell nearly all files of one size apart; the rest is read only where they agree.
            ends = file.read(1 << 16)
            file.seek(max(size - (1 << 16), 0))
            ends += file.read()
    except OSError:
        return None  # reading it as a table tells why
    key = (size, hashlib.blake2b(ends).digest())
    earlier = seen.get(key)
    seen.setdefault(key, str(path))
    return earlier if earlier is not None and _same_bytes(path, Path(earlier)) else None


def _same_bytes(one: Path, other: Path) -> bool:
    with one.open("rb") as a, other.open("rb") as b:
        while True:
            left, right = a.read(1 << 20), b.read(1 << 20)
            if left != right:
                return False
            if not left:
                return True


def _nothing_read(left_out: list[LeftOut]) -> UnknownFormat:
    return UnknownFormat(
        Text("No file could be used: {files}.", files=Listing.of(str(file) for file in left_out)),
        hint=Text("Name one of the files itself to get a mapping of its columns, which you can edit."),
        where=Where(),
    )


def _assembled(read: list[ReadTable], left_out: list[LeftOut]) -> Loaded:
    tables: dict[str, pl.DataFrame | pl.LazyFrame] = {}
    repeated: dict[str, int] = {}
    for name in TABLES:
        of_table = [one for one in read if one.reconciliation.table == name]
        if of_table:
            tables[name], count = _together(of_table, name)
            repeated |= {name: count} if count else {}
    reconciliations = tuple(one.reconciliation for one in read)
    without = sum(told.amount_rejected_by_reason.get("no_customer", 0.0) for told in reconciliations)
    evidence, joining = join_customers(Evidence(**tables), money_without_customer=without)
    return Loaded(
        evidence=_without_personal(evidence),
        reconciliations=reconciliations,
        joining=joining,
        left_out=tuple(left_out),
        repeated=repeated,
    )


def _together(read: list[ReadTable], table: str) -> tuple[pl.DataFrame | pl.LazyFrame, int]:
    """Join the files of one table; scanned ones stay scanned where all are."""
    frames = [one.frame for one in read]
    if len(frames) == 1:
        return frames[0], 0
    scanned = [frame for frame in frames if isinstance(frame, pl.LazyFrame)]
    if len(scanned) == len(frames):
        return pl.concat(scanned, how="diagonal_relaxed"), 0
    held = [frame.collect() if isinstance(frame, pl.LazyFrame) else frame for frame in frames]
    if table != "answers":
        return merge_uploads(held, table)
    sourced = [
        frame.with_columns(pl.lit(one.reconciliation.source).alias("_source"))
        for frame, one in zip(held, read, strict=True)
    ]
    merged, count = merge_uploads(sourced, table)
    return merged.drop("_source"), count


def _without_personal(evidence: Evidence) -> Evidence:
    """Leave addresses and names in the table of customers only: they have joined what they can."""
    tables = {}
    for name in ("answers", "purchases", "actions", "cases", "contacts", "invitations"):
        frame = evidence.table(name)
        if frame is not None and evidence.has(name):
            tables[name] = frame.drop(_PERSONAL, strict=False)
    return replace(evidence, **tables)
