"""Must show: every endpoint of every running service under schemathesis: no 5xx, no undocumented status.

The same checks run in each service's own tests, in memory and with more examples; here is the whole of it: real
database, real broker, what a caller really gets. Requests are made about things that exist, too.
"""

import asyncio
from pathlib import Path

import httpx
import pytest

from samverkan.backbone.testing.contract import check_running
from samverkan.cli.stories.player import Player
from samverkan.cli.stories.story import load_story
from samverkan.cli.system import System

STORY = Path(__file__).parents[1] / "stories" / "04-started-too-early.yaml"
# Agencies are one program with two faces, that of a partner and that of the coordination association.
TRIED = ("intake", "placement", "funding", "notify", "agency.kommun", "agency.forbund")
# The operator's, which are the backbone's and the same everywhere: tried on a service and on an agency.
REPAIRS = (
    "/operations/parked",
    "/operations/parked/{stream_id}",
    "/operations/parked/retry",
    "/operations/parked/{stream_id}/retry",
    "/operations/parked/{stream_id}/skip",
    "/operations/set-aside/{topic}/{partition}/{offset}/acknowledge",
)
REPAIRED = ("placement", "agency.forbund")
ENDLESS = ("/notifications/stream",)  # of notify: never ends by itself, see its own test_stream.py
EXAMPLES = 3  # of each kind and operation: about 1 500 requests in all


@pytest.fixture(scope="module")
def ids(system: System, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A case, a placement and a compensation that only these tests know: what is done to them disturbs no story."""
    own = tmp_path_factory.mktemp("contract") / "own.yaml"
    text = STORY.read_text(encoding="utf-8").replace("199006022397", "199710182396")
    own.write_text(text, encoding="utf-8")
    played = asyncio.run(Player(system.run).play(load_story(own), "contract"))
    assert played.held
    names = ("case", "placement", "compensation")
    return {f"{name}_id": played.variables[name] for name in names} | {"work_month": "2026-04-01"}


def test_no_service_is_left_out(system: System) -> None:
    left_out = {name for name in system.run.services if name not in TRIED}
    assert left_out == {"agency.af", "agency.fk", "agency.region"}


@pytest.mark.parametrize("service", TRIED)
def test_every_endpoint_answers_as_its_contract_says(system: System, ids: dict[str, str], service: str) -> None:
    skip = (*(() if service in REPAIRED else REPAIRS), *ENDLESS)
    url = system.run.service(service).url
    paths: dict[str, dict[str, object]] = httpx.get(f"{url}/openapi.json").json()["paths"]
    offered = sum(len(methods) for path, methods in paths.items() if path not in skip)
    assert check_running(url, EXAMPLES, ids, skip) == offered
