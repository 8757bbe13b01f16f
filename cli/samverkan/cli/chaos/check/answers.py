"""Does the journal hold what every caller was told, exactly once (J1)?"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from samverkan.backbone.http.call import command_id_of, new_id_of
from samverkan.backbone.subscription.arrival import Arrival
from samverkan.cli.chaos.facts import Facts
from samverkan.cli.chaos.history import Command
from samverkan.cli.chaos.violation import Violation


def answers_hold(facts: Facts) -> Iterator[Violation]:
    """An acknowledged command led to the events of its answer, at their places, and to no others; a refused one to
    none; none was answered by a failure, and none was left unanswered. Whether the journal's events are the topic's,
    leaf for leaf, is another check."""
    by_command: dict[UUID, list[Arrival]] = {}
    for arrival in facts.published.arrivals:
        if arrival.envelope.command_id is not None:
            by_command.setdefault(arrival.envelope.command_id, []).append(arrival)
    for command in facts.commands:
        yield from _holds(command, facts, by_command)


def _holds(command: Command, facts: Facts, by_command: dict[UUID, list[Arrival]]) -> Iterator[Violation]:
    where = f"{command.service} {command.path} key {command.key}"
    at = datetime.fromtimestamp(command.ended_at, UTC)
    done = [event for id_ in _command_ids(command) for event in by_command.get(id_, ())]
    if command.outcome in ("failed", "unanswered"):
        answered = f"status {command.status}" if command.status else "no answer"
        yield Violation("HTTP", "unanswered", where, "an acknowledgement or a refusal", answered, at)
    elif command.outcome == "refused" and done:
        told = f"{command.status} {command.code} and {_named(done)}"
        yield Violation("J1", "doubled", where, "a refused command to have led to nothing", told, at)
    elif command.outcome == "acknowledged":
        yield from _acknowledged(command, facts, done, where, at)


def _acknowledged(
    command: Command, facts: Facts, done: Sequence[Arrival], where: str, at: datetime
) -> Iterator[Violation]:
    assert command.stream_id is not None
    first = command.version - len(command.events) + 1
    journal = facts.journals[command.service]
    there = {(row.stream_id, row.version) for row in journal.rows}
    for version, name in enumerate(command.events, first):
        if (command.stream_id, version) not in there:
            expected = f"{name} as version {version} of stream {command.stream_id}"
            yield Violation("J1", "lost", where, expected, "nothing in the journal", at)
    told = [(command.stream_id, version, name) for version, name in enumerate(command.events, first)]
    found = [(event.stream_id, event.version, _type(event)) for event in done]
    # What the journal has and the topic lacks is the relay's fault, and told as such.
    if sorted(told) != sorted(found) and all((stream, version) in facts.by_key for stream, version, _ in told):
        kind = "doubled" if len(found) > len(told) else "lost"
        expected = ", ".join(f"{name} {version}" for _, version, name in told) or "no event"
        yield Violation("J1", kind, where, f"{expected} of stream {command.stream_id}", _named(done) or "none", at)


def _command_ids(command: Command) -> list[UUID]:
    """A command under a blind index was given for the stream that it would have created."""
    key = f"{command.agency}/{command.key}"
    streams = {new_id_of(command.service, key), *([command.stream_id] if command.stream_id else [])}
    part = command.path.strip("/").split("/")
    if len(part) > 1:
        streams.add(UUID(part[1]))
    return [command_id_of(command.service, key, stream_id) for stream_id in streams]


def _type(event: Arrival) -> str:
    return event.envelope.type.removeprefix("se.samverkan.").rsplit(".v", 1)[0]


def _named(events: Sequence[Arrival]) -> str:
    return ", ".join(f"{_type(event)} {event.version} of stream {event.stream_id}" for event in events)
