"""What an import did not take in: lines with their mistakes, in a file that can be mended and imported as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from samverkan.cli.referrals.table import Line, Sheet, write_sheet

REJECTED_PREFIX: Final = "avvisad_"  # of our own columns, which an import leaves alone
_ADDED_COLUMNS: Final = tuple(REJECTED_PREFIX + name for name in ("rad", "kod", "orsak"))


@dataclass(frozen=True)
class Mistake:
    """One thing wrong with a line. `code` is stable; `reason` is Swedish and never repeats a cell's content."""

    code: str
    reason: str


Rejected = tuple[Line, Sequence[Mistake]]


def rejects_of(path: Path) -> Path:
    """Where the rejected lines of this file are written."""
    return path.with_name(path.stem + ".rejected.csv")


def write_rejects(path: Path, sheet: Sheet, rejected: Sequence[Rejected]) -> None:
    """Write the rejected lines of the file at `path` as they were, each with its number and mistakes; none, no file."""
    if not rejected:
        return
    kept = [place for place, title in enumerate(sheet.header) if not title.startswith(REJECTED_PREFIX)]
    header = (*(sheet.header[place] for place in kept), *_ADDED_COLUMNS)

    def rows() -> Iterator[Sequence[str]]:
        for line, mistakes in sorted(rejected, key=lambda one: one[0].number):
            cells = [line.cells[place] if place < len(line.cells) else "" for place in kept]
            beyond = [cell for cell in line.cells[len(sheet.header) :] if cell]
            reasons = " ".join(mistake.reason for mistake in mistakes)
            if beyond:
                reasons += f" Överflödigt: {sheet.delimiter.join(beyond)}"  # nothing of the line is lost
            yield (*cells, str(line.number), ", ".join(mistake.code for mistake in mistakes), reasons)

    write_sheet(rejects_of(path), header, rows(), sheet.delimiter, path.stat().st_mode)
