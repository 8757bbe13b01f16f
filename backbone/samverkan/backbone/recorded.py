"""An event together with its envelope: what folds, reactions and views are given."""

from typing import NamedTuple
from uuid import UUID

from samverkan.schemas.envelope import Envelope
from samverkan.schemas.event import Event


class Recorded(NamedTuple):
    """One event as it is known here: readable compartments are open, others absent."""

    topic: str
    envelope: Envelope
    event: Event

    @property
    def stream_id(self) -> UUID:
        """The stream that it belongs to."""
        return self.envelope.stream_id
