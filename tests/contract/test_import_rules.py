"""Each import rule is fed a bad case: a rule that nothing can break guards nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from samverkan.deploy.home import checkout

PLANTED = {
    "services/placement/samverkan/placement/organisation_number.py": "import samverkan.funding",  # knows another
    "backbone/samverkan/backbone/clock.py": "import samverkan.intake",  # upwards
    "schemas/samverkan/schemas/event.py": "import fastapi",
    "services/funding/samverkan/funding/views.py": "import asyncpg",
    "deploy/samverkan/deploy/topics.py": "import samverkan.backbone.errors",
}


def test_each_planted_import_is_found(tmp_path: Path) -> None:
    for name in ("schemas", "backbone", "services", "cli", "deploy", "pyproject.toml"):
        source = checkout() / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    for name, statement in PLANTED.items():
        file = tmp_path / name
        file.write_text(f"{file.read_text()}\n{statement}\n")
    members = [str(member.parent) for member in tmp_path.rglob("pyproject.toml") if member.parent != tmp_path]
    done = subprocess.run(
        [Path(sys.prefix) / "bin" / "lint-imports", "--no-logo", "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(members)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "0 kept, 4 broken" in done.stdout, done.stdout
    for line in (
        "samverkan.placement is not allowed to import samverkan.funding",
        "samverkan.backbone is not allowed to import samverkan.intake",
        "samverkan.schemas.event -> fastapi",
        "samverkan.funding.views -> asyncpg",
        "samverkan.deploy.topics -> samverkan.backbone.errors",
    ):
        assert line in done.stdout, done.stdout
