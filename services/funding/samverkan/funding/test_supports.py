"""Time used across employers through HTTP: what one person was granted at all placements of the case."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import httpx
import pytest

from samverkan.backbone.http.build import build_http
from samverkan.backbone.telemetry.health import Health
from samverkan.backbone.testing.memory import MemoryRuntime
from samverkan.backbone.testing.unwired import unwired
from samverkan.funding.app import build
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.examples import CASE
from samverkan.funding.settings import FundingSettings
from samverkan.funding.test_views import AGREED
from samverkan.schemas.catalogue import PLACEMENT as PLACEMENT_TOPIC
from samverkan.schemas.placement import Outcome, PlacementEndCorrected, PlacementEnded, Workplace

TIMRA, SKELLEFTEA = "2120002395", "2120002643"
_keys = count(1)


@pytest.fixture
def runtime() -> MemoryRuntime:
    return MemoryRuntime(build(unwired(FundingSettings)), datetime(2026, 7, 1, 8, 0, tzinfo=UTC))


@pytest.fixture
async def client(runtime: MemoryRuntime) -> AsyncIterator[httpx.AsyncClient]:
    app = build_http(runtime.service, runtime, Health())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funding") as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, actor: str, **body: Any) -> httpx.Response:
    headers = {"Idempotency-Key": f"s-{next(_keys)}", "Samverkan-Agency": "af", "Samverkan-Actor": actor}
    return await client.post(path, json=body, headers=headers)


async def approved(
    client: httpx.AsyncClient, runtime: MemoryRuntime, employer: str, starts_on: str, ends_on: str, **facts: Any
) -> httpx.Response:
    """The answer to the approval of a placement of the same person there and then."""
    placement = placement_at(employer, starts_on)
    workplace = Workplace(
        employer_number=employer, employer_name="Testkommun", workplace="Ett", supervisor="Testledare"
    )
    agreed = AGREED.model_copy(
        update={
            "starts_on": date.fromisoformat(starts_on),
            "ends_on": date.fromisoformat(ends_on),
            "employment": workplace,
        }
    )
    await runtime.happened(PLACEMENT_TOPIC, placement, agreed)
    asked = await post(client, "/compensations", "af-1", placement_id=str(placement), applied_on="2026-02-16", **facts)
    assert asked.status_code == 201, asked.text
    path = asked.headers["location"]
    await post(client, f"{path}/check", "af-1", checked_on="2026-02-18")
    return await post(client, f"{path}/approve", "af-2", decided_on="2026-02-20")


def placement_at(employer: str, starts_on: str) -> UUID:
    return uuid5(CASE, f"{employer}/{starts_on}")


async def test_a_third_year_is_refused_whoever_the_employer_is(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    first = await approved(client, runtime, TIMRA, "2026-03-02", "2027-03-01")
    assert first.status_code == 200, first.text
    unmotivated = await approved(client, runtime, TIMRA, "2027-03-02", "2028-03-01")
    assert unmotivated.json()["code"] == "need-not-motivated"
    second = await approved(client, runtime, SKELLEFTEA, "2027-03-02", "2028-03-01", second_year_need=True)
    assert second.status_code == 200, second.text
    third = await approved(client, runtime, TIMRA, "2028-03-02", "2029-03-01", second_year_need=True)
    assert (third.status_code, third.json()["code"]) == (409, "longest-time-used")
    assert third.json()["details"]["left"] == "0"
    told = (await client.get(f"/time-used?case_id={CASE}&form=introduktionsjobb")).json()
    assert (told["days_used"], told["days_in_all"], told["days_left"]) == (731, 731, 0)
    assert told["qualifies_again_on"] == "2028-09-02"


async def test_what_ended_early_gives_its_days_back(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await approved(client, runtime, TIMRA, "2026-03-02", "2027-03-01")
    ended = PlacementEnded(case_id=CASE, last_day_on=date(2026, 3, 16), outcome=Outcome.OTHER)
    await runtime.happened(PLACEMENT_TOPIC, placement_at(TIMRA, "2026-03-02"), ended)
    told = (await client.get(f"/time-used?case_id={CASE}&form=introduktionsjobb")).json()
    assert told["periods"] == [{"first_on": "2026-03-02", "last_on": "2026-03-16"}]
    again = await approved(client, runtime, TIMRA, "2026-04-01", "2027-03-31")
    assert again.json()["code"] == "need-not-motivated"  # 15 days and twelve months are more than twelve months
    assert (await approved(client, runtime, TIMRA, "2026-05-04", "2027-03-31")).status_code == 200


async def test_a_review_grants_no_time_that_was_granted_to_another_since_then(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    placement = placement_at(TIMRA, "2026-03-02")
    await runtime.happened(PLACEMENT_TOPIC, placement, AGREED)
    path = f"/compensations/{compensation_id(placement)}"
    await post(client, "/compensations", "af-1", placement_id=str(placement), applied_on="2026-02-16")
    await post(client, f"{path}/check", "af-1", checked_on="2026-02-18")
    refusal = {"decided_on": "2026-02-19", "ground": "person-not-eligible"}
    assert (await post(client, f"{path}/refuse", "af-2", **refusal)).status_code == 200
    assert (await approved(client, runtime, SKELLEFTEA, "2027-03-01", "2028-02-29")).status_code == 200
    await post(client, f"{path}/review", "af-1", party="employer", on="2026-02-25")
    decided = {"decided_on": "2026-03-01", "outcome": "changed"}
    answer = await post(client, f"{path}/review/decide", "af-3", **decided)
    assert (answer.status_code, answer.json()["code"]) == (409, "need-not-motivated")


async def test_an_end_that_was_wrong_gives_back_what_is_right(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await approved(client, runtime, TIMRA, "2026-03-02", "2027-03-01")
    ended = PlacementEnded(case_id=CASE, last_day_on=date(2026, 3, 16), outcome=Outcome.OTHER)
    corrected = PlacementEndCorrected(
        case_id=CASE,
        last_day_on=date(2026, 3, 31),
        outcome=Outcome.OTHER,
        was_last_day_on=date(2026, 3, 16),
        was_outcome=Outcome.OTHER,
        corrected_on=date(2026, 4, 1),
    )
    await runtime.happened(PLACEMENT_TOPIC, placement_at(TIMRA, "2026-03-02"), ended, corrected)
    told = (await client.get(f"/time-used?case_id={CASE}&form=introduktionsjobb")).json()
    assert told["periods"] == [{"first_on": "2026-03-02", "last_on": "2026-03-31"}]


async def test_one_employment_has_one_support_at_a_time(client: httpx.AsyncClient, runtime: MemoryRuntime) -> None:
    await approved(client, runtime, TIMRA, "2026-03-02", "2026-08-31")
    same = await approved(client, runtime, TIMRA, "2026-08-31", "2026-12-31")
    assert same.json()["code"] == "support-at-same-time"
    assert (await approved(client, runtime, SKELLEFTEA, "2026-08-31", "2026-12-31")).status_code == 200


async def two_decide(client: httpx.AsyncClient, path: str, **prepared: Any) -> None:
    for answer in (
        await post(client, path, "af-1", prepared_on="2026-05-04", **prepared),
        await post(client, f"{path}/attest", "af-2", decided_on="2026-05-06"),
    ):
        assert answer.status_code == 200, answer.text


async def test_days_that_an_amendment_or_a_revocation_took_are_not_used(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    granted = await approved(client, runtime, TIMRA, "2026-03-02", "2027-03-01")
    path = f"/compensations/{granted.json()['stream_id']}"
    await two_decide(client, f"{path}/amendment", valid_from="2026-06-01", ends_on="2026-08-31")
    told = (await client.get(f"/time-used?case_id={CASE}&form=introduktionsjobb")).json()
    assert told["periods"] == [{"first_on": "2026-03-02", "last_on": "2026-08-31"}]
    assert (await approved(client, runtime, TIMRA, "2026-09-01", "2027-01-31")).status_code == 200
    await two_decide(client, f"{path}/revocation", revoked_from="2026-03-02", ground="never-started")
    told = (await client.get(f"/time-used?case_id={CASE}&form=introduktionsjobb")).json()
    assert told["periods"] == [{"first_on": "2026-09-01", "last_on": "2027-01-31"}]


async def test_a_repeated_approval_is_not_judged_against_itself(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await approved(client, runtime, TIMRA, "2026-03-02", "2027-03-01")
    path = f"/compensations/{compensation_id(placement_at(TIMRA, '2026-03-02'))}/approve"
    again = await post(client, path, "af-2", decided_on="2026-02-20")
    assert (again.status_code, again.json()["events"]) == (200, [])


async def test_what_it_was_expected_to_cost_is_kept_with_the_application(
    client: httpx.AsyncClient, runtime: MemoryRuntime
) -> None:
    await approved(client, runtime, TIMRA, "2026-03-02", "2027-02-28", overhead_per_month="1500.00")
    path = f"/compensations/{compensation_id(placement_at(TIMRA, '2026-03-02'))}"
    kept = (await client.get(f"{path}/estimate")).json()
    assert (kept["credit_in_all"], kept["own_cost_in_all"]) == ("252326.40", "126163.20")
    assert (kept["overhead_per_month"], kept["rule_version"]) == ("1500.00", "introduktionsjobb/2026-01-01")
    again = {"placement_id": str(placement_at(TIMRA, "2026-03-02")), "applied_on": "2026-02-16"}
    assert (await post(client, "/compensations", "af-1", **again, overhead_per_month="1500.00")).json()["events"] == []
    other = await post(client, "/compensations", "af-1", **again, overhead_per_month="1600.00")
    assert other.json()["code"] == "already-applied"
    assert (await client.get(f"/compensations/{CASE}/estimate")).status_code == 404


async def test_nothing_granted_is_nothing_used(client: httpx.AsyncClient) -> None:
    told = (await client.get(f"/time-used?case_id={CASE}&form=introduktionsjobb")).json()
    assert (told["days_used"], told["counted_from"], told["periods"]) == (0, None, [])
    assert (await client.get(f"/time-used?case_id={CASE}&form=extratjanst")).json()["code"] == "form-repealed"
