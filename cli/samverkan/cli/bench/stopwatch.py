"""Times work that is done in batches, and sees what CPU it took, here and in the servers."""

from collections.abc import Mapping
from time import perf_counter, process_time

import psutil

from samverkan.cli.bench.figures import Speed


class Stopwatch:
    """With `skip_first` the first batch starts the clock and does not count: joining a consumer group is no part of a
    rate. `servers`: process ids of PostgreSQL and Kafka."""

    def __init__(self, servers: Mapping[str, int] | None = None, *, skip_first: bool = False) -> None:
        self.count = 0
        self._servers = servers or {}
        self._skipped = 0
        self._skip = skip_first
        self._begin()

    def restart(self) -> None:
        """Begin now; nothing is done yet."""
        self.count = self._skipped = 0
        self._begin()

    def add(self, count: int) -> None:
        """So many more are done now."""
        self._ended, self._ended_cpu = perf_counter(), process_time()
        if self._skip:
            self._skip, self._skipped = False, count
            self._begin()
        self.count += count

    def speed(self) -> Speed:
        """The speed until the last `add`. ValueError: everything came in the first batch."""
        counted = self.count - self._skipped
        if counted == 0:
            raise ValueError("too few events to measure a rate")
        each = 1e6 / counted
        used = {name: cpu_seconds(pid) - self._began_servers[name] for name, pid in self._servers.items()}
        return Speed(
            counted / (self._ended - self._began),
            (self._ended_cpu - self._began_cpu) * each,
            used.get("PostgreSQL", 0.0) * each,
            used.get("Kafka", 0.0) * each,
        )

    def _begin(self) -> None:
        self._began_servers = {name: cpu_seconds(pid) for name, pid in self._servers.items()}
        self._began, self._began_cpu = perf_counter(), process_time()
        self._ended, self._ended_cpu = self._began, self._began_cpu


def cpu_seconds(pid: int) -> float:
    """CPU used so far, of a process and all below it; those that have ended are in the account of who started them."""
    root = psutil.Process(pid)
    times = root.cpu_times()
    seconds = float(times.user + times.system + times.children_user + times.children_system)
    for child in root.children(recursive=True):
        try:
            spent = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += spent.user + spent.system
    return seconds
