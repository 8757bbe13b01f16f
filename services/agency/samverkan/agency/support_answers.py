"""What an agency answers about the support of a case: measurements, plan, presence. Compartments as in answers.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.agency.assessment_view import AssessmentRow, gains
from samverkan.agency.plan_view import CaseActivityRow, CasePlanRow
from samverkan.agency.presence_view import AttendedDayRow, CasePresenceRow
from samverkan.agency.sharing import sealed
from samverkan.schemas.event import Compartment

Shown = frozenset[Compartment]


@dataclass(frozen=True)
class Texts:
    """What people wrote."""

    texts: Sequence[str]


@dataclass(frozen=True)
class ActivityAnswer:
    """Who does what by when, and what became of it."""

    activity_id: UUID
    responsible: str | None
    due_on: date | None
    state: str | None
    settled_on: date | None
    days_late: int | None
    drop_code: str | None
    employment: Texts | None
    health: Texts | None


@dataclass(frozen=True)
class PlanAnswer:
    """The plan: its current revision, who has signed it, and every activity that there ever was."""

    plan_id: UUID
    revision: int | None
    written_on: date | None
    parties: Sequence[str]
    signed_by: Sequence[str]
    waits_for: Sequence[str]
    agreed_revision: int | None
    agreed_on: date | None
    closed_on: date | None
    sealed: Sequence[str]
    employment: Texts | None
    health: Texts | None
    activities: Sequence[ActivityAnswer]


@dataclass(frozen=True)
class MissedShare:
    """How much of the day was missed, as a share."""

    absent: Decimal


@dataclass(frozen=True)
class AbsenceReason:
    """Why: a code of intake's list of reasons."""

    code: str


@dataclass(frozen=True)
class Attendance:
    """How much of the day the reported week says that the participant was there, as a share."""

    attended: Decimal


@dataclass(frozen=True)
class DayAnswer:
    """One day. `reported_on` and `same_day` are of its deviation; None: nobody reported one, or it was withdrawn."""

    case_id: UUID | None
    presence_id: UUID | None
    day: date | None
    told: str | None
    reported_on: date | None
    same_day: bool | None
    withdrawn_on: date | None
    employment: Attendance | None
    economy: MissedShare | None
    health: AbsenceReason | None


@dataclass(frozen=True)
class Weekdays:
    """The days of the week on which the participant is expected, 1 (Monday) to 7."""

    weekdays: Sequence[int]


@dataclass(frozen=True)
class PresenceAnswer:
    """One presence with its days."""

    presence_id: UUID
    placement_id: UUID | None
    activity: str | None
    starts_on: date | None
    ends_on: date | None
    told: str | None
    weeks_reported: int
    weeks_late: int
    weeks_corrected: int
    latest_week: date | None
    sealed: Sequence[str]
    employment: Weekdays | None
    days: Sequence[DayAnswer]


@dataclass(frozen=True)
class Scores:
    """Domain of life → score."""

    scores: Mapping[str, int]


@dataclass(frozen=True)
class AssessmentAnswer:
    """One shared assessment."""

    assessed_on: date | None
    instrument: str | None
    instrument_version: int | None
    occasion: str | None
    answered_by: Sequence[str]
    health: Scores | None


@dataclass(frozen=True)
class AssessmentsAnswer:
    """The assessments of a case by day. `health` of the whole: the change in each domain, the individual gain."""

    sealed: Sequence[str]
    health: Scores | None
    assessments: Sequence[AssessmentAnswer]


def plan(row: CasePlanRow, activities: Sequence[CaseActivityRow], shown: Shown) -> PlanAnswer:
    """The plan as it is shown with these compartments."""
    return PlanAnswer(
        plan_id=row.plan_id,
        revision=row.revision,
        written_on=row.written_on,
        parties=row.parties,
        signed_by=row.signed_by,
        waits_for=sorted(set(row.parties) - set(row.signed_by)),
        agreed_revision=row.agreed_revision,
        agreed_on=row.agreed_on,
        closed_on=row.closed_on,
        sealed=sealed(shown),
        employment=_texts(row.work_goals, Compartment.EMPLOYMENT, shown),
        health=_texts(row.health_goals, Compartment.HEALTH, shown),
        activities=[_activity(one, shown) for one in sorted(activities, key=lambda one: one.due_on or date.max)],
    )


def presence(row: CasePresenceRow, days: Sequence[AttendedDayRow], shown: Shown) -> PresenceAnswer:
    """The presence as it is shown with these compartments."""
    known = Compartment.EMPLOYMENT in shown and row.weekdays
    return PresenceAnswer(
        presence_id=row.presence_id,
        placement_id=row.placement_id,
        activity=row.activity,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        told=row.told,
        weeks_reported=row.weeks_reported,
        weeks_late=row.weeks_late,
        weeks_corrected=row.weeks_corrected,
        latest_week=row.latest_week,
        sealed=sealed(shown),
        employment=Weekdays(row.weekdays) if known else None,
        days=[day(one, shown) for one in days if one.presence_id == row.presence_id],
    )


def day(row: AttendedDayRow, shown: Shown) -> DayAnswer:
    """The day as it is shown with these compartments."""
    attended = row.attended if Compartment.EMPLOYMENT in shown else None
    absent = row.absent if Compartment.ECONOMY in shown else None
    code = row.code if Compartment.HEALTH in shown else None
    return DayAnswer(
        case_id=row.case_id,
        presence_id=row.presence_id,
        day=row.day,
        told=row.told,
        reported_on=row.reported_on,
        same_day=None if row.reported_on is None else row.reported_on == row.day,
        withdrawn_on=row.withdrawn_on,
        employment=None if attended is None else Attendance(attended),
        economy=None if absent is None else MissedShare(absent),
        health=None if code is None else AbsenceReason(code),
    )


def assessments(rows: Sequence[AssessmentRow], shown: Shown) -> AssessmentsAnswer:
    """The assessments as they are shown with these compartments."""
    readable = Compartment.HEALTH in shown
    changes = gains(rows) if readable else {}
    return AssessmentsAnswer(
        sealed=sealed(shown),
        health=Scores(changes) if changes else None,
        assessments=[
            AssessmentAnswer(
                row.assessed_on,
                row.instrument,
                row.instrument_version,
                row.occasion,
                row.answered_by,
                Scores(row.scores) if readable and row.scores is not None else None,
            )
            for row in sorted(rows, key=lambda one: one.assessed_on or date.min)
        ],
    )


def _activity(row: CaseActivityRow, shown: Shown) -> ActivityAnswer:
    return ActivityAnswer(
        activity_id=row.activity_id,
        responsible=row.responsible,
        due_on=row.due_on,
        state=row.state,
        settled_on=row.settled_on,
        days_late=row.days_late,
        drop_code=row.drop_code,
        employment=_texts(row.work, Compartment.EMPLOYMENT, shown),
        health=_texts(row.health, Compartment.HEALTH, shown),
    )


def _texts(texts: Sequence[str], compartment: Compartment, shown: Shown) -> Texts | None:
    return Texts(texts) if compartment in shown and texts else None
