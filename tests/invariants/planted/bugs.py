"""The table: which mechanism is taken out, which test must see it, and what that test says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
import reading_bugs
import writing_bugs

STORE = "test_conformance.TestOurStore."
JOURNAL = "test_conformance.TestOurJournal."


@dataclass(frozen=True)
class Bug:
    """`caught_by`: module and name of a test; `saying`: a regular expression of its failure."""

    name: str
    invariant: str
    plant: Callable[[pytest.MonkeyPatch], None]
    caught_by: str
    saying: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


BUGS: Final = (
    Bug(
        "versions are decided without locking the stream's head",
        "J1",
        writing_bugs.heads_are_not_locked,
        JOURNAL + "test_j1_of_twenty_writers_on_one_expected_version_exactly_one_wins",
        "database-refused|SQLSTATE 23505|Conflict",
    ),
    Bug(
        "read by identity column only",
        "J2",
        writing_bugs.read_by_identity_column,
        JOURNAL + "test_j2_an_open_transaction_delays_only_its_own_events",
        "never came to the broker",
    ),
    Bug(
        "move the cursor before the acknowledgement",
        "R1",
        writing_bugs.cursor_before_acknowledgement,
        JOURNAL + "test_r1_a_relay_that_dies_with_a_send_on_the_way_skips_nothing",
        "never came to the broker|overtook",
    ),
    Bug(
        "go on with the next batch after a failed send",
        "R1",
        writing_bugs.failed_sends_are_passed_over,
        JOURNAL + "test_r1_after_a_send_that_was_not_acknowledged_nothing_overtakes",
        "never came to the broker|overtook",
        {"fate": writing_bugs.LOST, "failing": 0},
    ),
    Bug(
        "number without asking who holds the lease",
        "R2",
        writing_bugs.anybody_numbers,
        JOURNAL + "test_r2_a_relay_that_wakes_after_another_took_over_can_only_repeat",
        "overtook|never came|not what was logged|dense",
    ),
    Bug(
        "write what Kafka will not take",
        "R3",
        writing_bugs.any_size_is_written,
        JOURNAL + "test_r3_a_record_that_no_broker_would_take_is_refused_when_it_is_written",
        "DID NOT RAISE",
    ),
    Bug(
        "no lock on the subscription's row",
        "S0",
        reading_bugs.no_lock_on_the_subscription,
        STORE + "test_s0_what_waits_is_never_missed_by_what_it_waits_for",
        "nobody woke the one that waited",
    ),
    Bug(
        "unsorted view writes",
        "S0",
        reading_bugs.unsorted_view_writes,
        "test_s0_serial.test_s0_six_hundred_pairs_of_commands_and_applies_on_the_same_rows_lose_no_update",
        "SQLSTATE 40P01",
    ),
    Bug(
        "trust the listener's position",
        "S1",
        reading_bugs.trust_the_position,
        STORE + "test_s1_a_batch_that_begins_above_the_stored_offset_is_not_believed",
        r"assert \{\} == ",
    ),
    Bug(
        "acknowledge first",
        "S1",
        reading_bugs.acknowledge_first,
        STORE + "test_s1_the_offset_falls_with_the_effect",
        "something of a dead transaction stayed",
    ),
    Bug(
        "a deadlock is taken for the fault of an event",
        "S2",
        reading_bugs.a_deadlock_is_permanent,
        STORE + "test_s2_a_batch_that_failed_is_whole_when_it_comes_again_and_parks_nothing",
        "SQLSTATE 40P01",
    ),
    Bug(
        "what comes before its turn is thrown away",
        "S3",
        reading_bugs.forget_what_came_early,
        STORE + "test_s3_a_hole_waits_and_holds_up_nobody_else",
        "assert ",
    ),
    Bug(
        "what a fold raises ends the batch",
        "S4",
        reading_bugs.nothing_is_guarded,
        STORE + "test_s4_a_bad_event_parks_its_stream_and_no_other",
        "ZeroDivisionError",
        {"purpose": "poison"},
    ),
    Bug(
        "park without a limit",
        "S4",
        reading_bugs.park_without_limit,
        STORE + "test_s4_too_many_parked_at_once_is_a_bad_release_and_nothing_is_applied",
        "DID NOT RAISE",
    ),
    Bug(
        "drop the waiting on `requires`",
        "S5",
        reading_bugs.do_not_wait,
        STORE + "test_s5_what_came_too_early_waits_and_is_released_by_what_it_required",
        "it was applied before its cause",
    ),
    Bug(
        "a mended stream wakes nobody",
        "S6",
        reading_bugs.wake_nobody,
        STORE + "test_s6_a_mended_stream_drains_in_order_and_wakes_who_waited",
        "assert ",
    ),
    Bug(
        "what waited is not looked at again",
        "S7",
        reading_bugs.wake_nobody,
        STORE + "test_s7_topics_read_at_any_relative_speed_lead_to_the_same_rows",
        "assert ",
    ),
    Bug(
        "a stream's partition is computed anew at each send",
        "S8",
        writing_bugs.partition_by_todays_count,
        JOURNAL + "test_s8_partitions_that_are_added_move_no_stream_and_take_new_ones",
        "a stream moved to another partition",
    ),
    Bug(
        "an old batch moves the offset back",
        "S9",
        reading_bugs.offsets_are_not_compared,
        STORE + "test_s9_a_member_that_lost_its_partitions_finishes_an_old_batch_without_harm",
        "assert ",
    ),
    Bug(
        "a commit is acknowledged when one disk has it",
        "W1",
        writing_bugs.one_disk_is_enough,
        "test_w1_synchronous.test_w1_what_was_acknowledged_survives_the_loss_of_the_primary_and_its_disk",
        "acknowledged while only one disk had it",
    ),
    Bug(
        "accept commands before the log was compared with its topic",
        "W2",
        writing_bugs.commands_before_comparing,
        "test_w2_gate.test_w2_nothing_is_decided_before_log_and_topic_were_compared",
        "DID NOT RAISE.*Transient",
    ),
    Bug(
        "treat a fork as a repeat",
        "W3",
        reading_bugs.a_fork_is_a_repeat,
        STORE + "test_w3_another_event_at_a_taken_version_parks_the_stream_and_is_never_dropped",
        "a fork was taken for a repeat",
        {"applied": True},
    ),
)
