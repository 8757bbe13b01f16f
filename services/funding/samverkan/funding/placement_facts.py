"""What funding knows of a placement, as commands need it. Pure."""

from uuid import UUID

from samverkan.backbone.errors import Refused
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


def rests_on(placement: PlacementRow | None) -> tuple[Requirement, ...]:
    """What a consumer must have applied before an event that rests on these facts: them, and what they required."""
    if placement is None or placement.version is None:
        return ()
    inherited = (Requirement.parse(entry) for entry in placement.requires.split())
    known = Requirement(PLACEMENT.name, placement.placement_id, placement.version)
    return (known, *(entry for entry in inherited if entry.topic != FUNDING.name))[:REQUIRES_MAX]
