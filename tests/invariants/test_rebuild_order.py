"""The order in which a rebuild folds: any history of two orders that require each other, read in any pieces (S7)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverkan.backbone.errors import Permanent
from samverkan.backbone.rebuild.order import KINDS, Kind, Merge, Need, Placed
from samverkan.backbone.recorded import Recorded
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.placement import UnionConsulted, UnionOpinion

NAMES = UUID(int=1)
INSTANT = datetime(2026, 3, 2, tzinfo=UTC)
EVENT = UnionConsulted(opinion=UnionOpinion.YES, consulted_on=INSTANT.date())


@dataclass(frozen=True)
class Happened:
    """One event of a history, in the order in which it happened; `needs` are indexes of earlier ones."""

    kind: Kind
    stream: UUID
    version: int
    needs: tuple[int, ...]


def history(seed: int, size: int) -> list[Happened]:
    random, versions, happened = Random(seed), dict[UUID, int](), list[Happened]()
    for number in range(size):
        kind = random.choice(KINDS)
        stream = uuid5(NAMES, f"{kind}/{random.randrange(4)}")
        versions[stream] = versions.get(stream, 0) + 1
        others = [n for n in range(number) if happened[n].kind != kind]
        needs = tuple(random.sample(others, min(len(others), random.choice((0, 0, 1, 2)))))
        happened.append(Happened(kind, stream, versions[stream], needs))
    return happened


def kept_again(happened: list[Happened], random: Random) -> list[int]:
    """The kept events as a restored store may have applied them anew: in stream order, else as they came."""
    queues: dict[UUID, list[int]] = {}
    for number, one in enumerate(happened):
        if one.kind == "kept":
            queues.setdefault(one.stream, []).append(number)
    order = []
    while queues:
        stream = random.choice(sorted(queues))
        order.append(queues[stream].pop(0))
        if not queues[stream]:
            del queues[stream]
    return order


def placed(happened: list[Happened], orders: dict[Kind, list[int]]) -> dict[Kind, list[Placed]]:
    places = {number: place for order in orders.values() for place, number in enumerate(order, 1)}

    def one(number: int) -> Placed:
        event = happened[number]
        envelope = Envelope(
            id=uuid5(event.stream, str(event.version)),
            source="/samverkan/test",
            type=EVENT.wire_type(),
            stream_id=event.stream,
            version=event.version,
            time=INSTANT,
            recorded_at=INSTANT,
            correlation_id=event.stream,
        )
        needs = tuple(Need(places[n], happened[n].stream, happened[n].version) for n in event.needs)
        return Placed(event.kind, places[number], Recorded("t", envelope, EVENT), needs)

    return {kind: [one(number) for number in order] for kind, order in orders.items()}


@given(seed=st.integers(0, 2**32), size=st.integers(0, 40), window=st.integers(1, 7), restored=st.booleans())
def test_s7_every_event_is_folded_once_after_its_stream_and_after_what_it_requires(
    seed: int, size: int, window: int, restored: bool
) -> None:
    happened, random = history(seed, size), Random(seed)
    orders: dict[Kind, list[int]] = {k: [n for n, one in enumerate(happened) if one.kind == k] for k in KINDS}
    if restored:
        orders["kept"] = kept_again(happened, random)
    left, merge, folded = placed(happened, orders), Merge(), list[tuple[UUID, int]]()
    for _ in range(4 * size + 4):
        for kind in KINDS:
            if not merge.ahead[kind]:
                merge.put(kind, left[kind][:window])
                left[kind] = left[kind][window:]
        folded += [(one.stream_id, one.envelope.version) for one in merge.take()]
    folded += [(one.stream_id, one.envelope.version) for one in merge.take()]
    merge.finish()
    at = {key: number for number, key in enumerate(folded)}
    assert len(at) == len(folded) == size
    for event in happened:
        key = (event.stream, event.version)
        assert event.version == 1 or at[event.stream, event.version - 1] < at[key]
        assert all(at[happened[n].stream, happened[n].version] < at[key] for n in event.needs)
        if not restored:
            assert not merge.aside


def test_s7_events_that_require_each_other_are_told_and_not_folded_in_any_order() -> None:
    happened = [Happened("kept", UUID(int=5), 1, (1,)), Happened("own", UUID(int=6), 1, (0,))]
    merge = Merge()
    for kind, events in placed(happened, {"kept": [0], "own": [1]}).items():
        merge.put(kind, events)
    assert list(merge.take()) == []
    with pytest.raises(Permanent, match="2 events wait"):
        merge.finish()
