"""The whole system, for tests that need all of it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from samverkan.cli.system import System


@contextmanager
def started() -> Iterator[System]:
    """Kafka, PostgreSQL, four services and five agencies, as `up` runs them; about 10 s."""
    with (
        tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder,
        System(Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """One for the session: what a test leaves behind, others see. Processes may be killed, for they are restarted, but
    a test that stops something for good or breaks a stream takes `own_system`."""
    with started() as running:
        yield running


@pytest.fixture(scope="module")
def own_system() -> Iterator[System]:
    """One for a file of tests, which may leave it broken."""
    with started() as running:
        yield running
