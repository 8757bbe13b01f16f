"""Topics read whole for a command, which says now and then how far it has come."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from samverkan.backbone.replay.history import History
from samverkan.backbone.replay.topics import read_topics
from samverkan.cli.up.say import complain
from samverkan.schemas.catalogue import Topic

_TELL_SECONDS: Final = 5.0


async def read_telling(bootstrap: str, topics: Sequence[Topic]) -> History:
    """`read_topics`, with its progress on standard error: what a command prints stays as it is."""
    return await read_topics(bootstrap, topics, tell=_now_and_then())


def _now_and_then() -> Callable[[int, int], None]:
    told = monotonic()

    def tell(read: int, left: int) -> None:
        nonlocal told
        if monotonic() - told >= _TELL_SECONDS:
            told = monotonic()
            complain(f"{read} records read, about {left} to go")

    return tell
