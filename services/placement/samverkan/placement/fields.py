"""Field types that several bodies of placement share; those that every service has stand in backbone's http."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from samverkan.backbone.http.body import Code
from samverkan.schemas.participant import Programme

CODES_MAX: Final = 30
Codes = Annotated[list[Code], Field(max_length=CODES_MAX)]
Forms = Annotated[list[Programme], Field(max_length=CODES_MAX)]
Ssyk = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
"""An occupation, SSYK 2012."""
MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
"""A municipality's code (SCB)."""
