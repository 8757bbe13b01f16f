"""A case of two placements for tests: story 1's person with a praktik first, an introduktionsjobb then, and a refusal.

Streams as an agency may receive them: each in its own order, with the requirements that their services state.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.record import after, stream
from samverkan.schemas import benefit, funding, notification, participant, placement
from samverkan.schemas.catalogue import FUNDING, NOTIFICATION, PARTICIPANT, PLACEMENT
from samverkan.schemas.event import COMPARTMENTS, Compartment, Event
from samverkan.schemas.participant import Programme

CASE, PRAKTIK, JOB, COMPENSATION, REFUSED_COMPENSATION, MAIL, BENEFIT = (UUID(int=number) for number in range(1, 8))
_SCORES: Final = {"health": 3, "readiness-to-work": 2, "skills-and-language": 4, "social-network": 3}
_WORKPLACE: Final = placement.Workplace(
    employer_number="2120002395",
    employer_name="Timrå kommun",
    workplace="Ledsagarservice",
    supervisor="Handledare",
    tasks=("ledsaga",),
)
_FULL: Final = Decimal("1.00")
_STARTS, _ENDS = date(2026, 3, 2), date(2027, 2, 28)
_FORM: Final = Programme.INTRODUKTIONSJOBB


def _consent(agency: str, *compartments: Compartment) -> participant.ConsentGiven:
    return participant.ConsentGiven(
        agency=agency, purpose="shared-case", compartments=compartments, given_on=date(2026, 2, 3)
    )


def _assessed(day: date, readiness: int) -> participant.AssessmentRecorded:
    answers = participant.AssessmentScores(scores={**_SCORES, "readiness-to-work": readiness})
    return participant.AssessmentRecorded(
        instrument="five-domains", instrument_version=1, assessed_on=day, health=answers
    )


case: Final = stream(
    PARTICIPANT,
    CASE,
    participant.ParticipantReferred(
        programme=_FORM,
        referred_by="kommun",
        agencies_needed=("af", "kommun"),
        received_on=date(2026, 2, 2),
        identity=participant.Identity(person_number="198808112380", name="Test Testsson"),
        contact=participant.Contact(language="sv"),
        health=participant.ReferralReason(reason="Behöver stöd"),
    ),
    participant.ReferralRepeated(
        programme=_FORM, referred_by="af", agencies_needed=("af", "fk"), received_on=date(2026, 2, 3)
    ),
    _consent("kommun", *sorted(COMPARTMENTS)),
    _consent("af", Compartment.IDENTITY, Compartment.EMPLOYMENT, Compartment.ECONOMY),
    _consent("region", Compartment.HEALTH),
    _consent("region", Compartment.IDENTITY),
    _assessed(date(2026, 2, 3), 2),
    _assessed(date(2026, 5, 4), 4),
    participant.ParticipantEnrolled(programme=_FORM, enrolled_on=date(2026, 2, 10)),
)

_ENROLMENT: Final = after(case[-1])

praktik: Final = stream(
    PLACEMENT,
    PRAKTIK,
    placement.PlacementProposed(
        case_id=CASE,
        form=Programme.ARBETSPRAKTIK,
        starts_on=date(2026, 2, 11),
        ends_on=date(2026, 2, 27),
        extent=Decimal("0.50"),
        parties=("af", "employer", "participant"),
        employment=_WORKPLACE,
    ),
    placement.PlacementStarted(case_id=CASE, starts_on=date(2026, 2, 11)),
    placement.PlacementEnded(case_id=CASE, last_day_on=date(2026, 2, 27), outcome=placement.Outcome.JOB),
    case_id=CASE,
    requires=[_ENROLMENT],
)

job: Final = stream(
    PLACEMENT,
    JOB,
    placement.PlacementProposed(
        case_id=CASE,
        form=_FORM,
        starts_on=_STARTS,
        ends_on=_ENDS,
        extent=_FULL,
        parties=("af", "employer", "participant"),
        employment=_WORKPLACE,
        economy=placement.Terms(gross_per_month=Decimal("24000.00"), birth_year=1988),
    ),
    placement.UnionConsulted(opinion=placement.UnionOpinion.YES, consulted_on=date(2026, 2, 10)),
    placement.PlacementApproved(party="af", approved_on=date(2026, 2, 16)),
    placement.PlacementAgreed(
        case_id=CASE, form=_FORM, starts_on=_STARTS, ends_on=_ENDS, extent=_FULL, agreed_on=date(2026, 2, 16)
    ),
    case_id=CASE,
    requires=[_ENROLMENT],
)
_APPLIED: Final = funding.CompensationApplied(
    case_id=CASE,
    placement_id=JOB,
    form=_FORM,
    starts_on=_STARTS,
    ends_on=_ENDS,
    extent=_FULL,
    applied_on=date(2026, 2, 17),
    economy=funding.Basis(gross_per_month=Decimal("24000.00"), birth_year=1988),
)
_AMOUNTS: Final = {"cost": Decimal("31540.80"), "credit": Decimal("21027.20"), "own_cost": Decimal("10513.60")}


def _claim(month: date, received_on: date, credit_by: date) -> Sequence[Event]:
    return (
        funding.ClaimSubmitted(
            case_id=CASE,
            work_month=month,
            received_on=received_on,
            economy=funding.ClaimBasis(gross_paid=Decimal("24000.00")),
        ),
        funding.ClaimCalculated(
            case_id=CASE,
            work_month=month,
            credit_by=credit_by,
            rule_version="introduktionsjobb-2018-05-01",
            economy=funding.ClaimAmounts(**_AMOUNTS, lines=()),
        ),
        funding.ClaimCredited(
            case_id=CASE,
            work_month=month,
            credited_on=credit_by,
            economy=funding.CreditedAmount(credit=Decimal("21027.20")),
        ),
    )


compensation: Final = stream(
    FUNDING,
    COMPENSATION,
    _APPLIED,
    funding.CompensationChecked(prepared_by="af-1", checked_on=date(2026, 2, 18)),
    funding.CompensationApproved(
        case_id=CASE,
        placement_id=JOB,
        form=_FORM,
        starts_on=_STARTS,
        ends_on=_ENDS,
        extent=_FULL,
        decided_on=date(2026, 2, 20),
        attested_by="af-2",
        rule_version="introduktionsjobb-2018-05-01",
        rule_source="SFS 2018:42",
        economy=funding.DecidedAmounts(
            gross_per_month=Decimal("24000.00"),
            birth_year=1988,
            cost_per_month=Decimal("31540.80"),
            credit_per_month=Decimal("21027.20"),
            own_cost_per_month=Decimal("10513.60"),
            credit_in_all=Decimal("252326.40"),
        ),
    ),
    *_claim(date(2026, 3, 1), date(2026, 4, 8), date(2026, 5, 12)),
    *_claim(date(2026, 4, 1), date(2026, 5, 8), date(2026, 6, 12)),
    funding.ClaimForfeited(
        case_id=CASE,
        work_month=date(2026, 5, 1),
        received_on=date(2026, 12, 1),
        last_day_on=date(2026, 11, 27),
        economy=funding.CreditedAmount(credit=Decimal("21027.20")),
    ),
    case_id=CASE,
    requires=[after(job[-1])],
)
job_started: Final = stream(
    PLACEMENT,
    JOB,
    placement.DecisionRecorded(compensation_id=COMPENSATION, granted=True, decided_on=date(2026, 2, 20)),
    placement.PlacementStarted(case_id=CASE, starts_on=_STARTS),
    case_id=CASE,
    since=len(job),
    requires=[after(compensation[2])],
)

refused_compensation: Final = stream(
    FUNDING,
    REFUSED_COMPENSATION,
    _APPLIED.model_copy(update={"placement_id": PRAKTIK}),
    funding.CompensationRefused(
        case_id=CASE,
        placement_id=PRAKTIK,
        decided_on=date(2026, 2, 19),
        attested_by="af-2",
        code="form-without-compensation",
    ),
    case_id=CASE,
    requires=[after(praktik[0])],
)
mail: Final = stream(
    NOTIFICATION,
    MAIL,
    notification.NotificationQueued(
        case_id=CASE,
        recipient="fk",
        channel=notification.Channel.MAIL,
        template="placement-started",
        about_event=job_started[-1].envelope.id,
    ),
    notification.NotificationDelivered(
        case_id=CASE,
        recipient="fk",
        channel=notification.Channel.MAIL,
        message_id="<1@samverkan>",
        delivered_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    ),
    case_id=CASE,
    requires=[after(job_started[-1])],
)
reminder: Final = stream(
    NOTIFICATION,
    UUID("99999999-9999-4999-8999-999999999999"),
    notification.ReminderFired(
        kind=notification.DeadlineKind.CLAIM,
        subject_id=COMPENSATION,
        case_id=CASE,
        period="2026-05-01",
        due_on=date(2026, 11, 27),
        days_before=60,
        planned_on=date(2026, 9, 28),
        fired_on=date(2026, 9, 28),
        recipients=("kommun",),
    ),
    notification.ReminderFired(
        kind=notification.DeadlineKind.CLAIM,
        subject_id=COMPENSATION,
        case_id=CASE,
        period="2026-05-01",
        due_on=date(2026, 11, 27),
        days_before=30,
        planned_on=date(2026, 10, 28),
        fired_on=date(2026, 10, 30),
        recipients=("kommun",),
    ),
    notification.ReminderSettled(
        kind=notification.DeadlineKind.CLAIM,
        subject_id=COMPENSATION,
        case_id=CASE,
        due_on=date(2026, 11, 27),
        settlement=notification.Settlement.CLOSED,
        settled_on=date(2026, 12, 1),
    ),
    case_id=CASE,
    requires=[after(compensation[2])],
)


late_benefit: Final = stream(
    FUNDING,
    BENEFIT,
    benefit.BenefitDecided(
        case_id=CASE,
        kind=benefit.BenefitKind.AKTIVITETSSTOD,
        entitled_from=date(2026, 2, 9),
        entitled_until=date(2026, 8, 7),
        decided_on=date(2026, 4, 15),
    ),
    benefit.BenefitApplied(
        case_id=CASE,
        kind=benefit.BenefitKind.AKTIVITETSSTOD,
        applied_on=date(2026, 4, 20),
        paid_from=date(2026, 3, 1),
        days_paid=115,
        days_lost=15,
        rule_version="aktivitetsstod/2025-10-01",
        economy=benefit.BenefitAmounts(paid=Decimal(41975), lost=Decimal(5475), lines=()),
    ),
    case_id=CASE,
    requires=[after(case[-1])],
)


STREAMS: Final = (case, praktik, [*job, *job_started], compensation, refused_compensation, late_benefit, mail, reminder)
