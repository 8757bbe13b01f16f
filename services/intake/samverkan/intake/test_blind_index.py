import hmac
from pathlib import Path

import pytest

from samverkan.backbone.settings import SettingsInvalid
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.person_number import parse

KEY = bytes(range(32))
PERSON = parse("198808112380")


def test_the_index_is_the_keyed_digest_of_the_twelve_digits() -> None:
    index = PersonIndex(KEY).of(PERSON)
    assert index.kind == "person"
    assert index.digest == hmac.new(KEY, b"198808112380", "sha256").digest()


def test_one_person_has_one_index_however_the_number_was_written() -> None:
    assert PersonIndex(KEY).of(parse("19880811-2380")) == PersonIndex(KEY).of(PERSON)


def test_another_key_or_another_person_gives_another_index() -> None:
    assert PersonIndex(bytes(32)).of(PERSON) != PersonIndex(KEY).of(PERSON)
    assert PersonIndex(KEY).of(parse("200001052380")) != PersonIndex(KEY).of(PERSON)


def test_a_short_key_stops_the_start() -> None:
    with pytest.raises(SettingsInvalid, match="fewer than 32 bytes"):
        PersonIndex(bytes(31))


def test_the_key_is_the_file_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(KEY[:-1] + b"\n")
    assert PersonIndex.from_file(file).of(PERSON) == PersonIndex(KEY[:-1] + b"\n").of(PERSON)


def test_a_missing_key_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="cannot be read"):
        PersonIndex.from_file(tmp_path / "nothing")
