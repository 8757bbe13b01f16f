"""Story 1 (Timrå) from the first claim to the end: what is credited, lost, reminded of and told; the last day."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from samverkan.schemas import funding, notification, placement
from samverkan.schemas.sample_chapters.step import CASE, COMPENSATION, COST, CREDIT, ENDS, OWN_COST, STARTS, Step

CLAIMS: Final = (
    Step(
        "compensation",
        funding.ClaimSubmitted(
            case_id=CASE,
            work_month=date(2026, 3, 1),
            received_on=date(2026, 4, 30),
            supported_from=STARTS,
            supported_until=date(2026, 3, 31),
            economy=funding.ClaimBasis(gross_paid=Decimal("24000.00")),
        ),
        date(2026, 4, 30),
        "kommun",
    ),
    Step(
        "compensation",
        funding.ClaimCalculated(
            case_id=CASE,
            work_month=date(2026, 3, 1),
            credit_by=date(2026, 5, 12),
            rule_version="introduktionsjobb-2018-05-01",
            economy=funding.ClaimAmounts(
                cost=COST,
                credit=CREDIT,
                own_cost=OWN_COST,
                lines=(
                    funding.ClaimLine(
                        name="credit",
                        explanation_sv="80 % × (20 000,00 + 31,42 % av 20 000,00)",
                        explanation_en="80 % × (20 000.00 + 31.42 % of 20 000.00)",
                        amount=CREDIT,
                    ),
                ),
            ),
        ),
        date(2026, 4, 30),
        "af",
    ),
    Step(
        "compensation",
        funding.ClaimCredited(
            case_id=CASE,
            work_month=date(2026, 3, 1),
            credited_on=date(2026, 5, 12),
            economy=funding.CreditedAmount(credit=CREDIT),
        ),
        date(2026, 5, 12),
        "af",
    ),
    Step(
        "compensation",
        funding.ClaimForfeited(
            case_id=CASE,
            work_month=date(2026, 4, 1),
            received_on=date(2026, 10, 28),
            last_day_on=date(2026, 10, 27),
            economy=funding.CreditedAmount(credit=CREDIT),
        ),
        date(2026, 10, 28),
        "kommun",
    ),
    Step(
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
    Step(
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
    Step(
        "webhook",
        notification.WebhookDisabled(recipient="af", code="410"),
        date(2026, 11, 28),
    ),
    Step("webhook", notification.WebhookEnabled(recipient="af"), date(2026, 11, 30), "af"),
    Step(
        "notification",
        notification.NotificationRequeued(case_id=CASE, recipient="af", channel=notification.Channel.MAIL),
        date(2026, 11, 30),
        "af",
    ),
    Step(
        "notification",
        notification.NotificationInterrupted(
            case_id=CASE,
            recipient="af",
            channel=notification.Channel.MAIL,
            begun_at=datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
        ),
        date(2026, 11, 30),
    ),
    Step(
        "placement",
        placement.PlacementEnded(case_id=CASE, last_day_on=ENDS, outcome=placement.Outcome.JOB),
        date(2027, 3, 1),
        "kommun",
    ),
)
