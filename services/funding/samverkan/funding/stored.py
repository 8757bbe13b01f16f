"""Every view of funding: what its database holds besides the journal. The command line rebuilds the same ones."""

from typing import Any, Final

from samverkan.backbone.view import View
from samverkan.funding.benefit.views import Benefits, Enrolments
from samverkan.funding.budget.money_views import Ledger, Vouchers
from samverkan.funding.budget.views import Budgets, Commitments
from samverkan.funding.claim_view import Claims
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.credit_order.views import CreditOrders, OrderLines, PaymentsSeen
from samverkan.funding.decision_history import DecisionHistories
from samverkan.funding.decision_paper import CompensationPapers
from samverkan.funding.decision_parties import DecisionEmployers, DecisionPersons
from samverkan.funding.employer_view import PlacementEmployers
from samverkan.funding.estimate_view import Estimates
from samverkan.funding.insats.views import Insatser
from samverkan.funding.ledger_view import Entries
from samverkan.funding.set_off_view import SetOffs
from samverkan.funding.support_changes import SupportChanges
from samverkan.funding.views import AgreedPlacements

VIEWS: Final[tuple[View[Any], ...]] = (
    *(AgreedPlacements(), Compensations(), Claims(), SupportChanges(), PlacementEmployers()),
    *(SetOffs(), Entries(), CreditOrders(), OrderLines(), PaymentsSeen()),
    *(Benefits(), Enrolments(), Estimates()),
    *(Budgets(), Commitments(), Vouchers(), Ledger(), Insatser()),
    *(CompensationPapers(), DecisionHistories(), DecisionEmployers(), DecisionPersons()),
)
