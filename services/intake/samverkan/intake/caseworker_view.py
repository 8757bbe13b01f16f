"""Which caseworkers ever had a case, as contact or stand-in: the way from a caseworker to their cases.

Whether they have it now is told by the case's own course: a contact who was replaced keeps a row here.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.casework import CaseworkerAssigned, StandInAppointed


@dataclass(frozen=True)
class CaseworkerRow:
    """`place`: case, agency and caseworker in one."""

    place: str
    case_id: UUID | None = None
    agency: str | None = None
    caseworker: str | None = None


class Caseworkers(View[CaseworkerRow]):
    """Cases by caseworker."""

    table: ClassVar = "case_caseworker"
    row: ClassVar = CaseworkerRow
    events: ClassVar = (CaseworkerAssigned, StandInAppointed)

    def keys(self, recorded: Recorded) -> Collection[str]:
        """One row per case, agency and caseworker."""
        event = recorded.event
        assert isinstance(event, CaseworkerAssigned | StandInAppointed)
        return [f"{recorded.stream_id}/{event.agency}/{event.caseworker}"]

    def fold(self, row: CaseworkerRow, recorded: Recorded) -> CaseworkerRow:
        """Take over what the event says."""
        event = recorded.event
        assert isinstance(event, CaseworkerAssigned | StandInAppointed)
        return replace(row, case_id=recorded.stream_id, agency=event.agency, caseworker=event.caseworker)
