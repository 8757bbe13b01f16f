"""Story 1's agreement, event by event: what the tests of each subject begin with."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.testing.specification import specification
from samverkan.placement.agreement.agreement import decide
from samverkan.placement.agreement.proposal import CancelPlacement, Predecessor, ProposePlacement
from samverkan.placement.agreement.state import Agreement, Event, evolve
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    Cancellation,
    DecisionRecorded,
    Outcome,
    PlacementAgreed,
    PlacementApproved,
    PlacementCancelled,
    PlacementEnded,
    PlacementProposed,
    PlacementStarted,
    Terms,
    UnionConsulted,
    UnionOpinion,
    Workplace,
)

given = specification(decide, evolve, Agreement())

CASE = UUID("00000000-0000-4000-8000-000000000001")
COMPENSATION = UUID("00000000-0000-4000-8000-000000000003")
FEBRUARY_10, FEBRUARY_16, FEBRUARY_20 = date(2026, 2, 10), date(2026, 2, 16), date(2026, 2, 20)
MARCH_2, MARCH_5, FEBRUARY_28 = date(2026, 3, 2), date(2026, 3, 5), date(2027, 2, 28)

WORKPLACE = Workplace(
    employer_number="2120002395",
    employer_name="Timrå kommun",
    workplace="Ledsagarservice",
    supervisor="Handledare",
    tasks=("ledsaga",),
)
TERMS = Terms(gross_per_month=Decimal("24000.00"), birth_year=1988)
PROPOSE = ProposePlacement(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=MARCH_2,
    ends_on=FEBRUARY_28,
    extent=Decimal(1),
    parties=("participant", "employer", "af"),
    workplace=WORKPLACE,
    terms=TERMS,
)
PROPOSED = PlacementProposed(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=MARCH_2,
    ends_on=FEBRUARY_28,
    extent=Decimal(1),
    parties=("af", "employer", "participant"),
    employment=WORKPLACE,
    economy=TERMS,
)
CONSULTED = UnionConsulted(opinion=UnionOpinion.YES, consulted_on=FEBRUARY_10)
APPROVED = tuple(
    PlacementApproved(party=party, approved_on=day)
    for party, day in (("af", FEBRUARY_16), ("employer", FEBRUARY_10), ("participant", FEBRUARY_10))
)
AGREED = PlacementAgreed(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=MARCH_2,
    ends_on=FEBRUARY_28,
    extent=Decimal(1),
    agreed_on=FEBRUARY_16,
    employment=WORKPLACE,
    economy=TERMS,
)
DECIDED = DecisionRecorded(compensation_id=COMPENSATION, granted=True, decided_on=FEBRUARY_20)
AGREEMENT_MADE = PROPOSED, CONSULTED, *APPROVED, AGREED
READY = *AGREEMENT_MADE, DECIDED
STARTED = PlacementStarted(case_id=CASE, starts_on=MARCH_2)

ENDED = PlacementEnded(case_id=CASE, last_day_on=date(2026, 3, 16), outcome=Outcome.JOB)
CANCEL = CancelPlacement(FEBRUARY_16, "Arbetsplatsen har lagts ner")
CANCELLED = PlacementCancelled(
    case_id=CASE, cancelled_on=FEBRUARY_16, employment=Cancellation(reason="Arbetsplatsen har lagts ner")
)

APRIL_20, MAY_1, LONGER = date(2026, 4, 20), date(2026, 5, 1), date(2027, 8, 31)
SEPTEMBER_1 = date(2026, 9, 1)  # the last day of six months from 2 March
PRAKTIK = replace(PROPOSE, form=Programme.ARBETSPRAKTIK, ends_on=SEPTEMBER_1, terms=None)
PRAKTIK_PROPOSED = PROPOSED.model_copy(
    update={"form": Programme.ARBETSPRAKTIK, "ends_on": SEPTEMBER_1, "economy": None}
)
PRAKTIK_AGREED = AGREED.model_copy(update={"form": Programme.ARBETSPRAKTIK, "ends_on": SEPTEMBER_1, "economy": None})
PRAKTIK_STARTED = PRAKTIK_PROPOSED, CONSULTED, *APPROVED, PRAKTIK_AGREED, STARTED

OTHER_CASE = UUID("00000000-0000-4000-8000-000000000009")
RECEIPT = UUID("00000000-0000-4000-8000-000000000007")
EARLIER = Predecessor(UUID("00000000-0000-4000-8000-000000000004"), CASE, step=2, started=True)


def form(of: Programme) -> tuple[PlacementProposed, PlacementAgreed]:
    return PROPOSED.model_copy(update={"form": of}), AGREED.model_copy(update={"form": of})


def history(*commands: object) -> list[Event]:
    """The events that these commands lead to, one after the other."""
    state, events = Agreement(), list[Event]()
    for command in commands:
        made = decide(command, state)  # type: ignore[arg-type]
        events += made
        for event in made:
            state = evolve(state, event)
    return events
