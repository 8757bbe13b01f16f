"""`python fake_up.py FOLDER stays|once=CODE [FAILING]`: `up` with two services that do nothing."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from samverkan.cli.up.plan import Plan, ServiceProcess
from samverkan.cli.up.run import Run
from samverkan.cli.up.up import Task, up


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: int


def main() -> int:
    # The forking process, which is started with -P, must find fake_service.
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    folder, how, *failing = sys.argv[1:]
    services = tuple(
        ServiceProcess(name, "fake_service", env={"FAKE_FAILS": "yes"} if name in failing else {})
        for name in ("placement", "agency.af")
    )
    plan = Plan(services, (Topic("test.up", 1),))
    once = how.startswith("once=")
    return up(plan, Path(folder), _task(int(how.removeprefix("once="))) if once else None, once=once)


def _task(code: int) -> Task:
    def task(run: Run) -> int:
        print("task sees", sorted(run.services))
        return code

    return task


if __name__ == "__main__":
    sys.exit(main())
