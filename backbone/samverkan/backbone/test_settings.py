"""A bad setting stops the start with one sentence that names the variable and shows no secret."""

import os
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from samverkan.backbone.settings import PREFIX, Settings, SettingsInvalid, variable

Read = Callable[[dict[str, str]], Settings]
PASSWORD = "f5Kq-not-for-logs"
GOOD = {
    "SAMVERKAN_DATABASE_URL": f"postgresql://placement:{PASSWORD}@db/placement",
    "SAMVERKAN_KAFKA_BOOTSTRAP": "kafka-1:9092,kafka-2:9092",
    "SAMVERKAN_HTTP_PORT": "8002",
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Settings from exactly this environment."""

    def from_environment(names: dict[str, str]) -> Settings:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            monkeypatch.delenv(name)
        for name, value in names.items():
            monkeypatch.setenv(name, value)
        return Settings.read()

    return from_environment


def test_the_environment_is_read_and_everything_else_has_its_default(read: Read) -> None:
    settings = read({**GOOD, "SAMVERKAN_LEASE_SECONDS": "20"})
    assert settings.database_url.get_secret_value().endswith(f"{PASSWORD}@db/placement")
    assert (settings.http_host, settings.http_port, settings.lease_seconds) == ("127.0.0.1", 8002, 20.0)
    assert settings.poll_interval_seconds == 0.05


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HTTP_PORT", "65536", "SAMVERKAN_HTTP_PORT is not valid: input should be less than or equal to 65535"),
        (
            "HTTP_PORT",
            "http",
            "SAMVERKAN_HTTP_PORT is not valid: input should be a valid integer, unable to parse string as an integer",
        ),
        ("LOG_FORMAT", "xml", "SAMVERKAN_LOG_FORMAT is not valid: input should be 'json' or 'console'"),
        ("DATABASE_URL", f"mysql://{PASSWORD}", "SAMVERKAN_DATABASE_URL is not valid: must begin with postgresql://"),
        ("HTTP_PROT", "8002", "SAMVERKAN_HTTP_PROT is not a setting; SAMVERKAN_HTTP_PORT is"),
        (
            "PARKED_BACKOFF_CAP_SECONDS",
            "1",
            "SAMVERKAN_PARKED_BACKOFF_FIRST_SECONDS must not be above SAMVERKAN_PARKED_BACKOFF_CAP_SECONDS",
        ),
    ],
)
def test_a_bad_value_is_one_sentence(read: Read, name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        read({**GOOD, PREFIX + name: value})
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name", GOOD)
def test_what_is_required_and_missing_is_named(read: Read, name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"^{name} is not set$"):
        read({other: value for other, value in GOOD.items() if other != name})


def test_a_bootstrap_without_a_port_is_refused(read: Read) -> None:
    with pytest.raises(SettingsInvalid, match=r"^SAMVERKAN_KAFKA_BOOTSTRAP is not valid"):
        read({**GOOD, "SAMVERKAN_KAFKA_BOOTSTRAP": "kafka"})


def test_the_password_stands_in_no_representation_and_in_no_error(read: Read) -> None:
    settings = read(GOOD)
    assert PASSWORD not in repr(settings) + str(settings) + settings.model_dump_json()
    with pytest.raises(SettingsInvalid) as caught:
        read({**GOOD, "SAMVERKAN_DATABASE_URL": PASSWORD, "SAMVERKAN_HTTP_PORT": PASSWORD})
    assert PASSWORD not in str(caught.value) + repr(caught.value)
    assert caught.value.__suppress_context__  # a traceback would show the other error, input and all
    with pytest.raises(ValidationError) as plain:
        Settings(http_port=PASSWORD)  # type: ignore[arg-type]
    assert PASSWORD not in str(plain.value)


def test_settings_are_frozen(read: Read) -> None:
    with pytest.raises(ValidationError):
        read(GOOD).http_port = 1  # type: ignore[misc]


def test_variables_of_others_are_left_alone(read: Read) -> None:
    assert read({**GOOD, "SAMVERKAN_HOME": "/x"}).http_port == 8002


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_and_numbers_have_a_range(name: str) -> None:
    field = Settings.model_fields[name]
    assert field.description
    assert variable(name) == f"SAMVERKAN_{name.upper()}"
    if field.annotation in {int, float}:
        assert {type(limit).__name__ for limit in field.metadata} == {"Ge", "Le"}
