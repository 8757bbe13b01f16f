"""The plan of a case and its activities; all columns are owned by samverkan.participant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.support import (
    ActivityDone,
    ActivityDropped,
    ActivityPlanned,
    HealthTexts,
    PlanAgreed,
    PlanClosed,
    PlanSigned,
    PlanWritten,
    WorkTexts,
)


@dataclass(frozen=True)
class CasePlanRow:
    """The current revision: its goals, and who has signed it. `agreed_revision` is the last that all signed."""

    plan_id: UUID
    case_id: UUID | None = None
    revision: int | None = None
    written_on: date | None = None
    parties: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    agreed_revision: int | None = None
    agreed_on: date | None = None
    closed_on: date | None = None
    work_goals: tuple[str, ...] = ()
    health_goals: tuple[str, ...] = ()


class CasePlans(View[CasePlanRow]):
    """The plans of the shared cases."""

    table: ClassVar = "case_plan"
    row: ClassVar = CasePlanRow
    events: ClassVar = (PlanWritten, PlanSigned, PlanAgreed, PlanClosed)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per plan."""
        return [recorded.stream_id]

    def fold(self, row: CasePlanRow, recorded: Recorded) -> CasePlanRow:
        """Take over what the event says."""
        match recorded.event:
            case PlanWritten() as written:
                holds = row.closed_on is None  # written anew after its end, nothing of it holds any more
                return replace(
                    row,
                    case_id=written.case_id,
                    revision=written.revision,
                    written_on=written.written_on,
                    parties=written.parties,
                    signed_by=(),
                    agreed_revision=row.agreed_revision if holds else None,
                    agreed_on=row.agreed_on if holds else None,
                    closed_on=None,
                    work_goals=_texts(written.employment),
                    health_goals=_texts(written.health),
                )
            case PlanSigned(party=party):
                return replace(row, signed_by=tuple(sorted({*row.signed_by, party})))
            case PlanAgreed(revision=revision, agreed_on=day):
                return replace(row, agreed_revision=revision, agreed_on=day)
            case PlanClosed(closed_on=day):
                return replace(row, closed_on=day)
            case _:
                return row


@dataclass(frozen=True)
class CaseActivityRow:
    """Who does what by when: `state` is open, done or dropped. `settled_on`, when it was done or dropped."""

    activity_id: UUID
    case_id: UUID | None = None
    responsible: str | None = None
    due_on: date | None = None
    state: str | None = None
    settled_on: date | None = None
    days_late: int | None = None
    drop_code: str | None = None
    work: tuple[str, ...] = ()
    health: tuple[str, ...] = ()


class CaseActivities(View[CaseActivityRow]):
    """The activities of these plans, as their latest revisions have them."""

    table: ClassVar = "case_activity"
    row: ClassVar = CaseActivityRow
    events: ClassVar = (ActivityPlanned, ActivityDone, ActivityDropped)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per activity."""
        event = recorded.event
        assert isinstance(event, ActivityPlanned | ActivityDone | ActivityDropped)
        return [event.activity_id]

    def fold(self, row: CaseActivityRow, recorded: Recorded) -> CaseActivityRow:
        """Take over what the event says."""
        match recorded.event:
            case ActivityPlanned() as planned:
                return replace(
                    row,
                    case_id=planned.case_id,
                    responsible=planned.responsible,
                    due_on=planned.due_on,
                    state="open",
                    work=_texts(planned.employment),
                    health=_texts(planned.health),
                )
            case ActivityDone(done_on=day, days_late=days):
                return replace(row, state="done", settled_on=day, days_late=days)
            case ActivityDropped(dropped_on=day, code=code):
                return replace(row, state="dropped", settled_on=day, drop_code=code)
            case _:
                return row


def _texts(sealed: WorkTexts | HealthTexts | None) -> tuple[str, ...]:
    return () if sealed is None else sealed.texts
