"""What funding knows of a placement, as commands need it. Pure."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation_view import CompensationRow
from samverkan.funding.form_facts import NO_FACTS, FormFacts
from samverkan.funding.rules.rulebook import Rulebook
from samverkan.funding.terms import Terms
from samverkan.funding.views import PlacementRow
from samverkan.schemas.catalogue import FUNDING, PLACEMENT
from samverkan.schemas.envelope import REQUIRES_MAX, Requirement
from samverkan.schemas.participant import Programme


def agreed_terms(
    rules: Rulebook, placement: PlacementRow | None, pay_months_later: int, facts: FormFacts = NO_FACTS
) -> tuple[UUID, Terms]:
    """The case and the terms of an agreed placement.

    Refused `placement-not-agreed`: not agreed, changed since, or not known here yet. `form-unsupported`: funding has
    no rules for it. `form-without-wage`: there is nothing to compensate. `economy-unreadable`: its pay is sealed to us.
    """
    if placement is None or placement.agreed_on is None or placement.case_id is None or placement.form is None:
        raise Refused("placement-not-agreed")
    form = Programme(placement.form)
    rules.refuse_without_wage(form)
    if placement.gross_per_month is None or placement.birth_year is None:
        raise Refused("economy-unreadable")
    assert placement.starts_on is not None and placement.ends_on is not None and placement.extent is not None
    terms = Terms(
        form,
        placement.starts_on,
        placement.ends_on,
        placement.extent,
        placement.gross_per_month,
        placement.birth_year,
        pay_months_later,
        facts,
    )
    return placement.case_id, terms


def extended_terms(terms: Terms, placement: PlacementRow | None, previous: CompensationRow | None) -> Terms:
    """The terms of the period after `previous`, as the parties agreed to extend the placement.

    Refused `placement-not-extended`: no longer time is agreed, or it does not begin the day after the decided one.
    `economy-unreadable`: its pay is sealed to us.
    """
    if placement is None or placement.extended_from is None or placement.extended_until is None:
        raise Refused("placement-not-extended")
    if previous is None or previous.decided_end is None or previous.placement_id != placement.placement_id:
        raise Refused("placement-not-extended")
    if placement.extended_from != previous.decided_end + timedelta(days=1):
        raise Refused("placement-not-extended")
    if placement.extended_gross is None:
        raise Refused("economy-unreadable")
    return replace(
        terms,
        starts_on=placement.extended_from,
        ends_on=placement.extended_until,
        extent=placement.extended_extent or terms.extent,
        gross_per_month=placement.extended_gross,
    )


def rests_on(placement: PlacementRow | None) -> tuple[Requirement, ...]:
    """What a consumer must have applied before an event that rests on these facts: them, and what they required."""
    if placement is None or placement.version is None:
        return ()
    inherited = (Requirement.parse(entry) for entry in placement.requires.split())
    known = Requirement(PLACEMENT.name, placement.placement_id, placement.version)
    return (known, *(entry for entry in inherited if entry.topic != FUNDING.name))[:REQUIRES_MAX]
