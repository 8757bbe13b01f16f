"""Timrå's events folded into rows, and the rows through a real database and back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

from samverkan.backbone.database import connect, transaction
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.view_table import Folding, ViewTables, keys_by_table
from samverkan.deploy.migrate import migrate
from samverkan.funding.benefit.views import Benefits, Enrolments
from samverkan.funding.claim_view import ClaimRow, Claims, claim_key
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.examples import (
    APPLIED,
    APPROVED,
    CASE,
    CHECKED,
    DECIDED,
    GRANTED,
    MARCH,
    PLACEMENT,
)
from samverkan.funding.compensation.table import AMEND, AMENDED, REVOKE, REVOKED, after
from samverkan.funding.compensation_view import CompensationRow, Compensations
from samverkan.funding.employer_view import PlacementEmployers
from samverkan.funding.estimate_view import Estimates
from samverkan.funding.views import AgreedPlacements, PlacementRow
from samverkan.schemas.catalogue import FUNDING, Topic
from samverkan.schemas.catalogue import PLACEMENT as PLACEMENT_TOPIC
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.event import Event
from samverkan.schemas.funding import (
    ClaimAmounts,
    ClaimBasis,
    ClaimCalculated,
    ClaimCredited,
    ClaimForfeited,
    ClaimLine,
    ClaimSubmitted,
    CompensationRefused,
    CreditedAmount,
)
from samverkan.schemas.participant import Programme
from samverkan.schemas.placement import (
    Outcome,
    PlacementAgreed,
    PlacementEnded,
    PlacementProposed,
    PlacementStarted,
    Terms,
)

VIEWS = (
    AgreedPlacements(),
    Compensations(),
    Claims(),
    PlacementEmployers(),
    Benefits(),
    Enrolments(),
    Estimates(),
)
COMPENSATION = compensation_id(PLACEMENT)
NOW = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
CREDIT = Decimal("21027.20")

AGREED = PlacementAgreed(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=date(2026, 3, 2),
    ends_on=date(2027, 2, 28),
    extent=Decimal(1),
    agreed_on=date(2026, 2, 13),
    economy=Terms(gross_per_month=Decimal(24000), birth_year=1988),
)
PROPOSED = PlacementProposed(
    case_id=CASE,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=date(2026, 3, 2),
    ends_on=date(2027, 2, 28),
    extent=Decimal(1),
    parties=("kommun", "af"),
)
STARTED = PlacementStarted(case_id=CASE, starts_on=date(2026, 3, 2))
ENDED = PlacementEnded(case_id=CASE, last_day_on=date(2026, 3, 16), outcome=Outcome.JOB)
SUBMITTED = ClaimSubmitted(
    case_id=CASE,
    work_month=MARCH,
    received_on=date(2026, 4, 8),
    supported_from=date(2026, 3, 2),
    supported_until=date(2026, 3, 31),
    economy=ClaimBasis(gross_paid=Decimal(24000)),
)
LINE = ClaimLine(name="credit", explanation_sv="Kreditering: 21 027,20 kr", explanation_en="Credit", amount=CREDIT)
CALCULATED = ClaimCalculated(
    case_id=CASE,
    work_month=MARCH,
    credit_by=date(2026, 5, 12),
    rule_version="introduktionsjobb/2026-01-01",
    economy=ClaimAmounts(cost=Decimal("31540.80"), credit=CREDIT, own_cost=Decimal("10513.60"), lines=(LINE,)),
)
CREDITED = ClaimCredited(
    case_id=CASE, work_month=MARCH, credited_on=date(2026, 5, 12), economy=CreditedAmount(credit=CREDIT)
)


def stream(topic: Topic, stream_id: UUID, *events: Event) -> list[Recorded]:
    """The events as versions 1, 2, 3, … of one stream."""
    return [
        Recorded(
            topic.name,
            Envelope(
                id=uuid5(stream_id, str(version)),
                source=topic.source,
                type=event.wire_type(),
                stream_id=stream_id,
                version=version,
                time=NOW,
                recorded_at=NOW,
                correlation_id=CASE,
            ),
            event,
        )
        for version, event in enumerate(events, 1)
    ]


TIMRA = [
    *stream(PLACEMENT_TOPIC, PLACEMENT, PROPOSED, AGREED, STARTED),
    *stream(FUNDING, COMPENSATION, APPLIED, CHECKED, APPROVED, SUBMITTED, CALCULATED, CREDITED),
]


def folded(events: list[Recorded]) -> Folding:
    folding = Folding(VIEWS)
    for recorded in events:
        folding.apply(recorded)
    return folding


def placement(*events: Event) -> PlacementRow:
    row: PlacementRow = folded(stream(PLACEMENT_TOPIC, PLACEMENT, *events)).rows["agreed_placement"][PLACEMENT]
    return row


def compensation(*events: Event) -> CompensationRow:
    row: CompensationRow = folded(stream(FUNDING, COMPENSATION, *events)).rows["compensation"][COMPENSATION]
    return row


def claim(*events: Event) -> ClaimRow:
    rows: dict[str, ClaimRow] = folded(stream(FUNDING, COMPENSATION, *events)).rows["claim"]
    return rows[claim_key(COMPENSATION, MARCH)]


def test_an_agreed_placement_carries_what_an_application_rests_on() -> None:
    row = placement(PROPOSED, AGREED)
    assert (row.version, row.agreed_on, row.gross_per_month, row.birth_year) == (
        2,
        date(2026, 2, 13),
        Decimal(24000),
        1988,
    )
    assert row.started_on is None


def test_a_new_proposal_takes_the_agreement_back() -> None:
    assert placement(PROPOSED, AGREED, PROPOSED).agreed_on is None


def test_start_and_end_are_known() -> None:
    row = placement(PROPOSED, AGREED, STARTED, ENDED)
    assert (row.started_on, row.last_day_on) == (date(2026, 3, 2), date(2026, 3, 16))


def test_a_compensation_goes_from_applied_to_granted_and_sums_its_credits() -> None:
    assert compensation(APPLIED).state == "applied"
    assert compensation(APPLIED, CHECKED).state == "checked"
    row = compensation(APPLIED, CHECKED, APPROVED, SUBMITTED, CALCULATED, CREDITED)
    assert (row.state, row.version, row.credited) == ("granted", 6, CREDIT)
    assert (row.credit_per_month, row.own_cost_per_month) == (CREDIT, Decimal("10513.60"))
    assert row.credit_in_all == Decimal("252326.40")


def test_a_refused_compensation_names_the_ground() -> None:
    refused = CompensationRefused(
        case_id=CASE, placement_id=PLACEMENT, decided_on=DECIDED, code="person-not-eligible", attested_by="af-2"
    )
    row = compensation(APPLIED, CHECKED, refused)
    assert (row.state, row.refusal_code, row.attested_by) == ("refused", "person-not-eligible", "af-2")


def test_a_prepared_revocation_waits_for_its_attestation_whatever_becomes_of_an_amendment() -> None:
    for prepared in ((AMEND, REVOKE), (REVOKE, AMEND)):
        assert compensation(*after(GRANTED, *prepared)).waits_for == "revocation"
        assert compensation(*after(GRANTED, *prepared, AMENDED)).waits_for == "revocation"
    assert compensation(*after(GRANTED, AMEND, AMENDED)).waits_for is None
    assert compensation(*after(GRANTED, AMEND, REVOKE, REVOKED)).waits_for is None


def test_a_claim_goes_from_submitted_to_credited() -> None:
    assert claim(APPLIED, SUBMITTED).state == "submitted"
    assert claim(APPLIED, SUBMITTED, CALCULATED).state == "calculated"
    row = claim(APPLIED, SUBMITTED, CALCULATED, CREDITED)
    assert (row.state, row.credit, row.credited_on) == ("credited", CREDIT, date(2026, 5, 12))
    assert row.lines is not None
    assert "21 027,20" in row.lines


def test_a_forfeited_claim_shows_what_was_lost() -> None:
    forfeited = ClaimForfeited(
        case_id=CASE,
        work_month=MARCH,
        received_on=date(2026, 9, 29),
        last_day_on=date(2026, 9, 28),
        economy=CreditedAmount(credit=CREDIT),
    )
    row = claim(APPLIED, SUBMITTED, forfeited)
    assert (row.state, row.credit) == ("forfeited", CREDIT)


def test_absent_economy_is_normal() -> None:
    sealed = [
        event.model_copy(update={"economy": None}) for event in (APPLIED, APPROVED, SUBMITTED, CALCULATED, CREDITED)
    ]
    assert compensation(*sealed).credited == 0
    assert claim(*sealed).credit is None
    assert placement(AGREED.model_copy(update={"economy": None})).gross_per_month is None


async def test_the_rows_survive_the_tables_of_the_migration(database: str) -> None:
    migrate(database, Path(__file__).parent / "migrations")
    tables, folding = ViewTables(VIEWS, shared=True), folded(TIMRA)
    async with await connect(database) as pool:
        async with transaction(pool) as connection:
            await tables.write(connection, folding)
        async with transaction(pool) as connection:
            read = await tables.read(connection, keys_by_table(VIEWS, TIMRA))
    assert read.rows == folding.rows
