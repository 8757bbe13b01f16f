"""Women and men that take part or are followed up without a name, by registration year; every agency may know."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.course import AnonymousParticipationCounted, FollowUpCounted


@dataclass(frozen=True)
class PersonTallyRow:
    """`counted`: `participation/2026/arbetspraktik` or `follow-up/2026/six-months`."""

    counted: str
    women: int = 0
    men: int = 0


class PersonTally(View[PersonTallyRow]):
    """Counts of people without a name."""

    table: ClassVar = "person_tally"
    row: ClassVar = PersonTallyRow
    events: ClassVar = (AnonymousParticipationCounted, FollowUpCounted)

    def keys(self, recorded: Recorded) -> Collection[str]:
        """What the event adds to."""
        match recorded.event:
            case AnonymousParticipationCounted() as counted:
                return [f"participation/{counted.registration_year}/{counted.programme}"]
            case FollowUpCounted() as counted:
                return [f"follow-up/{counted.registration_year}/{counted.moment.value}"]
            case _:
                return []

    def fold(self, row: PersonTallyRow, recorded: Recorded) -> PersonTallyRow:
        """One more woman or man."""
        event = recorded.event
        assert isinstance(event, AnonymousParticipationCounted | FollowUpCounted)
        return replace(row, women=row.women + event.women, men=row.men + event.men)
