"""The consents of a case as rows show them: each with its whole history, withdrawn or not. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from samverkan.backbone.recorded import Recorded
from samverkan.intake.case.agencies import same_municipality
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.participant import ConsentGiven

Entry = Mapping[str, Any]


def with_consents(entries: Sequence[Entry], recorded: Recorded) -> tuple[Entry, ...]:
    """The entries after a consent, a withdrawal, or a transfer, which ends those of the municipality that is left.

    `withdrawn`: compartment → the day. `recorded_at`, `recorded_by`, `recorded_for`: when, by whom (a pseudonym), on
    behalf of which agency; `legal_basis` is the ground that the consent gives.
    """
    match recorded.event:
        case ConsentGiven() as given:
            return (*entries, {**given.model_dump(mode="json"), **_recorded(recorded), "withdrawn": {}})
        case ConsentWithdrawn() as taken_back:
            return tuple(
                _ended(entry, [one.value for one in taken_back.compartments], taken_back.withdrawn_on.isoformat())
                if (entry["agency"], entry["purpose"], entry["insats"])
                == (taken_back.agency, taken_back.purpose, taken_back.insats)
                else entry
                for entry in entries
            )
        case CaseTransferred() as transferred:
            return tuple(
                _ended(entry, entry["compartments"], transferred.transferred_on.isoformat())
                if same_municipality(entry["agency"], transferred.from_agency)
                else entry
                for entry in entries
            )
        case _:
            return tuple(entries)


def agencies_consented(entries: Sequence[Entry], since: date | None = None) -> tuple[str, ...]:
    """The agencies that something is still agreed for, by forms signed on that day or later if one is given."""
    agreed = [entry for entry in entries if set(entry["compartments"]) - set(entry["withdrawn"])]
    return tuple(sorted({one["agency"] for one in agreed if since is None or one["given_on"] >= since.isoformat()}))


def _ended(entry: Entry, compartments: Sequence[str], day: str) -> Entry:
    ending = {one: day for one in compartments if one in entry["compartments"] and one not in entry["withdrawn"]}
    return {**entry, "withdrawn": dict(sorted({**entry["withdrawn"], **ending}.items()))}


def _recorded(recorded: Recorded) -> Entry:
    envelope = recorded.envelope
    return {
        "recorded_at": envelope.recorded_at.isoformat(),
        "recorded_by": envelope.actor,
        "recorded_for": envelope.agency,
        "legal_basis": type(recorded.event).legal_basis,
    }
