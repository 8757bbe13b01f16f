"""Women and men that are counted and never named, by registration year."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.course import AnonymousParticipationCounted, FollowUpCounted


@dataclass(frozen=True)
class PersonCountRow:
    """`counted`: `participation/2026/arbetspraktik` or `follow-up/2026/six-months`."""

    counted: str
    women: int = 0
    men: int = 0


class PersonCounts(View[PersonCountRow]):
    """Anonymous participations by programme, and follow-ups of protected and anonymous participants by moment."""

    table: ClassVar = "person_count"
    row: ClassVar = PersonCountRow
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

    def fold(self, row: PersonCountRow, recorded: Recorded) -> PersonCountRow:
        """One more woman or man."""
        event = recorded.event
        assert isinstance(event, AnonymousParticipationCounted | FollowUpCounted)
        return replace(row, women=row.women + event.women, men=row.men + event.men)
