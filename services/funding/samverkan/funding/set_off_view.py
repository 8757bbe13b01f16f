"""Set-offs as both sides have told of them; the worker carries on those that are not done. Pure folds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.recovery import (
    CreditWithheld,
    RecoverySetOff,
    SetOffReleased,
    SetOffReserved,
    WithholdingDeclined,
)


@dataclass(frozen=True)
class SetOffRow:
    """`state`: reserved, then withheld or declined by the other credit, then done or released. Kronor."""

    set_off_id: UUID
    compensation_id: UUID | None = None
    work_month: date | None = None
    from_compensation: UUID | None = None
    from_month: date | None = None
    reserved: Decimal | None = None
    withheld: Decimal | None = None
    declined_code: str | None = None
    state: str | None = None


class SetOffs(View[SetOffRow]):
    """One row per set-off; two streams tell of it, and the later word of either never comes before the earlier."""

    table: ClassVar = "set_off"
    row: ClassVar = SetOffRow
    events: ClassVar = (SetOffReserved, CreditWithheld, WithholdingDeclined, RecoverySetOff, SetOffReleased)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        match recorded.event:
            case (
                SetOffReserved(set_off_id=one)
                | CreditWithheld(set_off_id=one)
                | WithholdingDeclined(set_off_id=one)
                | RecoverySetOff(set_off_id=one)
                | SetOffReleased(set_off_id=one)
            ):
                return (one,)
            case _:
                return ()

    def fold(self, row: SetOffRow, recorded: Recorded) -> SetOffRow:
        match recorded.event:
            case SetOffReserved() as event:
                return replace(
                    row,
                    compensation_id=recorded.stream_id,
                    work_month=event.work_month,
                    from_compensation=event.from_compensation,
                    from_month=event.from_month,
                    reserved=None if event.economy is None else event.economy.amount,
                    state="reserved",
                )
            case CreditWithheld(economy=economy):
                return replace(row, state="withheld", withheld=None if economy is None else economy.amount)
            case WithholdingDeclined(code=code):
                return replace(row, state="declined", declined_code=code)
            case RecoverySetOff():
                return replace(row, state="done")
            case SetOffReleased():
                return replace(row, state="released")
            case _:
                return row
