"""What log and topic say of each other, without either: leaves are one byte here."""

from hypothesis import given
from hypothesis import strategies as st

from samverkan.backbone.recovery.comparing import TAIL_RECORDS, Comparing, Landmarks, start_of


def leaf(index: int, other: bool = False) -> bytes:
    return bytes([index % 100 + 100 * other])


def compared(
    records: list[tuple[int, int]],
    log: dict[int, int],
    *,
    proven: int = 0,
    given_up: frozenset[int] = frozenset(),
    altered: frozenset[int] = frozenset(),
) -> Comparing:
    """`records`: (partition, index) in the order of a topic; `log`: index → partition."""
    comparing = Comparing(max(log, default=-1) + 1, proven, given_up)
    for offset, (partition, index) in enumerate(records):
        known = leaf(index) if index in log else None
        comparing.take(partition, offset, index, leaf(index, index in altered), known)
    for index, partition in sorted(log.items()):
        if index >= proven:
            comparing.log_row(index, partition)
    return comparing


LOG = {0: 0, 1: 1, 2: 0, 3: 1, 4: 0}


def code(comparing: Comparing) -> str | None:
    difference = comparing.conclude()
    return None if difference is None else difference.code


def test_a_topic_that_holds_the_log_agrees_repeats_included() -> None:
    comparing = compared([(0, 0), (1, 1), (0, 2), (1, 3), (0, 4), (0, 2), (0, 4)], LOG)
    assert code(comparing) is None
    assert (comparing.missing, list(comparing.ahead()), comparing.repeats) == (0, [], 2)


def test_what_the_log_lacks_is_taken_back() -> None:
    comparing = compared([(0, 0), (1, 1), (0, 2), (1, 3), (0, 4), (1, 6), (0, 5)], LOG)
    assert code(comparing) is None
    assert list(comparing.ahead()) == [5, 6]


def test_the_end_of_each_partition_may_be_missing_and_is_sent_again() -> None:
    comparing = compared([(0, 0), (0, 2), (0, 4)], LOG)
    assert code(comparing) is None
    assert (comparing.missing, comparing.first_missing) == (2, 1)
    assert [index for index in LOG if comparing.lacks(index)] == [1, 3]


def test_an_empty_topic_lacks_everything() -> None:
    comparing = compared([], LOG)
    assert code(comparing) is None
    assert comparing.missing == 5


def test_a_record_missing_below_others_of_its_partition_is_a_difference() -> None:
    assert code(compared([(0, 0), (1, 1), (0, 4), (1, 3)], LOG)) == "topic-hole"


def test_another_record_under_a_known_index_is_a_difference() -> None:
    assert code(compared([(0, 0), (1, 1)], LOG, altered=frozenset({1}))) == "leaf-differs"


def test_a_log_without_a_row_that_the_topic_has_was_altered() -> None:
    comparing = Comparing(5, 0)
    comparing.take(0, 0, 3, leaf(3), None)
    assert code(comparing) == "log-row-missing"


def test_a_log_that_goes_on_above_a_hole_has_lost_an_event() -> None:
    comparing = compared([(0, 0), (1, 1), (0, 2), (1, 3), (0, 4), (0, 6), (1, 9)], LOG)
    assert comparing.gaps() == [5, 7, 8]
    assert code(comparing) == "log-index-missing"


def test_indexes_that_somebody_gave_up_are_no_hole_and_must_not_come_back() -> None:
    records = [(0, 0), (1, 1), (0, 2), (1, 3), (0, 4), (0, 6)]
    assert code(compared(records, LOG, given_up=frozenset({5}))) is None
    assert code(compared([*records, (1, 5)], LOG, given_up=frozenset({5}))) == "given-up-found"


def test_below_what_is_proven_nothing_is_missed() -> None:
    comparing = compared([(1, 3), (0, 4)], LOG, proven=3)
    assert code(comparing) is None
    assert comparing.missing == 0


def test_an_index_far_above_everything_costs_no_memory() -> None:
    comparing = compared([(0, 10**17)], LOG)
    assert comparing.gaps() == [5, 6, 7, 8, 9]


@given(
    partitions=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    kept=st.integers(0, 30),
    cut=st.lists(st.integers(0, 30), min_size=4, max_size=4),
)
def test_whatever_was_lost_at_either_end_what_follows_makes_both_the_same(
    partitions: list[int], kept: int, cut: list[int]
) -> None:
    """A backup of any age, and a topic whose partitions end anywhere, unless an event is in neither."""
    history = dict(enumerate(partitions))
    log = {index: partition for index, partition in history.items() if index < kept}
    topic = [(p, i) for p in range(4) for i in sorted(i for i, q in history.items() if q == p)[: cut[p]]]
    comparing = compared(topic, log)
    nowhere = [i for i in comparing.ahead() if (history[i], i) not in topic]
    assert (code(comparing) == "log-index-missing") == bool(nowhere)
    if not nowhere:
        after_log = set(log) | set(comparing.ahead())
        after_topic = {i for _, i in topic} | {i for i in log if comparing.lacks(i)}
        assert after_log == after_topic


def test_reading_begins_a_tail_below_the_landmarks() -> None:
    marks = Landmarks("id", 500, {0: 300, 1: 40})
    assert start_of(marks, "id", {0: 0, 1: 0, 2: 0}, {0: 350, 1: 40, 2: 7}) == (
        {0: 300 - TAIL_RECORDS, 1: 0, 2: 0},
        False,
    )


def test_another_topic_a_shorter_one_and_an_unknown_one_are_read_as_a_whole() -> None:
    marks, begins = Landmarks("id", 500, {0: 300}), {0: 0}
    assert start_of(marks, "other", begins, {0: 900}) == ({0: 0}, True)
    assert start_of(marks, "id", begins, {0: 299}) == ({0: 0}, True)
    assert start_of(Landmarks(None, 0, {}), "id", begins, {0: 299}) == ({0: 0}, True)
    assert start_of(marks, None, begins, {0: 300})[1] is False
