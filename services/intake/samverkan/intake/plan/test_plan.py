"""Writing, signing and carrying out a plan."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from samverkan.intake.plan.activity import CloseGround, CompleteActivity, DropGround
from samverkan.intake.plan.examples import (
    AGREED,
    CASE,
    CLOSE,
    DOCTOR,
    DOCTOR_ID,
    DONE,
    DROP,
    ENDED,
    FEBRUARY_9,
    FEBRUARY_12,
    FEBRUARY_20,
    MARCH_2,
    SIGN,
    TODAY,
    VISIT,
    VISIT_ID,
    WRITE,
    WRITTEN,
    after,
    folded,
    given,
)
from samverkan.intake.plan.plan import decide, plan_id
from samverkan.intake.plan.signing import SignPlan
from samverkan.intake.plan.state import State, Words
from samverkan.intake.plan.writing import PlannedActivity, WritePlan
from samverkan.schemas.support import (
    ActivityDone,
    ActivityDropped,
    ActivityPlanned,
    HealthTexts,
    PlanAgreed,
    PlanClosed,
    PlanSigned,
    PlanWritten,
    WorkTexts,
)

MORE = replace(WRITE, activities=(VISIT, DOCTOR, replace(VISIT, due_on=MARCH_2)), written_on=FEBRUARY_20)
UNKNOWN = UUID("00000000-0000-4000-8000-00000000ffff")


# Writing


def test_a_plan_says_who_does_what_by_when_and_its_words_lie_in_their_compartments() -> None:
    written, visit, doctor = WRITTEN
    assert written == PlanWritten(
        case_id=CASE,
        revision=1,
        written_on=FEBRUARY_9,
        parties=("af", "kommun", "participant"),
        employment=WorkTexts(texts=("Ett arbete att växa i",)),
        health=HealthTexts(texts=("Sova om natten",)),
    )
    assert isinstance(visit, ActivityPlanned) and isinstance(doctor, ActivityPlanned)
    assert (visit.responsible, visit.due_on, visit.health) == ("kommun", FEBRUARY_20, None)
    assert (doctor.employment, doctor.health) == (None, HealthTexts(texts=("Boka tid på vårdcentralen",)))


def test_the_same_plan_again_changes_nothing_named_or_not_and_in_any_order() -> None:
    given(*WRITTEN).when(WRITE).then_nothing()
    given(*WRITTEN).when(replace(WRITE, activities=(DOCTOR, VISIT), written_on=FEBRUARY_12)).then_nothing()
    named = (replace(VISIT, activity_id=VISIT_ID), DOCTOR)
    given(*WRITTEN).when(replace(WRITE, activities=named)).then_nothing()


def test_a_change_is_a_revision_that_keeps_the_ids_of_what_stays() -> None:
    events = decide(MORE, folded(WRITE))
    assert [type(event) for event in events] == [PlanWritten, ActivityPlanned, ActivityPlanned, ActivityPlanned]
    planned = [event for event in events if isinstance(event, ActivityPlanned)]
    assert [one.revision for one in planned] == [2, 2, 2]
    assert [one.activity_id for one in planned[:2]] == [VISIT_ID, DOCTOR_ID]
    assert planned[2].activity_id not in {VISIT_ID, DOCTOR_ID}


def test_two_equal_new_activities_are_two() -> None:
    twice = after(replace(WRITE, activities=(VISIT, VISIT)))
    assert len({event.activity_id for event in twice if isinstance(event, ActivityPlanned)}) == 2
    given(*twice).when(replace(WRITE, activities=(VISIT, VISIT))).then_nothing()


def test_a_change_after_signatures_asks_everyone_again() -> None:
    plan = folded(*AGREED, MORE)
    assert plan.state is State.CHANGED
    assert plan.signatures == {}
    assert plan.agreed is not None and plan.agreed.revision == 1, "the earlier revision holds meanwhile"
    given(*after(*AGREED, MORE)).when(SIGN["af"]).then_refused("plan-revision-not-current")
    second = [replace(one, revision=2, signed_on=FEBRUARY_20) for one in SIGN.values()]
    assert folded(*AGREED, MORE, *second).state is State.IN_FORCE


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(WRITE, goals=Words()), "plan-without-goal"),
        (replace(WRITE, activities=()), "plan-without-activity"),
        (replace(WRITE, parties=("kommun", "af")), "plan-party-missing"),
        (replace(WRITE, parties=("participant",), activities=(DOCTOR,)), "plan-party-missing"),
        (replace(WRITE, parties=("participant", "kommun", "forbund")), "plan-party-unknown"),
        (replace(WRITE, parties=("participant", "af")), "plan-responsible-not-party"),
        (replace(WRITE, activities=(replace(VISIT, due_on=date(2026, 2, 8)),)), "activity-due-before-plan"),
        (replace(WRITE, activities=(replace(VISIT, activity_id=UNKNOWN),)), "activity-unknown"),
        (replace(WRITE, written_on=date(2026, 4, 2)), "day-in-future"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(command: WritePlan, code: str) -> None:
    given().when(command).then_refused(code)


def test_an_open_activity_is_never_lost_by_a_revision() -> None:
    given(*WRITTEN).when(replace(WRITE, activities=(VISIT,))).then_refused("activity-left-out")
    twice = (replace(VISIT, activity_id=VISIT_ID), replace(DOCTOR, activity_id=VISIT_ID))
    given(*WRITTEN).when(replace(WRITE, activities=twice)).then_refused("activity-twice")


def test_an_activity_that_is_late_may_stand_in_a_revision_unless_its_day_moves_into_the_past() -> None:
    late = replace(MORE, written_on=date(2026, 2, 25))
    assert decide(late, folded(WRITE))
    moved = replace(VISIT, activity_id=VISIT_ID, due_on=date(2026, 2, 24))
    given(*WRITTEN).when(replace(late, activities=(moved, DOCTOR))).then_refused("activity-due-before-plan")


def test_what_is_settled_stays_so_whether_a_revision_repeats_it_or_not() -> None:
    history = after(WRITE, DONE)
    settled = replace(VISIT, activity_id=VISIT_ID)
    given(*history).when(replace(WRITE, activities=(settled, DOCTOR))).then_nothing()
    given(*history).when(replace(WRITE, activities=(DOCTOR,))).then_nothing()
    other = replace(settled, due_on=MARCH_2)
    given(*history).when(replace(WRITE, activities=(other, DOCTOR))).then_refused("activity-settled")


def test_a_revision_is_not_older_than_the_last() -> None:
    given(*WRITTEN).when(replace(MORE, written_on=date(2026, 2, 8))).then_refused("plan-written-before-last")


# Signing


def test_the_last_signature_brings_it_into_force() -> None:
    signed = after(WRITE, SIGN["participant"], SIGN["kommun"])
    given(*signed).when(SIGN["af"]).then(
        PlanSigned(case_id=CASE, revision=1, party="af", signed_on=FEBRUARY_12, on_behalf=False),
        PlanAgreed(case_id=CASE, revision=1, agreed_on=FEBRUARY_12),
    )


def test_signing_twice_is_signing_once_also_on_another_day() -> None:
    given(*after(*AGREED)).when(replace(SIGN["af"], signed_on=FEBRUARY_20)).then_nothing()


def test_somebody_may_sign_for_another_with_a_reason() -> None:
    for_af = replace(SIGN["af"], by_agency="kommun")
    given(*WRITTEN).when(for_af).then_refused("on-behalf-without-reason")
    given(*WRITTEN).when(replace(for_af, on_behalf_because="Handläggaren är sjuk")).then(
        PlanSigned(
            case_id=CASE,
            revision=1,
            party="af",
            signed_on=FEBRUARY_12,
            on_behalf=True,
            health=HealthTexts(texts=("Handläggaren är sjuk",)),
        )
    )
    (guardian,) = decide(replace(SIGN["participant"], on_behalf_because="God man"), folded(WRITE))
    assert isinstance(guardian, PlanSigned) and guardian.on_behalf


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(SIGN["af"], revision=2), "plan-revision-not-current"),
        (replace(SIGN["af"], party="region"), "plan-party-unknown"),
        (replace(SIGN["af"], signed_on=date(2026, 2, 8)), "signed-before-written"),
        (replace(SIGN["af"], signed_on=date(2026, 4, 2)), "day-in-future"),
    ],
)
def test_a_signature_that_cannot_be_is_refused(command: SignPlan, code: str) -> None:
    given(*WRITTEN).when(command).then_refused(code)


# Activities


def test_an_activity_is_done_once() -> None:
    done = ActivityDone(case_id=CASE, activity_id=VISIT_ID, done_on=FEBRUARY_20, days_late=0)
    given(*WRITTEN).when(DONE).then(done)
    given(*WRITTEN, done).when(DONE).then_nothing()
    for command in (replace(DONE, done_on=FEBRUARY_12), replace(DROP, activity_id=VISIT_ID)):
        given(*WRITTEN, done).when(command).then_refused("activity-settled")


def test_a_late_one_says_why() -> None:
    late = replace(DONE, done_on=date(2026, 2, 23))
    given(*WRITTEN).when(late).then_refused("late-without-reason")
    given(*WRITTEN).when(replace(late, words=Words(work=("Arbetsplatsen kunde inte",)))).then(
        ActivityDone(
            case_id=CASE,
            activity_id=VISIT_ID,
            done_on=date(2026, 2, 23),
            days_late=3,
            employment=WorkTexts(texts=("Arbetsplatsen kunde inte",)),
        )
    )


def test_an_activity_is_dropped_with_its_ground() -> None:
    dropped = ActivityDropped(case_id=CASE, activity_id=DOCTOR_ID, dropped_on=MARCH_2, code="no-longer-needed")
    given(*WRITTEN).when(DROP).then(dropped)
    given(*WRITTEN, dropped).when(DROP).then_nothing()
    given(*WRITTEN, dropped).when(replace(DROP, ground=DropGround.REPLACED)).then_refused("activity-settled")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(DONE, activity_id=UNKNOWN), "activity-unknown"),
        (replace(DONE, done_on=date(2026, 4, 2)), "day-in-future"),
        (replace(DONE, done_on=date(2026, 2, 8)), "done-before-plan"),
    ],
)
def test_a_day_or_an_activity_that_cannot_be_is_refused(command: CompleteActivity, code: str) -> None:
    given(*WRITTEN).when(command).then_refused(code)


# The end


def test_what_is_undone_is_dropped_with_the_plan() -> None:
    given(*after(WRITE, DONE)).when(CLOSE).then(
        ActivityDropped(case_id=CASE, activity_id=DOCTOR_ID, dropped_on=date(2026, 3, 31), code="plan-closed"),
        PlanClosed(case_id=CASE, closed_on=date(2026, 3, 31), code="goals-reached"),
    )
    given(*after(WRITE, CLOSE)).when(CLOSE).then_nothing()
    given(*after(WRITE, CLOSE)).when(replace(CLOSE, ground=CloseGround.NO_PROGRESS)).then_refused("plan-closed")
    given(*WRITTEN).when(replace(CLOSE, closed_on=date(2026, 2, 8))).then_refused("closed-before-written")
    given(*WRITTEN).when(replace(CLOSE, closed_on=date(2026, 4, 2))).then_refused("day-in-future")


def test_a_plan_ends_with_its_case_whatever_it_is_like_and_on_no_day_before_its_last_revision() -> None:
    given(*after(WRITE, DONE)).when(ENDED).then(
        ActivityDropped(case_id=CASE, activity_id=DOCTOR_ID, dropped_on=date(2026, 3, 31), code="plan-closed"),
        PlanClosed(case_id=CASE, closed_on=date(2026, 3, 31), code="case-ended"),
    )
    given().when(ENDED).then_nothing()
    given(*after(WRITE, CLOSE)).when(ENDED).then_nothing()
    *_, closed = decide(replace(ENDED, ended_on=date(2026, 2, 8)), folded(WRITE))
    assert isinstance(closed, PlanClosed) and closed.closed_on == FEBRUARY_9


def test_a_closed_plan_may_be_written_anew_with_the_next_revision_that_nobody_has_signed() -> None:
    for command in (SIGN["af"], DONE, DROP):
        given(*after(*AGREED, CLOSE)).when(command).then_refused("plan-closed")
    again = replace(WRITE, activities=(PlannedActivity("af", TODAY, Words(work=("Prova igen",))),), written_on=TODAY)
    plan = folded(*AGREED, CLOSE, again)
    assert (plan.state, plan.written and plan.written.revision) == (State.DRAFT, 2)


def test_nothing_is_signed_or_done_without_a_plan() -> None:
    for command in (*SIGN.values(), DONE, DROP, CLOSE):
        given().when(command).then_refused("plan-unknown")


def test_a_case_has_one_plan() -> None:
    assert plan_id(CASE) == plan_id(CASE) != plan_id(UNKNOWN)
