"""What several commands on a budget demand alike. Pure."""

from datetime import date
from decimal import Decimal

from samverkan.backbone.errors import Refused
from samverkan.funding.budget.state import NOTHING, Budget
from samverkan.schemas.budget import BudgetDrafted


def drafted(budget: Budget) -> BudgetDrafted:
    """The draft. Refused `budget-not-drafted`."""
    if budget.draft is None:
        raise Refused("budget-not-drafted")
    return budget.draft


def running(budget: Budget, day: date) -> BudgetDrafted:
    """The draft of a budget that is adopted and whose books are open, on a day that may be its.

    Refused: `budget-not-drafted`, `budget-not-adopted`, `budget-closed`, `before-adoption`.
    """
    draft = drafted(budget)
    if budget.adopted is None:
        raise Refused("budget-not-adopted")
    if budget.closed is not None:
        raise Refused("budget-closed")
    if day < budget.adopted.adopted_on:
        raise Refused("before-adoption", adopted_on=budget.adopted.adopted_on.isoformat())
    return draft


def member_of(budget: Budget, member: str) -> None:
    """Refused `not-a-member`."""
    if member not in budget.parties.members:
        raise Refused("not-a-member", member=member)


def two_persons(prepared_by: str, attested_by: str) -> None:
    """Refused `same-person-prepares-and-attests`."""
    if prepared_by == attested_by:
        raise Refused("same-person-prepares-and-attests")


def payable(amount: Decimal) -> None:
    """Refused `amount-invalid`: not above zero, or finer than the öre."""
    if not (amount.is_finite() and amount > NOTHING and amount == round(amount, 2)):
        raise Refused("amount-invalid")


def not_before(day: date, earlier: date) -> None:
    """Refused `attested-before-preparation`."""
    if day < earlier:
        raise Refused("attested-before-preparation", prepared_on=earlier.isoformat())
