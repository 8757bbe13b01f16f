"""Computing a claimed month again under the decision's rule version: two persons, and what follows from it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim_state import ZERO, Claim
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.evolve_claim import matter_of
from samverkan.funding.compensation.in_force import claimed, granted
from samverkan.funding.compensation.segments import amounts, supported
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation.two_persons import is_attested, prepared_by_another
from samverkan.funding.deadlines import credit_by
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import check_gross
from samverkan.schemas.funding import ClaimBasis
from samverkan.schemas.recovery import (
    ClaimCorrected,
    CorrectedAmounts,
    CorrectionCause,
    CorrectionPrepared,
)


@dataclass(frozen=True)
class PrepareCorrection:
    """A handläggare computes a month again; what was prepared before and not attested is replaced.

    `gross_paid` is what was paid for the days that are supported; `started_on` and `last_day_on` as in SubmitClaim.
    """

    work_month: date
    gross_paid: Decimal
    cause: CorrectionCause
    prepared_by: str
    prepared_on: date
    started_on: date | None
    last_day_on: date | None = None


@dataclass(frozen=True)
class AttestCorrection:
    """Another one decides it."""

    work_month: date
    attested_by: str
    decided_on: date


def prepare_correction(rules: Rulebook, command: PrepareCorrection, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `claimed`; `gross-invalid`, `placement-not-started`, `claim-ordered`, `set-off-under-way`,
    `nothing-to-correct`, `set-off-exceeds-credit`, and what makes the month impossible to compute."""
    month, claim = claimed(compensation, command.work_month)
    check_gross(command.gross_paid)
    if command.started_on is None:
        raise Refused("placement-not-started")
    event = CorrectionPrepared(
        work_month=month,
        prepared_by=command.prepared_by,
        prepared_on=command.prepared_on,
        cause=command.cause,
        started_on=command.started_on,
        last_day_on=command.last_day_on,
        economy=ClaimBasis(gross_paid=command.gross_paid),
    )
    known = compensation.prepared.get(matter_of("correction", month))
    if known is not None and known.event == event:
        return []
    corrected = _corrected(rules, event, compensation, command.prepared_by, command.prepared_on)
    if _changes_nothing(claim, corrected):
        if claim.corrected and claim.needs_correction is None:
            return []  # it was prepared and attested before
        if claim.needs_correction is None:
            raise Refused("nothing-to-correct")
    return [event]


def attest_correction(rules: Rulebook, command: AttestCorrection, compensation: Compensation) -> Sequence[Event]:
    """Refused: as `prepare_correction` and `prepared_by_another`.

    A hearing, a recovery decision and its plan fall with the amount that they were about.
    """
    month, _ = claimed(compensation, command.work_month)
    matter = matter_of("correction", month)
    if is_attested(compensation, matter, command.attested_by, command.decided_on):
        return []
    prepared = prepared_by_another(compensation, matter, command.attested_by, command.decided_on)
    assert isinstance(prepared.event, CorrectionPrepared)
    return [_corrected(rules, prepared.event, compensation, command.attested_by, command.decided_on)]


def _corrected(
    rules: Rulebook, prepared: CorrectionPrepared, compensation: Compensation, attested_by: str, decided_on: date
) -> ClaimCorrected:
    application, rule_version = granted(compensation)
    month, claim = claimed(compensation, prepared.work_month)
    if claim.order_id is not None:
        raise Refused("claim-ordered")  # it is on its way: correct it when it has been credited
    if claim.reserved:
        raise Refused("set-off-under-way")
    if prepared.economy is None or claim.credit is None:
        raise Refused("economy-unreadable")
    gross = prepared.economy.gross_paid
    segments = supported(compensation, month, prepared.started_on, prepared.last_day_on)
    computed = amounts(rules, compensation, month, gross, segments)
    if claim.withheld_in_all > max(ZERO, computed.credit - (claim.paid - claim.recovered)):
        raise Refused("set-off-exceeds-credit")  # what settled another month is not taken back: credit it first
    assert claim.received_on is not None
    return ClaimCorrected(
        case_id=application.case_id,
        work_month=month,
        decided_on=decided_on,
        prepared_by=prepared.prepared_by,
        attested_by=attested_by,
        cause=prepared.cause,
        rule_version=rule_version,
        credit_by=credit_by(rules, max(decided_on, claim.received_on) if claim.part else claim.received_on),
        supported_from=segments[0].first_on if segments else None,
        supported_until=segments[-1].last_on if segments else None,
        economy=CorrectedAmounts(
            gross_paid=gross,
            cost=computed.cost,
            credit=computed.credit,
            own_cost=computed.own_cost,
            difference=computed.credit - claim.credit,
            recovery_cancelled=claim.owed,
            lines=computed.lines,
            waiver_cancelled=not_too_much(claim, computed.credit) or None,
        ),
    )


def not_too_much(claim: Claim, credit: Decimal) -> Decimal:
    """What was waived of the month and is not too much when it gives `credit`, kronor."""
    return claim.waived - min(claim.waived, max(ZERO, claim.paid - claim.recovered - credit))


def _changes_nothing(claim: Claim, corrected: ClaimCorrected) -> bool:
    economy = corrected.economy
    assert economy is not None
    return (claim.gross_paid, claim.credit, claim.supported_from, claim.supported_until) == (
        economy.gross_paid,
        economy.credit,
        corrected.supported_from,
        corrected.supported_until,
    )
