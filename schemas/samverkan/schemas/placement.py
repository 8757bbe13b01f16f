"""Events of a placement agreement (topic samverkan.placement, published by placement)."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.participant import Programme
from samverkan.schemas.wire_enum import WireEnum


class UnionOpinion(WireEnum):
    """What the union answered before AF's stated reply date (SFS 2000:628 §9a); silence is an answer too."""

    YES = "yes"
    NO = "no"
    NO_REPLY = "no-reply"
    UNKNOWN = "unknown"


class Outcome(WireEnum):
    """How a placement ended."""

    JOB = "job"
    STUDY = "study"
    OTHER = "other"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class LongerGround(WireEnum):
    """Why a form without pay may last longer than its usual time (SFS 2007:414 §10)."""

    AFTER_450_DAYS = "after-450-days"
    REINFORCED = "reinforced"
    UNKNOWN = "unknown"


class ChangeKind(WireEnum):
    """What of an agreement changes."""

    HOURS = "hours"
    PAY = "pay"
    SHORTENED = "shortened"
    EXTENDED = "extended"
    SUPERVISOR = "supervisor"
    TASKS = "tasks"
    UNKNOWN = "unknown"


class AbsenceCause(WireEnum):
    """Why a placement is interrupted."""

    SICKNESS = "sickness"
    CARE_OF_CHILD = "care-of-child"
    LEAVE = "leave"
    OTHER = "other"
    UNKNOWN = "unknown"


class ReportKind(WireEnum):
    """What an employer reports. `absence` is one of more than fourteen days; its cause is never in the open."""

    END = "end"
    HOURS = "hours"
    ABSENCE = "absence"
    UNKNOWN = "unknown"


class Workplace(Sealed):
    """Where and what the participant works: protected identity makes it unreadable as a whole.

    `opening_id`: the employer's opening that the placement came from, if it came from one.
    """

    compartment: ClassVar = Compartment.EMPLOYMENT
    employer_number: str
    employer_name: str
    workplace: str
    supervisor: str
    tasks: Many[str] = ()
    opening_id: UUID | None = None


class Terms(Sealed):
    """Pay. `gross_per_month` in kronor at the agreed extent; `birth_year` decides the employer contributions."""

    compartment: ClassVar = Compartment.ECONOMY
    gross_per_month: Decimal
    birth_year: int


class ConsultationReason(Sealed):
    """Why AF goes on although the union said no (SFS 2000:628 §9a), in AF's words."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    reason: str


class OnBehalf(Sealed):
    """Why somebody else approved in a party's place."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    reason: str


class Cancellation(Sealed):
    """Why a placement never began."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    reason: str


class Absence(Sealed):
    """Why the participant is away."""

    compartment: ClassVar = Compartment.HEALTH
    cause: AbsenceCause


class Certificate(Sealed):
    """What the supervisor certifies after a placement without pay (intyg). `assessment` in the supervisor's words."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    employer_name: str
    workplace: str
    supervisor: str
    tasks: Many[str] = ()
    assessment: str | None = None


class PlacementProposed(Event):
    """A placement was drafted, or changed before its start; the parties must approve this revision of it.

    `revision` counts from 1, absent is 1. A later one takes back every approval; `keeps_consultation` and
    `keeps_decision` say whether the union's opinion and funding's decision still fit what is proposed now.
    `follows` is the placement that this one builds on, `step` its place in that chain, absent is 1.
    """

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    form: Open[Programme]
    starts_on: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    parties: Open[Many[str]]
    revision: Open[int | None] = None
    keeps_consultation: Open[bool | None] = None
    keeps_decision: Open[bool | None] = None
    follows: Open[UUID | None] = None
    step: Open[int | None] = None
    longer_ground: Open[LongerGround | None] = None
    employment: Workplace | None = None
    economy: Terms | None = None


class UnionConsulted(Event):
    """The union's opinion came, or AF's stated reply date passed. It is not a consent."""

    legal_basis: ClassVar = "SFS 2000:628 §9a, 2002:623 §11d"
    opinion: Open[UnionOpinion]
    consulted_on: Effective[date]
    reply_by: Open[date | None] = None
    employment: ConsultationReason | None = None


class UnionAsked(Event):
    """AF asked the union for its opinion and stated by when it must come (SFS 2000:628 §9a)."""

    legal_basis: ClassVar = "SFS 2000:628 §9a, 2002:623 §11d"
    asked_on: Effective[date]
    reply_by: Open[date]


class PlacementApproved(Event):
    """One party approved the agreement, or a change of it, as proposed in that revision; absent is revision 1.

    `on_behalf`: somebody else approved in the party's place; why stands in `employment`.
    """

    legal_basis: ClassVar = "SFS 2018:42"
    party: Open[str]
    approved_on: Effective[date]
    revision: Open[int | None] = None
    on_behalf: Open[bool | None] = None
    employment: OnBehalf | None = None


class PlacementAgreed(Event):
    """All parties approved the same revision: funding may be asked for. Repeats what a decision needs.

    `again`: an earlier revision had been agreed; who counts agreements counts this one no more.
    """

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    form: Open[Programme]
    starts_on: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    agreed_on: Effective[date]
    revision: Open[int | None] = None
    again: Open[bool | None] = None
    employment: Workplace | None = None
    economy: Terms | None = None


class DecisionRecorded(Event):
    """placement learnt funding's decision; the start guard rests on it. `ends_on`: the last day that it covers.

    `changed_on`: when funding changed it or revoked it, from `revoked_from` on, or took that back; absent: never.
    """

    legal_basis: ClassVar = "SFS 2018:42"
    compensation_id: Open[UUID]
    granted: Open[bool]
    decided_on: Open[date]
    ends_on: Open[date | None] = None
    changed_on: Open[date | None] = None
    revoked_from: Open[date | None] = None

    def effective_on(self) -> date:
        return self.changed_on or self.decided_on


class PlacementStarted(Event):
    """The participant's first day at the workplace."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    starts_on: Effective[date]


class PlacementCancelled(Event):
    """The placement will not begin. One that has begun ends with `PlacementEnded`."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    cancelled_on: Effective[date]
    employment: Cancellation | None = None


class PlacementInterrupted(Event):
    """The participant is away from this day on; the agreement stands. `expected_until` as far as it is known."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    interrupted_from: Effective[date]
    expected_until: Open[date | None] = None
    health: Absence | None = None


class PlacementResumed(Event):
    """The participant is back: `resumed_on` is the first day at the workplace again."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    interrupted_from: Open[date]
    resumed_on: Effective[date]


class PlacementChangeProposed(Event):
    """A change of a running placement was proposed: the parties must approve this revision. Nothing changes yet.

    What it will be from `applies_from` on, whole; `kinds` says what of it differs from what applies now.
    """

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    revision: Open[int]
    kinds: Open[Many[ChangeKind]]
    applies_from: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    employment: Workplace | None = None
    economy: Terms | None = None


class PlacementChangeDropped(Event):
    """A proposed change will not happen; what applied goes on."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    revision: Open[int]
    dropped_on: Effective[date]


class PlacementChanged(Event):
    """All parties approved a change of a running placement: what applies from `applies_from` on, whole.

    A change of hours, pay or last day concerns funding's decision (SFS 2018:42 §33). Its last day is never later than
    before: longer is `PlacementExtended`.
    """

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    revision: Open[int]
    kinds: Open[Many[ChangeKind]]
    applies_from: Effective[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    agreed_on: Open[date]
    employment: Workplace | None = None
    economy: Terms | None = None


class PlacementExtensionAgreed(Event):
    """All parties approved a longer time: funding may be asked for the new decision that it needs.

    `applies_from` is the day after the last day that applies now.
    """

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    revision: Open[int]
    form: Open[Programme]
    applies_from: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    agreed_on: Effective[date]
    employment: Workplace | None = None
    economy: Terms | None = None


class PlacementExtended(Event):
    """The placement goes on until `ends_on`: all have agreed, and funding has decided where the form needs it."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    revision: Open[int]
    applies_from: Effective[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    employment: Workplace | None = None
    economy: Terms | None = None


class PlacementChangeReported(Event):
    """The employer reported a change and has `receipt_id` for it (SFS 2018:42 §33). What follows are own events.

    `extent` for a report of hours; `expected_until` for one of absence. Why somebody is away stands in `health`.
    """

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    receipt_id: Open[UUID]
    kind: Open[ReportKind]
    applies_from: Open[date]
    reported_on: Effective[date]
    extent: Open[Decimal | None] = None
    expected_until: Open[date | None] = None
    outcome: Open[Outcome | None] = None
    health: Absence | None = None


class PlacementEnded(Event):
    """The participant's last day at the workplace, and how it went on from there."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    last_day_on: Effective[date]
    outcome: Open[Outcome]


class PlacementEndCorrected(Event):
    """The end had been recorded wrongly: this is the last day and the outcome, and what was said before does not hold.

    A certificate of another last day does not hold either.
    """

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    last_day_on: Open[date]
    outcome: Open[Outcome]
    was_last_day_on: Open[date]
    was_outcome: Open[Outcome]
    corrected_on: Open[date]

    def effective_on(self) -> date:
        return min(self.last_day_on, self.was_last_day_on)


class CertificateIssued(Event):
    """The supervisor certified what the participant did at a placement without pay."""

    legal_basis: ClassVar = "SFS 2000:634"
    case_id: Open[UUID]
    issued_on: Effective[date]
    started_on: Open[date]
    last_day_on: Open[date]
    extent: Open[Decimal]
    employment: Certificate | None = None


class PlacementReactionRefused(Event):
    """What another service's event asked of this stream was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "SFS 2018:42"
    command: Open[str]
    code: Open[str]
