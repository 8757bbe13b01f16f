"""Each planted bug is caught by the test that is named for it, and for the right reason.

The named test runs here with one mechanism taken out, and must fail. What other tests say of it does not count.
"""

import importlib
import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from bugs import BUGS, Bug

from invariants import INVARIANTS
from samverkan.backbone.testing.conformance import published
from world import World


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.invariant}: {bug.name}")
async def test_a_planted_bug_is_caught(
    bug: Bug, world: World, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    named = _named(bug.caught_by, world)
    wanted = inspect.signature(named).parameters.keys() - bug.arguments.keys()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "PATIENCE_SECONDS", 1.5)
        bug.plant(patch)
        fixtures = {name: request.getfixturevalue(name) for name in wanted}
        said = await _failure(lambda: named(**bug.arguments, **fixtures))
    assert said is not None, f"{bug.caught_by} did not see it"
    assert re.search(bug.saying, said), f"{bug.caught_by} failed for another reason: {said}"
    record_property("bug", f"{bug.invariant}: {bug.name}")
    record_property("caught_by", bug.caught_by)
    record_property("caught", said.partition("\n")[0])


async def _failure(test: Callable[[], Awaitable[None]]) -> str | None:
    """What the test fails with; None when it passes."""
    try:
        await test()
    except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 - what a test fails with is looked at
        first = failure.exceptions[0] if isinstance(failure, ExceptionGroup) else failure
        return f"{type(first).__name__}: {first}"
    return None


def _named(name: str, world: World) -> Any:
    """The test, of a module of the suite or of one of its classes."""
    module_name, *path = name.split(".")
    found: Any = importlib.import_module(module_name)
    for part in path:
        found = getattr(found, part)
        if inspect.isclass(found):
            found = found()
            found.world = world
    return found


def test_every_invariant_has_a_planted_bug() -> None:
    assert {bug.invariant for bug in BUGS} == {*INVARIANTS}
