"""`python -m samverkan.backbone.testing.machines`: writes docs/states/, a page for each aggregate of each service.

A service's `machines.py` holds `MACHINES`. What is here finds them, and says what is missing.
"""

import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from samverkan.backbone.testing.machine import Machine, faults, page

ROOT: Final = Path(__file__).parents[4]
PAGES: Final = ROOT / "docs" / "states"


def services() -> list[Path]:
    """The folder of each service's package, in alphabetical order."""
    return sorted(one for one in ROOT.glob("services/*/samverkan/*") if (one / "app.py").is_file())


def aggregates(service: Path) -> set[str]:
    """The names of the aggregates that a service's source makes: `Aggregate("case", …)`."""
    found = set()
    for file in service.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Aggregate":
                assert isinstance(node.args[0], ast.Constant), f"{file}: an aggregate's name is a literal"
                found.add(str(node.args[0].value))
    return found


def machines(service: Path) -> Sequence[Machine]:
    """What the service's `machines.py` lists; nothing when there is none."""
    if not (service / "machines.py").is_file():
        return ()
    listed: Sequence[Machine] = importlib.import_module(f"samverkan.{service.name}.machines").MACHINES
    return listed


def wrong(service: Path) -> list[str]:
    """What is missing or not true any more, a sentence each."""
    listed = machines(service)
    names = {machine.aggregate.name for machine in listed}
    found = [f"{service.name}: machines.py does not list {name}" for name in sorted(aggregates(service) - names)]
    for machine in listed:
        found += faults(machine)
        file = PAGES / f"{machine.aggregate.name}.md"
        if not file.is_file() or file.read_text(encoding="utf-8") != page(machine):
            found.append(f"docs/states/{file.name} is not true any more: python -m samverkan.backbone.testing.machines")
    return found


def write() -> int:
    """Write every page and drop those of aggregates that are gone. Return how many are not complete."""
    PAGES.mkdir(parents=True, exist_ok=True)
    listed = [machine for service in services() for machine in machines(service)]
    pages = {f"{machine.aggregate.name}.md": page(machine) for machine in listed}
    for file in PAGES.glob("*.md"):
        if file.name not in {*pages, "README.md"}:
            file.unlink()
    for name, text in pages.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    missing = [sentence for service in services() for sentence in wrong(service)]
    sys.stderr.writelines(f"{sentence}\n" for sentence in missing)
    return len(missing)


if __name__ == "__main__":
    sys.exit(1 if write() else 0)
