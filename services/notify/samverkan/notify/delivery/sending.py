"""What a channel of delivery is, and what can become of a message there."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from samverkan.backbone.errors import Transient
from samverkan.backbone.runtime import Runtime
from samverkan.notify.delivery.attempts import Attempt
from samverkan.notify.notification import RecordDelivery, RecordFailure
from samverkan.schemas.notification import Channel

Outcome = RecordDelivery | RecordFailure


@dataclass(frozen=True)
class Later:
    """Not settled: tried again, not before `at`, or after the usual pause. `code` is what was answered, `tried` whether
    it was sent at all."""

    code: str | None = None
    at: datetime | None = None
    tried: bool = True


class Interrupted(Transient):
    """The channel as a whole does not work now, which says nothing of any message."""


class Sending(Protocol):
    """One channel's way out."""

    channel: Channel

    def send(
        self, runtime: Runtime, attempts: Sequence[Attempt], until: float
    ) -> AsyncIterator[tuple[Attempt, Outcome | Later]]:
        """Send each, saying at once what became of it. Nothing is begun after `until` (monotonic seconds).

        Interrupted: the channel does not work now; what was not spoken of was not sent, or is under way.
        """
        ...

    def is_under_way(self, attempt: Attempt) -> bool:
        """Whether the receiver may have got it although nothing was said of it."""
        ...
