"""The papers of a placement: the agreement that its parties sign, and the certificate afterwards. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.content import Entry
from samverkan.backbone.papers.paper import Asked, MakePaper, Paper, made
from samverkan.placement.forms import FORMS, STRICTEST
from samverkan.placement.views.paper_facts import Approval, PaperFactsRow, PaperPersonRow
from samverkan.placement.views.placements import PlacementRow
from samverkan.schemas.catalogue import AGENCIES, PLACEMENT
from samverkan.schemas.event import Compartment
from samverkan.schemas.paper import PlacementPaperMade
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import PlacementReactionRefused

_NAMES: Final = {known.code: known.name for known in AGENCIES}
_WORK: Final = ("employer_name", "employer_number", "workplace", "supervisor")


def decide(command: MakePaper, paper: Paper) -> Sequence[PlacementPaperMade]:
    """A paper that says what an earlier one says leads to nothing."""
    return made(PlacementPaperMade, command, paper)


def evolve(paper: Paper, event: PlacementPaperMade | PlacementReactionRefused) -> Paper:
    """Fold one recorded event."""
    return paper.after(event)


def refusal(command: object, refused: Refused) -> PlacementReactionRefused:
    """No other service's event asks for a paper."""
    return PlacementReactionRefused(command=type(command).__name__, code=refused.code)


PLACEMENT_PAPER: Final = Aggregate("placement-paper", PLACEMENT.name, Paper(), decide, evolve, refusal)


def agreement_paper(
    row: PlacementRow, facts: PaperFactsRow | None, person: PaperPersonRow | None, agency: str
) -> Asked:
    """What the parties approve, and who has approved it; `agency` makes it."""
    form = FORMS.get(Programme(row.form), STRICTEST) if row.form is not None else STRICTEST
    approvals = () if facts is None else facts.of_what_applies
    everybody = {one["party"] for one in approvals} >= set(row.parties)
    told = {
        **{name: getattr(row, name) for name in _WORK},
        "form": row.form,
        "has_wage": "yes" if form.has_wage else None,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "extent": row.extent,
        "revision": 1 if facts is None else facts.revision,
        "agreed_on": max(str(one["approved_on"]) for one in approvals) if everybody else None,
        "union_opinion": row.union_opinion,
        "consulted_on": row.consulted_on,
    }
    employment = {
        **_texts(told),
        "tasks": [{"task": task} for task in row.tasks],
        "parties": [_party(code) for code in row.parties],
        "approvals": [_approval(one) for one in approvals],
    }
    pay = None if row.gross_per_month is None else f"{row.gross_per_month:.2f}"
    return _asked("agreement", row, employment, person, agency, _texts({"gross_per_month": pay}))


def certificate_paper(
    row: PlacementRow, facts: PaperFactsRow | None, person: PaperPersonRow | None, agency: str
) -> Asked:
    """What the supervisor certified. Refused `not-certified`: nothing yet."""
    if facts is None or facts.issued_on is None:
        raise Refused("not-certified")
    told = {
        "form": row.form,
        "employer_number": row.employer_number,
        **{
            name: getattr(facts, name)
            for name in (
                *("issued_on", "started_on", "last_day_on", "extent"),
                *("employer_name", "workplace", "supervisor", "assessment"),
            )
        },
    }
    employment = {**_texts(told), "tasks": [{"task": task} for task in facts.tasks]}
    return _asked("certificate", row, employment, person, agency)


def _asked(
    template: str,
    row: PlacementRow,
    employment: dict[str, Any],
    person: PaperPersonRow | None,
    agency: str,
    economy: dict[str, str] | None = None,
) -> Asked:
    if row.case_id is None:
        raise Refused("placement-unknown")
    identity = {} if person is None else {"name": person.name, "person_number": person.person_number}
    return Asked(
        template=template,
        case_id=row.case_id,
        subject_id=row.placement_id,
        subject_version=row.version,
        content={
            Compartment.EMPLOYMENT: employment,
            Compartment.IDENTITY: _texts(identity),
            **({Compartment.ECONOMY: economy} if economy else {}),
        },
        registration=None if person is None else person.registrations.get(agency),
    )


def _party(code: str) -> Entry:
    return {"code": code, "name": _NAMES[code]} if code in _NAMES else {"code": code}


def _approval(one: Approval) -> Entry:
    on_behalf = {"on_behalf": one["on_behalf"]} if one["on_behalf"] else {}
    return {
        **_party(str(one["party"])),
        "approved_on": str(one["approved_on"]),
        "revision": str(one["revision"]),
        **on_behalf,
    }


def _texts(told: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in told.items() if value is not None}
