"""The file of recipients, and what is wrong with a wrong one."""

from pathlib import Path

import pytest

from samverkan.backbone.settings import SettingsInvalid
from samverkan.notify.reactions import recipients_needed
from samverkan.notify.recipients import read_recipients

KOMMUN = '[kommun]\nmailbox = "enheten@kommun.example"\nlanguage = "sv"\n'


def test_the_file_that_ships_has_a_mailbox_for_everyone_who_is_told() -> None:
    recipients = read_recipients(Path(__file__).parent / "recipients.toml", recipients_needed())
    assert recipients["kommun"].language == "sv"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (KOMMUN.replace("enheten@kommun.example", "enheten"), "kommun.mailbox"),
        (KOMMUN.replace("enheten@kommun.example", "a@b@c"), "kommun.mailbox"),
        (KOMMUN.replace("enheten@kommun.example", "a@b\\r\\nBcc: c@d.example"), "kommun.mailbox"),
        (KOMMUN.replace('"sv"', '"fi"'), "kommun.language"),
        (KOMMUN + 'name = "x"\n', "kommun.name"),
        ("[kommun", "not TOML"),
        ("", "no mailbox for kommun"),
    ],
)
def test_a_wrong_file_stops_the_start_in_one_sentence(tmp_path: Path, content: str, wrong: str) -> None:
    file = tmp_path / "recipients.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=wrong):
        read_recipients(file, ["kommun"])


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        read_recipients(tmp_path / "nowhere.toml", [])
