"""Budgets, commitments, vouchers and ledger as queries read them: they say what the aggregate says."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from samverkan.backbone.database import connect, transaction
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view_table import Folding, ViewTables, keys_by_table
from samverkan.deploy.migrate import migrate
from samverkan.funding.budget.examples import BUDGET, BUDGET_ID, SECOND, TORGET, WHOLE_LIFE, after
from samverkan.funding.budget.money_views import Ledger, Vouchers
from samverkan.funding.budget.views import Budgets, Commitments
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.insats.examples import ASSOCIATION, PROPOSE, SIGN
from samverkan.funding.insats.examples import WHOLE_LIFE as INSATS_LIFE
from samverkan.funding.insats.examples import after as insats_after
from samverkan.funding.insats.insats import INSATS
from samverkan.funding.insats.views import Insatser, InsatsRow, agreed_money
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.event import Event

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VIEWS = (Budgets(), Commitments(), Vouchers(), Ledger(), Insatser())


def stream(stream_id: UUID, *events: Event) -> list[Recorded]:
    return [
        Recorded(
            FUNDING.name,
            Envelope(
                id=uuid5(stream_id, str(version)),
                source=FUNDING.source,
                type=event.wire_type(),
                stream_id=stream_id,
                version=version,
                time=NOW,
                recorded_at=NOW,
                correlation_id=stream_id,
                actor="forbund-handlaggare-1",
            ),
            event,
        )
        for version, event in enumerate(events, 1)
    ]


def folded(events: list[Recorded]) -> Folding:
    folding = Folding((*VIEWS, Compensations()))
    for recorded in events:
        folding.apply(recorded)
    return folding


@pytest.mark.parametrize("length", range(1, len(WHOLE_LIFE) + 1))
def test_the_row_says_what_the_aggregate_says(length: int) -> None:
    events = after(*WHOLE_LIFE[:length])
    budget, row = BUDGET.fold(events), folded(stream(BUDGET_ID, *events)).rows["finsam_budget"][BUDGET_ID]
    assert (row.state, row.total, row.committed, row.spent) == (
        budget.state,
        budget.total,
        budget.committed,
        budget.spent,
    )
    assert {code: Decimal(share) for code, share in row.shares.items()} == budget.shares
    if budget.adopted and not budget.closed:
        assert row.available == budget.available


def test_a_budget_makes_no_row_of_a_compensation() -> None:
    assert folded(stream(BUDGET_ID, *after(*WHOLE_LIFE))).rows["compensation"] == {}


def test_commitments_and_vouchers_know_what_awaits_whom() -> None:
    made = folded(stream(BUDGET_ID, *after(*WHOLE_LIFE))).rows
    torget, second = made["finsam_commitment"][TORGET], made["finsam_commitment"][SECOND]
    assert (torget.state, torget.amount, torget.spent) == ("made", Decimal(3_200_000), Decimal(3_000_000))
    assert (torget.per_participant, second.amount) == (Decimal(80_000), Decimal(1_000_000))
    before_attesting = WHOLE_LIFE[
        : WHOLE_LIFE.index(next(c for c in WHOLE_LIFE if type(c).__name__ == "AttestPayment"))
    ]
    vouchers = folded(stream(BUDGET_ID, *after(*before_attesting))).rows["finsam_voucher"]
    assert [(row.voucher, row.state) for row in vouchers.values()] == [("V-1", "received"), ("V-2", "prepared")]
    assert made["finsam_voucher"][f"{BUDGET_ID}/V-2"].state == "paid"


def test_each_ledger_row_traces_to_the_event_that_it_rests_on() -> None:
    events = stream(BUDGET_ID, *after(*WHOLE_LIFE))
    rows = list(folded(events).rows["finsam_ledger"].values())
    by_id = {recorded.envelope.id: recorded for recorded in events}
    for row in rows:
        event = by_id[row.event_id].event
        assert (row.decision, row.on_day) == (type(event).__name__, event.effective_on())
        assert row.amount == event.posted[row.account]  # type: ignore[attr-defined]
    assert sum(row.amount for row in rows) == 0
    assert len(rows) == sum(len(getattr(recorded.event, "posted", {})) for recorded in events)


def test_an_insats_is_committed_to_while_its_agreement_is_in_force() -> None:
    def row(*commands: object) -> InsatsRow:
        events = insats_after(*commands)  # type: ignore[arg-type]
        found: InsatsRow = folded(stream(TORGET, *events)).rows["insats"][TORGET]
        assert found.state == INSATS.fold(events).state
        return found

    assert agreed_money(row(PROPOSE), ASSOCIATION, 2026) is None
    assert agreed_money(row(PROPOSE, *SIGN), ASSOCIATION, 2026) == Decimal(3_200_000)
    assert agreed_money(row(PROPOSE, *SIGN), ASSOCIATION, 2027) == 0
    assert agreed_money(row(PROPOSE, *SIGN), "other", 2026) is None
    assert agreed_money(row(*INSATS_LIFE), ASSOCIATION, 2026) is None
    assert agreed_money(None, ASSOCIATION, 2026) is None
    regular = row(*INSATS_LIFE[:-1])
    assert (regular.signed_by, dict(regular.yearly_cost)) == (tuple(sorted(regular.parties)), {"2482": "2400000.00"})


async def test_the_rows_survive_the_tables_of_the_migrations(database: str) -> None:
    migrate(database, Path(__file__).parents[1] / "migrations")
    events = [*stream(BUDGET_ID, *after(*WHOLE_LIFE)), *stream(TORGET, *insats_after(*INSATS_LIFE))]
    tables, folding = ViewTables(VIEWS, shared=True), Folding(VIEWS)
    for recorded in events:
        folding.apply(recorded)
    async with await connect(database) as pool:
        async with transaction(pool) as connection:
            await tables.write(connection, folding)
        async with transaction(pool) as connection:
            read = await tables.read(connection, keys_by_table(VIEWS, events))
    assert read.rows == folding.rows
