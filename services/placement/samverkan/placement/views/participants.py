"""What placement must know of participants: that they are enrolled, and what they let others know. Pure folds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.course import AnonymousParticipationCounted, ParticipantExited
from samverkan.schemas.participant import ConsentGiven, ParticipantEnrolled
from samverkan.schemas.person import ProtectionLifted, ProtectionMarked


@dataclass(frozen=True)
class EnrolledRow:
    """A participant who may be placed. `version` is the case's version at the last enrolment or exit seen here.

    `enrolled_on` is None when the participation is over.
    """

    case_id: UUID
    version: int = 0
    enrolled_on: date | None = None


class EnrolledParticipants(View[EnrolledRow]):
    """Who is enrolled: a placement is proposed only for them, and requires the enrolment that it rests on."""

    table: ClassVar = "enrolled_participant"
    row: ClassVar = EnrolledRow
    events: ClassVar = (ParticipantEnrolled, ParticipantExited, AnonymousParticipationCounted)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case, from its first enrolment."""
        return [recorded.stream_id]

    def fold(self, row: EnrolledRow, recorded: Recorded) -> EnrolledRow:
        """The latest enrolment counts, until the exit."""
        match recorded.event:
            case ParticipantEnrolled(enrolled_on=day):
                return replace(row, version=recorded.envelope.version, enrolled_on=day)
            case _:
                return replace(row, version=recorded.envelope.version, enrolled_on=None)


@dataclass(frozen=True)
class SharingRow:
    """`consents`: agency → purpose and insats → the compartments agreed to for them.

    `protected`: the workplace is never published, and only the `keeper` looks at what is shared.
    """

    case_id: UUID
    consents: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    protected: bool = False
    keeper: str | None = None

    def shared_with(self, agency: str) -> frozenset[str]:
        """The compartments that the agency may look at, for whatever purpose."""
        if self.protected and agency != self.keeper:
            return frozenset()
        return frozenset(one for agreed in self.consents.get(agency, {}).values() for one in agreed)


class ParticipantSharing(View[SharingRow]):
    """What the participant agrees to share now, and with whom."""

    table: ClassVar = "participant_sharing"
    row: ClassVar = SharingRow
    events: ClassVar = (
        *(ConsentGiven, ConsentWithdrawn, CaseTransferred),
        *(ProtectionMarked, ProtectionLifted, AnonymousParticipationCounted),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: SharingRow, recorded: Recorded) -> SharingRow:
        """Consents to one agency for one purpose add up until they are taken back."""
        match recorded.event:
            case ConsentGiven() as event:
                return _agreed(row, event, _held(row, event) | {one.value for one in event.compartments})
            case ConsentWithdrawn() as event:
                return _agreed(row, event, _held(row, event) - {one.value for one in event.compartments})
            case ProtectionMarked(keeper=keeper):
                return replace(row, protected=True, keeper=keeper)
            case ProtectionLifted():
                return replace(row, protected=False, keeper=None)
            case CaseTransferred(from_agency=agency):
                return replace(row, consents={code: agreed for code, agreed in row.consents.items() if code != agency})
            case AnonymousParticipationCounted():
                return replace(row, consents={}, protected=True)  # where nobody is named, no workplace may tell who
            case _:
                return row


def _held(row: SharingRow, event: ConsentGiven | ConsentWithdrawn) -> set[str]:
    return set(row.consents.get(event.agency, {}).get(_purpose(event), ()))


def _agreed(row: SharingRow, event: ConsentGiven | ConsentWithdrawn, compartments: set[str]) -> SharingRow:
    of_agency = {**row.consents.get(event.agency, {}), _purpose(event): sorted(compartments)}
    return replace(row, consents={**row.consents, event.agency: of_agency})


def _purpose(event: ConsentGiven | ConsentWithdrawn) -> str:
    return event.purpose if event.insats is None else f"{event.purpose}/{event.insats}"
