"""How a case's decisions and months went on: changed, contested, corrected, asked back. Over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter

from samverkan.agency.asking import FORBIDDEN, asked_case
from samverkan.agency.settlement_view import DecisionLifeRow, DecisionLives, SettlementRow, Settlements
from samverkan.backbone.http.call import LIMIT_MAX, Query
from samverkan.schemas.catalogue import Agency
from samverkan.schemas.event import Compartment


@dataclass(frozen=True)
class SettlementAnswer:
    """Amounts are null where economy is not shown to this agency."""

    decisions: Sequence[DecisionLifeRow]
    months: Sequence[SettlementRow]


def settlement_routes(agency: Agency) -> APIRouter:
    """What this agency may ask of how money went on."""
    router = APIRouter(tags=["agency"])

    @router.get("/cases/{case_id}/settlements", responses=FORBIDDEN)
    async def settlements(case_id: UUID, call: Query) -> SettlementAnswer:
        """What became of the case's decisions, and of the months that turned out wrong or were lost."""
        case = await asked_case(agency, case_id, call)
        months = await case.then.select(Settlements, limit=LIMIT_MAX, case_id=case_id)
        if Compartment.ECONOMY not in case.shown:
            months = [replace(month, corrected_credit=None, asked_back=None, settled=None) for month in months]
        return SettlementAnswer(await case.then.select(DecisionLives, limit=LIMIT_MAX, case_id=case_id), months)

    return router
