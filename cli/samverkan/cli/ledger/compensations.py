"""One compensation, event by event: each amount against the rules and against what the events before it leave. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.cli.ledger.difference import Difference
from samverkan.funding.compensation.claim_state import ZERO, Claim
from samverkan.funding.compensation.correction import not_too_much
from samverkan.funding.compensation.evolve import Event, evolve
from samverkan.funding.compensation.segments import amounts, supported
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.ledger import Account, balances, postings
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.credit_orders import ClaimOrdered
from samverkan.schemas.funding import ClaimCalculated, ClaimCredited, ClaimForfeited
from samverkan.schemas.recovery import ClaimCorrected, RecoveryDecided, RecoveryWaived, RepaymentReceived

Told = tuple[str, Decimal, Decimal]
"""A code, what was expected and what was told."""


@dataclass
class Audited:
    """A compensation after its events. `programme` is None when nobody applied; `sealed`: amounts that are not here."""

    stream_id: UUID
    programme: str | None = None
    accounts: dict[str, Decimal] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    sealed: int = 0


def audit_compensation(rules: Rulebook, stream_id: UUID, events: Sequence[Event]) -> Audited:
    """Add up one stream from its first event."""
    audited, compensation = Audited(stream_id), Compensation()
    posted: list[tuple[str, Decimal]] = []
    for version, event in enumerate(events, 1):
        entries = postings(event)
        posted += [(entry.account.value, entry.amount) for entry in entries]
        differences = [("entry-unbalanced", ZERO, sum((entry.amount for entry in entries), ZERO))]
        if getattr(event, "economy", ZERO) is None and "economy" in type(event).model_fields:
            audited.sealed += 1
        else:
            differences += _against_before(compensation, event)
        audited.differences += [
            Difference(stream_id, version, code, type(event).__name__, expected, told)
            for code, expected, told in differences
            if expected != told
        ]
        audited.differences += _against_rules(rules, stream_id, version, compensation, event)
        compensation = evolve(compensation, event)
    audited.accounts = balances(posted)
    if compensation.application is not None:
        audited.programme = compensation.application.form.value
    if not audited.sealed:
        audited.differences += _against_months(stream_id, len(events), compensation, audited.accounts)
    return audited


def _against_before(compensation: Compensation, event: Event) -> Iterator[Told]:
    """Each amount of money that moves, and what the month had left for it."""
    month: date | None = getattr(event, "work_month", None)
    claim = Claim() if month is None else compensation.claims.get(month, Claim())
    match event:
        case ClaimOrdered(economy=economy) if economy is not None:
            yield "ordered-otherwise", claim.due - claim.withheld_in_all, economy.amount
        case ClaimCredited(economy=economy) if economy is not None:
            yield "credited-otherwise", claim.due, economy.credit + (economy.withheld or ZERO)
            yield "credited-otherwise", claim.withheld_in_all, economy.withheld or ZERO
            if claim.ordered is not None:
                yield "ordered-otherwise", claim.ordered, economy.credit
        case ClaimCorrected(economy=economy) if economy is not None:
            yield "corrected-otherwise", economy.credit - (claim.credit or ZERO), economy.difference
            yield "corrected-otherwise", claim.owed, economy.recovery_cancelled
            yield "corrected-otherwise", not_too_much(claim, economy.credit), economy.waiver_cancelled or ZERO
        case RecoveryDecided(economy=economy) if economy is not None:
            yield "recovered-otherwise", claim.excess, economy.amount
        case RecoveryWaived(economy=economy) if economy is not None:
            yield "waived-otherwise", claim.excess, economy.amount
            yield "waived-otherwise", claim.owed, economy.of_recovery
        case RepaymentReceived(economy=economy) if economy is not None:
            yield "repaid-too-much", min(claim.free, economy.principal), economy.principal
        case _:
            return


def _against_rules(
    rules: Rulebook, stream_id: UUID, version: int, compensation: Compensation, event: Event
) -> Iterator[Difference]:
    """Compute the month again under the rule version that the decision fixed."""
    if not isinstance(event, ClaimCalculated | ClaimForfeited | ClaimCorrected) or event.economy is None:
        return
    claim, about = compensation.claims.get(event.work_month, Claim()), type(event).__name__
    gross, first, last = claim.gross_paid, claim.supported_from, claim.supported_until
    if isinstance(event, ClaimCorrected):
        gross, first, last = event.economy.gross_paid, event.supported_from, event.supported_until
    segments = () if first is None else supported(compensation, event.work_month, first, last)
    if gross is None:
        return  # its key is gone
    try:
        computed = amounts(rules, compensation, event.work_month, gross, segments)
    except Refused as refused:
        yield Difference(stream_id, version, "not-computable", f"{about}, {refused.code}")
        return
    names = ("credit",) if isinstance(event, ClaimForfeited) else ("cost", "credit", "own_cost")
    for name in names:
        expected, told = getattr(computed, name), getattr(event.economy, name)
        if expected != told:
            yield Difference(stream_id, version, "computed-otherwise", f"{about}, {name}", expected, told)


def _against_months(
    stream_id: UUID, version: int, compensation: Compensation, accounts: dict[str, Decimal]
) -> Iterator[Difference]:
    """The balances against what the months say: two ways to the same kronor."""
    claims = compensation.claims.values()
    wanted = {
        Account.SUPPORT: sum((claim.credit or ZERO for claim in claims if claim.calculated), ZERO),
        Account.RECEIVABLE: sum((claim.owed for claim in claims), ZERO),
        Account.EMPLOYER: sum((_of_employer(claim) for claim in claims if claim.calculated), ZERO),
    }
    for account, expected in wanted.items():
        told = accounts.get(account.value, ZERO)
        if expected != told:
            yield Difference(stream_id, version, "account-otherwise", account.value, expected, told)


def _of_employer(claim: Claim) -> Decimal:
    """What it is to get (below 0), or has got too much without a decision to ask for it."""
    undecided = claim.excess if claim.recovery_on is None else ZERO
    return undecided - (claim.due - claim.withheld_in_all)
