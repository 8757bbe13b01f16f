import pytest

from samverkan.agency.sharing import sealed, visible
from samverkan.schemas.catalogue import AGENCIES, agency
from samverkan.schemas.event import COMPARTMENTS, Compartment

EVERYTHING = sorted(COMPARTMENTS)


@pytest.mark.parametrize("code", [known.code for known in AGENCIES])
def test_without_consent_nothing_is_visible(code: str) -> None:
    assert visible(agency(code), {}) == frozenset()
    assert visible(agency(code), {"somebody-else": EVERYTHING}) == frozenset()


@pytest.mark.parametrize(
    ("code", "compartments"),
    [
        ("kommun", EVERYTHING),
        ("fk", ["contact", "economy", "identity"]),
        ("region", ["contact", "health", "identity"]),
        ("forbund", []),
    ],
)
def test_consent_to_everything_shows_what_the_role_may_see(code: str, compartments: list[str]) -> None:
    assert sorted(visible(agency(code), {code: EVERYTHING})) == compartments


def test_consent_narrows_the_role() -> None:
    shown = visible(agency("region"), {"region": ["identity"]})
    assert shown == {Compartment.IDENTITY}
    assert sealed(shown) == ["contact", "economy", "employment", "health"]


def test_a_compartment_of_a_newer_version_is_not_shown() -> None:
    assert visible(agency("kommun"), {"kommun": ["education"]}) == frozenset()
