"""The compensation aggregate: every command and where it is decided. Pure; the rules come from the composition root."""

from collections.abc import Sequence
from functools import partial
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation import (
    amendment,
    correction,
    employment,
    instalments,
    notice,
    ordering,
    recovery,
    reopening,
    review,
    revocation,
    set_off,
)
from samverkan.funding.compensation.application import ApplyForCompensation, apply
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim, credit, submit
from samverkan.funding.compensation.decision import (
    ApproveCompensation,
    CheckApplication,
    RefuseCompensation,
    approve,
    check,
    refuse,
)
from samverkan.funding.compensation.evolve import Event, evolve
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.funding import CompensationReactionRefused

DecisionCommand = (
    ApplyForCompensation
    | CheckApplication
    | ApproveCompensation
    | RefuseCompensation
    | amendment.PrepareAmendment
    | amendment.AttestAmendment
    | revocation.PrepareRevocation
    | revocation.AttestRevocation
    | revocation.ExpireCompensation
    | review.RecordReceipt
    | review.RequestReview
    | review.DecideReview
    | review.AppealDecision
    | review.RecordJudgment
    | employment.NoteEmploymentEnd
    | employment.NoteCancellation
    | employment.NoteAbsence
    | employment.NoteEmploymentChange
    | notice.PrepareNotice
)
ClaimCommand = (
    SubmitClaim
    | ordering.OrderCredit
    | CreditClaim
    | ordering.ObservePayment
    | reopening.PrepareReopening
    | reopening.AttestReopening
    | correction.PrepareCorrection
    | correction.AttestCorrection
    | recovery.OpenHearing
    | recovery.AnswerHearing
    | recovery.PrepareRecovery
    | recovery.DecideRecovery
    | recovery.PrepareWaiver
    | recovery.DecideWaiver
    | set_off.ReserveSetOff
    | set_off.WithholdCredit
    | set_off.CompleteSetOff
    | set_off.ReleaseSetOff
    | instalments.AgreeInstalments
    | instalments.RecordRepayment
)
Command = DecisionCommand | ClaimCommand

_COMPENSATIONS: Final = UUID("6b0c6a5e-6a0c-5d43-9f0e-6f2f0d1f9a31")


def compensation_id(placement_id: UUID, extends: UUID | None = None) -> UUID:
    """The stream of a placement's compensation: derived, so that two applications for one placement meet in it.

    An extension is a new decision with a stream of its own, derived from the compensation whose period it continues.
    """
    return uuid5(_COMPENSATIONS, str(placement_id) if extends is None else f"{placement_id}/{extends}")


def decide(rules: Rulebook, conditions: Conditions, command: Command, compensation: Compensation) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case ApplyForCompensation():
            return apply(rules, command, compensation)
        case CheckApplication():
            return check(command, compensation)
        case ApproveCompensation():
            return approve(rules, command, compensation)
        case RefuseCompensation():
            return refuse(command, compensation)
        case amendment.PrepareAmendment():
            return amendment.prepare_amendment(rules, command, compensation)
        case amendment.AttestAmendment():
            return amendment.attest_amendment(rules, command, compensation)
        case revocation.PrepareRevocation():
            return revocation.prepare_revocation(command, compensation)
        case revocation.AttestRevocation():
            return revocation.attest_revocation(command, compensation)
        case revocation.ExpireCompensation():
            return revocation.expire(command, compensation)
        case review.RecordReceipt():
            return review.record_receipt(conditions, command, compensation)
        case review.RequestReview():
            return review.request_review(command, compensation)
        case review.DecideReview():
            return review.decide_review(rules, command, compensation)
        case review.AppealDecision():
            return review.appeal(command, compensation)
        case review.RecordJudgment():
            return review.record_judgment(command, compensation)
        case employment.NoteEmploymentEnd():
            return employment.note_end(command, compensation)
        case employment.NoteCancellation():
            return employment.note_cancellation(command, compensation)
        case employment.NoteAbsence():
            return employment.note_absence(command, compensation)
        case employment.NoteEmploymentChange():
            return employment.note_change(command, compensation)
        case notice.PrepareNotice():
            return notice.prepare_notice(command, compensation)
        case _:
            return _decide_claim(rules, conditions, command, compensation)


def _decide_claim(
    rules: Rulebook, conditions: Conditions, command: ClaimCommand, compensation: Compensation
) -> Sequence[Event]:
    match command:
        case SubmitClaim():
            return submit(rules, command, compensation)
        case ordering.OrderCredit():
            return ordering.order_credit(command, compensation)
        case CreditClaim():
            return credit(command, compensation)
        case ordering.ObservePayment():
            return ordering.observe(command, compensation)
        case reopening.PrepareReopening():
            return reopening.prepare_reopening(command, compensation)
        case reopening.AttestReopening():
            return reopening.attest_reopening(rules, command, compensation)
        case correction.PrepareCorrection():
            return correction.prepare_correction(rules, command, compensation)
        case correction.AttestCorrection():
            return correction.attest_correction(rules, command, compensation)
        case recovery.OpenHearing():
            return recovery.open_hearing(command, compensation)
        case recovery.AnswerHearing():
            return recovery.answer_hearing(command, compensation)
        case recovery.PrepareRecovery():
            return recovery.prepare_recovery(command, compensation)
        case recovery.DecideRecovery():
            return recovery.decide_recovery(command, compensation)
        case recovery.PrepareWaiver():
            return recovery.prepare_waiver(command, compensation)
        case recovery.DecideWaiver():
            return recovery.decide_waiver(command, compensation)
        case set_off.ReserveSetOff():
            return set_off.reserve(command, compensation)
        case set_off.WithholdCredit():
            return set_off.withhold(conditions, command, compensation)
        case set_off.CompleteSetOff():
            return set_off.complete(command, compensation)
        case set_off.ReleaseSetOff():
            return set_off.release(command, compensation)
        case instalments.AgreeInstalments():
            return instalments.agree(conditions, command, compensation)
        case instalments.RecordRepayment():
            return instalments.repay(command, compensation)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> CompensationReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return CompensationReactionRefused(command=type(command).__name__, code=refused.code)


def compensation_under(rules: Rulebook, conditions: Conditions) -> Aggregate[Compensation]:
    """The aggregate, deciding by these rules and conditions."""
    return Aggregate("compensation", FUNDING.name, Compensation(), partial(decide, rules, conditions), evolve, refusal)
