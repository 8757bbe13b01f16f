"""Waiting, in measure, for events that are known to be on their way: what is decided without them may be wrong."""

import asyncio
from dataclasses import dataclass

from samverkan.backbone.runtime import Runtime


@dataclass
class Patience:
    """`seconds`: how long is waited at most, from when something was first known to be on its way."""

    seconds: float
    _since: float | None = None

    def must_wait(self, runtime: Runtime) -> bool:
        """Whether what was read now may lack something that is here in a moment. Never longer than `seconds`: then it
        is decided on what is known."""
        now = asyncio.get_running_loop().time()
        if runtime.behind() == 0:
            self._since = None
            return False
        if self._since is None:
            self._since = now
        return now - self._since < self.seconds
