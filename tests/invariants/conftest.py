"""The invariant suite (J1 … S9) on a real broker and database. Each test's name says which invariant it proves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from members import Members
from samverkan.deploy.embedded.kafka import EmbeddedKafka
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from world import World


@pytest.fixture
def world(postgres: EmbeddedPostgres, kafka: EmbeddedKafka) -> World:
    """Broker and database server of the session."""
    return World(postgres, kafka)


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """Where the processes of the whole session are forked."""
    with Members(Path(tmp_path_factory.mktemp("members"))) as members:
        yield members


@pytest.fixture
def members(nursery: Members) -> Iterator[Members]:
    """Makes processes of a service; those of a test that are left at its end are killed."""
    yield nursery
    nursery.kill_all()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """With `-v`, one line for each planted bug: which test caught it, and saying what."""
    reports = [report for report in terminalreporter.getreports("passed") if "caught" in dict(report.user_properties)]
    if terminalreporter.verbosity < 1 or not reports:
        return
    terminalreporter.section("planted bugs")
    for report in reports:
        told = dict(report.user_properties)
        terminalreporter.line(
            f"{told['bug']}\n    caught by {told['caught_by']}\n    saying {str(told['caught'])[:100]}"
        )
