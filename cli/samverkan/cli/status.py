"""`samverkan status`: what runs and whether it is ready."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from samverkan.cli.up.health import is_ready
from samverkan.cli.up.run import NothingRuns, Run, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, OK


@dataclass(frozen=True)
class ServiceStatus:
    name: str
    state: str  # ready | not ready | ended
    pid: int
    url: str


def status(*, as_json: bool) -> int:
    """Print one line a service; 0 only if all are ready."""
    try:
        run = load()
    except NothingRuns as nothing:
        complain(str(nothing))
        return DIFFERENT
    found = look(run)
    if as_json:
        say(json.dumps([asdict(one) for one in found], indent=2))
    else:
        _print(found)
    return OK if all(one.state == "ready" for one in found) else DIFFERENT


def look(run: Run) -> list[ServiceStatus]:
    """The state of each service, asked at once."""
    with ThreadPoolExecutor(len(run.services)) as pool:
        ready = pool.map(lambda service: is_ready(service.url), run.services.values())
        return [
            ServiceStatus(
                service.name,
                "ready" if answer else "not ready" if service.process.find() else "ended",
                service.process.pid,
                service.url,
            )
            for service, answer in zip(run.services.values(), ready, strict=True)
        ]


def _print(found: list[ServiceStatus]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for title in ("service", "state", "pid", "address"):
        table.add_column(title)
    for one in found:
        style = {"ready": "green", "not ready": "yellow"}.get(one.state, "red")
        table.add_row(one.name, f"[{style}]{one.state}[/]", str(one.pid), one.url)
    Console().print(table)
