"""The processes of a system under chaos: those of `up`, entered through `member`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from samverkan.backbone.settings import variable
from samverkan.cli.chaos.member import PLANT
from samverkan.cli.chaos.size import Size
from samverkan.cli.up.plan import Plan, ServiceProcess, whole_system

# Shorter waits, so that what heals is seen to have healed within seconds. None changes what is right.
_WAITS: Final[Mapping[str, str]] = {
    "SAMVERKAN_PARKED_BACKOFF_FIRST_SECONDS": "1",
    "SAMVERKAN_PARKED_BACKOFF_CAP_SECONDS": "4",
    "SAMVERKAN_TRANSIENT_BACKOFF_CAP_SECONDS": "2",
}
_NOTIFY: Final[Mapping[str, str]] = {
    "SAMVERKAN_DELIVERY_BACKOFF_FIRST_SECONDS": "0.5",
    "SAMVERKAN_DELIVERY_BACKOFF_CAP_SECONDS": "4",
}


def chaos_plan(size: Size, key_file: Path, clocks: Path, plant: str | None) -> Plan:
    """The plan of this size. `clocks`: the folder with what each process's clock is off by."""
    whole = whole_system(key_file)
    services = [service for service in whole.services if service.name in size.servers]
    return Plan(tuple(_member(service, clocks, plant) for service in services), whole.topics)


def clock_file(clocks: Path, service: str) -> Path:
    """Seconds to be added to the service's clock."""
    return clocks / service


def _member(service: ServiceProcess, clocks: Path, plant: str | None) -> ServiceProcess:
    env = {
        **service.env,
        **_WAITS,
        **(_NOTIFY if service.name == "notify" else {}),
        variable("clock_file"): str(clock_file(clocks, service.name)),
        **({PLANT: plant} if plant else {}),
    }
    return replace(service, module="samverkan.cli.chaos.member", env=env)
