"""An opening: a place at an employer that waits for one participant, and who has it. Pure.

An opening is one stream, so of two who fill it at once one is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal, assert_never
from uuid import UUID

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.placement.agreement.agreement import refusal
from samverkan.placement.agreement.proposal import refuse_extent
from samverkan.placement.forms import FORMS
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.opening import (
    OfferedTo,
    OpeningDeclined,
    OpeningFilled,
    OpeningOffered,
    OpeningPublished,
    OpeningReopened,
    OpeningWithdrawn,
    OpeningWork,
    Withdrawal,
)
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import PlacementReactionRefused

Event = (
    OpeningPublished
    | OpeningOffered
    | OpeningDeclined
    | OpeningFilled
    | OpeningReopened
    | OpeningWithdrawn
    | PlacementReactionRefused
)


@dataclass(frozen=True)
class PublishOpening:
    """An employer has a place. Job carving: `work.tasks` are what was cut out, `work.carved_for` for whom."""

    organisation_id: UUID
    forms: tuple[Programme, ...]
    municipality: str
    occupation: str
    extent_least: Decimal
    extent_most: Decimal
    available_from: date
    work: OpeningWork
    available_until: date | None = None
    demands: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfferOpening:
    """Hold the place for one participant. `withheld`: a protected one, who is not named in the event."""

    case_id: UUID
    offered_on: date
    withheld: bool = False


@dataclass(frozen=True)
class DeclineOpening:
    """The participant said no."""

    declined_on: date


@dataclass(frozen=True)
class FillOpening:
    """The participant has the place. `withheld`: as in an offer."""

    case_id: UUID
    filled_on: date
    withheld: bool = False


@dataclass(frozen=True)
class ReopenOpening:
    """The place is free again."""

    reopened_on: date


@dataclass(frozen=True)
class WithdrawOpening:
    """The employer has no place any more."""

    withdrawn_on: date
    reason: str


Command = PublishOpening | OfferOpening | DeclineOpening | FillOpening | ReopenOpening | WithdrawOpening
State = Literal["none", "open", "offered", "filled", "withdrawn"]


@dataclass(frozen=True)
class Opening:
    """What later decisions rest on. `holder`: whom it is offered to or filled by; None also for a protected one."""

    published: OpeningPublished | None = None
    state: State = "none"
    holder: UUID | None = None


def decide(command: Command, opening: Opening) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    if isinstance(command, PublishOpening):
        return _publish(command, opening)
    if opening.published is None:
        raise Refused("opening-unknown")
    match command:
        case OfferOpening(case_id, day, withheld):
            if opening.state == "offered" and opening.holder == case_id:
                return []
            _refuse_unless(opening, "open")
            _refuse_carved_for_another(opening.published, case_id)
            return [OpeningOffered(offered_on=day, employment=_to(case_id, withheld=withheld))]
        case DeclineOpening(declined_on=day):
            if opening.state == "open":
                return []
            _refuse_unless(opening, "offered")
            return [OpeningDeclined(declined_on=day)]
        case FillOpening(case_id, day, withheld):
            if opening.state == "filled" and opening.holder == case_id:
                return []
            _refuse_unless(opening, "open", "offered")
            _refuse_carved_for_another(opening.published, case_id)
            if opening.state == "offered" and opening.holder not in (None, case_id):
                raise Refused("opening-not-open", state="offered")
            return [OpeningFilled(filled_on=day, employment=_to(case_id, withheld=withheld))]
        case ReopenOpening(reopened_on=day):
            if opening.state == "open":
                return []
            _refuse_unless(opening, "offered", "filled")
            return [OpeningReopened(reopened_on=day)]
        case WithdrawOpening(withdrawn_on=day, reason=reason):
            if opening.state == "withdrawn":
                return []
            _refuse_unless(opening, "open", "offered")
            return [OpeningWithdrawn(withdrawn_on=day, employment=Withdrawal(reason=reason))]
        case _:
            assert_never(command)


def evolve(opening: Opening, event: Event) -> Opening:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case OpeningPublished():
            return replace(opening, published=event, state="open")
        case OpeningOffered(employment=to):
            return replace(opening, state="offered", holder=None if to is None else to.case_id)
        case OpeningFilled(employment=to):
            return replace(opening, state="filled", holder=None if to is None else to.case_id)
        case OpeningDeclined() | OpeningReopened():
            return replace(opening, state="open", holder=None)
        case OpeningWithdrawn():
            return replace(opening, state="withdrawn", holder=None)
        case PlacementReactionRefused():
            return opening
        case _:
            assert_never(event)


OPENING: Final = Aggregate("opening", PLACEMENT.name, Opening(), decide, evolve, refusal)


def _publish(command: PublishOpening, opening: Opening) -> Sequence[Event]:
    for extent in (command.extent_least, command.extent_most):
        refuse_extent(extent)
    if command.extent_most < command.extent_least:
        raise Refused("extent-outside-range")
    if command.available_until is not None and command.available_until < command.available_from:
        raise Refused("ends-before-start", starts_on=command.available_from.isoformat())
    for form in command.forms:
        if form not in FORMS:
            raise Refused("form-not-a-placement", form=form)
    published = OpeningPublished(
        organisation_id=command.organisation_id,
        forms=tuple(dict.fromkeys(command.forms)),
        municipality=command.municipality,
        occupation=command.occupation,
        extent_least=command.extent_least,
        extent_most=command.extent_most,
        available_from=command.available_from,
        available_until=command.available_until,
        demands=tuple(sorted(set(command.demands))),
        offers=tuple(sorted(set(command.offers))),
        employment=command.work,
    )
    if opening.published is None:
        return [published]
    if opening.published == published:
        return []
    raise Refused("already-published")


def _refuse_unless(opening: Opening, *states: State) -> None:
    if opening.state not in states:
        raise Refused("opening-not-open", state=opening.state)


def _refuse_carved_for_another(published: OpeningPublished, case_id: UUID) -> None:
    work = published.employment
    if work is not None and work.carved_for not in (None, case_id):
        raise Refused("opening-carved-for-another")


def _to(case_id: UUID, *, withheld: bool) -> OfferedTo | None:
    return None if withheld else OfferedTo(case_id=case_id)
