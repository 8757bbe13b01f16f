"""Processes that end or stand still."""

import signal

import psutil

from samverkan.cli.chaos.faults.fault import Fault, Missed


class Kill(Fault):
    """kill -9 of a process and what it started; brought up again when healed."""

    async def strike(self) -> str:
        processes = self.arena.tree(self.target)
        if not processes:
            raise Missed("it did not run")
        await self.arena.keep_down(self.target)
        for process in processes:
            _signal(process, signal.SIGKILL)
        return f"{len(processes)} processes" if len(processes) > 1 else ""

    async def heal(self) -> None:
        await self.arena.gone(self.target)
        await self.arena.bring_up(self.target)


class Freeze(Fault):
    """SIGSTOP of a process and what it started: it keeps its connections and locks, and answers nothing."""

    _stopped: tuple[psutil.Process, ...] = ()

    async def strike(self) -> str:
        self._stopped = tuple(self.arena.tree(self.target))
        for process in self._stopped:
            _signal(process, signal.SIGSTOP)
        if not self._stopped:
            raise Missed("it did not run")
        return f"{len(self._stopped)} processes" if len(self._stopped) > 1 else ""

    async def heal(self) -> None:
        for process in reversed(self._stopped):
            _signal(process, signal.SIGCONT)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)  # asks first whether it is still that process
    except psutil.NoSuchProcess:
        pass
