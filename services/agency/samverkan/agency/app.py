"""The composition root: what an agency is made of. A reader: it owns no topic and takes no commands."""

from pathlib import Path
from typing import Final

from samverkan.agency.api import routes
from samverkan.agency.course_api import course_routes
from samverkan.agency.settings import AgencySettings
from samverkan.agency.settlement_api import settlement_routes
from samverkan.agency.support_api import support_routes
from samverkan.agency.views import views_for
from samverkan.backbone.app import run
from samverkan.backbone.service import Service
from samverkan.schemas.catalogue import MAY_SEE, agency, topics_for

_HERE: Final = Path(__file__).parent


def build(settings: AgencySettings) -> Service:
    """The service of the agency that the settings name."""
    known = agency(settings.agency_code)
    name = f"agency.{known.code}"
    return Service(
        name=name,
        subscribes=topics_for(name),
        views=views_for(known.role),
        readable=MAY_SEE[known.role],
        routers=(routes(known), course_routes(known), settlement_routes(known), support_routes(known)),
        texts=_HERE / "texts",
        migrations=_HERE / "migrations",
    )


def main() -> None:
    """Run until told to stop."""
    run(build, AgencySettings)
