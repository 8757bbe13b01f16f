"""Which connections a process may decide on."""

from typing import Any
from uuid import UUID

import pytest

from samverkan.backbone.errors import Transient
from samverkan.backbone.journal.journal import Journal
from samverkan.backbone.journal.states import States
from samverkan.backbone.recovery.gate import DIFFERS, NOT_COMPARED, Gate
from samverkan.schemas.catalogue import PARTICIPANT


class Connection:
    def __init__(self, identity: str | None) -> None:
        self.identity = identity


def to(identity: str | None) -> Any:
    return Connection(identity)


def code(gate: Gate, identity: str | None = "one") -> str | None:
    try:
        gate.admit(to(identity))
    except Transient as refused:
        return refused.code
    return None


def test_a_gate_begins_closed_and_opens_for_one_database() -> None:
    gate = Gate()
    assert code(gate) == "not-ready" and gate.reason == NOT_COMPARED
    gate.open("one", taken_back=False)
    assert code(gate) is None and gate.reason is None


@pytest.mark.parametrize("other", ["two", None])
def test_a_connection_to_another_database_closes_it_for_everybody(other: str | None) -> None:
    gate = Gate()
    gate.open("one", taken_back=False)
    assert code(gate, other) == "not-ready"
    assert code(gate) == "not-ready", "whoever comes next must not decide either: what is true now is not known"


def test_where_a_human_is_needed_the_caller_is_told_that_waiting_a_moment_is_not_enough() -> None:
    gate = Gate()
    gate.close(DIFFERS)
    assert code(gate) == "read-only"


def test_what_is_remembered_of_one_database_is_forgotten_before_another_is_decided_in() -> None:
    states = States(Journal(PARTICIPANT))
    gate, stream = Gate(on_change=states.forget), UUID(int=1)
    gate.open("one", taken_back=False)
    began = states.generation
    states.remember(stream, 3, "of the first history", began)
    gate.open("one", taken_back=False)
    assert stream in states._known, "the same database opened again forgets nothing"
    gate.close(NOT_COMPARED)
    gate.open("two", taken_back=True)
    assert stream not in states._known
    states.remember(stream, 3, "of the first history", began)
    assert stream not in states._known, "a commit in the old database came late"
