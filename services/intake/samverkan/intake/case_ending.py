"""What ends with a case, in the transaction of its exit: nobody is reminded of a plan or a measurement any more.

Presence goes on: a placement may outlast the case, and what was not reported in time is reported after it.
"""

from datetime import date
from uuid import UUID

from samverkan.backbone.decider import Order
from samverkan.backbone.http.call import CommandCall
from samverkan.intake.measurement import MEASUREMENT, CancelGround, CancelMeasurement, State
from samverkan.intake.measurement_view import Measurements
from samverkan.intake.plan.activity import EndPlanWithCase
from samverkan.intake.plan.plan import PLAN, plan_id


async def ends_with_case(call: CommandCall, case_id: UUID, ended_on: date) -> list[Order]:
    """The plan's end, and the cancellation of each measurement that is not answered."""
    orders = [Order(PLAN, plan_id(case_id), EndPlanWithCase(ended_on))]
    for state in (State.OPEN, State.PARTLY_ANSWERED):
        for row in await call.queries.select(Measurements, case_id=case_id, state=state.value):
            cancel = CancelMeasurement(CancelGround.CASE_ENDED, ended_on)
            orders.append(Order(MEASUREMENT, row.measurement_id, cancel))
    return orders
