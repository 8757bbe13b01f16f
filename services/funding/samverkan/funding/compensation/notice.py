"""A notice to another authority that it may have paid wrongly (SFS 2008:206): prepared with ground and date. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samverkan.backbone.calendar import first_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.evolve import Event
from samverkan.funding.compensation.state import Compensation
from samverkan.schemas.recovery import WrongPaymentNoticePrepared


class NoticeGround(StrEnum):
    """What gives reason to believe that another authority pays wrongly."""

    EMPLOYMENT_ENDED = "employment-ended"
    PAY_DIFFERS = "pay-differs"
    WORKED_MORE_THAN_STATED = "worked-more-than-stated"
    WORKED_LESS_THAN_STATED = "worked-less-than-stated"


class Recipient(StrEnum):
    """Who has to be told, when it is about its own payment."""

    FK = "fk"
    AF = "af"
    KOMMUN = "kommun"
    SKATTEVERKET = "skatteverket"


@dataclass(frozen=True)
class PrepareNotice:
    """Somebody saw it; how it is sent is not ours to say. `work_month` when it is about one."""

    recipient: Recipient
    ground: NoticeGround
    noticed_on: date
    prepared_by: str
    work_month: date | None = None


def prepare_notice(command: PrepareNotice, compensation: Compensation) -> Sequence[Event]:
    """Refused: `not-applied`. The same notice twice is one."""
    if compensation.application is None:
        raise Refused("not-applied")
    month = None if command.work_month is None else first_of_month(command.work_month)
    if (command.recipient, command.ground, command.noticed_on, month) in compensation.notices:
        return []
    return [
        WrongPaymentNoticePrepared(
            recipient=command.recipient,
            ground=command.ground,
            noticed_on=command.noticed_on,
            prepared_by=command.prepared_by,
            work_month=month,
        )
    ]
