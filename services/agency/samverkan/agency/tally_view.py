"""Counts, for a receiver that may not know of individuals (SFS 2003:1210 §7): no case id is kept in this table."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Final

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.participant import ParticipantEnrolled, ParticipantReferred
from samverkan.schemas.placement import Outcome, PlacementEndCorrected, PlacementEnded, PlacementStarted

CASES: Final = "cases"
PARTICIPATIONS: Final = "participations"
STARTED: Final = "placements-started"
ENDED: Final = {outcome: f"placements-ended-{outcome.value}" for outcome in Outcome}
NAMES: Final = (CASES, PARTICIPATIONS, STARTED, *ENDED.values())


@dataclass(frozen=True)
class TallyRow:
    """How often it has happened. Each name is owned by one topic."""

    name: str
    number: int = 0


class Tally(View[TallyRow]):
    """Cases, participations, started and ended placements. A person with two programmes participates twice."""

    table: ClassVar = "tally"
    row: ClassVar = TallyRow
    events: ClassVar = (
        *(ParticipantReferred, ParticipantEnrolled),
        *(PlacementStarted, PlacementEnded, PlacementEndCorrected),
    )

    def keys(self, recorded: Recorded) -> Collection[str]:
        """The count that the event adds to."""
        match recorded.event:
            case ParticipantReferred():
                return [CASES]
            case ParticipantEnrolled():
                return [PARTICIPATIONS]
            case PlacementStarted():
                return [STARTED]
            case PlacementEnded(outcome=outcome):
                return [ENDED[outcome]]
            case PlacementEndCorrected(outcome=outcome, was_outcome=was) if outcome != was:
                return [ENDED[was], ENDED[outcome]]
            case _:
                return []

    def fold(self, row: TallyRow, recorded: Recorded) -> TallyRow:
        """One more; one less of an outcome that was recorded wrongly."""
        match recorded.event:
            case PlacementEndCorrected(was_outcome=was) if row.name == ENDED[was]:
                return replace(row, number=row.number - 1)
            case _:
                return replace(row, number=row.number + 1)
