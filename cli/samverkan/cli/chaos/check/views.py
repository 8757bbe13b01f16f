"""Is every view the fold of what was published, value by value?"""

from collections.abc import Iterator
from dataclasses import replace

from samverkan.backbone.replay.compare import Difference
from samverkan.backbone.replay.snapshot import Snapshot
from samverkan.backbone.replay.verify import compare_now
from samverkan.cli.chaos.facts import Facts, Held
from samverkan.cli.chaos.violation import Violation

_EVENTS = frozenset({"kept_event", "held_event"})  # of a service's own topic these are in its journal
_ELSEWHERE = frozenset({"held_stream", "rejected_record"})  # what is held and listed, and why, is another check's


def views_are_folds(facts: Facts) -> Iterator[Violation]:
    """Each store is folded anew, in memory, from the topics, and compared with the live one. A service's views are
    folds of its own events too: for it the own topic counts as read to its end."""
    for held in facts.stores.values():
        comparison = compare_now(facts.published, _with_own_topic_read(held, facts), held.store)
        for difference in comparison.differences:
            if difference.table not in (_ELSEWHERE if held.own is None else _ELSEWHERE | _EVENTS):
                yield _violation(held, difference)


def _with_own_topic_read(held: Held, facts: Facts) -> Snapshot:
    own = {} if held.own is None else {place: end for place, end in facts.ends.items() if place[0] == held.own.name}
    return replace(held.snapshot, offsets={**held.snapshot.offsets, **own})


def _violation(held: Held, difference: Difference) -> Violation:
    """Without values, which may tell something of a person: the replay command shows them to whoever may see them."""
    column = f" column {difference.column}" if difference.column else ""
    where = f"{held.name} {difference.table} {difference.key}{column}"
    present = "" if difference.column else f"{difference.live!r}"
    return Violation("S7", "lost", where, "the fold of the topics", present or "another value")
