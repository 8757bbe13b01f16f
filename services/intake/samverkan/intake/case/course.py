"""The course of a case: declined, paused and resumed, closing and closed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.calendar import months_later
from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import refuse_unknown_agencies
from samverkan.intake.case.by import ByCaseworker
from samverkan.intake.case.guards import BEFORE_ACTIVE, UNDER_WAY, refuse_unless
from samverkan.intake.case.state import Case, Event, State
from samverkan.schemas.course import (
    CaseDeclined,
    CasePaused,
    CaseResumed,
    Cause,
    ClosingBegun,
    Moment,
    ParticipantExited,
)


class PauseCause(StrEnum):
    """Why nothing is asked of the participant for a while."""

    ILLNESS = "illness"
    PARENTAL_LEAVE = "parental-leave"
    TREATMENT = "treatment"
    WAITING = "waiting-for-insats"
    OTHER = "other"


class DeclineCause(StrEnum):
    """Why the case never became active."""

    OWN_WISH = "own-wish"
    NO_CONSENT = "no-consent"
    NOT_ELIGIBLE = "not-eligible"
    OTHER_SUPPORT = "other-support"
    NOT_REACHED = "not-reached"
    OTHER = "other"


class ExitCause(StrEnum):
    """Why the participation is over, as the national follow-up (Uppföljning Finsam) tells them apart."""

    WORK = "work"
    STUDY = "study"
    ACTIVE_JOB_SEEKING = "active-job-seeking"
    OTHER_INSATS = "other-insats"
    ILLNESS = "illness"
    PARENTAL_LEAVE = "parental-leave"
    MOVED = "moved"
    OWN_WISH = "own-wish"
    DECEASED = "deceased"
    OTHER = "other"


@dataclass(frozen=True)
class PauseCase(ByCaseworker):
    """Nothing is asked of the participant from this day, until the other one as far as is known."""

    paused_on: date
    cause: PauseCause
    until_on: date | None = None
    words: str | None = None


@dataclass(frozen=True)
class ResumeCase(ByCaseworker):
    """The case goes on, after a pause or because the prepared exit does not come."""

    resumed_on: date


@dataclass(frozen=True)
class DeclineCase(ByCaseworker):
    """There will be no participation. `declined_by`: `participant`, or the code of an agency."""

    declined_by: str
    declined_on: date
    cause: DeclineCause
    words: str | None = None


@dataclass(frozen=True)
class BeginClosing(ByCaseworker):
    """The exit is prepared for the planned day."""

    begun_on: date
    planned_on: date


@dataclass(frozen=True)
class CloseCase(ByCaseworker):
    """The participation ended on this day."""

    exited_on: date
    cause: ExitCause
    words: str | None = None


def pause(command: PauseCase, case: Case) -> Sequence[Event]:
    """Refused: `pause-ends-before-it-begins`, `before-enrolment`, and by every state but active."""
    paused = CasePaused(
        paused_on=command.paused_on,
        until_on=command.until_on,
        health=Cause(code=command.cause.value, words=command.words),
    )
    if paused == case.paused:
        return []
    refuse_unless(case, frozenset({State.ACTIVE}))
    _refuse_before_enrolment(command.paused_on, case)
    if command.until_on is not None and command.until_on < command.paused_on:
        raise Refused("pause-ends-before-it-begins", paused_on=command.paused_on.isoformat())
    return [paused]


def resume(command: ResumeCase, case: Case) -> Sequence[Event]:
    """Refused: `resumed-before-pause`, and by every state but paused and closing."""
    resumed = CaseResumed(resumed_on=command.resumed_on)
    if resumed == case.resumed:
        return []
    refuse_unless(case, frozenset({State.PAUSED, State.CLOSING}))
    if case.paused is not None and command.resumed_on < case.paused.paused_on:
        raise Refused("resumed-before-pause", paused_on=case.paused.paused_on.isoformat())
    return [resumed]


def decline(command: DeclineCase, case: Case) -> Sequence[Event]:
    """Refused: `agency-unknown`, `declined-before-referral`, and by every later state: that is an exit."""
    if command.declined_by != "participant":
        refuse_unknown_agencies(command.declined_by)
    declined = CaseDeclined(
        declined_by=command.declined_by,
        declined_on=command.declined_on,
        health=Cause(code=command.cause.value, words=command.words),
    )
    if declined == case.declined:
        return []
    refuse_unless(case, BEFORE_ACTIVE)
    received_on = case.referrals[case.earlier].received_on
    if command.declined_on < received_on:
        raise Refused("declined-before-referral", received_on=received_on.isoformat())
    return [declined]


def begin_closing(command: BeginClosing, case: Case) -> Sequence[Event]:
    """Refused: `before-enrolment`, `planned-before-begun`, and by every state but active and paused."""
    begun = ClosingBegun(begun_on=command.begun_on, planned_on=command.planned_on)
    if begun == case.closing:
        return []
    refuse_unless(case, UNDER_WAY)
    _refuse_before_enrolment(command.begun_on, case)
    if command.planned_on < command.begun_on:
        raise Refused("planned-before-begun", begun_on=command.begun_on.isoformat())
    return [begun]


def close(command: CloseCase, case: Case) -> Sequence[Event]:
    """The follow-ups after 6 and 12 months are due from now on.

    Refused: `before-enrolment`, `entry-record-missing`, `exit-record-missing` (what was there before and after is what
    a participation is measured by), and by every state but closing.
    """
    exited = ParticipantExited(
        exited_on=command.exited_on,
        six_months_on=months_later(command.exited_on, 6),
        twelve_months_on=months_later(command.exited_on, 12),
        health=Cause(code=command.cause.value, words=command.words),
    )
    if exited == case.exited:
        return []
    if case.state in UNDER_WAY:
        raise Refused("closing-not-begun")
    refuse_unless(case, frozenset({State.CLOSING}))
    _refuse_before_enrolment(command.exited_on, case)
    if Moment.ENTRY not in case.follow_ups:
        raise Refused("entry-record-missing")
    if Moment.EXIT not in case.follow_ups:
        raise Refused("exit-record-missing")
    return [exited]


def _refuse_before_enrolment(day: date, case: Case) -> None:
    enrolled_on = min(enrolled.enrolled_on for enrolled in case.enrolments)
    if day < enrolled_on:
        raise Refused("before-enrolment", enrolled_on=enrolled_on.isoformat())
