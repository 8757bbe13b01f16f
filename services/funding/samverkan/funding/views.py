"""The placements that funding knows of, as placement told them. Pure folds."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.schemas.placement import (
    PlacementAgreed,
    PlacementCancelled,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementExtensionAgreed,
    PlacementProposed,
    PlacementStarted,
)


@dataclass(frozen=True)
class PlacementRow:
    """A placement as placement has told of it; `agreed_on` is None while its parties still have to agree.

    `version` is the placement stream's at the last event that mattered here, and `requires` what that event required:
    what an application or a claim rests on. `extended_…` is the longer time that its parties agreed on last.
    """

    placement_id: UUID
    version: int | None = None
    requires: str = ""
    case_id: UUID | None = None
    form: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    extent: Decimal | None = None
    gross_per_month: Decimal | None = None
    birth_year: int | None = None
    agreed_on: date | None = None
    started_on: date | None = None
    last_day_on: date | None = None
    extended_from: date | None = None
    extended_until: date | None = None
    extended_extent: Decimal | None = None
    extended_gross: Decimal | None = None


class AgreedPlacements(View[PlacementRow]):
    """Foreign facts: every column is placement's."""

    table: ClassVar = "agreed_placement"
    row: ClassVar = PlacementRow
    events: ClassVar = (
        *(PlacementProposed, PlacementAgreed, PlacementExtensionAgreed),
        *(PlacementStarted, PlacementEnded, PlacementEndCorrected, PlacementCancelled),
    )

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: PlacementRow, recorded: Recorded) -> PlacementRow:
        requires = " ".join(str(requirement) for requirement in recorded.envelope.requires)
        row = replace(row, version=recorded.envelope.version, requires=requires)
        match recorded.event:
            case PlacementProposed() | PlacementCancelled():
                return replace(row, agreed_on=None)  # a change after an approval asks everyone again
            case PlacementAgreed() as agreed:
                return _agreed(row, agreed)
            case PlacementExtensionAgreed() as longer:
                return replace(
                    row,
                    extended_from=longer.applies_from,
                    extended_until=longer.ends_on,
                    extended_extent=longer.extent,
                    extended_gross=None if longer.economy is None else longer.economy.gross_per_month,
                )
            case PlacementStarted(starts_on=day):
                return replace(row, started_on=day)
            case PlacementEnded(last_day_on=day) | PlacementEndCorrected(last_day_on=day):
                return replace(row, last_day_on=day)
            case _:
                return row


def _agreed(row: PlacementRow, agreed: PlacementAgreed) -> PlacementRow:
    economy = agreed.economy
    return replace(
        row,
        case_id=agreed.case_id,
        form=agreed.form.value,
        starts_on=agreed.starts_on,
        ends_on=agreed.ends_on,
        extent=agreed.extent,
        gross_per_month=None if economy is None else economy.gross_per_month,
        birth_year=None if economy is None else economy.birth_year,
        agreed_on=agreed.agreed_on,
    )
