"""Drafting an agreement, changing it before the start, and giving it up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.calendar import last_day_of_period
from samverkan.backbone.errors import Refused
from samverkan.placement import organisation_number
from samverkan.placement.agreement.state import Agreement, Event
from samverkan.placement.forms import FORMS, Form
from samverkan.schemas.catalogue import AGENCIES
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    Cancellation,
    LongerGround,
    PlacementCancelled,
    PlacementProposed,
    Terms,
    Workplace,
)

# An agreement has at least these three; the municipality is the fourth where it is not the employer itself.
ALWAYS_PARTIES: Final = frozenset({"participant", "employer", "af"})
POSSIBLE_PARTIES: Final = ALWAYS_PARTIES | {known.code for known in AGENCIES}


@dataclass(frozen=True)
class Predecessor:
    """The placement that a new one builds on: ledsagarservice, then an adapted job, then an ordinary one."""

    placement_id: UUID
    case_id: UUID | None
    step: int
    started: bool


@dataclass(frozen=True)
class ProposePlacement:
    """Draft an agreement. `extent` is a share of full time, pay in kronor per month at that extent.

    `withheld`: the participant's identity is protected, and the workplace is not published at all.
    """

    case_id: UUID
    form: Programme
    starts_on: date
    ends_on: date
    extent: Decimal
    parties: tuple[str, ...]
    workplace: Workplace
    terms: Terms | None = None
    follows: Predecessor | None = None
    longer_ground: LongerGround | None = None
    withheld: bool = False


@dataclass(frozen=True)
class RevisePlacement:
    """Change the draft before the start: what is left out stays. Everyone is asked again."""

    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    workplace: Workplace | None = None
    terms: Terms | None = None
    longer_ground: LongerGround | None = None
    withheld: bool = False


@dataclass(frozen=True)
class CancelPlacement:
    """The placement will not begin."""

    cancelled_on: date
    reason: str


def propose(command: ProposePlacement, agreement: Agreement) -> Sequence[Event]:
    """Refused: what no agreement may say, and `already-proposed` for another content than the first proposal."""
    refuse_extent(command.extent)
    parties = tuple(sorted(set(command.parties)))
    if missing := ALWAYS_PARTIES.difference(parties):
        raise Refused("party-missing", parties=", ".join(sorted(missing)))
    if set(parties) - POSSIBLE_PARTIES:
        raise Refused("party-unknown")
    if (before := command.follows) is not None:
        if before.case_id != command.case_id:
            raise Refused("follows-another-case")
        if not before.started:
            raise Refused("follows-not-started")
    proposed = PlacementProposed(
        case_id=command.case_id,
        form=command.form,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        extent=command.extent,
        parties=parties,
        follows=None if before is None else before.placement_id,
        step=None if before is None else before.step + 1,
        longer_ground=command.longer_ground,
        employment=_workplace(command.form, command.workplace, withheld=command.withheld),
        economy=command.terms,
    )
    _refuse_impossible(proposed)
    if agreement.proposed is None:
        return [proposed]
    if agreement.proposed == proposed:
        return []
    raise Refused("already-proposed")


def revise(command: RevisePlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """A revision; nothing when it says what is proposed already.

    The union's opinion is about a workplace and holds while that stays; the decision is about period, extent, pay and
    employer, and does not hold for others.
    """
    refuse_begun(agreement)
    work, terms = command.workplace, command.terms
    revised = proposed.model_copy(
        update={
            "starts_on": command.starts_on or proposed.starts_on,
            "ends_on": command.ends_on or proposed.ends_on,
            "extent": proposed.extent if command.extent is None else command.extent,
            "longer_ground": command.longer_ground or proposed.longer_ground,
            "employment": proposed.employment
            if work is None
            else _workplace(proposed.form, work, withheld=command.withheld),
            "economy": proposed.economy if terms is None else terms,
        }
    )
    if command.withheld:
        revised = revised.model_copy(update={"employment": None})
    if revised == proposed:
        return []
    _refuse_impossible(revised)
    was, now = proposed.employment, revised.employment
    same_place = _place(was) == _place(now)
    same_money = all(getattr(revised, name) == getattr(proposed, name) for name in _DECIDED)
    return [
        revised.model_copy(
            update={
                "revision": agreement.revision + 1,
                "keeps_consultation": same_place,
                "keeps_decision": same_money and _employer(was) == _employer(now),
            }
        )
    ]


def cancel(command: CancelPlacement, agreement: Agreement, proposed: PlacementProposed) -> Sequence[Event]:
    """Refused: `already-started`, `already-ended`; `already-cancelled` on another day."""
    if agreement.cancelled_on is not None and agreement.cancelled_on == command.cancelled_on:
        return []
    refuse_begun(agreement)
    reason = None if proposed.employment is None else Cancellation(reason=command.reason)
    return [PlacementCancelled(case_id=proposed.case_id, cancelled_on=command.cancelled_on, employment=reason)]


def refuse_begun(agreement: Agreement) -> None:
    """Refused: `already-cancelled`, `already-ended`, `already-started`. What follows belongs before the start."""
    refuse_over(agreement)
    if agreement.starts_on is not None:
        raise Refused("already-started", starts_on=agreement.starts_on.isoformat())


def refuse_over(agreement: Agreement) -> None:
    """Refused: `already-cancelled`, `already-ended`. Nothing more happens to this placement."""
    if agreement.cancelled_on is not None:
        raise Refused("already-cancelled", cancelled_on=agreement.cancelled_on.isoformat())
    if agreement.ended is not None:
        raise Refused("already-ended", last_day_on=agreement.ended.last_day_on.isoformat())


def refuse_extent(extent: Decimal) -> None:
    """Refused `extent-outside-range`."""
    if not (extent.is_finite() and 0 < extent <= 1):
        raise Refused("extent-outside-range")


def refuse_too_long(form: Form, starts_on: date, ends_on: date, longer_ground: LongerGround | None) -> None:
    """Refused `longest-time-passed`: a form without a decision of funding has its longest time here."""
    months = form.longest(longer_ground)
    if months is not None and ends_on > last_day_of_period(starts_on, months):
        raise Refused(
            "longest-time-passed",
            source=form.decision_source,
            months=str(months),
            last_day_on=last_day_of_period(starts_on, months).isoformat(),
        )


_DECIDED: Final = ("starts_on", "ends_on", "extent", "economy")  # what funding's decision is about


def _workplace(form: Programme, workplace: Workplace, *, withheld: bool) -> Workplace | None:
    employer_number = organisation_number.parse(workplace.employer_number)
    known = FORMS.get(form)
    if known is not None and known.needs_certificate and not workplace.supervisor.strip():
        raise Refused("supervisor-missing", source=known.decision_source)
    return None if withheld else workplace.model_copy(update={"employer_number": employer_number})


def _refuse_impossible(proposed: PlacementProposed) -> None:
    form = FORMS.get(proposed.form)
    if form is None:
        raise Refused("form-not-a-placement", form=proposed.form)
    if proposed.ends_on < proposed.starts_on:
        raise Refused("ends-before-start", starts_on=proposed.starts_on.isoformat())
    refuse_extent(proposed.extent)
    if form.has_wage and proposed.economy is None:
        raise Refused("terms-missing", form=proposed.form)
    if proposed.economy is not None and not form.has_wage:
        raise Refused("terms-without-wage", form=proposed.form)
    if proposed.longer_ground is not None and proposed.longer_ground not in form.longer_months:
        raise Refused("longer-ground-unknown", form=proposed.form)
    refuse_too_long(form, proposed.starts_on, proposed.ends_on, proposed.longer_ground)


def _employer(workplace: Workplace | None) -> str | None:
    return None if workplace is None else workplace.employer_number


def _place(workplace: Workplace | None) -> tuple[str, str] | None:
    return None if workplace is None else (workplace.employer_number, workplace.workplace)
