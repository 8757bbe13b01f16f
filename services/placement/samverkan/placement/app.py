"""The composition root: what placement is made of."""

from pathlib import Path
from typing import Final

from samverkan.backbone.app import run
from samverkan.backbone.papers.template import Templates
from samverkan.backbone.service import Service
from samverkan.backbone.settings import Settings
from samverkan.placement import api, running_api
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.paper_api import paper_routes
from samverkan.placement.placement_paper import PLACEMENT_PAPER
from samverkan.placement.policy import POLICY
from samverkan.placement.reactions import REACTIONS
from samverkan.placement.views.views import VIEWS
from samverkan.schemas.catalogue import PLACEMENT, topics_for

_HERE: Final = Path(__file__).parent


def build(settings: Settings) -> Service:  # noqa: ARG001 - every composition root is called alike
    """The service; placement needs no setting of its own."""
    return Service(
        name="placement",
        owns=PLACEMENT,
        subscribes=topics_for("placement"),
        aggregates=(AGREEMENT, PLACEMENT_PAPER),
        reactions=REACTIONS,
        views=VIEWS,
        policy=POLICY,
        routers=(api.router, running_api.router, paper_routes(Templates(_HERE / "papers"))),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
    )


def main() -> None:
    """Run until told to stop."""
    run(build, Settings)
