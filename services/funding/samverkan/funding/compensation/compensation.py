"""The compensation aggregate: every command and where it is decided. Pure; the rules come from the composition root."""

from collections.abc import Sequence
from functools import partial
from typing import Final, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.application import ApplyForCompensation, apply
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim, credit, submit
from samverkan.funding.compensation.decision import (
    ApproveCompensation,
    CheckApplication,
    RefuseCompensation,
    approve,
    check,
    refuse,
)
from samverkan.funding.compensation.state import Compensation, Event, evolve
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.funding import CompensationReactionRefused

Command = ApplyForCompensation | CheckApplication | ApproveCompensation | RefuseCompensation | SubmitClaim | CreditClaim

_COMPENSATIONS: Final = UUID("6b0c6a5e-6a0c-5d43-9f0e-6f2f0d1f9a31")


def compensation_id(placement_id: UUID) -> UUID:
    """The stream of a placement's compensation: derived, so that two applications for one placement meet in it."""
    return uuid5(_COMPENSATIONS, str(placement_id))


def decide(rules: Rulebook, command: Command, compensation: Compensation) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case ApplyForCompensation():
            return apply(rules, command, compensation)
        case CheckApplication():
            return check(command, compensation)
        case ApproveCompensation():
            return approve(rules, command, compensation)
        case RefuseCompensation():
            return refuse(command, compensation)
        case SubmitClaim():
            return submit(rules, command, compensation)
        case CreditClaim():
            return credit(command, compensation)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> CompensationReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return CompensationReactionRefused(command=type(command).__name__, code=refused.code)


def compensation_under(rules: Rulebook) -> Aggregate[Compensation]:
    """The aggregate, deciding by these rules."""
    return Aggregate("compensation", FUNDING.name, Compensation(), partial(decide, rules), evolve, refusal)
