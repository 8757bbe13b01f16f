"""What was put right long afterwards: the placement had ended on another day."""

from datetime import date
from typing import Final

from samverkan.schemas import placement
from samverkan.schemas.sample_chapters.step import CASE, Step

AFTERWARDS: Final = (
    Step(
        "placement",
        placement.PlacementEndCorrected(
            case_id=CASE,
            last_day_on=date(2027, 2, 26),
            outcome=placement.Outcome.JOB,
            was_last_day_on=date(2027, 2, 28),
            was_outcome=placement.Outcome.JOB,
            corrected_on=date(2027, 3, 2),
        ),
        date(2035, 1, 2),
        "kommun",
    ),
)
