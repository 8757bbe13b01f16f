"""Settings that contradict each other stop the start."""

import pytest

from samverkan.backbone.settings import SettingsInvalid
from samverkan.notify.settings import NotifySettings

REQUIRED = {
    "DATABASE_URL": "postgresql://localhost/notify",
    "KAFKA_BOOTSTRAP": "localhost:9092",
    "HTTP_PORT": "0",
    "SMTP_HOST": "localhost",
    "SMTP_PORT": "2525",
}


def read(monkeypatch: pytest.MonkeyPatch, **more: str) -> NotifySettings:
    for name, value in {**REQUIRED, **more}.items():
        monkeypatch.setenv(f"SAMVERKAN_{name}", value)
    return NotifySettings.read()


def test_the_mail_server_is_all_that_must_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch)
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_security) == ("localhost", 2525, "none")


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"SMTP_USERNAME": "samverkan"}, "belong together"),
        ({"SMTP_USERNAME": "samverkan", "SMTP_PASSWORD": "hemligt"}, "starttls or tls"),
        ({"DELIVERY_BACKOFF_FIRST_SECONDS": "100", "DELIVERY_BACKOFF_CAP_SECONDS": "10"}, "must not be above"),
        ({"MAIL_SENDER": "samverkan"}, "MAIL_SENDER"),
        ({"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY"),
    ],
)
def test_contradictions_are_one_sentence_without_the_secret(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str], wrong: str
) -> None:
    with pytest.raises(SettingsInvalid, match=wrong) as invalid:
        read(monkeypatch, **more)
    assert "hemligt" not in str(invalid.value)
