"""The replay on a real broker and real stores: equal when it must be, and every way of being different is named."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from live_agency import BROKEN_STREAM, LiveAgency, broken_records, broker, golden_records, publish, with_attributes
from samverkan.backbone.replay.verify import Comparison
from samverkan.cli.replay import compare, instant_of
from samverkan.cli.replay_report import sentence
from samverkan.deploy.embedded.postgres import EmbeddedPostgres
from samverkan.schemas.catalogue import AGENCIES, PARTICIPANT
from samverkan.schemas.sample_chapters.step import COMPENSATION, sample_id

GOLDEN = golden_records()
ALL = len(GOLDEN) + len(broken_records())


@pytest.fixture(scope="module")
def bootstrap() -> Iterator[str]:
    """Topics with the golden log, a rejected and an unreadable record; no test here changes them."""
    with (
        tempfile.TemporaryDirectory(prefix="samverkan-", ignore_cleanup_errors=True) as folder,
        broker(Path(folder)) as address,
    ):
        yield address


@pytest.fixture
def own_bootstrap(short_folder: Path) -> Iterator[str]:
    """The same for one test that writes to them."""
    with broker(short_folder) as address:
        yield address


@pytest.fixture
async def af(postgres: EmbeddedPostgres, bootstrap: str) -> AsyncIterator[LiveAgency]:
    """AF's store, caught up."""
    agency = LiveAgency(postgres, "af")
    await agency.catch_up(bootstrap, ALL)
    yield agency
    agency.drop()


async def compared(agency: LiveAgency, bootstrap: str, as_of: datetime | None = None) -> Comparison:
    (comparison,) = await compare([agency.live], bootstrap, as_of)
    return comparison


@pytest.mark.parametrize("code", [agency.code for agency in AGENCIES])
async def test_every_agencys_store_is_equal_to_the_fold_of_the_topics(
    postgres: EmbeddedPostgres, bootstrap: str, code: str
) -> None:
    agency = LiveAgency(postgres, code)
    await agency.catch_up(bootstrap, ALL)
    comparison = await compared(agency, bootstrap)
    assert sentence(comparison, show_values=True).startswith(f"agency.{code}: equal: {len(GOLDEN)} events, ")
    assert [hold.code for hold in comparison.replayed.holds.values()] == ["payload-invalid"]
    assert comparison.rows > 0 and comparison.behind == 0
    agency.drop()


async def test_a_store_that_lags_is_compared_as_far_as_it_has_come(postgres: EmbeddedPostgres, bootstrap: str) -> None:
    agency = LiveAgency(postgres, "af")
    await agency.execute("insert into subscription (name) values ('agency.af')")
    comparison = await compared(agency, bootstrap)
    assert comparison.equal
    assert (comparison.events, comparison.behind) == (0, len(GOLDEN) + 1)
    agency.drop()


async def test_a_changed_amount_is_named_and_shown_only_on_demand(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("update case_compensation set credit_per_month = 1")
    comparison = await compared(af, bootstrap)
    (difference,) = comparison.differences
    assert (difference.table, difference.key, difference.column) == (
        "case_compensation",
        str(COMPENSATION),
        "credit_per_month",
    )
    assert difference.live == Decimal(1)
    withheld, shown = (sentence(comparison, show_values=show) for show in (False, True))
    assert "credit_per_month differs" in withheld and "21027.20" not in withheld
    assert "credit_per_month is 21027.20 in the replay, 1 in the live store" in shown


async def test_an_open_column_is_shown(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("update tally set number = 7 where name = 'cases'")
    told = sentence(await compared(af, bootstrap), show_values=False)
    assert told == "agency.af: DIFFERENT: tally cases: number is 1 in the replay, 7 in the live store"


async def test_a_row_that_nothing_led_to_is_named(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("insert into case_notification (notification_id, state) values ($1, 'queued')", sample_id("none"))
    told = sentence(await compared(af, bootstrap), show_values=False)
    assert told.endswith(f"case_notification {sample_id('none')}: absent in the replay, present in the live store")


async def test_a_deleted_row_is_named(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("delete from case_claim where work_month = '2026-03-01'")
    told = sentence(await compared(af, bootstrap), show_values=False)
    assert told.endswith(f"case_claim {COMPENSATION}/2026-03-01: present in the replay, absent in the live store")


async def test_a_deleted_kept_event_is_named(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("delete from kept_event where stream_id = $1 and version = 2", COMPENSATION)
    comparison = await compared(af, bootstrap)
    told = sentence(comparison, show_values=False)
    assert told.endswith(f"kept_event {COMPENSATION}/2: present in the replay, absent in the live store")
    as_of = await compared(af, bootstrap, datetime(2030, 1, 1, tzinfo=UTC))
    assert f"kept_event {COMPENSATION}/2" in sentence(as_of, show_values=False)


async def test_a_kept_event_with_other_bytes_is_named_even_if_its_leaf_was_left(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("update kept_event set entry = entry || '{}' where stream_id = $1 and version = 2", COMPENSATION)
    told = sentence(await compared(af, bootstrap), show_values=False)
    assert told.startswith(f"agency.af: DIFFERENT: kept_event {COMPENSATION}/2: entry differs")


async def test_an_offset_moved_on_over_events_is_named(postgres: EmbeddedPostgres, bootstrap: str) -> None:
    agency = LiveAgency(postgres, "af")
    for partition in range(PARTICIPANT.partitions):
        await agency.execute("insert into subscription_offset values ($1, $2, null, 100)", PARTICIPANT.name, partition)
    comparison = await compared(agency, bootstrap)
    assert {difference.table for difference in comparison.differences} >= {"kept_event", "shared_case"}
    agency.drop()


async def test_a_second_event_written_by_hand_is_a_fork_that_is_found_and_named(
    postgres: EmbeddedPostgres, own_bootstrap: str
) -> None:
    af = LiveAgency(postgres, "af")
    by_hand = with_attributes(GOLDEN[2], commandid=str(sample_id("by hand")))
    await publish(own_bootstrap, [by_hand])
    await af.catch_up(own_bootstrap, ALL + 1)
    comparison = await compared(af, own_bootstrap)
    assert [finding.code for finding in comparison.findings] == ["fork"]
    assert by_hand[1].decode() in sentence(comparison, show_values=False)
    af.drop()


async def test_a_rejected_record_that_the_store_forgot_is_named(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("delete from rejected_record")
    told = sentence(await compared(af, bootstrap), show_values=False)
    assert "rejected_record samverkan.participant/" in told


async def test_a_parked_stream_that_the_store_forgot_is_named(af: LiveAgency, bootstrap: str) -> None:
    await af.execute("delete from held_stream")
    told = sentence(await compared(af, bootstrap), show_values=False)
    assert told.endswith(f"held_stream {BROKEN_STREAM}: present in the replay, absent in the live store")


async def test_as_of_a_day_only_what_was_recorded_by_then_is_known(af: LiveAgency, bootstrap: str) -> None:
    comparison = await compared(af, bootstrap, instant_of("2026-01-31"))
    assert comparison.equal
    (row,) = comparison.replayed.rows["shared_case"].values()
    assert row.referrals == 2 and row.placements_started == 0
    later = await compared(af, bootstrap, instant_of("2099-12-31"))
    assert later.events == len(GOLDEN)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-02", datetime(2026, 3, 2, 22, 59, 59, 999999, tzinfo=UTC)),
        ("2026-07-02", datetime(2026, 7, 2, 21, 59, 59, 999999, tzinfo=UTC)),
        ("2026-03-02T09:30", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00Z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_day_ends_in_sweden_and_an_instant_without_zone_is_swedish(text: str, instant: datetime) -> None:
    assert instant_of(text) == instant
