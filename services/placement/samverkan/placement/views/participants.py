"""What placement must know of participants: that they are enrolled, and what they let others know. Pure folds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.participant import ConsentGiven, ParticipantEnrolled
from samverkan.schemas.person import ProtectionLifted, ProtectionMarked


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
    events: ClassVar = (ConsentGiven, ConsentWithdrawn, ProtectionMarked, ProtectionLifted)

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
            case _:
                return row


def _held(row: SharingRow, event: ConsentGiven | ConsentWithdrawn) -> set[str]:
    return set(row.consents.get(event.agency, {}).get(_purpose(event), ()))


def _agreed(row: SharingRow, event: ConsentGiven | ConsentWithdrawn, compartments: set[str]) -> SharingRow:
    of_agency = {**row.consents.get(event.agency, {}), _purpose(event): sorted(compartments)}
    return replace(row, consents={**row.consents, event.agency: of_agency})


def _purpose(event: ConsentGiven | ConsentWithdrawn) -> str:
    return event.purpose if event.insats is None else f"{event.purpose}/{event.insats}"
