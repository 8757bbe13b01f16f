"""A publication as queries read it, and as the database gives it back."""

from uuid import UUID

from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.intake.statistics.examples import INSATS, PUBLISH
from samverkan.intake.statistics.publication import Publication, decide
from samverkan.intake.statistics.publication_view import Publications
from samverkan.schemas.catalogue import PARTICIPANT

PUBLISHED = UUID(int=2)
EVENTS = stream(PARTICIPANT, PUBLISHED, *decide(PUBLISH, Publication()))


def test_it_says_what_was_published() -> None:
    row = fold([Publications()], EVENTS)["statistics_publication"][PUBLISHED]
    assert (row.insats_id, row.year, row.half) == (INSATS, 2026, 1)
    assert row.cells["begun/all"] == 40


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("intake"))
    await assert_stored_as_folded(database, [Publications()], EVENTS)
