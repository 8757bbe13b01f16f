"""What the services stand on: brokers and database servers, started before them and restarted when they end."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from samverkan.cli.up.plan import ServiceProcess
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.deploy.errors import StartFailed


class Ground(Protocol):
    """Brokers and database servers of one system. Main thread only, but for `create_database`."""

    copies: int
    """Of each topic."""

    @property
    def bootstrap(self) -> str:
        """How the supervisor itself reaches Kafka, once the brokers are launched."""
        ...

    def launch_databases(self) -> None:
        """Returns as soon as the servers' processes exist."""
        ...

    def launch_brokers(self) -> None:
        """Returns as soon as the brokers' processes exist."""
        ...

    def wait_databases(self) -> None:
        """Return when they accept connections. StartFailed, NoRoom."""
        ...

    def wait_brokers(self) -> None:
        """Return when they accept clients. StartFailed."""
        ...

    def processes(self) -> Mapping[str, int]:
        """The processes that run, by name."""
        ...

    def create_database(self, service: ServiceProcess) -> str:
        """Create the service's database unless it is there; its dsn. Any thread."""
        ...

    def settings(self, service: ServiceProcess, dsn: str) -> Mapping[str, str]:
        """How the service reaches its database and Kafka: environment variables."""
        ...

    def watch(self) -> Iterator[str]:
        """Restart what ended, a sentence for each. StartFailed: it cannot be started again."""
        ...

    def stop(self) -> None:
        """End Kafka, then PostgreSQL, in order."""
        ...


class LocalGround:
    """One broker and one database server on this machine. `flush`: see EmbeddedPostgres."""

    copies = 1

    def __init__(self, data: Path, *, flush: bool = True) -> None:
        self._postgres = EmbeddedPostgres(data / "postgres", flush=flush)
        self._kafka = EmbeddedKafka(data / "kafka")
        self._bootstrap: str | None = None

    @property
    def bootstrap(self) -> str:
        """The same over restarts: the services were told it."""
        return self._bootstrap or self._kafka.bootstrap

    def launch_databases(self) -> None:
        self._postgres.launch()

    def launch_brokers(self) -> None:
        self._kafka.launch()

    def wait_databases(self) -> None:
        self._postgres.wait_ready()

    def wait_brokers(self) -> None:
        self._kafka.wait_ready()
        self._bootstrap = self._kafka.bootstrap

    def processes(self) -> Mapping[str, int]:
        return {"postgres": self._postgres.pid, "kafka": self._kafka.pid}

    def create_database(self, service: ServiceProcess) -> str:
        return self._postgres.create_database(service.database)

    def settings(self, service: ServiceProcess, dsn: str) -> Mapping[str, str]:  # noqa: ARG002 - alike for all here
        return {"SAMVERKAN_DATABASE_URL": dsn, "SAMVERKAN_KAFKA_BOOTSTRAP": self.bootstrap}

    def watch(self) -> Iterator[str]:
        if (code := self._postgres.ended()) is not None:
            self._postgres.launch()
            self._postgres.wait_ready()
            yield f"PostgreSQL ended ({ending(code)}), restarted"
        if (code := self._kafka.ended()) is not None:
            self._kafka.launch()
            if self._kafka.bootstrap != self._bootstrap:
                raise StartFailed(f"Kafka's port {self._bootstrap} was taken by another program meanwhile.")
            yield f"Kafka ended ({ending(code)}), restarted"

    def stop(self) -> None:
        self._kafka.stop()
        self._postgres.stop()


def ending(code: int) -> str:
    """How a process ended, for a sentence."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"
