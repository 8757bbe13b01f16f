"""The scheduler: looks for reminders whose day has come, fires each once, and settles those that are no more.

Any number of replicas may run it: who fires is decided by the reminder's stream, in the transaction that queues the
messages too. After a pause it fires what was missed, late and once.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid5

import structlog

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.command import Context
from samverkan.backbone.decider import Order
from samverkan.backbone.errors import Refused, Transient
from samverkan.backbone.journal.journal import event_id
from samverkan.backbone.runtime import Runtime
from samverkan.notify.choices import BUDGET, LATE, LATE_BUDGET, REMINDER, Choices
from samverkan.notify.notification import NOTIFICATION, QueueNotification, notification_id
from samverkan.notify.patience import Patience
from samverkan.notify.reminders import reminder
from samverkan.notify.reminders.agenda import Agenda
from samverkan.notify.reminders.deadlines import due, next_day
from samverkan.notify.reminders.reminder import Deadline, FireReminder, SettleReminder
from samverkan.notify.reminders.rules import Rules
from samverkan.notify.reminders.subjects import PAGE, Facts, subject_id, subjects_of
from samverkan.notify.reminders.views import ReminderRow, Reminders
from samverkan.schemas.envelope import Requirement
from samverkan.schemas.notification import Settlement

log = structlog.stdlib.get_logger(__name__)


@dataclass
class Scheduler:
    """The worker. `patience_seconds`: how long it waits for foreign events that are known to be on their way."""

    rules: Rules
    choices: Choices
    agenda: Agenda
    poll_interval_seconds: float
    patience_seconds: float
    _day: date | None = None
    _patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self._patience = Patience(self.patience_seconds)

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
        if self._patience.must_wait(runtime):  # the claim that makes a reminder needless may be on its way
            return 0
        today = stockholm_date(runtime.now())
        if self._day is not None and today < self._day:
            await self.agenda.forget(runtime)
        self._day = today
        fired = 0
        while facts := await self.agenda.wanted(runtime, today):
            fired += await self._look_at(runtime, facts, today)
            if len(facts) < PAGE:
                break
        return fired

    async def _look_at(self, runtime: Runtime, facts: Sequence[Facts], today: date) -> int:
        """Fire and settle what these ask for today, and note when they ask next."""
        subjects = await subjects_of(runtime.queries, self.rules, facts)
        known = await _reminders(runtime, [subject_id(one) for one in facts])
        fired = 0
        for subject in subjects:
            for deadline in subject.deadlines:
                fire = due(deadline, self.rules, today)
                if fire is not None and not _is_fired(known.get(deadline.reminder_id), fire):
                    fired += await self._fire(runtime, fire, subject.required)
        deadlines = {one.reminder_id: one for subject in subjects for one in subject.deadlines}
        open_now = {(one.subject_id, one.kind.value, one.period) for one in deadlines.values()}
        for row in known.values():
            still, alike = deadlines.get(row.reminder_id), (row.subject_id, row.kind, row.period) in open_now
            settlement = self._settlement(still, today, moved=alike) if row.state == "fired" else None
            if settlement is not None:
                await self._settle(runtime, row, settlement, today)
        next_days = [(one.facts, next_day(one.deadlines, self.rules, today)) for one in subjects]
        await self.agenda.looked_at(runtime, next_days)
        return fired

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

    def _settlement(self, deadline: Deadline | None, today: date, *, moved: bool) -> Settlement | None:
        """Why what was reminded of is no deadline any more; None: it is one. `moved`: it is one on another day."""
        if deadline is None:
            return Settlement.MOVED if moved else Settlement.CLOSED
        return Settlement.PASSED if today > deadline.due_on + timedelta(days=self.rules.late.days) else None

    async def _settle(self, runtime: Runtime, row: ReminderRow, settlement: Settlement, today: date) -> None:
        """Said, so that nobody waits for it any longer."""
        context = Context(runtime.now(), uuid5(row.reminder_id, f"settle/{row.version}"), correlation_id=row.case_id)
        order = Order(reminder.REMINDER, row.reminder_id, SettleReminder(settlement, today))
        await runtime.commands.execute(order, context)


async def _reminders(runtime: Runtime, subjects: Sequence[UUID]) -> Mapping[UUID, ReminderRow]:
    """What these subjects were reminded of."""
    found: dict[UUID, ReminderRow] = {}
    after: UUID | None = None
    while True:
        rows = await runtime.queries.select(Reminders, among={"subject_id": subjects}, after=after, limit=PAGE)
        found |= {row.reminder_id: row for row in rows}
        if len(rows) < PAGE:
            return found
        after = rows[-1].reminder_id


def _is_fired(row: ReminderRow | None, fire: FireReminder) -> bool:
    return row is not None and row.days_before is not None and row.days_before <= fire.days_before
