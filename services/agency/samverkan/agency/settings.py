"""Settings of an agency's process."""

from typing import Annotated

from pydantic import AfterValidator

from samverkan.backbone.settings import Settings
from samverkan.schemas.catalogue import AGENCIES


def _known(code: str) -> str:
    if code not in {agency.code for agency in AGENCIES}:
        raise ValueError(f"must be one of {', '.join(agency.code for agency in AGENCIES)}")
    return code


class AgencySettings(Settings):
    """What an agency needs beyond every service's settings."""

    agency_code: Annotated[str, AfterValidator(_known)]
    """Which agency this process is, by its code in the catalogue. Required. It decides what the store may hold: an
    agency's database must never be given to a process with another code."""
