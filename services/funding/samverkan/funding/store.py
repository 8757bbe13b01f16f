"""Every view that funding's store holds."""

from typing import Any, Final

from samverkan.backbone.view import View
from samverkan.funding.benefit.views import Benefits, Enrolments
from samverkan.funding.budget.views import Budgets, Commitments, Ledger, Vouchers
from samverkan.funding.decision_paper import CompensationPapers
from samverkan.funding.decision_parties import DecisionEmployers, DecisionPersons
from samverkan.funding.estimate_view import Estimates
from samverkan.funding.insats.views import Insatser
from samverkan.funding.support_view import PlacementEmployers, Supports
from samverkan.funding.views import AgreedPlacements, Claims, Compensations

VIEWS: Final[tuple[View[Any], ...]] = (
    *(AgreedPlacements(), Compensations(), Claims(), Supports(), PlacementEmployers()),
    *(Benefits(), Enrolments(), Estimates()),
    *(Budgets(), Commitments(), Vouchers(), Ledger(), Insatser()),
    *(CompensationPapers(), DecisionEmployers(), DecisionPersons()),
)
