"""A sample service and an in-memory runtime: the chassis' own tests need neither database nor broker."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar, cast
from uuid import UUID

import httpx
import pytest
import structlog
from fastapi import APIRouter, FastAPI
from pydantic import StrictInt

from samverkan.backbone.command import BlindIndex, Context, Executed, IdempotencyKey
from samverkan.backbone.database import Connection
from samverkan.backbone.decider import Aggregate, Order
from samverkan.backbone.errors import Refused, VersionConflict
from samverkan.backbone.http.body import Body, Day
from samverkan.backbone.http.build import build_http
from samverkan.backbone.http.call import Accepted, Command, Page, Query
from samverkan.backbone.http.fields import Line
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.runtime import Among, Between, Commands, Queries
from samverkan.backbone.service import Service
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.view import View
from samverkan.schemas.catalogue import Role

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # 2 March in Sweden
PLACEMENT = UUID("11111111-1111-4111-8111-111111111111")
HEADERS = {"Idempotency-Key": "k-1", "Samverkan-Agency": "af"}
AGGREGATE: Aggregate[Any] = Aggregate(
    "sample", "samverkan.sample", None, lambda _command, _state: (), lambda state, _event: state, cast("Any", None)
)


@dataclass(frozen=True)
class Sample:
    id: UUID
    version: int = 0
    name: str = ""


class Samples(View[Sample]):
    table: ClassVar = "sample"
    row: ClassVar = Sample

    def keys(self, recorded: Recorded) -> Sequence[UUID]:
        raise NotImplementedError

    def fold(self, row: Sample, recorded: Recorded) -> Sample:
        raise NotImplementedError


@dataclass(frozen=True)
class Start:
    starts_on: date
    today: date


@dataclass(frozen=True)
class Create:
    name: str


@dataclass
class Call:
    """What the runtime was asked."""

    order: Order
    context: Context
    expected_version: int | None
    idempotency: IdempotencyKey | None
    blind_index: BlindIndex | None


@dataclass
class FakeRuntime:
    """Commands and queries in memory. `raises` is what the next command ends in."""

    rows: dict[UUID, Sample] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    replies: dict[str, tuple[bytes, Executed]] = field(default_factory=dict)
    raises: Exception | None = None
    selected: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.commands: Commands = self
        self.queries: Queries = self

    def now(self) -> datetime:
        return NOW

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """There is no database."""
        raise NotImplementedError

    def behind(self) -> int | None:
        return 0

    async def confirm(self) -> None:
        """Nothing is ever put back here."""

    async def execute(
        self,
        order: Order,
        context: Context,
        *,
        expected_version: int | None = None,
        idempotency: IdempotencyKey | None = None,
        blind_index: BlindIndex | None = None,
    ) -> Executed:
        self.calls.append(Call(order, context, expected_version, idempotency, blind_index))
        if self.raises is not None:
            raise self.raises
        assert idempotency is not None
        if idempotency.key in self.replies:
            digest, executed = self.replies[idempotency.key]
            if digest != idempotency.request_digest:
                raise Refused("idempotency-key-reused")
            return Executed(executed.stream_id, executed.version, executed.event_types, repeated=True)
        row = self.rows.get(order.stream_id)
        if row is None and not isinstance(order.command, Create):
            raise Refused("not-found")
        version = 0 if row is None else row.version
        if expected_version is not None and expected_version != version:
            raise VersionConflict(order.stream_id, expected_version, version)
        if isinstance(order.command, Start) and order.command.starts_on < order.command.today:
            raise Refused("starts-before-decision", decided_on=str(order.command.today))
        self.rows[order.stream_id] = Sample(order.stream_id, version + 1)
        executed = Executed(order.stream_id, version + 1, (f"{type(order.command).__name__}d",))
        self.replies[idempotency.key] = (idempotency.request_digest, executed)
        return executed

    async def execute_together(self, orders: Sequence[Order], context: Context, **_: object) -> Sequence[Executed]:
        raise NotImplementedError

    async def get(self, view: type[View[Any]], key: object) -> Any:
        assert view is Samples
        return self.rows.get(cast("UUID", key))

    async def select(
        self,
        view: type[View[Any]],
        *,
        after: object | None = None,
        limit: int = 100,
        between: Between | None = None,
        among: Among | None = None,
        **equal: Any,
    ) -> Sequence[Any]:
        assert view is Samples
        self.selected = {"after": after, "limit": limit, **equal, **(between or {}), **(among or {})}
        return sorted(self.rows.values(), key=lambda row: row.id)[:limit]

    async def count(self, view: type[View[Any]], **equal: Any) -> int:
        raise NotImplementedError

    async def timeline(self, correlation_id: UUID) -> Sequence[tuple[Recorded, datetime]]:
        raise NotImplementedError


class StartBody(Body):
    starts_on: Day


class CreateBody(Body):
    name: Line
    scores: dict[str, StrictInt] = {}


def sample_router() -> APIRouter:
    router = APIRouter(tags=["samples"])

    @router.post("/samples", status_code=201)
    async def create(body: CreateBody, call: Command) -> Accepted:
        return await call.execute(AGGREGATE, call.new_id(), Create(body.name), create=True)

    @router.post("/samples/{sample_id}/start")
    async def start(sample_id: UUID, body: StartBody, call: Command) -> Accepted:
        return await call.execute(AGGREGATE, sample_id, Start(body.starts_on, call.today))

    @router.post("/samples/{sample_id}/touch")
    async def touch(sample_id: UUID, call: Command) -> Accepted:
        return await call.execute(AGGREGATE, sample_id, "touch")

    @router.post("/samples/{sample_id}/twice")
    async def twice(sample_id: UUID, call: Command) -> Accepted:
        await call.execute(AGGREGATE, sample_id, "once")
        return await call.execute(AGGREGATE, sample_id, "twice")

    @router.get("/samples")
    async def samples(call: Query, page: Page, name: str | None = None) -> list[Sample]:
        return list(await call.many(Samples, page, **({} if name is None else {"name": name})))

    @router.get("/samples/{sample_id}")
    async def sample(sample_id: UUID, call: Query) -> Sample:
        """One sample; `sample_id` of zeros is not for everybody."""
        if sample_id.int == 0:
            raise Refused("forbidden-here")
        return await call.one(Samples, sample_id)

    return router


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """structlog, not configured, draws a traceback with all its locals: ten seconds for one error of a test."""
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()], logger_factory=structlog.ReturnLoggerFactory()
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """The texts of the sample service."""
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "sv.toml").write_text(
        '[starts-before-decision]\ntitle = "För tidigt"\ndetail = "Beslutet är från {decided_on}."\n'
        '[forbidden-here]\nstatus = 403\ntitle = "Får inte"\ndetail = "Får inte."\n',
        encoding="utf-8",
    )
    (folder / "en.toml").write_text(
        '[starts-before-decision]\ntitle = "Too early"\ndetail = "The decision is of {decided_on}."\n'
        '[forbidden-here]\nstatus = 403\ntitle = "May not"\ndetail = "May not."\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def service(texts: Path) -> Service:
    everybody_but_the_association = frozenset(Role) - {Role.COORDINATION_ASSOCIATION}
    policy = dict.fromkeys((Create, Start, str), everybody_but_the_association)
    return Service("sample", (), policy=policy, routers=(sample_router(),), texts=texts)


@pytest.fixture
def runtime() -> FakeRuntime:
    return FakeRuntime(rows={PLACEMENT: Sample(PLACEMENT, 3, "x")})


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def app(service: Service, runtime: FakeRuntime, health: Health) -> FastAPI:
    return build_http(service, runtime, health, max_body_bytes=1_000)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client
