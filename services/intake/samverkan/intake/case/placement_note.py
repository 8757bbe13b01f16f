"""What the case notes of its placements. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from samverkan.intake.case.state import Case, Event
from samverkan.schemas.participant import PlacementNoted


@dataclass(frozen=True)
class NotePlacement:
    """A placement of this case has `started` or `ended`; `end-corrected`: it ended that day, not on the noted one."""

    placement_id: UUID
    state: str
    noted_on: date


def note_placement(command: NotePlacement, case: Case) -> Sequence[Event]:
    """A state of a placement is noted once."""
    noted = PlacementNoted(placement_id=command.placement_id, state=command.state, noted_on=command.noted_on)
    return [] if noted in case.placements else [noted]
