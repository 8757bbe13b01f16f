"""What the participant has agreed to, as an agency's store keeps it: every consent with when it opened and ended. Pure.

An agency that consent was taken back from shows nothing of what it held, and what is recorded until a new consent never
becomes readable to it, a later consent notwithstanding.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from samverkan.backbone.recorded import Recorded
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.catalogue import AGENCIES
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.event import COMPARTMENTS, Compartment
from samverkan.schemas.participant import ConsentGiven

Grant = Mapping[str, Any]

# Of a participant with protected data these stay with the keeper: who, where, and at which workplace (it fails closed).
PROTECTED = frozenset({Compartment.IDENTITY, Compartment.CONTACT, Compartment.EMPLOYMENT})
_MUNICIPALITY_OF = {agency.code: agency.municipality for agency in AGENCIES}


def granted(grants: Sequence[Grant], recorded: Recorded) -> tuple[Grant, ...]:
    """The grants after a consent, a withdrawal, or a transfer, which ends those of the municipality left behind."""
    envelope = recorded.envelope
    ended_at = min(envelope.time, envelope.recorded_at)  # a withdrawal that is recorded late holds from its day
    match recorded.event:
        case ConsentGiven() as given:
            opened = {
                **given.model_dump(mode="json", include={"agency", "purpose", "insats", "given_on"}),
                "compartments": sorted(one.value for one in given.compartments),
                "opened_at": envelope.recorded_at.isoformat(),
                "ended_at": {},
            }
            return (*grants, opened)
        case ConsentWithdrawn() as taken_back:
            meant = (taken_back.agency, taken_back.purpose, taken_back.insats)
            names = {one.value for one in taken_back.compartments}
            return tuple(
                _ended(grant, names, ended_at)
                if (grant["agency"], grant["purpose"], grant["insats"]) == meant
                else grant
                for grant in grants
            )
        case CaseTransferred(from_agency=left_behind):
            return tuple(
                _ended(grant, set(grant["compartments"]), ended_at)
                if _same_municipality(grant["agency"], left_behind)
                else grant
                for grant in grants
            )
        case _:
            return tuple(grants)


def open_grants(grants: Sequence[Grant]) -> tuple[Grant, ...]:
    """What of them is in force, one for each agency, purpose and insats: however often it is agreed to again, this
    stays small, and `granted` goes on from it."""
    left: dict[tuple[str, str, str | None], set[str]] = {}
    for grant in grants:
        meant = (grant["agency"], grant["purpose"], grant["insats"])
        left.setdefault(meant, set()).update(set(grant["compartments"]) - grant["ended_at"].keys())
    return tuple(
        {"agency": agency, "purpose": purpose, "insats": insats, "compartments": sorted(names), "ended_at": {}}
        for (agency, purpose, insats), names in sorted(left.items(), key=lambda one: (*one[0][:2], one[0][2] or ""))
        if names
    )


def in_force(grants: Sequence[Grant], keeper: str | None, *, anonymous: bool) -> dict[str, list[str]]:
    """The compartments that each agency may be shown now, by its code. `keeper`: of whom the data are protected."""
    agreed: dict[str, set[str]] = {}
    for grant in grants:
        left = set(grant["compartments"]) - grant["ended_at"].keys()
        if keeper is not None and grant["agency"] != keeper:
            left -= PROTECTED
        agreed.setdefault(grant["agency"], set()).update(left)
    return {} if anonymous else {code: sorted(names) for code, names in agreed.items() if names}


def hidden(grants: Sequence[Grant], agency: str, recorded_at: datetime) -> frozenset[Compartment]:
    """The compartments of what was recorded then that this agency is never shown: consent had been taken back."""
    return frozenset(one for one in COMPARTMENTS if _was_taken_back(grants, agency, one.value, recorded_at))


def taken_back(grants: Sequence[Grant]) -> frozenset[str]:
    """The agencies from which anything was taken back, by their codes."""
    return frozenset(grant["agency"] for grant in grants if grant["ended_at"])


def _was_taken_back(grants: Sequence[Grant], agency: str, compartment: str, at: datetime) -> bool:
    periods = [
        (datetime.fromisoformat(grant["opened_at"]), grant["ended_at"].get(compartment))
        for grant in grants
        if grant["agency"] == agency and compartment in grant["compartments"]
    ]
    ends = [datetime.fromisoformat(ended_at) for _, ended_at in periods if ended_at is not None]
    covered = any(
        opened_at <= at and (ended_at is None or at < datetime.fromisoformat(ended_at))
        for opened_at, ended_at in periods
    )
    return any(ended_at <= at for ended_at in ends) and not covered


def _ended(grant: Grant, names: set[str], at: datetime) -> Grant:
    ending = {one: at.isoformat() for one in grant["compartments"] if one in names and one not in grant["ended_at"]}
    return {**grant, "ended_at": {**grant["ended_at"], **ending}}


def _same_municipality(one: str, other: str) -> bool:
    municipality = _MUNICIPALITY_OF.get(one)
    return one == other or (municipality is not None and municipality == _MUNICIPALITY_OF.get(other))
