"""How far each case has come, since when, who has it, and what is due: what the caseworker's screen is made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar, cast
from uuid import UUID

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.intake.case.agencies import same_municipality
from samverkan.intake.case.state import Event as CaseEvent
from samverkan.intake.case.state import State, in_charge, state_after
from samverkan.intake.views import CASE_EVENTS
from samverkan.schemas.casework import (
    CaseRegistered,
    CaseTransferred,
    CaseworkerAssigned,
    ConflictDeclared,
    ConflictLifted,
    StandInAppointed,
)
from samverkan.schemas.consent import ConsentRequested
from samverkan.schemas.course import (
    AnonymousParticipationCounted,
    CasePaused,
    CaseReopened,
    CaseResumed,
    ClosingBegun,
    FollowUpCounted,
    FollowUpRecorded,
    ParticipantExited,
)
from samverkan.schemas.participant import (
    AssessmentRecorded,
    CaseReactionRefused,
    ParticipantEnrolled,
    ParticipantReferred,
    ReferralRepeated,
)
from samverkan.schemas.person import ProtectionLifted, ProtectionMarked

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class CourseRow:
    """The course of a case. `states`: each state with its first day, in order. `contacts`: agency → caseworker, day.

    `moments`: moment of the follow-up → the day it was recorded for; null when only counted.
    """

    case_id: UUID
    version: int = 0
    state: str = "none"
    states: tuple[Entry, ...] = ()
    municipality: str | None = None
    received_on: date | None = None
    agencies_asked: tuple[str, ...] = ()
    assessed_on: date | None = None
    enrolled_on: date | None = None
    paused_until_on: date | None = None
    closing_on: date | None = None
    exited_on: date | None = None
    six_months_on: date | None = None
    twelve_months_on: date | None = None
    moments: Mapping[str, str | None] = field(default_factory=dict)
    follow_ups: tuple[Entry, ...] = ()
    contacts: Mapping[str, Entry] = field(default_factory=dict)
    stand_ins: tuple[Entry, ...] = ()
    conflicts: tuple[Entry, ...] = ()
    registrations: Mapping[str, str] = field(default_factory=dict)
    protected_on: date | None = None
    keeper: str | None = None

    @property
    def reopened_on(self) -> date | None:
        """When this participation began, if it is not the first: consents signed before do not count for it."""
        before = {entry["state"] for entry in self.states[:-1]}
        return None if before.isdisjoint((State.CLOSED, State.DECLINED)) else self.received_on


class Courses(View[CourseRow]):
    """The course of every case."""

    table: ClassVar = "case_course"
    row: ClassVar = CourseRow
    events: ClassVar = tuple(event for event in CASE_EVENTS if event is not CaseReactionRefused)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: CourseRow, recorded: Recorded) -> CourseRow:
        """Take over what the event says."""
        before = State(row.state)
        after = state_after(before, cast("CaseEvent", recorded.event)).value
        row = replace(row, version=recorded.envelope.version)
        if after != before:
            since = recorded.event.effective_on() or stockholm_date(recorded.envelope.time)
            row = replace(row, state=after, states=(*row.states, {"state": after, "since": since.isoformat()}))
        return _due(_worked_on(row, recorded), recorded)


def _due(row: CourseRow, recorded: Recorded) -> CourseRow:
    match recorded.event:
        case ParticipantReferred() | ReferralRepeated() as referred:
            return replace(
                row,
                received_on=row.received_on or referred.received_on,
                municipality=in_charge(State(row.state), row.municipality, referred),
            )
        case ConsentRequested() as asked:
            return replace(row, agencies_asked=tuple(sorted({*row.agencies_asked, *asked.agencies})))
        case AssessmentRecorded(assessed_on=day):
            return replace(row, assessed_on=max(day, row.assessed_on or day))
        case ParticipantEnrolled(enrolled_on=day):
            return replace(row, enrolled_on=row.enrolled_on or day)
        case CasePaused(until_on=day):
            return replace(row, paused_until_on=day)
        case CaseResumed():
            return replace(row, paused_until_on=None, closing_on=None)
        case ClosingBegun(planned_on=day):
            return replace(row, closing_on=day)
        case ParticipantExited() as exited:
            return replace(
                row,
                exited_on=exited.exited_on,
                six_months_on=exited.six_months_on,
                twelve_months_on=exited.twelve_months_on,
            )
        case FollowUpRecorded() as recorded_one:
            entry = recorded_one.model_dump(mode="json")
            moments = {**row.moments, recorded_one.moment.value: recorded_one.recorded_on.isoformat()}
            return replace(row, moments=moments, follow_ups=(*row.follow_ups, entry))
        case FollowUpCounted(moment=moment):
            return replace(row, moments={**row.moments, moment.value: None})
        case CaseReopened(reopened_on=day):
            return _reopened(row, day)
        case AnonymousParticipationCounted():  # circumstances with age and sex would tell who it is
            return replace(row, follow_ups=())
        case _:
            return row


def _worked_on(row: CourseRow, recorded: Recorded) -> CourseRow:
    match recorded.event:
        case CaseRegistered(agency=agency, registration=registration):
            return replace(row, registrations={**row.registrations, agency: registration})
        case CaseworkerAssigned() as assigned:
            contact = {"caseworker": assigned.caseworker, "since": assigned.assigned_on.isoformat()}
            return replace(row, contacts={**row.contacts, assigned.agency: contact})
        case StandInAppointed() as appointed:
            return replace(row, stand_ins=(*row.stand_ins, appointed.model_dump(mode="json")))
        case ConflictDeclared() as declared:
            who = (declared.agency, declared.caseworker)
            return replace(
                row,
                conflicts=(*row.conflicts, declared.model_dump(mode="json", include={"agency", "caseworker"})),
                contacts={
                    code: contact for code, contact in row.contacts.items() if (code, contact["caseworker"]) != who
                },
                stand_ins=tuple(one for one in row.stand_ins if (one["agency"], one["caseworker"]) != who),
            )
        case ConflictLifted() as lifted:
            left = tuple(
                one for one in row.conflicts if (one["agency"], one["caseworker"]) != (lifted.agency, lifted.caseworker)
            )
            return replace(row, conflicts=left)
        case CaseTransferred(from_agency=left_behind, to_agency=code):  # the contacts of the one that is left end too
            return replace(
                row,
                municipality=code,
                contacts={one: who for one, who in row.contacts.items() if not same_municipality(one, left_behind)},
                stand_ins=tuple(one for one in row.stand_ins if not same_municipality(one["agency"], left_behind)),
            )
        case ProtectionMarked(keeper=keeper, marked_on=day):
            return replace(row, protected_on=day, keeper=keeper)
        case ProtectionLifted():
            return replace(row, protected_on=None, keeper=None)
        case _:
            return row


def _reopened(row: CourseRow, day: date) -> CourseRow:
    """A new participation: what was due and recorded of the one before is history."""
    blank = CourseRow(row.case_id)
    over = ("agencies_asked", "assessed_on", "enrolled_on", "paused_until_on", "closing_on", "exited_on", "moments")
    return replace(
        row,
        received_on=day,
        six_months_on=None,
        twelve_months_on=None,
        **{name: getattr(blank, name) for name in over},
    )
