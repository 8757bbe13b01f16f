"""What funding tells of an employer's supports, and what participants share for matching. Pure folds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked, RevocationLifted
from samverkan.schemas.funding import (
    ClaimCredited,
    ClaimSubmitted,
    CompensationApplied,
    CompensationApproved,
    CompensationRefused,
    DecidedAmounts,
)
from samverkan.schemas.opening import ProfileShared


@dataclass(frozen=True)
class SupportRow:
    """A compensation: `state` is applied, granted, refused or revoked; kronor per month, and credited until now.

    `ends_on` and `credit_per_month` are those of the decision as it was changed last; `revoked_from` is the first day
    that it does not cover any more. `last_claimed`: the first day of the latest claimed work month.
    """

    compensation_id: UUID
    placement_id: UUID | None = None
    state: str | None = None
    applied_on: date | None = None
    decided_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    credit_per_month: Decimal | None = None
    credited: Decimal = Decimal(0)
    last_claimed: date | None = None
    revoked_from: date | None = None

    @property
    def until(self) -> date | None:
        """The last supported day; None while nothing was granted, and when all of it was revoked."""
        if self.state == "granted":
            return self.ends_on
        if self.revoked_from is None or self.starts_on is None or self.revoked_from <= self.starts_on:
            return None
        return self.revoked_from - timedelta(days=1)


class Supports(View[SupportRow]):
    """One row per compensation; every column is funding's."""

    table: ClassVar = "support"
    row: ClassVar = SupportRow
    events: ClassVar = (
        *(CompensationApplied, CompensationApproved, CompensationRefused, ClaimSubmitted, ClaimCredited),
        *(CompensationAmended, CompensationRevoked, RevocationLifted),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The compensation."""
        return [recorded.stream_id]

    def fold(self, row: SupportRow, recorded: Recorded) -> SupportRow:
        """What funding has told."""
        match recorded.event:
            case CompensationApplied() as applied:
                return replace(
                    row,
                    placement_id=applied.placement_id,
                    state="applied",
                    applied_on=applied.applied_on,
                    starts_on=applied.starts_on,
                    ends_on=applied.ends_on,
                )
            case CompensationApproved() as approved:
                row = replace(row, placement_id=approved.placement_id, state="granted", decided_on=approved.decided_on)
                row = replace(row, starts_on=approved.starts_on, ends_on=approved.ends_on)
                return _credited_monthly(row, approved.economy)
            case CompensationAmended() as amended:
                return _credited_monthly(replace(row, ends_on=amended.ends_on), amended.economy)
            case CompensationRevoked(revoked_from=day):
                return replace(row, state="revoked", revoked_from=day)
            case RevocationLifted():
                return replace(row, state="granted", revoked_from=None)
            case CompensationRefused() as refused:
                return replace(row, placement_id=refused.placement_id, state="refused", decided_on=refused.decided_on)
            case ClaimSubmitted(work_month=month):
                return replace(row, last_claimed=max(month, row.last_claimed or month))
            case ClaimCredited(economy=amount) if amount is not None:
                return replace(row, credited=row.credited + amount.credit)
            case _:
                return row


def _credited_monthly(row: SupportRow, amounts: DecidedAmounts | None) -> SupportRow:
    return row if amounts is None else replace(row, credit_per_month=amounts.credit_per_month)


@dataclass(frozen=True)
class ProfileRow:
    """Wishes and abilities as codes. `needs` is of the health compartment; None where none were said."""

    case_id: UUID
    shared_on: date | None = None
    forms: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    abilities: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    extent_most: Decimal | None = None
    available_from: date | None = None
    needs: tuple[str, ...] | None = None


class Profiles(View[ProfileRow]):
    """One row per case: what is shared for matching now."""

    table: ClassVar = "matching_profile"
    row: ClassVar = ProfileRow
    events: ClassVar = (ProfileShared,)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The case."""
        event = recorded.event
        assert isinstance(event, ProfileShared)
        return [event.case_id]

    def fold(self, row: ProfileRow, recorded: Recorded) -> ProfileRow:
        """The latest takes the place of the one before."""
        event = recorded.event
        assert isinstance(event, ProfileShared)
        row = ProfileRow(row.case_id, event.shared_on, needs=None if event.health is None else event.health.needs)
        if (work := event.employment) is None:
            return row
        return replace(
            row,
            forms=tuple(form.value for form in work.forms),
            occupations=work.occupations,
            abilities=work.abilities,
            municipalities=work.municipalities,
            extent_most=work.extent_most,
            available_from=work.available_from,
        )
