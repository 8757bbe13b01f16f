"""The run itself: load and faults beside each other, healing, quiet, then the facts."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from time import monotonic
from typing import Final

from samverkan.cli.chaos.arena import Arena
from samverkan.cli.chaos.collect import collect
from samverkan.cli.chaos.facts import Facts, Struck
from samverkan.cli.chaos.faults import FAULTS
from samverkan.cli.chaos.faults.fault import Missed
from samverkan.cli.chaos.history import History
from samverkan.cli.chaos.kinds import RULES
from samverkan.cli.chaos.load import Load
from samverkan.cli.chaos.quiet import wait_until_quiet
from samverkan.cli.chaos.schedule import Strike

_ANSWER_SECONDS: Final = 90.0  # after the last fault has healed, for commands that are still under way
_PATIENCE_SECONDS: Final = 60.0  # without anything moving
_PROGRESS_SECONDS: Final = 5.0


@dataclass
class Storm:
    """One run. `tell` is given a line now and then."""

    arena: Arena
    load: Load
    history: History
    strikes: Sequence[Strike]
    seconds: float
    tell: Callable[[str], None]
    struck: list[Struck] = field(default_factory=list)
    _began: float = field(default_factory=monotonic)
    _busy: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def rage(self) -> Facts:
        """Load and faults for the time given; then everything heals, the load ends, and all grows quiet."""
        self._began = monotonic()
        loading = asyncio.create_task(self.load.run())
        telling = asyncio.create_task(self._progress())
        raging = [self._strike(strike) for strike in self.strikes if not RULES[strike.kind].at_the_end]
        try:
            await asyncio.gather(*raging, asyncio.sleep(self.seconds))
        finally:
            telling.cancel()
        self.load.stop()
        self.tell("all faults have healed; the last commands are answered")
        _, late = await asyncio.wait({loading}, timeout=_ANSWER_SECONDS)
        if late:
            self.load.give_up()
        await loading
        await self._quieten()
        for strike in (strike for strike in self.strikes if RULES[strike.kind].at_the_end):
            await self._strike(strike)
        if any(RULES[strike.kind].at_the_end for strike in self.strikes):
            await self._quieten()
        return await collect(self.arena, self.history.commands, self.struck)

    async def _quieten(self) -> None:
        if not await wait_until_quiet(self.arena, _PATIENCE_SECONDS, self._line):
            self.tell(f"nothing moved for {_PATIENCE_SECONDS:.0f} s, and not everything is done")

    async def _strike(self, strike: Strike) -> None:
        await asyncio.sleep(max(0.0, self._began + strike.at_seconds - monotonic()))
        async with AsyncExitStack() as busy:
            # In one order, so that no two wait for each other; the schedule leaves room, a laden machine may not.
            for name in sorted(RULES[strike.kind].busy(strike.target, self.arena.size)):
                await busy.enter_async_context(self._busy.setdefault(name, asyncio.Lock()))
            await self._strike_now(strike)

    async def _strike_now(self, strike: Strike) -> None:
        fault = FAULTS[strike.kind](self.arena, strike.target, Random(strike.seed))
        struck = Struck(strike, datetime.now(UTC))
        self.struck.append(struck)
        try:
            struck.told = await fault.strike()
        except Missed as missed:
            struck.missed, struck.healed_at = str(missed), struck.struck_at
            self.tell(f"misses   {struck}: {missed}")
            return
        self.tell(f"strikes  {struck}")
        await asyncio.sleep(max(0.0, self._began + strike.ends_seconds - monotonic()))
        try:
            await fault.heal()
        except Missed as missed:
            struck.missed = str(missed)
        struck.healed_at = datetime.now(UTC)
        if strike.lasts_seconds:
            self.tell(f"healed   {struck}" + (f": {struck.missed}" if struck.missed else ""))

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(_PROGRESS_SECONDS)
            now = [str(one.strike.kind) for one in self.struck if one.healed_at is None]
            left = max(0.0, self.seconds - (monotonic() - self._began))
            self.tell(
                f"{left:4.0f} s left, {self.history.count('acknowledged')} acknowledged, "
                f"{self.history.count('refused')} refused, now: {', '.join(now) or 'nothing'}"
            )

    def _line(self, line: str) -> None:
        if monotonic() - self._told_at > _PROGRESS_SECONDS:
            self._told_at = monotonic()
            self.tell(line)

    _told_at: float = 0.0
