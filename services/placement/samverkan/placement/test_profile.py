from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from samverkan.backbone.testing.specification import specification
from samverkan.placement.profile import Profile, ShareProfile, decide, evolve
from samverkan.schemas.opening import Adaptations, ProfileShared, WorkProfile

given = specification(decide, evolve, Profile())

CASE, MARCH_2 = UUID(int=1), date(2026, 3, 2)
WORK = WorkProfile(occupations=("5330",), abilities=("driving-licence",), extent_most=Decimal("0.50"))
SHARE = ShareProfile(CASE, MARCH_2, WORK, ("step-free", "quiet-room"))
SHARED = ProfileShared(
    case_id=CASE, shared_on=MARCH_2, employment=WORK, health=Adaptations(needs=("quiet-room", "step-free"))
)


def test_what_is_shared_takes_the_place_of_what_was_shared_before() -> None:
    given().when(SHARE).then(SHARED)
    given(SHARED).when(replace(SHARE, shared_on=date(2026, 3, 5))).then_nothing()
    given(SHARED).when(replace(SHARE, needs=())).then(SHARED.model_copy(update={"health": None}))


def test_needs_are_in_the_health_compartment_only() -> None:
    (event,) = decide(SHARE, Profile())
    assert "quiet-room" not in event.model_copy(update={"health": None}).model_dump_json()


def test_an_extent_beyond_full_time_is_refused() -> None:
    work = WORK.model_copy(update={"extent_most": Decimal(2)})
    given().when(replace(SHARE, work=work)).then_refused("extent-outside-range")
