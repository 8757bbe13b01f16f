"""What was known then, and what held then: a case folded again from the events that this store keeps of it.

The same folds as the live store's, over fewer events. A decision that came late is thus shown twice: not there in what
was known at the time, there in what is known today of that time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from fastapi import Query as QueryParameter

from samverkan.backbone.clock import start_of_day
from samverkan.backbone.folded import FoldedQueries
from samverkan.backbone.http.body import Day
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Queries
from samverkan.backbone.view import View


@dataclass(frozen=True)
class PastParameters:
    """Both may be asked together; neither is the present. Swedish days, each to its end."""

    known_by: Annotated[
        Day | None, QueryParameter(description="Only what the services had recorded by the end of that day.")
    ] = None
    as_of: Annotated[
        Day | None, QueryParameter(description="Only what had taken effect in the world by the end of that day.")
    ] = None

    async def of(
        self,
        case_id: UUID,
        views: Sequence[View[Any]],
        live: Queries,
        withheld: Callable[[Recorded], Recorded] | None = None,
    ) -> Queries:
        """The queries that answer as of then; the live ones when the present is asked for.

        `withheld`: how events are read of which parts may not be shown (sharing.py); then the case is folded from them.
        """
        if self.known_by is None and self.as_of is None and withheld is None:
            return live
        known, held = _end_of(self.known_by), _end_of(self.as_of)
        events = [
            (recorded if withheld is None else withheld(recorded), applied_at)
            for recorded, applied_at in await live.timeline(case_id)
            if (known is None or recorded.envelope.recorded_at < known)
            and (held is None or recorded.envelope.time < held)
        ]
        return FoldedQueries.of(views, events)


Past = Annotated[PastParameters, Depends()]


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else start_of_day(day + timedelta(days=1))
