"""A whole system on a folder of its own, beside whatever `up` runs: what tests and benchmarks stand on.

It is an ordinary `up` in a process of its own: killed processes are restarted, and all of them end when it does.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from samverkan.cli.up import plan
from samverkan.cli.up import run as runs
from samverkan.cli.up.ground import LocalGround
from samverkan.cli.up.ports import SteadyPorts
from samverkan.cli.up.run import NothingRuns, Run
from samverkan.cli.up.supervisor import Supervisor
from samverkan.cli.up.up import up
from samverkan.deploy.embedded.process import wait_gone
from samverkan.deploy.errors import StartFailed

_READY_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 30.0
_NO_FLUSH: Final = "--no-flush"


class System:
    """One running system. The folder's path must be short: it holds PostgreSQL's Unix socket (107 bytes).

    flush=False: PostgreSQL does not wait for the disk, as in every other test; see EmbeddedPostgres.
    """

    def __init__(self, folder: Path, *, flush: bool = True) -> None:
        self.folder = folder
        self._flush = flush
        self.output = folder / "up.out"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Return when every service is ready. StartFailed: what it printed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        options = () if self._flush else (_NO_FLUSH,)
        with self.output.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "samverkan.cli.system", str(self.folder), *options],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _READY_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StartFailed(f"The system did not start:\n{self.output.read_text(errors='replace')}")
            time.sleep(0.1)
        return self

    @property
    def run(self) -> Run:
        """What runs now; read anew, for a killed process comes back with another number."""
        return runs.load(self.folder)

    def stop(self) -> None:
        """End it in order, by force if that takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # everything below it dies with it
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it at once, as kill -9 of `up` would, and return when all of it is gone: nothing is drained. For a system
        whose folder is thrown away."""
        if self._process is None:
            return
        try:
            pids = self.run.all_processes().values()
        except NothingRuns:  # it has ended by itself, and all below it
            pids = {}.values()
        processes = [process for pid in pids if (process := pid.find()) is not None]
        self._process.kill()  # everything below it dies with it
        self._process.wait()
        self._process = None
        wait_gone(processes, _STOP_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _is_ready(self) -> bool:
        try:
            return self.run.ready
        except NothingRuns:
            return False


def main() -> None:
    """`python -m samverkan.cli.system FOLDER [--no-flush]`: run until SIGTERM."""
    folder, flush = Path(sys.argv[1]), _NO_FLUSH not in sys.argv[2:]
    key = folder / "data" / "secrets" / "blind-index.key"
    plan.ensure_key(key)
    os.environ.pop("SAMVERKAN_LOG_FORMAT", None)
    whole = plan.whole_system(key, runs.clock_file(folder))
    # Ports of its own: two systems that start at the same moment would both find the usual ones free.
    ground = LocalGround(folder / "data", flush=flush)
    supervisor = Supervisor(whole, folder, ground=ground, ports=SteadyPorts().some)
    sys.exit(up(whole, folder, None, once=False, supervisor=supervisor))


if __name__ == "__main__":
    main()
