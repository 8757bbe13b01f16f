"""Events of a placement agreement (topic samverkan.placement, published by placement)."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Event, Many, Open, Sealed
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


class Workplace(Sealed):
    """Where and what the participant works: protected identity makes it unreadable as a whole."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    employer_number: str
    employer_name: str
    workplace: str
    supervisor: str
    tasks: Many[str] = ()


class Terms(Sealed):
    """Pay. `gross_per_month` in kronor at the agreed extent; `birth_year` decides the employer contributions."""

    compartment: ClassVar = Compartment.ECONOMY
    gross_per_month: Decimal
    birth_year: int


class ConsultationReason(Sealed):
    """Why AF goes on although the union said no (SFS 2000:628 §9a), in AF's words."""

    compartment: ClassVar = Compartment.EMPLOYMENT
    reason: str


class PlacementProposed(Event):
    """A placement was drafted; the parties named in `parties` must approve this version of it."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    form: Open[Programme]
    starts_on: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    parties: Open[Many[str]]
    employment: Workplace | None = None
    economy: Terms | None = None


class UnionConsulted(Event):
    """The union's opinion came, or AF's stated reply date passed. It is not a consent."""

    legal_basis: ClassVar = "SFS 2000:628 §9a, 2002:623 §11d"
    opinion: Open[UnionOpinion]
    consulted_on: Open[date]
    reply_by: Open[date | None] = None
    employment: ConsultationReason | None = None

    def effective_on(self) -> date:
        return self.consulted_on


class PlacementApproved(Event):
    """One party approved the agreement as proposed."""

    legal_basis: ClassVar = "SFS 2018:42"
    party: Open[str]
    approved_on: Open[date]

    def effective_on(self) -> date:
        return self.approved_on


class PlacementAgreed(Event):
    """All parties approved the same version: funding may be asked for. Repeats what a decision needs."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    form: Open[Programme]
    starts_on: Open[date]
    ends_on: Open[date]
    extent: Open[Decimal]
    agreed_on: Open[date]
    employment: Workplace | None = None
    economy: Terms | None = None

    def effective_on(self) -> date:
        return self.agreed_on


class DecisionRecorded(Event):
    """placement learnt funding's decision; the start guard rests on it."""

    legal_basis: ClassVar = "SFS 2018:42"
    compensation_id: Open[UUID]
    granted: Open[bool]
    decided_on: Open[date]

    def effective_on(self) -> date:
        return self.decided_on


class PlacementStarted(Event):
    """The participant's first day at the workplace."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    starts_on: Open[date]

    def effective_on(self) -> date:
        return self.starts_on


class PlacementEnded(Event):
    """The participant's last day at the workplace, and how it went on from there."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    case_id: Open[UUID]
    last_day_on: Open[date]
    outcome: Open[Outcome]

    def effective_on(self) -> date:
        return self.last_day_on


class PlacementReactionRefused(Event):
    """What another service's event asked of the agreement was refused by its rules: an outcome, not a failure."""

    legal_basis: ClassVar = "SFS 2018:42"
    command: Open[str]
    code: Open[str]
