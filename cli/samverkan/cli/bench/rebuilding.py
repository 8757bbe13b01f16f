"""How fast a view is folded again beside the live one, beside merely reading the events that it is folded from."""

from typing import Final

from samverkan.agency.case_view import SharedCases
from samverkan.agency.views import views_for
from samverkan.backbone.database import Pool
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.rebuild.rebuild import Rebuildable, Rebuilt, rebuild
from samverkan.backbone.subscription.reacting import Reader
from samverkan.cli.bench.applying import ROLE, apply_all
from samverkan.cli.bench.figures import Contender, PartFigures, Rate, Speed
from samverkan.cli.bench.filling import fill
from samverkan.cli.bench.place import Place
from samverkan.cli.bench.relaying import relay_all
from samverkan.cli.bench.report import told
from samverkan.cli.bench.size import FEW_STREAMS, MANY_STREAMS, Size
from samverkan.cli.bench.stopwatch import Stopwatch
from samverkan.cli.up.say import progress
from samverkan.schemas.catalogue import MAY_SEE, PARTICIPANT

_OURS: Final = "AF's view of cases folded from all kept events into a new table, compared with the live one, swapped"
_FLOOR: Final = "the same kept events read by a cursor in the order of application; nothing decoded, nothing written"
_READ: Final = "select * from kept_event order by applied_order"
_PREFETCH: Final = 5_000


class NotEqual(Exception):
    """The view folded again differs from the live one: no figure of this run means anything."""


async def measure(place: Place, size: Size) -> PartFigures:
    """Over few streams and over many."""
    rates, notes = [], []
    for streams, events in ((FEW_STREAMS, size.events_of_few), (MANY_STREAMS, size.events_of_many)):
        if events > 0:
            rate, last = await _measure(place, size, streams, events)
            progress(told(rate))
            rates.append(rate)
            notes.append(
                f"{rate.name}: {last.rows:,} rows, none differed; "
                f"the live view was locked for {last.locked_seconds * 1e3:.0f} ms"
            )
    return PartFigures("rebuild", rates=tuple(rates), notes=tuple(notes))


async def _measure(place: Place, size: Size, streams: int, events: int) -> tuple[Rate, Rebuilt]:
    ours: list[Speed] = []
    floor: list[Speed] = []
    rebuilt: list[Rebuilt] = []
    reader = Reader({PARTICIPANT.name: PARTICIPANT}, MAY_SEE[ROLE], {})
    agency = Rebuildable("agency.bench", reader, views_for(ROLE))
    async with (
        place.topics([PARTICIPANT]),
        place.database("rebuild_from", "intake") as journal,
        place.database("rebuild", "agency") as store,
    ):
        await fill(journal, Journal(PARTICIPANT), streams, events)
        await relay_all(place, journal, PARTICIPANT, events)
        await apply_all(place, store, PARTICIPANT, events)
        for _ in range(size.repeats):
            watch = Stopwatch(place.servers)
            rebuilt.append(await rebuild(place.dsn("rebuild"), agency, SharedCases().table))
            if rebuilt[-1].differing:
                raise NotEqual(f"{rebuilt[-1].differing} rows")
            watch.add(rebuilt[-1].events)
            ours.append(watch.speed())
            if size.rivals:
                floor.append(await _read_by_hand(place, store))
    contenders = [Contender("samverkan", _OURS, events, tuple(ours))]
    if floor:
        contenders.append(Contender("floor", _FLOOR, events, tuple(floor)))
    return Rate(f"rebuild, {streams:,} streams", 0, tuple(contenders)), rebuilt[-1]


async def _read_by_hand(place: Place, store: Pool) -> Speed:
    watch, read = Stopwatch(place.servers), 0
    async with store.acquire() as connection, connection.transaction():
        async for _ in connection.cursor(_READ, prefetch=_PREFETCH):
            read += 1
    watch.add(read)
    return watch.speed()
