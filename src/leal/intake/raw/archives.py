"""What kind of file some bytes are, and packed files unpacked."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from typing import Literal

from leal.errors import BadFile, Where
from leal.wording import Count, Text

Kind = Literal["workbook", "parquet", "text", "unknown"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"SQLite format 3\0", "SQLite"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"$FL2", "SPSS"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_LARGEST_UNPACKED = 8 << 30


def unpack(data: bytes, file: str) -> bytes:
    """Return the bytes inside a .gz, .bz2, .xz or single-file .zip; other bytes as they are.

    Raises
    ------
    BadFile
        The archive is damaged or protected, or holds several files.
    """
    try:
        if data.startswith(b"\x1f\x8b"):
            return gzip.decompress(data)
        if data.startswith(b"BZh") and data[4:10] == b"1AY&SY":
            return bz2.decompress(data)
        if data.startswith(b"\xfd7zXZ\0"):
            return lzma.decompress(data)
        if data.startswith(b"PK\x03\x04") and (members := _members(data)) is not None:
            return _single_member(data, members, file)
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError) as error:
        raise BadFile(
            Text("The archive is damaged, cut off or protected by a password."),
            hint=Text("Unpack it yourself and give the file inside."),
            where=Where(file=file),
        ) from error
    return data


def kind_of(data: bytes, file: str) -> Kind:
    """Return how unpacked bytes are to be read.

    Raises
    ------
    BadFile
        They are a known format that is no table.
    """
    for mark, name in _FOREIGN:
        if data.startswith(mark):
            raise BadFile(
                Text("This is a file of the format {name}, not a table.", name=name),
                hint=Text("Give a CSV, XLSX, XLS, ODS, JSON or Parquet file."),
                where=Where(file=file),
            )
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith((b"PK\x03\x04", _OLE)):
        return "workbook"
    return "text"


def _members(data: bytes) -> list[zipfile.ZipInfo] | None:
    """Return the files inside a zip; None where it is a workbook, or damaged, which its reader will say."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return None
    names = {member.filename for member in members}
    if "[Content_Types].xml" in names or "mimetype" in names or "content.xml" in names:
        return None
    return [m for m in members if not m.is_dir() and not m.filename.startswith(("__MACOSX", "."))]


def _single_member(data: bytes, members: list[zipfile.ZipInfo], file: str) -> bytes:
    if len(members) != 1:
        raise BadFile(
            Text("The archive holds {count} files, and one is needed.", count=Count(len(members))),
            hint=Text("Unpack it and give the files inside."),
            where=Where(file=file),
        )
    if members[0].file_size > _LARGEST_UNPACKED:
        raise BadFile(
            Text("The file inside the archive is too large to unpack in memory."),
            hint=Text("Unpack it yourself and give the file inside."),
            where=Where(file=file),
        )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(members[0])
