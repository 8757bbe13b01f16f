"""Plans and their activities. Pure folds of intake's own events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
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
class PlanRow:
    """A plan. `revision` is the current one, `agreed_revision` the last that everyone signed.

    `revisions` keeps every one with its goals, its activities and its signatures.
    """

    plan_id: UUID
    version: int = 0
    case_id: UUID | None = None
    state: str = "unknown"
    revision: int = 0
    written_on: date | None = None
    parties: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    agreed_revision: int | None = None
    agreed_on: date | None = None
    closed_on: date | None = None
    close_code: str | None = None
    revisions: tuple[Mapping[str, Any], ...] = ()


class Plans(View[PlanRow]):
    """The plan of each case that has one."""

    table: ClassVar = "plan"
    row: ClassVar = PlanRow
    events: ClassVar = (
        *(PlanWritten, ActivityPlanned, ActivityDone, ActivityDropped),
        *(PlanSigned, PlanAgreed, PlanClosed),
    )

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per plan."""
        return [recorded.stream_id]

    def fold(self, row: PlanRow, recorded: Recorded) -> PlanRow:
        """Take over what the event says."""
        row = replace(row, version=recorded.envelope.version)
        match recorded.event:
            case PlanWritten() as written:
                return _written(row, written)
            case ActivityPlanned() as planned:
                entry = {
                    "activity_id": str(planned.activity_id),
                    "responsible": planned.responsible,
                    "due_on": planned.due_on.isoformat(),
                    **texts(planned.employment, planned.health),
                }
                return _added(row, planned.revision, "activities", entry)
            case PlanSigned() as signed:
                entry = signed.model_dump(mode="json", include={"party", "signed_on", "on_behalf"})
                entry["because"] = list(signed.health.texts) if signed.health is not None else []
                signed_by = tuple(sorted({*row.signed_by, signed.party}))
                state = row.state if row.state == "changed" else "signing"
                return _added(replace(row, signed_by=signed_by, state=state), signed.revision, "signatures", entry)
            case PlanAgreed(revision=revision, agreed_on=day):
                return replace(row, state="in-force", agreed_revision=revision, agreed_on=day)
            case PlanClosed(closed_on=day, code=code):
                return replace(row, state="closed", closed_on=day, close_code=code)
            case _:
                return row


@dataclass(frozen=True)
class PlanActivityRow:
    """Who does what by when, and what became of it: `state` is open, done or dropped."""

    activity_id: UUID
    case_id: UUID | None = None
    revision: int = 0
    responsible: str | None = None
    due_on: date | None = None
    state: str = "unknown"
    done_on: date | None = None
    days_late: int | None = None
    dropped_on: date | None = None
    drop_code: str | None = None
    work: tuple[str, ...] = ()
    health: tuple[str, ...] = ()
    work_after: tuple[str, ...] = ()
    health_after: tuple[str, ...] = ()


class PlanActivities(View[PlanActivityRow]):
    """Every activity of every plan, as its latest revision has it."""

    table: ClassVar = "plan_activity"
    row: ClassVar = PlanActivityRow
    events: ClassVar = (ActivityPlanned, ActivityDone, ActivityDropped)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """One row per activity."""
        event = recorded.event
        assert isinstance(event, ActivityPlanned | ActivityDone | ActivityDropped)
        return [event.activity_id]

    def fold(self, row: PlanActivityRow, recorded: Recorded) -> PlanActivityRow:
        """Take over what the event says."""
        match recorded.event:
            case ActivityPlanned() as planned:
                told = texts(planned.employment, planned.health)
                return replace(
                    row,
                    case_id=planned.case_id,
                    revision=planned.revision,
                    responsible=planned.responsible,
                    due_on=planned.due_on,
                    state="open",
                    work=tuple(told["work"]),
                    health=tuple(told["health"]),
                )
            case ActivityDone() as done:
                told = texts(done.employment, done.health)
                row = replace(row, state="done", done_on=done.done_on, days_late=done.days_late)
                return replace(row, work_after=tuple(told["work"]), health_after=tuple(told["health"]))
            case ActivityDropped() as dropped:
                told = texts(dropped.employment, dropped.health)
                row = replace(row, state="dropped", dropped_on=dropped.dropped_on, drop_code=dropped.code)
                return replace(row, work_after=tuple(told["work"]), health_after=tuple(told["health"]))
            case _:
                return row


def texts(work: WorkTexts | None, health: HealthTexts | None) -> dict[str, list[str]]:
    """What the two compartments hold; nothing of one that cannot be read."""
    return {
        "work": [] if work is None else list(work.texts),
        "health": [] if health is None else list(health.texts),
    }


def _written(row: PlanRow, written: PlanWritten) -> PlanRow:
    """A closed plan that is written anew begins as a draft; one in force goes on holding while it changes."""
    holds = row.agreed_revision is not None and row.state != "closed"
    revision = {
        "revision": written.revision,
        "written_on": written.written_on.isoformat(),
        "parties": list(written.parties),
        "goals": texts(written.employment, written.health),
        "activities": [],
        "signatures": [],
    }
    return replace(
        row,
        case_id=written.case_id,
        state="changed" if holds else "draft",
        revision=written.revision,
        written_on=written.written_on,
        parties=written.parties,
        signed_by=(),
        agreed_revision=row.agreed_revision if holds else None,
        agreed_on=row.agreed_on if holds else None,
        closed_on=None,
        close_code=None,
        revisions=(*row.revisions, revision),
    )


def _added(row: PlanRow, revision: int, part: str, entry: Mapping[str, Any]) -> PlanRow:
    revisions = tuple(
        {**one, part: [*one[part], entry]} if one["revision"] == revision else one for one in row.revisions
    )
    return replace(row, revisions=revisions)
