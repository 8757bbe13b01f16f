"""What stands in a plan that is given out to be signed: work in one compartment, health in another. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.content import Entry
from samverkan.backbone.papers.paper import Asked
from samverkan.intake.plan_view import PlanActivityRow, PlanRow
from samverkan.intake.views import CaseRow
from samverkan.schemas.catalogue import AGENCIES
from samverkan.schemas.event import Compartment

_NAMES: Final = {"participant": "Deltagaren", **{known.code: known.name for known in AGENCIES}}


def plan_paper(
    row: PlanRow,
    activities: Sequence[PlanActivityRow],
    case: CaseRow | None,
    sender: str,
    registration: str | None,
) -> Asked:
    """The current revision: goals, who does what by when, who has signed. Refused `plan-unknown`: there is none."""
    if row.case_id is None or not row.revisions:
        raise Refused("plan-unknown")
    revision = row.revisions[-1]
    holds = row.agreed_revision == row.revision
    became = {str(one.activity_id): one.state for one in activities}
    told = {
        "sender": _NAMES.get(sender, sender),
        "revision": row.revision,
        "written_on": revision["written_on"],
        "agreed_on": row.agreed_on if holds else None,
        "closed_on": row.closed_on,
    }
    numbered = list(enumerate(revision["activities"], 1))
    employment: dict[str, Any] = {
        **_texts(told),
        "goals": _passages(revision["goals"]["work"]),
        "activities": [_activity(number, one, became) for number, one in numbered],
        "works": [{"number": str(number), "text": text} for number, one in numbered for text in one["work"]],
        "parties": [_party(code) for code in row.parties],
        "signatures": [_signature(one) for one in revision["signatures"]],
    }
    health: dict[str, Any] = {
        "goals": _passages(revision["goals"]["health"]),
        "activities": [{"number": str(number), "text": text} for number, one in numbered for text in one["health"]],
        "reasons": [
            {"code": one["party"], "text": text} for one in revision["signatures"] for text in one.get("because", [])
        ],
    }
    identity = {} if case is None else {"name": case.name, "person_number": case.person_number}
    return Asked(
        template="plan",
        case_id=row.case_id,
        subject_id=row.plan_id,
        subject_version=row.version,
        content={
            Compartment.EMPLOYMENT: employment,
            **({Compartment.HEALTH: health} if any(health.values()) else {}),
            Compartment.IDENTITY: _texts(identity),
        },
        registration=registration,
    )


def _passages(texts: Sequence[str]) -> list[Entry]:
    return [{"text": text} for text in texts]


def _party(code: str) -> dict[str, str]:
    return {"code": code, "name": _NAMES.get(code, code)}


def _activity(number: int, one: Mapping[str, Any], became: Mapping[str, str]) -> Entry:
    responsible = _NAMES.get(one["responsible"], one["responsible"])
    state = became.get(one["activity_id"], "open")
    return {"number": str(number), "responsible": responsible, "due_on": one["due_on"], "state": state}


def _signature(one: Mapping[str, Any]) -> Entry:
    return {**_party(one["party"]), "signed_on": one["signed_on"], **({"on_behalf": "yes"} if one["on_behalf"] else {})}


def _texts(told: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in told.items() if value is not None}
