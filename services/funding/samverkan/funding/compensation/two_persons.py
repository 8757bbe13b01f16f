"""Four eyes: what one person prepares another one attests, or it does not happen. Pure."""

from datetime import date

from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.state import Compensation, Prepared


def is_attested(compensation: Compensation, matter: str, by: str, on: date) -> bool:
    """Whether this person attested the matter on that day already, and nothing new has been prepared since."""
    return matter not in compensation.prepared and compensation.attested.get(matter) == (by, on)


def prepared_by_another(compensation: Compensation, matter: str, by: str, on: date) -> Prepared:
    """What the matter's first person prepared.

    Refused `nothing-prepared`, `same-person-prepares-and-attests`, `decided-before-check`.
    """
    prepared = compensation.prepared.get(matter)
    if prepared is None:
        raise Refused("nothing-prepared")
    two_persons(prepared.by, prepared.on, by, on)
    return prepared


def two_persons(prepared_by: str, prepared_on: date, attested_by: str, attested_on: date) -> None:
    """Refused `same-person-prepares-and-attests`, `decided-before-check`."""
    if attested_by == prepared_by:
        raise Refused("same-person-prepares-and-attests")
    if attested_on < prepared_on:
        raise Refused("decided-before-check", checked_on=prepared_on.isoformat())
