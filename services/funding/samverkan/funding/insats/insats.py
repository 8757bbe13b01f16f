"""The agreement behind an insats: what its parties sign, and its way from project to regular operation. Pure.

Every party signs the same proposal (proposal.py); a change before the start asks everyone anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal, assert_never

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.funding.budget.guards import payable
from samverkan.funding.insats.proposal import ProposeInsats, proposed, refuse_unless_party
from samverkan.schemas.budget import (
    InsatsAgreed,
    InsatsEnded,
    InsatsMadeRegular,
    InsatsMethodDescribed,
    InsatsProposed,
    InsatsReactionRefused,
    InsatsSigned,
    InsatsStarted,
)
from samverkan.schemas.catalogue import FUNDING

Event = (
    InsatsProposed
    | InsatsSigned
    | InsatsAgreed
    | InsatsStarted
    | InsatsMadeRegular
    | InsatsMethodDescribed
    | InsatsEnded
    | InsatsReactionRefused
)
InsatsState = Literal["none", "proposed", "agreed", "project", "regular", "ended"]


@dataclass(frozen=True)
class SignInsats:
    """One party signs what is proposed now."""

    party: str
    signed_on: date


@dataclass(frozen=True)
class StartInsats:
    """The first participants are taken in."""

    started_on: date


@dataclass(frozen=True)
class MakeRegular:
    """From project to regular operation: who bears what from then on, in its ordinary budget."""

    decided_on: date
    regular_from: date
    yearly_cost: Mapping[str, Decimal]


@dataclass(frozen=True)
class DescribeMethod:
    """What another municipality needs to know to take the method over; also after the end."""

    aim: str
    way_of_working: str
    staffing: str
    lessons: str
    described_on: date


@dataclass(frozen=True)
class EndInsats:
    """Its last day."""

    last_day_on: date


Command = ProposeInsats | SignInsats | StartInsats | MakeRegular | DescribeMethod | EndInsats


@dataclass(frozen=True)
class Insats:
    """`signed` holds who signed the proposal in force."""

    proposed: InsatsProposed | None = None
    signed: Mapping[str, date] = field(default_factory=dict)
    agreed_on: date | None = None
    started_on: date | None = None
    regular: InsatsMadeRegular | None = None
    method: InsatsMethodDescribed | None = None
    last_day_on: date | None = None

    @property
    def state(self) -> InsatsState:
        """none → proposed → agreed → project → regular → ended; a project may also end."""
        if self.last_day_on is not None:
            return "ended"
        if self.regular is not None:
            return "regular"
        if self.started_on is not None:
            return "project"
        if self.agreed_on is not None:
            return "agreed"
        return "none" if self.proposed is None else "proposed"


def decide(command: Command, insats: Insats) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, ProposeInsats):
        return _propose(command, insats)
    if insats.proposed is None:
        raise Refused("insats-unknown")
    match command:
        case SignInsats():
            return _sign(command, insats, insats.proposed)
        case StartInsats(started_on=day):
            return _start(day, insats)
        case MakeRegular():
            return _make_regular(command, insats, insats.proposed)
        case DescribeMethod():
            described = InsatsMethodDescribed(**vars(command))
            return [] if described == insats.method else [described]
        case EndInsats(last_day_on=day):
            return _end(day, insats)
        case _:
            assert_never(command)


def evolve(insats: Insats, event: Event) -> Insats:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case InsatsProposed():
            return Insats(proposed=event, method=insats.method)
        case InsatsSigned(party=party, signed_on=day):
            return replace(insats, signed={**insats.signed, party: day})
        case InsatsAgreed(agreed_on=day):
            return replace(insats, agreed_on=day)
        case InsatsStarted(started_on=day):
            return replace(insats, started_on=day)
        case InsatsMadeRegular():
            return replace(insats, regular=event)
        case InsatsMethodDescribed():
            return replace(insats, method=event)
        case InsatsEnded(last_day_on=day):
            return replace(insats, last_day_on=day)
        case InsatsReactionRefused():
            return insats
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> InsatsReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return InsatsReactionRefused(command=type(command).__name__, code=refused.code)


INSATS: Final = Aggregate("insats", FUNDING.name, Insats(), decide, evolve, refusal)


def _propose(command: ProposeInsats, insats: Insats) -> Sequence[Event]:
    event = proposed(command)
    if event == insats.proposed:
        return []
    if insats.started_on is not None or insats.last_day_on is not None:
        raise Refused("insats-already-started")
    return [event]


def _sign(command: SignInsats, insats: Insats, agreement: InsatsProposed) -> Sequence[Event]:
    refuse_unless_party(command.party, agreement.parties)
    if command.party in insats.signed:
        if insats.signed[command.party] == command.signed_on:
            return []
        raise Refused("already-signed", signed_on=insats.signed[command.party].isoformat())
    if insats.last_day_on is not None:
        raise Refused("insats-already-ended", last_day_on=insats.last_day_on.isoformat())
    if command.signed_on < agreement.proposed_on:
        raise Refused("signed-before-proposal", proposed_on=agreement.proposed_on.isoformat())
    signed = InsatsSigned(party=command.party, signed_on=command.signed_on)
    if {*insats.signed, command.party} != set(agreement.parties):
        return [signed]
    return [signed, InsatsAgreed(agreed_on=max(*insats.signed.values(), command.signed_on))]


def _start(day: date, insats: Insats) -> Sequence[Event]:
    if insats.started_on is not None:
        if insats.started_on == day:
            return []
        raise Refused("insats-already-started")
    _open(insats)
    if insats.agreed_on is None:
        raise Refused("insats-not-agreed")
    if day < insats.agreed_on:
        raise Refused("started-before-agreement", agreed_on=insats.agreed_on.isoformat())
    return [InsatsStarted(started_on=day)]


def _make_regular(command: MakeRegular, insats: Insats, agreement: InsatsProposed) -> Sequence[Event]:
    event = InsatsMadeRegular(
        decided_on=command.decided_on,
        regular_from=command.regular_from,
        yearly_cost=dict(sorted(command.yearly_cost.items())),
    )
    if insats.regular is not None:
        if insats.regular == event:
            return []
        raise Refused("already-regular")
    _open(insats)
    if insats.started_on is None:
        raise Refused("insats-not-started")
    if not command.yearly_cost:
        raise Refused("contributions-missing")
    for party, amount in command.yearly_cost.items():
        refuse_unless_party(party, agreement.parties)
        payable(amount)
    if command.regular_from < max(command.decided_on, insats.started_on):
        raise Refused("regular-before-decision")
    return [event]


def _end(day: date, insats: Insats) -> Sequence[Event]:
    if insats.last_day_on == day:
        return []
    _open(insats)
    if insats.started_on is not None and day < insats.started_on:
        raise Refused("ended-before-start", started_on=insats.started_on.isoformat())
    return [InsatsEnded(last_day_on=day)]


def _open(insats: Insats) -> None:
    if insats.last_day_on is not None:
        raise Refused("insats-already-ended", last_day_on=insats.last_day_on.isoformat())
