"""What every query about a case begins with: who may ask, the case as it is now, and the rows as they may be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from samverkan.agency.case_view import CaseRow, SharedCases
from samverkan.agency.consent_view import ConsentHistories
from samverkan.agency.consents import Grant
from samverkan.agency.past import PastParameters
from samverkan.agency.sharing import visible, withholding
from samverkan.agency.views import views_for
from samverkan.backbone.errors import Refused
from samverkan.backbone.http.call import QueryCall
from samverkan.backbone.http.problems import MEDIA_TYPE
from samverkan.backbone.runtime import Queries
from samverkan.schemas.catalogue import Agency, Role
from samverkan.schemas.event import Compartment

FORBIDDEN: Final[dict[int | str, dict[str, Any]]] = {
    403: {
        "description": "This agency sees counts only.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
_THE_PRESENT: Final = PastParameters()


@dataclass(frozen=True)
class AskedCase:
    """A case that was asked for. `row` is as the store has it now, `shown` what of it may be shown now; `then` are the
    rows as of the moment asked for, without what this agency is never shown."""

    row: CaseRow
    shown: frozenset[Compartment]
    then: Queries


def refuse_counts_only(agency: Agency) -> None:
    """Refused `agency-sees-counts-only`."""
    if agency.role is Role.COORDINATION_ASSOCIATION:
        raise Refused("agency-sees-counts-only", source="SFS 2003:1210 §7")


async def asked_case(agency: Agency, case_id: UUID, call: QueryCall, past: PastParameters = _THE_PRESENT) -> AskedCase:
    """The case for this agency. Refused `agency-sees-counts-only`, `not-found`."""
    refuse_counts_only(agency)
    return await of_row(agency, await call.one(SharedCases, case_id), call, past)


async def consents_of(case_id: UUID, call: QueryCall) -> Sequence[Grant]:
    """Every consent of the case, those that ended too; none when nothing was ever agreed to."""
    history = await call.queries.get(ConsentHistories, case_id)
    return () if history is None else history.grants


async def of_row(agency: Agency, row: CaseRow, call: QueryCall, past: PastParameters = _THE_PRESENT) -> AskedCase:
    """The same for a case that has been read."""
    withheld = None
    if agency.code in row.taken_back_from:
        withheld = withholding(agency, await consents_of(row.case_id, call))
    then = await past.of(row.case_id, views_for(agency.role), call.queries, withheld)
    return AskedCase(row, visible(agency, row.consents), then)
