"""The composition root: what intake is made of."""

from pathlib import Path
from typing import Final

from samverkan.backbone.app import run
from samverkan.backbone.papers.template import Templates
from samverkan.backbone.service import Service
from samverkan.intake.api import routes
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.case.case import CASE
from samverkan.intake.case_paper import CASE_PAPER, CasePapers
from samverkan.intake.paper_api import paper_routes
from samverkan.intake.policy import POLICY
from samverkan.intake.reactions import REACTIONS
from samverkan.intake.settings import IntakeSettings
from samverkan.intake.views import Cases
from samverkan.schemas.catalogue import PARTICIPANT, topics_for

_HERE: Final = Path(__file__).parent


def build(settings: IntakeSettings) -> Service:
    """The service. SettingsInvalid: the blind index key cannot be used; starting again does not help."""
    person_index = PersonIndex.from_file(settings.blind_index_key_file)
    return Service(
        name="intake",
        owns=PARTICIPANT,
        subscribes=topics_for("intake"),
        aggregates=(CASE, CASE_PAPER),
        reactions=REACTIONS,
        views=(Cases(), CasePapers()),
        policy=POLICY,
        routers=(routes(person_index), paper_routes(Templates(_HERE / "papers"))),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
        blind_index=person_index.of_event,
    )


def main() -> None:
    """Run until told to stop."""
    run(build, IntakeSettings)
