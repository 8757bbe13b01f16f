"""A CSV file as spreadsheets write it, read line by line. Pure but for reading the file.

UTF-8 with or without a byte order mark, or UTF-16 with one (Excel's "Unicode text"); comma, semicolon or tab; Excel's
`sep=;` line; cells with line breaks. Nothing is guessed that would change a name: Windows-1252 is refused.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DELIMITERS: Final = (";", ",", "\t")
_BYTES_MAX: Final = 64_000_000  # a list of referrals of the largest municipality is a hundredth of it


class FileUnusable(Exception):
    """Nothing of the file can be taken in. The message says why and what to do."""


@dataclass(frozen=True)
class Line:
    """One record. `number` is the line in the file where it begins, from 1; `cells` as they stand there."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A file as read: `header` and `lines` without blank ones."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    delimiter: str


def read_sheet(path: Path) -> Sheet:
    """Read the whole file. FileUnusable: it cannot be read, is no text, or has no lines below its header."""
    text = _text(path)
    delimiter, skipped = _delimiter(text)
    records = _records(text, delimiter, skipped)
    header = next(records, None)
    if header is None:
        raise FileUnusable(f"{path} is empty: the first line must name the columns.")
    lines = tuple(records)
    if not lines:
        raise FileUnusable(f"{path} has a line of column names and nothing below it.")
    return Sheet(header.cells, lines, delimiter)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise FileUnusable(f"{path} is larger than {_BYTES_MAX // 1_000_000} MB: split it.")
        content = path.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{path} cannot be read: {error.strerror}.") from None
    utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileUnusable(
            f"{path} is not UTF-8 (line {line}). In Excel: Save as, and choose CSV UTF-8 (Comma delimited)."
        ) from None
    if "\0" in text:
        raise FileUnusable(f"{path} is no text file. In Excel: Save as, and choose CSV UTF-8 (Comma delimited).")
    return text


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter and how many lines to skip: what `sep=` says, else what divides the first line most often."""
    first = text.partition("\n")[0].strip("\r")
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:], 1
    return max(DELIMITERS, key=first.count), 0


def _records(text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    stream = io.StringIO(text, newline="")
    for _ in range(skipped):
        stream.readline()
    reader = csv.reader(stream, delimiter=delimiter, strict=False)
    begins = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(begins, tuple(cells))
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        raise FileUnusable(f"Line {begins} cannot be read as CSV: {error}.") from None


def write_sheet(path: Path, header: Sequence[str], rows: Iterator[Sequence[str]], delimiter: str, mode: int) -> None:
    """Write the whole file or leave the one before: UTF-8 with a byte order mark, which Excel needs to see å, ä, ö.

    `mode` are its permissions: what came out of a protected file stays protected.
    """
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    half.touch(mode & 0o777)
    with half.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    half.replace(path)
