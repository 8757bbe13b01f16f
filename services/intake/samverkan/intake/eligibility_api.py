"""May this person take part, and in what? Asked without enrolling, and answered criterion by criterion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi import Query as QueryParameter

from samverkan.backbone.http.body import Day
from samverkan.backbone.http.call import Query
from samverkan.intake import person_number
from samverkan.intake.eligibility import Facts, Finding, Stated, evaluate
from samverkan.intake.person_number import age_on
from samverkan.intake.views import CaseRow, Cases
from samverkan.schemas.participant import Programme

Days = Annotated[int | None, QueryParameter(ge=0, le=10_000)]


@dataclass(frozen=True)
class FactParameters:
    """What the caseworker has seen evidence of; what is left out is not known. `on`: the day of enrolment (today)."""

    on: Annotated[Day | None, QueryParameter()] = None
    unemployed: bool | None = None
    in_job_programme: bool | None = None
    youth_guarantee_days: Days = None
    newly_arrived: bool | None = None
    job_benefit_days: Days = None
    absent_months_of_15: Annotated[int | None, QueryParameter(ge=0, le=15)] = None
    absent_months_of_9: Annotated[int | None, QueryParameter(ge=0, le=9)] = None
    work_capacity_assessed: bool | None = None
    exception_under_25: bool | None = None


@dataclass(frozen=True)
class CriterionAnswer:
    """One criterion: `finding` is met, not-met or unknown; `evidence` tells which facts it looked at."""

    criterion: str
    finding: Finding
    evidence: str
    source: str


@dataclass(frozen=True)
class EligibilityAnswer:
    """A programme. `finding` is not-met if one criterion is not, unknown if one is.

    Where no verified rule is known for the day it is unknown and `criteria` is empty: nothing is guessed.
    """

    programme: Programme
    on: date
    finding: Finding
    criteria: Sequence[CriterionAnswer]


router = APIRouter(tags=["intake"])


@router.get("/cases/{case_id}/eligibility")
async def eligibility(
    case_id: UUID, call: Query, facts: Annotated[FactParameters, Depends()], programme: Programme | None = None
) -> list[EligibilityAnswer]:
    """What each programme, or the one that is named, would say of this person on that day. Nothing is recorded."""
    row = await call.one(Cases, case_id)
    asked = [programme] if programme is not None else [one for one in Programme if one is not Programme.UNKNOWN]
    return [_answer(one, row, facts, facts.on or call.today) for one in asked]


def _answer(programme: Programme, row: CaseRow, stated: FactParameters, on: date) -> EligibilityAnswer:
    born_on = None if row.person_number is None else person_number.parse(row.person_number).born_on
    given = {name: value for name, value in vars(stated).items() if name != "on"}
    age = None if born_on is None or row.received_on is None else age_on(born_on, row.received_on)
    then = None if born_on is None else age_on(born_on, on)
    facts = Facts.of(Stated(**given), age, then, len(row.agencies_needed))
    found = evaluate(programme, on, facts) or ()
    findings = {one.finding for one in found}
    if Finding.NOT_MET in findings:
        whole = Finding.NOT_MET
    else:
        whole = Finding.MET if findings == {Finding.MET} else Finding.UNKNOWN
    criteria = [CriterionAnswer(one.criterion.code, one.finding, one.evidence, one.criterion.source) for one in found]
    return EligibilityAnswer(programme, on, whole, criteria)
