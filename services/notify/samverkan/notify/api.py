"""HTTP of notify: who was told, when, and with what proof."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi import Query as Parameter

from samverkan.backbone.http.call import Page, Query
from samverkan.notify.views import NotificationRow, Notifications

State = Literal["queued", "delivered", "failed"]


def notify_router() -> APIRouter:
    """Every endpoint of notify. Nothing is sent by request: notifications follow from events."""
    router = APIRouter()

    @router.get("/notifications")
    async def notifications(
        call: Query,
        page: Page,
        case_id: UUID | None = None,
        recipient: Annotated[str | None, Parameter(max_length=64)] = None,
        state: State | None = None,
    ) -> Sequence[NotificationRow]:
        """Notifications by id, all or those of a case, a recipient or a state."""
        asked = {"case_id": case_id, "recipient": recipient, "state": state}
        equal = {name: value for name, value in asked.items() if value is not None}
        return await call.many(Notifications, page, **equal)

    @router.get("/notifications/{notification_id}")
    async def notification(notification_id: UUID, call: Query) -> NotificationRow:
        """One notification; `message_id` is the proof to be found in the receiving server's log."""
        return await call.one(Notifications, notification_id)

    return router
