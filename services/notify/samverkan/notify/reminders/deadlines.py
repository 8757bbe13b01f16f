"""Which deadlines follow from the facts, and which of their reminders a day asks for. Pure.

Nothing is scheduled anywhere: a deadline is there for as long as the facts say so, and a reminder is due when its day
has come and it was not fired. So nothing has to be cancelled, and nothing can be forgotten.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from samverkan.backbone.calendar import months_between, months_later
from samverkan.notify.reminders.facts import MUNICIPALITIES, BudgetFacts, CaseFacts, CompensationFacts, PlanFacts
from samverkan.notify.reminders.reminder import Deadline, FireReminder
from samverkan.notify.reminders.rules import Rules
from samverkan.schemas.notification import DeadlineKind


def of_compensation(facts: CompensationFacts, last_day_on: date | None, rules: Rules) -> Iterator[Deadline]:
    """The work months that may still be claimed, and the decision's own end. `last_day_on`: the placement's, if ended.

    A month is there from its beginning: its reminders come long after its end.
    """
    if facts.starts_on is None or facts.ends_on is None:
        return
    revoked_after = facts.ends_on if facts.revoked_from is None else facts.revoked_from - timedelta(days=1)
    ends_on = min(facts.ends_on, last_day_on or facts.ends_on, revoked_after)
    for month in months_between(facts.starts_on, ends_on) if facts.starts_on <= ends_on else ():
        due_on = rules.claim.due_on(month)
        if month not in facts.closed_months and due_on is not None:
            yield _deadline(DeadlineKind.CLAIM, facts.compensation_id, facts.case_id, str(month), due_on, rules)
    if ends_on == facts.ends_on:
        yield _deadline(DeadlineKind.DECISION, facts.compensation_id, facts.case_id, "", facts.ends_on, rules)


def of_case(facts: CaseFacts, rules: Rules) -> Iterator[Deadline]:
    """The next assessment while the person takes part and is not paused, and the follow-ups after the exit."""
    if facts.closed:
        return
    if facts.exited_on is not None:
        for months in rules.follow_up.after_months:
            if months not in facts.followed_up:
                due_on = months_later(facts.exited_on, months)
                yield _deadline(DeadlineKind.FOLLOW_UP, facts.case_id, facts.case_id, f"{months}-months", due_on, rules)
    elif facts.enrolled_on is not None and not facts.paused:
        latest = max(facts.enrolled_on, facts.assessed_on or facts.enrolled_on)
        due_on = months_later(latest, rules.assessment.every_months)
        yield _deadline(DeadlineKind.ASSESSMENT, facts.case_id, facts.case_id, "", due_on, rules)


def of_budget(facts: BudgetFacts, rules: Rules) -> Iterator[Deadline]:
    """Its adoption, and then its annual report."""
    if facts.year is None or facts.reported:
        return
    if facts.adopted:
        period, due_on = "annual-report", rules.budget.report_due_on(facts.year)
    else:
        period, due_on = "adoption", rules.budget.adoption_due_on(facts.year)
    yield _deadline(DeadlineKind.BUDGET, facts.budget_id, None, period, due_on, rules)


def of_plan(facts: PlanFacts, case: CaseFacts | None, rules: Rules) -> Iterator[Deadline]:
    """What is to be done by its day: told to whom does it, or, for who is told of nothing here, to the municipality.

    Nothing while the case is paused, and nothing after the exit.
    """
    if case is not None and (case.paused or case.closed or case.exited_on is not None):
        return
    for activity, told in sorted(facts.open_activities.items()):
        due_on = date.fromisoformat(told["due_on"])
        deadline = _deadline(DeadlineKind.ACTIVITY, facts.plan_id, facts.case_id, activity, due_on, rules)
        does_it = (told["responsible"],) if told["responsible"] in deadline.recipients else rules.activity.otherwise
        yield replace(deadline, recipients=does_it)


def handed_over(deadlines: Iterable[Deadline], municipality: str | None) -> Iterator[Deadline]:
    """The same, told to the municipality that has the case now."""
    for one in deadlines:
        if municipality is None:
            yield one
        else:
            now = (municipality if code in MUNICIPALITIES else code for code in one.recipients)
            yield replace(one, recipients=tuple(dict.fromkeys(now)))


def due(deadline: Deadline, rules: Rules, today: date) -> FireReminder | None:
    """The most urgent reminder whose day has come; None before the first, and when the deadline is long gone.

    After a pause the earlier ones are left out: what counts is how many days are left now.
    """
    if today > deadline.due_on + timedelta(days=rules.late.days):
        return None
    planned = [(days, deadline.due_on - timedelta(days=days)) for days in rules.of(deadline.kind).days_before]
    come = [(days, day) for days, day in planned if day <= today]
    if not come:
        return None
    days, day = come[-1]
    return FireReminder(deadline, days, day, today)


def next_day(deadlines: Iterable[Deadline], rules: Rules, today: date) -> date | None:
    """The first day after today on which one of them is to be told of, or is told of no longer; None: there is none."""
    ends = timedelta(days=rules.late.days + 1)
    days = (
        day
        for one in deadlines
        for day in (*(one.due_on - timedelta(days=n) for n in rules.of(one.kind).days_before), one.due_on + ends)
    )
    return min((day for day in days if day > today), default=None)


def _deadline(
    kind: DeadlineKind, subject_id: UUID, case_id: UUID | None, period: str, due_on: date, rules: Rules
) -> Deadline:
    return Deadline(kind, subject_id, case_id, period, due_on, rules.of(kind).recipients)
