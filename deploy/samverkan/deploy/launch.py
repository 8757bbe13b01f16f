"""Set-up, then the command. Standard library only: it runs before anything is installed.

Each step leaves a whole result or none, and what is done is not done again: an interrupted set-up is repeated by
repeating the command. Once set up, the way to the command is one hash of a dozen small files.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from samverkan.deploy.exits import FAILED, INTERRUPTED, NO_NETWORK, NO_ROOM

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
BENCH_LOCK = ROOT / "requirements.bench.lock"
NEEDED_BYTES = 1_000_000_000  # 0.65 GB of environment, caches and jars (measured 2026-11) and the first data

_NO_ROOM = re.compile(r"no space left on device|os error 28|disk quota exceeded|enospc", re.IGNORECASE)
_NO_NETWORK = re.compile(
    r"error sending request|dns error|name resolution|name or service not known|failed to resolve|"
    r"connection (refused|reset|aborted)|network is unreachable|timed out|max retries|failed to fetch|"
    # What pip says of a locked version when it cannot reach any index.
    r"from versions: none",
    re.IGNORECASE,
)


class SetUpFailed(Exception):
    """Told to the user as it is."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def main(arguments: Sequence[str]) -> int:
    home = Path(os.environ.get("SAMVERKAN_HOME") or ROOT / ".samverkan").resolve()
    os.environ["SAMVERKAN_HOME"] = str(home)
    try:
        plan = [*_environment_steps(home), *_broker_steps(home), *_steps_for(arguments, home)]
        if not all(step.is_done() for step in plan):
            with _one_at_a_time(home):
                _set_up(plan, home)
    except SetUpFailed as error:
        print(f"samverkan: {error}", file=sys.stderr)
        return error.code
    except OSError as error:
        full = _NO_ROOM.search(str(error)) is not None
        print(f"samverkan: {_no_room(home) if full else f'set-up cannot go on: {error}.'}", file=sys.stderr)
        return NO_ROOM if full else FAILED
    except KeyboardInterrupt:
        print("\nsamverkan: set-up interrupted; the same command goes on where it was.", file=sys.stderr)
        return INTERRUPTED
    return _hand_over(arguments)


def _hand_over(arguments: Sequence[str]) -> NoReturn:
    python = str(VENV / "bin" / "python")
    # -P: a folder that happens to be the current one must not shadow a module.
    os.execv(python, [python, "-P", "-m", "samverkan.cli", *arguments])


@dataclass(frozen=True)
class Step:
    """Something that set-up makes, remade when what it is made from has changed."""

    title: str
    stamp: Path
    made_from: str
    make: Callable[["Log"], None]

    def is_done(self) -> bool:
        try:
            return self.stamp.read_text() == self.made_from
        except FileNotFoundError:
            return False


def _environment_steps(home: Path) -> list[Step]:
    base = f"{sys.version} {sys.base_prefix} {ROOT}"
    uv = home / "tools" / _uv_release()
    packages = _digest([LOCK], base)
    members = sorted([ROOT / "pyproject.toml", *ROOT.glob("*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml")])

    def install_uv(log: "Log") -> None:
        if shutil.which(str(uv / "bin" / "uv")):
            return
        uv.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=uv.parent) as scratch:
            wanted = Path(scratch, "uv.txt")
            wanted.write_text(_uv_requirement())
            target = Path(scratch, "uv")
            pip: list[str | Path] = [
                _base_python(),
                "-m",
                "pip",
                "install",
                "--target",
                target,
                "--no-deps",
                "--only-binary",
                ":all:",
            ]
            log.run(*pip, "--require-hashes", "--requirement", wanted)
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(uv)
            target.rename(uv)

    def install_packages(log: "Log") -> None:
        python = VENV / "bin" / "python"
        if not _belongs_to_us(python):
            log.run(uv / "bin" / "uv", "venv", "--quiet", "--clear", "--python", _base_python(), VENV)
        sync: list[str | Path] = [
            uv / "bin" / "uv",
            "pip",
            "sync",
            "--require-hashes",
            "--compile-bytecode",
            "--python",
            python,
        ]
        for stamp in (_members_stamp(), _bench_stamp()):  # sync removes what is not in the lock, these among it
            stamp.unlink(missing_ok=True)
        log.run(*sync, LOCK)

    def install_members(log: "Log") -> None:
        # The root is no package; its settings only decide when this is done again.
        folders = [f"--editable={member.parent}" for member in members if member.parent != ROOT]
        install: list[str | Path] = [
            uv / "bin" / "uv",
            "pip",
            "install",
            "--no-deps",
            "--no-index",
            "--python",
            VENV / "bin" / "python",
        ]
        log.run(*install, *folders)

    return [
        Step("uv, the package installer", home / "tools" / "stamp", uv.name, install_uv),
        Step("Python packages", VENV / "samverkan-packages", packages, install_packages),
        Step("Samverkan's own packages", _members_stamp(), _digest(members, packages), install_members),
    ]


def _broker_steps(home: Path) -> list[Step]:
    lock = ROOT / "deploy" / "samverkan" / "deploy" / "embedded" / "jgo.lock.toml"
    jars = _digest([lock], str(home))
    java = _digest([LOCK], jars)  # its version is in the lock

    def prepare(step: str) -> Callable[["Log"], None]:
        program = ("-P", "-m", "samverkan.deploy.embedded.prepare", step)
        return lambda log: log.run(VENV / "bin" / "python", *program, speaks_for_itself=True)

    return [
        Step("the broker's jars", home / "kafka" / "stamp", jars, prepare("jars")),
        Step("a quick start for the broker", home / "kafka" / "trained", java, prepare("train")),
    ]


def _steps_for(arguments: Sequence[str], home: Path) -> list[Step]:
    """What one command alone needs: the bench its rivals, profiler and plots, which no service ever imports."""
    if arguments[:1] != ["bench"] or "--help" in arguments:
        return []

    def install(log: "Log") -> None:
        uv = home / "tools" / _uv_release() / "bin" / "uv"
        add: list[str | Path] = [uv, "pip", "install", "--require-hashes", "--python", VENV / "bin" / "python"]
        log.run(*add, "--requirement", BENCH_LOCK)

    made_from = _digest([BENCH_LOCK, LOCK], f"{sys.version} {sys.base_prefix} {ROOT}")
    return [Step("the bench's rivals", _bench_stamp(), made_from, install)]


def _members_stamp() -> Path:
    return VENV / "samverkan-members"


def _bench_stamp() -> Path:
    return VENV / "samverkan-bench"


def _digest(files: Sequence[Path], salt: str) -> str:
    digest = hashlib.sha256(salt.encode())
    for file in files:
        digest.update(str(file).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _uv_requirement() -> str:
    """uv's own lines of requirements.lock: version and hashes are written down once."""
    found = re.search(r"^uv==(?:.*\\\n)*.*", LOCK.read_text(), re.MULTILINE)
    if found is None:
        raise SetUpFailed("requirements.lock names no uv: the checkout is damaged.", FAILED)
    return found.group() + "\n"


def _uv_release() -> str:
    return _uv_requirement().split()[0].replace("==", "-")


def _base_python() -> str:
    """The Python that an environment was made from: ours, when activated, has no pip of its own."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _belongs_to_us(python: Path) -> bool:
    """Whether .venv works and was made from the Python that runs now."""
    show = "import sys; print(sys.version, sys.base_prefix)"
    try:
        done = subprocess.run([python, "-c", show], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == f"{sys.version} {sys.base_prefix}".strip()


@contextlib.contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    """Two first calls at once: the second waits and finds the work done. The lock ends with its process."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("samverkan: another call is setting things up, waiting for it", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _set_up(plan: Sequence[Step], home: Path) -> None:
    waiting = [step for step in plan if not step.is_done()]  # seen again under the lock
    if not waiting:
        return
    if not _stamped_before(plan) and shutil.disk_usage(home).free < NEEDED_BYTES:
        raise SetUpFailed(_no_room(home), NO_ROOM)
    for number, step in enumerate(plan, start=1):
        if step.is_done():  # a step may undo a later one's stamp, never an earlier one's
            continue
        with Log(f"[{number}/{len(plan)}] {step.title}", home) as log:
            step.stamp.unlink(missing_ok=True)
            step.make(log)
            half = step.stamp.with_name(step.stamp.name + ".new")
            half.write_text(step.made_from)
            half.replace(step.stamp)


def _stamped_before(plan: Sequence[Step]) -> bool:
    return any(step.stamp.exists() for step in plan[1:])


def _no_room(home: Path) -> str:
    return (
        f"the disk that holds {home} is full: set-up needs {NEEDED_BYTES / 1e9:.1f} GB; "
        "free some and run the same command again."
    )


class Log:
    """One step's line on the terminal, and what its programs say in a file."""

    def __init__(self, title: str, home: Path) -> None:
        self._title = title
        self._home = home
        self._file = home / "setup.log"
        self._detail = ""
        self._started = time.monotonic()
        self._done = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Log":
        if sys.stderr.isatty():
            self._ticker.start()
        else:
            print(f"samverkan: {self._title} ...", file=sys.stderr, flush=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        self._done.set()
        taken = f"{time.monotonic() - self._started:.1f} s"
        if sys.stderr.isatty():
            self._ticker.join()
            sys.stderr.write(f"\r\x1b[K{'✓' if kind is None else '✗'} {self._title} ({taken})\n")
        elif kind is None:
            print(f"samverkan: {self._title} done in {taken}", file=sys.stderr, flush=True)

    def run(self, *argv: str | Path, speaks_for_itself: bool = False) -> None:
        """Run a program of the set-up. SetUpFailed: it failed; the sentence says why as far as that can be known.

        speaks_for_itself: it answers with our exit codes and a sentence of its own on its last line.
        """
        command = [str(part) for part in argv]
        lines: list[str] = []
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=_surroundings(self._home), cwd=ROOT,
        ) as process, self._file.open("a") as file:  # fmt: skip
            file.write(f"$ {' '.join(command)}\n")
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    lines.append(line)
                    self._detail = line.strip()
                    file.write(line)
            except KeyboardInterrupt:
                process.send_signal(signal.SIGINT)
                raise
        if process.returncode == 0:
            return
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        if speaks_for_itself and process.returncode in (NO_NETWORK, NO_ROOM, FAILED):
            raise SetUpFailed(last, process.returncode)
        text = "".join(lines)
        if _NO_ROOM.search(text):
            raise SetUpFailed(_no_room(self._home), NO_ROOM)
        if "No module named pip" in text:
            raise SetUpFailed(f"{_base_python()} has no pip, which the first set-up needs: install it.", FAILED)
        if _NO_NETWORK.search(text):
            raise SetUpFailed(
                "the package index cannot be reached: check the network (and proxy) and run the same command again.",
                NO_NETWORK,
            )
        raise SetUpFailed(f"set-up failed at {self._title}: {last} (all of it in {self._file}).", FAILED)

    def _tick(self) -> None:
        width = shutil.get_terminal_size().columns
        while not self._done.wait(0.2):
            text = f"  {self._title} … {time.monotonic() - self._started:.0f} s  {self._detail}"
            sys.stderr.write(f"\r\x1b[K{text[: width - 1]}")
            sys.stderr.flush()


def _surroundings(home: Path) -> Mapping[str, str]:
    """The caller's environment with all caches under our own folder, unless the caller has chosen others."""
    return {
        "UV_CACHE_DIR": str(home / "cache" / "uv"),
        "PIP_CACHE_DIR": str(home / "cache" / "pip"),
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
        "VIRTUAL_ENV": "",
    }
