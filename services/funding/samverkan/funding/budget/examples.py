"""Story 9 for tests: Skellefteå's and Norsjö's budget of 2026, its commands and the events that they lead to."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.specification import specification
from samverkan.funding.budget.budget import Command, budget_id, budget_under, decide
from samverkan.funding.budget.closing import AuditBudget, CloseBudget, DecideDischarge, GiveAnnualReport
from samverkan.funding.budget.committing import AttestCommitment, AttestRelease, PrepareCommitment, PrepareRelease
from samverkan.funding.budget.law import load_law
from samverkan.funding.budget.paying import AttestPayment, PreparePayment, ReceiveContribution
from samverkan.funding.budget.planning import (
    AdoptBudget,
    AttestLowering,
    ConsultMember,
    DraftBudget,
    PrepareLowering,
)
from samverkan.funding.budget.state import Budget, Event, evolve

LAW: Final = load_law()
BUDGET: Final = budget_under(LAW)
given = specification(partial(decide, LAW), evolve, Budget())

BUDGET_ID: Final = budget_id("skelleftea-norsjo", 2026)
FK, REGION, NORSJO, SKELLEFTEA = "202100-5521", "232100-0222", "2417", "2482"
TORGET: Final = UUID("33333333-3333-4333-8333-333333333331")
SECOND: Final = UUID("33333333-3333-4333-8333-333333333332")
THIRD: Final = UUID("33333333-3333-4333-8333-333333333333")
AGREED: Final = Decimal(9_000_000)
ANNA, BO, REVISOR = "forbund-handlaggare-1", "forbund-handlaggare-2", "revisor-1"

DRAFT: Final = DraftBudget(
    association="skelleftea-norsjo",
    year=2026,
    total=Decimal("8000000.00"),
    insurance=FK,
    region=REGION,
    municipal_split={SKELLEFTEA: Decimal(94), NORSJO: Decimal(6)},
    saved_capital=Decimal("250000.00"),
    prepared_by=ANNA,
    drafted_on=date(2025, 10, 1),
)
CONSULT: Final = tuple(
    ConsultMember(member, agrees=True, consulted_on=date(2025, 10, 20)) for member in (FK, REGION, SKELLEFTEA, NORSJO)
)
ADOPT: Final = AdoptBudget(BO, date(2025, 11, 28))


def prepare(commitment_id: UUID, amount: str, participants: int = 40) -> PrepareCommitment:
    """A commitment to an insats whose agreement allows exactly as much; its id is that of the insats."""
    kronor = Decimal(amount)
    return PrepareCommitment(commitment_id, commitment_id, kronor, participants, kronor, ANNA, date(2026, 1, 12))


def attest(commitment_id: UUID) -> AttestCommitment:
    """Attested by another person, under an agreement that allows more than any budget here."""
    return AttestCommitment(commitment_id, BO, date(2026, 1, 14), AGREED)


COMMIT: Final = (
    *(prepare(TORGET, "3200000.00"), attest(TORGET)),
    *(prepare(SECOND, "1500000.00", 25), attest(SECOND)),
)
LOWER: Final = (
    PrepareLowering(REGION, Decimal("1900000.00"), ANNA, date(2026, 2, 2)),
    AttestLowering(BO, date(2026, 2, 4)),
)
RECEIVE: Final = ReceiveContribution("V-1", FK, Decimal("3800000.00"), date(2026, 2, 20))
RELEASE: Final = (
    PrepareRelease(SECOND, Decimal("500000.00"), ANNA, date(2026, 9, 1)),
    AttestRelease(SECOND, BO, date(2026, 9, 3)),
)
PAY: Final = (
    PreparePayment("V-2", TORGET, Decimal("3000000.00"), ANNA, date(2026, 10, 1)),
    AttestPayment("V-2", BO, date(2026, 10, 2)),
)
CLOSE: Final = CloseBudget(ANNA, date(2027, 1, 29))
REPORT: Final = GiveAnnualReport(BO, date(2027, 3, 30))
AUDIT: Final = AuditBudget(REVISOR, recommends_discharge=True, audited_on=date(2027, 4, 20))
DISCHARGE: Final = tuple(
    DecideDischarge(member, granted=True, decided_on=date(2027, 6, 8)) for member in (FK, REGION, SKELLEFTEA, NORSJO)
)

ADOPTED: Final[Sequence[Command]] = (DRAFT, *CONSULT, ADOPT)
COMMITTED: Final[Sequence[Command]] = (*ADOPTED, *COMMIT)
SPENT: Final[Sequence[Command]] = (*COMMITTED, *LOWER, RECEIVE, *RELEASE, *PAY)
WHOLE_LIFE: Final[Sequence[Command]] = (*SPENT, CLOSE, REPORT, AUDIT, *DISCHARGE)


def after(*commands: Command) -> list[Event]:
    """The events of these commands, one after the other from nothing. Each must be accepted."""
    budget, events = Budget(), list[Event]()
    for command in commands:
        for event in decide(LAW, command, budget):
            budget = evolve(budget, event)
            events.append(event)
    return events
