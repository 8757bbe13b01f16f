from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from samverkan.backbone.testing.permute import assert_same_rows, fold
from samverkan.backbone.testing.record import after, stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.placement.agreement.agreement import AGREEMENT
from samverkan.placement.agreement.approval import ApprovePlacement
from samverkan.placement.agreement.change import DropChange, ProposeChange
from samverkan.placement.agreement.consultation import AskUnion, RecordUnionOpinion
from samverkan.placement.agreement.decision import RecordDecision
from samverkan.placement.agreement.end import IssueCertificate
from samverkan.placement.agreement.examples import (
    APRIL_20,
    CASE,
    COMPENSATION,
    FEBRUARY_10,
    LONGER,
    MARCH_2,
    MAY_1,
    PRAKTIK,
    PROPOSE,
    PROPOSED,
    RECEIPT,
    history,
)
from samverkan.placement.agreement.interruption import ResumePlacement
from samverkan.placement.agreement.proposal import RevisePlacement
from samverkan.placement.agreement.report import AbsenceReport, EndReport, ReportChange
from samverkan.placement.agreement.start import StartPlacement
from samverkan.placement.machines import MACHINES
from samverkan.placement.views.changes import ChangeRow, ReportRow
from samverkan.placement.views.participants import EnrolledRow, SharingRow
from samverkan.placement.views.placements import PlacementRow
from samverkan.placement.views.views import VIEWS
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT, PLACEMENT
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.event import Compartment, Event
from samverkan.schemas.funding import CompensationApplied
from samverkan.schemas.paper import PaperEmployment, PlacementPaperMade
from samverkan.schemas.participant import (
    ConsentGiven,
    Identity,
    ParticipantEnrolled,
    ParticipantReferred,
    Programme,
    ReferralRepeated,
)
from samverkan.schemas.person import ProtectionLifted, ProtectionMarked
from samverkan.schemas.placement import Outcome, UnionOpinion

PLACEMENT_ID, PRAKTIK_ID = UUID(int=2), UUID(int=3)
REFERRED = ParticipantReferred(
    programme=Programme.INTRODUKTIONSJOBB, referred_by="af", agencies_needed=("af",), received_on=date(2026, 2, 2)
)
ENROLMENTS = [
    ParticipantEnrolled(programme=programme, enrolled_on=day)
    for programme, day in (
        (Programme.ARBETSMARKNADSTORGET, date(2026, 2, 3)),
        (Programme.INTRODUKTIONSJOBB, date(2026, 2, 10)),
    )
]
CONSENTS = [
    ConsentGiven(agency="af", purpose="plan", compartments=compartments, given_on=date(2026, 2, 11))
    for compartments in ((Compartment.EMPLOYMENT,), (Compartment.IDENTITY,))
]
NAMED = ReferralRepeated(
    **REFERRED.model_dump(exclude={"identity", "contact", "health"}),
    identity=Identity(person_number="198808112380", name="Testperson Ett"),
)
CASE_STREAM = stream(PARTICIPANT, CASE, REFERRED, *ENROLMENTS, *CONSENTS, NAMED)
APPROVALS = [ApprovePlacement(party, FEBRUARY_10) for party in ("participant", "employer", "af")]
JOB_LIFE = history(
    PROPOSE,
    AskUnion(FEBRUARY_10),
    RecordUnionOpinion(UnionOpinion.YES, FEBRUARY_10),
    *APPROVALS,
    RevisePlacement(extent=Decimal("0.80")),
    *APPROVALS,
    RecordDecision(COMPENSATION, True, FEBRUARY_10, PROPOSE.ends_on),
    StartPlacement(MARCH_2),
    ProposeChange(APRIL_20, supervisor="Ny handledare", gross_per_month=Decimal("20000.00")),
    *APPROVALS,
    ReportChange(RECEIPT, MAY_1, AbsenceReport(date(2026, 4, 10))),
    ResumePlacement(MAY_1),
    ProposeChange(MAY_1, extent=Decimal("0.50")),
    DropChange(MAY_1),
    ProposeChange(MAY_1, ends_on=LONGER),
    *APPROVALS,
    RecordDecision(COMPENSATION, True, MAY_1, LONGER),
)
PRAKTIK_LIFE = history(
    PRAKTIK,
    RecordUnionOpinion(UnionOpinion.YES, FEBRUARY_10),
    *APPROVALS,
    StartPlacement(MARCH_2),
    ReportChange(PRAKTIK_ID, MAY_1, EndReport(APRIL_20, Outcome.STUDY)),
    IssueCertificate(MAY_1),
)
JOB_STREAM = stream(PLACEMENT, PLACEMENT_ID, *JOB_LIFE, case_id=CASE, requires=[after(CASE_STREAM[1])])
PRAKTIK_STREAM = stream(PLACEMENT, PRAKTIK_ID, *PRAKTIK_LIFE, case_id=CASE, requires=[after(CASE_STREAM[1])])
PAPER = PlacementPaperMade(
    case_id=CASE,
    subject_id=PLACEMENT_ID,
    subject_version=5,
    template="agreement",
    template_version=1,
    engine="typst 0.15.2",
    paper_sha256="1" * 64,
    made_on=FEBRUARY_10,
    compartments=(Compartment.EMPLOYMENT,),
    employment=PaperEmployment(fields={"employer_name": "Timrå kommun"}),
)
PAPER_STREAM = stream(PLACEMENT, UUID(int=4), PAPER, case_id=CASE)
STREAMS = CASE_STREAM, JOB_STREAM, PRAKTIK_STREAM, PAPER_STREAM
SUPPORT = CompensationApplied(
    case_id=CASE,
    placement_id=PLACEMENT_ID,
    form=Programme.INTRODUKTIONSJOBB,
    starts_on=MARCH_2,
    ends_on=LONGER,
    extent=Decimal(1),
    applied_on=FEBRUARY_10,
)
OTHER_STREAMS = [
    stream(FUNDING, COMPENSATION, SUPPORT),
    *(
        stream(PLACEMENT, UUID(int=20 + number), *machine.states[example])
        for number, (machine, example) in enumerate(
            zip(MACHINES[1:4], ("registered and checked", "filled", "shared"), strict=True)
        )
    ),
]


def placement_row(*events: Event) -> PlacementRow:
    row = fold(VIEWS, stream(PLACEMENT, PLACEMENT_ID, *events, case_id=CASE))["placement"][PLACEMENT_ID]
    assert isinstance(row, PlacementRow)
    return row


@pytest.mark.parametrize("example", [name for name, events in MACHINES[0].states.items() if events])
def test_the_view_says_the_state_that_the_aggregate_is_in(example: str) -> None:
    events = MACHINES[0].states[example]
    row, state = placement_row(*events), AGREEMENT.fold(events)
    assert (row.state, row.version, row.revision) == (state.state, len(events), state.revision)
    assert row.approved_by == tuple(approval.party for approval in state.approvals)
    assert state.applies is not None
    assert (row.ends_on, row.extent) == (state.applies.ends_on, state.applies.extent)
    assert row.change_revision == (None if state.change is None else state.change.revision)
    assert row.granted == (None if state.decision is None else state.decision.granted)
    assert row.consulted_on == (None if state.consulted is None else state.consulted.consulted_on)


def test_the_row_holds_what_applies_now() -> None:
    row = placement_row(*JOB_LIFE)
    assert (row.supervisor, row.gross_per_month, row.extent) == ("Ny handledare", Decimal("20000.00"), Decimal("0.80"))
    assert (row.ends_on, row.covered_until, row.change_revision) == (LONGER, LONGER, None)
    assert (row.interrupted_from, row.resumed_on) == (date(2026, 4, 10), MAY_1)


def test_each_change_tells_how_far_it_came() -> None:
    rows = fold(VIEWS, JOB_STREAM)["placement_change"]
    told = [rows[key] for key in sorted(rows)]
    assert all(isinstance(row, ChangeRow) for row in told)
    assert [(row.revision, row.state, row.kinds) for row in told] == [
        (3, "in-force", ("pay", "supervisor")),
        (4, "dropped", ("hours",)),
        (5, "in-force", ("extended",)),
    ]


def test_a_receipt_keeps_what_was_understood_and_not_why_somebody_is_away() -> None:
    row = fold(VIEWS, JOB_STREAM)["change_report"][RECEIPT]
    assert isinstance(row, ReportRow)
    assert (row.kind, row.applies_from, row.reported_on) == ("absence", date(2026, 4, 10), MAY_1)
    assert "sickness" not in repr(row)


def sharing(*events: Event) -> SharingRow:
    row = fold(VIEWS, [*CASE_STREAM, *stream(PARTICIPANT, CASE, *events, since=len(CASE_STREAM))])
    found = row["participant_sharing"][CASE]
    assert isinstance(found, SharingRow)
    return found


def test_consents_to_one_agency_add_up_until_they_are_taken_back() -> None:
    assert sharing().shared_with("af") == {"employment", "identity"}
    assert sharing().shared_with("kommun") == frozenset()
    withdrawn = ConsentWithdrawn(
        agency="af", purpose="plan", compartments=(Compartment.EMPLOYMENT,), withdrawn_on=date(2026, 4, 10)
    )
    assert sharing(withdrawn).shared_with("af") == {"identity"}
    for_another_purpose = withdrawn.model_copy(update={"purpose": "evaluation"})
    assert sharing(for_another_purpose).shared_with("af") == {"employment", "identity"}


def test_what_a_protected_participant_shares_is_the_keepers_alone() -> None:
    marked = ProtectionMarked(keeper="kommun", marked_on=date(2026, 4, 10))
    assert sharing(marked).protected
    assert sharing(marked).shared_with("af") == frozenset()
    lifted = ProtectionLifted(lifted_on=date(2026, 5, 10))
    assert not sharing(marked, lifted).protected
    assert sharing(marked, lifted).shared_with("af") == {"employment", "identity"}


def test_an_unreadable_workplace_leaves_its_columns_empty() -> None:
    protected = PROPOSED.model_copy(update={"employment": None, "economy": None})
    row = fold(VIEWS, stream(PLACEMENT, PLACEMENT_ID, protected))["placement"][PLACEMENT_ID]
    assert isinstance(row, PlacementRow)
    assert (row.workplace, row.supervisor, row.gross_per_month) == (None, None, None)


def test_the_latest_enrolment_is_what_a_proposal_rests_on() -> None:
    assert fold(VIEWS, CASE_STREAM)["enrolled_participant"] == {CASE: EnrolledRow(CASE, 3, date(2026, 2, 10))}
    assert fold(VIEWS, CASE_STREAM[:1])["enrolled_participant"] == {}


def test_s7_the_rows_do_not_depend_on_which_topic_comes_first() -> None:
    assert_same_rows(VIEWS, [*STREAMS, *OTHER_STREAMS])


def test_a_paper_is_no_placement() -> None:
    rows = fold(VIEWS, PAPER_STREAM)
    assert (rows["placement"], set(rows["paper"])) == ({}, {"1" * 64})


async def test_the_database_gives_back_what_was_folded(database: str) -> None:
    migrate(database, *folders_of("placement"))
    events = [one for stream in (*STREAMS, *OTHER_STREAMS) for one in stream]
    await assert_stored_as_folded(database, VIEWS, events)
