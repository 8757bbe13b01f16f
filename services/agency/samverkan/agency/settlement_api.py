"""How a case's decisions and months went on: changed, contested, corrected, asked back. Over HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from samverkan.agency.case_view import CaseRow
from samverkan.agency.past import PastParameters
from samverkan.agency.settlement_view import DecisionLifeRow, DecisionLives, SettlementRow, Settlements
from samverkan.agency.sharing import visible, withholding
from samverkan.agency.views import views_for
from samverkan.backbone.http.call import LIMIT_MAX, Query, QueryCall
from samverkan.schemas.catalogue import Agency
from samverkan.schemas.event import Compartment


@dataclass(frozen=True)
class SettlementAnswer:
    """Amounts are null where economy is not shown to this agency."""

    decisions: Sequence[DecisionLifeRow]
    months: Sequence[SettlementRow]


Known = Callable[[Agency, UUID, QueryCall], Awaitable[CaseRow]]


def add_settlements(
    router: APIRouter, agency: Agency, known: Known, forbidden: dict[int | str, dict[str, Any]]
) -> None:
    """The query of this agency. `known` finds the case, or refuses one that keeps counts only."""
    views = views_for(agency.role)

    @router.get("/cases/{case_id}/settlements", responses=forbidden)
    async def settlements(case_id: UUID, call: Query) -> SettlementAnswer:
        """What became of the case's decisions, and of the months that turned out wrong or were lost."""
        row = await known(agency, case_id, call)
        then = await PastParameters().of(case_id, views, call.queries, withholding(agency, row.grants))
        months = await then.select(Settlements, limit=LIMIT_MAX, case_id=case_id)
        if Compartment.ECONOMY not in visible(agency, row.consents):
            months = [replace(month, corrected_credit=None, asked_back=None, settled=None) for month in months]
        return SettlementAnswer(await call.queries.select(DecisionLives, limit=LIMIT_MAX, case_id=case_id), months)
