"""What commands outside a process believe of a store is what its composition root says."""

import os
from pathlib import Path

import pytest

from samverkan.agency.app import build as agency
from samverkan.agency.settings import AgencySettings
from samverkan.backbone.errors import Refused
from samverkan.backbone.service import Service
from samverkan.backbone.settings import Settings
from samverkan.cli.stores import all_stores, with_view
from samverkan.funding.app import build as funding
from samverkan.funding.settings import FundingSettings
from samverkan.intake.app import build as intake
from samverkan.intake.settings import IntakeSettings
from samverkan.notify.app import build as notify
from samverkan.notify.settings import NotifySettings
from samverkan.placement.app import build as placement
from samverkan.schemas.catalogue import AGENCIES

ENVIRONMENT = {"DATABASE_URL": "postgresql://h/d", "KAFKA_BOOTSTRAP": "h:1", "HTTP_PORT": "0"}


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Service]:
    key = tmp_path / "key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    for name, value in {**ENVIRONMENT, "BLIND_INDEX_KEY_FILE": str(key), "SMTP_HOST": "h", "SMTP_PORT": "1"}.items():
        monkeypatch.setenv(f"SAMVERKAN_{name}", value)
    services = [
        intake(IntakeSettings.read()),
        placement(Settings.read()),
        funding(FundingSettings.read()),
        notify(NotifySettings.read()),
    ]
    for one in AGENCIES:
        monkeypatch.setenv("SAMVERKAN_AGENCY_CODE", one.code)
        services.append(agency(AgencySettings.read()))
    return {service.name: service for service in services}


def test_every_store_reads_owns_and_folds_what_its_service_does(built: dict[str, Service]) -> None:
    stores = all_stores()
    assert list(stores) == list(built)
    for name, service in built.items():
        store = stores[name]
        assert store.owns == service.owns
        assert tuple(store.reader.topics.values()) == service.subscribes
        assert store.reader.readable == service.readable
        assert [type(view) for view in store.views] == [type(view) for view in service.views]


def test_a_view_is_found_in_every_store_that_has_it_and_an_unknown_one_names_those_that_there_are() -> None:
    assert [store.name for store in with_view("placement", None)] == ["placement"]
    assert len(with_view("tally", None)) == len(AGENCIES)
    assert [store.name for store in with_view("tally", "agency.af")] == ["agency.af"]
    for table, name, code in (("placements", None, "view-unknown"), ("claim", "agency.af", "view-unknown")):
        with pytest.raises(Refused) as refused:
            with_view(table, name)
        assert refused.value.code == code and "tally" in refused.value.details["known"]
    with pytest.raises(Refused, match="store-unknown"):
        with_view("tally", "af")
