"""Plan and presence of the example's case for tests, as an agency receives them."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.agency.examples import CASE, PRAKTIK, case
from samverkan.backbone.testing.record import stream
from samverkan.schemas import support as of
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import ConsentGiven

PLAN, PRESENCE, VISIT, DOCTOR = (UUID(int=number) for number in range(201, 205))
WEEK, DAY, FRIDAY = date(2026, 2, 16), date(2026, 2, 18), date(2026, 2, 20)
_SIGNED: Final = date(2026, 2, 11)

# FK sees who it is and amounts; it is told of deviations here.
consent_fk: Final = stream(
    PARTICIPANT,
    CASE,
    ConsentGiven(
        agency="fk",
        purpose="shared-case",
        compartments=(Compartment.ECONOMY, Compartment.IDENTITY),
        given_on=date(2026, 2, 10),
    ),
    since=len(case),
)

plan: Final = stream(
    PARTICIPANT,
    PLAN,
    of.PlanWritten(
        case_id=CASE,
        revision=1,
        written_on=_SIGNED,
        parties=("af", "participant"),
        employment=of.WorkTexts(texts=("Ett arbete",)),
        health=of.HealthTexts(texts=("Sova om natten",)),
    ),
    of.ActivityPlanned(
        case_id=CASE,
        revision=1,
        activity_id=VISIT,
        responsible="af",
        due_on=DAY,
        employment=of.WorkTexts(texts=("Besöka arbetsplatsen",)),
    ),
    of.ActivityPlanned(
        case_id=CASE,
        revision=1,
        activity_id=DOCTOR,
        responsible="participant",
        due_on=FRIDAY,
        health=of.HealthTexts(texts=("Boka tid",)),
    ),
    of.PlanSigned(case_id=CASE, revision=1, party="participant", signed_on=_SIGNED, on_behalf=False),
    of.PlanSigned(case_id=CASE, revision=1, party="af", signed_on=_SIGNED, on_behalf=False),
    of.PlanAgreed(case_id=CASE, revision=1, agreed_on=_SIGNED),
    of.ActivityDone(case_id=CASE, activity_id=VISIT, done_on=FRIDAY, days_late=2),
    of.ActivityDropped(case_id=CASE, activity_id=DOCTOR, dropped_on=FRIDAY, code="plan-closed"),
    of.PlanClosed(case_id=CASE, closed_on=FRIDAY, code="goals-reached"),
    of.PlanWritten(case_id=CASE, revision=2, written_on=FRIDAY, parties=("af", "participant")),
    of.PlanSigned(case_id=CASE, revision=2, party="participant", signed_on=FRIDAY, on_behalf=False),
    case_id=CASE,
)


def _week(*absent: tuple[date, str]) -> of.AttendedWeek:
    return of.AttendedWeek(days=tuple(of.AttendedDay(day=day, absent=Decimal(share)) for day, share in absent))


def _deviation(day: date, absent: str, code: str, reported_on: date) -> of.DeviationReported:
    return of.DeviationReported(
        case_id=CASE,
        placement_id=PRAKTIK,
        activity="arbetspraktik",
        day=day,
        reported_on=reported_on,
        told="fk",
        economy=of.MissedShare(absent=Decimal(absent)),
        health=of.AbsenceReason(day=day, code=code),
    )


presence: Final = stream(
    PARTICIPANT,
    PRESENCE,
    of.PresenceOpened(
        case_id=CASE,
        placement_id=PRAKTIK,
        activity="arbetspraktik",
        starts_on=date(2026, 2, 11),
        told="fk",
        employment=of.ScheduledWeek(weekdays=(1, 3, 5)),
    ),
    of.PresenceScheduled(
        case_id=CASE, placement_id=PRAKTIK, from_on=WEEK, employment=of.ScheduledWeek(weekdays=(3, 5))
    ),
    _deviation(DAY, "1.00", "sick", DAY),
    _deviation(FRIDAY, "0.50", "leave", date(2026, 2, 24)),
    of.WeekReported(
        case_id=CASE,
        placement_id=PRAKTIK,
        week=WEEK,
        reported_on=date(2026, 2, 24),
        due_on=date(2026, 2, 23),
        employment=_week((DAY, "1.00"), (FRIDAY, "0.50")),
    ),
    of.DeviationWithdrawn(case_id=CASE, placement_id=PRAKTIK, day=FRIDAY, withdrawn_on=date(2026, 2, 25), told="fk"),
    of.WeekCorrected(
        case_id=CASE,
        placement_id=PRAKTIK,
        week=WEEK,
        corrected_on=date(2026, 2, 25),
        code="misread",
        employment=_week((DAY, "1.00"), (FRIDAY, "0.00")),
    ),
    of.PresenceEnded(case_id=CASE, placement_id=PRAKTIK, ends_on=date(2026, 2, 27)),
    case_id=CASE,
)

STREAMS: Final = (plan, presence)
