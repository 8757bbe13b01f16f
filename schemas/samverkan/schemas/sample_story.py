"""The golden samples' content: one event of each type, told as story 1 (Timrå) with a detour at each refusal.

Together they are a whole log: versions and log indexes without a hole, `requires` that can be met. A sample is
written once (generate.py) and then kept for ever; what is here only makes those that are missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from samverkan.schemas import (
    benefit,
    budget,
    funding,
    notification,
    paper,
    participant,
    placement,
    statistics,
    support,
)
from samverkan.schemas.catalogue import TOPICS, Topic
from samverkan.schemas.employer import (
    CheckKind,
    Conditions,
    EmployerChecked,
    EmployerDeregistered,
    EmployerProfile,
    EmployerRegistered,
    Sector,
    Site,
    WorkplaceRegistered,
)
from samverkan.schemas.envelope import Envelope, Requirement
from samverkan.schemas.event import Compartment, Event
from samverkan.schemas.opening import (
    Adaptations,
    OfferedTo,
    OpeningDeclined,
    OpeningFilled,
    OpeningOffered,
    OpeningPublished,
    OpeningReopened,
    OpeningWithdrawn,
    OpeningWork,
    ProfileShared,
    Withdrawal,
    WorkProfile,
)
from samverkan.schemas.participant import Programme
from samverkan.schemas.sample_compensation import decision_life, payments, recoveries
from samverkan.schemas.sample_course import COURSE

_IDS: Final = UUID("5f0d3a52-7c5e-4f0a-9d39-2f3a5b1c8e11")
STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")


def sample_id(label: str) -> UUID:
    """The id that stands for this label in every sample."""
    return uuid5(_IDS, label)


@dataclass(frozen=True)
class _Step:
    """`stream` and `after` are labels; `after` is the stream whose latest event led to this one, None for a person."""

    stream: str
    event: Event
    recorded_on: date
    agency: str | None = None
    after: str | None = None


CASE, PLACEMENT, COMPENSATION = sample_id("case"), sample_id("placement"), sample_id("compensation")
_FORM = Programme.INTRODUKTIONSJOBB
_FULL_TIME = Decimal("1.00")
_STARTS, _ENDS = date(2026, 3, 2), date(2027, 2, 28)
_WORKPLACE = placement.Workplace(
    employer_number="212000-2395",
    employer_name="Timrå kommun",
    workplace="Ledsagarservice",
    supervisor="Arbetsledare, ledsagarservice",
    tasks=("ledsaga till aktiviteter", "handla tillsammans"),
)
_TERMS = placement.Terms(gross_per_month=Decimal("24000.00"), birth_year=1988)
_COST, _CREDIT, _OWN_COST = Decimal("31540.80"), Decimal("21027.20"), Decimal("10513.60")
_COMMITMENT = sample_id("commitment")
_SHARES = {
    "202100-5521": Decimal("4000000.00"),
    "232100-0222": Decimal("2000000.00"),
    "2417": Decimal("120000.00"),
    "2482": Decimal("1880000.00"),
}

_PRAKTIK_STARTS, _PRAKTIK_ENDS, _PRAKTIK_LAST = date(2027, 3, 15), date(2027, 5, 7), date(2027, 6, 4)
_FEWER_HOURS, _AWAY_FROM, _BACK_ON = Decimal("0.50"), date(2027, 4, 12), date(2027, 4, 30)
_PRAKTIK: Final = (  # the same person afterwards at another workplace without pay: what happens to a running placement
    _Step(
        "praktik", placement.UnionAsked(asked_on=date(2027, 3, 2), reply_by=date(2027, 3, 12)), date(2027, 3, 2), "af"
    ),
    _Step(
        "praktik",
        placement.PlacementChangeProposed(
            case_id=CASE,
            revision=2,
            kinds=(placement.ChangeKind.HOURS,),
            applies_from=date(2027, 4, 1),
            ends_on=_PRAKTIK_ENDS,
            extent=_FEWER_HOURS,
            employment=_WORKPLACE,
        ),
        date(2027, 3, 22),
        "kommun",
    ),
    _Step(
        "praktik",
        placement.PlacementChanged(
            case_id=CASE,
            revision=2,
            kinds=(placement.ChangeKind.HOURS,),
            applies_from=date(2027, 4, 1),
            ends_on=_PRAKTIK_ENDS,
            extent=_FEWER_HOURS,
            agreed_on=date(2027, 3, 24),
            employment=_WORKPLACE,
        ),
        date(2027, 3, 24),
        "af",
    ),
    _Step(
        "praktik",
        placement.PlacementChangeReported(
            case_id=CASE,
            receipt_id=sample_id("receipt"),
            kind=placement.ReportKind.ABSENCE,
            applies_from=_AWAY_FROM,
            reported_on=date(2027, 4, 27),
            health=placement.Absence(cause=placement.AbsenceCause.SICKNESS),
        ),
        date(2027, 4, 27),
        "kommun",
    ),
    _Step(
        "praktik",
        placement.PlacementInterrupted(
            case_id=CASE,
            interrupted_from=_AWAY_FROM,
            health=placement.Absence(cause=placement.AbsenceCause.SICKNESS),
        ),
        date(2027, 4, 27),
        "kommun",
    ),
    _Step(
        "praktik",
        placement.PlacementResumed(case_id=CASE, interrupted_from=_AWAY_FROM, resumed_on=_BACK_ON),
        _BACK_ON,
        "kommun",
    ),
    _Step(
        "praktik",
        placement.PlacementChangeDropped(case_id=CASE, revision=3, dropped_on=date(2027, 5, 3)),
        date(2027, 5, 3),
        "kommun",
    ),
    _Step(
        "praktik",
        placement.PlacementExtensionAgreed(
            case_id=CASE,
            revision=4,
            form=Programme.ARBETSPRAKTIK,
            applies_from=date(2027, 5, 8),
            ends_on=_PRAKTIK_LAST,
            extent=_FEWER_HOURS,
            agreed_on=date(2027, 5, 5),
            employment=_WORKPLACE,
        ),
        date(2027, 5, 5),
        "af",
    ),
    _Step(
        "praktik",
        placement.PlacementExtended(
            case_id=CASE,
            revision=4,
            applies_from=date(2027, 5, 8),
            ends_on=_PRAKTIK_LAST,
            extent=_FEWER_HOURS,
            employment=_WORKPLACE,
        ),
        date(2027, 5, 5),
        "af",
    ),
    _Step(
        "praktik",
        placement.CertificateIssued(
            case_id=CASE,
            issued_on=date(2027, 6, 7),
            started_on=_PRAKTIK_STARTS,
            last_day_on=_PRAKTIK_LAST,
            extent=_FEWER_HOURS,
            employment=placement.Certificate(
                employer_name="Timrå kommun",
                workplace="Ledsagarservice",
                supervisor="Arbetsledare, ledsagarservice",
                tasks=("ledsaga till aktiviteter",),
                assessment="Har arbetat självständigt.",
            ),
        ),
        date(2027, 6, 7),
        "kommun",
    ),
    _Step(
        "adapted job",
        placement.PlacementCancelled(
            case_id=CASE,
            cancelled_on=date(2027, 6, 9),
            employment=placement.Cancellation(reason="Arbetsplatsen har lagts ner."),
        ),
        date(2027, 6, 9),
        "kommun",
    ),
)

_PAPERS_MADE: Final = date(2031, 12, 30)  # after everything else on their topics: they stand last in each log
_PAPERS: Final = (
    _Step(
        "case-paper",
        paper.CasePaperMade(
            case_id=CASE,
            subject_id=CASE,
            subject_version=1,
            template="consent",
            template_version=1,
            engine="typst 0.15.2",
            paper_sha256="0f343b0931126a20f133d67c2b018a3b5b1f5f6f2bd0c9c3a0f6ff5a4a1e6f10",
            made_on=_PAPERS_MADE,
            registration="2026-1",
            compartments=(Compartment.IDENTITY, Compartment.CONTACT, Compartment.HEALTH),
            identity=paper.PaperIdentity(
                fields={
                    "edition": "sv",
                    "salt": "9c56cc51b374c3ba189210d5b6d4bf57",
                    "name": "Test Testsson",
                    "person_number": "198808112380",
                }
            ),
            contact=paper.PaperContact(fields={"interpreter": "ja"}),
            health=paper.PaperHealth(fields={"goals.1.goal": "Orka halva dagar"}),
        ),
        _PAPERS_MADE,
        "kommun",
    ),
    _Step(
        "placement-paper",
        paper.PlacementPaperMade(
            case_id=CASE,
            subject_id=PLACEMENT,
            subject_version=5,
            template="agreement",
            template_version=1,
            engine="typst 0.15.2",
            paper_sha256="1f343b0931126a20f133d67c2b018a3b5b1f5f6f2bd0c9c3a0f6ff5a4a1e6f10",
            made_on=_PAPERS_MADE,
            registration="2026-1",
            compartments=(Compartment.EMPLOYMENT,),
            employment=paper.PaperEmployment(fields={"salt": "8c56cc51b374c3ba189210d5b6d4bf57", "employer": "Timrå"}),
        ),
        _PAPERS_MADE,
        "af",
    ),
    _Step(
        "compensation-paper",
        paper.CompensationPaperMade(
            case_id=CASE,
            subject_id=COMPENSATION,
            subject_version=3,
            template="decision",
            template_version=1,
            engine="typst 0.15.2",
            paper_sha256="2f343b0931126a20f133d67c2b018a3b5b1f5f6f2bd0c9c3a0f6ff5a4a1e6f10",
            made_on=_PAPERS_MADE,
            registration="2026-1",
            compartments=(Compartment.ECONOMY,),
            economy=paper.PaperEconomy(
                fields={"salt": "7c56cc51b374c3ba189210d5b6d4bf57", "credit_per_month": "21027.20"}
            ),
        ),
        _PAPERS_MADE,
        "af",
    ),
)

_BENEFIT: Final = (
    _Step(
        "benefit",
        benefit.BenefitDecided(
            case_id=CASE,
            kind=benefit.BenefitKind.AKTIVITETSSTOD,
            entitled_from=date(2026, 2, 9),
            entitled_until=date(2026, 8, 7),
            decided_on=date(2026, 4, 15),
        ),
        date(2032, 1, 12),
        "af",
    ),
    _Step(
        "benefit",
        benefit.BenefitApplied(
            case_id=CASE,
            kind=benefit.BenefitKind.AKTIVITETSSTOD,
            applied_on=date(2026, 4, 20),
            paid_from=date(2026, 3, 1),
            days_paid=115,
            days_lost=15,
            rule_version="aktivitetsstod/2025-10-01",
            economy=benefit.BenefitAmounts(
                paid=Decimal("41975.00"),
                lost=Decimal("5475.00"),
                lines=(
                    funding.ClaimLine(
                        name="benefit-lost",
                        explanation_sv="Aktivitetsstöd 2026-02: 15 ersättningsdagar × 365,00 = 5 475,00 kr",
                        explanation_en="Aktivitetsstöd 2026-02: 15 benefit days × 365.00 = SEK 5,475.00",
                        amount=Decimal("5475.00"),
                    ),
                ),
            ),
        ),
        date(2032, 1, 12),
        "fk",
    ),
    _Step("benefit", benefit.BenefitReactionRefused(command="ApplyForBenefit", code="not-decided"), date(2032, 1, 12)),
)

_REGISTER_OPENED = date(2033, 1, 3)
_REGISTER: Final = (  # an employer with an opening, and what a participant shares for matching
    _Step(
        "employer",
        EmployerRegistered(
            organisation_number="2120002395",
            sector=Sector.MUNICIPAL,
            conditions=Conditions.COLLECTIVE_AGREEMENT,
            pays_electronically=True,
            registered_on=date(2027, 6, 10),
            employment=EmployerProfile(employer_name="Timrå kommun"),
        ),
        _REGISTER_OPENED,
        "kommun",
    ),
    _Step(
        "employer",
        WorkplaceRegistered(
            site_id=sample_id("site"),
            municipality="2262",
            employment=Site(workplace="Ledsagarservice", supervisors=("Arbetsledare, ledsagarservice",)),
        ),
        _REGISTER_OPENED,
        "kommun",
    ),
    _Step(
        "employer",
        EmployerChecked(
            kind=CheckKind.DISMISSALS,
            passed=True,
            checked_on=date(2027, 6, 11),
            checked_by="handlaggare-0007",
            last_dismissal_on=date(2024, 1, 31),
        ),
        _REGISTER_OPENED,
        "af",
    ),
    _Step(
        "opening",
        OpeningPublished(
            organisation_id=sample_id("employer"),
            forms=(Programme.INTRODUKTIONSJOBB, Programme.ARBETSPRAKTIK),
            municipality="2262",
            occupation="5330",
            extent_least=Decimal("0.50"),
            extent_most=_FULL_TIME,
            available_from=date(2027, 7, 1),
            demands=("driving-licence",),
            offers=("quiet-room",),
            employment=OpeningWork(
                workplace="Ledsagarservice", supervisor="Arbetsledare, ledsagarservice", tasks=("ledsaga",)
            ),
        ),
        _REGISTER_OPENED,
        "kommun",
    ),
    _Step(
        "profile",
        ProfileShared(
            case_id=CASE,
            shared_on=date(2027, 6, 14),
            employment=WorkProfile(
                forms=(Programme.INTRODUKTIONSJOBB,),
                occupations=("5330",),
                abilities=("driving-licence",),
                municipalities=("2262",),
                extent_most=_FULL_TIME,
                available_from=date(2027, 7, 1),
            ),
            health=Adaptations(needs=("quiet-room",)),
        ),
        _REGISTER_OPENED,
        "kommun",
    ),
    _Step(
        "opening",
        OpeningOffered(offered_on=date(2027, 6, 15), employment=OfferedTo(case_id=CASE)),
        _REGISTER_OPENED,
        "kommun",
    ),
    _Step("opening", OpeningDeclined(declined_on=date(2027, 6, 16)), _REGISTER_OPENED, "kommun"),
    _Step(
        "opening",
        OpeningFilled(filled_on=date(2027, 6, 17), employment=OfferedTo(case_id=CASE)),
        _REGISTER_OPENED,
        "kommun",
    ),
    _Step("opening", OpeningReopened(reopened_on=date(2027, 6, 18)), _REGISTER_OPENED, "kommun"),
    _Step(
        "opening",
        OpeningWithdrawn(withdrawn_on=date(2027, 6, 21), employment=Withdrawal(reason="Tjänsten är tillsatt.")),
        _REGISTER_OPENED,
        "kommun",
    ),
    _Step("employer", EmployerDeregistered(deregistered_on=date(2027, 6, 22)), _REGISTER_OPENED, "af"),
)

STORY: Final = (
    _Step(
        "case",
        participant.ParticipantReferred(
            programme=_FORM,
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
    _Step(
        "case",
        participant.ReferralRepeated(
            programme=_FORM,
            referred_by="region",
            agencies_needed=("af", "region"),
            received_on=date(2026, 1, 14),
            health=participant.ReferralReason(reason="Har pågående vårdkontakt."),
        ),
        date(2026, 1, 14),
        "region",
    ),
    _Step(
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
    _Step(
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
    _Step(
        "case",
        participant.ParticipantEnrolled(
            programme=_FORM,
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
    _Step(
        "placement",
        placement.PlacementProposed(
            case_id=CASE,
            form=_FORM,
            starts_on=_STARTS,
            ends_on=_ENDS,
            extent=_FULL_TIME,
            parties=("participant", "employer", "af"),
            employment=_WORKPLACE,
            economy=_TERMS,
        ),
        date(2026, 2, 2),
        "kommun",
        after="case",
    ),
    _Step(
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
    _Step("placement", placement.PlacementApproved(party="employer", approved_on=date(2026, 2, 11)), date(2026, 2, 11)),
    _Step(
        "placement",
        placement.PlacementAgreed(
            case_id=CASE,
            form=_FORM,
            starts_on=_STARTS,
            ends_on=_ENDS,
            extent=_FULL_TIME,
            agreed_on=date(2026, 2, 12),
            employment=_WORKPLACE,
            economy=_TERMS,
        ),
        date(2026, 2, 12),
        "af",
    ),
    _Step(
        "compensation",
        funding.CompensationApplied(
            case_id=CASE,
            placement_id=PLACEMENT,
            form=_FORM,
            starts_on=_STARTS,
            ends_on=_ENDS,
            extent=_FULL_TIME,
            applied_on=date(2026, 2, 13),
            economy=funding.Basis(gross_per_month=Decimal("24000.00"), birth_year=1988),
        ),
        date(2026, 2, 13),
        "kommun",
        after="placement",
    ),
    _Step(
        "compensation",
        funding.CompensationChecked(prepared_by="handlaggare-0007", checked_on=date(2026, 2, 16)),
        date(2026, 2, 16),
        "af",
    ),
    _Step(
        "compensation",
        funding.CompensationRefused(
            case_id=CASE, placement_id=PLACEMENT, decided_on=date(2026, 2, 17), code="employer-owes-tax"
        ),
        date(2026, 2, 17),
        "af",
    ),
    _Step(  # the refusal was wrong and reviewed (omprövning)
        "compensation",
        funding.CompensationApproved(
            case_id=CASE,
            placement_id=PLACEMENT,
            form=_FORM,
            starts_on=_STARTS,
            ends_on=_ENDS,
            extent=_FULL_TIME,
            decided_on=date(2026, 2, 20),
            attested_by="handlaggare-0012",
            rule_version="introduktionsjobb-2018-05-01",
            rule_source="SFS 2018:42",
            economy=funding.DecidedAmounts(
                gross_per_month=Decimal("24000.00"),
                birth_year=1988,
                cost_per_month=_COST,
                credit_per_month=_CREDIT,
                own_cost_per_month=_OWN_COST,
                credit_in_all=Decimal("252326.40"),
            ),
        ),
        date(2026, 2, 20),
        "af",
    ),
    _Step(
        "placement",
        placement.DecisionRecorded(compensation_id=COMPENSATION, granted=True, decided_on=date(2026, 2, 20)),
        date(2026, 2, 20),
        after="compensation",
    ),
    _Step(
        "placement",
        placement.PlacementReactionRefused(command="RecordDecision", code="decision-already-recorded"),
        date(2026, 2, 20),
        after="compensation",
    ),
    _Step("placement", placement.PlacementStarted(case_id=CASE, starts_on=_STARTS), _STARTS, "kommun"),
    _Step(
        "notification",
        notification.NotificationQueued(
            case_id=CASE,
            recipient="af",
            channel=notification.Channel.MAIL,
            template="placement-started",
            about_event=sample_id("PlacementStarted"),
        ),
        _STARTS,
        after="placement",
    ),
    _Step(
        "notification",
        notification.NotificationFailed(case_id=CASE, recipient="af", channel=notification.Channel.MAIL, code="550"),
        _STARTS,
    ),
    _Step(
        "notification",
        notification.NotificationDelivered(
            case_id=CASE,
            recipient="af",
            channel=notification.Channel.MAIL,
            message_id="<5f0d3a52@notify.invalid>",
            delivered_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        ),
        _STARTS,
    ),
    _Step(
        "notification",
        notification.NotificationReactionRefused(command="QueueNotification", code="already-queued"),
        _STARTS,
        after="placement",
    ),
    _Step(
        "case",
        participant.PlacementNoted(placement_id=PLACEMENT, state="started", noted_on=_STARTS),
        _STARTS,
        after="placement",
    ),
    _Step(
        "case",
        participant.CaseReactionRefused(command="NotePlacement", code="already-noted"),
        _STARTS,
        after="placement",
    ),
    _Step(
        "compensation",
        funding.CompensationReactionRefused(command="NoteStart", code="already-noted"),
        _STARTS,
        after="placement",
    ),
    _Step(
        "compensation",
        funding.ClaimSubmitted(
            case_id=CASE,
            work_month=date(2026, 3, 1),
            received_on=date(2026, 4, 30),
            supported_from=_STARTS,
            supported_until=date(2026, 3, 31),
            economy=funding.ClaimBasis(gross_paid=Decimal("24000.00")),
        ),
        date(2026, 4, 30),
        "kommun",
    ),
    _Step(
        "compensation",
        funding.ClaimCalculated(
            case_id=CASE,
            work_month=date(2026, 3, 1),
            credit_by=date(2026, 5, 12),
            rule_version="introduktionsjobb-2018-05-01",
            economy=funding.ClaimAmounts(
                cost=_COST,
                credit=_CREDIT,
                own_cost=_OWN_COST,
                lines=(
                    funding.ClaimLine(
                        name="credit",
                        explanation_sv="80 % × (20 000,00 + 31,42 % av 20 000,00)",
                        explanation_en="80 % × (20 000.00 + 31.42 % of 20 000.00)",
                        amount=_CREDIT,
                    ),
                ),
            ),
        ),
        date(2026, 4, 30),
        "af",
    ),
    _Step(
        "compensation",
        funding.ClaimCredited(
            case_id=CASE,
            work_month=date(2026, 3, 1),
            credited_on=date(2026, 5, 12),
            economy=funding.CreditedAmount(credit=_CREDIT),
        ),
        date(2026, 5, 12),
        "af",
    ),
    _Step(
        "compensation",
        funding.ClaimForfeited(
            case_id=CASE,
            work_month=date(2026, 4, 1),
            received_on=date(2026, 10, 28),
            last_day_on=date(2026, 10, 27),
            economy=funding.CreditedAmount(credit=_CREDIT),
        ),
        date(2026, 10, 28),
        "kommun",
    ),
    _Step(
        "reminder",
        notification.ReminderFired(
            kind=notification.DeadlineKind.CLAIM,
            subject_id=COMPENSATION,
            case_id=CASE,
            period="2026-05-01",
            due_on=date(2026, 11, 27),
            days_before=30,
            planned_on=date(2026, 10, 28),
            fired_on=date(2026, 10, 28),
            recipients=("kommun",),
        ),
        date(2026, 10, 28),
        after="compensation",
    ),
    _Step(
        "reminder",
        notification.ReminderSettled(
            kind=notification.DeadlineKind.CLAIM,
            subject_id=COMPENSATION,
            case_id=CASE,
            due_on=date(2026, 11, 27),
            settlement=notification.Settlement.PASSED,
            settled_on=date(2026, 11, 28),
        ),
        date(2026, 11, 28),
    ),
    _Step(
        "webhook",
        notification.WebhookDisabled(recipient="af", code="410"),
        date(2026, 11, 28),
    ),
    _Step("webhook", notification.WebhookEnabled(recipient="af"), date(2026, 11, 30), "af"),
    _Step(
        "notification",
        notification.NotificationRequeued(case_id=CASE, recipient="af", channel=notification.Channel.MAIL),
        date(2026, 11, 30),
        "af",
    ),
    _Step(
        "notification",
        notification.NotificationInterrupted(
            case_id=CASE,
            recipient="af",
            channel=notification.Channel.MAIL,
            begun_at=datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
        ),
        date(2026, 11, 30),
    ),
    _Step(
        "placement",
        placement.PlacementEnded(case_id=CASE, last_day_on=_ENDS, outcome=placement.Outcome.JOB),
        date(2027, 3, 1),
        "kommun",
    ),
    *_PRAKTIK,
    _Step(  # Finsam: the insats behind it and a budget of its own, from draft to discharge
        "insats",
        budget.InsatsProposed(
            association="skelleftea-norsjo",
            title="Arbetsmarknadstorget",
            target_group="16–29 år med behov av långvarigt stöd från minst två myndigheter",
            parties=("2482", "skelleftea-norsjo"),
            steering_group=("2482",),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            places=40,
            contributions={
                "2482/2027/premises": Decimal("480000.00"),
                "skelleftea-norsjo/2027/money": Decimal("3200000.00"),
            },
            proposed_on=date(2027, 3, 1),
        ),
        date(2027, 3, 1),
        "forbund",
    ),
    _Step("insats", budget.InsatsSigned(party="2482", signed_on=date(2027, 3, 1)), date(2027, 3, 1), "forbund"),
    _Step("insats", budget.InsatsAgreed(agreed_on=date(2027, 3, 1)), date(2027, 3, 1), "forbund"),
    _Step("insats", budget.InsatsStarted(started_on=date(2027, 3, 2)), date(2027, 3, 2), "forbund"),
    _Step(
        "insats",
        budget.InsatsMadeRegular(
            decided_on=date(2027, 10, 4), regular_from=date(2028, 1, 1), yearly_cost={"2482": Decimal("2400000.00")}
        ),
        date(2027, 10, 4),
        "forbund",
    ),
    _Step("insats", budget.InsatsEnded(last_day_on=date(2029, 6, 30)), date(2029, 7, 2), "forbund"),
    _Step("insats", budget.InsatsReactionRefused(command="StartInsats", code="insats-already-ended"), date(2029, 7, 2)),
    _Step(
        "budget",
        budget.BudgetDrafted(
            association="skelleftea-norsjo",
            year=2027,
            total=Decimal("8000000.00"),
            insurance="202100-5521",
            region="232100-0222",
            municipal_split={"2417": Decimal(6), "2482": Decimal(94)},
            shares=_SHARES,
            prepared_by="forbund-handlaggare-1",
            drafted_on=date(2026, 10, 1),
            saved_capital=Decimal("250000.00"),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.MemberConsulted(member="202100-5521", agrees=True, consulted_on=date(2026, 10, 20)),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.BudgetAdopted(
            adopted_on=date(2026, 11, 27),
            attested_by="forbund-handlaggare-2",
            due_on=date(2026, 11, 30),
            days_late=0,
            rule_source="SFS 2003:1210",
            posted={
                **{f"receivable/{member}": share for member, share in _SHARES.items()},
                "available": Decimal("-8000000.00"),
                "bank": Decimal("250000.00"),
                "saved-capital": Decimal("-250000.00"),
            },
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.CommitmentPrepared(
            commitment_id=_COMMITMENT,
            insats_id=sample_id("insats"),
            amount=Decimal("3200000.00"),
            participants=40,
            agreed=Decimal("3200000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 3, 3),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.CommitmentMade(
            commitment_id=_COMMITMENT,
            insats_id=sample_id("insats"),
            amount=Decimal("3200000.00"),
            participants=40,
            per_participant=Decimal("80000.00"),
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            decided_on=date(2027, 3, 4),
            posted={"available": Decimal("3200000.00"), f"committed/{_COMMITMENT}": Decimal("-3200000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.ShareLoweringPrepared(
            member="232100-0222",
            share=Decimal("1900000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 3, 5),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.SharesLowered(
            member="232100-0222",
            total=Decimal("7600000.00"),
            shares={
                "202100-5521": Decimal("3800000.00"),
                "232100-0222": Decimal("1900000.00"),
                "2417": Decimal("114000.00"),
                "2482": Decimal("1786000.00"),
            },
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            lowered_on=date(2027, 3, 8),
            posted={
                "available": Decimal("400000.00"),
                "receivable/202100-5521": Decimal("-200000.00"),
                "receivable/232100-0222": Decimal("-100000.00"),
                "receivable/2417": Decimal("-6000.00"),
                "receivable/2482": Decimal("-94000.00"),
            },
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.ContributionReceived(
            voucher="V-1",
            member="202100-5521",
            amount=Decimal("3800000.00"),
            received_on=date(2027, 3, 9),
            posted={"bank": Decimal("3800000.00"), "receivable/202100-5521": Decimal("-3800000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.PaymentPrepared(
            voucher="V-2",
            commitment_id=_COMMITMENT,
            amount=Decimal("3000000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 10, 1),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.PaymentMade(
            voucher="V-2",
            commitment_id=_COMMITMENT,
            insats_id=sample_id("insats"),
            amount=Decimal("3000000.00"),
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            paid_on=date(2027, 10, 4),
            posted={f"committed/{_COMMITMENT}": Decimal("3000000.00"), "bank": Decimal("-3000000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.CommitmentReleasePrepared(
            commitment_id=_COMMITMENT,
            amount=Decimal("150000.00"),
            prepared_by="forbund-handlaggare-1",
            prepared_on=date(2027, 12, 1),
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.CommitmentReleased(
            commitment_id=_COMMITMENT,
            amount=Decimal("150000.00"),
            prepared_by="forbund-handlaggare-1",
            attested_by="forbund-handlaggare-2",
            released_on=date(2027, 12, 3),
            posted={"available": Decimal("-150000.00"), f"committed/{_COMMITMENT}": Decimal("150000.00")},
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.BudgetClosed(
            closed_on=date(2028, 1, 31),
            prepared_by="forbund-handlaggare-1",
            spent=Decimal("3000000.00"),
            unspent=Decimal("4600000.00"),
            saved_capital=Decimal("4850000.00"),
            posted={
                "available": Decimal("4550000.00"),
                f"committed/{_COMMITMENT}": Decimal("50000.00"),
                "saved-capital": Decimal("-4600000.00"),
            },
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.AnnualReportGiven(
            reported_on=date(2028, 4, 3),
            attested_by="forbund-handlaggare-2",
            due_on=date(2028, 3, 31),
            days_late=3,
            rule_source="SFS 2003:1210",
        ),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.BudgetAudited(auditor="revisor-1", recommends_discharge=True, audited_on=date(2028, 4, 20)),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step(
        "budget",
        budget.DischargeDecided(member="202100-5521", granted=True, decided_on=date(2028, 6, 8)),
        date(2029, 7, 3),
        "forbund",
    ),
    _Step("budget", budget.BudgetReactionRefused(command="ConsultMember", code="not-a-member"), date(2029, 7, 3)),
    *_PAPERS,
    _Step(
        "measurement",
        support.MeasurementOpened(
            case_id=CASE,
            instrument="five-domains",
            instrument_version=1,
            occasion="quarterly",
            due_on=date(2026, 4, 20),
        ),
        date(2026, 4, 13),
        "kommun",
        after="case",
    ),
    _Step(
        "measurement",
        support.MeasurementAnswered(
            case_id=CASE,
            answered_by="region",
            answered_on=date(2026, 4, 15),
            health=support.GivenAnswers(answers={"health": 3}),
        ),
        date(2026, 4, 15),
        "region",
    ),
    _Step(
        "measurement",
        support.MeasurementCompleted(
            case_id=CASE,
            instrument="five-domains",
            instrument_version=1,
            occasion="quarterly",
            assessed_on=date(2026, 4, 17),
            answered_by=("kommun", "region"),
            health=support.MeasuredScores(scores={"health": 3, "readiness-to-work": 4}),
        ),
        date(2026, 4, 17),
        "kommun",
    ),
    _Step(
        "exit measurement",
        support.MeasurementCancelled(case_id=CASE, cancelled_on=date(2027, 3, 1), code="participant-declined"),
        date(2027, 3, 1),
        "kommun",
    ),
    _Step(
        "plan",
        support.PlanWritten(
            case_id=CASE,
            revision=1,
            written_on=date(2026, 1, 27),
            parties=("participant", "kommun", "af"),
            employment=support.WorkTexts(texts=("Ett arbete att växa i.",)),
            health=support.HealthTexts(texts=("Sova om natten.",)),
        ),
        date(2026, 1, 27),
        "kommun",
        after="case",
    ),
    _Step(
        "plan",
        support.ActivityPlanned(
            case_id=CASE,
            revision=1,
            activity_id=sample_id("activity"),
            responsible="kommun",
            due_on=date(2026, 2, 20),
            employment=support.WorkTexts(texts=("Besöka ledsagarservice.",)),
        ),
        date(2026, 1, 27),
        "kommun",
    ),
    _Step(
        "plan",
        support.PlanSigned(
            case_id=CASE,
            revision=1,
            party="participant",
            signed_on=date(2026, 1, 28),
            on_behalf=True,
            health=support.HealthTexts(texts=("God man skriver under.",)),
        ),
        date(2026, 1, 28),
        "kommun",
    ),
    _Step(
        "plan",
        support.PlanAgreed(case_id=CASE, revision=1, agreed_on=date(2026, 1, 30)),
        date(2026, 1, 30),
        "af",
    ),
    _Step(
        "plan",
        support.ActivityDone(
            case_id=CASE,
            activity_id=sample_id("activity"),
            done_on=date(2026, 2, 23),
            days_late=3,
            employment=support.WorkTexts(texts=("Arbetsplatsen kunde inte tidigare.",)),
        ),
        date(2026, 2, 23),
        "kommun",
    ),
    _Step(
        "plan",
        support.ActivityDropped(
            case_id=CASE,
            activity_id=sample_id("another activity"),
            dropped_on=date(2026, 3, 2),
            code="no-longer-needed",
            employment=support.WorkTexts(texts=("Arbetet har börjat.",)),
        ),
        date(2026, 3, 2),
        "kommun",
    ),
    _Step(
        "plan",
        support.PlanClosed(case_id=CASE, closed_on=date(2027, 3, 1), code="goals-reached"),
        date(2027, 3, 1),
        "kommun",
    ),
    _Step(
        "presence",
        support.PresenceOpened(
            case_id=CASE,
            placement_id=PLACEMENT,
            activity="arbetspraktik",
            starts_on=_STARTS,
            ends_on=date(2026, 8, 31),
            told="af",
            employment=support.ScheduledWeek(weekdays=(1, 2, 3, 4, 5)),
        ),
        _STARTS,
        "kommun",
    ),
    _Step(
        "presence",
        support.DeviationReported(
            case_id=CASE,
            placement_id=PLACEMENT,
            activity="arbetspraktik",
            day=date(2026, 3, 4),
            reported_on=date(2026, 3, 4),
            told="af",
            economy=support.MissedShare(absent=Decimal("0.50")),
            health=support.AbsenceReason(day=date(2026, 3, 4), code="medical-visit"),
        ),
        date(2026, 3, 4),
        "kommun",
    ),
    _Step(
        "presence",
        support.WeekReported(
            case_id=CASE,
            placement_id=PLACEMENT,
            week=_STARTS,
            reported_on=date(2026, 3, 9),
            due_on=date(2026, 3, 9),
            employment=support.AttendedWeek(
                days=(
                    support.AttendedDay(day=_STARTS, absent=Decimal("0.00")),
                    support.AttendedDay(day=date(2026, 3, 4), absent=Decimal("0.50")),
                )
            ),
            health=support.AbsenceReasons(
                days=(support.AbsenceReason(day=date(2026, 3, 4), code="medical-visit"),),
            ),
        ),
        date(2026, 3, 9),
        "kommun",
    ),
    _Step(
        "presence",
        support.WeekCorrected(
            case_id=CASE,
            placement_id=PLACEMENT,
            week=_STARTS,
            corrected_on=date(2026, 3, 11),
            code="misread",
            employment=support.AttendedWeek(days=(support.AttendedDay(day=_STARTS, absent=Decimal("0.00")),)),
        ),
        date(2026, 3, 11),
        "kommun",
    ),
    _Step(
        "presence",
        support.DeviationWithdrawn(
            case_id=CASE,
            placement_id=PLACEMENT,
            day=date(2026, 3, 4),
            withdrawn_on=date(2026, 3, 11),
            told="af",
        ),
        date(2026, 3, 11),
        "kommun",
    ),
    _Step(
        "presence",
        support.PresenceScheduled(
            case_id=CASE,
            placement_id=PLACEMENT,
            from_on=date(2026, 3, 9),
            employment=support.ScheduledWeek(weekdays=(1, 3, 5)),
        ),
        date(2026, 3, 9),
        "kommun",
    ),
    _Step(
        "presence",
        support.PresenceEnded(case_id=CASE, placement_id=PLACEMENT, ends_on=date(2026, 3, 16)),
        date(2026, 3, 16),
        "kommun",
    ),
    _Step(
        "presence",
        support.SupportReactionRefused(command="EndPresence", code="presence-ended"),
        date(2026, 3, 16),
    ),
    *_BENEFIT,
    *_REGISTER,
    *(_Step(*told) for told in COURSE),
    _Step(
        "insats",
        budget.InsatsMethodDescribed(
            aim="Arbete eller studier för unga som behöver stöd av flera myndigheter.",
            way_of_working="En mötesplats, gemensam bedömning var tredje månad, en plan.",
            staffing="Två från kommunen, en från AF, en från regionen på halvtid.",
            lessons="Arbetsgivare som är öppna för praktikanter söks upp innan de behövs.",
            described_on=date(2027, 12, 1),
        ),
        date(2029, 7, 4),
        "forbund",
    ),
    _Step(
        "statistics",
        statistics.StatisticsPublished(
            insats_id=sample_id("insats"),
            programme="arbetsmarknadstorget",
            year=2027,
            half=1,
            published_on=date(2027, 7, 9),
            threshold=5,
            cells={"begun/all": 40, "begun/men": 18, "begun/women": 22, "persons/all": 34},
            hidden=("persons/men", "persons/women"),
            saved_per_year=Decimal("1905300.00"),
            saved_by_payer={"state": Decimal("1905300.00")},
            unvalued=("financial-aid",),
            value_sources=("activity-support: SFS 2017:819",),
        ),
        date(2029, 7, 4),
        "kommun",
    ),
    _Step(
        "statistics",
        statistics.StatisticsReactionRefused(command="PublishStatistics", code="statistics-published"),
        date(2029, 7, 4),
    ),
    *(_Step("compensation", event, date(2035, 1, 2), "af") for event in decision_life(CASE, PLACEMENT)),
    *(
        _Step("compensation", event, date(2035, 1, 2), "af")
        for event in recoveries(CASE, sample_id("other compensation"), sample_id("set-off"))
    ),
    *(
        _Step(stream, event, date(2035, 1, 2), "af")
        for stream, event in payments(COMPENSATION, sample_id("credit-order"))
    ),
)


def story() -> Iterator[tuple[Topic, Envelope, Event]]:
    """The samples in the order in which they were recorded."""
    latest: dict[str, tuple[Topic, Envelope]] = {}
    numbered: dict[str, int] = {}
    recorded_at = datetime.min.replace(tzinfo=UTC)
    for place, step in enumerate(STORY):
        topic = next(topic for topic in TOPICS if type(step.event) in topic.events)
        stream_id = sample_id(step.stream)
        # What is told at the end of the story and happened earlier was recorded late: a log never goes back in time.
        recorded_on = datetime.combine(step.recorded_on, time(9), UTC) + timedelta(minutes=place)
        recorded_at = max(recorded_on, recorded_at + timedelta(minutes=1))
        effective_on = step.event.effective_on()
        version = latest[step.stream][1].version + 1 if step.stream in latest else 1
        around = Envelope(
            id=sample_id(type(step.event).__name__),
            source=topic.source,
            type=step.event.wire_type(),
            stream_id=stream_id,
            version=version,
            time=datetime.combine(effective_on, time.min, STOCKHOLM).astimezone(UTC) if effective_on else recorded_at,
            recorded_at=recorded_at,
            correlation_id=CASE if step.event.about_case else stream_id,
            log_index=numbered.setdefault(topic.source, 0),
            causation_id=latest[step.after][1].id if step.after else None,
            command_id=sample_id(f"command {place}"),
            requires=_requires(topic, *latest[step.after]) if step.after else (),
            actor=f"actor-{step.agency}-0001" if step.agency else None,
            agency=step.agency,
            legal_basis=step.event.legal_basis,
            dataschema=step.event.dataschema(),
            traceparent=f"00-{sample_id(f'trace {place}').hex}-{sample_id(f'span {place}').hex[:16]}-01",
        )
        numbered[topic.source] += 1
        latest[step.stream] = topic, around
        yield topic, around, step.event


def _requires(topic: Topic, cause_topic: Topic, cause: Envelope) -> tuple[Requirement, ...]:
    """The cause itself and what it required, as far as it stands on other topics."""
    own = Requirement(cause_topic.name, cause.stream_id, cause.version)
    return tuple(sorted(entry for entry in (own, *cause.requires) if entry.topic != topic.name))
