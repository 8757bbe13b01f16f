"""The whole system, for tests that need all of it, and which of them share one."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

from samverkan.cli.system import System

# Files whose tests leave the system whole, as far as the others can tell: killed processes come back, what is played is
# about persons of its own, a clock that was set is put back. Starting a system takes two cores 7 s.
ON_ONE_SYSTEM: Final = (
    {
        "tests/chaos/test_kill_each_process.py",
        "tests/cli/test_import_referrals.py",
        "tests/contract/test_http.py",
        "tests/lives/test_lives.py",
        "tests/stories/test_clock.py",
        "tests/stories/test_player.py",
    },
    {"tests/docs/test_runbook_notifications.py", "tests/docs/test_runbooks_recovery.py"},
)


def unit_of(nodeid: str) -> str:
    """What is run by one process, in one go: a file, or the files that share a system."""
    file = nodeid.partition("::")[0]
    return next((min(files) for files in ON_ONE_SYSTEM if file in files), file)


class Units(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """One unit after the other, in the order in which they were collected, to whichever process is free."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Units | None:
    return Units(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Also in one process a unit's files stand together."""
    first: dict[str, int] = {}
    for place, item in enumerate(items):
        first.setdefault(unit_of(item.nodeid), place)
    items.sort(key=lambda item: first[unit_of(item.nodeid)])


class Shared:
    """The system of the unit that runs, from its first test that asks to its last one."""

    def __init__(self) -> None:
        self._running: dict[str, System] = {}
        self._stack = ExitStack()

    def of(self, unit: str) -> System:
        """Start it, unless a test of the same unit has."""
        if unit not in self._running:
            self._running[unit] = self._stack.enter_context(started())
        return self._running[unit]

    def leave(self, following: pytest.Item | None) -> None:
        """End it when the next test is of another unit."""
        if following is None or unit_of(following.nodeid) not in self._running:
            self._running.clear()
            self._stack.close()


_SHARED: Final = Shared()


@contextmanager
def started() -> Iterator[System]:
    """Kafka, PostgreSQL, four services and five agencies, as `up` runs them; about 10 s."""
    with tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder:
        running = System(Path(folder), flush=False)
        try:
            yield running.start()
        finally:
            running.kill()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    try:
        yield
    finally:
        _SHARED.leave(nextitem)


def pytest_sessionfinish() -> None:
    _SHARED.leave(None)  # interrupted, there was no last test


@pytest.fixture(scope="module")
def system(request: pytest.FixtureRequest) -> System:
    """One for all files of `ON_ONE_SYSTEM` that stand together: what a test leaves behind, others see."""
    return _SHARED.of(unit_of(request.node.nodeid))


@pytest.fixture(scope="module")
def own_system() -> Iterator[System]:
    """One for a file of tests, which may leave it broken."""
    with started() as running:
        yield running
