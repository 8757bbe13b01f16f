"""One row per case that consent was given in: every consent, with when it opened and what of it ended when."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from samverkan.agency.consents import Grant, granted
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View, replace
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.participant import ConsentGiven


@dataclass(frozen=True)
class ConsentHistoryRow:
    """Every consent of a case, in the order in which they were given."""

    case_id: UUID
    grants: tuple[Grant, ...] = ()


class ConsentHistories(View[ConsentHistoryRow]):
    """The consents of the shared cases, those that ended too. Read where the past matters; what is in force stands in
    the shared case."""

    table: ClassVar = "consent_history"
    row: ClassVar = ConsentHistoryRow
    events: ClassVar = (ConsentGiven, ConsentWithdrawn, CaseTransferred)

    def keys(self, recorded: Recorded) -> Collection[UUID]:
        """The case."""
        return [recorded.envelope.correlation_id]

    def fold(self, row: ConsentHistoryRow, recorded: Recorded) -> ConsentHistoryRow:
        """One more, or the end of some."""
        return replace(row, grants=granted(row.grants, recorded))
