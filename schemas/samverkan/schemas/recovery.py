"""Claims that turn out wrong (topic samverkan.funding): correction, hearing, recovery and the ways to settle it.

The sections within SFS 2018:42 §§34–39 have not been read one by one: the block that holds them is cited.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.decisions import Reason
from samverkan.schemas.event import Compartment, Effective, Event, Many, Open, Sealed
from samverkan.schemas.funding import ClaimBasis, ClaimLine
from samverkan.schemas.wire_enum import WireEnum


class CorrectionCause(WireEnum):
    """What made a computed month wrong."""

    EMPLOYMENT_ENDED = "employment-ended"
    EMPLOYMENT_CHANGED = "employment-changed"
    DECISION_CHANGED = "decision-changed"
    RETURN_CORRECTED = "return-corrected"
    MISCALCULATED = "miscalculated"
    UNKNOWN = "unknown"


class Fault(WireEnum):
    """Why the employer has to repay (SFS 2018:42 §§34–39): it caused the error, or should have seen it."""

    CAUSED = "caused"
    SHOULD_HAVE_SEEN = "should-have-seen"
    UNKNOWN = "unknown"


class CorrectedAmounts(Sealed):
    """A work month computed again, kronor. `difference` is its credit less that of before.

    `recovery_cancelled`: what was still owed under an earlier recovery decision on the month, which falls with this.
    `waiver_cancelled`: what had been waived and turns out not to have been too much.
    """

    compartment: ClassVar = Compartment.ECONOMY
    gross_paid: Decimal
    cost: Decimal
    credit: Decimal
    own_cost: Decimal
    difference: Decimal
    recovery_cancelled: Decimal
    lines: Many[ClaimLine]
    waiver_cancelled: Decimal | None = None


class Kronor(Sealed):
    """An amount in kronor."""

    compartment: ClassVar = Compartment.ECONOMY
    amount: Decimal


class SetOff(Sealed):
    """What was set off, kronor, and what had been reserved besides and is free again."""

    compartment: ClassVar = Compartment.ECONOMY
    amount: Decimal
    released: Decimal | None = None


class Waived(Sealed):
    """What is never asked back, kronor; `of_recovery` is the part that a recovery decision had asked for."""

    compartment: ClassVar = Compartment.ECONOMY
    amount: Decimal
    of_recovery: Decimal


class Instalment(Sealed):
    """One part of a recovery: by `due_on`, kronor. Interest is on what is owed until then."""

    compartment: ClassVar = Compartment.ECONOMY
    due_on: date
    principal: Decimal
    interest: Decimal


class Schedule(Sealed):
    """All instalments of a recovery."""

    compartment: ClassVar = Compartment.ECONOMY
    instalments: Many[Instalment]


class Repaid(Sealed):
    """What a payment covered, kronor."""

    compartment: ClassVar = Compartment.ECONOMY
    principal: Decimal
    interest: Decimal


class EmploymentEndNoted(Event):
    """funding learnt the last day at the workplace: no day after it is supported."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    last_day_on: Effective[date]


class CorrectionNeeded(Event):
    """A computed month is wrong in the light of what became known; somebody has to compute it again."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    work_month: Open[date]
    cause: Open[CorrectionCause]


class CorrectionPrepared(Event):
    """A handläggare prepared the correction of a month; somebody else must attest it."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    work_month: Open[date]
    prepared_by: Open[str]
    prepared_on: Effective[date]
    cause: Open[CorrectionCause]
    started_on: Open[date]
    last_day_on: Open[date | None] = None
    economy: ClaimBasis | None = None


class ClaimCorrected(Event):
    """The month was computed again under the decision's rule version. Without supported days both ends are absent."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    case_id: Open[UUID]
    work_month: Open[date]
    decided_on: Effective[date]
    prepared_by: Open[str]
    attested_by: Open[str]
    cause: Open[CorrectionCause]
    rule_version: Open[str]
    credit_by: Open[date]
    supported_from: Open[date | None] = None
    supported_until: Open[date | None] = None
    economy: CorrectedAmounts | None = None


class HearingOpened(Event):
    """The employer was told of the overpayment and may answer until `answer_by`."""

    legal_basis: ClassVar = "SFS 2017:900 §25"
    work_month: Open[date]
    sent_on: Effective[date]
    answer_by: Open[date]


class HearingAnswered(Event):
    """The employer answered."""

    legal_basis: ClassVar = "SFS 2017:900 §25"
    work_month: Open[date]
    answered_on: Effective[date]
    agrees: Open[bool]
    economy: Reason | None = None


class RecoveryPrepared(Event):
    """A handläggare prepared that the overpayment is asked back."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    work_month: Open[date]
    prepared_by: Open[str]
    prepared_on: Effective[date]
    fault: Open[Fault]


class RecoveryDecided(Event):
    """The employer must repay what a month gave too much."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    case_id: Open[UUID]
    work_month: Open[date]
    decided_on: Effective[date]
    prepared_by: Open[str]
    attested_by: Open[str]
    fault: Open[Fault]
    rule_version: Open[str]
    economy: Kronor | None = None


class WaiverPrepared(Event):
    """A handläggare prepared that what is left of the overpayment is never asked back."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    work_month: Open[date]
    prepared_by: Open[str]
    prepared_on: Effective[date]
    ground: Open[str]
    economy: Reason | None = None


class RecoveryWaived(Event):
    """What was left of the overpayment is never asked back."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    case_id: Open[UUID]
    work_month: Open[date]
    decided_on: Effective[date]
    prepared_by: Open[str]
    attested_by: Open[str]
    ground: Open[str]
    economy: Waived | None = None


class SetOffReserved(Event):
    """A part of the recovery is to be taken from a later credit of the same employer; it can be taken nowhere else."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    set_off_id: Open[UUID]
    work_month: Open[date]
    from_compensation: Open[UUID]
    from_month: Open[date]
    economy: Kronor | None = None


class CreditWithheld(Event):
    """A part of this month's credit is kept to settle the recovery of another month of the same employer."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    set_off_id: Open[UUID]
    work_month: Open[date]
    recovery_of: Open[UUID]
    recovery_month: Open[date]
    economy: Kronor | None = None


class WithholdingDeclined(Event):
    """Nothing of this month's credit is kept for that recovery, ever: `code` says why. Another set-off may be tried."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    set_off_id: Open[UUID]
    work_month: Open[date]
    recovery_of: Open[UUID]
    recovery_month: Open[date]
    code: Open[str]


class RecoverySetOff(Event):
    """The recovery has been reduced by what was withheld from the other credit; `released` is what could not be."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    case_id: Open[UUID]
    set_off_id: Open[UUID]
    work_month: Open[date]
    from_compensation: Open[UUID]
    from_month: Open[date]
    economy: SetOff | None = None


class SetOffReleased(Event):
    """Nothing could be withheld from the other credit; `code` says why. The part is owed as before."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    set_off_id: Open[UUID]
    work_month: Open[date]
    code: Open[str]
    economy: Kronor | None = None


class InstalmentsAgreed(Event):
    """The recovery is repaid in parts, with interest at `rate` a year."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    work_month: Open[date]
    agreed_on: Effective[date]
    rate: Open[Decimal]
    rate_source: Open[str]
    economy: Schedule | None = None


class RepaymentReceived(Event):
    """The employer repaid a part; `reference` is that of the payment, unique within the recovery."""

    legal_basis: ClassVar = "SFS 2018:42 §§34–39"
    work_month: Open[date]
    paid_on: Effective[date]
    reference: Open[str]
    economy: Repaid | None = None


class WrongPaymentNoticePrepared(Event):
    """A notice to another authority that it may have paid wrongly is ready, with its ground."""

    legal_basis: ClassVar = "SFS 2008:206"
    recipient: Open[str]
    ground: Open[str]
    noticed_on: Effective[date]
    prepared_by: Open[str]
    work_month: Open[date | None] = None


class ReopeningPrepared(Event):
    """A handläggare prepared that a forfeited month is paid all the same, for särskilda skäl."""

    legal_basis: ClassVar = "SFS 2018:42 §31"
    work_month: Open[date]
    prepared_by: Open[str]
    prepared_on: Effective[date]
    ground: Open[str]
    economy: Reason | None = None


class ClaimReopened(Event):
    """A forfeited month is paid all the same; what it gives follows as ClaimCalculated."""

    legal_basis: ClassVar = "SFS 2018:42 §31"
    case_id: Open[UUID]
    work_month: Open[date]
    decided_on: Effective[date]
    prepared_by: Open[str]
    attested_by: Open[str]
    ground: Open[str]
