"""What runs: the services and agencies, where their code is, which environment each gets."""

import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from samverkan.backbone.settings import variable
from samverkan.deploy.migrate import folders_of
from samverkan.deploy.topics import Declared
from samverkan.schemas.catalogue import AGENCIES, TOPICS

FIRST_PORT = 18101  # the same addresses from start to start, as long as nobody else has them


@dataclass(frozen=True)
class ServiceProcess:
    """A service or agency as a process. `name` is its receiver name in the catalogue: placement, agency.af."""

    name: str
    module: str
    migrations: tuple[Path, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return self.name.replace(".", "_")


@dataclass(frozen=True)
class Plan:
    services: tuple[ServiceProcess, ...]
    topics: tuple[Declared, ...]


def whole_system(key_file: Path, clock_file: Path | None = None, also: Collection[str] = ()) -> Plan:
    """The four services and every agency of the catalogue. `clock_file`: what sets the time of all of them."""
    services = [
        _service("intake", {"SAMVERKAN_BLIND_INDEX_KEY_FILE": str(key_file)}),
        _service("placement"),
        _service("funding"),
        _service("notify"),
    ]
    agencies = [
        ServiceProcess(
            f"agency.{agency.code}",
            "samverkan.agency.app",
            tuple(folders_of("agency")),
            {"SAMVERKAN_AGENCY_CODE": agency.code},
        )
        for agency in AGENCIES
        if agency.by_default or agency.code in also
    ]
    clock = {} if clock_file is None else {variable("clock_file"): str(clock_file)}
    return Plan(tuple(replace(one, env={**one.env, **clock}) for one in (*services, *agencies)), TOPICS)


def _service(name: str, env: Mapping[str, str] | None = None) -> ServiceProcess:
    return ServiceProcess(name, f"samverkan.{name}.app", tuple(folders_of(name)), env or {})


def ensure_key(file: Path) -> None:
    """32 random bytes that only we may read, made once: a person is found again only by the same key."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = file.with_name(file.name + ".new")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(secrets.token_bytes(32))
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
