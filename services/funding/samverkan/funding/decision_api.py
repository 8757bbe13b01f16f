"""HTTP of what becomes of a decision: received, changed, revoked, reviewed, appealed; notices to others."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.http.call import Accepted, Command
from samverkan.funding.acting import actor_of
from samverkan.funding.compensation.amendment import AttestAmendment, Change, PrepareAmendment
from samverkan.funding.compensation.notice import PrepareNotice
from samverkan.funding.compensation.review import (
    AppealDecision,
    DecideReview,
    RecordJudgment,
    RecordReceipt,
    RequestReview,
)
from samverkan.funding.compensation.revocation import AttestRevocation, PrepareRevocation
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.life_messages import (
    AmendmentBody,
    AttestBody,
    ChangeBody,
    JudgmentBody,
    NoticeBody,
    ReceiptBody,
    RequestBody,
    ReviewBody,
    RevocationBody,
)
from samverkan.funding.supports import decide_beside_others
from samverkan.schemas.decisions import AppealOutcome, Party, ReviewOutcome


def decision_router(compensation: Aggregate[Compensation]) -> APIRouter:
    """Every endpoint about a decision that has been taken."""
    router = APIRouter(prefix="/compensations/{compensation_id}")
    _add_changing(router, compensation)
    _add_reviewing(router, compensation)

    @router.post("/wrong-payment-notices")
    async def notice(compensation_id: UUID, body: NoticeBody, call: Command) -> Accepted:
        """Another authority may have paid wrongly: the notice is prepared, with its ground and day."""
        command = PrepareNotice(body.recipient, body.ground, body.noticed_on, actor_of(call), body.work_month)
        return await call.execute(compensation, compensation_id, command)

    return router


def _add_changing(router: APIRouter, compensation: Aggregate[Compensation]) -> None:
    @router.post("/amendment")
    async def amend(compensation_id: UUID, body: AmendmentBody, call: Command) -> Accepted:
        """The caller prepares other hours, another pay or an earlier end."""
        command = PrepareAmendment(actor_of(call), body.prepared_on, _change(body))
        return await call.execute(compensation, compensation_id, command)

    @router.post("/amendment/attest")
    async def attest_amendment(compensation_id: UUID, body: AttestBody, call: Command) -> Accepted:
        """Another one decides it."""
        return await call.execute(compensation, compensation_id, AttestAmendment(actor_of(call), body.decided_on))

    @router.post("/revocation")
    async def revoke(compensation_id: UUID, body: RevocationBody, call: Command) -> Accepted:
        """The caller prepares that the decision is revoked from a day on."""
        command = PrepareRevocation(actor_of(call), body.prepared_on, body.revoked_from, body.ground)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/revocation/attest")
    async def attest_revocation(compensation_id: UUID, body: AttestBody, call: Command) -> Accepted:
        """Another one decides it."""
        return await call.execute(compensation, compensation_id, AttestRevocation(actor_of(call), body.decided_on))


def _add_reviewing(router: APIRouter, compensation: Aggregate[Compensation]) -> None:
    @router.post("/receipts")
    async def receipt(compensation_id: UUID, body: ReceiptBody, call: Command) -> Accepted:
        """A party received the latest decision: its three weeks begin."""
        command = RecordReceipt(Party(body.receiver), body.received_on)
        return await call.execute(compensation, compensation_id, command)

    @router.post("/review")
    async def review(compensation_id: UUID, body: RequestBody, call: Command) -> Accepted:
        """A party asks for a review (omprövning)."""
        return await call.execute(compensation, compensation_id, RequestReview(Party(body.party), body.on))

    @router.post("/review/decide")
    async def decide_review(compensation_id: UUID, body: ReviewBody, call: Command) -> Accepted:
        """The caller, who took no part in the decision, decides the review."""
        change = None if body.change is None else _change(body.change)
        outcome = ReviewOutcome(body.outcome)
        command = partial(DecideReview, actor_of(call), body.decided_on, outcome, change, reason=body.reason)
        return await decide_beside_others(call, compensation, compensation_id, command)

    @router.post("/appeal")
    async def appeal(compensation_id: UUID, body: RequestBody, call: Command) -> Accepted:
        """A party appeals the reviewed decision."""
        return await call.execute(compensation, compensation_id, AppealDecision(Party(body.party), body.on))

    @router.post("/appeal/judgment")
    async def judgment(compensation_id: UUID, body: JudgmentBody, call: Command) -> Accepted:
        """The court has judged."""
        command = RecordJudgment(body.judged_on, AppealOutcome(body.outcome))
        return await call.execute(compensation, compensation_id, command)


def _change(body: ChangeBody) -> Change:
    return Change(body.valid_from, body.extent, body.gross_per_month, body.ends_on)
