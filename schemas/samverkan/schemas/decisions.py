"""What becomes of a decision on compensation (topic samverkan.funding): changed, revoked, reviewed, appealed, ended."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Compartment, Effective, Event, Open, Sealed
from samverkan.schemas.funding import DecidedAmounts
from samverkan.schemas.wire_enum import WireEnum


class Party(WireEnum):
    """Whom a decision concerns, and who may therefore ask for a review of it."""

    EMPLOYER = "employer"
    PARTICIPANT = "participant"
    UNKNOWN = "unknown"


class ReviewOutcome(WireEnum):
    """What the review came to."""

    UPHELD = "upheld"
    CHANGED = "changed"
    UNKNOWN = "unknown"


class AppealOutcome(WireEnum):
    """What the court said."""

    REJECTED = "rejected"
    GRANTED = "granted"
    REMANDED = "remanded"
    UNKNOWN = "unknown"


class Pay(Sealed):
    """Kronor a month at the extent that it is stated with."""

    compartment: ClassVar = Compartment.ECONOMY
    gross_per_month: Decimal


class Reason(Sealed):
    """Why, in the words of who prepared it."""

    compartment: ClassVar = Compartment.ECONOMY
    reason: str


class DecisionReceived(Event):
    """A party has received the latest decision: until `review_by` it may ask for a review, or appeal the review."""

    legal_basis: ClassVar = "SFS 2017:900 §§33, 44"
    receiver: Open[Party]
    received_on: Effective[date]
    review_by: Open[date]


class AmendmentNeeded(Event):
    """The employment changed: from `valid_from` on the decision should say this. Somebody has to decide it."""

    legal_basis: ClassVar = "SFS 2018:42 §33"
    valid_from: Effective[date]
    extent: Open[Decimal]
    ends_on: Open[date]
    economy: Pay | None = None


class AmendmentPrepared(Event):
    """A handläggare prepared a change of the decision from `valid_from`; what stays is absent."""

    legal_basis: ClassVar = "SFS 2018:42"
    prepared_by: Open[str]
    prepared_on: Effective[date]
    valid_from: Open[date]
    extent: Open[Decimal | None] = None
    ends_on: Open[date | None] = None
    economy: Pay | None = None


class CompensationAmended(Event):
    """The decision was changed from `valid_from`. The rule version stays that of the decision.

    `extent`, `ends_on` and the amounts are those that hold from then on, changed or not.
    """

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    placement_id: Open[UUID]
    decided_on: Effective[date]
    prepared_by: Open[str]
    attested_by: Open[str]
    valid_from: Open[date]
    extent: Open[Decimal]
    ends_on: Open[date]
    rule_version: Open[str]
    economy: DecidedAmounts | None = None


class RevocationPrepared(Event):
    """A handläggare prepared that the decision is revoked from `revoked_from`."""

    legal_basis: ClassVar = "SFS 2018:42"
    prepared_by: Open[str]
    prepared_on: Effective[date]
    revoked_from: Open[date]
    ground: Open[str]


class CompensationRevoked(Event):
    """The decision was revoked: no day from `revoked_from` on is supported."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    placement_id: Open[UUID]
    decided_on: Effective[date]
    prepared_by: Open[str]
    attested_by: Open[str]
    revoked_from: Open[date]
    ground: Open[str]


class RevocationLifted(Event):
    """A review or a court took the revocation back: it is as if it had never been decided."""

    legal_basis: ClassVar = "SFS 2018:42, 2017:900"
    case_id: Open[UUID]
    placement_id: Open[UUID]
    lifted_on: Effective[date]


class CompensationExpired(Event):
    """The decided period is over; its months can still be claimed and corrected."""

    legal_basis: ClassVar = "SFS 2018:42"
    case_id: Open[UUID]
    placement_id: Open[UUID]
    ended_on: Effective[date]


class ReviewRequested(Event):
    """A party asked for a review (omprövning) of the latest decision, in time."""

    legal_basis: ClassVar = "SFS 2018:42, 2017:900"
    requested_by: Open[Party]
    requested_on: Effective[date]


class ReviewDecided(Event):
    """Somebody who had taken no part reviewed the decision; what it changed stands before it as events of their own."""

    legal_basis: ClassVar = "SFS 2018:42, 2017:900"
    reviewed_by: Open[str]
    decided_on: Effective[date]
    outcome: Open[ReviewOutcome]
    economy: Reason | None = None


class DecisionAppealed(Event):
    """A party appealed the reviewed decision to the administrative court."""

    legal_basis: ClassVar = "SFS 2017:900 §§40–44"
    appealed_by: Open[Party]
    appealed_on: Effective[date]


class AppealJudged(Event):
    """The court's outcome. A refusal that was not upheld is decided anew: the application is open again."""

    legal_basis: ClassVar = "SFS 2017:900 §§40–44"
    judged_on: Effective[date]
    outcome: Open[AppealOutcome]
