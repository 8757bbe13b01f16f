"""Consent to share between authorities (OSL 10:1, 12:2): written, for one agency and one purpose. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.intake.case.agencies import refuse_unknown_agencies
from samverkan.intake.case.state import Case, Event
from samverkan.schemas.catalogue import MAY_SEE, agency
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import ConsentGiven


@dataclass(frozen=True)
class GiveConsent:
    """The participant signed that one agency may see these compartments for this purpose."""

    agency: str
    purpose: str
    compartments: frozenset[Compartment]
    given_on: date


def give(command: GiveConsent, case: Case) -> Sequence[Event]:
    """Refused: `agency-unknown`, `consent-to-nothing`, `consent-beyond-role`."""
    refuse_unknown_agencies(command.agency)
    if not command.compartments:
        raise Refused("consent-to-nothing")
    # A form that promises what law forbids misleads whoever signs it: the role bounds what may be agreed to.
    beyond = command.compartments - MAY_SEE[agency(command.agency).role]
    if beyond:
        raise Refused("consent-beyond-role", agency=command.agency, compartments=", ".join(sorted(beyond)))
    given = ConsentGiven(
        agency=command.agency,
        purpose=command.purpose,
        compartments=tuple(sorted(command.compartments)),
        given_on=command.given_on,
    )
    return [] if given in case.consents else [given]
