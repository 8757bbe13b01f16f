"""The complete table of an aggregate: each state × each command leads to events or is refused with a stable code.

A service lists its aggregates in `machines.py`, each with example states (a name and the events that lead there) and
example commands. Everything else is computed: what every pair leads to, what the examples leave out, and the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from samverkan.backbone.decider import Aggregate, named_types
from samverkan.backbone.errors import Refused
from samverkan.schemas.event import Event


def state_of(state: Any) -> str:
    """The state's own `state`: a text or an enum's value."""
    named = state.state
    return str(named.value if isinstance(named, Enum) else named)


@dataclass(frozen=True)
class Machine:
    """One aggregate and its examples.

    `states`: what an example is called → the events that lead there, none for the initial state. `commands`: what a
    command is called → the command; a type may have several (the right day, a wrong day). `names` are all the states
    that there are; without them they are read from the type of the state's property `state`, an enum or a Literal.
    `again`: a command that leads to events each time that it is given → why that is right.
    """

    aggregate: Aggregate[Any]
    states: Mapping[str, Sequence[Event]]
    commands: Mapping[str, object]
    name_of: Callable[[Any], str] = state_of
    names: Sequence[str] = ()
    again: Mapping[str, str] = field(default_factory=dict)

    def state(self, example: str) -> Any:
        """The state of this example."""
        return self.aggregate.fold(self.states[example])


@dataclass(frozen=True)
class Outcome:
    """What one command leads to in one example state. `refused` is the code; without it, `events`, which may be none.

    `repeated` are the events that the same command leads to once more, just afterwards.
    """

    example: str
    command: str
    before: str
    after: str
    events: tuple[str, ...] = ()
    refused: str | None = None
    repeated: tuple[str, ...] = ()


def outcomes(machine: Machine) -> list[Outcome]:
    """Every example state × every example command. AssertionError: a pair is neither accepted nor refused."""
    return [_outcome(machine, example, command) for example in machine.states for command in machine.commands]


def faults(machine: Machine) -> list[str]:
    """What the examples leave out or the aggregate does wrong, a sentence each; none when the table is complete."""
    found, name = outcomes(machine), machine.aggregate.name
    wrong = [
        f"{name}: no example command of type {missing}"
        for missing in _missing(named_types(machine.aggregate.decide, 0), map(type, machine.commands.values()))
    ]
    told = {type(event).__name__ for events in machine.states.values() for event in events}
    told |= {event for outcome in found for event in outcome.events} | {type(_refusal(machine)).__name__}
    wrong += [
        f"{name}: no example state holds {event.__name__} and no command leads to it"
        for event in sorted(machine.aggregate.events, key=lambda event: event.__name__)
        if event.__name__ not in told
    ]
    reached = {outcome.before for outcome in found} | {outcome.after for outcome in found}
    shown = {outcome.before for outcome in found}
    wrong += [f"{name}: no example of the state {missing}" for missing in sorted(set(state_names(machine)) - shown)]
    wrong += [f"{name}: {unknown} is not among its states" for unknown in sorted(reached - set(state_names(machine)))]
    for kind in dict.fromkeys(map(type, machine.commands.values())):
        named = {key for key, command in machine.commands.items() if type(command) is kind}
        if not any(outcome.events for outcome in found if outcome.command in named):
            wrong.append(f"{name}: no state accepts a {kind.__name__}: give an example that does")
    for outcome in found:
        if outcome.repeated and outcome.command not in machine.again:
            wrong.append(
                f"{name}: {outcome.command}, given twice in {outcome.example}, leads to {outcome.repeated} again"
            )
    refused = _refusal(machine)
    for example in machine.states:
        if machine.aggregate.evolve(machine.state(example), refused) != machine.state(example):
            wrong.append(f"{name}: a refused reaction changes the state {example}")
    return wrong


def state_names(machine: Machine) -> tuple[str, ...]:
    """All states that there are, in the order in which their type names them."""
    if machine.names:
        return tuple(machine.names)
    of = type(machine.aggregate.initial).__dict__.get("state")
    told = get_type_hints(of.fget).get("return") if isinstance(of, property) else _hint(machine)
    if isinstance(told, type) and issubclass(told, Enum):
        return tuple(str(member.value) for member in told)
    if get_origin(told) is Literal:
        return tuple(get_args(told))
    raise AssertionError(f"{machine.aggregate.name}: `state` is no enum and no Literal; name its states in `names`")


_HEAD: Final = """# {name}

Made by `python -m samverkan.backbone.testing.machines` from the service's `machines.py`: do not edit. Topic `{topic}`.

## Picture

```mermaid
{diagram}
```

## Each state, each command
"""


def page(machine: Machine) -> str:
    """The Markdown page: the drawn machine, and the whole table."""
    found = outcomes(machine)
    head = _HEAD.format(
        name=machine.aggregate.name, topic=machine.aggregate.topic, diagram="\n".join(_diagram(machine, found))
    )
    return head + "".join(_section(machine, example, found) for example in machine.states)


def _outcome(machine: Machine, example: str, name: str) -> Outcome:
    aggregate, command = machine.aggregate, machine.commands[name]
    state = machine.state(example)
    before = machine.name_of(state)
    try:
        events = aggregate.decide(command, state)
    except Refused as refused:
        return Outcome(example, name, before, before, refused=refused.code)
    except BaseException as error:
        raise AssertionError(f"{aggregate.name}: {name} in {example} is neither accepted nor refused") from error
    state = aggregate.fold(events, state)
    try:
        repeated = aggregate.decide(command, state)
    except Refused:
        repeated = []  # carried out, and no longer allowed
    names = tuple(type(event).__name__ for event in events)
    again = tuple(type(event).__name__ for event in repeated)
    return Outcome(example, name, before, machine.name_of(state), events=names, repeated=again)


def _diagram(machine: Machine, found: Sequence[Outcome]) -> list[str]:
    """One arrow from state to state, with every command that goes that way."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{name}" as {_id(name)}' for name in state_names(machine)]
    lines.append(f"    [*] --> {_id(machine.name_of(machine.aggregate.initial))}")
    arrows: dict[tuple[str, str], list[str]] = {}
    for outcome in found:
        if outcome.before != outcome.after:
            kinds = arrows.setdefault((outcome.before, outcome.after), [])
            kind = type(machine.commands[outcome.command]).__name__
            if kind not in kinds:
                kinds.append(kind)
    lines += [f"    {_id(one)} --> {_id(other)}: {', '.join(kinds)}" for (one, other), kinds in arrows.items()]
    return lines


def _section(machine: Machine, example: str, found: Sequence[Outcome]) -> str:
    state = machine.name_of(machine.state(example))
    title = example if example == state else f"{example} (state {state})"
    rows = "".join(
        f"| {outcome.command} | {_leads_to(outcome)} | {'' if outcome.before == outcome.after else outcome.after} |\n"
        for outcome in found
        if outcome.example == example
    )
    return f"\n### {title}\n\n| Command | Leads to | New state |\n|---|---|---|\n{rows}"


def _leads_to(outcome: Outcome) -> str:
    if outcome.refused is not None:
        return f"refused: `{outcome.refused}`"
    return ", ".join(f"`{event}`" for event in outcome.events) or "nothing: it is so already"


def _refusal(machine: Machine) -> Event:
    return machine.aggregate.refusal(next(iter(machine.commands.values())), Refused("example"))


def _hint(machine: Machine) -> Any:
    return get_type_hints(type(machine.aggregate.initial)).get("state")


def _missing(wanted: Sequence[type], found: Any) -> list[str]:
    return sorted(one.__name__ for one in set(wanted) - set(found))


def _id(name: str) -> str:
    return name.replace("-", "_").replace(" ", "_")
