"""`samverkan bench`: runs the parts, says how far it is, prints Markdown, writes JSON and plots."""

import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from samverkan.cli.bench.figures import Figures, PartFigures
from samverkan.cli.bench.machine import describe, load
from samverkan.cli.bench.part import FIGURES, JOB, PARTS, Job
from samverkan.cli.bench.place import Place, place
from samverkan.cli.bench.report import as_json, as_markdown
from samverkan.cli.bench.size import SHORT, Size
from samverkan.cli.bench.watching import Watch
from samverkan.cli.up.say import complain, progress, say
from samverkan.deploy.errors import BrokenSetUp, DeployError, NoRoom
from samverkan.deploy.exits import FAILED, INTERRUPTED, NO_ROOM, OK

_SAMPLE_SECONDS: Final = 1.0
_BYTES_AN_EVENT: Final = 5_000  # in journal, topic and store with indexes and write-ahead log (2026-11: 3.6 kB)


class PartFailed(Exception):
    """A part ended without figures; it has said why."""


def bench(
    *,
    events: int | None = None,
    short: bool = False,
    only: Sequence[str] = (),
    json_file: Path | None = None,
    plot_folder: Path | None = None,
    profiled: str | None = None,
) -> int:
    """Measure and print; 0 when all was measured, whatever the figures say."""
    size, parts = SHORT if short else Size(), only or tuple(PARTS)
    # Told to end is interrupted: broker, database and their folder are gone afterwards. Also where SIGINT was ignored,
    # as in a shell's background.
    handlers = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        if profiled is not None:
            from samverkan.cli.bench.profiling import profile

            return profile(profiled, size.of(events, rivals=False))
        _refuse_in_vain(size.of(events), parts, json_file, plot_folder)
        figures = measure(size.of(events), parts)
    except NoRoom as full:
        complain(str(full))
        return NO_ROOM
    except (DeployError, PartFailed) as error:
        complain(str(error))
        return FAILED
    except KeyboardInterrupt:
        complain("interrupted: nothing is left behind, no figure was written.")
        return INTERRUPTED
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if json_file is not None:  # before anything is printed: a reader that hangs up must not cost half an hour
        json_file.write_text(as_json(figures))
    if plot_folder is not None:
        from samverkan.cli.bench.plotting import plot

        for file in plot(figures, plot_folder):
            progress(f"drawn: {file}")
    say("")
    say(as_markdown(figures))
    return OK if len(figures.parts) == len(parts) else FAILED


def _refuse_in_vain(size: Size, parts: Sequence[str], json_file: Path | None, plot_folder: Path | None) -> None:
    """What would be found out only after half an hour of measuring. DeployError: say so now."""
    if plot_folder is not None and find_spec("matplotlib") is None:
        raise BrokenSetUp("Plots need matplotlib, which ./samverkan bench installs and .venv/bin/python -m does not.")
    if json_file is not None:
        try:
            json_file.touch()
        except OSError as error:
            raise DeployError(f"Figures cannot be written: {error}.") from None
    wanted = max(size.growths, default=0) * _BYTES_AN_EVENT if "growth" in parts else 0
    if shutil.disk_usage(tempfile.gettempdir()).free < wanted:
        raise NoRoom(
            f"{wanted / 1e9:.0f} GB of free disk are needed in {tempfile.gettempdir()}: set TMPDIR, or --events."
        )


def measure(size: Size, parts: Sequence[str]) -> Figures:
    """Run the parts one after the other on a broker and a database server of their own, gone afterwards.

    A part that fails says so and is missing from the figures.
    """
    progress("starting Kafka and PostgreSQL")
    with place() as here:
        machine = describe(shlex.join(["./samverkan", *sys.argv[1:]]), Path(here.folder))
        measured = []
        for part in parts:
            try:
                measured.append(run_part(part, here, size))
            except PartFailed as failed:  # the others' figures are worth half an hour
                complain(str(failed))
        return Figures({**machine, "load_after": f"{load():.2f}"}, tuple(measured))


def run_part(part: str, here: Place, size: Size, *, before: Sequence[str] = ()) -> PartFigures:
    """One part in a process of its own, its memory and that of the servers sampled every second.

    `before`: a program that runs it, as a profiler does. PartFailed: it ended without figures.
    """
    file = Path(here.folder, f"{part}.json")
    load_before = load()
    progress(f"{part} …")
    command = [*before, sys.executable, "-P", "-m", "samverkan.cli.bench.part", part]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(JOB.dump_json(Job(here, size, str(file))))
        process.stdin.close()
        watch = Watch({**here.servers, "own": process.pid})
        try:
            while process.poll() is None:
                watch.sample()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_SAMPLE_SECONDS)
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise PartFailed(f"The part {part} of the bench ended with {process.returncode}.")
    figures = FIGURES.validate_json(file.read_bytes())
    return replace(figures, load_before=load_before, load_after=load(), memory=watch.memory())
