"""What deadlines are of, read from the views many at a time: compensations, cases, plans and budgets."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from samverkan.backbone.runtime import Queries
from samverkan.backbone.view import View
from samverkan.notify.reminders.deadlines import handed_over, of_budget, of_case, of_compensation, of_plan
from samverkan.notify.reminders.facts import BudgetFacts, CaseFacts, CompensationFacts, PlanFacts
from samverkan.notify.reminders.reminder import Deadline
from samverkan.notify.reminders.rules import Rules
from samverkan.notify.reminders.views import BudgetWatch, CaseWatch, CompensationWatch, PlacementWatch, PlanWatch
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT
from samverkan.schemas.envelope import Requirement

Facts = CompensationFacts | CaseFacts | PlanFacts | BudgetFacts

PAGE: Final = 500  # rows of one statement
WATCHES: Final[tuple[type[View[Any]], ...]] = (CompensationWatch, CaseWatch, PlanWatch, BudgetWatch)


@dataclass(frozen=True)
class Subject:
    """All deadlines of one subject, and the event that they rest on."""

    facts: Facts
    deadlines: tuple[Deadline, ...]
    required: Requirement


def subject_id(facts: Facts) -> UUID:
    """Whose facts they are."""
    match facts:
        case CompensationFacts(compensation_id=key) | CaseFacts(case_id=key):
            return key
        case PlanFacts(plan_id=key) | BudgetFacts(budget_id=key):
            return key
        case _:
            assert_never(facts)


async def watched(
    queries: Queries, rules: Rules, first: date, last: date, case_id: UUID | None = None
) -> AsyncIterator[Subject]:
    """Every subject, or those of one case, that may have a reminder or a deadline from `first` to `last`."""
    between = {"look_from": (None, last), "look_until": (first, None)}
    for watch in WATCHES:
        key, after = watch.columns()[0], None
        if case_id is not None and "case_id" not in watch.columns():
            continue
        only: dict[str, Any] = {} if case_id is None else {"case_id": case_id}
        while True:
            rows = await queries.select(watch, after=after, limit=PAGE, between=between, **only)
            for subject in await subjects_of(queries, rules, rows):
                yield subject
            if len(rows) < PAGE:
                break
            after = getattr(rows[-1], key)


async def subjects_of(queries: Queries, rules: Rules, many: Sequence[Facts]) -> Sequence[Subject]:
    """The deadlines that follow from these facts: two statements besides for all of them."""
    last_days, cases = await _last_days(queries, many), await _cases(queries, many)
    return [_subject(rules, facts, last_days, cases) for facts in many]


async def _last_days(queries: Queries, many: Sequence[Facts]) -> dict[UUID, date | None]:
    wanted = {facts.placement_id for facts in many if isinstance(facts, CompensationFacts) and facts.placement_id}
    if not wanted:
        return {}
    placements = await queries.select(PlacementWatch, among={"placement_id": wanted}, limit=len(wanted))
    return {placement.placement_id: placement.last_day_on for placement in placements}


async def _cases(queries: Queries, many: Sequence[Facts]) -> dict[UUID, CaseFacts]:
    known = {facts.case_id: facts for facts in many if isinstance(facts, CaseFacts)}
    wanted = {
        facts.case_id
        for facts in many
        if isinstance(facts, CompensationFacts | PlanFacts) and facts.case_id is not None and facts.case_id not in known
    }
    if not wanted:
        return known
    cases = await queries.select(CaseWatch, among={"case_id": wanted}, limit=len(wanted))
    return known | {case.case_id: case for case in cases}


def _subject(rules: Rules, facts: Facts, last_days: dict[UUID, date | None], cases: dict[UUID, CaseFacts]) -> Subject:
    case_id = None if isinstance(facts, BudgetFacts) else facts.case_id
    case = None if case_id is None else cases.get(case_id)
    match facts:
        case CompensationFacts():
            last_day_on = None if facts.placement_id is None else last_days.get(facts.placement_id)
            deadlines, topic = of_compensation(facts, last_day_on, rules), FUNDING
        case CaseFacts():
            deadlines, topic = of_case(facts, rules), PARTICIPANT
        case PlanFacts():
            deadlines, topic = of_plan(facts, case, rules), PARTICIPANT
        case BudgetFacts():
            deadlines, topic = of_budget(facts, rules), FUNDING
        case _:
            assert_never(facts)
    deadlines = handed_over(deadlines, None if case is None else case.municipality)
    return Subject(facts, tuple(deadlines), Requirement(topic.name, subject_id(facts), facts.version))
