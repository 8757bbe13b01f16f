"""What intake's queries read. Pure folds of intake's own events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final, cast, get_args
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.intake.case.agencies import taken_over
from samverkan.intake.case.state import Event as CaseEvent
from samverkan.intake.case.state import State, state_after
from samverkan.intake.consent_entries import agencies_consented, with_consents
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.course import AnonymousParticipationCounted, CaseReopened
from samverkan.schemas.participant import (
    AssessmentRecorded,
    CaseReactionRefused,
    ConsentGiven,
    Contact,
    ParticipantEnrolled,
    ParticipantReferred,
    PlacementNoted,
    ReferralRepeated,
)
from samverkan.schemas.person import ContactChanged, IdentityChanged

CASE_EVENTS: Final = get_args(CaseEvent)

# One entry of a list column: plain JSON, as the database gives it back.
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class CaseRow:
    """A case. `version` is the stream's. Lists are in the order in which things were recorded."""

    case_id: UUID
    version: int = 0
    state: str = "unknown"
    programme: str | None = None
    referred_by: str | None = None
    received_on: date | None = None
    agencies_needed: tuple[str, ...] = ()
    agencies_consented: tuple[str, ...] = ()
    enrolled_on: date | None = None
    placements_started: int = 0
    placements_ended: int = 0
    person_number: str | None = None
    name: str | None = None
    telephone: str | None = None
    email: str | None = None
    language: str | None = None
    needs_interpreter: bool | None = None
    referrals: tuple[Entry, ...] = ()
    consents: tuple[Entry, ...] = ()
    assessments: tuple[Entry, ...] = ()
    enrolments: tuple[Entry, ...] = ()


class Cases(View[CaseRow]):
    """Every case that a referral opened."""

    table: ClassVar = "participant_case"
    row: ClassVar = CaseRow
    # A refusal noted in a case that nobody opened makes no row.
    events: ClassVar = tuple(event for event in CASE_EVENTS if event is not CaseReactionRefused)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per case."""
        return [recorded.stream_id]

    def fold(self, row: CaseRow, recorded: Recorded) -> CaseRow:
        """Take over what the event says."""
        row = replace(row, version=recorded.envelope.version, state=_state_after(row, recorded))
        match recorded.event:
            case ParticipantReferred() as referred:
                opened = replace(
                    row,
                    programme=referred.programme.value,
                    referred_by=referred.referred_by,
                    received_on=referred.received_on,
                )
                return _referred(opened, referred)
            case ReferralRepeated() as repeated:
                return _referred(row, repeated)
            case ConsentGiven() | ConsentWithdrawn():
                return _consented(row, recorded)
            case CaseTransferred(from_agency=left_behind, to_agency=code):
                needed = tuple(sorted(taken_over(row.agencies_needed, left_behind, code)))
                return replace(_consented(row, recorded), agencies_needed=needed)
            case CaseReopened():
                return _reopened(row)
            case IdentityChanged(identity=identity) if identity is not None:
                return replace(row, person_number=identity.person_number, name=identity.name)
            case ContactChanged(contact=contact):
                return _reached(row, contact)
            case AnonymousParticipationCounted() as counted:
                return _anonymous(row, counted)
            case AssessmentRecorded() as assessed:
                entry = assessed.model_dump(mode="json", exclude={"health"})
                scores = None if assessed.health is None else dict(assessed.health.scores)
                return replace(row, assessments=(*row.assessments, {**entry, "scores": scores}))
            case ParticipantEnrolled() as enrolled:
                entry = enrolled.model_dump(mode="json", exclude={"employment"})
                found = () if enrolled.employment is None else enrolled.employment.criteria
                entry["criteria"] = [criterion.model_dump(mode="json") for criterion in found]
                return replace(row, enrolled_on=enrolled.enrolled_on, enrolments=(*row.enrolments, entry))
            case PlacementNoted(state="started"):
                return replace(row, placements_started=row.placements_started + 1)
            case PlacementNoted(state="ended"):
                return replace(row, placements_ended=row.placements_ended + 1)
            case _:
                return row


def _referred(row: CaseRow, event: ParticipantReferred | ReferralRepeated) -> CaseRow:
    """Every referral is kept; of name and contact the latest that was said."""
    entry = event.model_dump(mode="json", include={"programme", "referred_by", "agencies_needed", "received_on"})
    entry["reason"] = None if event.health is None else event.health.reason
    row = replace(
        row,
        agencies_needed=tuple(sorted({*row.agencies_needed, *event.agencies_needed})),
        referrals=(*row.referrals, entry),
    )
    if event.identity is not None:
        row = replace(row, person_number=event.identity.person_number, name=event.identity.name or row.name)
    return _reached(row, event.contact)


def _consented(row: CaseRow, recorded: Recorded) -> CaseRow:
    consents = with_consents(row.consents, recorded)
    return replace(row, consents=consents, agencies_consented=agencies_consented(consents))


def _reopened(row: CaseRow) -> CaseRow:
    """A new participation begins with the referral just before; those of earlier ones ask for nothing any more."""
    opening = row.referrals[-1]
    return replace(
        row,
        programme=opening["programme"],
        referred_by=opening["referred_by"],
        received_on=date.fromisoformat(opening["received_on"]),
        agencies_needed=tuple(opening["agencies_needed"]),
        enrolled_on=None,
    )


def _reached(row: CaseRow, contact: Contact | None) -> CaseRow:
    """What is left out stays."""
    if contact is None:
        return row
    asks = contact.needs_interpreter
    return replace(
        row,
        telephone=contact.telephone or row.telephone,
        email=contact.email or row.email,
        language=contact.language or row.language,
        needs_interpreter=row.needs_interpreter if asks is None else asks,
    )


def _anonymous(row: CaseRow, counted: AnonymousParticipationCounted) -> CaseRow:
    """Nothing of the person is left to read."""
    blank = CaseRow(row.case_id)
    return replace(
        row,
        programme=row.programme or counted.programme,
        referrals=tuple({**referral, "reason": None} for referral in row.referrals),
        consents=tuple({**consent, "identity": None, "contact": None} for consent in row.consents),
        enrolments=tuple({**enrolment, "criteria": []} for enrolment in row.enrolments),
        **{name: getattr(blank, name) for name in (*_OF_THE_PERSON, "assessments")},
    )


_OF_THE_PERSON: Final = ("person_number", "name", "telephone", "email", "language", "needs_interpreter")


def _state_after(row: CaseRow, recorded: Recorded) -> str:
    before = State.NONE if row.state == "unknown" else State(row.state)
    return state_after(before, cast("CaseEvent", recorded.event)).value
