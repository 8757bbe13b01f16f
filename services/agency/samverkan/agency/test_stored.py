from samverkan.agency import (
    case_course_examples,
    course_examples,
    examples,
    finsam_examples,
    paper_examples,
    settlement_examples,
    support_examples,
)
from samverkan.agency.views import views_for
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.schemas.catalogue import Role


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("agency"))
    events = [
        one
        for stream in (
            *examples.STREAMS,
            *case_course_examples.STREAMS,
            *course_examples.STREAMS,
            *finsam_examples.STREAMS,
            *paper_examples.STREAMS,
            *support_examples.STREAMS,
            *settlement_examples.STREAMS,
        )
        for one in stream
    ]
    await assert_stored_as_folded(database, views_for(Role.MUNICIPALITY), events)
