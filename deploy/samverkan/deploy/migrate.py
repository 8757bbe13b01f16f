"""Plain SQL migrations by dbmate: forward only, in the order of their numbers, each in a transaction of its own.

A file begins with `-- migrate:up` and ends with `-- migrate:down`, which dbmate demands and which stays empty.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from samverkan.deploy.errors import MigrationFailed
from samverkan.deploy.home import checkout

_DBMATE = Path(sys.prefix) / "bin" / "dbmate"
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


def folders_of(service: str) -> list[Path]:
    """The backbone's migrations (0001 to 0999), then the service's own (1001 and up)."""
    backbone = checkout() / "backbone" / "samverkan" / "backbone" / "migrations"
    own = checkout() / "services" / service / "samverkan" / service / "migrations"
    return [folder for folder in (backbone, own) if folder.is_dir()]


def migrate(dsn: str, *folders: Path) -> None:
    """Bring the database to the newest migration; what is applied already stays. Concurrent calls wait for each other.

    MigrationFailed: a file is not as it should be and nothing was done, or a statement was refused and what came
    before it stays applied.
    """
    files = [file for folder in folders for file in folder.glob("*.sql")]
    numbers = Counter(_number(file) for file in files)
    twice = sorted(number for number, count in numbers.items() if count > 1)
    if twice:
        raise MigrationFailed(f"Migration numbers used twice: {', '.join(twice)}.")
    for file in files:
        _check_direction(file)
    if not files:
        return
    options = ["--env-file", "", "--url", _as_url(dsn), "--no-dump-schema", "--migration-lock"]
    options += [part for folder in folders for part in ("--migrations-dir", str(folder))]
    done = subprocess.run([_DBMATE, *options, "migrate"], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode != 0:
        raise MigrationFailed(f"Migration failed: {(done.stderr or done.stdout).strip()}")


def _number(file: Path) -> str:
    found = _NAME.fullmatch(file.name)
    if found is None:
        raise MigrationFailed(f"{file} is no migration's name: four digits, an underscore, small letters.")
    return found[1]


def _check_direction(file: Path) -> None:
    _, up, rest = file.read_text(encoding="utf-8").partition("-- migrate:up")
    _, down, backward = rest.partition("-- migrate:down")
    if not up or not down:
        raise MigrationFailed(f"{file} must begin with -- migrate:up and end with an empty -- migrate:down.")
    if backward.strip():
        raise MigrationFailed(f"{file} has a way back after -- migrate:down: migrations only go forward.")


def _as_url(dsn: str) -> str:
    """dbmate asks for TLS by default, which a Unix socket does not speak."""
    if "host=/" in dsn and "sslmode=" not in dsn:
        return f"{dsn}&sslmode=disable"
    return dsn
