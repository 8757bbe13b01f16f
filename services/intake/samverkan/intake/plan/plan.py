"""The plan of a case: every command and where it is decided. Pure: dates arrive in commands.

One stream per case, its id derived from the case's. A plan that was closed may be written anew: the same plan, with the
next revision.
"""

from collections.abc import Sequence
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.intake.plan.activity import (
    ClosePlan,
    CompleteActivity,
    DropActivity,
    EndPlanWithCase,
    close,
    complete,
    drop,
    end_with_case,
)
from samverkan.intake.plan.signing import SignPlan, sign
from samverkan.intake.plan.state import Event, Plan, evolve
from samverkan.intake.plan.writing import WritePlan, write
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.support import SupportReactionRefused

Command = WritePlan | SignPlan | CompleteActivity | DropActivity | ClosePlan | EndPlanWithCase


def plan_id(case_id: UUID) -> UUID:
    """The stream of a case's plan."""
    return uuid5(case_id, "plan")


def decide(command: Command, plan: Plan) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, WritePlan):
        return write(command, plan)
    if isinstance(command, EndPlanWithCase):
        return end_with_case(command, plan)
    if plan.written is None:
        raise Refused("plan-unknown")
    if isinstance(command, ClosePlan):
        return close(command, plan, plan.written)
    if plan.closed is not None:
        raise Refused("plan-closed", closed_on=plan.closed.closed_on.isoformat())
    match command:
        case SignPlan():
            return sign(command, plan, plan.written)
        case CompleteActivity():
            return complete(command, plan, plan.written)
        case DropActivity():
            return drop(command, plan, plan.written)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> SupportReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return SupportReactionRefused(command=type(command).__name__, code=refused.code)


PLAN: Final = Aggregate("plan", PARTICIPANT.name, Plan(), decide, evolve, refusal)
