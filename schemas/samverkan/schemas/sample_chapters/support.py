"""The shared work with the person: measurements, the plan and its activities, presence."""

from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.schemas import support
from samverkan.schemas.sample_chapters.step import CASE, PLACEMENT, STARTS, Step, sample_id

SUPPORT: Final = (
    Step(
        "measurement",
        support.MeasurementOpened(
            case_id=CASE,
            instrument="five-domains",
            instrument_version=1,
            occasion="quarterly",
            due_on=date(2026, 4, 20),
        ),
        date(2026, 4, 13),
        "kommun",
        after="case",
    ),
    Step(
        "measurement",
        support.MeasurementAnswered(
            case_id=CASE,
            answered_by="region",
            answered_on=date(2026, 4, 15),
            health=support.GivenAnswers(answers={"health": 3}),
        ),
        date(2026, 4, 15),
        "region",
    ),
    Step(
        "measurement",
        support.MeasurementCompleted(
            case_id=CASE,
            instrument="five-domains",
            instrument_version=1,
            occasion="quarterly",
            assessed_on=date(2026, 4, 17),
            answered_by=("kommun", "region"),
            health=support.MeasuredScores(scores={"health": 3, "readiness-to-work": 4}),
        ),
        date(2026, 4, 17),
        "kommun",
    ),
    Step(
        "exit measurement",
        support.MeasurementCancelled(case_id=CASE, cancelled_on=date(2027, 3, 1), code="participant-declined"),
        date(2027, 3, 1),
        "kommun",
    ),
    Step(
        "plan",
        support.PlanWritten(
            case_id=CASE,
            revision=1,
            written_on=date(2026, 1, 27),
            parties=("participant", "kommun", "af"),
            employment=support.WorkTexts(texts=("Ett arbete att växa i.",)),
            health=support.HealthTexts(texts=("Sova om natten.",)),
        ),
        date(2026, 1, 27),
        "kommun",
        after="case",
    ),
    Step(
        "plan",
        support.ActivityPlanned(
            case_id=CASE,
            revision=1,
            activity_id=sample_id("activity"),
            responsible="kommun",
            due_on=date(2026, 2, 20),
            employment=support.WorkTexts(texts=("Besöka ledsagarservice.",)),
        ),
        date(2026, 1, 27),
        "kommun",
    ),
    Step(
        "plan",
        support.PlanSigned(
            case_id=CASE,
            revision=1,
            party="participant",
            signed_on=date(2026, 1, 28),
            on_behalf=True,
            health=support.HealthTexts(texts=("God man skriver under.",)),
        ),
        date(2026, 1, 28),
        "kommun",
    ),
    Step(
        "plan",
        support.PlanAgreed(case_id=CASE, revision=1, agreed_on=date(2026, 1, 30)),
        date(2026, 1, 30),
        "af",
    ),
    Step(
        "plan",
        support.ActivityDone(
            case_id=CASE,
            activity_id=sample_id("activity"),
            done_on=date(2026, 2, 23),
            days_late=3,
            employment=support.WorkTexts(texts=("Arbetsplatsen kunde inte tidigare.",)),
        ),
        date(2026, 2, 23),
        "kommun",
    ),
    Step(
        "plan",
        support.ActivityDropped(
            case_id=CASE,
            activity_id=sample_id("another activity"),
            dropped_on=date(2026, 3, 2),
            code="no-longer-needed",
            employment=support.WorkTexts(texts=("Arbetet har börjat.",)),
        ),
        date(2026, 3, 2),
        "kommun",
    ),
    Step(
        "plan",
        support.PlanClosed(case_id=CASE, closed_on=date(2027, 3, 1), code="goals-reached"),
        date(2027, 3, 1),
        "kommun",
    ),
    Step(
        "presence",
        support.PresenceOpened(
            case_id=CASE,
            placement_id=PLACEMENT,
            activity="arbetspraktik",
            starts_on=STARTS,
            ends_on=date(2026, 8, 31),
            told="af",
            employment=support.ScheduledWeek(weekdays=(1, 2, 3, 4, 5)),
        ),
        STARTS,
        "kommun",
    ),
    Step(
        "presence",
        support.DeviationReported(
            case_id=CASE,
            placement_id=PLACEMENT,
            activity="arbetspraktik",
            day=date(2026, 3, 4),
            reported_on=date(2026, 3, 4),
            told="af",
            economy=support.MissedShare(absent=Decimal("0.50")),
            health=support.AbsenceReason(day=date(2026, 3, 4), code="medical-visit"),
        ),
        date(2026, 3, 4),
        "kommun",
    ),
    Step(
        "presence",
        support.WeekReported(
            case_id=CASE,
            placement_id=PLACEMENT,
            week=STARTS,
            reported_on=date(2026, 3, 9),
            due_on=date(2026, 3, 9),
            employment=support.AttendedWeek(
                days=(
                    support.AttendedDay(day=STARTS, absent=Decimal("0.00")),
                    support.AttendedDay(day=date(2026, 3, 4), absent=Decimal("0.50")),
                )
            ),
            health=support.AbsenceReasons(
                days=(support.AbsenceReason(day=date(2026, 3, 4), code="medical-visit"),),
            ),
        ),
        date(2026, 3, 9),
        "kommun",
    ),
    Step(
        "presence",
        support.WeekCorrected(
            case_id=CASE,
            placement_id=PLACEMENT,
            week=STARTS,
            corrected_on=date(2026, 3, 11),
            code="misread",
            employment=support.AttendedWeek(days=(support.AttendedDay(day=STARTS, absent=Decimal("0.00")),)),
        ),
        date(2026, 3, 11),
        "kommun",
    ),
    Step(
        "presence",
        support.DeviationWithdrawn(
            case_id=CASE,
            placement_id=PLACEMENT,
            day=date(2026, 3, 4),
            withdrawn_on=date(2026, 3, 11),
            told="af",
        ),
        date(2026, 3, 11),
        "kommun",
    ),
    Step(
        "presence",
        support.PresenceScheduled(
            case_id=CASE,
            placement_id=PLACEMENT,
            from_on=date(2026, 3, 9),
            employment=support.ScheduledWeek(weekdays=(1, 3, 5)),
        ),
        date(2026, 3, 9),
        "kommun",
    ),
    Step(
        "presence",
        support.PresenceEnded(case_id=CASE, placement_id=PLACEMENT, ends_on=date(2026, 3, 16)),
        date(2026, 3, 16),
        "kommun",
    ),
    Step(
        "presence",
        support.SupportReactionRefused(command="EndPresence", code="presence-ended"),
        date(2026, 3, 16),
    ),
)
