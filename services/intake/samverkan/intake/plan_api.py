"""The plan over HTTP. A command becomes a call of one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StrictInt

from samverkan.backbone.http.body import Body, Code, Day
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.backbone.http.fields import Passage
from samverkan.intake.open_case import REPORTED, open_case
from samverkan.intake.plan.activity import CloseGround, ClosePlan, CompleteActivity, DropActivity, DropGround
from samverkan.intake.plan.plan import PLAN, plan_id
from samverkan.intake.plan.signing import SignPlan
from samverkan.intake.plan.state import Words
from samverkan.intake.plan.writing import PlannedActivity, WritePlan
from samverkan.intake.plan_view import PlanActivities, PlanActivityRow, PlanRow, Plans

PARTIES_MAX, ACTIVITIES_MAX, TEXTS_MAX, ROWS_MAX = 10, 100, 20, 5_000
Texts = Annotated[list[Passage], Field(max_length=TEXTS_MAX)]

router = APIRouter(tags=["plan"])


class WordsBody(Body):
    """What concerns work and study, and what concerns health: agencies see the one, the other or both."""

    work: Texts = []
    health: Texts = []

    def words(self) -> Words:
        """As the plan holds them."""
        return Words(tuple(self.work), tuple(self.health))


NO_WORDS: Final = WordsBody()


class ActivityBody(Body):
    """Who does what by when. `responsible`: `participant` or the code of an agency that signs."""

    responsible: Code
    due_on: Day
    words: WordsBody
    activity_id: UUID | None = None


class PlanBody(Body):
    """The whole plan as it shall be. `parties`: who signs, `participant` and agencies by their codes."""

    written_on: Day
    goals: WordsBody
    activities: Annotated[list[ActivityBody], Field(min_length=1, max_length=ACTIVITIES_MAX)]
    parties: Annotated[list[Code], Field(min_length=1, max_length=PARTIES_MAX)]


class SignatureBody(Body):
    """One party's signature under one revision. `on_behalf_because`: why another one signs for it."""

    party: Code
    revision: Annotated[StrictInt, Field(ge=1, le=100_000)]
    signed_on: Day
    on_behalf_because: Passage | None = None


class DoneBody(Body):
    """The activity was carried out. Late ones say why."""

    done_on: Day
    words: WordsBody = NO_WORDS


class DropBody(Body):
    """The activity will not be carried out."""

    dropped_on: Day
    ground: DropGround
    words: WordsBody = NO_WORDS


class ClosingBody(Body):
    """The plan ends."""

    closed_on: Day
    ground: CloseGround


@dataclass(frozen=True)
class WholePlan:
    """A plan, and its activities as they are now, by the day they are due."""

    plan: PlanRow
    activities: Sequence[PlanActivityRow]


@dataclass(frozen=True)
class DueActivity:
    """An activity that is due. Nothing of what it is and of whom it concerns: the plan says that."""

    activity_id: UUID
    case_id: UUID | None
    responsible: str | None
    due_on: date | None
    days_left: int


@router.post("/cases/{case_id}/plan")
async def write(case_id: UUID, body: PlanBody, call: Command) -> Accepted:
    """Write the plan, or change it: a change is a new revision, which everyone signs anew."""
    await open_case(call, case_id)
    activities = tuple(
        PlannedActivity(one.responsible, one.due_on, one.words.words(), one.activity_id) for one in body.activities
    )
    command = WritePlan(case_id, body.goals.words(), activities, tuple(body.parties), body.written_on, call.today)
    return await call.execute(PLAN, plan_id(case_id), command, correlation_id=case_id)


@router.post("/cases/{case_id}/plan/signatures")
async def sign(case_id: UUID, body: SignatureBody, call: Command) -> Accepted:
    """Sign a revision; the last signature brings it into force. The participant signs on paper, before an agency."""
    await open_case(call, case_id)
    command = SignPlan(body.party, body.revision, body.signed_on, call.agency, call.today, body.on_behalf_because)
    return await call.execute(PLAN, plan_id(case_id), command)


@router.post("/cases/{case_id}/plan/activities/{activity_id}/done")
async def done(case_id: UUID, activity_id: UUID, body: DoneBody, call: Command) -> Accepted:
    """Say that an activity was carried out."""
    await open_case(call, case_id)
    command = CompleteActivity(activity_id, body.done_on, call.today, body.words.words())
    return await call.execute(PLAN, plan_id(case_id), command)


@router.post("/cases/{case_id}/plan/activities/{activity_id}/drop")
async def drop(case_id: UUID, activity_id: UUID, body: DropBody, call: Command) -> Accepted:
    """Say that an activity will not be carried out, and why."""
    await open_case(call, case_id)
    command = DropActivity(activity_id, body.dropped_on, body.ground, call.today, body.words.words())
    return await call.execute(PLAN, plan_id(case_id), command)


@router.post("/cases/{case_id}/plan/closing")
async def close(case_id: UUID, body: ClosingBody, call: Command) -> Accepted:
    """End the plan; what is undone in it is dropped."""
    await open_case(call, case_id, REPORTED)
    return await call.execute(PLAN, plan_id(case_id), ClosePlan(body.closed_on, body.ground, call.today))


@router.get("/cases/{case_id}/plan")
async def plan(case_id: UUID, call: Query) -> WholePlan:
    """The plan with all its revisions and signatures, and its activities as they are now."""
    row = await call.one(Plans, plan_id(case_id))
    activities = await call.queries.select(PlanActivities, limit=ROWS_MAX, case_id=case_id)
    return WholePlan(row, sorted(activities, key=lambda one: (one.due_on or date.max, str(one.activity_id))))


@router.get("/plan-activities")
async def due(call: Query, page: Page, responsible: Code | None = None, until: Day | None = None) -> list[DueActivity]:
    """Open activities that are due until that day (today), of one responsible if it is given; by ascending id.

    `days_left` is below 0 for what is late.
    """
    equal = {} if responsible is None else {"responsible": responsible}
    rows = await call.many(PlanActivities, page, state="open", between={"due_on": (None, until or call.today)}, **equal)
    return [
        DueActivity(row.activity_id, row.case_id, row.responsible, row.due_on, (row.due_on - call.today).days)
        for row in rows
        if row.due_on is not None
    ]
