"""The scheduler: looks for reminders whose day has come, fires each once, and settles those that are no more.

Any number of replicas may run it: who fires is decided by the reminder's stream, in the transaction that queues the
messages too. After a pause it fires what was missed, late and once.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

import structlog
from cachetools import LRUCache

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.journal.journal import event_id
from samverkan.backbone.runtime import Runtime
from samverkan.notify.choices import BUDGET, LATE, LATE_BUDGET, REMINDER, Choices
from samverkan.notify.notification import NOTIFICATION, QueueNotification, notification_id
from samverkan.notify.reminders import reminder
from samverkan.notify.reminders.deadlines import due
from samverkan.notify.reminders.reminder import FireReminder, SettleReminder
from samverkan.notify.reminders.rules import Rules
from samverkan.notify.reminders.subjects import deadlines_of, subject_id, subject_of, watched
from samverkan.notify.reminders.views import ReminderRow, Reminders
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.notification import Settlement

_SETTLED_A_ROUND: Final = 50  # fired reminders looked at in one round; the next round goes on from there
_QUIET: Final = 50_000  # subjects known to want nothing today, about 200 bytes each; a forgotten one is asked again

log = structlog.stdlib.get_logger(__name__)


@dataclass
class Scheduler:
    """The worker. `patience_seconds`: how long it waits for foreign events that are known to be on their way."""

    rules: Rules
    choices: Choices
    poll_interval_seconds: float
    patience_seconds: float
    _quiet: LRUCache[UUID, tuple[int, date]] = field(default_factory=lambda: LRUCache(_QUIET))
    _settled_up_to: UUID | None = None
    _waiting_since: float | None = None

    async def run(self, runtime: Runtime) -> None:
        """Remind until cancelled. Cancelled in the middle of a transaction it is as if that had not begun."""
        while True:
            try:
                await self.remind(runtime)
            except Transient as error:
                log.warning("reminding_interrupted", reason=error.code)
            await asyncio.sleep(self.poll_interval_seconds)

    async def remind(self, runtime: Runtime) -> int:
        """One round; the number of reminders that were fired."""
        if self._must_wait(runtime):
            return 0
        today = stockholm_date(runtime.now())
        fired = 0
        async for facts in watched(runtime.queries, today, today):
            key, looked_at = subject_id(facts), (facts.version, today)
            if self._quiet.get(key) == looked_at:
                continue
            subject = await subject_of(runtime.queries, self.rules, facts)
            for deadline in subject.deadlines:
                fire = due(deadline, self.rules, today)
                if fire is not None and not await _is_fired(runtime, fire):
                    fired += await self._fire(runtime, fire, subject.required)
            self._quiet[key] = looked_at
        await self._settle(runtime, today)
        return fired

    def _must_wait(self, runtime: Runtime) -> bool:
        """After a pause the claim that makes a reminder needless may be on its way: it is waited for, in measure."""
        now = asyncio.get_running_loop().time()
        if runtime.behind() == 0:
            self._waiting_since = None
            return False
        if self._waiting_since is None:
            self._waiting_since = now
        return now - self._waiting_since < self.patience_seconds

    async def _fire(self, runtime: Runtime, fire: FireReminder, required: Requirement) -> bool:
        deadline = fire.deadline
        reminder_id = deadline.reminder_id
        context = Context(
            now=runtime.now(),
            command_id=uuid5(reminder_id, f"fire/{fire.days_before}"),
            correlation_id=deadline.case_id or deadline.subject_id,
            requires=(required,),
        )
        about = event_id(context.command_id, reminder_id, 1)
        orders = [Order(reminder.REMINDER, reminder_id, fire), *self._messages(fire, about)]
        try:
            executed, *_ = await runtime.commands.execute_together(orders, context)
        except Refused as refused:
            log.warning("reminder_refused", reminder=str(reminder_id), code=refused.code)
            return False
        return bool(executed.event_types) and not executed.repeated

    def _messages(self, fire: FireReminder, about: UUID) -> Iterable[Order]:
        deadline = fire.deadline
        about_budget = True if deadline.case_id is None else None  # absent rather than false, on the wire
        on_time, late = (BUDGET, LATE_BUDGET) if about_budget else (REMINDER, LATE)
        template = on_time if fire.fired_on == fire.planned_on else late
        for recipient in deadline.recipients:
            for channel in self.choices.channels(recipient, REMINDER):
                command = QueueNotification(
                    deadline.case_id or deadline.subject_id,
                    recipient,
                    template,
                    about,
                    channel,
                    deadline.due_on,
                    fire.planned_on,
                    about_budget,
                )
                yield Order(NOTIFICATION, notification_id(about, recipient, channel), command)

    async def _settle(self, runtime: Runtime, today: date) -> None:
        """What was fired and is a deadline no more is said to be so, that nobody waits for it any longer."""
        rows = await runtime.queries.select(Reminders, after=self._settled_up_to, limit=_SETTLED_A_ROUND, state="fired")
        for row in rows:
            settlement = await self._settlement(runtime, row, today)
            if settlement is not None:
                command_id = uuid5(row.reminder_id, f"settle/{row.version}")
                context = Context(runtime.now(), command_id, correlation_id=row.case_id)
                order = Order(reminder.REMINDER, row.reminder_id, SettleReminder(settlement, today))
                await runtime.commands.execute(order, context)
        self._settled_up_to = rows[-1].reminder_id if len(rows) == _SETTLED_A_ROUND else None

    async def _settlement(self, runtime: Runtime, row: ReminderRow, today: date) -> Settlement | None:
        deadlines = await deadlines_of(runtime.queries, self.rules, row.subject_id)
        alike = [one for one in deadlines if (one.kind.value, one.period) == (row.kind, row.period)]
        if any(one.due_on == row.due_on for one in alike):
            assert row.due_on is not None
            return Settlement.PASSED if today > row.due_on + timedelta(days=self.rules.late.days) else None
        return Settlement.MOVED if alike else Settlement.CLOSED


async def _is_fired(runtime: Runtime, fire: FireReminder) -> bool:
    row = await runtime.queries.get(Reminders, fire.deadline.reminder_id)
    return row is not None and row.days_before is not None and row.days_before <= fire.days_before
