"""The authorities' work on a case over HTTP: registration, contact, stand-in, conflict of interest, transfer.

Each agency speaks for itself: whose contact or diarienummer it is follows from who calls.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import StringConstraints

from samverkan.backbone.http.body import Body, Code, Day
from samverkan.backbone.http.call import Accepted, Command
from samverkan.intake.bodies import Caseworker, by
from samverkan.intake.case.case import CASE
from samverkan.intake.case.casework import (
    AppointStandIn,
    AssignCaseworker,
    DeclareConflict,
    Jav,
    LiftConflict,
    RegisterCase,
    TransferCase,
)


class RegistrationBody(Body):
    """The agency's diarienummer: `AME 2026/17`. It travels in the open, so it never holds a personnummer."""

    registration: Annotated[
        str, StringConstraints(pattern=r"^[A-ZÅÄÖ]{1,8}[ -]?(19|20)[0-9]{2}[/:-][0-9]{1,5}$", max_length=24)
    ]
    registered_on: Day


class AssignmentBody(Body):
    """Who the participant's contact at the agency is."""

    caseworker: Caseworker
    assigned_on: Day


class StandInBody(Body):
    """Who stands in for the contact, both days included."""

    caseworker: Caseworker
    from_on: Day
    until_on: Day


class ConflictBody(Body):
    """Who has a conflict of interest, on which ground of SFS 2017:900 §16."""

    caseworker: Caseworker
    declared_on: Day
    ground: Jav


class ConflictLiftBody(Body):
    """Who may act after all."""

    caseworker: Caseworker
    lifted_on: Day


class TransferBody(Body):
    """The municipality that takes over."""

    to_agency: Code
    transferred_on: Day


router = APIRouter(tags=["intake"])


@router.post("/cases/{case_id}/registration")
async def register(case_id: UUID, body: RegistrationBody, call: Command) -> Accepted:
    """Record the agency's own diarienummer."""
    return await call.execute(CASE, case_id, RegisterCase(call.agency, **dict(body), by=by(call)))


@router.post("/cases/{case_id}/caseworker")
async def assign(case_id: UUID, body: AssignmentBody, call: Command) -> Accepted:
    """Name the agency's contact, the first or another one."""
    return await call.execute(CASE, case_id, AssignCaseworker(call.agency, **dict(body), by=by(call)))


@router.post("/cases/{case_id}/stand-ins")
async def appoint_stand_in(case_id: UUID, body: StandInBody, call: Command) -> Accepted:
    """Name who stands in for the agency's contact."""
    return await call.execute(CASE, case_id, AppointStandIn(call.agency, **dict(body), by=by(call)))


@router.post("/cases/{case_id}/conflicts")
async def declare_conflict(case_id: UUID, body: ConflictBody, call: Command) -> Accepted:
    """Declare a conflict of interest: from now on the caseworker is refused every command on the case."""
    return await call.execute(CASE, case_id, DeclareConflict(call.agency, **dict(body), by=by(call)))


@router.post("/cases/{case_id}/conflicts/lift")
async def lift_conflict(case_id: UUID, body: ConflictLiftBody, call: Command) -> Accepted:
    """Decide that the caseworker may act after all; never one's own."""
    return await call.execute(CASE, case_id, LiftConflict(call.agency, **dict(body), by=by(call)))


@router.post("/cases/{case_id}/transfer")
async def transfer(case_id: UUID, body: TransferBody, call: Command) -> Accepted:
    """Hand the case over to another municipality; its history stays."""
    return await call.execute(CASE, case_id, TransferCase(**dict(body), by=by(call)))
