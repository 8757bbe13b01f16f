"""What deadlines are of, read from the views: compensations, cases and budgets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from samverkan.backbone.runtime import Queries
from samverkan.backbone.view import View
from samverkan.notify.reminders.deadlines import of_budget, of_case, of_compensation
from samverkan.notify.reminders.facts import BudgetFacts, CaseFacts, CompensationFacts
from samverkan.notify.reminders.reminder import Deadline
from samverkan.notify.reminders.rules import Rules
from samverkan.notify.reminders.views import BudgetWatch, CaseWatch, CompensationWatch, PlacementWatch
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT
from samverkan.schemas.envelope import Requirement

Facts = CompensationFacts | CaseFacts | BudgetFacts

_PAGE: Final = 500  # rows of one statement
_WATCHES: Final[tuple[type[View[Any]], ...]] = (CompensationWatch, CaseWatch, BudgetWatch)


@dataclass(frozen=True)
class Subject:
    """All deadlines of one subject, and the event that they rest on."""

    deadlines: tuple[Deadline, ...]
    required: Requirement


def subject_id(facts: Facts) -> UUID:
    """Whose facts they are."""
    match facts:
        case CompensationFacts(compensation_id=key) | CaseFacts(case_id=key) | BudgetFacts(budget_id=key):
            return key
        case _:
            assert_never(facts)


async def watched(queries: Queries, first: date, last: date) -> AsyncIterator[Facts]:
    """The facts of every subject that may have a reminder or a deadline from `first` to `last`."""
    for watch in _WATCHES:
        key, after = watch.columns()[0], None
        while True:
            between = {"look_from": (None, last), "look_until": (first, None)}
            rows = await queries.select(watch, after=after, limit=_PAGE, between=between)
            for facts in rows:
                yield facts
            if len(rows) < _PAGE:
                break
            after = getattr(rows[-1], key)


async def subject_of(queries: Queries, rules: Rules, facts: Facts) -> Subject:
    """The deadlines that follow from these facts."""
    if isinstance(facts, CaseFacts):
        return Subject(tuple(of_case(facts, rules)), Requirement(PARTICIPANT.name, facts.case_id, facts.version))
    if isinstance(facts, BudgetFacts):
        return Subject(tuple(of_budget(facts, rules)), Requirement(FUNDING.name, facts.budget_id, facts.version))
    placement = await queries.get(PlacementWatch, facts.placement_id)
    deadlines = of_compensation(facts, None if placement is None else placement.last_day_on, rules)
    return Subject(tuple(deadlines), Requirement(FUNDING.name, facts.compensation_id, facts.version))


async def deadlines_of(queries: Queries, rules: Rules, subject: UUID | None) -> tuple[Deadline, ...]:
    """The deadlines of the subject with this id, whatever it is; none when it is not known."""
    for watch in _WATCHES:
        facts = await queries.get(watch, subject)
        if facts is not None:
            return (await subject_of(queries, rules, facts)).deadlines
    return ()
