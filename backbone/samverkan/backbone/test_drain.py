"""The order in which a process drains."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from samverkan.backbone.app import Process
from samverkan.backbone.service import Service


class _Part:
    """Runs until it is told to stop, and a moment longer, in which it does its last act."""

    def __init__(self, name: str, acts: list[str], seconds: float) -> None:
        self._name, self._acts, self._seconds = name, acts, seconds
        self._told = asyncio.Event()

    async def run(self) -> None:
        await self._told.wait()
        await asyncio.sleep(self._seconds)
        self._acts.append(self._name)

    def stop(self) -> None:
        self._told.set()

    serve, drain = run, stop
    should_exit = property(lambda self: self._told.is_set(), lambda self, _: self._told.set())


async def test_the_relay_drains_after_all_who_may_commit_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[str] = []
    parts: dict[str, Any] = {
        name: _Part(name, acts, seconds)
        for name, seconds in (("server", 0.05), ("subscription", 0.1), ("relay", 0.0), ("monitor", 0.0))
    }
    stopping = asyncio.Event()
    parts["runtime"] = SimpleNamespace(pool=None)
    monkeypatch.setattr("samverkan.backbone.app.watch_frozen", lambda _pool: asyncio.Event().wait())
    process = Process(service=Service("intake", ()), drain_seconds=5.0, keeper=None, **parts)
    running = asyncio.create_task(process.run(stopping))
    await asyncio.sleep(0)
    stopping.set()
    await running
    assert acts == ["monitor", "server", "subscription", "relay"]
