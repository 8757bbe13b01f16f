"""The composition root: what placement is made of."""

from pathlib import Path
from typing import Final

from samverkan.backbone.app import run
from samverkan.backbone.papers.template import Templates
from samverkan.backbone.service import Service
from samverkan.backbone.settings import Settings, SettingsInvalid
from samverkan.placement import api, matching_api, opening_api, running_api
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.employer import EMPLOYER
from samverkan.placement.employer_api import employer_router
from samverkan.placement.employer_eligibility import CriteriaInvalid, load_criteria
from samverkan.placement.opening import OPENING
from samverkan.placement.paper_api import paper_routes
from samverkan.placement.placement_paper import PLACEMENT_PAPER
from samverkan.placement.policy import POLICY
from samverkan.placement.profile import PROFILE
from samverkan.placement.proposal_api import proposal_router
from samverkan.placement.reactions import REACTIONS
from samverkan.placement.views.views import VIEWS
from samverkan.schemas.catalogue import PLACEMENT, topics_for

_HERE: Final = Path(__file__).parent


def build(settings: Settings) -> Service:  # noqa: ARG001 - every composition root is called alike
    """The service. SettingsInvalid: the employer criteria cannot be trusted; starting again does not help."""
    try:
        criteria = load_criteria()
    except CriteriaInvalid as invalid:
        raise SettingsInvalid(f"the employer criteria are not valid: {invalid}") from None
    return Service(
        name="placement",
        owns=PLACEMENT,
        subscribes=topics_for("placement"),
        aggregates=(AGREEMENT, EMPLOYER, OPENING, PROFILE, PLACEMENT_PAPER),
        reactions=REACTIONS,
        views=VIEWS,
        policy=POLICY,
        routers=(
            proposal_router(criteria),
            api.router,
            running_api.router,
            employer_router(criteria),
            opening_api.router,
            matching_api.router,
            paper_routes(Templates(_HERE / "papers")),
        ),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
    )


def main() -> None:
    """Run until told to stop."""
    run(build, Settings)
