"""What every test across services may ask for, beside the fixtures of samverkan.deploy.testing."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from samverkan.cli.system import System


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The whole system, ready, on data of this session's own; about 8 s at first use. Kill what you like, end nothing.

    Its stores keep what earlier tests did: use persons, employers and ids of your own.
    """
    with (
        tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder,
        System(Path(folder)) as running,
    ):
        yield running
