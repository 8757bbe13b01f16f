"""The employer's own page: all placements and supports that it has, until when, and what is next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.placement.next_step import NextStep, next_step
from samverkan.placement.views.placements import PlacementRow
from samverkan.placement.views.supports import SupportRow

_RUNNING: Final = frozenset({"started", "interrupted"})
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True)
class SupportAnswer:
    """One placement of the employer with its support: until when, and what is next. Kronor.

    Of several decisions on one placement `support_state` and `credit_per_month` are those of the one that holds today,
    or else comes next; `supported_until` is the last day that any of them covers.
    """

    placement_id: UUID
    form: str | None
    state: str
    extent: Decimal | None
    workplace: str | None
    started_on: date | None
    ends_on: date | None
    support_state: str | None
    decided_on: date | None
    supported_until: date | None
    credit_per_month: Decimal | None
    credited: Decimal
    last_claimed: date | None
    next: NextStep


@dataclass(frozen=True)
class EmployerPage:
    """Everything that one employer has, what waits for it first. `credit_per_month` of what runs and is supported."""

    organisation_number: str
    running: int
    credit_per_month: Decimal
    supports: Sequence[SupportAnswer]


def page_of(number: str, rows: Iterable[PlacementRow], supports: Iterable[SupportRow], today: date) -> EmployerPage:
    """The page of the employer with that number. `supports` are those of its placements."""
    of_placement: dict[UUID | None, list[SupportRow]] = {}
    for support in supports:
        of_placement.setdefault(support.placement_id, []).append(support)
    answers = [_answer(row, of_placement.get(row.placement_id, []), today) for row in rows]
    running = [one for one in answers if one.state in _RUNNING]
    supported = [one for one in running if one.supported_until is not None and one.supported_until >= today]
    return EmployerPage(
        organisation_number=number,
        running=len(running),
        credit_per_month=sum((one.credit_per_month or _NOTHING for one in supported), _NOTHING),
        supports=sorted(answers, key=_first),
    )


def _answer(row: PlacementRow, supports: Sequence[SupportRow], today: date) -> SupportAnswer:
    support = _foremost(supports, today)
    return SupportAnswer(
        placement_id=row.placement_id,
        form=row.form,
        state=row.state,
        extent=row.extent,
        workplace=row.workplace,
        started_on=row.started_on,
        ends_on=row.last_day_on or row.ends_on,
        support_state=None if support is None else support.state,
        decided_on=None if support is None else support.decided_on,
        supported_until=max((one.until for one in supports if one.until is not None), default=None),
        credit_per_month=None if support is None else support.credit_per_month,
        credited=sum((one.credited for one in supports), _NOTHING),
        last_claimed=max((one.last_claimed for one in supports if one.last_claimed is not None), default=None),
        next=next_step(row, support, today),
    )


def _foremost(supports: Sequence[SupportRow], today: date) -> SupportRow | None:
    """The one that holds today or comes next; else the one that ended last; else what was last applied for."""
    covering = sorted((one.until, one.compensation_id, one) for one in supports if one.until is not None)
    if covering:
        return next((one for until, _, one in covering if until >= today), covering[-1][2])
    return max(supports, key=lambda one: one.decided_on or one.applied_on or date.min, default=None)


def _first(answer: SupportAnswer) -> tuple[bool, date, UUID]:
    waits = "employer" in answer.next.waits_on
    return (not waits, answer.next.by or date.max, answer.placement_id)
