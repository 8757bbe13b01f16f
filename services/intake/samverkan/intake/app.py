"""The composition root: what intake is made of."""

from pathlib import Path
from typing import Final

from samverkan.backbone.app import run
from samverkan.backbone.papers.template import Templates
from samverkan.backbone.service import Service
from samverkan.intake import (
    casework_api,
    course_api,
    eligibility_api,
    measurement_api,
    person_api,
    plan_api,
    presence_api,
    worklist_api,
)
from samverkan.intake.api import routes
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.case.case import CASE
from samverkan.intake.case_paper import CASE_PAPER
from samverkan.intake.instrument import instruments
from samverkan.intake.measurement import MEASUREMENT
from samverkan.intake.next_step import load_steps
from samverkan.intake.paper_api import paper_routes
from samverkan.intake.plan.plan import PLAN
from samverkan.intake.policy import POLICY
from samverkan.intake.presence.presence import PRESENCE
from samverkan.intake.presence.reasons import reasons
from samverkan.intake.reactions import REACTIONS
from samverkan.intake.settings import IntakeSettings
from samverkan.intake.statistics import publication_api, publishing_api
from samverkan.intake.statistics.publication import STATISTICS
from samverkan.intake.store import VIEWS
from samverkan.schemas.catalogue import PARTICIPANT, topics_for

_HERE: Final = Path(__file__).parent


def build(settings: IntakeSettings) -> Service:
    """The service. SettingsInvalid, InstrumentsInvalid, ReasonsInvalid: the blind index key, the steps or the data of
    the support cannot be used; starting again does not help."""
    instruments(), reasons()
    person_index = PersonIndex.from_file(settings.blind_index_key_file)
    return Service(
        name="intake",
        owns=PARTICIPANT,
        subscribes=topics_for("intake"),
        aggregates=(CASE, CASE_PAPER, MEASUREMENT, PLAN, PRESENCE, STATISTICS),
        reactions=REACTIONS,
        views=VIEWS,
        policy=POLICY,
        routers=(
            routes(person_index),
            *(course_api.router, casework_api.router, person_api.routes(person_index)),
            *(worklist_api.routes(load_steps(_HERE / "next_steps.toml")), eligibility_api.router),
            *(measurement_api.router, plan_api.router, presence_api.router),
            paper_routes(Templates(_HERE / "papers")),
            *(publication_api.router, publishing_api.routes()),
        ),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
        blind_index=person_index.of_event,
    )


def main() -> None:
    """Run until told to stop."""
    run(build, IntakeSettings)
