"""Every view that intake's store holds."""

from typing import Any, Final

from samverkan.backbone.view import View
from samverkan.intake.case_paper import CasePapers
from samverkan.intake.caseworker_view import Caseworkers
from samverkan.intake.count_view import PersonCounts
from samverkan.intake.course_view import Courses
from samverkan.intake.measurement_view import Measurements, NextMeasurements
from samverkan.intake.plan_view import PlanActivities, Plans
from samverkan.intake.presence_view import NotedPlacements, Presences
from samverkan.intake.statistics.publication_view import Publications
from samverkan.intake.statistics.views import Participations
from samverkan.intake.views import Cases

VIEWS: Final[tuple[View[Any], ...]] = (
    *(Cases(), Courses(), Caseworkers(), PersonCounts()),
    *(Measurements(), NextMeasurements()),
    *(Plans(), PlanActivities()),
    *(Presences(), NotedPlacements()),
    CasePapers(),
    *(Participations(), Publications()),
)
