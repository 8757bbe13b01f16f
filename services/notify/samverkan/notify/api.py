"""HTTP of notify: who was told and with what proof, what is due, what is stuck, and a page's stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi import Query as Parameter
from starlette.responses import StreamingResponse

from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import CALLERS, LIMIT_MAX, Accepted, Command, Page, Query, found
from samverkan.notify.delivery.attempts import StuckRow, stuck
from samverkan.notify.delivery.endpoint import ENDPOINT, EnableWebhook, Endpoints, endpoint_id
from samverkan.notify.notification import NOTIFICATION, RequeueNotification
from samverkan.notify.recipients import Recipient
from samverkan.notify.reminders.deadlines import due
from samverkan.notify.reminders.rules import Rules
from samverkan.notify.reminders.subjects import watched
from samverkan.notify.reminders.views import ReminderRow, Reminders
from samverkan.notify.stream.stream import Streams
from samverkan.notify.views import NotificationRow, Notifications
from samverkan.schemas.notification import DeadlineKind

State = Literal["listed", "queued", "delivered", "failed"]
Code = Annotated[str | None, Parameter(max_length=64)]
Agency = Annotated[
    str,
    Header(
        alias="Samverkan-Agency",
        pattern=f"^({'|'.join(CALLERS)})$",
        description="On whose behalf. Stands in for the token's claim.",
    ),
]
_EVENT_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Server-sent events.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


@dataclass(frozen=True)
class DueAnswer:
    """A deadline that the agency is to keep. `days_left` is below 0 when it has passed; `reminded`: whether the day of
    a reminder has come."""

    kind: str
    subject_id: UUID
    case_id: UUID | None
    period: str
    due_on: date
    days_left: int
    reminded: bool


@dataclass(frozen=True)
class WebhookAnswer:
    """An agency's webhook: `enabled` or `disabled` since when and why. Where it goes is not told."""

    recipient: str
    state: str
    code: str | None
    since: datetime | None


def notify_router(rules: Rules, recipients: Mapping[str, Recipient], streams: Streams) -> APIRouter:
    """Every endpoint of notify. Nothing is told by request: notifications follow from events and from deadlines."""
    router = APIRouter()

    @router.get("/notifications")
    async def notifications(
        call: Query,
        page: Page,
        case_id: UUID | None = None,
        recipient: Code = None,
        state: State | None = None,
    ) -> Sequence[NotificationRow]:
        """Notifications by id, all or those of a case, a recipient or a state."""
        return await call.many(Notifications, page, **_given(case_id=case_id, recipient=recipient, state=state))

    @router.get("/notifications/stream", response_class=StreamingResponse, responses=_EVENT_STREAM)
    async def stream(
        call: Query,
        agency: Agency,
        last_event_id: Annotated[
            str | None,
            Header(alias="Last-Event-ID", pattern=r"^(-1|[0-9]{1,18})$", description="Go on after this event."),
        ] = None,
    ) -> StreamingResponse:
        """The agency's notifications as they come (server-sent events); `id` is a place in notify's log."""
        after = None if last_event_id is None else int(last_event_id)
        return StreamingResponse(
            await streams.open(call.runtime, agency, after),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    @router.get("/notifications/stuck")
    async def stuck_notifications(
        call: Query,
        minutes: Annotated[int, Parameter(ge=0, le=525_600, description="What waits longer than this.")] = 60,
        limit: Annotated[int, Parameter(ge=1, le=LIMIT_MAX)] = 100,
    ) -> Sequence[StuckRow]:
        """For operators: what was tried and has not left, or has waited long; the oldest first."""
        return await stuck(call.runtime, call.now - timedelta(minutes=minutes), limit)

    @router.get("/notifications/{notification_id}")
    async def notification(notification_id: UUID, call: Query) -> NotificationRow:
        """One notification; `message_id` is the proof to be found in the receiving server's log."""
        return await call.one(Notifications, notification_id)

    @router.post("/notifications/{notification_id}/requeue")
    async def requeue(notification_id: UUID, call: Command) -> Accepted:
        """Send again what failed; only its own recipient may."""
        known = await call.queries.get(Notifications, notification_id)
        if found(known).recipient != call.agency:
            raise Refused("not-yours", agency=call.agency)
        return await call.execute(NOTIFICATION, notification_id, RequeueNotification())

    @router.get("/reminders")
    async def reminders(
        call: Query,
        page: Page,
        case_id: UUID | None = None,
        subject_id: UUID | None = None,
        kind: DeadlineKind | None = None,
        state: Literal["fired", "settled"] | None = None,
    ) -> Sequence[ReminderRow]:
        """Deadlines that were reminded of, by id, all or some."""
        asked = _given(case_id=case_id, subject_id=subject_id, state=state, kind=None if kind is None else kind.value)
        return await call.many(Reminders, page, **asked)

    @router.get("/deadlines")
    async def deadlines(
        call: Query,
        recipient: Code = None,
        case_id: UUID | None = None,
        within_days: Annotated[int, Parameter(ge=0, le=366)] = 30,
        limit: Annotated[int, Parameter(ge=1, le=LIMIT_MAX)] = 100,
    ) -> Sequence[DueAnswer]:
        """What an agency has to do within so many days, the nearest first, as the facts stand now."""
        today, last = call.today, call.today + timedelta(days=within_days)
        answers = []
        async for subject in watched(call.queries, rules, today, last, case_id):
            for deadline in subject.deadlines:
                oldest = today - timedelta(days=rules.late.days)
                if oldest <= deadline.due_on <= last and (recipient is None or recipient in deadline.recipients):
                    answers.append(
                        DueAnswer(
                            deadline.kind.value,
                            deadline.subject_id,
                            deadline.case_id,
                            deadline.period,
                            deadline.due_on,
                            (deadline.due_on - today).days,
                            due(deadline, rules, today) is not None,
                        )
                    )
        return sorted(answers, key=lambda one: (one.due_on, str(one.subject_id), one.period))[:limit]

    @router.get("/webhooks")
    async def webhooks(call: Query) -> Sequence[WebhookAnswer]:
        """The agencies' webhooks and whether they are used."""
        known = {row.recipient: row for row in await call.queries.select(Endpoints, limit=LIMIT_MAX)}
        answers = []
        for code in sorted(code for code, recipient in recipients.items() if recipient.target is not None):
            row = known.get(code)
            if row is None:
                answers.append(WebhookAnswer(code, "enabled", None, None))
            else:
                answers.append(WebhookAnswer(code, row.state or "enabled", row.code, row.since))
        return answers

    @router.post("/webhooks/{recipient}/enable")
    async def enable(recipient: str, call: Command) -> Accepted:
        """The agency's webhook takes messages again; only the agency itself says so."""
        if recipient != call.agency:
            raise Refused("not-yours", agency=call.agency)
        return await call.execute(ENDPOINT, endpoint_id(recipient), EnableWebhook(recipient))

    return router


def _given(**asked: object) -> dict[str, object]:
    return {name: value for name, value in asked.items() if value is not None}
