from datetime import date
from uuid import UUID

import pytest

from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.placement.machines import MACHINES
from samverkan.placement.next_step import next_step
from samverkan.placement.views.placements import PlacementRow
from samverkan.placement.views.supports import SupportRow
from samverkan.placement.views.views import VIEWS
from samverkan.schemas.catalogue import PLACEMENT

PLACEMENT_ID, APPLIED = UUID(int=2), SupportRow(UUID(int=4), state="applied")


def row_of(example: str) -> PlacementRow:
    row = fold(VIEWS, stream(PLACEMENT, PLACEMENT_ID, *MACHINES[0].states[example]))["placement"][PLACEMENT_ID]
    assert isinstance(row, PlacementRow)
    return row


@pytest.mark.parametrize(
    ("example", "support", "code", "waits_on"),
    [
        ("draft, union asked", None, "union", ("af",)),
        ("consulted, one approval missing", None, "approve", ("af",)),
        ("agreed", None, "apply", ("employer",)),
        ("agreed", APPLIED, "decision", ("af",)),
        ("agreed without consultation", APPLIED, "union", ("af",)),
        ("decided", APPLIED, "start", ("employer",)),
        ("refused", APPLIED, "refused", ("employer",)),
        ("started", APPLIED, "runs", ()),
        ("started, other hours wait", APPLIED, "approve-change", ("af", "employer", "participant")),
        ("started, a longer time is agreed", APPLIED, "decision", ("af",)),
        ("interrupted", APPLIED, "resume", ("employer",)),
        ("ended", APPLIED, "nothing", ()),
        ("ended, without pay", None, "certificate", ("employer",)),
        ("ended and certified", None, "nothing", ()),
        ("cancelled", None, "nothing", ()),
    ],
)
def test_the_next_step_says_on_whom_it_waits(
    example: str, support: SupportRow | None, code: str, waits_on: tuple[str, ...]
) -> None:
    step = next_step(row_of(example), support, date(2026, 4, 1))
    assert (step.code, step.waits_on) == (code, waits_on)


@pytest.mark.parametrize(
    ("today", "code", "days_left"),
    [
        (date(2026, 11, 29), "runs", 91),
        (date(2026, 11, 30), "ends-soon", 90),
        (date(2027, 2, 28), "ends-soon", 0),
        (date(2027, 3, 1), "end", -1),
    ],
)
def test_an_end_is_near_for_ninety_days_and_missing_afterwards(today: date, code: str, days_left: int) -> None:
    step = next_step(row_of("started"), APPLIED, today)
    assert (step.code, step.by, step.days_left) == (code, date(2027, 2, 28), days_left)
