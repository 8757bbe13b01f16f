"""The broker's jars: named in jgo.toml, fixed with their sha256 in jgo.lock.toml, kept in a repository of our own.

`python -m samverkan.deploy.embedded.jars lock` resolves jgo.toml anew; needed only when a version in it changes.
"""

import errno
import hashlib
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samverkan.deploy.errors import BrokenSetUp, NoNetwork, NoRoom

SPEC = Path(__file__).with_name("jgo.toml")
LOCK = Path(__file__).with_name("jgo.lock.toml")

RETRY_PAUSES_SECONDS = (1.0, 4.0)
PARALLEL_DOWNLOADS = 8  # 46 small files: latency counts, not bandwidth (10 s one by one, 2 s so; 2026-11)


@dataclass(frozen=True)
class Jar:
    """A line of the lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def locked() -> list[Jar]:
    found = tomllib.loads(LOCK.read_text())["dependencies"]
    return [Jar(one["groupId"], one["artifactId"], one["version"], one["sha256"]) for one in found]


def lock_digest() -> str:
    """Changes when a jar changes; not when jgo.lock.toml is merely written anew."""
    return hashlib.sha256("".join(f"{jar.artifact}:{jar.sha256}\n" for jar in locked()).encode()).hexdigest()[:16]


def path_of(jar: Jar, repository: Path) -> Path:
    return repository.joinpath(*jar.group.split("."), jar.artifact, jar.version, jar.file_name)


def classpath(repository: Path) -> list[Path]:
    """The jars in a fixed order, each checked against its sha256: the AOT cache is void in any other order.

    BrokenSetUp: one is missing or was altered; `fetch` repairs it.
    """
    paths = []
    for jar in locked():
        path = path_of(jar, repository)
        if not _is_intact(path, jar):
            raise BrokenSetUp(
                f"The broker's {path.name} is {'altered' if path.exists() else 'missing'} (in {path.parent}): "
                "delete the stamp file .samverkan/kafka/stamp and run the same command again to have it fetched."
            )
        paths.append(path)
    return paths


def fetch(repository: Path, progress: Callable[[int, int], None]) -> None:
    """Bring every locked jar into the repository; what is there and intact stays. May be interrupted and repeated.

    NoNetwork, NoRoom: as they say. BrokenSetUp: what the repository serves is not what was locked.
    """
    wanted = [jar for jar in locked() if not _is_intact(path_of(jar, repository), jar)]
    total = len(wanted)
    repository.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
        for done, _ in enumerate(pool.map(lambda jar: _download(jar, repository), wanted), start=1):
            progress(done, total)


def _download(jar: Jar, repository: Path) -> None:
    import requests  # here, as jgo below: starting a broker needs neither, and they cost 0.1 s
    from jgo.maven import MavenContext

    # jgo writes straight to the final name, so a killed download would look whole: it gets a folder of its own.
    with tempfile.TemporaryDirectory(dir=repository, prefix=".fetch-") as scratch:
        context = MavenContext(repo_cache=Path(scratch), timeout=60)
        artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
        try:
            fetched = _resolved(artifact)
        except requests.RequestException as error:
            raise NoNetwork(
                f"Could not download {jar.artifact} {jar.version} from the Maven repository "
                f"({type(error).__name__}): check the network and run the same command again."
            ) from error
        except RuntimeError as error:  # jgo's word for "no repository has it"
            raise NoNetwork(f"No Maven repository serves {jar.artifact} {jar.version}: {error}.") from error
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise NoRoom(
                    f"The disk that holds {repository} is full: free 200 MB and run the same again."
                ) from error
            raise
        if not _is_intact(fetched, jar):
            raise BrokenSetUp(
                f"{fetched.name} from the Maven repository is not the locked file (sha256 {jar.sha256}): "
                "nothing was installed; try again, and suspect the network or a proxy if it stays so."
            )
        target = path_of(jar, repository)
        target.parent.mkdir(parents=True, exist_ok=True)
        fetched.replace(target)


def _resolved(artifact: Any) -> Path:
    """The file, once more after each pause: a connection that is cut once is no missing network."""
    import requests

    for pause in RETRY_PAUSES_SECONDS:
        try:
            return Path(artifact.resolve())
        except requests.RequestException:
            artifact.cached_path.unlink(missing_ok=True)  # what came before the cut would be taken for the whole
            time.sleep(pause)
    return Path(artifact.resolve())


def _is_intact(path: Path, jar: Jar) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


def write_lock(repository: Path) -> int:
    """Resolve jgo.toml and write the lock beside it; returns the number of jars."""
    from jgo.env import EnvironmentSpec, LockedDependency, LockFile
    from jgo.maven import MavenContext

    spec = EnvironmentSpec.load(SPEC)
    context = MavenContext(repo_cache=repository, timeout=60)
    wanted = [context.create_dependency(coordinate) for coordinate in spec.coordinates]
    roots, below = context.resolver.resolve(wanted)
    jars = sorted(
        (LockedDependency.from_dependency(dependency) for dependency in [*roots, *below]),
        key=lambda jar: (jar.groupId, jar.artifactId),
    )
    LockFile(dependencies=jars, environment_name=spec.name, entrypoints=spec.entrypoints).save(LOCK)
    return len(jars)


if __name__ == "__main__":
    if sys.argv[1:] != ["lock"]:
        raise SystemExit("usage: python -m samverkan.deploy.embedded.jars lock")
    with tempfile.TemporaryDirectory() as scratch_repository:
        print(f"{write_lock(Path(scratch_repository))} jars locked in {LOCK.name}")
