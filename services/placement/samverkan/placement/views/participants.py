"""What placement must know of participants: that they are enrolled, and what they let others know. Pure folds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.participant import ConsentGiven, ParticipantEnrolled


@dataclass(frozen=True)
class EnrolledRow:
    """A participant who may be placed. `version` is the case's version at the last enrolment seen here."""

    case_id: UUID
    version: int = 0
    enrolled_on: date | None = None


class EnrolledParticipants(View[EnrolledRow]):
    """Who is enrolled: a placement is proposed only for them, and requires the enrolment that it rests on."""

    table: ClassVar = "enrolled_participant"
    row: ClassVar = EnrolledRow
    events: ClassVar = (ParticipantEnrolled,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case, from its first enrolment."""
        return [recorded.stream_id]

    def fold(self, row: EnrolledRow, recorded: Recorded) -> EnrolledRow:
        """The latest enrolment counts."""
        event = recorded.event
        assert isinstance(event, ParticipantEnrolled)
        return replace(row, version=recorded.envelope.version, enrolled_on=event.enrolled_on)


@dataclass(frozen=True)
class SharingRow:
    """`consents` lists the compartments agreed to, by agency. `protected`: the workplace is never published."""

    case_id: UUID
    consents: Mapping[str, list[str]] = field(default_factory=dict)
    protected: bool = False


class ParticipantSharing(View[SharingRow]):
    """What the participant agreed to share, and with whom."""

    table: ClassVar = "participant_sharing"
    row: ClassVar = SharingRow
    events: ClassVar = (ConsentGiven,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: SharingRow, recorded: Recorded) -> SharingRow:
        """Consents to one agency add up."""
        match recorded.event:
            case ConsentGiven(agency=agency, compartments=compartments):
                agreed = sorted({*row.consents.get(agency, []), *(one.value for one in compartments)})
                return replace(row, consents={**row.consents, agency: agreed})
            case _:
                return row
