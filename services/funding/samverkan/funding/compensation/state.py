"""A compensation as its events left it: one stream per placement and decided period, its claims inside. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from samverkan.funding.compensation.claim_state import Claim
from samverkan.schemas import event as wire
from samverkan.schemas.decisions import AmendmentNeeded, AppealOutcome, Party, ReviewOutcome
from samverkan.schemas.funding import Basis, Employer
from samverkan.schemas.participant import Programme


class State(StrEnum):
    """Where the decision stands. A claim has a state of its own."""

    NONE = "none"
    APPLIED = "applied"
    CHECKED = "checked"
    GRANTED = "granted"
    REFUSED = "refused"
    AMENDED = "amended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNDER_REVIEW = "under_review"
    APPEALED = "appealed"


@dataclass(frozen=True)
class Application:
    """What was applied for. `economy` is None when its keys are gone: then nothing can be computed any more."""

    case_id: UUID
    placement_id: UUID
    form: Programme
    starts_on: date
    ends_on: date
    extent: Decimal
    pay_months_later: int
    applied_on: date
    economy: Basis | None
    employment: Employer | None = None
    extends: UUID | None = None
    bank_ground: str | None = None


@dataclass(frozen=True)
class Check:
    """Who prepared the decision, and when."""

    prepared_by: str
    checked_on: date


@dataclass(frozen=True)
class Decision:
    """What was decided. A refusal has a `refusal_code` and no rule version."""

    decided_on: date
    attested_by: str | None
    rule_version: str | None = None
    refusal_code: str | None = None


@dataclass(frozen=True)
class Amendment:
    """What holds from `valid_from` until the next amendment or the end. Kronor a month; None: its key is gone."""

    valid_from: date
    extent: Decimal
    gross_per_month: Decimal | None


@dataclass(frozen=True)
class Review:
    """A review that was asked for; without an outcome it goes on."""

    requested_by: Party
    requested_on: date
    decided_on: date | None = None
    outcome: ReviewOutcome | None = None


@dataclass(frozen=True)
class Appeal:
    """An appeal; without an outcome it lies with the court."""

    appealed_by: Party
    appealed_on: date
    judged_on: date | None = None
    outcome: AppealOutcome | None = None


@dataclass(frozen=True)
class Prepared:
    """What one person has prepared and another one must attest: the event that says it."""

    by: str
    on: date
    event: wire.Event


@dataclass(frozen=True)
class Compensation:
    """The decision, what became of it, and claims by the first day of their work month.

    `prepared` and `attested` are by matter (two_persons.py). `took_part`: who decided, and may not review it.
    `receipts`: the last day of each party to ask for a review of the latest decision.
    """

    application: Application | None = None
    check: Check | None = None
    decision: Decision | None = None
    amendments: tuple[Amendment, ...] = ()
    amended_ends_on: date | None = None
    revoked_from: date | None = None
    expired_on: date | None = None
    ended_on: date | None = None
    change_needed: AmendmentNeeded | None = None
    receipts: Mapping[Party, tuple[date, date]] = field(default_factory=dict)
    review: Review | None = None
    appeal: Appeal | None = None
    prepared: Mapping[str, Prepared] = field(default_factory=dict)
    attested: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    took_part: frozenset[str] = frozenset()
    notices: frozenset[tuple[str, str, date, date | None]] = frozenset()
    claims: Mapping[date, Claim] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """Where the decision stands."""
        if self.application is None:
            return State.NONE
        if self.decision is None:
            return State.APPLIED if self.check is None else State.CHECKED
        if self.appeal is not None and self.appeal.outcome is None:
            return State.APPEALED
        if self.review is not None and self.review.outcome is None:
            return State.UNDER_REVIEW
        if self.decision.refusal_code is not None:
            return State.REFUSED
        if self.revoked_from is not None:
            return State.REVOKED
        if self.expired_on is not None:
            return State.EXPIRED
        return State.AMENDED if self.amendments or self.amended_ends_on else State.GRANTED

    def with_prepared(self, matter: str, prepared: Prepared) -> "Compensation":
        """Somebody prepared the matter; what was prepared before is replaced."""
        return replace(self, prepared={**self.prepared, matter: prepared})

    def with_attested(self, matter: str, by: str, on: date) -> "Compensation":
        """The matter is no longer prepared but attested, by whom and on which day."""
        prepared = {key: value for key, value in self.prepared.items() if key != matter}
        return replace(self, prepared=prepared, attested={**self.attested, matter: (by, on)})

    @property
    def ends_on(self) -> date | None:
        """The last decided day, revocation aside."""
        if self.application is None:
            return None
        return self.amended_ends_on or self.application.ends_on
