"""A running placement that is changed, interrupted and extended, and an employer with an opening, for tests."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.agency.examples import CASE, JOB
from samverkan.backbone.testing.record import stream
from samverkan.schemas import employer, opening, placement
from samverkan.schemas.catalogue import PLACEMENT
from samverkan.schemas.participant import Programme

PLACEMENT_ID, EMPLOYER, OPENING = UUID(int=71), UUID(int=72), UUID(int=73)
_STARTS, _ENDS, _LONGER = date(2026, 3, 2), date(2026, 5, 31), date(2026, 8, 31)
_APRIL, _HALF = date(2026, 4, 1), Decimal("0.50")

course: Final = stream(
    PLACEMENT,
    PLACEMENT_ID,
    placement.PlacementProposed(
        case_id=CASE,
        form=Programme.ARBETSPRAKTIK,
        starts_on=_STARTS,
        ends_on=_ENDS,
        extent=Decimal("1.00"),
        parties=("af", "employer", "participant"),
        follows=JOB,
        step=2,
    ),
    placement.UnionAsked(asked_on=date(2026, 2, 10), reply_by=date(2026, 2, 20)),
    placement.PlacementChangeProposed(
        case_id=CASE,
        revision=2,
        kinds=(placement.ChangeKind.HOURS,),
        applies_from=_APRIL,
        ends_on=_ENDS,
        extent=_HALF,
    ),
    placement.PlacementChanged(
        case_id=CASE,
        revision=2,
        kinds=(placement.ChangeKind.HOURS,),
        applies_from=_APRIL,
        ends_on=_ENDS,
        extent=_HALF,
        agreed_on=date(2026, 3, 20),
    ),
    placement.PlacementChangeReported(
        case_id=CASE,
        receipt_id=UUID(int=79),
        kind=placement.ReportKind.ABSENCE,
        applies_from=_APRIL,
        reported_on=date(2026, 4, 20),
        health=placement.Absence(cause=placement.AbsenceCause.SICKNESS),
    ),
    placement.PlacementInterrupted(
        case_id=CASE, interrupted_from=_APRIL, health=placement.Absence(cause=placement.AbsenceCause.SICKNESS)
    ),
    placement.PlacementChangeProposed(
        case_id=CASE,
        revision=3,
        kinds=(placement.ChangeKind.EXTENDED,),
        applies_from=date(2026, 6, 1),
        ends_on=_LONGER,
        extent=_HALF,
    ),
    case_id=CASE,
)
_employer: Final = stream(
    PLACEMENT,
    EMPLOYER,
    employer.EmployerRegistered(
        organisation_number="2120002395",
        sector=employer.Sector.MUNICIPAL,
        conditions=employer.Conditions.COLLECTIVE_AGREEMENT,
        pays_electronically=True,
        registered_on=date(2026, 2, 2),
        employment=employer.EmployerProfile(employer_name="Timrå kommun"),
    ),
    employer.EmployerChecked(
        kind=employer.CheckKind.UNPAID_TAX, passed=True, checked_on=date(2026, 2, 3), checked_by="af-1"
    ),
)
_opening: Final = stream(
    PLACEMENT,
    OPENING,
    opening.OpeningPublished(
        organisation_id=EMPLOYER,
        forms=(Programme.ARBETSPRAKTIK,),
        municipality="2262",
        occupation="5330",
        extent_least=_HALF,
        extent_most=Decimal("1.00"),
        available_from=_STARTS,
        employment=opening.OpeningWork(workplace="Ledsagarservice", supervisor="Handledare", tasks=("ledsaga",)),
    ),
    opening.OpeningFilled(filled_on=_STARTS, employment=opening.OfferedTo(case_id=CASE)),
)
REGISTER: Final = (_employer, _opening)
STREAMS: Final = (course, *REGISTER)
