"""What goes wrong is said before half an hour of measuring, and costs only what it must."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from samverkan.cli.bench import bench as module
from samverkan.cli.bench.bench import PartFailed, bench
from samverkan.cli.bench.figures import Figures, PartFigures
from samverkan.cli.bench.part import PARTS
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.report import as_markdown, from_json
from samverkan.cli.bench.size import SHORT, Size
from samverkan.deploy.exits import FAILED, INTERRUPTED, NO_ROOM, OK


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that would be measured; broker and database are not started."""
    asked: list[str] = []

    @contextmanager
    def place() -> Iterator[Place]:
        yield Place("localhost:1", "/nowhere", "/nowhere", {})

    def run_part(part: str, here: Place, size: Size) -> PartFigures:
        asked.append(part)
        return PartFigures(part)

    monkeypatch.setattr(module, "place", place)
    monkeypatch.setattr(module, "run_part", run_part)
    return asked


def test_every_part_is_measured_in_order_unless_some_are_chosen(nothing_runs: list[str]) -> None:
    assert bench(short=True) == OK
    assert nothing_runs == list(PARTS)
    nothing_runs.clear()
    assert bench(short=True, only=["growth", "relay"]) == OK
    assert nothing_runs == ["growth", "relay"]


def test_figures_that_could_not_be_written_are_not_measured(
    nothing_runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(short=True, json_file=tmp_path / "missing" / "a.json") == FAILED
    assert nothing_runs == []
    assert "Figures cannot be written" in capsys.readouterr().err


def test_a_disk_with_too_little_room_is_said_first(
    nothing_runs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12, 10**9))
    assert bench() == NO_ROOM
    assert nothing_runs == []
    assert "15 GB of free disk" in capsys.readouterr().err
    assert bench(only=["relay"]) == OK, "what does not grow needs little"


def test_a_part_that_fails_costs_only_its_own_figures(
    nothing_runs: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run_part(part: str, here: Place, size: Size) -> PartFigures:
        if part == "apply":
            raise PartFailed("The part apply of the bench ended with 1.")
        return PartFigures(part)

    monkeypatch.setattr(module, "run_part", run_part)
    file = tmp_path / "a.json"
    assert bench(short=True, json_file=file) == FAILED
    assert [part.name for part in from_json(file.read_text()).parts] == [part for part in PARTS if part != "apply"]
    assert "The part apply" in capsys.readouterr().err


def test_an_interrupted_run_ends_in_order(nothing_runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def run_part(part: str, here: Place, size: Size) -> PartFigures:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "run_part", run_part)
    assert bench(short=True) == INTERRUPTED


def test_another_number_of_events_is_that_of_relay_apply_and_growth() -> None:
    size = SHORT.of(50_000, rivals=False)
    assert (size.events_of_few, size.growths, size.rivals) == (50_000, (50_000,), False)
    assert SHORT.of(None) == SHORT


def test_figures_of_nothing_are_an_empty_report() -> None:
    assert as_markdown(Figures({"processor": "x"}, ())) == "- processor: x\n"
