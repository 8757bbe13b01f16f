"""What an endpoint is given: `Command` for a POST, `Query` for a GET, `Page` for a list.

    @router.post("/placements/{placement_id}/start")
    async def start(placement_id: UUID, body: StartBody, call: Command) -> Accepted:
        return await call.execute(AGREEMENT, placement_id, StartPlacement(body.starts_on))

    @router.get("/placements/{placement_id}")
    async def placement(placement_id: UUID, call: Query) -> PlacementRow:
        return await call.one(Placements, placement_id)

Who calls stands in two headers, `Samverkan-Agency` and `Samverkan-Actor`, that are believed as they come. They stand
in for the OIDC token until there is one; `_command` below is the only place that reads them. Until then a service
listens on this machine only, or behind something that sets them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from time import perf_counter
from typing import Annotated, Any, Final, TypeVar, get_type_hints
from uuid import UUID, uuid5

from fastapi import Depends, Header, Request, Response
from fastapi import Query as QueryParameter
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, TypeAdapter, ValidationError

from samverkan.backbone.clock import stockholm_date
from samverkan.backbone.command import BlindIndex, Context, IdempotencyKey, Unchanged
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Permanent, Refused, RowChanged, SamverkanError, Transient, VersionConflict
from samverkan.backbone.policy import refuse_unless_permitted
from samverkan.backbone.runtime import Queries, Runtime
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.metrics import COMMAND_SECONDS, COMMANDS
from samverkan.backbone.telemetry.scrub import contains_person_number
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import AGENCIES, TOPICS
from samverkan.schemas.envelope import Requirement

Row = TypeVar("Row")

LIMIT_MAX: Final = 500  # rows of one page: about a megabyte of the widest rows
CALLERS: Final = (*(agency.code for agency in AGENCIES), *(topic.owner for topic in TOPICS))
_NAMESPACE: Final = UUID("6f1c2a54-5a0d-5b1e-9d0e-3f3b5f0e8c11")  # of ids derived from idempotency keys; never changes


class Accepted(BaseModel):
    """A command was carried out. `events` are the types it led to, none when there was nothing left to do.

    `repeated`: this is the answer that the first request with the same Idempotency-Key got.
    """

    stream_id: UUID
    version: int
    events: list[str]
    repeated: bool = False


def new_id_of(service: str, key: str) -> UUID:
    """The id of the stream that a request creates. `key`: `<agency>/<Idempotency-Key>`."""
    return uuid5(_NAMESPACE, f"{service}/{key}")


def command_id_of(service: str, key: str, stream_id: UUID) -> UUID:
    """The `commandid` of every event that a request on this stream led to: whoever knows the key finds them."""
    return uuid5(_NAMESPACE, f"{service}/{key}/{stream_id}")


class NotModified(Exception):
    """The caller has this version already: answered 304."""

    def __init__(self, etag: str) -> None:
        super().__init__()
        self.etag = etag


@dataclass(frozen=True)
class Chassis:
    """What `build_http` lays down for the calls of its application, as `app.state.chassis`."""

    service: Service
    runtime: Runtime


def found(row: Row | None) -> Row:
    """The row. Refused `not-found` when there is none."""
    if row is None:
        raise Refused("not-found")
    return row


class _Call:
    """What commands and queries share."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response
        self._chassis: Chassis = request.app.state.chassis
        self.now: datetime = self._chassis.runtime.now()
        """The instant of this request, UTC; the same however often it is read."""

    @property
    def today(self) -> date:
        """The Swedish calendar day of this request."""
        return stockholm_date(self.now)

    @property
    def queries(self) -> Queries:
        """Reads of the service's own views."""
        return self._chassis.runtime.queries

    @property
    def runtime(self) -> Runtime:
        """The running service, for what is neither a command nor a view."""
        return self._chassis.runtime


class QueryCall(_Call):
    """A GET. `known` are the entity tags that the caller has."""

    def __init__(self, request: Request, response: Response, *, known: set[str]) -> None:
        super().__init__(request, response)
        self._known = known

    async def one(self, view: type[View[Row]], key: object) -> Row:
        """The row with this key. Refused `not-found` when there is none.

        A row with a `version` column is answered with an ETag, and with 304 when the caller has that version already.
        """
        known = await self.queries.get(view, key)
        row = found(known)
        version = getattr(row, "version", None)
        if version is not None:
            self._response.headers["ETag"] = self.tag(str(version))
        return row

    def tag(self, version: str) -> str:
        """The ETag of what is answered; 304 at once when the caller has that already."""
        etag = f'"{version}"'
        if etag in self._known:
            raise NotModified(etag)
        return etag

    async def many(self, view: type[View[Row]], page: "PageParameters", **equal: Any) -> Sequence[Row]:
        """The rows whose columns equal the given values, one page of them, by ascending key."""
        after = None if page.after is None else _key(view, page.after)
        return await self.queries.select(view, after=after, limit=page.limit, **equal)


class CommandCall(_Call):
    """A POST. `agency` and `actor` are on whose behalf and by whom, pseudonymous."""

    def __init__(
        self,
        request: Request,
        response: Response,
        *,
        key: str,
        agency: str,
        actor: str | None,
        expected_version: int | None,
    ) -> None:
        super().__init__(request, response)
        self._key = f"{agency}/{key}"  # two agencies may choose the same key
        self._expected_version = expected_version
        self._used = False
        self.agency = agency
        self.actor = actor

    @property
    def idempotency(self) -> IdempotencyKey:
        """The caller's key, and what it stands for: this very request."""
        return IdempotencyKey(self._key, self._digest())

    def new_id(self) -> UUID:
        """The id of a stream that this request creates: the same one when the request is repeated."""
        return new_id_of(self._chassis.service.name, self._key)

    async def execute(
        self,
        aggregate: Aggregate[Any],
        stream_id: UUID,
        command: object,
        *,
        correlation_id: UUID | None = None,
        requires: Sequence[Requirement] = (),
        blind_index: BlindIndex | None = None,
        create: bool = False,
        unchanged: Unchanged | None = None,
        together: Sequence[Order] = (),
    ) -> Accepted:
        """Carry out one command and return what the endpoint answers, with ETag; durable on return (J1).

        `together`: what follows from it on other streams, in the same transaction, whoever may give such commands; not
        with a blind index. Raises what `Commands.execute` raises; each is answered as a problem, so an endpoint catches
        nothing. With `create`, a stream that came into being is answered 201 with a Location below this path. Once per
        request: the stored reply of an Idempotency-Key is the reply to one command. One that raised has no reply: after
        RowChanged it may be decided again.
        """
        if self._used:
            raise RuntimeError("one request carries one command")
        context = Context(
            now=self.now,
            command_id=command_id_of(self._chassis.service.name, self._key, stream_id),
            actor=self.actor,
            agency=self.agency,
            correlation_id=correlation_id,
            requires=tuple(requires),
            traceparent=self._request.state.traceparent,
            unchanged=unchanged,
        )
        started_at = perf_counter()
        try:
            refuse_unless_permitted(self._chassis.service.policy, self.agency, command)
            order, commands = Order(aggregate, stream_id, command), self._chassis.runtime.commands
            if together:
                executed, *_ = await commands.execute_together(
                    (order, *together),
                    context,
                    expected_version=self._expected_version,
                    idempotency=self.idempotency,
                )
            else:
                executed = await commands.execute(
                    order,
                    context,
                    expected_version=self._expected_version,
                    idempotency=self.idempotency,
                    blind_index=blind_index,
                )
        except SamverkanError as error:
            COMMANDS.inc(outcome=_outcome(error))
            raise
        finally:
            COMMAND_SECONDS.observe(perf_counter() - started_at)
        self._used = True
        COMMANDS.inc(outcome="repeated" if executed.repeated else "accepted")
        self._response.headers["ETag"] = f'"{executed.version}"'
        created = create and executed.version == len(executed.event_types)  # under a blind index it may be older
        self._response.status_code = 201 if created else 200
        if created:
            self._response.headers["Location"] = f"{self._request.url.path.rstrip('/')}/{executed.stream_id}"
        return Accepted(
            stream_id=executed.stream_id,
            version=executed.version,
            events=list(executed.event_types),
            repeated=executed.repeated,
        )

    def _digest(self) -> bytes:
        """SHA-256 of what the key stands for, each part with its length before it so that none can pass for two."""
        request, digest = self._request, hashlib.sha256()
        parts = (
            request.method.encode(),
            request.url.path.encode(),
            request.url.query.encode(),
            self.agency.encode(),
            request.state.body,
        )
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.digest()


@dataclass(frozen=True)
class PageParameters:
    """Where a page begins and how long it is."""

    after: Annotated[str | None, QueryParameter(max_length=200, description="Key of the last row before it.")] = None
    limit: Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX)] = 100


def _not_a_person(actor: str | None) -> str | None:
    if actor is not None and contains_person_number(actor):
        raise ValueError("looks like a personnummer")
    return actor


async def _command(
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[!-~]{1,200}$",
            description="Chosen by the caller, new for each new request and opaque (a UUID): a request that is sent "
            "again with its key is carried out once and answered the same.",
        ),
    ],
    agency: Annotated[
        str,
        Header(
            alias="Samverkan-Agency",
            pattern=f"^({'|'.join(CALLERS)})$",
            description="On whose behalf. Stands in for the token's claim.",
        ),
    ],
    actor: Annotated[
        str | None,
        AfterValidator(_not_a_person),
        Header(
            alias="Samverkan-Actor",
            min_length=1,
            max_length=64,
            pattern=r"^([0-9]{0,9}[a-z-])*[0-9]{0,9}$",  # never ten digits in a row
            description="By whom: a pseudonymous id of the agency's own. Stands in for the token's claim.",
        ),
    ] = None,
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            pattern=r'^"[1-9][0-9]{0,8}"$',
            description="The ETag that the decision rests on; 412 when the stream has moved on.",
        ),
    ] = None,
) -> CommandCall:
    return CommandCall(
        request,
        response,
        key=idempotency_key,
        agency=agency,
        actor=actor,
        expected_version=None if if_match is None else int(if_match.strip('"')),
    )


async def _query(
    request: Request,
    response: Response,
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", description="The ETag of what the caller has; 304 if it is current.")
    ] = None,
) -> QueryCall:
    return QueryCall(request, response, known=_etags(if_none_match or ""))


Command = Annotated[CommandCall, Depends(_command)]
Query = Annotated[QueryCall, Depends(_query)]
Page = Annotated[PageParameters, Depends()]


def _outcome(error: SamverkanError) -> str:
    match error:
        case Refused():
            return "refused"
        case VersionConflict() | RowChanged():
            return "conflict"
        case Transient():
            return "transient"
        case Permanent():
            return "permanent"
        case _:
            return "error"


def _etags(header: str) -> set[str]:
    """The entity tags of an If-None-Match header; a weak one compares equal there (RFC 9110 §13.1.2)."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _key(view: type[View[Any]], text: str) -> object:
    """A page's `after` as the type that the view's key has."""
    key = fields(view.row)[0].name
    try:
        return TypeAdapter(get_type_hints(view.row)[key]).validate_python(text)
    except ValidationError as error:
        details = error.errors(include_input=False, include_context=False, include_url=False)
        raise RequestValidationError([{**detail, "loc": ("query", "after")} for detail in details]) from None
