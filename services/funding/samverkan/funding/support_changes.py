"""That what a person was granted has changed: what decisions at several employers rest on together. Pure folds."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked, RevocationLifted
from samverkan.schemas.funding import CompensationApproved


@dataclass(frozen=True)
class SupportChangesRow:
    """How many times what a person was granted has changed; a person has one case. Who decides on it says which number
    it rests on: of two decisions at the same time the later one is made again (docs/decisions/0017)."""

    case_id: UUID
    changes: int = 0


class SupportChanges(View[SupportChangesRow]):
    """One row per person who was granted something; every column is funding's own."""

    table: ClassVar = "support_changes"
    row: ClassVar = SupportChangesRow
    events: ClassVar = (CompensationApproved, CompensationAmended, CompensationRevoked, RevocationLifted)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        match recorded.event:
            case (
                CompensationApproved(case_id=case_id)
                | CompensationAmended(case_id=case_id)
                | CompensationRevoked(case_id=case_id)
                | RevocationLifted(case_id=case_id)
            ):
                return (case_id,)
            case _:
                return ()

    def fold(self, row: SupportChangesRow, _: Recorded) -> SupportChangesRow:
        return replace(row, changes=row.changes + 1)
