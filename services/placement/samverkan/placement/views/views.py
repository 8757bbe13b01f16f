"""All that placement's store holds: the composition root, a rebuild and a replay use the very same."""

from typing import Any, Final

from samverkan.backbone.view import View
from samverkan.placement.views.changes import ChangeReports, PlacementChanges
from samverkan.placement.views.employers import Employers, Openings, Sites
from samverkan.placement.views.paper_facts import PaperFacts, PaperPersons, PlacementPapers
from samverkan.placement.views.participants import EnrolledParticipants, ParticipantSharing
from samverkan.placement.views.placements import Placements
from samverkan.placement.views.supports import Profiles, Supports

VIEWS: Final[tuple[View[Any], ...]] = (
    Placements(),
    EnrolledParticipants(),
    ParticipantSharing(),
    PlacementChanges(),
    ChangeReports(),
    PaperFacts(),
    PaperPersons(),
    PlacementPapers(),
    Employers(),
    Sites(),
    Openings(),
    Profiles(),
    Supports(),
)
