"""How far a shared case has come, who has it, and its follow-up; all columns are owned by samverkan.participant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.casework import CaseRegistered, CaseTransferred, CaseworkerAssigned, ConflictDeclared
from samverkan.schemas.consent import ConsentRequested
from samverkan.schemas.course import (
    AnonymousParticipationCounted,
    CaseDeclined,
    CasePaused,
    CaseReopened,
    CaseResumed,
    ClosingBegun,
    FollowUpCounted,
    FollowUpRecorded,
    ParticipantExited,
)
from samverkan.schemas.event import Event
from samverkan.schemas.participant import ConsentGiven, ParticipantEnrolled, ParticipantReferred

BEFORE_ACTIVE: Final = ("referred", "consent-pending")


@dataclass(frozen=True)
class CaseCourseRow:
    """`moments`: moment of the follow-up → its day, null when the participant was only counted. `contacts`: agency →
    caseworker. What tells of the person stands in `causes` (health), `occupations` (employment), `livelihoods`
    (economy) and `ages` (identity), and is empty where it cannot be read."""

    case_id: UUID
    state: str = "referred"
    since: date | None = None
    municipality: str | None = None
    contacts: Mapping[str, str] = field(default_factory=dict)
    registrations: Mapping[str, str] = field(default_factory=dict)
    paused_until_on: date | None = None
    closing_on: date | None = None
    exited_on: date | None = None
    six_months_on: date | None = None
    twelve_months_on: date | None = None
    moments: Mapping[str, str | None] = field(default_factory=dict)
    causes: tuple[Mapping[str, Any], ...] = ()
    occupations: Mapping[str, Any] = field(default_factory=dict)
    livelihoods: Mapping[str, Any] = field(default_factory=dict)
    ages: Mapping[str, Any] = field(default_factory=dict)


_STATES: Final[Mapping[type[Event], str]] = {
    CasePaused: "paused",
    CaseResumed: "active",
    ClosingBegun: "closing",
    ParticipantExited: "closed",
    CaseDeclined: "declined",
    CaseReopened: "referred",
    AnonymousParticipationCounted: "anonymous",
}


_TOLD: Final[tuple[type[Event], ...]] = (
    FollowUpRecorded,
    FollowUpCounted,
    CaseRegistered,
    CaseworkerAssigned,
    ConflictDeclared,
    CaseTransferred,
)


class SharedCourses(View[CaseCourseRow]):
    """The course of the shared cases."""

    table: ClassVar = "shared_course"
    row: ClassVar = CaseCourseRow
    events: ClassVar = (ParticipantReferred, ConsentRequested, ConsentGiven, ParticipantEnrolled, *_STATES, *_TOLD)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: CaseCourseRow, recorded: Recorded) -> CaseCourseRow:
        """Take over what the event says."""
        event = recorded.event
        state = _state_after(row, event)
        if state != row.state or row.since is None:
            row = replace(row, state=state, since=event.effective_on() or stockholm_date(recorded.envelope.time))
        return _worked_on(_dated(row, event), event)


def _state_after(row: CaseCourseRow, event: Event) -> str:
    match event:
        case ConsentRequested() | ConsentGiven() if row.state == "referred":
            return "consent-pending"
        case ParticipantEnrolled() if row.state in BEFORE_ACTIVE:
            return "active"
        case _:
            return _STATES.get(type(event), row.state)


def _dated(row: CaseCourseRow, event: Event) -> CaseCourseRow:
    match event:
        case CasePaused() as paused:
            return replace(_caused(row, "paused", paused.health), paused_until_on=paused.until_on)
        case CaseResumed():
            return replace(row, paused_until_on=None, closing_on=None)
        case CaseDeclined() as declined:
            return _caused(row, "declined", declined.health)
        case ClosingBegun(planned_on=day):
            return replace(row, closing_on=day)
        case ParticipantExited() as exited:
            return replace(
                _caused(row, "closed", exited.health),
                exited_on=exited.exited_on,
                six_months_on=exited.six_months_on,
                twelve_months_on=exited.twelve_months_on,
            )
        case FollowUpRecorded() as told:
            return _followed_up(row, told)
        case FollowUpCounted(moment=moment):
            return replace(row, moments={**row.moments, moment.value: None})
        case CaseReopened():
            return replace(row, closing_on=None, exited_on=None, six_months_on=None, twelve_months_on=None, moments={})
        case _:
            return row


def _caused(row: CaseCourseRow, state: str, cause: Any) -> CaseCourseRow:
    if cause is None:
        return row
    return replace(row, causes=(*row.causes, {"state": state, **cause.model_dump(mode="json")}))


def _followed_up(row: CaseCourseRow, told: FollowUpRecorded) -> CaseCourseRow:
    moment = told.moment.value
    row = replace(row, moments={**row.moments, moment: told.recorded_on.isoformat()})
    if told.employment is not None:
        row = replace(row, occupations={**row.occupations, moment: told.employment.model_dump(mode="json")})
    if told.economy is not None:
        row = replace(row, livelihoods={**row.livelihoods, moment: told.economy.model_dump(mode="json")})
    if told.identity is not None:
        row = replace(row, ages={**row.ages, moment: told.identity.model_dump(mode="json")})
    return row


def _worked_on(row: CaseCourseRow, event: Event) -> CaseCourseRow:
    match event:
        case CaseRegistered(agency=agency, registration=registration):
            return replace(row, registrations={**row.registrations, agency: registration})
        case CaseworkerAssigned(agency=agency, caseworker=caseworker):
            return replace(row, contacts={**row.contacts, agency: caseworker})
        case ConflictDeclared(agency=agency, caseworker=caseworker):
            left = {code: who for code, who in row.contacts.items() if (code, who) != (agency, caseworker)}
            return replace(row, contacts=left)
        case CaseTransferred(to_agency=code):
            return replace(row, municipality=code)
        case _:
            return row
