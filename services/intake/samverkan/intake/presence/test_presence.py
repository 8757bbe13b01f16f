"""Reporting presence: the day, the week, corrections, the period."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from samverkan.intake.presence.examples import (
    CASE,
    CORRECT,
    DEVIATION,
    END,
    FRIDAY,
    HALF,
    MONDAY,
    NEXT_MONDAY,
    OPEN,
    PLACEMENT,
    PLACEMENT_ENDED,
    PRESENT,
    SCHEDULE,
    SICK,
    WEDNESDAY,
    WHOLE,
    after,
    folded,
    given,
    week,
)
from samverkan.intake.presence.period import Activity, ChangeSchedule, NotePlacementEnded, OpenPresence
from samverkan.intake.presence.presence import decide, presence_id, presence_of_placement
from samverkan.intake.presence.reporting import ReportDeviation, ReportWeek
from samverkan.intake.presence.state import Day, State
from samverkan.schemas.support import (
    AbsenceReason,
    DeviationReported,
    DeviationWithdrawn,
    MissedShare,
    PresenceEnded,
    PresenceScheduled,
    ScheduledWeek,
    WeekCorrected,
    WeekReported,
)


def deviation(day: date, absent: Decimal, code: str, reported_on: date) -> DeviationReported:
    return DeviationReported(
        case_id=CASE,
        placement_id=PLACEMENT,
        activity="arbetspraktik",
        day=day,
        reported_on=reported_on,
        told="af",
        economy=MissedShare(absent=absent),
        health=AbsenceReason(day=day, code=code),
    )


# The day


def test_a_deviation_is_told_the_same_day_and_its_reason_is_health() -> None:
    given(*after(OPEN)).when(DEVIATION).then(deviation(WEDNESDAY, WHOLE, "sick", WEDNESDAY))
    given(*after(OPEN, DEVIATION)).when(replace(DEVIATION, today=FRIDAY)).then_nothing()


def test_a_deviation_that_is_said_differently_is_told_anew() -> None:
    given(*after(OPEN, DEVIATION)).when(replace(DEVIATION, absent=HALF, today=FRIDAY)).then(
        deviation(WEDNESDAY, HALF, "sick", FRIDAY)
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(DEVIATION, today=date(2026, 3, 3)), "day-in-future"),
        (replace(DEVIATION, day=date(2026, 3, 1)), "not-expected-that-day"),
        (replace(DEVIATION, day=date(2026, 3, 7), today=NEXT_MONDAY), "not-expected-that-day"),
        (replace(DEVIATION, day=date(2026, 9, 1), today=date(2026, 9, 1)), "not-expected-that-day"),
        (replace(DEVIATION, absent=Decimal("1.01")), "absence-share"),
        (replace(DEVIATION, absent=Decimal(-1)), "absence-share"),
        (replace(DEVIATION, absent=Decimal("NaN")), "absence-share"),
        (replace(DEVIATION, absent=Decimal(0)), "reason-without-absence"),
        (replace(DEVIATION, reason="flood"), "reason-unknown"),
        (replace(DEVIATION, reason="workplace-closed"), "no-deviation"),
    ],
)
def test_a_deviation_that_cannot_be_is_refused(command: ReportDeviation, code: str) -> None:
    given(*after(OPEN)).when(command).then_refused(code)


def test_a_day_of_a_reported_week_is_corrected_not_reported() -> None:
    given(*after(OPEN, PRESENT)).when(DEVIATION).then_refused("week-already-reported")


def test_who_is_not_consented_to_any_more_is_told_nothing_and_the_week_is_reported() -> None:
    given(*after(OPEN)).when(replace(DEVIATION, consented=False)).then_refused("deviation-without-consent")
    given(*after(OPEN, DEVIATION)).when(replace(DEVIATION, consented=False)).then_nothing()
    assert [type(event) for event in decide(replace(SICK, consented=False), folded(OPEN))] == [WeekReported]
    assert [type(event) for event in decide(replace(PRESENT, consented=False), folded(OPEN, DEVIATION))] == [
        WeekReported
    ]
    assert [type(event) for event in decide(replace(CORRECT, consented=False), folded(OPEN, SICK))] == [WeekCorrected]


# The week


def test_a_week_in_which_nothing_was_missed_tells_nobody_of_a_deviation() -> None:
    (reported,) = decide(PRESENT, folded(OPEN))
    assert isinstance(reported, WeekReported)
    assert (reported.reported_on, reported.due_on, reported.health) == (FRIDAY, NEXT_MONDAY, None)
    given(*after(OPEN, PRESENT)).when(replace(PRESENT, today=NEXT_MONDAY)).then_nothing()


def test_a_deviation_that_nobody_told_the_same_day_is_told_late() -> None:
    late, reported = decide(SICK, folded(OPEN))
    assert late == deviation(WEDNESDAY, WHOLE, "sick", NEXT_MONDAY)
    assert isinstance(reported, WeekReported)
    assert [type(event) for event in decide(SICK, folded(OPEN, DEVIATION))] == [WeekReported]


def test_a_deviation_that_the_week_contradicts_is_withdrawn() -> None:
    withdrawn, _ = decide(PRESENT, folded(OPEN, DEVIATION))
    assert withdrawn == DeviationWithdrawn(
        case_id=CASE, placement_id=PLACEMENT, day=WEDNESDAY, withdrawn_on=FRIDAY, told="af"
    )


def test_a_closed_workplace_is_no_deviation() -> None:
    closed = replace(PRESENT, days=week(fri=Day(WHOLE, "workplace-closed")))
    assert [type(event) for event in decide(closed, folded(OPEN))] == [WeekReported]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PRESENT, week=date(2026, 3, 3)), "week-not-monday"),
        (replace(PRESENT, today=date(2026, 3, 5)), "week-not-over"),
        (replace(PRESENT, week=date(2026, 2, 23)), "no-day-expected"),
        (replace(PRESENT, days={MONDAY: Day()}), "day-missing"),
        (replace(PRESENT, days={**week(), date(2026, 3, 7): Day()}), "not-expected-that-day"),
        (replace(PRESENT, days=week(wed=Day(WHOLE))), "reason-missing"),
        (replace(PRESENT, days=week(wed=Day(Decimal(0), "sick"))), "reason-without-absence"),
        (replace(PRESENT, days=week(wed=Day(Decimal(2), "sick"))), "absence-share"),
        (replace(PRESENT, days=week(wed=Day(WHOLE, "flood"))), "reason-unknown"),
    ],
)
def test_a_week_that_cannot_be_is_refused(command: ReportWeek, code: str) -> None:
    given(*after(OPEN)).when(command).then_refused(code)


def test_another_report_of_the_same_week_is_a_correction() -> None:
    given(*after(OPEN, PRESENT)).when(SICK).then_refused("week-already-reported")
    given(*after(OPEN)).when(CORRECT).then_refused("week-not-reported")


def test_a_correction_keeps_history_tells_what_is_new_and_withdraws_what_was_wrong() -> None:
    told, withdrawn, corrected = decide(CORRECT, folded(OPEN, SICK))
    assert told == deviation(FRIDAY, HALF, "no-reason", NEXT_MONDAY)
    assert isinstance(withdrawn, DeviationWithdrawn) and withdrawn.day == WEDNESDAY
    assert isinstance(corrected, WeekCorrected) and corrected.code == "misread"
    given(*after(OPEN, SICK, CORRECT)).when(CORRECT).then_nothing()
    given(*after(OPEN, SICK, CORRECT)).when(SICK).then_refused("week-already-reported")
    assert folded(OPEN, SICK, CORRECT).deviations == {FRIDAY: Day(HALF, "no-reason")}


def test_a_week_whose_keys_are_gone_can_be_reported_by_correction() -> None:
    *_, reported = after(OPEN, PRESENT)
    sealed = reported.model_copy(update={"employment": None})
    (corrected,) = decide(replace(CORRECT, days=week()), folded_from(*after(OPEN), sealed))
    assert isinstance(corrected, WeekCorrected)


def folded_from(*events: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return given(*events).state


# The period


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(OPEN, placement_id=None), "presence-placement-missing"),
        (replace(OPEN, told="kommun"), "deviation-to-wrong-agency"),
        (replace(OPEN, weekdays=()), "weekdays-wrong"),
        (replace(OPEN, weekdays=(0, 8)), "weekdays-wrong"),
        (replace(OPEN, ends_on=date(2026, 3, 1)), "presence-ends-too-early"),
    ],
)
def test_a_presence_that_cannot_be_is_refused(command: OpenPresence, code: str) -> None:
    given().when(command).then_refused(code)


def test_presence_is_opened_once() -> None:
    given(*after(OPEN)).when(replace(OPEN, weekdays=(5, 4, 3, 2, 1, 1))).then_nothing()
    given(*after(OPEN)).when(replace(OPEN, told="fk")).then_refused("presence-already-open")


def test_a_municipal_activity_needs_no_placement_and_is_its_own_presence() -> None:
    municipal = replace(OPEN, activity=Activity.MUNICIPAL, placement_id=None, told="fk")
    assert len(decide(municipal, folded())) == 1
    ids = {
        presence_id(CASE, None, Activity.MUNICIPAL, MONDAY),
        presence_id(CASE, None, Activity.MUNICIPAL, NEXT_MONDAY),
        presence_of_placement(CASE, PLACEMENT),
    }
    assert len(ids) == 3
    assert presence_id(CASE, PLACEMENT, Activity.ARBETSPRAKTIK, MONDAY) == presence_of_placement(CASE, PLACEMENT)


def test_other_days_of_the_week_are_expected_from_a_monday_on() -> None:
    given(*after(OPEN)).when(SCHEDULE).then(
        PresenceScheduled(
            case_id=CASE, placement_id=PLACEMENT, from_on=NEXT_MONDAY, employment=ScheduledWeek(weekdays=(1, 3, 5))
        )
    )
    presence = folded(OPEN, SCHEDULE)
    assert [day.day for day in presence.expected_days(MONDAY)] == [2, 3, 4, 5, 6]
    assert [day.day for day in presence.expected_days(NEXT_MONDAY)] == [9, 11, 13]
    given(*after(OPEN, SCHEDULE)).when(SCHEDULE).then_nothing()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (ChangeSchedule(date(2026, 3, 10), (1,)), "week-not-monday"),
        (ChangeSchedule(NEXT_MONDAY, ()), "weekdays-wrong"),
        (ChangeSchedule(date(2026, 2, 23), (1,)), "presence-not-begun"),
        (ChangeSchedule(MONDAY, (1,)), "days-reported-after"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(command: ChangeSchedule, code: str) -> None:
    given(*after(OPEN, PRESENT)).when(command).then_refused(code)


def test_after_the_end_days_before_it_may_still_be_reported() -> None:
    given(*after(OPEN)).when(END).then(PresenceEnded(case_id=CASE, placement_id=PLACEMENT, ends_on=date(2026, 3, 16)))
    presence = folded(OPEN, END)
    assert presence.state is State.ENDED
    assert presence.expected_days(date(2026, 3, 16)) == (date(2026, 3, 16),)
    assert [type(event) for event in decide(PRESENT, presence)] == [WeekReported]
    given(*after(OPEN, END)).when(END).then_nothing()
    given(*after(OPEN, END)).when(SCHEDULE).then_refused("presence-ended")


def test_an_end_may_be_moved_but_not_before_a_reported_day() -> None:
    given(*after(OPEN, PRESENT, END)).when(replace(END, ends_on=date(2026, 3, 5))).then_refused("days-reported-after")
    given(*after(OPEN)).when(replace(END, ends_on=date(2026, 3, 1))).then_refused("presence-ends-too-early")
    assert len(decide(replace(END, ends_on=date(2026, 3, 23)), folded(OPEN, END))) == 1


def test_the_placements_end_ends_presence_where_there_is_one() -> None:
    given().when(PLACEMENT_ENDED).then_nothing()
    given(*after(OPEN)).when(PLACEMENT_ENDED).then(
        PresenceEnded(case_id=CASE, placement_id=PLACEMENT, ends_on=date(2026, 3, 16))
    )
    given(*after(OPEN, END)).when(NotePlacementEnded(date(2026, 3, 31))).then_nothing()
    given(*after(OPEN, PRESENT)).when(NotePlacementEnded(date(2026, 3, 3))).then_refused("days-reported-after")


def test_presence_that_ended_with_a_placement_moves_with_its_corrected_end() -> None:
    ended = PresenceEnded(case_id=CASE, placement_id=PLACEMENT, ends_on=date(2026, 3, 16))
    longer = NotePlacementEnded(date(2026, 3, 31), not_on=date(2026, 3, 16))
    given(*after(OPEN), ended).when(longer).then(ended.model_copy(update={"ends_on": date(2026, 3, 31)}))
    by_hand = ended.model_copy(update={"ends_on": date(2026, 3, 10)})
    given(*after(OPEN), by_hand).when(longer).then_nothing()


def test_nothing_is_reported_where_presence_was_never_opened() -> None:
    for command in (DEVIATION, PRESENT, CORRECT, SCHEDULE, END):
        given().when(command).then_refused("presence-unknown")
