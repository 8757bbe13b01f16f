"""Bodies and answers about budgets over HTTP. Kronor as decimal strings; who acts is the caller's Samverkan-Actor."""

from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, StrictInt, StringConstraints

from samverkan.backbone.http.body import Body, Day, Kronor
from samverkan.backbone.http.call import Accepted

MEMBERS_MAX: Final = 60
MemberCode = Annotated[str, StringConstraints(pattern=r"^([0-9]{4}|[0-9]{2}[2-9][0-9]{3}-[0-9]{4})$")]
"""A municipality code, or an organisation number with its hyphen; its third digit keeps it from a personnummer."""
AssociationCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+){0,5}$", max_length=64)]
"""The samordningsförbund's own word for itself; it begins with a letter."""
Voucher = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}-[0-9]{1,8}$", max_length=12)]
Weight = Annotated[StrictInt, Field(ge=1, le=10_000_000)]
Participants = Annotated[StrictInt, Field(ge=1, le=100_000)]


class DraftBody(Body):
    """`municipal_split`: the agreed weights of the municipalities (per cent, inhabitants, …)."""

    association: AssociationCode
    year: Annotated[StrictInt, Field(ge=1900, le=2199)]
    total: Kronor
    insurance: MemberCode
    region: MemberCode
    municipal_split: Annotated[dict[MemberCode, Weight], Field(min_length=1, max_length=MEMBERS_MAX)]
    saved_capital: Kronor = Decimal("0.00")
    drafted_on: Day


class ConsultBody(Body):
    member: MemberCode
    agrees: StrictBool
    consulted_on: Day


class AdoptBody(Body):
    adopted_on: Day


class LowerBody(Body):
    """`share` is what the member will pay from now on."""

    member: MemberCode
    share: Kronor
    prepared_on: Day


class AttestLoweringBody(Body):
    lowered_on: Day


class CommitBody(Body):
    insats_id: UUID
    amount: Kronor
    participants: Participants
    prepared_on: Day


class CommitmentAccepted(Accepted):
    """The commitment that was prepared: what another person attests."""

    commitment_id: UUID


class AttestCommitmentBody(Body):
    decided_on: Day


class ReleaseBody(Body):
    amount: Kronor
    prepared_on: Day


class AttestReleaseBody(Body):
    released_on: Day


class ContributionBody(Body):
    voucher: Voucher
    member: MemberCode
    amount: Kronor
    received_on: Day


class PaymentBody(Body):
    voucher: Voucher
    commitment_id: UUID
    amount: Kronor
    prepared_on: Day


class AttestPaymentBody(Body):
    paid_on: Day


class CloseBody(Body):
    closed_on: Day


class ReportBody(Body):
    reported_on: Day


class AuditBody(Body):
    recommends_discharge: StrictBool
    audited_on: Day


class DischargeBody(Body):
    member: MemberCode
    granted: StrictBool
    decided_on: Day


class Balances(BaseModel):
    """What every account of a budget's ledger stands at: debit above zero, credit below. `sum` is always 0.00."""

    budget_id: UUID
    accounts: dict[str, Decimal]
    sum: Decimal
