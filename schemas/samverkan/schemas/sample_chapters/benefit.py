"""A benefit that was decided late, and what that cost the person."""

from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.schemas import benefit, funding
from samverkan.schemas.sample_chapters.step import CASE, Step

BENEFIT: Final = (
    Step(
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
    Step(
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
    Step("benefit", benefit.BenefitReactionRefused(command="ApplyForBenefit", code="not-decided"), date(2032, 1, 12)),
)
