"""pytest plugin (registered in the root pyproject.toml): a real broker and a real database for any test that asks.

Started at the first test that asks, shared by the whole session, so never kill or stop these: a test that wants to
makes its own EmbeddedKafka or EmbeddedPostgres in `short_folder`.
"""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of this session's own; about 0.7 s at first use."""
    with (
        tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder,
        EmbeddedPostgres(Path(folder), flush=False) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def kafka() -> Iterator[EmbeddedKafka]:
    """A Kafka broker of this session's own; about 2 s at first use. Give topics and groups names of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder,
        EmbeddedKafka(Path(folder)) as broker,
    ):
        yield broker


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The dsn of a new, empty database, dropped after the test; about 0.05 s."""
    name = f"test_{next(_numbers)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """An empty folder with a short path: a Unix socket's may have 107 bytes, and tmp_path is long."""
    with tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
