"""What an operator asks and does over HTTP (S6): the same as `samverkan parked`, by the same core.

Whoever operates a store acts for the organisation that runs it: `Samverkan-Agency` is the agency's own code, or the
name of the service, and nobody else's. `Samverkan-Actor` says by whom, and is kept with the repair for good.
"""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi import Path as PathParameter
from fastapi import Query as QueryParameter
from pydantic import Field

from samverkan.backbone.database import Pool
from samverkan.backbone.errors import Refused
from samverkan.backbone.http.body import Body
from samverkan.backbone.http.call import CALLERS, Command, CommandCall
from samverkan.backbone.http.fields import Passage
from samverkan.backbone.parking.repairs import REASON_MAX, Acknowledged, Because, Repairs, Retried, Skipped
from samverkan.backbone.parking.standing import Shown, Standing, read_standing, read_stream

_VERSION_MAX: Final = 999_999_999
_PARTITION_MAX: Final = 999_999
_OFFSET_MAX: Final = 2**53 - 1  # what every JSON reader takes exactly


class Reason(Body):
    """Why. No name and no personnummer of anybody."""

    reason: Annotated[Passage, Field(max_length=REASON_MAX)]


class Skip(Reason):
    """Exactly the event at which the stream stands."""

    version: Annotated[int, Field(ge=1, le=_VERSION_MAX, strict=True)]


_Operator = Annotated[
    str,
    Header(
        alias="Samverkan-Agency",
        pattern=f"^({'|'.join(CALLERS)})$",
        description="On whose behalf: only who runs this store. Stands in for the token's claim.",
    ),
]


def repairing(name: str, pool: Pool, repairs: Repairs) -> APIRouter:
    """The routes of the store of `name`, a receiver's name in the catalogue."""
    router = APIRouter(prefix="/operations", tags=["operations"])
    owner = name.removeprefix("agency.")

    def refuse_strangers(agency: str) -> None:
        if agency != owner:
            raise Refused("not-permitted", agency=agency)

    def because(call: CommandCall, reason: str = "") -> Because:
        refuse_strangers(call.agency)
        return Because(call.actor or "", reason)

    @router.get("/parked")
    async def parked(agency: _Operator, everything: Annotated[bool, QueryParameter(alias="all")] = False) -> Standing:
        """Parked streams, rejected records and forks; with `all` what only waits, and what was acknowledged, too."""
        refuse_strangers(agency)
        return await read_standing(pool, everything=everything)

    @router.get("/parked/{stream_id}")
    async def parked_stream(agency: _Operator, stream_id: UUID) -> Shown:
        """One stream: the event at which it stands, why, what queues behind it, and what was done before."""
        refuse_strangers(agency)
        return await read_stream(pool, stream_id)

    @router.post("/parked/retry")
    async def retry_all(call: Command) -> Sequence[Retried]:
        """Try every parked stream again, within a second."""
        return await repairs.retry(None, because(call), idempotency=call.idempotency)

    @router.post("/parked/{stream_id}/retry")
    async def retry(stream_id: UUID, call: Command) -> Sequence[Retried]:
        """Try one parked stream again, within a second."""
        return await repairs.retry([stream_id], because(call), idempotency=call.idempotency)

    @router.post("/parked/{stream_id}/skip")
    async def skip(stream_id: UUID, body: Skip, call: Command) -> Skipped:
        """Leave one event out of this store for good; later events of its stream go on."""
        return await repairs.skip(stream_id, body.version, because(call, body.reason), idempotency=call.idempotency)

    @router.post("/set-aside/{topic}/{partition}/{offset}/acknowledge")
    async def acknowledge(
        topic: Annotated[str, PathParameter(pattern=r"^[a-zA-Z0-9._-]{1,249}$")],
        partition: Annotated[int, PathParameter(ge=0, le=_PARTITION_MAX)],
        offset: Annotated[int, PathParameter(ge=0, le=_OFFSET_MAX)],
        body: Reason,
        call: Command,
    ) -> Acknowledged:
        """Say that a rejected record or a fork has been understood: it alarms no more, and stays noted."""
        why = because(call, body.reason)
        return await repairs.acknowledge(topic, partition, offset, why, idempotency=call.idempotency)

    return router
