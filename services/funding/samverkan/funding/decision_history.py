"""The decisions that were taken on a compensation, one after the other, as their letters tell them. Pure folds.

The other views say how things stand; a letter says what was decided then. So this one keeps the events themselves, of
the decision and of each month that turned out wrong, and a letter folds them up to the decision that it is about.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.funding.claim_view import claim_key
from samverkan.schemas.decisions import (
    CompensationAmended,
    CompensationRevoked,
    ReviewDecided,
    ReviewRequested,
    RevocationLifted,
)
from samverkan.schemas.event import Event
from samverkan.schemas.funding import CompensationApproved, CompensationRefused
from samverkan.schemas.recovery import (
    ClaimCorrected,
    HearingAnswered,
    HearingOpened,
    RecoveryDecided,
    RecoverySetOff,
    RecoveryWaived,
    RepaymentReceived,
    WaiverPrepared,
)

_OF_THE_DECISION: Final = (
    CompensationApproved,
    CompensationRefused,
    CompensationAmended,
    CompensationRevoked,
    RevocationLifted,
    ReviewRequested,
    ReviewDecided,
)
_OF_A_MONTH: Final = (
    ClaimCorrected,
    HearingOpened,
    HearingAnswered,
    RecoveryDecided,
    RecoverySetOff,
    RepaymentReceived,
    WaiverPrepared,
    RecoveryWaived,
)
_KINDS: Final[Mapping[str, type[Event]]] = {kind.__name__: kind for kind in (*_OF_THE_DECISION, *_OF_A_MONTH)}
Kind = TypeVar("Kind", bound=Event)


@dataclass(frozen=True)
class HistoryRow:
    """`history` is the compensation's id, or `<compensation>/<yyyy-mm>`. Of each event: `kind`, `version`, `said`."""

    history: str
    events: tuple[Mapping[str, Any], ...] = ()


class DecisionHistories(View[HistoryRow]):
    """Every column is funding's own. A month has a row when it was computed again: most months have none."""

    table: ClassVar = "decision_history"
    row: ClassVar = HistoryRow
    events: ClassVar = (*_OF_THE_DECISION, *_OF_A_MONTH)

    def keys(self, recorded: Recorded) -> Collection[str]:
        """The decision's row, or the month's."""
        event = recorded.event
        if isinstance(event, _OF_A_MONTH):
            return [claim_key(recorded.stream_id, event.work_month)]
        return [str(recorded.stream_id)]

    def fold(self, row: HistoryRow, recorded: Recorded) -> HistoryRow:
        """The event as it stands in the journal, readable compartments only."""
        event = recorded.event
        kept = {
            "kind": type(event).__name__,
            "version": recorded.envelope.version,
            "said": event.model_dump(mode="json", exclude_none=True),
        }
        return replace(row, events=(*row.events, kept))


@dataclass(frozen=True)
class Told:
    """An event of a compensation and its version in the stream."""

    version: int
    event: Event


def history_key(compensation_id: UUID, work_month: date | None = None) -> str:
    """The row of a decision, or of one of its months."""
    return str(compensation_id) if work_month is None else claim_key(compensation_id, work_month)


def told(row: HistoryRow | None) -> list[Told]:
    """The events of a row, oldest first; nothing when there is no row."""
    return [
        Told(each["version"], _KINDS[each["kind"]].model_validate(each["said"]))
        for each in (() if row is None else row.events)
    ]


def backwards(history: Sequence[Told], before: int | None = None) -> Iterator[Event]:
    """The events, the latest first; of those before a version if it is given."""
    return (each.event for each in reversed(history) if before is None or each.version < before)


def last(history: Sequence[Told], kind: type[Kind], before: int | None = None) -> Kind | None:
    """The latest event of a kind, of those before a version if it is given."""
    return next((event for event in backwards(history, before) if isinstance(event, kind)), None)


def decided(history: Sequence[Told], kind: type[Kind], on: date | None) -> Iterator[tuple[int, Kind]]:
    """The decisions of a kind with their versions, the latest first; only those of the day `on` if it is given."""
    for each in reversed(history):
        if isinstance(each.event, kind) and on in (None, each.event.effective_on()):
            yield each.version, each.event


def in_review(history: Sequence[Told], version: int) -> bool:
    """Whether a review was going on: what was decided then is told by the letter of that review."""
    steps = (event for event in backwards(history, version) if isinstance(event, ReviewRequested | ReviewDecided))
    return isinstance(next(steps, None), ReviewRequested)
