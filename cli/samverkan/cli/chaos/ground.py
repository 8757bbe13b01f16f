"""What a system under chaos stands on: a Kafka cluster and several PostgreSQL servers, every way to them a link."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from samverkan.cli.chaos.disk import SmallDisk
from samverkan.cli.chaos.link import to_port, to_socket
from samverkan.cli.chaos.links import Links
from samverkan.cli.chaos.listeners import Listeners, kafka_settings
from samverkan.cli.chaos.size import Size
from samverkan.cli.up.ground import ending
from samverkan.cli.up.plan import ServiceProcess
from samverkan.cli.up.ports import SteadyPorts
from samverkan.deploy.embedded.kafka import EmbeddedKafka, Voter, new_cluster_id
from samverkan.deploy.embedded.ports import HOST
from samverkan.deploy.embedded.postgres import SUPERUSER, EmbeddedPostgres
from samverkan.deploy.errors import DeployError

_PAUSE_SECONDS = 0.5  # between two starts of a server that does not stay up: its disk may be full

_POSTGRES = {
    "shared_buffers": "32MB",  # nine servers on one machine, none with more than some megabytes in use
    "max_connections": "80",  # two processes with pools of ten, and what a killed client leaves behind for a while
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",  # or a small disk would be full by itself
}


@dataclass
class Kept:
    """A server that is started again when it ends, unless `wanted` is false."""

    server: EmbeddedKafka | EmbeddedPostgres
    wanted: bool = True
    again_at: float = 0.0


class ClusterGround:
    """`Ground` of a system under chaos. Servers are named kafka.1, … and postgres.<name of the server>."""

    def __init__(self, folder: Path, size: Size, full_disk: str | None) -> None:
        """`full_disk`: the database server that gets a disk of its own that can be full, where the machine allows."""
        self.copies = min(3, size.brokers)
        self._size = size
        self._folder = folder
        self.ports = SteadyPorts()
        self.links = Links(self.ports)
        self.brokers: dict[str, EmbeddedKafka] = {}
        self.servers = {
            f"postgres.{name}": EmbeddedPostgres(folder / name, flush=False, settings=_POSTGRES)
            for name in dict.fromkeys(size.servers.values())
        }
        self._direct = [self.ports.take() for _ in range(size.brokers)]
        self.small_disk = None if full_disk is None else SmallDisk(folder / full_disk.removeprefix("postgres."))
        if self.small_disk is not None and not self.small_disk.mount():
            self.small_disk = None
        self.kept: dict[str, Kept] = {name: Kept(server) for name, server in self.servers.items()}

    @property
    def bootstrap(self) -> str:
        """Past every link: what looks on must not be disturbed."""
        return ",".join(f"{HOST}:{port}" for port in self._direct)

    def server_of(self, service: str) -> str:
        """The name of the database server that holds this service's store."""
        return f"postgres.{self._size.servers[service]}"

    def launch_databases(self) -> None:
        """Returns as soon as the servers' processes exist."""
        for server in self.servers.values():
            server.launch()

    def launch_brokers(self) -> None:
        """Returns as soon as the brokers' processes exist."""
        voters = [Voter(number, self.ports.take()) for number in range(1, self._size.brokers + 1)]
        cluster_id = new_cluster_id()
        for voter, direct in zip(voters, self._direct, strict=True):
            name = f"kafka.{voter.node_id}"
            listeners = self._listeners(name)
            self.brokers[name] = EmbeddedKafka(
                self._folder / name,
                port=direct,
                node_id=voter.node_id,
                voters=voters,
                cluster_id=cluster_id,
                settings=kafka_settings(direct, voter.controller_port, listeners),
                jvm_options=["-Xmx320m"],
            )
            self.brokers[name].launch()
            self.kept[name] = Kept(self.brokers[name])

    def wait_databases(self) -> None:
        """Return when they accept connections. StartFailed, NoRoom."""
        for name, server in self.servers.items():
            server.wait_ready()
            for service in [service for service in self._size.servers if self.server_of(service) == name]:
                self.links.lay(f"{service}>postgres", to_socket(f"{server.socket_folder}/.s.PGSQL.5432"))

    def wait_brokers(self) -> None:
        """Return when they accept clients. StartFailed."""
        for broker in self.brokers.values():
            broker.wait_ready()

    def processes(self) -> Mapping[str, int]:
        """The processes that run, by name."""
        return {name: kept.server.pid for name, kept in self.kept.items()}

    def create_database(self, service: ServiceProcess) -> str:
        """Create the service's database unless it is there; its dsn, past every link. Any thread."""
        return self.servers[self.server_of(service.name)].create_database(service.database)

    def settings(self, service: ServiceProcess, dsn: str) -> Mapping[str, str]:  # noqa: ARG002 - services take the link
        """How the service reaches its database and Kafka: through links of its own."""
        port = self.links.port(f"{service.name}>postgres")
        brokers = [self.links.port(f"{service.name}>{broker}") for broker in self.brokers]
        return {
            "SAMVERKAN_DATABASE_URL": f"postgresql://{SUPERUSER}@{HOST}:{port}/{service.database}?sslmode=disable",
            "SAMVERKAN_KAFKA_BOOTSTRAP": ",".join(f"{HOST}:{port}" for port in brokers),
        }

    def watch(self) -> Iterator[str]:
        """Start again what ended; what does not stay up is tried again after a while, for ever."""
        now = time.monotonic()
        for name, kept in self.kept.items():
            if not kept.wanted or now < kept.again_at or (code := kept.server.ended()) is None:
                continue
            kept.again_at = now + _PAUSE_SECONDS
            try:
                kept.server.launch()
            except DeployError as error:
                yield f"{name} cannot be started yet: {error}"
            else:
                yield f"{name} ended ({ending(code)}), restarted"

    def stop(self) -> None:
        """End all: nothing is kept, so in no order."""
        for kept in self.kept.values():
            try:
                kept.server.kill()
            except RuntimeError:
                pass  # it was never started
        if self.small_disk is not None:
            self.small_disk.unmount()
        self.links.stop()

    def _listeners(self, broker: str) -> Listeners:
        """A listener for each client, because a broker advertises one address a listener, and a link is one pair's."""
        listeners: Listeners = {}
        for client in ("peers", *self._size.servers):
            port = self.ports.take()
            listeners[client] = (port, self.links.lay(f"{client}>{broker}", to_port(port)))
        return listeners
