import pytest

from samverkan.agency.app import build
from samverkan.agency.settings import AgencySettings
from samverkan.backbone.settings import SettingsInvalid
from samverkan.schemas.catalogue import AGENCIES, MAY_SEE, TOPICS, Agency


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("SAMVERKAN_DATABASE_URL", "postgresql://localhost/test")
    monkeypatch.setenv("SAMVERKAN_KAFKA_BOOTSTRAP", "localhost:9092")
    monkeypatch.setenv("SAMVERKAN_HTTP_PORT", "0")
    return monkeypatch


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda agency: agency.code)
def test_each_agency_reads_what_its_role_may_see_of_all_topics(environment: pytest.MonkeyPatch, agency: Agency) -> None:
    environment.setenv("SAMVERKAN_AGENCY_CODE", agency.code)
    service = build(AgencySettings.read())
    assert service.name == f"agency.{agency.code}"
    assert service.owns is None
    assert service.subscribes == TOPICS
    assert service.readable == MAY_SEE[agency.role]


def test_an_unknown_agency_stops_the_start(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SAMVERKAN_AGENCY_CODE", "skatteverket")
    with pytest.raises(SettingsInvalid, match="SAMVERKAN_AGENCY_CODE is not valid: must be one of kommun, af"):
        AgencySettings.read()


def test_a_missing_agency_stops_the_start(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SAMVERKAN_AGENCY_CODE", raising=False)
    with pytest.raises(SettingsInvalid, match="SAMVERKAN_AGENCY_CODE is not set"):
        AgencySettings.read()
