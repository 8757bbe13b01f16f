"""The course of a case over HTTP: pause, closing, exit, follow-up, and participation without a name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StrictBool, StrictInt

from samverkan.backbone.http.body import Body, Code, Day
from samverkan.backbone.http.call import Accepted, Command
from samverkan.backbone.http.fields import Passage
from samverkan.intake.bodies import by
from samverkan.intake.case.case import CASE
from samverkan.intake.case.course import (
    BeginClosing,
    CloseCase,
    DeclineCase,
    DeclineCause,
    ExitCause,
    PauseCase,
    PauseCause,
    ResumeCase,
)
from samverkan.intake.case.follow_up import Education, LivelihoodCode, OccupationCode, RecordFollowUp
from samverkan.intake.case.person import CountAnonymously, MakeAnonymous
from samverkan.intake.case_ending import ends_with_case
from samverkan.intake.person_number import Sex
from samverkan.schemas.course import Moment
from samverkan.schemas.participant import Programme

Share = Annotated[StrictInt, Field(ge=1, le=100)]


class PauseBody(Body):
    """A pause, until the other day as far as is known."""

    paused_on: Day
    cause: PauseCause
    until_on: Day | None = None
    words: Passage | None = None


class ResumptionBody(Body):
    """The case goes on."""

    resumed_on: Day


class DeclineBody(Body):
    """No participation. `declined_by`: `participant`, or an agency's code."""

    declined_by: Code
    declined_on: Day
    cause: DeclineCause
    words: Passage | None = None


class ClosingBody(Body):
    """The exit is prepared for `planned_on`."""

    begun_on: Day
    planned_on: Day


class ExitBody(Body):
    """The participation is over."""

    exited_on: Day
    cause: ExitCause
    words: Passage | None = None


class FollowUpBody(Body):
    """Circumstances at one moment; shares in percent, together 100 at most. `corrects`: the earlier record is wrong."""

    moment: Moment
    recorded_on: Day
    occupations: Annotated[dict[OccupationCode, Share], Field(max_length=len(OccupationCode))]
    livelihood: Annotated[dict[LivelihoodCode, Share], Field(max_length=len(LivelihoodCode))]
    education: Education | None = None
    years_on_support: Annotated[StrictInt, Field(ge=0, le=80)] | None = None
    corrects: StrictBool = False


class AnonymityBody(Body):
    """The participant goes on without a name."""

    programme: Programme


class AnonymousBody(Body):
    """One who is never known: only sex, programme and registration year are counted."""

    programme: Programme
    registration_year: Annotated[StrictInt, Field(ge=2003, le=2199)]
    sex: Sex


router = APIRouter(tags=["intake"])


@router.post("/cases/{case_id}/pause")
async def pause(case_id: UUID, body: PauseBody, call: Command) -> Accepted:
    """Pause an active case."""
    return await call.execute(CASE, case_id, PauseCase(**dict(body), by=by(call)))


@router.post("/cases/{case_id}/resumption")
async def resume(case_id: UUID, body: ResumptionBody, call: Command) -> Accepted:
    """Resume a paused case, or one whose prepared exit does not come."""
    return await call.execute(CASE, case_id, ResumeCase(**dict(body), by=by(call)))


@router.post("/cases/{case_id}/decline")
async def decline(case_id: UUID, body: DeclineBody, call: Command) -> Accepted:
    """End a case that never became active."""
    together = await ends_with_case(call, case_id, body.declined_on)
    return await call.execute(CASE, case_id, DeclineCase(**dict(body), by=by(call)), together=together)


@router.post("/cases/{case_id}/closing")
async def begin_closing(case_id: UUID, body: ClosingBody, call: Command) -> Accepted:
    """Begin to prepare the exit."""
    return await call.execute(CASE, case_id, BeginClosing(**dict(body), by=by(call)))


@router.post("/cases/{case_id}/exit")
async def close(case_id: UUID, body: ExitBody, call: Command) -> Accepted:
    """End the participation, with its plan; follow-ups are due after 6 and 12 months."""
    together = await ends_with_case(call, case_id, body.exited_on)
    return await call.execute(CASE, case_id, CloseCase(**dict(body), by=by(call)), together=together)


@router.post("/cases/{case_id}/follow-ups")
async def follow_up(case_id: UUID, body: FollowUpBody, call: Command) -> Accepted:
    """Record the circumstances at entry, exit, 6 or 12 months; of a protected participant only that it was done."""
    return await call.execute(CASE, case_id, RecordFollowUp(**dict(body), by=by(call)))


@router.post("/cases/{case_id}/anonymity")
async def make_anonymous(case_id: UUID, body: AnonymityBody, call: Command) -> Accepted:
    """Go on without a name: the case becomes a count, and nothing of the person is shown any more."""
    together = await ends_with_case(call, case_id, call.today)
    return await call.execute(CASE, case_id, MakeAnonymous(**dict(body), by=by(call)), together=together)


@router.post("/anonymous-participations")
async def count_anonymously(body: AnonymousBody, call: Command) -> Accepted:
    """Count a participant who refuses to be known."""
    return await call.execute(CASE, call.new_id(), CountAnonymously(**dict(body), by=by(call)), create=True)
