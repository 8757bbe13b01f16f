import hmac
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from samverkan.backbone.recorded import Recorded
from samverkan.backbone.settings import SettingsInvalid
from samverkan.intake.blind_index import PersonIndex
from samverkan.intake.person_number import parse
from samverkan.schemas.catalogue import PARTICIPANT
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.event import Event
from samverkan.schemas.participant import ConsentGiven, Identity, ParticipantReferred, Programme

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


def test_a_referral_taken_back_from_the_topic_gives_its_person_back_to_the_index() -> None:
    index = PersonIndex(KEY)
    assert index.of_event(recorded(referred(Identity(person_number=PERSON.digits)))) == index.of(PERSON)


def test_other_events_and_an_identity_that_cannot_be_read_give_none() -> None:
    consent = ConsentGiven(agency="af", purpose="shared-case", compartments=(), given_on=date(2026, 3, 2))
    assert PersonIndex(KEY).of_event(recorded(consent)) is None
    assert PersonIndex(KEY).of_event(recorded(referred(None))) is None


def referred(identity: Identity | None) -> ParticipantReferred:
    return ParticipantReferred(
        programme=Programme.INTRODUKTIONSJOBB,
        referred_by="kommun",
        agencies_needed=("af",),
        received_on=date(2026, 3, 2),
        identity=identity,
    )


def recorded(event: Event) -> Recorded:
    case, instant = UUID(int=1), datetime(2026, 3, 2, tzinfo=UTC)
    envelope = Envelope(UUID(int=2), PARTICIPANT.source, event.wire_type(), case, 1, instant, instant, case)
    return Recorded(PARTICIPANT.name, envelope, event)
