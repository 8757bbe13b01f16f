"""The ledger: every entry makes zero, and its balances are what the budget says of itself, whatever is done to it."""

from collections import Counter
from decimal import Decimal
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from samverkan.backbone.errors import Refused
from samverkan.funding.budget import ledger
from samverkan.funding.budget.budget import Command
from samverkan.funding.budget.committing import AttestCommitment, AttestRelease, PrepareCommitment, PrepareRelease
from samverkan.funding.budget.examples import (
    ADOPT,
    ADOPTED,
    AGREED,
    ANNA,
    BO,
    BUDGET,
    CLOSE,
    FK,
    NORSJO,
    REGION,
    SKELLEFTEA,
    WHOLE_LIFE,
    after,
)
from samverkan.funding.budget.paying import AttestPayment, PreparePayment, ReceiveContribution
from samverkan.funding.budget.planning import AttestLowering, PrepareLowering
from samverkan.funding.budget.state import Event

DAY = ADOPT.adopted_on
IDS = [UUID(int=n) for n in range(4)]
ids = st.sampled_from(IDS)
vouchers = st.sampled_from([f"V-{n}" for n in range(6)])
amounts = st.integers(1, 900_000_000).map(lambda ore: Decimal(ore).scaleb(-2))
members = st.sampled_from([FK, REGION, NORSJO, SKELLEFTEA])


def balances(events: list[Event]) -> Counter[str]:
    found: Counter[str] = Counter()
    for event in events:
        for account, amount in getattr(event, "posted", {}).items():
            found[account] += amount
    return found


def test_the_whole_life_leaves_nothing_but_bank_receivables_and_saved_capital() -> None:
    left = {account: amount for account, amount in balances(after(*WHOLE_LIFE)).items() if amount}
    assert left == {
        "bank": Decimal(250_000) + Decimal(3_800_000) - Decimal(3_000_000),
        f"receivable/{REGION}": Decimal(1_900_000),
        f"receivable/{SKELLEFTEA}": Decimal(1_786_000),
        f"receivable/{NORSJO}": Decimal(114_000),
        "saved-capital": Decimal(-4_850_000),
    }


class Adopted(RuleBasedStateMachine):
    """Anything that can be asked of an adopted budget, in any order; refusals change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.events = after(*ADOPTED)
        self.budget = BUDGET.fold(self.events)

    def ask(self, command: Command) -> None:
        try:
            events = BUDGET.decide(command, self.budget)
        except Refused:
            return
        for event in events:
            posted = getattr(event, "posted", {})
            assert sum(posted.values()) == 0
            self.events.append(event)  # type: ignore[arg-type]
            self.budget = BUDGET.evolve(self.budget, event)
        assert not BUDGET.decide(command, self.budget)

    @rule(one=ids, amount=amounts)
    def prepare(self, one: UUID, amount: Decimal) -> None:
        self.ask(PrepareCommitment(one, one, amount, 10, AGREED, ANNA, DAY))

    @rule(one=ids)
    def attest(self, one: UUID) -> None:
        self.ask(AttestCommitment(one, BO, DAY, AGREED))

    @rule(one=ids, amount=amounts)
    def prepare_release(self, one: UUID, amount: Decimal) -> None:
        self.ask(PrepareRelease(one, amount, ANNA, DAY))

    @rule(one=ids)
    def attest_release(self, one: UUID) -> None:
        self.ask(AttestRelease(one, BO, DAY))

    @rule(voucher=vouchers, one=ids, amount=amounts)
    def prepare_payment(self, voucher: str, one: UUID, amount: Decimal) -> None:
        self.ask(PreparePayment(voucher, one, amount, ANNA, DAY))

    @rule(voucher=vouchers)
    def attest_payment(self, voucher: str) -> None:
        self.ask(AttestPayment(voucher, BO, DAY))

    @rule(voucher=vouchers, member=members, amount=amounts)
    def receive(self, voucher: str, member: str, amount: Decimal) -> None:
        self.ask(ReceiveContribution(voucher, member, amount, DAY))

    @rule(member=members, part=st.integers(1, 99))
    def prepare_lowering(self, member: str, part: int) -> None:
        self.ask(PrepareLowering(member, round(self.budget.shares[member] * part / 100, 2), ANNA, DAY))

    @rule()
    def attest_lowering(self) -> None:
        self.ask(AttestLowering(BO, DAY))

    def teardown(self) -> None:
        """Whatever was done before, the books can be closed; as a rule of its own it would end most runs early."""
        self.ask(CLOSE)
        assert self.budget.closed is not None
        self.the_ledger_says_what_the_budget_says()

    @invariant()
    def commitments_never_exceed_the_budget(self) -> None:
        assert 0 <= self.budget.available <= self.budget.total
        assert all(0 <= one.spent <= one.amount for one in self.budget.commitments.values())

    @invariant()
    def the_ledger_says_what_the_budget_says(self) -> None:
        found = balances(self.events)
        assert sum(found.values()) == 0
        if self.budget.closed is None:
            assert found[ledger.AVAILABLE] == -self.budget.available
            for commitment_id, one in self.budget.commitments.items():
                assert found[ledger.committed(commitment_id)] == -one.unspent
        else:
            assert found[ledger.AVAILABLE] == 0
            assert found[ledger.SAVED] == -self.budget.closed.saved_capital
        for member, share in self.budget.shares.items():
            paid = sum(one.amount for one in self.budget.contributions.values() if one.member == member)
            assert found[ledger.receivable(member)] == share - paid


TestAdopted = Adopted.TestCase
TestAdopted.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)
