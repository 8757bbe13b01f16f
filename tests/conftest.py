"""The whole system, for tests that need all of it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from samverkan.cli.system import System


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Kafka, PostgreSQL, four services and five agencies, as `up` runs them; about 10 s at first use.

    Shared by the session: what a test leaves behind, others see. Processes may be killed, for they are restarted, but
    a test that stops something for good or breaks a stream starts a system of its own.
    """
    with (
        tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder,
        System(Path(folder)) as running,
    ):
        yield running
