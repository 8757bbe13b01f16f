"""Settings of a service: one frozen class, read from the environment once, by the composition root.

Every name is `SAMVERKAN_` and the field's name in capitals. A value that is missing, out of range or misspelt stops
the start with one sentence; there is no silent stand-in.
"""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from samverkan.backbone.errors import SamverkanError

PREFIX: Final = "SAMVERKAN_"

_BOOTSTRAP: Final = r"^[A-Za-z0-9._-]+:[0-9]{1,5}(,[A-Za-z0-9._-]+:[0-9]{1,5})*$"


class SettingsInvalid(SamverkanError):
    """A setting is missing, wrong or unknown. The text is one sentence for an operator and shows no secret."""

    def __init__(self, sentence: str) -> None:
        super().__init__("settings-invalid", sentence)


def _database_url(url: SecretStr) -> SecretStr:
    if not re.match(r"postgres(ql)?://", url.get_secret_value()):
        raise ValueError("must begin with postgresql://")
    return url


class Settings(BaseSettings):
    """What every service needs; a service with more settings inherits. Units stand in the names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    database_url: Annotated[SecretStr, AfterValidator(_database_url)]
    """The service's own PostgreSQL database, `postgresql://…`. Required. Shared with another service, the two would
    number each other's events. Secret: it holds a password."""

    kafka_bootstrap: str = Field(pattern=_BOOTSTRAP)
    """Brokers, `host:port[,host:port]`. Required. One is enough to begin with, several survive the loss of one."""

    http_host: str = "127.0.0.1"
    """Address to listen on. Beyond this machine only behind TLS: the caller's headers are believed as they come."""

    http_port: int = Field(ge=0, le=65535)
    """Port to listen on; 0 takes a free one. Required."""

    http_max_body_bytes: int = Field(default=262_144, ge=1_024, le=1_000_000)
    """Largest request body. Above Kafka's record size (1 MB by default) a body could lead to an event that the relay
    can never send."""

    log_format: Literal["json", "console"] = "json"
    """`json` in production, `console` on a terminal."""

    clock_file: Path | None = None
    """A file with the seconds by which this process is ahead of the machine's clock: for stories and rehearsals, where
    a year passes in seconds. Never in production: recordedtime is what auditors go by, and it would be invented."""

    poll_interval_seconds: float = Field(default=0.05, ge=0.005, le=5.0)
    """How often the relay looks for committed rows (R3): the floor of commit-to-visible. Much lower burns a core."""

    lease_seconds: float = Field(default=15.0, ge=3.0, le=300.0)
    """How long an active relay that fell silent keeps its role (R2): the longest pause after a crash. Renewed every
    quarter of it; shorter, and one slow failover of the database changes holder twice."""

    consumer_instance: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,100}$")
    """A name for this process among the replicas of its service (Kafka's static membership): restarted under the same
    name it takes its partitions back at once; without one Kafka waits ten seconds for the dead. Two replicas under
    one name put each other out."""

    batch_timeout_ms: int = Field(default=10, ge=1, le=1_000)
    """How long a subscription waits for more records before it applies what it has. Longer: fewer, larger
    transactions, later visible."""

    max_batch_records: int = Field(default=2_000, ge=1, le=20_000)
    """Most records in one apply transaction (S0). Commands wait for its lock, so a large one makes them slow."""

    hole_alarm_seconds: float = Field(default=60.0, ge=1.0, le=86_400.0)
    """How long a version may be missing before a human is called (S3)."""

    waiting_alarm_seconds: float = Field(default=300.0, ge=1.0, le=86_400.0)
    """How long an event may wait for its `requires` before a human is called (S5)."""

    transient_backoff_first_seconds: float = Field(default=0.1, ge=0.01, le=10.0)
    """Pause after the first transient failure; doubled each time."""

    transient_backoff_cap_seconds: float = Field(default=10.0, ge=0.1, le=300.0)
    """Longest pause between two tries of a transient failure: how late the service notices that the other is back."""

    parked_backoff_first_seconds: float = Field(default=5.0, ge=0.1, le=3_600.0)
    """Pause before a parked stream is tried again for the first time (S6); doubled each time."""

    parked_backoff_cap_seconds: float = Field(default=3_600.0, ge=1.0, le=86_400.0)
    """Longest pause between two tries of a parked stream: how late an upgraded reader clears it by itself."""

    parked_backoff_jitter: float = Field(default=0.2, ge=0.0, le=0.5)
    """Share by which each pause varies at random. At 0 all streams of one bad release retry in the same moment."""

    halt_parked_streams: int = Field(default=20, ge=1, le=100_000)
    """Streams that may park within a minute before the subscription stops itself (S4); the larger of this and the
    share below counts. Too high, and a bad release parks everything before anybody looks."""

    halt_parked_share: float = Field(default=0.01, ge=0.0, le=1.0)
    """The same as a share of the active streams."""

    progress_limit_seconds: float = Field(default=30.0, ge=1.0, le=600.0)
    """How long a loop may take for one round before `/health/live` says that it is stuck. Below a slow batch or the
    broker's session timeout, healthy processes are restarted."""

    drain_seconds: float = Field(default=10.0, ge=0.0, le=120.0)
    """How long a stopping process may finish what it has begun; what is left is rolled back and done again later."""

    def model_post_init(self, _context: Any) -> None:
        """Refuse pairs that contradict each other."""
        _ordered(self, "poll_interval_seconds", "lease_seconds")
        _ordered(self, "transient_backoff_first_seconds", "transient_backoff_cap_seconds")
        _ordered(self, "parked_backoff_first_seconds", "parked_backoff_cap_seconds")

    @classmethod
    def read(cls) -> Self:
        """Read the environment. SettingsInvalid: print its text and stop."""
        _refuse_misspelt(cls)
        try:
            return cls()
        except ValidationError as error:
            sentences = (_sentence(detail) for detail in error.errors(include_input=False))
            raise SettingsInvalid("; ".join(sentences)) from None


def variable(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


def _ordered(settings: Settings, lower: str, upper: str) -> None:
    if getattr(settings, lower) > getattr(settings, upper):
        raise SettingsInvalid(f"{variable(lower)} must not be above {variable(upper)}")


def _sentence(detail: Mapping[str, Any]) -> str:
    name = variable(str(detail["loc"][0]))
    if detail["type"] == "missing":
        return f"{name} is not set"
    reason = str(detail["msg"]).removeprefix("Value error, ")
    return f"{name} is not valid: {reason[0].lower()}{reason[1:]}"


def _refuse_misspelt(settings: type[Settings]) -> None:
    """A variable that nearly has a setting's name: its value would be ignored and the default taken in silence.

    Names that are like none belong to somebody else (the launcher, a test) and are left alone.
    """
    known = {variable(field) for field in settings.model_fields}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            for meant in get_close_matches(name, known, n=1, cutoff=0.9):
                raise SettingsInvalid(f"{name} is not a setting; {meant} is")
