"""S7 for an agency's store: what it holds does not depend on the order in which the topics arrive."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from samverkan.agency import (
    case_course_examples,
    course_examples,
    examples,
    finsam_examples,
    paper_examples,
    settlement_examples,
    support_examples,
)
from samverkan.agency.case_view import CaseRow
from samverkan.agency.compensation_view import ClaimRow, CompensationRow
from samverkan.agency.examples import CASE, COMPENSATION, JOB, MAIL, PRAKTIK, REFUSED_COMPENSATION
from samverkan.agency.placement_view import CasePlacementRow
from samverkan.agency.views import views_for
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.permute import Rows, assert_same_rows, fold
from samverkan.backbone.testing.record import stream
from samverkan.schemas.catalogue import MAY_SEE, PLACEMENT, TOPICS, Role
from samverkan.schemas.codec import without
from samverkan.schemas.event import COMPARTMENTS
from samverkan.schemas.placement import Outcome, PlacementEndCorrected, PlacementEnded

CREDIT = Decimal("21027.20")


def as_read_by(role: Role) -> list[list[Recorded]]:
    """The example's streams as the codec hands them to an agency of that role."""
    unreadable = COMPARTMENTS - MAY_SEE[role]
    streams = (
        *examples.STREAMS,
        *case_course_examples.STREAMS,
        *course_examples.REGISTER,
        *finsam_examples.STREAMS,
        *paper_examples.STREAMS,
        *support_examples.STREAMS,
        *settlement_examples.STREAMS,
    )
    return [[one._replace(event=without(one.event, unreadable)) for one in stream] for stream in streams]


def store(role: Role) -> Rows:
    return fold(views_for(role), [one for stream in as_read_by(role) for one in stream])


def case_of(rows: Rows) -> CaseRow:
    row = rows["shared_case"][CASE]
    assert isinstance(row, CaseRow)
    return row


@pytest.mark.parametrize("role", list(Role))
def test_s7_any_order_that_requires_allows_gives_the_same_store(role: Role) -> None:
    rows = assert_same_rows(views_for(role), as_read_by(role))
    assert all(rows.values())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATION_ASSOCIATION])
def test_s7_each_column_of_the_case_is_written_by_one_topic(role: Role) -> None:
    """Fold each topic alone: no column may differ from its default in two of them."""
    written: dict[str, str] = {}
    for topic in TOPICS:
        events = [one for stream in as_read_by(role) for one in stream if one.topic == topic.name]
        row = case_of(fold(views_for(role), events))
        for column, value in vars(row).items():
            if column != "case_id" and value != getattr(CaseRow(CASE), column):
                assert written.setdefault(column, topic.name) == topic.name, column
    assert len(set(written.values())) == len(TOPICS)


def test_the_case_counts_and_sums_all_its_placements_and_claims() -> None:
    row = case_of(store(Role.MUNICIPALITY))
    assert (row.placements_proposed, row.placements_agreed, row.placements_started, row.placements_ended) == (
        2,
        1,
        2,
        1,
    )
    assert (row.latest_started_on, row.latest_ended_on) == (date(2026, 3, 2), date(2026, 2, 27))
    assert (row.compensations_approved, row.compensations_refused) == (1, 1)
    assert (row.claims_submitted, row.claims_credited, row.claims_forfeited) == (2, 2, 1)
    assert (row.credit_decided, row.credited, row.forfeited) == (Decimal("252326.40"), 2 * CREDIT, CREDIT)
    assert row.notifications_delivered == 1


def test_a_later_referral_takes_nothing_away() -> None:
    row = case_of(store(Role.MUNICIPALITY))
    assert (row.referrals, row.referred_by, row.received_on) == (2, "kommun", date(2026, 2, 2))
    assert row.agencies_needed == ("af", "fk", "kommun")
    assert (row.person_number, row.name, row.language) == ("198808112380", "Test Testsson", "sv")
    assert row.referral_reason == "Behöver stöd"


def test_consents_to_one_agency_add_up() -> None:
    row = case_of(store(Role.MUNICIPALITY))
    assert row.consents["region"] == ["health", "identity"]
    assert row.consents["af"] == ["economy", "employment", "identity"]
    assert "fk" not in row.consents


def test_the_first_and_the_latest_assessment_are_kept() -> None:
    row = case_of(store(Role.REGION))
    assert (row.first_assessed_on, row.latest_assessed_on) == (date(2026, 2, 3), date(2026, 5, 4))
    assert row.first_scores is not None and row.latest_scores is not None
    assert (row.first_scores["readiness-to-work"], row.latest_scores["readiness-to-work"]) == (2, 4)


def test_each_placement_and_compensation_has_a_row_of_its_own() -> None:
    rows = store(Role.MUNICIPALITY)
    placements: Any = rows["case_placement"]
    assert {key: (row.form, row.outcome) for key, row in placements.items()} == {
        PRAKTIK: ("arbetspraktik", "job"),
        JOB: ("introduktionsjobb", None),
    }
    job = placements[JOB]
    assert isinstance(job, CasePlacementRow)
    assert (job.case_id, job.approved_by, job.granted, job.decided_on) == (CASE, ("af",), True, date(2026, 2, 20))
    assert (job.workplace, job.gross_per_month) == ("Ledsagarservice", Decimal("24000.00"))
    granted, refused = (rows["case_compensation"][key] for key in (COMPENSATION, REFUSED_COMPENSATION))
    assert isinstance(granted, CompensationRow) and isinstance(refused, CompensationRow)
    assert (granted.granted, granted.placement_id, granted.credit_in_all) == (True, JOB, Decimal("252326.40"))
    assert (refused.granted, refused.refusal_code) == (False, "form-without-compensation")


def test_each_claimed_month_has_a_row_of_its_own() -> None:
    claims: Any = store(Role.MUNICIPALITY)["case_claim"]
    march, april, may = (claims[f"{COMPENSATION}/2026-0{month}-01"] for month in (3, 4, 5))
    assert isinstance(march, ClaimRow)
    assert march == ClaimRow(
        claim=f"{COMPENSATION}/2026-03-01",
        compensation_id=COMPENSATION,
        case_id=CASE,
        work_month=date(2026, 3, 1),
        received_on=date(2026, 4, 8),
        credit_by=date(2026, 5, 12),
        rule_version="introduktionsjobb-2018-05-01",
        credited_on=date(2026, 5, 12),
        gross_paid=Decimal("24000.00"),
        cost=Decimal("31540.80"),
        credit=CREDIT,
        own_cost=Decimal("10513.60"),
        credited=CREDIT,
    )
    assert (april.credit_by, april.credited) == (date(2026, 6, 12), CREDIT)
    assert (may.forfeited_on, may.forfeited, may.credited) == (date(2026, 12, 1), CREDIT, None)


@pytest.mark.parametrize(
    ("role", "unknown"),
    [
        (Role.INSURANCE, ["referral_reason", "first_scores", "latest_scores"]),
        (Role.REGION, ["credit_decided", "credited", "forfeited"]),
    ],
)
def test_what_a_role_may_not_read_never_reaches_its_store(role: Role, unknown: Sequence[str]) -> None:
    row = case_of(store(role))
    assert {name: getattr(row, name) for name in unknown} == dict.fromkeys(unknown)


def test_fk_and_the_region_hold_no_workplace() -> None:
    for role in (Role.INSURANCE, Role.REGION):
        for row in store(role)["case_placement"].values():
            assert isinstance(row, CasePlacementRow)
            assert (row.employer_number, row.workplace, row.supervisor, row.tasks) == (None, None, None, ())


def test_the_coordination_association_holds_counts_and_no_case() -> None:
    rows = store(Role.COORDINATION_ASSOCIATION)
    assert {name: row.number for name, row in rows["tally"].items()} == {
        "cases": 1,
        "participations": 1,
        "placements-started": 2,
        "placements-ended-job": 1,
    }
    of_nobody = {"tally", "person_tally", "finsam_budget", "finsam_insats", "published_result", "insats_method"}
    assert set(rows) == of_nobody


def test_a_corrected_end_counts_once_with_its_right_outcome_and_day() -> None:
    ended = next(one for one in examples.praktik if isinstance(one.event, PlacementEnded))
    corrected = PlacementEndCorrected(
        case_id=CASE,
        last_day_on=date(2026, 2, 20),
        outcome=Outcome.STUDY,
        was_last_day_on=date(2026, 2, 27),
        was_outcome=Outcome.JOB,
        corrected_on=date(2026, 3, 2),
    )
    since = stream(PLACEMENT, PRAKTIK, corrected, case_id=CASE, since=ended.envelope.version)
    rows = fold(views_for(Role.MUNICIPALITY), [*examples.praktik, *since])
    row: Any = rows["case_placement"][PRAKTIK]
    assert (row.last_day_on, row.outcome) == (date(2026, 2, 20), "study")
    case = case_of(rows)
    assert (case.placements_ended, case.latest_ended_on) == (1, date(2026, 2, 20))
    tally = {name: one.number for name, one in rows["tally"].items() if name.startswith("placements-ended")}
    assert tally == {"placements-ended-job": 0, "placements-ended-study": 1}


def test_all_agencies_count_the_same() -> None:
    counts = [store(role)["tally"] for role in Role]
    assert all(count == counts[0] for count in counts)


def test_a_notification_knows_whether_it_arrived() -> None:
    row: Any = store(Role.INSURANCE)["case_notification"][MAIL]
    assert (row.case_id, row.recipient, row.template, row.state) == (CASE, "fk", "placement-started", "delivered")


def test_the_tables_have_the_columns_of_the_rows() -> None:
    """What the database refuses in a batch would park every stream."""
    migrations = sorted((Path(__file__).parent / "migrations").glob("*.sql"))
    sql = "\n".join(path.read_text(encoding="utf-8") for path in migrations)
    for view in views_for(Role.MUNICIPALITY):
        table = sql.partition(f"create table {view.table} (")[2].partition("\n);")[0]
        columns = [line.split()[0] for line in table.splitlines() if line.strip() and not line.strip().startswith("--")]
        columns += re.findall(rf"^alter table {view.table} add column (\w+)", sql, re.MULTILINE)
        assert tuple(columns) == view.columns()
