"""The launcher: what goes wrong is one sentence and a code, what is done is not done again."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from samverkan.deploy import launch
from samverkan.deploy.home import checkout
from samverkan.deploy.launch import Log, SetUpFailed, Step

LAUNCHER = checkout() / "samverkan"


def _says(tmp_path: Path, text: str, code: int = 1, *, speaks_for_itself: bool = False) -> SetUpFailed:
    program = f"print({text!r}); raise SystemExit({code})"
    with pytest.raises(SetUpFailed) as caught, Log("a step", tmp_path) as log:
        log.run(sys.executable, "-c", program, speaks_for_itself=speaks_for_itself)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", 74, "full: set-up needs"),
        ("error: failed to write: No space left on device (os error 28)", 74, "full: set-up needs"),
        ("error: Failed to fetch: dns error: failed to lookup address", 69, "check the network"),
        ("NewConnectionError: [Errno 111] Connection refused", 69, "check the network"),
        ("/usr/bin/python3: No module named pip", 70, "has no pip"),
        ("something nobody foresaw", 70, "something nobody foresaw"),
    ],
)
def test_a_failure_is_one_sentence_with_a_code(tmp_path: Path, text: str, code: int, sentence: str) -> None:
    error = _says(tmp_path, text)
    assert error.code == code
    assert sentence in str(error)
    assert len(str(error).splitlines()) == 1


def test_a_program_of_ours_speaks_for_itself(tmp_path: Path) -> None:
    error = _says(tmp_path, "43/46\nCould not download kafka-clients.", 69, speaks_for_itself=True)
    assert (str(error), error.code) == ("Could not download kafka-clients.", 69)


def test_all_that_programs_said_is_kept(tmp_path: Path) -> None:
    _says(tmp_path, "the whole story")
    assert "the whole story" in (tmp_path / "setup.log").read_text()


def test_a_disk_with_too_little_room_is_said_before_anything_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    step = Step("a step", tmp_path / "stamp", "1", lambda log: made.append("done"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(SetUpFailed, match="full") as caught:
        launch._set_up([step], tmp_path)
    assert caught.value.code == 74
    assert made == []


def test_an_interrupted_set_up_goes_on_where_it_was(tmp_path: Path) -> None:
    made: list[str] = []

    def interrupted(log: Log) -> None:
        made.append("second")
        if made.count("second") == 1:
            raise KeyboardInterrupt

    plan = [
        Step("first", tmp_path / "first", "1", lambda log: made.append("first")),
        Step("second", tmp_path / "second", "1", interrupted),
    ]
    with pytest.raises(KeyboardInterrupt):
        launch._set_up(plan, tmp_path)
    launch._set_up(plan, tmp_path)
    launch._set_up(plan, tmp_path)
    assert made == ["first", "second", "second"]


def test_a_step_is_made_again_when_what_it_is_made_from_has_changed(tmp_path: Path) -> None:
    made: list[str] = []
    for version in ("1", "1", "2"):
        launch._set_up([Step("a step", tmp_path / "stamp", version, lambda log: made.append("made"))], tmp_path)
    assert made == ["made", "made"]


_SLOW_SET_UP = """
import sys, time
from pathlib import Path
from samverkan.deploy import launch

def make(log):
    with open(Path(sys.argv[1], "made"), "a") as file:
        file.write("made\\n")
    time.sleep(1)

home = Path(sys.argv[1])
with launch._one_at_a_time(home):
    launch._set_up([launch.Step("a step", home / "stamp", "1", make)], home)
"""


def test_two_first_calls_at_once_set_up_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SLOW_SET_UP, str(tmp_path)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=30)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert (tmp_path / "made").read_text() == "made\n"
    assert any("another call is setting things up" in text for text in said)


def _checkout(folder: Path) -> Path:
    """As much of a checkout as the first steps of set-up read."""
    for name in ("samverkan", "pyproject.toml", "requirements.lock"):
        shutil.copy(checkout() / name, folder / name)
    shutil.copytree(
        checkout() / "deploy" / "samverkan",
        folder / "deploy" / "samverkan",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return folder


def test_without_a_network_the_first_call_says_so_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/",  # the port of `discard`, where nobody listens
        "PIP_RETRIES": "0",
    }
    first = _checkout(tmp_path)
    done = subprocess.run(
        [sys.executable, first / "samverkan", "up"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 69, done.stderr
    assert "check the network" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (first / ".venv").exists()
    assert [entry.name for entry in (first / ".samverkan" / "tools").iterdir()] == []


_AN_OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 8, 19, "final", 0)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_an_old_python_is_told_what_is_needed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _AN_OLD_PYTHON, str(LAUNCHER)],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 78
    assert done.stderr.startswith("samverkan needs Python 3.11 or newer and found 3.8 (")
    assert len(done.stderr.splitlines()) == 1


def test_an_old_python_hands_over_to_a_newer_one(tmp_path: Path) -> None:
    newer = tmp_path / "python3.12"
    newer.write_text('#!/bin/sh\necho "handed over: $2"\n')
    newer.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", _AN_OLD_PYTHON.replace("sys.argv[1]", repr(str(LAUNCHER))), "check"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "handed over: check\n"


def test_the_launcher_can_be_read_by_the_oldest_python_3() -> None:
    ast.parse(LAUNCHER.read_text(), feature_version=(3, 4))


def test_once_set_up_nothing_is_said() -> None:
    command = [str(LAUNCHER), "status", "--help"]
    subprocess.run(command, capture_output=True, check=False)  # a developer may just have changed a pyproject.toml
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("file", [launch.LOCK, launch.BENCH_LOCK], ids=lambda file: file.name)
def test_the_lock_names_no_package_index(file: Path) -> None:
    lock = file.read_text()
    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "index-url" not in lock
    assert "uv.lock" in (checkout() / ".gitignore").read_text().split()


def test_only_the_bench_gets_rivals_profiler_and_plots(tmp_path: Path) -> None:
    assert [step.title for step in launch._steps_for(["bench", "--short"], tmp_path)] == ["the bench's rivals"]
    assert launch._steps_for(["bench", "--help"], tmp_path) == []
    assert launch._steps_for(["up"], tmp_path) == []
    assert launch._steps_for([], tmp_path) == []


def test_what_the_bench_installs_has_the_versions_that_services_run_with() -> None:
    ours, bench = (_versions(lock) for lock in (launch.LOCK, launch.BENCH_LOCK))
    assert {name: version for name, version in bench.items() if name in ours} == {
        name: version for name, version in ours.items() if name in bench
    }
    assert "faststream-outbox" in bench and "faststream-outbox" not in ours


def _versions(lock: Path) -> dict[str, str]:
    pins = (line.split()[0] for line in lock.read_text().splitlines() if "==" in line and line[0].isalpha())
    return dict(pin.split("==", 1) for pin in pins)
