"""Looks at the memory of processes from outside: what is measured does not pay for it."""

from collections.abc import Mapping
from time import perf_counter
from typing import Final

import psutil

from samverkan.cli.bench.figures import Memory

_MIB: Final = 2**20
_SAMPLES_AT_MOST: Final = 400


class Watch:
    """Samples processes and all below them. Processes below a part's own are told apart by their title."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._samples: dict[str, list[tuple[float, float]]] = {}

    def sample(self) -> None:
        """Look once."""
        at = perf_counter()
        for name, pid in self._pids.items():
            for process, mib in _held(name, pid).items():
                self._samples.setdefault(process, []).append((at, mib))

    def memory(self) -> tuple[Memory, ...]:
        """What was seen; of a long run every second, third … sample, so that figures can be committed."""
        seen = []
        for name, samples in self._samples.items():
            kept = samples[:: len(samples) // _SAMPLES_AT_MOST + 1]
            seen.append(Memory(name, tuple(round(at, 1) for at, _ in kept), tuple(round(mib, 1) for _, mib in kept)))
        return tuple(seen)


def _held(name: str, pid: int) -> dict[str, float]:
    """MiB by process name. Proportional shares are added up, so that memory shared by several counts once."""
    held: dict[str, float] = {}
    try:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            try:
                title = name if process.pid == pid or name != "own" else _title(process)
                if title is not None:
                    held[title] = held.get(title, 0.0) + process.memory_full_info().pss / _MIB
            except (psutil.NoSuchProcess, psutil.AccessDenied):  # it ended just now
                continue
    except psutil.NoSuchProcess:
        return {}
    return held


def _title(process: psutil.Process) -> str | None:
    """A service's process is told by its name, which comes after its module. None for a helper that ends by itself, as
    dbmate: whether a sample meets it is chance."""
    words = process.cmdline()
    return words[-1].removeprefix("samverkan.") if any(word.startswith("samverkan.") for word in words) else None
