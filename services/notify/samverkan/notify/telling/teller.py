"""The teller: tells the municipality that has a case of what happened in it, in the order in which it came here.

Any number of replicas may run it: one at a time is given events. After a pause it waits until what is known to be on
its way has come, for the transfer that says whose case it is may be among it.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

import structlog

from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Runtime
from samverkan.notify.choices import Choices
from samverkan.notify.patience import Patience
from samverkan.notify.reactions import case_of
from samverkan.notify.reminders.facts import MUNICIPALITIES, CaseFacts
from samverkan.notify.reminders.views import CaseWatch
from samverkan.notify.telling.followed import Followed
from samverkan.notify.telling.municipality import orders_for
from samverkan.notify.views import Notifications
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.notification import Channel

_ROWS_OF_ONE: Final = len(MUNICIPALITIES) * len(Channel)  # notifications of one event to municipalities, at most

log = structlog.stdlib.get_logger(__name__)


@dataclass
class Teller:
    """The worker."""

    choices: Choices
    followed: Followed
    poll_interval_seconds: float
    patience: Patience

    async def run(self, runtime: Runtime) -> None:
        """Tell until cancelled. Cancelled in the middle, what was not told yet is told by whoever comes next."""
        while True:
            try:
                while await self.tell(runtime):
                    pass  # there may be more than are looked through at once
            except Transient as error:
                log.warning("telling_interrupted", reason=error.code)
            await asyncio.sleep(self.poll_interval_seconds)

    async def tell(self, runtime: Runtime) -> bool:
        """One round; whether there is more."""
        if self.patience.must_wait(runtime):
            return False
        async with self.followed.next(runtime) as window:
            if window.events:
                await self._tell(runtime, window.events)
            return window.more

    async def _tell(self, runtime: Runtime, events: Sequence[Recorded]) -> None:
        cases, told = await _cases(runtime, events), await _told(runtime, events)
        await runtime.confirm()  # a database that was put back may not know yet who was told (W2)
        for recorded in events:
            case = cases.get(case_of(recorded))
            orders = orders_for(recorded, case, told.get(recorded.envelope.id, ()), self.choices)
            if orders:
                await _queue(runtime, orders, recorded, case)


async def _queue(runtime: Runtime, orders: Sequence[Order], recorded: Recorded, case: CaseFacts | None) -> None:
    """All of them or none: of an event that has one it is taken that it has all."""
    envelope = recorded.envelope
    context = Context(
        now=runtime.now(),
        command_id=uuid5(envelope.id, "municipality"),
        agency=envelope.agency,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.id,
        requires=tuple(_rests_on(recorded, case)),
        traceparent=envelope.traceparent,
    )
    try:
        await runtime.commands.execute_together(orders, context)
    except Refused as refused:
        log.warning("telling_refused", about=str(envelope.id), code=refused.code)


def _rests_on(recorded: Recorded, case: CaseFacts | None) -> Iterable[Requirement]:
    """The event that is told of, and what was known of its case when it was decided who is told."""
    known = [] if case is None else [Requirement(PARTICIPANT.name, case.case_id, case.version)]
    happened = Requirement(recorded.topic, recorded.envelope.stream_id, recorded.envelope.version)
    highest = {one.stream_id: one for one in sorted((happened, *known), key=lambda one: one.version)}
    return highest.values()


async def _cases(runtime: Runtime, events: Sequence[Recorded]) -> Mapping[UUID, CaseFacts]:
    wanted = {case_of(recorded) for recorded in events}
    rows = await runtime.queries.select(CaseWatch, among={"case_id": wanted}, limit=len(wanted))
    return {row.case_id: row for row in rows}


async def _told(runtime: Runtime, events: Sequence[Recorded]) -> Mapping[UUID | None, set[str]]:
    """By event, the municipalities that have a notification of it."""
    ids = [recorded.envelope.id for recorded in events]
    among = {"about_event": ids, "recipient": MUNICIPALITIES}
    found: dict[UUID | None, set[str]] = {}
    for row in await runtime.queries.select(Notifications, among=among, limit=len(ids) * _ROWS_OF_ONE):
        found.setdefault(row.about_event, set()).add(row.recipient or "")
    return found
