"""Whose workplaces placements are at. Pure folds."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.placement import PlacementAgreed, PlacementProposed


@dataclass(frozen=True)
class EmployerRow:
    """Whose workplace a placement is at: ten digits; None when that is sealed to us."""

    placement_id: UUID
    employer_number: str | None = None


class PlacementEmployers(View[EmployerRow]):
    """One row per placement; every column is placement's."""

    table: ClassVar = "placement_employer"
    row: ClassVar = EmployerRow
    events: ClassVar = (PlacementProposed, PlacementAgreed)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: EmployerRow, recorded: Recorded) -> EmployerRow:
        match recorded.event:
            case PlacementProposed(employment=workplace) | PlacementAgreed(employment=workplace):
                return replace(row, employer_number=None if workplace is None else workplace.employer_number)
            case _:
                return row
