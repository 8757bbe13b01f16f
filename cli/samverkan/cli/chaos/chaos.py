"""`samverkan chaos`: a system of its own, load and faults, the checker, the report, and nothing left behind."""

import asyncio
import json
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final
from uuid import UUID, uuid5

from samverkan.cli.chaos.arena import Arena
from samverkan.cli.chaos.check import check
from samverkan.cli.chaos.ground import ClusterGround
from samverkan.cli.chaos.history import History
from samverkan.cli.chaos.kinds import Kind, targets
from samverkan.cli.chaos.leftovers import KEPT, clear_leftovers
from samverkan.cli.chaos.link import to_port
from samverkan.cli.chaos.load import Load
from samverkan.cli.chaos.plan import chaos_plan
from samverkan.cli.chaos.report import Report
from samverkan.cli.chaos.schedule import Strike, schedule
from samverkan.cli.chaos.size import SMALL, WHOLE, Size
from samverkan.cli.chaos.storm import Storm
from samverkan.cli.lives.referring import Referring
from samverkan.cli.up.plan import ensure_key
from samverkan.cli.up.run import Run
from samverkan.cli.up.say import say
from samverkan.cli.up.supervisor import Supervisor
from samverkan.cli.up.up import up
from samverkan.deploy.embedded.ports import HOST
from samverkan.deploy.exits import DIFFERENT, OK
from samverkan.deploy.home import home

_CASES: Final = UUID("6a8f1c0e-3f5b-4f0d-8a55-7d1c2b9e4a10")
_LIVES_A_SECOND: Final = 3.0  # more than the callers get through
_AT_ONCE: Final = 50
_PAUSE_SECONDS: Final = {WHOLE.workers: 3.0, SMALL.workers: 1.2}  # between two strikes on average, by size


@dataclass(frozen=True)
class Asked:
    """What the command line says. `plant`: the name of a deliberate bug, for tests of the checker."""

    seconds: float
    seed: int
    kinds: Sequence[Kind]
    small: bool
    json_file: Path | None
    keep: bool
    plant: str | None

    @property
    def size(self) -> Size:
        """How large a system."""
        return SMALL if self.small else WHOLE

    @property
    def again(self) -> str:
        """The command that does the same."""
        parts = [f"./samverkan chaos --minutes {self.seconds / 60:g} --seed {self.seed}"]
        parts += ["--small"] if self.small else []
        parts += [f"--faults {','.join(self.kinds)}"] if set(self.kinds) != set(Kind) else []
        parts += [f"--plant {self.plant}"] if self.plant else []
        return " ".join(parts)


def chaos(asked: Asked) -> int:
    """0 if nothing was violated, 1 if something was; other codes as those of `up` when the system does not start."""
    (home() / "chaos").mkdir(parents=True, exist_ok=True)
    clear_leftovers(home() / "chaos")
    folder = Path(tempfile.mkdtemp(prefix=f"{asked.seed}-", dir=home() / "chaos"))
    (folder / "clocks").mkdir()
    if asked.keep:
        (folder / KEPT).touch()
    ensure_key(folder / "blind-index.key")
    full_disk = _chosen_server(asked) if Kind.FULL_DISK in asked.kinds else None
    ground = ClusterGround(folder / "data", asked.size, full_disk)
    plan = chaos_plan(asked.size, folder / "blind-index.key", folder / "clocks", asked.plant)
    supervisor = Supervisor(plan, folder, ground=ground, tell=_Log(folder / "supervisor.log"), ports=ground.ports.some)
    arena = Arena(asked.size, ground, supervisor, folder)

    def task(_run: Run) -> int:
        return asyncio.run(_storm(asked, arena))

    try:
        return up(plan, folder, task, once=True, supervisor=supervisor)
    finally:
        if asked.keep:
            say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def strikes_of(asked: Asked, full_disk: str | None) -> list[Strike]:
    """What will strike: the same for the same seed, size, time and choice of kinds."""
    possible = targets(asked.size, full_disk)
    chosen = {kind: names for kind, names in possible.items() if kind in asked.kinds}
    return schedule(asked.seed, asked.seconds, chosen, asked.size, _PAUSE_SECONDS[asked.size.workers])


async def _opened(arena: Arena, asked: Asked) -> list[UUID]:
    """Cases of nobody, enough for the storm, opened in intake's own database before anything strikes."""
    cases = [uuid5(_CASES, f"{asked.seed}/{number}") for number in range(int(asked.seconds * _LIVES_A_SECOND) + 1)]
    async with Referring(arena.run.service("intake").dsn, arena.folder / "blind-index.key") as referring:
        for group in range(0, len(cases), _AT_ONCE):
            await asyncio.gather(*map(referring.refer, cases[group : group + _AT_ONCE]))
    return cases


async def _storm(asked: Asked, arena: Arena) -> int:
    ground, size = arena.ground, asked.size
    urls = {}
    for name in size.services:
        port = int(arena.run.service(name).url.rsplit(":", 1)[1])
        urls[name] = f"http://{HOST}:{ground.links.lay(f'caller>{name}', to_port(port))}"
    history = History(arena.folder / "history.jsonl")
    load = Load(urls, history, asked.seed, size.workers, size.persons)
    load.fresh += await _opened(arena, asked)
    strikes = strikes_of(asked, None if ground.small_disk is None else _chosen_server(asked))
    if ground.small_disk is None and Kind.FULL_DISK in asked.kinds:
        say("full-disk is left out: only root may mount a small disk")
    began = monotonic()

    def tell(line: str) -> None:
        say(f"{monotonic() - began:6.1f}  {line}")

    storm = Storm(arena, load, history, strikes, asked.seconds, tell)
    facts = await storm.rage()
    violations = check(facts)
    report = Report(asked.seed, asked.seconds, facts, violations, asked.again)
    for line in report.lines():
        say(line)
    if asked.json_file is not None:
        asked.json_file.write_text(json.dumps(report.as_json(), indent=2) + "\n")
    return DIFFERENT if violations else OK


def _chosen_server(asked: Asked) -> str:
    """The store whose disk can be filled: by the seed, before the system starts."""
    servers = sorted(set(asked.size.servers.values()))
    return f"postgres.{random.Random(asked.seed).choice(servers)}"


class _Log:
    """What the supervisor restarts is what the faults ask for: told in a file, not to the user."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, line: str) -> None:
        with self._file.open("a") as out:
            out.write(line + "\n")
