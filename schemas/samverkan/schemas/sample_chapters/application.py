"""Story 1 (Timrå) from the referral to the first day, with a detour at each refusal: case, placement, compensation."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from samverkan.schemas import funding, notification, participant, placement
from samverkan.schemas.event import Compartment
from samverkan.schemas.sample_chapters.step import (
    CASE,
    COMPENSATION,
    COST,
    CREDIT,
    ENDS,
    FORM,
    FULL_TIME,
    OWN_COST,
    PLACEMENT,
    STARTS,
    WORKPLACE,
    Step,
    sample_id,
)

_TERMS: Final = placement.Terms(gross_per_month=Decimal("24000.00"), birth_year=1988)

APPLICATION: Final = (
    Step(
        "case",
        participant.ParticipantReferred(
            programme=FORM,
            referred_by="af",
            agencies_needed=("kommun", "af", "region"),
            received_on=date(2026, 1, 12),
            identity=participant.Identity(person_number="198808112380", name="Testperson Ett"),
            contact=participant.Contact(telephone="000-000 00 01", language="sv", needs_interpreter=False),
            health=participant.ReferralReason(reason="Behöver stöd av flera myndigheter för att komma i arbete."),
        ),
        date(2026, 1, 12),
        "af",
    ),
    Step(
        "case",
        participant.ReferralRepeated(
            programme=FORM,
            referred_by="region",
            agencies_needed=("af", "region"),
            received_on=date(2026, 1, 14),
            health=participant.ReferralReason(reason="Har pågående vårdkontakt."),
        ),
        date(2026, 1, 14),
        "region",
    ),
    Step(
        "case",
        participant.ConsentGiven(
            agency="region",
            purpose="plan",
            compartments=(Compartment.IDENTITY, Compartment.CONTACT, Compartment.HEALTH),
            given_on=date(2026, 1, 16),
        ),
        date(2026, 1, 16),
        "kommun",
    ),
    Step(
        "case",
        participant.AssessmentRecorded(
            instrument="samverkan-five-domains",
            instrument_version=1,
            assessed_on=date(2026, 1, 20),
            health=participant.AssessmentScores(
                scores={"structure": 3, "health": 2, "network": 2, "skills": 4, "readiness": 3}
            ),
        ),
        date(2026, 1, 20),
        "kommun",
    ),
    Step(
        "case",
        participant.ParticipantEnrolled(
            programme=FORM,
            enrolled_on=date(2026, 1, 26),
            employment=participant.Eligibility(
                criteria=(
                    participant.CriterionFound(
                        criterion="job-guarantee",
                        source="SFS 2018:42 §12",
                        finding="met",
                        evidence="Deltar i jobb- och utvecklingsgarantin.",
                    ),
                )
            ),
        ),
        date(2026, 1, 26),
        "kommun",
    ),
    Step(
        "placement",
        placement.PlacementProposed(
            case_id=CASE,
            form=FORM,
            starts_on=STARTS,
            ends_on=ENDS,
            extent=FULL_TIME,
            parties=("participant", "employer", "af"),
            employment=WORKPLACE,
            economy=_TERMS,
        ),
        date(2026, 2, 2),
        "kommun",
        after="case",
    ),
    Step(
        "placement",
        placement.UnionConsulted(
            opinion=placement.UnionOpinion.NO,
            consulted_on=date(2026, 2, 10),
            reply_by=date(2026, 2, 12),
            employment=placement.ConsultationReason(reason="Handledningen är ordnad."),
        ),
        date(2026, 2, 10),
        "af",
    ),
    Step("placement", placement.PlacementApproved(party="employer", approved_on=date(2026, 2, 11)), date(2026, 2, 11)),
    Step(
        "placement",
        placement.PlacementAgreed(
            case_id=CASE,
            form=FORM,
            starts_on=STARTS,
            ends_on=ENDS,
            extent=FULL_TIME,
            agreed_on=date(2026, 2, 12),
            employment=WORKPLACE,
            economy=_TERMS,
        ),
        date(2026, 2, 12),
        "af",
    ),
    Step(
        "compensation",
        funding.CompensationApplied(
            case_id=CASE,
            placement_id=PLACEMENT,
            form=FORM,
            starts_on=STARTS,
            ends_on=ENDS,
            extent=FULL_TIME,
            applied_on=date(2026, 2, 13),
            economy=funding.Basis(gross_per_month=Decimal("24000.00"), birth_year=1988),
        ),
        date(2026, 2, 13),
        "kommun",
        after="placement",
    ),
    Step(
        "compensation",
        funding.CompensationChecked(prepared_by="handlaggare-0007", checked_on=date(2026, 2, 16)),
        date(2026, 2, 16),
        "af",
    ),
    Step(
        "compensation",
        funding.CompensationRefused(
            case_id=CASE, placement_id=PLACEMENT, decided_on=date(2026, 2, 17), code="employer-owes-tax"
        ),
        date(2026, 2, 17),
        "af",
    ),
    Step(  # the refusal was wrong and reviewed (omprövning)
        "compensation",
        funding.CompensationApproved(
            case_id=CASE,
            placement_id=PLACEMENT,
            form=FORM,
            starts_on=STARTS,
            ends_on=ENDS,
            extent=FULL_TIME,
            decided_on=date(2026, 2, 20),
            attested_by="handlaggare-0012",
            rule_version="introduktionsjobb-2018-05-01",
            rule_source="SFS 2018:42",
            economy=funding.DecidedAmounts(
                gross_per_month=Decimal("24000.00"),
                birth_year=1988,
                cost_per_month=COST,
                credit_per_month=CREDIT,
                own_cost_per_month=OWN_COST,
                credit_in_all=Decimal("252326.40"),
            ),
        ),
        date(2026, 2, 20),
        "af",
    ),
    Step(
        "placement",
        placement.DecisionRecorded(compensation_id=COMPENSATION, granted=True, decided_on=date(2026, 2, 20)),
        date(2026, 2, 20),
        after="compensation",
    ),
    Step(
        "placement",
        placement.PlacementReactionRefused(command="RecordDecision", code="decision-already-recorded"),
        date(2026, 2, 20),
        after="compensation",
    ),
    Step("placement", placement.PlacementStarted(case_id=CASE, starts_on=STARTS), STARTS, "kommun"),
    Step(
        "notification",
        notification.NotificationQueued(
            case_id=CASE,
            recipient="af",
            channel=notification.Channel.MAIL,
            template="placement-started",
            about_event=sample_id("PlacementStarted"),
        ),
        STARTS,
        after="placement",
    ),
    Step(
        "notification",
        notification.NotificationFailed(case_id=CASE, recipient="af", channel=notification.Channel.MAIL, code="550"),
        STARTS,
    ),
    Step(
        "notification",
        notification.NotificationDelivered(
            case_id=CASE,
            recipient="af",
            channel=notification.Channel.MAIL,
            message_id="<5f0d3a52@notify.invalid>",
            delivered_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        ),
        STARTS,
    ),
    Step(
        "notification",
        notification.NotificationReactionRefused(command="QueueNotification", code="already-queued"),
        STARTS,
        after="placement",
    ),
    Step(
        "case",
        participant.PlacementNoted(placement_id=PLACEMENT, state="started", noted_on=STARTS),
        STARTS,
        after="placement",
    ),
    Step(
        "case",
        participant.CaseReactionRefused(command="NotePlacement", code="already-noted"),
        STARTS,
        after="placement",
    ),
    Step(
        "compensation",
        funding.CompensationReactionRefused(command="NoteStart", code="already-noted"),
        STARTS,
        after="placement",
    ),
)
