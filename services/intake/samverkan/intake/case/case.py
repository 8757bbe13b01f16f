"""A participant's case: every command and where it is decided. Pure: dates arrive in commands."""

from collections.abc import Sequence
from typing import Final, assert_never

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.intake.case.assessment import RecordAssessment, assess
from samverkan.intake.case.consent import GiveConsent, give
from samverkan.intake.case.enrolment import EnrolParticipant, enrol
from samverkan.intake.case.placement_note import NotePlacement, note_placement
from samverkan.intake.case.referral import ReferParticipant, refer
from samverkan.intake.case.state import Case, Event, evolve
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.participant import CaseReactionRefused

Command = ReferParticipant | GiveConsent | RecordAssessment | EnrolParticipant | NotePlacement


def decide(command: Command, case: Case) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, ReferParticipant):
        return refer(command, case)
    if not case.referrals:
        raise Refused("case-unknown")
    match command:
        case GiveConsent():
            return give(command, case)
        case RecordAssessment():
            return assess(command, case)
        case EnrolParticipant():
            return enrol(command, case)
        case NotePlacement():
            return note_placement(command, case)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> CaseReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return CaseReactionRefused(command=type(command).__name__, code=refused.code)


CASE: Final = Aggregate("case", PARTICIPANT.name, Case(), decide, evolve, refusal)
