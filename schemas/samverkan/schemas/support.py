"""Events of the support that a case gets: measurements, the plan and presence (topic samverkan.participant).

Each is a stream of its own beside the case's. What stands in a plan and why somebody was absent is nobody's open
business: texts and the reasons of absence lie in compartments. The reason of an absence is always health, whatever it
is: a reason that stood elsewhere when it is not health would tell of every other one that it is.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed


class GivenAnswers(Sealed):
    """Answers of one agency: question → the step of the instrument's scale."""

    compartment: ClassVar = Compartment.HEALTH
    answers: dict[str, int]


class MeasuredScores(Sealed):
    """Domain of life → score, as the instrument's version counts the answers."""

    compartment: ClassVar = Compartment.HEALTH
    scores: dict[str, int]


class WorkTexts(Sealed):
    """What concerns work and study, in people's own words: goals of a plan, or what one activity is and came to."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    texts: Many[str]


class HealthTexts(Sealed):
    """The same, where it concerns health."""

    compartment: ClassVar = Compartment.HEALTH
    texts: Many[str]


class ScheduledWeek(Sealed):
    """The days of the week on which the participant is expected, 1 (Monday) to 7."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    weekdays: Many[int]


class AttendedDay(Sealed):
    """One expected day; `absent` is the share of it that was missed, 0 when the participant was there all day."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    day: date
    absent: Decimal


class AttendedWeek(Sealed):
    """The expected days of one week."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    days: Many[AttendedDay]


class AbsenceReason(Sealed):
    """Why a day was missed: a code of intake's list of reasons."""

    compartment: ClassVar = Compartment.HEALTH
    day: date
    code: str


class AbsenceReasons(Sealed):
    """Why days of one week were missed."""

    compartment: ClassVar = Compartment.HEALTH
    days: Many[AbsenceReason]


class MissedShare(Sealed):
    """How much of the day was missed, as a share: what a daily allowance is reduced by."""

    compartment: ClassVar = Compartment.ECONOMY
    absent: Decimal


class MeasurementOpened(Event):
    """The shared assessment is due: agencies answer their parts. `occasion`: start, quarterly, exit or extra."""

    legal_basis: ClassVar = "OSL 10:1"
    case_id: Open[UUID]
    instrument: Open[str]
    instrument_version: Open[int]
    occasion: Open[str]
    due_on: Open[date]


class MeasurementAnswered(Event):
    """One agency answered its part, or answered it anew: the later answer to a question holds."""

    legal_basis: ClassVar = "OSL 10:1"
    case_id: Open[UUID]
    answered_by: Open[str]
    answered_on: Effective[date]
    health: GivenAnswers | None = None


class MeasurementCompleted(Event):
    """Every question has its answer: it can be recorded as the case's assessment."""

    legal_basis: ClassVar = "OSL 10:1"
    case_id: Open[UUID]
    instrument: Open[str]
    instrument_version: Open[int]
    occasion: Open[str]
    assessed_on: Effective[date]
    answered_by: Open[Many[str]]
    health: MeasuredScores | None = None


class MeasurementCancelled(Event):
    """This measurement will not be made; `code` says why."""

    legal_basis: ClassVar = "OSL 10:1"
    case_id: Open[UUID]
    cancelled_on: Effective[date]
    code: Open[str]


class PlanWritten(Event):
    """A revision of the plan: its goals, and who signs. Signatures of earlier revisions do not hold for it."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    revision: Open[int]
    written_on: Effective[date]
    parties: Open[Many[str]]
    employment: WorkTexts | None = None
    health: HealthTexts | None = None


class ActivityPlanned(Event):
    """This revision has the activity: who does it by when. The same activity in a later revision is told again."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    revision: Open[int]
    activity_id: Open[UUID]
    responsible: Open[str]
    due_on: Open[date]
    employment: WorkTexts | None = None
    health: HealthTexts | None = None


class ActivityDone(Event):
    """The activity was carried out, `days_late` after its day."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    activity_id: Open[UUID]
    done_on: Effective[date]
    days_late: Open[int]
    employment: WorkTexts | None = None
    health: HealthTexts | None = None


class ActivityDropped(Event):
    """The activity will not be carried out; `code` says why, in general words."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    activity_id: Open[UUID]
    dropped_on: Effective[date]
    code: Open[str]
    employment: WorkTexts | None = None
    health: HealthTexts | None = None


class PlanSigned(Event):
    """One party signed this revision. `on_behalf`: another one signed for it, and health says why."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    revision: Open[int]
    party: Open[str]
    signed_on: Effective[date]
    on_behalf: Open[bool]
    health: HealthTexts | None = None


class PlanAgreed(Event):
    """Every party has signed this revision: it holds from now on, until a later one does."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    revision: Open[int]
    agreed_on: Effective[date]


class PlanClosed(Event):
    """The plan has ended; `code` says how. What is undone in it is due no more."""

    legal_basis: ClassVar = "OSL 10:1, 12:2"
    case_id: Open[UUID]
    closed_on: Effective[date]
    code: Open[str]


class PresenceOpened(Event):
    """Presence is reported from this day. `told` is the agency that deviations reach: af or fk."""

    legal_basis: ClassVar = "OSL 10:1, SFS 2017:819"
    case_id: Open[UUID]
    placement_id: Open[UUID | None] = None
    activity: Open[str]
    starts_on: Effective[date]
    ends_on: Open[date | None] = None
    told: Open[str]
    employment: ScheduledWeek | None = None


class PresenceScheduled(Event):
    """From this Monday on the participant is expected on other days of the week."""

    legal_basis: ClassVar = "OSL 10:1, SFS 2017:819"
    case_id: Open[UUID]
    placement_id: Open[UUID | None] = None
    from_on: Effective[date]
    employment: ScheduledWeek | None = None


class WeekReported(Event):
    """The presence of one week, named by its Monday. `due_on` is the last day to report it in time."""

    legal_basis: ClassVar = "OSL 10:1, SFS 2017:819"
    case_id: Open[UUID]
    placement_id: Open[UUID | None] = None
    week: Open[date]
    reported_on: Open[date]
    due_on: Open[date]
    employment: AttendedWeek | None = None
    health: AbsenceReasons | None = None


class WeekCorrected(Event):
    """What was reported of this week was wrong: this holds instead, the whole week anew. `code` says why."""

    legal_basis: ClassVar = "OSL 10:1, SFS 2017:819"
    case_id: Open[UUID]
    placement_id: Open[UUID | None] = None
    week: Open[date]
    corrected_on: Open[date]
    code: Open[str]
    employment: AttendedWeek | None = None
    health: AbsenceReasons | None = None


class DeviationReported(Event):
    """The participant was expected on this day and was absent. `told` must know the same day: reported_on = day."""

    legal_basis: ClassVar = "SFS 2002:623 §6a, SFS 2017:819"
    case_id: Open[UUID]
    placement_id: Open[UUID | None] = None
    activity: Open[str]
    day: Effective[date]
    reported_on: Open[date]
    told: Open[str]
    economy: MissedShare | None = None
    health: AbsenceReason | None = None


class DeviationWithdrawn(Event):
    """What was reported of this day was wrong: the participant was there, or was not expected."""

    legal_basis: ClassVar = "SFS 2002:623 §6a, SFS 2017:819"
    case_id: Open[UUID]
    placement_id: Open[UUID | None] = None
    day: Effective[date]
    withdrawn_on: Open[date]
    told: Open[str]


class PresenceEnded(Event):
    """The last day on which presence is reported."""

    legal_basis: ClassVar = "OSL 10:1, SFS 2017:819"
    case_id: Open[UUID]
    placement_id: Open[UUID | None] = None
    ends_on: Effective[date]


class SupportReactionRefused(Event):
    """What another service's event asked of a measurement, a plan or presence was refused: an outcome, no failure."""

    legal_basis: ClassVar = "OSL 10:1"
    command: Open[str]
    code: Open[str]
