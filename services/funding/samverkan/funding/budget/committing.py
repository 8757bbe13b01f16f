"""Committing the budget's money to an insats and giving back what it does not need: two persons each time. Pure.

The limits are checked when a commitment is prepared, so that nobody works in vain, and again when it is attested, for
other commitments may have been made meanwhile, or the insats have ended: what binds is decided there, on one stream
(J1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.funding.budget import ledger
from samverkan.funding.budget.guards import not_before, payable, running, two_persons
from samverkan.funding.budget.state import NOTHING, Budget, Commitment, Event
from samverkan.funding.money import to_ore
from samverkan.schemas.budget import CommitmentMade, CommitmentPrepared, CommitmentReleased, CommitmentReleasePrepared


@dataclass(frozen=True)
class PrepareCommitment:
    """`agreed` is what the agreement of the insats lets the förbund give in this year; None: nobody has agreed."""

    commitment_id: UUID
    insats_id: UUID
    amount: Decimal
    participants: int
    agreed: Decimal | None
    prepared_by: str
    prepared_on: date


@dataclass(frozen=True)
class AttestCommitment:
    """Another person decides; from then on the money is bound. `agreed`: as for PrepareCommitment, on this day."""

    commitment_id: UUID
    attested_by: str
    decided_on: date
    agreed: Decimal | None


@dataclass(frozen=True)
class PrepareRelease:
    """Part of a commitment is not needed."""

    commitment_id: UUID
    amount: Decimal
    prepared_by: str
    prepared_on: date


@dataclass(frozen=True)
class AttestRelease:
    """Another person gives it back to the budget."""

    commitment_id: UUID
    attested_by: str
    released_on: date


def prepare(command: PrepareCommitment, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `amount-invalid`, `participants-invalid`, `after-budget-year`,
    `insats-not-agreed`, `commitment-beyond-agreement`, `budget-exceeded`, `commitment-exists`."""
    draft = running(budget, command.prepared_on)
    event = CommitmentPrepared(
        commitment_id=command.commitment_id,
        insats_id=command.insats_id,
        amount=command.amount,
        participants=command.participants,
        agreed=NOTHING if command.agreed is None else command.agreed,
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
    )
    if command.commitment_id in budget.commitments:
        if budget.commitments[command.commitment_id].prepared == event:
            return []
        raise Refused("commitment-exists")
    payable(command.amount)
    if command.participants < 1:
        raise Refused("participants-invalid")
    _within_year(command.prepared_on, draft.year)
    _within_limits(budget, event, command.agreed)
    return [event]


def attest(command: AttestCommitment, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `commitment-unknown`, `commitment-exists` (attested otherwise),
    `same-person-prepares-and-attests`, `attested-before-preparation`, `after-budget-year`,
    `insats-not-agreed`, `budget-exceeded`, `commitment-beyond-agreement`."""
    draft = running(budget, command.decided_on)
    commitment = _known(budget, command.commitment_id)
    if commitment.made is not None:
        if (commitment.made.attested_by, commitment.made.decided_on) == (command.attested_by, command.decided_on):
            return []
        raise Refused("commitment-exists")
    prepared = commitment.prepared
    two_persons(prepared.prepared_by, command.attested_by)
    not_before(command.decided_on, prepared.prepared_on)
    _within_year(command.decided_on, draft.year)
    _within_limits(budget, prepared, command.agreed)
    return [
        CommitmentMade(
            commitment_id=command.commitment_id,
            insats_id=prepared.insats_id,
            amount=prepared.amount,
            participants=prepared.participants,
            per_participant=to_ore(Fraction(prepared.amount) / prepared.participants),
            prepared_by=prepared.prepared_by,
            attested_by=command.attested_by,
            decided_on=command.decided_on,
            posted=ledger.commitment(command.commitment_id, prepared.amount),
        )
    ]


def prepare_release(command: PrepareRelease, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `commitment-unknown`, `commitment-not-made`, `amount-invalid`,
    `beyond-commitment`."""
    running(budget, command.prepared_on)
    commitment = made(budget, command.commitment_id)
    event = CommitmentReleasePrepared(
        commitment_id=command.commitment_id,
        amount=command.amount,
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
    )
    if commitment.release == event:
        return []
    payable(command.amount)
    within_commitment(commitment, command.amount)
    return [event]


def attest_release(command: AttestRelease, budget: Budget) -> Sequence[Event]:
    """Refused: those of `running`, `commitment-unknown`, `commitment-not-made`, `release-not-prepared`,
    `same-person-prepares-and-attests`, `attested-before-preparation`, and `beyond-commitment` for what has been paid
    meanwhile."""
    running(budget, command.released_on)
    commitment = made(budget, command.commitment_id)
    prepared = commitment.release
    if prepared is None:
        done = [(one.attested_by, one.released_on) for one in commitment.released[-1:]]
        if done == [(command.attested_by, command.released_on)]:
            return []
        raise Refused("release-not-prepared")
    two_persons(prepared.prepared_by, command.attested_by)
    not_before(command.released_on, prepared.prepared_on)
    within_commitment(commitment, prepared.amount)
    return [
        CommitmentReleased(
            commitment_id=command.commitment_id,
            amount=prepared.amount,
            prepared_by=prepared.prepared_by,
            attested_by=command.attested_by,
            released_on=command.released_on,
            posted=ledger.commitment(command.commitment_id, -prepared.amount),
        )
    ]


def made(budget: Budget, commitment_id: UUID) -> Commitment:
    """The attested commitment. Refused: `commitment-unknown`, `commitment-not-made`."""
    commitment = _known(budget, commitment_id)
    if commitment.made is None:
        raise Refused("commitment-not-made")
    return commitment


def within_commitment(commitment: Commitment, amount: Decimal) -> None:
    """Refused `beyond-commitment`: more than is left of it."""
    if amount > commitment.unspent:
        raise Refused("beyond-commitment", left=str(commitment.unspent))


def _within_limits(budget: Budget, prepared: CommitmentPrepared, agreed: Decimal | None) -> None:
    if agreed is None:
        raise Refused("insats-not-agreed")
    if prepared.amount > budget.available:
        raise Refused("budget-exceeded", available=str(budget.available))
    bound = sum(
        (one.amount for one in budget.commitments.values() if one.prepared.insats_id == prepared.insats_id), NOTHING
    )
    if bound + prepared.amount > agreed:
        raise Refused("commitment-beyond-agreement", agreed=str(agreed), bound=str(bound))


def _within_year(day: date, year: int) -> None:
    if day > date(year, 12, 31):
        raise Refused("after-budget-year", year=str(year))


def _known(budget: Budget, commitment_id: UUID) -> Commitment:
    if commitment_id not in budget.commitments:
        raise Refused("commitment-unknown")
    return budget.commitments[commitment_id]
