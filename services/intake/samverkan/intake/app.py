"""The composition root: what intake is made of."""

from pathlib import Path
from typing import Final

from samverkan.backbone.app import run
from samverkan.backbone.papers.template import Templates
from samverkan.backbone.service import Service
from samverkan.intake import measurement_api, plan_api, presence_api
from samverkan.intake.api import routes
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.case.case import CASE
from samverkan.intake.case_paper import CASE_PAPER, CasePapers
from samverkan.intake.instrument import instruments
from samverkan.intake.measurement import MEASUREMENT
from samverkan.intake.measurement_view import Measurements, NextMeasurements
from samverkan.intake.paper_api import paper_routes
from samverkan.intake.plan.plan import PLAN
from samverkan.intake.plan_view import PlanActivities, Plans
from samverkan.intake.policy import POLICY
from samverkan.intake.presence.presence import PRESENCE
from samverkan.intake.presence.reasons import reasons
from samverkan.intake.presence_view import NotedPlacements, Presences
from samverkan.intake.reactions import REACTIONS
from samverkan.intake.settings import IntakeSettings
from samverkan.intake.views import Cases
from samverkan.schemas.catalogue import PARTICIPANT, topics_for

_HERE: Final = Path(__file__).parent


def build(settings: IntakeSettings) -> Service:
    """The service. SettingsInvalid, InstrumentsInvalid, ReasonsInvalid: the blind index key or the data of the support
    cannot be used; starting again does not help."""
    instruments(), reasons()
    person_index = PersonIndex.from_file(settings.blind_index_key_file)
    return Service(
        name="intake",
        owns=PARTICIPANT,
        subscribes=topics_for("intake"),
        aggregates=(CASE, CASE_PAPER, MEASUREMENT, PLAN, PRESENCE),
        reactions=REACTIONS,
        views=(
            *(Cases(), CasePapers()),
            *(Measurements(), NextMeasurements()),
            *(Plans(), PlanActivities()),
            *(Presences(), NotedPlacements()),
        ),
        policy=POLICY,
        routers=(
            routes(person_index),
            paper_routes(Templates(_HERE / "papers")),
            *(measurement_api.router, plan_api.router, presence_api.router),
        ),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
        blind_index=person_index.of_event,
    )


def main() -> None:
    """Run until told to stop."""
    run(build, IntakeSettings)
