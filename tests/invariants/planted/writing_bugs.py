"""Mechanisms of the journal and the relay, each taken out by itself."""

import re
from typing import Any, Final

import pytest
from aiokafka.errors import KafkaError
from aiokafka.partitioner import murmur2
from reading_bugs import replace_sql, without

from samverkan.backbone import database
from samverkan.backbone.recovery.gate import Gate
from samverkan.backbone.relay.relay import Relay
from samverkan.backbone.testing.conformance.journal import Fate
from test_w1_synchronous import PRIMARY

RELAY: Final = "samverkan.backbone.relay.relay"
LOST: Final = Fate.LOST


def heads_are_not_locked(patch: pytest.MonkeyPatch) -> None:
    """Two decide on the same version."""
    replace_sql(
        patch,
        "samverkan.backbone.journal.journal",
        "lock_heads.sql",
        lambda text: without(text, "\nfor update"),
    )


def read_by_identity_column(patch: pytest.MonkeyPatch) -> None:
    """The next rows are those above the highest position that was numbered."""
    above = "select position from journal where position > coalesce((select max(position) from log), -1)"

    def changed(package: str, name: str) -> str:
        text = database.sql(package, name)
        if name == "take_unsequenced.sql":
            text, found = re.subn(
                r"with taken as \(.*?\n\)", f"with taken as ({above} limit $1)", text, flags=re.DOTALL
            )
            assert found == 1, "the statement is another one: this bug plants nothing"
        return f"select exists ({above})" if name == "pending.sql" else text

    patch.setattr(f"{RELAY}.sql", changed)


def cursor_before_acknowledgement(patch: pytest.MonkeyPatch) -> None:
    """What is numbered counts as sent."""
    usual = Relay.number

    async def number(self: Relay, cursor: int) -> Any:
        rows = await usual(self, cursor)
        await self._pool.execute("update sequencer set cursor = next")
        return rows

    patch.setattr(Relay, "number", number)


def failed_sends_are_passed_over(patch: pytest.MonkeyPatch) -> None:
    """An error is logged, and the next batch sent."""
    usual = Relay._send

    async def send(self: Relay, *arguments: Any) -> None:
        try:
            await usual(self, *arguments)
        except KafkaError:
            return

    patch.setattr(Relay, "_send", send)


def anybody_numbers(patch: pytest.MonkeyPatch) -> None:
    """Whoever was active once goes on."""
    replace_sql(
        patch,
        RELAY,
        "lock_sequencer.sql",
        lambda text: without(text, "holder = $1").replace("where", "where $1::uuid is not null"),
    )


def commands_before_comparing(patch: pytest.MonkeyPatch) -> None:
    """Whoever asks is answered from whatever database there is."""
    patch.setattr(Gate, "refuse_closed", lambda _: None)
    patch.setattr(Gate, "admit", lambda *_: None)


def one_disk_is_enough(patch: pytest.MonkeyPatch) -> None:
    """The cluster's journal does not wait for its standby."""
    patch.setitem(PRIMARY, "synchronous_commit", "local")


def any_size_is_written(patch: pytest.MonkeyPatch) -> None:
    """Whether Kafka takes a record is seen when it is sent."""
    patch.setattr("samverkan.backbone.journal.journal.RECORD_BYTES_MAX", 10**9)


def partition_by_todays_count(patch: pytest.MonkeyPatch) -> None:
    """As a producer's own partitioner would do it."""
    usual = Relay.number

    async def number(self: Relay, cursor: int) -> Any:
        assert self.partitions is not None
        rows = await usual(self, cursor)
        return [row._replace(partition=(murmur2(row.key) & 0x7FFFFFFF) % self.partitions) for row in rows]

    patch.setattr(Relay, "number", number)
