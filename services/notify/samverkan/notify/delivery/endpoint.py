"""An agency's webhook: used, or left alone until the agency enables it again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final, Literal, assert_never
from uuid import UUID, uuid5

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view import View
from samverkan.backbone.view import replace as with_columns
from samverkan.schemas.catalogue import NOTIFICATION as TOPIC
from samverkan.schemas.event import Event as AnyEvent
from samverkan.schemas.notification import NotificationReactionRefused, WebhookDisabled, WebhookEnabled

_NAMESPACE: Final = UUID("0b8e7c1e-6f6a-5c55-9a2b-5d3e3c1f7a10")  # of endpoints' streams; never changes

Event = WebhookDisabled | WebhookEnabled | NotificationReactionRefused


@dataclass(frozen=True)
class DisableWebhook:
    """Leave it alone; `code` says why, see `WebhookDisabled`."""

    recipient: str
    code: str


@dataclass(frozen=True)
class EnableWebhook:
    """It takes messages again, says the agency."""

    recipient: str


Command = DisableWebhook | EnableWebhook


@dataclass(frozen=True)
class Endpoint:
    """Used until it is disabled."""

    disabled: bool = False

    @property
    def state(self) -> Literal["enabled", "disabled"]:
        """Whether messages are sent there."""
        return "disabled" if self.disabled else "enabled"


def endpoint_id(recipient: str) -> UUID:
    """The stream of an agency's webhook."""
    return uuid5(_NAMESPACE, recipient)


def decide(command: Command, endpoint: Endpoint) -> Sequence[Event]:
    """Return what the command leads to; nothing when it was already carried out."""
    match command:
        case DisableWebhook(recipient, code):
            return [] if endpoint.disabled else [WebhookDisabled(recipient=recipient, code=code)]
        case EnableWebhook(recipient):
            return [WebhookEnabled(recipient=recipient)] if endpoint.disabled else []
        case _:
            assert_never(command)


def evolve(endpoint: Endpoint, event: Event) -> Endpoint:
    """Fold one recorded event into the state; what has happened is never refused."""
    match event:
        case WebhookDisabled():
            return replace(endpoint, disabled=True)
        case WebhookEnabled():
            return replace(endpoint, disabled=False)
        case NotificationReactionRefused():
            return endpoint
        case _:
            assert_never(event)


def refusal(command: object, refused: Refused) -> NotificationReactionRefused:
    """The outcome of a reaction that the rules refused."""
    return NotificationReactionRefused(command=type(command).__name__, code=refused.code)


ENDPOINT: Final = Aggregate("webhook", TOPIC.name, Endpoint(), decide, evolve, refusal)


@dataclass(frozen=True)
class EndpointRow:
    """A webhook that was ever disabled: `state` since when, and why."""

    endpoint_id: UUID
    version: int = 0
    recipient: str | None = None
    state: str | None = None
    code: str | None = None
    since: datetime | None = None


class Endpoints(View[EndpointRow]):
    """One row per webhook that was ever disabled."""

    table: ClassVar = "webhook_endpoint"
    row: ClassVar = EndpointRow
    events: ClassVar[tuple[type[AnyEvent], ...]] = (WebhookDisabled, WebhookEnabled)

    def keys(self, recorded: Recorded) -> tuple[UUID, ...]:
        return (recorded.stream_id,)

    def fold(self, row: EndpointRow, recorded: Recorded) -> EndpointRow:
        row = with_columns(row, version=recorded.envelope.version, since=recorded.envelope.recorded_at)
        match recorded.event:
            case WebhookDisabled(recipient=recipient, code=code):
                return with_columns(row, recipient=recipient, state="disabled", code=code)
            case WebhookEnabled(recipient=recipient):
                return with_columns(row, recipient=recipient, state="enabled", code=None)
            case _:
                return row
