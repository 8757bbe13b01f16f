"""The invariant suite (J1 … S9) on a real broker and database. Each test's name says which invariant it proves."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from world import World

from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres


@pytest.fixture
def world(postgres: EmbeddedPostgres, kafka: EmbeddedKafka) -> World:
    """Broker and database server of the session."""
    return World(postgres, kafka)
