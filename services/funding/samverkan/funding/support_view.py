"""What time used is counted from: granted supports by case, and whose workplaces they were at. Pure folds."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.funding import CompensationApproved
from samverkan.schemas.placement import PlacementAgreed, PlacementProposed


@dataclass(frozen=True)
class SupportRow:
    """A granted support; a person has one case, so those of a case are those of a person."""

    compensation_id: UUID
    case_id: UUID | None = None
    placement_id: UUID | None = None
    form: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    decided_on: date | None = None


class Supports(View[SupportRow]):
    """One row per granted compensation; every column is funding's own."""

    table: ClassVar = "support"
    row: ClassVar = SupportRow
    events: ClassVar = (CompensationApproved,)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: SupportRow, recorded: Recorded) -> SupportRow:
        match recorded.event:
            case CompensationApproved() as approved:
                return replace(
                    row,
                    case_id=approved.case_id,
                    placement_id=approved.placement_id,
                    form=approved.form.value,
                    starts_on=approved.starts_on,
                    ends_on=approved.ends_on,
                    decided_on=approved.decided_on,
                )
            case _:
                return row


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
