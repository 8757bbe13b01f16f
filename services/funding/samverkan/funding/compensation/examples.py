"""Timrå (domain.md section 6, story 1) as commands and events: shared by the tests of this folder."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.specification import specification
from samverkan.funding.compensation.application import ApplyForCompensation
from samverkan.funding.compensation.compensation import decide
from samverkan.funding.compensation.decision import ApproveCompensation, CheckApplication
from samverkan.funding.compensation.evolve import evolve
from samverkan.funding.compensation.state import Compensation
from samverkan.funding.conditions.load import load_conditions
from samverkan.funding.rules.load import load_rulebook
from samverkan.funding.terms import Terms
from samverkan.schemas.funding import (
    Basis,
    CompensationApplied,
    CompensationApproved,
    CompensationChecked,
    DecidedAmounts,
    Employer,
    Estimate,
)
from samverkan.schemas.participant import Programme

RULES: Final = load_rulebook()
CONDITIONS: Final = load_conditions()
given = specification(partial(decide, RULES, CONDITIONS), evolve, Compensation())

CASE: Final = UUID("11111111-1111-4111-8111-111111111111")
PLACEMENT: Final = UUID("22222222-2222-4222-8222-222222222222")
EMPLOYER: Final = "2120002395"
DECIDED: Final = date(2026, 2, 20)
MARCH: Final = date(2026, 3, 1)

TERMS: Final = Terms(
    Programme.INTRODUKTIONSJOBB, date(2026, 3, 2), date(2027, 2, 28), Decimal(1), Decimal(24000), birth_year=1988
)
APPLY: Final = ApplyForCompensation(CASE, PLACEMENT, TERMS, date(2026, 2, 16), employer_number=EMPLOYER)
CHECK: Final = CheckApplication("af-handlaggare-1", date(2026, 2, 18))
APPROVE: Final = ApproveCompensation("af-handlaggare-2", DECIDED)

APPLIED: Final = CompensationApplied(
    case_id=CASE,
    placement_id=PLACEMENT,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=date(2026, 3, 2),
    ends_on=date(2027, 2, 28),
    extent=Decimal(1),
    applied_on=date(2026, 2, 16),
    economy=Basis(
        gross_per_month=Decimal(24000),
        birth_year=1988,
        estimate=Estimate(
            rule_version="introduktionsjobb/2026-01-01",
            cost_in_all=Decimal("378489.60"),
            credit_in_all=Decimal("252326.40"),
            own_cost_in_all=Decimal("126163.20"),
            overhead_per_month=Decimal(0),
        ),
    ),
    employment=Employer(employer_number=EMPLOYER),
)
CHECKED: Final = CompensationChecked(prepared_by="af-handlaggare-1", checked_on=date(2026, 2, 18))
APPROVED: Final = CompensationApproved(
    case_id=CASE,
    placement_id=PLACEMENT,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=date(2026, 3, 2),
    ends_on=date(2027, 2, 28),
    extent=Decimal(1),
    decided_on=DECIDED,
    attested_by="af-handlaggare-2",
    rule_version="introduktionsjobb/2026-01-01",
    rule_source="SFS 2018:42, SFS 2022:1451",
    economy=DecidedAmounts(
        gross_per_month=Decimal(24000),
        birth_year=1988,
        cost_per_month=Decimal("31540.80"),
        credit_per_month=Decimal("21027.20"),
        own_cost_per_month=Decimal("10513.60"),
        credit_in_all=Decimal("252326.40"),
    ),
)
GRANTED: Final = (APPLIED, CHECKED, APPROVED)
