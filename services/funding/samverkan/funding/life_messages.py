"""Bodies of what happens after a decision. Kronor as decimal strings; texts of people stay sealed."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from samverkan.backbone.http.body import Body, Day, Extent, Kronor
from samverkan.backbone.http.fields import Passage
from samverkan.funding.compensation.instalments import MOST_INSTALMENTS
from samverkan.funding.compensation.notice import NoticeGround, Recipient
from samverkan.funding.compensation.recovery import WaiverGround
from samverkan.funding.compensation.reopening import ReopeningGround
from samverkan.funding.compensation.revocation import RevocationGround

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A payment's own reference, as a bank or list writes it."""


class PartyName(StrEnum):
    """Whom a decision concerns."""

    EMPLOYER = "employer"
    PARTICIPANT = "participant"


class ReviewResult(StrEnum):
    """What a review came to."""

    UPHELD = "upheld"
    CHANGED = "changed"


class CourtResult(StrEnum):
    """What the court said."""

    REJECTED = "rejected"
    GRANTED = "granted"
    REMANDED = "remanded"


class Cause(StrEnum):
    """What made a computed month wrong."""

    EMPLOYMENT_ENDED = "employment-ended"
    EMPLOYMENT_CHANGED = "employment-changed"
    DECISION_CHANGED = "decision-changed"
    RETURN_CORRECTED = "return-corrected"
    MISCALCULATED = "miscalculated"


class FaultName(StrEnum):
    """Whether the employer has to repay."""

    CAUSED = "caused"
    SHOULD_HAVE_SEEN = "should-have-seen"
    NONE = "none"


class PrepareBody(Body):
    prepared_on: Day


class AttestBody(Body):
    decided_on: Day


class ChangeBody(Body):
    """What holds from `valid_from`; what is left out stays. An extension is a new decision."""

    valid_from: Day
    extent: Extent | None = None
    gross_per_month: Kronor | None = None
    ends_on: Day | None = None


class AmendmentBody(ChangeBody):
    prepared_on: Day


class RevocationBody(Body):
    prepared_on: Day
    revoked_from: Day
    ground: RevocationGround


class ReceiptBody(Body):
    receiver: PartyName
    received_on: Day


class RequestBody(Body):
    """A party asks for a review, or appeals."""

    party: PartyName
    on: Day


class ReviewBody(Body):
    """`change` only for a granted decision that is changed. `reason`: why, as the letter tells the parties."""

    decided_on: Day
    outcome: ReviewResult
    change: ChangeBody | None = None
    reason: Passage | None = None


class JudgmentBody(Body):
    judged_on: Day
    outcome: CourtResult


class NoticeBody(Body):
    recipient: Recipient
    ground: NoticeGround
    noticed_on: Day
    work_month: Day | None = None


class ReopeningBody(Body):
    prepared_on: Day
    ground: ReopeningGround
    reason: Passage


class CorrectionBody(Body):
    """`gross_paid` is what was paid for the supported days; the employment's days are those that placement told."""

    prepared_on: Day
    gross_paid: Kronor
    cause: Cause


class HearingBody(Body):
    sent_on: Day
    answer_by: Day


class AnswerBody(Body):
    answered_on: Day
    agrees: bool
    remarks: Passage | None = None


class RecoveryBody(Body):
    prepared_on: Day
    fault: FaultName


class WaiverBody(Body):
    prepared_on: Day
    ground: WaiverGround
    reason: Passage


class SetOffBody(Body):
    """The later credit: of which compensation of the same employer, and which month. `at_most`: all when left out."""

    from_compensation: UUID
    from_month: Day
    at_most: Kronor | None = None


class InstalmentsBody(Body):
    """`lending_rate`: the published state lending rate as a share, `0.0196`, when its week is not known here."""

    agreed_on: Day
    first_due_on: Day
    count: int = Field(ge=1, le=MOST_INSTALMENTS)
    lending_rate: Annotated[Decimal, Field(ge=-1, le=1, max_digits=6, decimal_places=4)] | None = None


class RepaymentBody(Body):
    amount: Kronor
    paid_on: Day
    reference: Reference


class SeenBody(Body):
    """A payment that the employer saw on its tax account or in AF's payment list."""

    work_month: Day
    amount: Kronor
    booked_on: Day
    reference: Reference


class OrderBody(Body):
    """Every computed claim that is to be credited by this day and stands in no order."""

    credit_by: Day
