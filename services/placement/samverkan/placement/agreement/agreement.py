"""The agreement aggregate: every command and where it is decided. Pure: dates arrive in commands."""

from collections.abc import Sequence
from typing import Final, assert_never

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.approval import ApprovePlacement, approve
from samverkan.placement.agreement.change import DropChange, ProposeChange, drop_change, propose_change
from samverkan.placement.agreement.consultation import AskUnion, RecordUnionOpinion, ask, consult
from samverkan.placement.agreement.decision import (
    AmendDecision,
    LiftRevocation,
    RecordDecision,
    RevokeDecision,
    change_decision,
    record_decision,
)
from samverkan.placement.agreement.end import CorrectEnd, EndPlacement, IssueCertificate, certify, correct_end, end
from samverkan.placement.agreement.interruption import InterruptPlacement, ResumePlacement, interrupt, resume
from samverkan.placement.agreement.proposal import (
    CancelPlacement,
    ProposePlacement,
    RevisePlacement,
    cancel,
    propose,
    revise,
)
from samverkan.placement.agreement.report import ReportChange, report_change
from samverkan.placement.agreement.start import StartPlacement, start
from samverkan.placement.agreement.state import Agreement, Event, evolve
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.placement import PlacementReactionRefused

Command = (
    ProposePlacement
    | RevisePlacement
    | CancelPlacement
    | AskUnion
    | RecordUnionOpinion
    | ApprovePlacement
    | RecordDecision
    | AmendDecision
    | RevokeDecision
    | LiftRevocation
    | StartPlacement
    | InterruptPlacement
    | ResumePlacement
    | ProposeChange
    | DropChange
    | ReportChange
    | EndPlacement
    | CorrectEnd
    | IssueCertificate
)


def decide(command: Command, agreement: Agreement) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, ProposePlacement):
        return propose(command, agreement)
    proposed = agreement.proposed
    if proposed is None:
        raise Refused("placement-unknown")
    match command:
        case RevisePlacement():
            return revise(command, agreement, proposed)
        case CancelPlacement():
            return cancel(command, agreement, proposed)
        case AskUnion():
            return ask(command, agreement)
        case RecordUnionOpinion():
            return consult(command, agreement)
        case ApprovePlacement():
            return approve(command, agreement, proposed)
        case RecordDecision():
            return record_decision(command, agreement, proposed)
        case AmendDecision() | RevokeDecision() | LiftRevocation():
            return change_decision(command, agreement)
        case StartPlacement():
            return start(command, agreement, proposed)
        case InterruptPlacement():
            return interrupt(command, agreement, proposed)
        case ResumePlacement():
            return resume(command, agreement, proposed)
        case ProposeChange():
            return propose_change(command, agreement, proposed)
        case DropChange():
            return drop_change(command, agreement, proposed)
        case ReportChange():
            return report_change(command, agreement, proposed)
        case EndPlacement():
            return end(command, agreement, proposed)
        case CorrectEnd():
            return correct_end(command, agreement, proposed)
        case IssueCertificate():
            return certify(command, agreement, proposed)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> PlacementReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return PlacementReactionRefused(command=type(command).__name__, code=refused.code)


AGREEMENT: Final = Aggregate("agreement", PLACEMENT.name, Agreement(), decide, evolve, refusal)
