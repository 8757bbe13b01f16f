"""`samverkan ledger verify`: funding's topic read from its first record, added up and computed again."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.errors import SamverkanError
from samverkan.backbone.replay.history import History
from samverkan.cli.ledger.auditing import Audit, audit
from samverkan.cli.ledger.difference import Difference
from samverkan.cli.topics.reading import read_telling
from samverkan.cli.up.run import NothingRuns, Run, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, FAILED, NOTHING_RUNS, OK
from samverkan.funding.rules.load import load_rulebook
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.codec import Undecodable, decode
from samverkan.schemas.event import Event

_SHOWN: Final = 20  # the first ones say what is wrong; a wrong rule makes thousands


def verify(*, show_values: bool, run: Run | None = None) -> int:
    """Verify this run's topic, or that of the one that is up; the exit code."""
    try:
        history = asyncio.run(read_telling((run or load()).bootstrap, [FUNDING]))
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    except SamverkanError as error:
        complain(f"the topic could not be read ({error.code}).")
        return FAILED
    return report(history, show_values=show_values)


def report(history: History, *, show_values: bool) -> int:
    """Say what was found; 0 only if every krona agrees and the topic is whole."""
    streams, unreadable = _streams(history)
    found = audit(load_rulebook(), streams)
    for line in _sums(found):
        say(line)
    if found.sealed:
        say(f"{found.sealed} events whose amounts cannot be read here are not added up")
    if found.set_offs_under_way:
        say(f"{found.set_offs_under_way} set-offs are under way")
    holes = [str(finding) for finding in history.findings()]
    differences = [one.sentence(show_values=show_values) for one in (*unreadable, *found.differences)]
    wrong = [*holes, *differences]
    for sentence in wrong[:_SHOWN]:
        say(sentence)
    if len(wrong) > _SHOWN:
        say(f"… and {len(wrong) - _SHOWN} more")
    say("every krona agrees" if not wrong else f"DIFFERENT: {len(wrong)}")
    return DIFFERENT if wrong else OK


def _streams(history: History) -> tuple[dict[UUID, list[Event]], list[Difference]]:
    """The events of each stream in the order of their versions. A stream ends before an event that cannot be read."""
    streams: dict[UUID, list[Event]] = defaultdict(list)
    unreadable: dict[UUID, Difference] = {}
    for arrival in sorted(history.arrivals, key=lambda one: one.version):
        if arrival.stream_id in unreadable:
            continue
        try:
            streams[arrival.stream_id].append(decode(arrival.envelope.type, arrival.value).event)
        except Undecodable as error:
            difference = Difference(arrival.stream_id, arrival.version, "unreadable", error.code)
            unreadable[arrival.stream_id] = difference
    return streams, list(unreadable.values())


def _sums(found: Audit) -> Iterable[str]:
    if not found.programmes:
        yield "no money has moved"
    for name, programme in sorted(found.programmes.items()):
        yield f"{name}: {programme.streams} streams, {programme.events} events"
        shown = {account: amount for account, amount in sorted(programme.accounts.items()) if amount}
        for account, amount in shown.items():
            yield f"    {account:<20} {amount:>18}"
        yield f"    {'sum':<20} {sum(shown.values(), Decimal(0)):>18}"
