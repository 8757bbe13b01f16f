"""`samverkan import referrals`: the whole of one import, from the file to its reject file and summary."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from samverkan.cli.calls import NoAnswer
from samverkan.cli.console import console
from samverkan.cli.referrals.columns import Columns, ColumnsUnusable, find_columns
from samverkan.cli.referrals.idempotency import read_secret, secret_file
from samverkan.cli.referrals.importing import Imported, Importer, Outcome, Refusing
from samverkan.cli.referrals.table import FileUnusable, Sheet, read_sheet
from samverkan.cli.rejects import rejects_of, write_rejects
from samverkan.cli.up.run import NothingRuns, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, FAILED, INTERRUPTED, NOTHING_RUNS, OK, USAGE
from samverkan.schemas.catalogue import AGENCIES

_SAY_EVERY_SECONDS: Final = 5.0


def import_referrals(path: Path, *, agency: str, intake_url: str | None = None) -> int:
    """Take in a list of referrals on behalf of `agency`; the exit code.

    0: every line is in. 1: some were rejected, and stand in the reject file. 2: the file cannot be used. 3: nothing
    runs. 70: intake stopped answering, 130: interrupted; then the same command again takes in what is left.
    """
    try:
        sheet = read_sheet(path)
        columns = find_columns(sheet.header)
        url = intake_url or load().service("intake").url
    except (FileUnusable, ColumnsUnusable) as unusable:
        complain(str(unusable))
        return USAGE
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    if agency not in (codes := [known.code for known in AGENCIES]):
        complain(f"no agency {agency!r}; there are {', '.join(codes)}")
        return USAGE
    if columns.unused:
        say(f"Columns that are not taken in: {', '.join(columns.unused)}")
    return _import(path, sheet, columns, agency, url)


def _import(path: Path, sheet: Sheet, columns: Columns, agency: str, url: str) -> int:
    began = time.monotonic()
    code = OK
    with _progress(len(sheet.lines)) as advance:
        importer = Importer(url, columns, agency=agency, secret=read_secret(secret_file()), progress=advance)
        try:
            asyncio.run(importer.run(sheet.lines))
        except (NoAnswer, Refusing) as end:
            complain(str(end))
            code = FAILED
        except KeyboardInterrupt:
            code = INTERRUPTED
    imported = importer.imported
    write_rejects(path, sheet, imported.rejected)
    _summary(path, imported, len(sheet.lines), time.monotonic() - began)
    if code == OK and imported.rejected:
        return DIFFERENT
    return code


def _summary(path: Path, imported: Imported, lines: int, seconds: float) -> None:
    counts = imported.counts
    say(
        f"{imported.done} of {lines} lines in {seconds:.1f} s: {counts[Outcome.OPENED]} new cases, "
        f"{counts[Outcome.ADDED]} added to a case, {counts[Outcome.KNOWN]} already there, "
        f"{counts[Outcome.REJECTED]} rejected"
    )
    if imported.rejected:
        say(f"Rejected lines with their reasons: {rejects_of(path)}. Mend them there and import that file.")
    elif rejects_of(path).exists():
        say(f"{rejects_of(path)} is of an earlier import.")
    if imported.done < lines:
        say("The rest was not taken in. The same command again goes on; nothing is taken in twice.")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, a line now and then elsewhere. Tells numbers of lines only."""
    out = console()
    if out.is_terminal:
        with Progress(
            TextColumn("referrals"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=out
        ) as bar:
            task = bar.add_task("", total=total)
            yield lambda: bar.advance(task)
        return
    done, said_at = 0, time.monotonic()

    def advance() -> None:
        nonlocal done, said_at
        done += 1
        if time.monotonic() - said_at >= _SAY_EVERY_SECONDS:
            said_at = time.monotonic()
            say(f"{done} of {total} lines")

    yield advance
