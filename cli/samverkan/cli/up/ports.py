"""Ports that stay ours while nobody listens on them: below those that the kernel gives to clients."""

import random

from samverkan.deploy.embedded.ports import is_free
from samverkan.deploy.errors import StartFailed

# Linux gives clients 32768 and up: a client that calls a server on such a port while the server is down may be given
# the very port, take the server's place or talk to itself.
_FIRST, _LAST = 20_000, 32_000


class SteadyPorts:
    """Gives each port once. Also to services: another system on this machine would take those of a killed one."""

    def __init__(self) -> None:
        # Not from the run's seed: two runs of one seed must not meet on one machine.
        self._candidates = iter(random.sample(range(_FIRST, _LAST), _LAST - _FIRST))

    def take(self) -> int:
        """A free port. StartFailed: there is none."""
        for port in self._candidates:
            if is_free(port):
                return port
        raise StartFailed(f"No port between {_FIRST} and {_LAST} is free.")

    def some(self, count: int) -> list[int]:
        """So many of them."""
        return [self.take() for _ in range(count)]
