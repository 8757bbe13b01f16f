"""A participant's case: every command and where it is decided. Pure: dates arrive in commands."""

from collections.abc import Sequence
from typing import Final, assert_never

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.intake.case.assessment import RecordAssessment, assess
from samverkan.intake.case.by import refuse_in_conflict, refuse_outsider
from samverkan.intake.case.casework import (
    AppointStandIn,
    AssignCaseworker,
    DeclareConflict,
    LiftConflict,
    RegisterCase,
    TransferCase,
    appoint_stand_in,
    assign,
    declare_conflict,
    lift_conflict,
    register,
    transfer,
)
from samverkan.intake.case.consent import GiveConsent, RequestConsent, WithdrawConsent, give, request, withdraw
from samverkan.intake.case.course import (
    BeginClosing,
    CloseCase,
    DeclineCase,
    PauseCase,
    ResumeCase,
    begin_closing,
    close,
    decline,
    pause,
    resume,
)
from samverkan.intake.case.enrolment import EnrolParticipant, enrol
from samverkan.intake.case.evolve import evolve
from samverkan.intake.case.follow_up import RecordFollowUp, record_follow_up
from samverkan.intake.case.person import (
    ChangeContact,
    ChangeIdentity,
    CountAnonymously,
    LiftProtection,
    MakeAnonymous,
    MarkProtected,
    change_contact,
    change_identity,
    count_anonymously,
    lift_protection,
    make_anonymous,
    mark_protected,
)
from samverkan.intake.case.placement_note import NotePlacement, note_placement
from samverkan.intake.case.referral import ReferParticipant, refer
from samverkan.intake.case.state import Case, Event, State
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.participant import CaseReactionRefused

_Opening = ReferParticipant | CountAnonymously
_Casework = RegisterCase | AssignCaseworker | AppointStandIn | DeclareConflict | LiftConflict | TransferCase
_Course = PauseCase | ResumeCase | DeclineCase | BeginClosing | CloseCase | RecordFollowUp
_Person = ChangeIdentity | ChangeContact | MarkProtected | LiftProtection | MakeAnonymous
_Sharing = RequestConsent | GiveConsent | WithdrawConsent | RecordAssessment | EnrolParticipant
# Any partner may refer; a transfer is the municipality's that has the case, and a mark its keeper's.
_ANYBODYS: Final = (ReferParticipant, TransferCase, LiftProtection)
Command = _Opening | _Casework | _Course | _Person | _Sharing | NotePlacement


def decide(command: Command, case: Case) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out.

    Refused besides what each subject says: `case-unknown`; `conflict-of-interest` or `actor-missing` for every command
    that a caseworker gives, but for declaring the conflict itself; `another-municipality` for all but those that say
    themselves who may give them.
    """
    if isinstance(command, NotePlacement):
        _refuse_unknown(case)
        return note_placement(command, case)
    if command.by is not None and not isinstance(command, DeclareConflict):
        refuse_in_conflict(command.by, case.conflicts)
    if command.by is not None and not isinstance(command, _ANYBODYS):
        refuse_outsider(command.by, case.municipality, case.needed())
    match command:
        case ReferParticipant():
            return refer(command, case)
        case CountAnonymously():
            return count_anonymously(command, case)
        case _:
            _refuse_unknown(case)
            return _decide(command, case)


def _decide(command: _Casework | _Course | _Person | _Sharing, case: Case) -> Sequence[Event]:
    match command:
        case RequestConsent():
            return request(command, case)
        case GiveConsent():
            return give(command, case)
        case WithdrawConsent():
            return withdraw(command, case)
        case RecordAssessment():
            return assess(command, case)
        case EnrolParticipant():
            return enrol(command, case)
        case PauseCase():
            return pause(command, case)
        case ResumeCase():
            return resume(command, case)
        case DeclineCase():
            return decline(command, case)
        case BeginClosing():
            return begin_closing(command, case)
        case CloseCase():
            return close(command, case)
        case RecordFollowUp():
            return record_follow_up(command, case)
        case RegisterCase():
            return register(command, case)
        case AssignCaseworker():
            return assign(command, case)
        case AppointStandIn():
            return appoint_stand_in(command, case)
        case DeclareConflict():
            return declare_conflict(command, case)
        case LiftConflict():
            return lift_conflict(command, case)
        case TransferCase():
            return transfer(command, case)
        case ChangeIdentity():
            return change_identity(command, case)
        case ChangeContact():
            return change_contact(command, case)
        case MarkProtected():
            return mark_protected(command, case)
        case LiftProtection():
            return lift_protection(command, case)
        case MakeAnonymous():
            return make_anonymous(command, case)
        case _:
            assert_never(command)


def refusal(command: object, refused: Refused) -> CaseReactionRefused:
    """What is recorded when another service's event asks for something that the rules refuse."""
    return CaseReactionRefused(command=type(command).__name__, code=refused.code)


CASE: Final = Aggregate("case", PARTICIPANT.name, Case(), decide, evolve, refusal)


def _refuse_unknown(case: Case) -> None:
    if case.state is State.NONE:
        raise Refused("case-unknown")
