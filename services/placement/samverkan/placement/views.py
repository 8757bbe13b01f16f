"""What placement's queries read. Pure folds; the agreement's columns are owned by placement's own topic."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.participant import ParticipantEnrolled
from samverkan.schemas.placement import (
    DecisionRecorded,
    PlacementAgreed,
    PlacementApproved,
    PlacementEnded,
    PlacementProposed,
    PlacementStarted,
    UnionConsulted,
)


@dataclass(frozen=True)
class PlacementRow:
    """One agreement. Money in kronor per month; `approved_by` in the order in which they approved."""

    placement_id: UUID
    case_id: UUID | None = None
    version: int = 0
    state: str = "draft"
    form: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    parties: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    employer_number: str | None = None
    employer_name: str | None = None
    workplace: str | None = None
    supervisor: str | None = None
    tasks: tuple[str, ...] = ()
    gross_per_month: Decimal | None = None
    birth_year: int | None = None
    union_opinion: str | None = None
    consulted_on: date | None = None
    agreed_on: date | None = None
    compensation_id: UUID | None = None
    granted: bool | None = None
    decided_on: date | None = None
    started_on: date | None = None
    last_day_on: date | None = None
    outcome: str | None = None


class Placements(View[PlacementRow]):
    """Every agreement, with how far it has come."""

    table: ClassVar = "placement"
    row: ClassVar = PlacementRow
    events: ClassVar = PLACEMENT.events

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per agreement."""
        return [recorded.stream_id]

    def fold(self, row: PlacementRow, recorded: Recorded) -> PlacementRow:
        """Take over what the event says."""
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case PlacementProposed() as proposed:
                return _proposed(row, proposed)
            case UnionConsulted() as consulted:
                state = "consulted" if row.state == "draft" else row.state
                return replace(
                    row, state=state, union_opinion=consulted.opinion.value, consulted_on=consulted.consulted_on
                )
            case PlacementApproved() as approved:
                return replace(row, approved_by=(*row.approved_by, approved.party))
            case PlacementAgreed() as agreed:
                return replace(row, state="agreed", agreed_on=agreed.agreed_on)
            case DecisionRecorded() as decision:
                state = "decided" if row.state == "agreed" and decision.granted else row.state
                return replace(
                    row,
                    state=state,
                    compensation_id=decision.compensation_id,
                    granted=decision.granted,
                    decided_on=decision.decided_on,
                )
            case PlacementStarted() as started:
                return replace(row, state="started", started_on=started.starts_on)
            case PlacementEnded() as ended:
                return replace(row, state="ended", last_day_on=ended.last_day_on, outcome=ended.outcome.value)
            case _:
                return row


def _proposed(row: PlacementRow, proposed: PlacementProposed) -> PlacementRow:
    row = replace(
        row,
        case_id=proposed.case_id,
        form=proposed.form.value,
        starts_on=proposed.starts_on,
        ends_on=proposed.ends_on,
        extent=proposed.extent,
        parties=proposed.parties,
    )
    if (work := proposed.employment) is not None:
        row = replace(
            row,
            employer_number=work.employer_number,
            employer_name=work.employer_name,
            workplace=work.workplace,
            supervisor=work.supervisor,
            tasks=work.tasks,
        )
    if (terms := proposed.economy) is not None:
        row = replace(row, gross_per_month=terms.gross_per_month, birth_year=terms.birth_year)
    return row


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
