"""HTTP of a claim that is wrong or lost: corrected, heard, recovered, set off, repaid, waived, reopened."""

from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.http.body import Day
from samverkan.backbone.http.call import Accepted, Command
from samverkan.funding.acting import actor_of, placement_of
from samverkan.funding.compensation.correction import AttestCorrection, PrepareCorrection
from samverkan.funding.compensation.instalments import AgreeInstalments, RecordRepayment
from samverkan.funding.compensation.recovery import (
    AnswerHearing,
    DecideRecovery,
    DecideWaiver,
    OpenHearing,
    PrepareRecovery,
    PrepareWaiver,
)
from samverkan.funding.compensation.reopening import AttestReopening, PrepareReopening
from samverkan.funding.compensation.set_off import ReserveSetOff, Source
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.life_messages import (
    AnswerBody,
    AttestBody,
    CorrectionBody,
    FaultName,
    HearingBody,
    InstalmentsBody,
    RecoveryBody,
    ReopeningBody,
    RepaymentBody,
    SetOffBody,
    WaiverBody,
)
from samverkan.funding.placement_facts import rests_on
from samverkan.schemas.recovery import CorrectionCause, Fault


def recovery_router(compensation: Aggregate[Compensation]) -> APIRouter:
    """Every endpoint about a claimed month that does not stay as it was."""
    router = APIRouter(prefix="/compensations/{compensation_id}/claims/{work_month}")
    _add_correcting(router, compensation)
    _add_recovering(router, compensation)
    _add_settling(router, compensation)
    return router


def _add_correcting(router: APIRouter, compensation: Aggregate[Compensation]) -> None:
    @router.post("/reopening")
    async def reopen(compensation_id: UUID, work_month: Day, body: ReopeningBody, call: Command) -> Accepted:
        """The caller prepares that a forfeited month is paid all the same (särskilda skäl)."""
        command = PrepareReopening(work_month, body.ground, body.reason, actor_of(call), body.prepared_on)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/reopening/attest")
    async def attest_reopening(compensation_id: UUID, work_month: Day, body: AttestBody, call: Command) -> Accepted:
        """Another one decides it."""
        command = AttestReopening(work_month, actor_of(call), body.decided_on)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/correction")
    async def correct(compensation_id: UUID, work_month: Day, body: CorrectionBody, call: Command) -> Accepted:
        """The caller computes the month again, under the decision's rule version."""
        row = await call.queries.get(Compensations, compensation_id)
        placement = await placement_of(call, row)
        command = PrepareCorrection(
            work_month,
            body.gross_paid,
            CorrectionCause(body.cause),
            actor_of(call),
            body.prepared_on,
            started_on=None if placement is None else placement.started_on,
            last_day_on=None if placement is None else placement.last_day_on,
        )
        return await call.execute(compensation, compensation_id, command, requires=rests_on(placement))

    @router.post("/correction/attest")
    async def attest_correction(compensation_id: UUID, work_month: Day, body: AttestBody, call: Command) -> Accepted:
        """Another one decides it."""
        command = AttestCorrection(work_month, actor_of(call), body.decided_on)
        return await call.execute(compensation, compensation_id, command)


def _add_recovering(router: APIRouter, compensation: Aggregate[Compensation]) -> None:
    @router.post("/hearing")
    async def hear(compensation_id: UUID, work_month: Day, body: HearingBody, call: Command) -> Accepted:
        """The employer is told of the overpayment and asked (FL §25)."""
        command = OpenHearing(work_month, body.sent_on, body.answer_by)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/hearing/answer")
    async def answer(compensation_id: UUID, work_month: Day, body: AnswerBody, call: Command) -> Accepted:
        """The employer answered."""
        command = AnswerHearing(work_month, body.answered_on, body.agrees, body.remarks)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/recovery")
    async def recover(compensation_id: UUID, work_month: Day, body: RecoveryBody, call: Command) -> Accepted:
        """The caller prepares that the overpayment is asked back."""
        fault = None if body.fault is FaultName.NONE else Fault(body.fault)
        command = PrepareRecovery(work_month, fault, actor_of(call), body.prepared_on)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/recovery/attest")
    async def attest_recovery(compensation_id: UUID, work_month: Day, body: AttestBody, call: Command) -> Accepted:
        """Another one decides it."""
        command = DecideRecovery(work_month, actor_of(call), body.decided_on)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/waiver")
    async def waive(compensation_id: UUID, work_month: Day, body: WaiverBody, call: Command) -> Accepted:
        """The caller prepares that what is left is never asked back."""
        command = PrepareWaiver(work_month, body.ground, body.reason, actor_of(call), body.prepared_on)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/waiver/attest")
    async def attest_waiver(compensation_id: UUID, work_month: Day, body: AttestBody, call: Command) -> Accepted:
        """Another one decides it."""
        command = DecideWaiver(work_month, actor_of(call), body.decided_on)
        return await call.execute(compensation, compensation_id, command)


def _add_settling(router: APIRouter, compensation: Aggregate[Compensation]) -> None:
    @router.post("/set-off")
    async def set_off(compensation_id: UUID, work_month: Day, body: SetOffBody, call: Command) -> Accepted:
        """AF takes the recovery from a later credit of the same employer; it is carried out at once after this."""
        other = await call.queries.get(Compensations, body.from_compensation)
        source = Source(body.from_compensation, body.from_month, None if other is None else other.employer_number)
        command = ReserveSetOff(compensation_id, work_month, source, body.at_most)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/instalments")
    async def instalments(compensation_id: UUID, work_month: Day, body: InstalmentsBody, call: Command) -> Accepted:
        """The recovery is repaid in monthly parts."""
        command = AgreeInstalments(work_month, body.agreed_on, body.first_due_on, body.count, body.lending_rate)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/repayments")
    async def repay(compensation_id: UUID, work_month: Day, body: RepaymentBody, call: Command) -> Accepted:
        """The employer repaid a part."""
        command = RecordRepayment(work_month, body.amount, body.paid_on, body.reference)
        return await call.execute(compensation, compensation_id, command)
