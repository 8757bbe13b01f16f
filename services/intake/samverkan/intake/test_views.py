from datetime import date
from typing import Any
from uuid import UUID

from samverkan.backbone.testing.permute import fold
from samverkan.backbone.testing.record import stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.intake.case.examples import ASSESSED, ENROLLED, PLACEMENT, READY
from samverkan.intake.views import CaseRow, Cases
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.participant import (
    CaseReactionRefused,
    Contact,
    Identity,
    PlacementNoted,
    Programme,
    ReferralReason,
    ReferralRepeated,
)

CASE = UUID(int=1)
REPEATED = ReferralRepeated(
    programme=Programme.ARBETSMARKNADSTORGET,
    referred_by="af",
    agencies_needed=("fk",),
    received_on=date(2026, 2, 4),
    identity=Identity(person_number="198808112380", name="Test Testsson"),
    contact=Contact(language="sv", needs_interpreter=False),
    health=ReferralReason(reason="Behöver stöd"),
)
NOTED = tuple(
    PlacementNoted(placement_id=PLACEMENT, state=state, noted_on=day)
    for state, day in (("started", date(2026, 3, 2)), ("ended", date(2026, 3, 16)))
)
EVENTS = stream(PARTICIPANT, CASE, *READY, REPEATED, ENROLLED, *NOTED)


def row_after(*events: Any) -> CaseRow:
    row = fold([Cases()], stream(PARTICIPANT, CASE, *events))["participant_case"][CASE]
    assert isinstance(row, CaseRow)
    return row


def test_the_row_tells_how_far_the_case_has_come() -> None:
    assert row_after(READY[0]).state == "referred"
    assert row_after(*READY).state == "consent-pending"
    row = row_after(*READY, REPEATED, ENROLLED, *NOTED)
    assert (row.state, row.enrolled_on, row.version) == ("active", date(2026, 2, 10), 9)
    assert (row.placements_started, row.placements_ended) == (1, 1)


def test_a_repeated_referral_is_added_and_the_first_one_stays_first() -> None:
    row = row_after(*READY, REPEATED)
    assert (row.programme, row.referred_by, row.received_on) == ("introduktionsjobb", "kommun", date(2026, 2, 2))
    assert row.agencies_needed == ("af", "fk", "kommun")
    assert [referral["referred_by"] for referral in row.referrals] == ["kommun", "af"]
    assert [referral["reason"] for referral in row.referrals] == [None, "Behöver stöd"]
    assert (row.name, row.language, row.needs_interpreter) == ("Test Testsson", "sv", False)


def test_an_unreadable_compartment_leaves_its_columns_empty() -> None:
    sealed = [event.model_copy(update={"identity": None}) for event in READY[:1]]
    row = row_after(*sealed, ASSESSED.model_copy(update={"health": None}))
    assert (row.person_number, row.state) == (None, "referred")
    assert row.assessments[0]["scores"] is None


def test_a_refusal_in_a_case_that_nobody_opened_makes_no_row() -> None:
    refused = stream(PARTICIPANT, CASE, CaseReactionRefused(command="NotePlacement", code="case-unknown"))
    assert fold([Cases()], refused)["participant_case"] == {}


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("intake"))
    await assert_stored_as_folded(database, [Cases()], EVENTS)
