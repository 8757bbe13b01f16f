"""Example states and commands of funding's aggregates: docs/states/ shows what each pair leads to."""

from typing import Final

from samverkan.backbone.testing.paper_machine import paper_machine
from samverkan.funding.benefit.machine import BENEFIT_MACHINE
from samverkan.funding.budget.machine import BUDGET_MACHINE
from samverkan.funding.compensation.table import COMPENSATION
from samverkan.funding.credit_order.table import CREDIT_ORDER_MACHINE
from samverkan.funding.decision_paper import COMPENSATION_PAPER
from samverkan.funding.insats.machine import INSATS_MACHINE

MACHINES: Final = (
    COMPENSATION,
    CREDIT_ORDER_MACHINE,
    BUDGET_MACHINE,
    INSATS_MACHINE,
    paper_machine(COMPENSATION_PAPER),
    BENEFIT_MACHINE,
)
