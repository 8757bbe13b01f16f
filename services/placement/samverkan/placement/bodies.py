"""What comes in over HTTP about an agreement. Bodies are exact; days are Swedish days, money is kronor."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints

from samverkan.backbone.http.body import Body, Code, Day, Extent, Kronor
from samverkan.backbone.http.fields import Line, Passage
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import AbsenceCause, LongerGround, Outcome, UnionOpinion, Workplace

PARTIES_MAX, TASKS_MAX = 10, 50
Tasks = Annotated[list[Line], Field(max_length=TASKS_MAX)]


class WorkplaceBody(Body):
    """Where and what the participant works. `employer_number`: organisationsnummer, with or without a hyphen."""

    employer_number: Annotated[str, StringConstraints(min_length=1, max_length=11)]
    employer_name: Line
    workplace: Line
    supervisor: Line
    tasks: Tasks = []
    opening_id: UUID | None = None

    def as_event(self) -> Workplace:
        """As the events say it."""
        return Workplace(**{**dict(self), "tasks": tuple(self.tasks)})


class TermsBody(Body):
    """Pay in kronor per month at the agreed extent; the birth year decides the employer contributions."""

    gross_per_month: Kronor
    birth_year: Annotated[StrictInt, Field(ge=1900, le=2199)]


class ProposalBody(Body):
    """A drafted agreement. `parties`: `participant`, `employer`, `af`, and other agencies by their code.

    `follows`: the placement that this one builds on. `longer_ground`: why arbetsträning may last twelve months.
    """

    case_id: UUID
    form: Programme
    starts_on: Day
    ends_on: Day
    extent: Extent
    parties: Annotated[list[Code], Field(min_length=1, max_length=PARTIES_MAX)]
    workplace: WorkplaceBody
    terms: TermsBody | None = None
    follows: UUID | None = None
    longer_ground: LongerGround | None = None


class RevisionBody(Body):
    """What shall be different before the start; what is left out stays. Everyone is asked again."""

    starts_on: Day | None = None
    ends_on: Day | None = None
    extent: Extent | None = None
    workplace: WorkplaceBody | None = None
    terms: TermsBody | None = None
    longer_ground: LongerGround | None = None


class CancellationBody(Body):
    """Why the placement will not begin."""

    cancelled_on: Day
    reason: Passage


class UnionQuestionBody(Body):
    """AF asks the union. `reply_by`: ten days when it is left out."""

    asked_on: Day
    reply_by: Day | None = None


class UnionOpinionBody(Body):
    """The union's answer. `no-reply` needs `reply_by`, or `asked_on` from which ten days are counted."""

    opinion: UnionOpinion
    consulted_on: Day
    asked_on: Day | None = None
    reply_by: Day | None = None
    reason: Passage | None = None


class ApprovalBody(Body):
    """One party's approval of what is proposed now. `revision`: the one that was read, and no other is approved.

    `on_behalf_reason`: why somebody else approves in the party's place.
    """

    party: Code
    approved_on: Day
    revision: Annotated[StrictInt, Field(ge=1, le=9_999)] | None = None
    on_behalf_reason: Passage | None = None


class StartBody(Body):
    """The first day at the workplace."""

    starts_on: Day


class EndBody(Body):
    """The last day at the workplace, and how it went on from there."""

    last_day_on: Day
    outcome: Outcome


class InterruptionBody(Body):
    """Away from this day on. The cause is kept in the health compartment."""

    interrupted_from: Day
    cause: AbsenceCause
    expected_until: Day | None = None


class ResumptionBody(Body):
    """The first day at the workplace again."""

    resumed_on: Day


class ChangeBody(Body):
    """What shall be different from `applies_from` on; what is left out stays. Kronor per month."""

    applies_from: Day
    ends_on: Day | None = None
    extent: Extent | None = None
    gross_per_month: Kronor | None = None
    supervisor: Line | None = None
    tasks: Tasks | None = None


class DropBody(Body):
    """The day on which the proposed change was given up."""

    dropped_on: Day


class CertificateBody(Body):
    """The supervisor's certificate; `assessment` in the supervisor's own words."""

    issued_on: Day
    assessment: Passage | None = None


class EndReportBody(Body):
    """The last day, and how it went on from there."""

    what: Literal["end"]
    last_day_on: Day
    outcome: Outcome = Outcome.OTHER


class HoursReportBody(Body):
    """Other hours, as a share of full time."""

    what: Literal["hours"]
    applies_from: Day
    extent: Extent


class AbsenceReportBody(Body):
    """Away for more than fourteen days; sick unless it is said otherwise."""

    what: Literal["absence"]
    first_day_on: Day
    cause: AbsenceCause = AbsenceCause.SICKNESS
    expected_until: Day | None = None


class ReportBody(Body):
    """What the employer reports: `what` is end, hours or absence."""

    report: Annotated[EndReportBody | HoursReportBody | AbsenceReportBody, Field(discriminator="what")]
