"""The course of a case: declined, paused, closing, closed, and opened again by a new referral."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.backbone.calendar import months_later
from samverkan.intake.case.by import By
from samverkan.intake.case.course import (
    BeginClosing,
    CloseCase,
    DeclineCase,
    DeclineCause,
    ExitCause,
    PauseCase,
    PauseCause,
    ResumeCase,
)
from samverkan.intake.case.examples import ASSESSED, CONSENTED, ENROL, ENROLLED, READY, REFERRED, TIMRA, given
from samverkan.intake.case.state import State
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.course import (
    CaseDeclined,
    CasePaused,
    CaseReopened,
    CaseResumed,
    Cause,
    ClosingBegun,
    FollowUpRecorded,
    Moment,
    ParticipantExited,
)
from samverkan.schemas.participant import Programme, ReferralRepeated

MARCH_2, APRIL_1, APRIL_30 = date(2026, 3, 2), date(2026, 4, 1), date(2026, 4, 30)
ACTIVE = (*READY, ENROLLED)
PAUSED = CasePaused(paused_on=MARCH_2, until_on=APRIL_1, health=Cause(code="illness"))
RESUMED = CaseResumed(resumed_on=APRIL_1)
BEGUN = ClosingBegun(begun_on=APRIL_1, planned_on=APRIL_30)
ENTRY = FollowUpRecorded(moment=Moment.ENTRY, recorded_on=MARCH_2)
EXIT = FollowUpRecorded(moment=Moment.EXIT, recorded_on=APRIL_30)
EXITED = ParticipantExited(
    exited_on=APRIL_30,
    six_months_on=date(2026, 10, 30),
    twelve_months_on=date(2027, 4, 30),
    health=Cause(code="work"),
)
CLOSED = (*ACTIVE, ENTRY, BEGUN, EXIT, EXITED)
CLOSE = CloseCase(APRIL_30, ExitCause.WORK)
DECLINED = CaseDeclined(declined_by="participant", declined_on=MARCH_2, health=Cause(code="own-wish"))


def test_an_active_case_is_paused_with_its_cause_in_the_health_compartment() -> None:
    command = PauseCase(MARCH_2, PauseCause.ILLNESS, APRIL_1)
    given(*ACTIVE).when(command).then(PAUSED)
    given(*ACTIVE, PAUSED).when(command).then_nothing()
    assert given(*ACTIVE, PAUSED).state.state is State.PAUSED


def test_a_paused_case_is_resumed() -> None:
    given(*ACTIVE, PAUSED).when(ResumeCase(APRIL_1)).then(RESUMED)
    given(*ACTIVE, PAUSED, RESUMED).when(ResumeCase(APRIL_1)).then_nothing()
    assert given(*ACTIVE, PAUSED, RESUMED).state.state is State.ACTIVE


def test_a_case_can_be_paused_again_on_other_days() -> None:
    later = PauseCase(date(2026, 5, 4), PauseCause.PARENTAL_LEAVE)
    (paused,) = given(*ACTIVE, PAUSED, RESUMED).when(later).decide(later, given(*ACTIVE, PAUSED, RESUMED).state)
    assert given(*ACTIVE, PAUSED, RESUMED, paused).state.state is State.PAUSED


def test_days_of_a_pause_are_in_order() -> None:
    backwards = PauseCase(APRIL_1, PauseCause.OTHER, until_on=MARCH_2)
    given(*ACTIVE).when(backwards).then_refused("pause-ends-before-it-begins")
    given(*ACTIVE).when(PauseCase(date(2026, 2, 9), PauseCause.OTHER)).then_refused("before-enrolment")
    given(*ACTIVE, PAUSED).when(ResumeCase(date(2026, 3, 1))).then_refused("resumed-before-pause")


@pytest.mark.parametrize(
    ("history", "code"),
    [(READY, "case-not-active"), ((*ACTIVE, PAUSED), "case-paused"), (CLOSED, "case-closed")],
)
def test_only_an_active_case_is_paused(history: tuple[object, ...], code: str) -> None:
    given(*history).when(PauseCase(APRIL_30, PauseCause.OTHER)).then_refused(code)


def test_a_case_that_runs_is_not_resumed() -> None:
    given(*ACTIVE).when(ResumeCase(APRIL_1)).then_refused("case-active")


def test_a_case_is_declined_before_it_is_active() -> None:
    command = DeclineCase("participant", MARCH_2, DeclineCause.OWN_WISH)
    given(REFERRED).when(command).then(DECLINED)
    given(REFERRED, DECLINED).when(command).then_nothing()
    given(*ACTIVE).when(command).then_refused("case-active")


def test_an_agency_can_decline_and_is_known() -> None:
    given(REFERRED).when(DeclineCase("skatteverket", MARCH_2, DeclineCause.OTHER)).then_refused("agency-unknown")
    given(REFERRED).when(DeclineCase("af", MARCH_2, DeclineCause.NOT_ELIGIBLE)).then(
        CaseDeclined(declined_by="af", declined_on=MARCH_2, health=Cause(code="not-eligible"))
    )


def test_nobody_declines_before_the_referral() -> None:
    too_early = DeclineCase("participant", date(2026, 2, 1), DeclineCause.OWN_WISH)
    given(REFERRED).when(too_early).then_refused("declined-before-referral")


def test_closing_is_begun_and_can_be_given_up() -> None:
    command = BeginClosing(APRIL_1, APRIL_30)
    given(*ACTIVE).when(command).then(BEGUN)
    given(*ACTIVE, BEGUN).when(command).then_nothing()
    given(*ACTIVE, BEGUN).when(ResumeCase(APRIL_30)).then(CaseResumed(resumed_on=APRIL_30))
    given(*ACTIVE).when(replace(command, planned_on=MARCH_2)).then_refused("planned-before-begun")
    given(*ACTIVE).when(replace(command, begun_on=date(2026, 2, 9))).then_refused("before-enrolment")


def test_an_exit_makes_the_follow_ups_due() -> None:
    given(*ACTIVE, ENTRY, BEGUN, EXIT).when(CLOSE).then(EXITED)
    given(*CLOSED).when(CLOSE).then_nothing()
    assert given(*CLOSED).state.state is State.CLOSED


def test_an_exit_needs_what_was_before_and_what_is_after() -> None:
    given(*ACTIVE, BEGUN, EXIT).when(CLOSE).then_refused("entry-record-missing")
    given(*ACTIVE, ENTRY, BEGUN).when(CLOSE).then_refused("exit-record-missing")


def test_an_exit_is_prepared_first() -> None:
    given(*ACTIVE, ENTRY).when(CLOSE).then_refused("closing-not-begun")
    given(*ACTIVE, ENTRY, BEGUN, EXIT).when(replace(CLOSE, exited_on=date(2026, 2, 9))).then_refused("before-enrolment")


def test_a_new_referral_opens_a_closed_case_again() -> None:
    """The same case; but consent, assessment and enrolment of the new participation are its own."""
    again = replace(TIMRA, received_on=date(2027, 9, 1))
    state = given(*CLOSED).state
    repeated, reopened = given(*CLOSED).when(again).decide(again, state)
    assert isinstance(repeated, ReferralRepeated)
    assert reopened == CaseReopened(reopened_on=date(2027, 9, 1))
    history = (*CLOSED, repeated, reopened)
    assert given(*history).state.state is State.REFERRED
    given(*history).when(again).then_nothing()
    enrol = replace(ENROL, enrolled_on=date(2027, 9, 20))
    given(*history).when(enrol).then_refused("consent-missing")
    new_consents = [one.model_copy(update={"given_on": date(2027, 9, 3)}) for one in CONSENTED]
    given(*history, *new_consents).when(enrol).then_refused("assessment-missing")
    taken = ASSESSED.model_copy(update={"assessed_on": date(2027, 9, 6)})
    ready = given(*history, *new_consents, taken)
    assert ready.when(enrol).decide(enrol, ready.state)


def test_the_same_referral_as_long_ago_opens_nothing() -> None:
    given(*CLOSED).when(TIMRA).then_nothing()
    given(REFERRED, DECLINED).when(TIMRA).then_nothing()


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_end_on_the_last_day_where_the_date_does_not_exist(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_a_referral_of_the_participation_before_enrols_nobody_in_the_next() -> None:
    again = replace(TIMRA, programme=Programme.ARBETSPRAKTIK, received_on=date(2027, 9, 1))
    history = (*CLOSED, *given(*CLOSED).when(again).decide(again, given(*CLOSED).state))
    enrol = replace(ENROL, enrolled_on=date(2027, 9, 20))
    given(*history).when(enrol).then_refused("programme-not-referred")


def test_who_moved_back_is_again_with_the_municipality_that_refers() -> None:
    """Transferred to Sundsvall, closed, and referred anew by Timrå: Sundsvall's part is over."""
    moved = CaseTransferred(from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=APRIL_1)
    closed = (*ACTIVE, ENTRY, moved, BEGUN, EXIT, EXITED)
    again = replace(TIMRA, received_on=date(2027, 9, 1), by=By("kommun", "kommun-1"))
    history = (*closed, *given(*closed).when(again).decide(again, given(*closed).state))
    state = given(*history).state
    assert (state.municipality, state.needed()) == ("kommun", {"af", "kommun"})
    decline = DeclineCase("participant", date(2027, 9, 2), DeclineCause.OWN_WISH, by=By("kommun", "kommun-1"))
    assert given(*history).when(decline).decide(decline, state)
    given(*history).when(replace(decline, by=By("kommun-sundsvall", "x-1"))).then_refused("another-municipality")
