"""What notify's store holds: one list for the service and for whoever rebuilds its views."""

from typing import Any

from samverkan.backbone.view import View
from samverkan.notify.delivery.endpoint import Endpoints
from samverkan.notify.reminders.rules import Rules
from samverkan.notify.reminders.views import (
    BudgetWatch,
    CaseWatch,
    CompensationWatch,
    PlacementWatch,
    PlanWatch,
    Reminders,
)
from samverkan.notify.views import Notifications


def views_with(rules: Rules) -> tuple[View[Any], ...]:
    """Every view. The rows of some hold days that follow from these rules."""
    return (
        Notifications(),
        Reminders(),
        Endpoints(),
        CompensationWatch(rules),
        PlacementWatch(),
        CaseWatch(rules),
        PlanWatch(rules),
        BudgetWatch(rules),
    )
