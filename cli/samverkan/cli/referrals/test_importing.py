"""What comes of lines, with an intake that is not there."""

import json
from collections import Counter
from pathlib import Path

import httpx
import pytest

from samverkan.cli.referrals import importing
from samverkan.cli.referrals.columns import find_columns
from samverkan.cli.referrals.idempotency import key_of, read_secret
from samverkan.cli.referrals.importing import Importer, Outcome, Refusing
from samverkan.cli.referrals.table import Line

COLUMNS = find_columns(("personnummer", "program", "inkom", "myndigheter"))
SECRET = b"s" * 32


def line(number: int, day: str = "2026-02-02") -> Line:
    return Line(number, ("198808112380", "introduktionsjobb", day, "kommun"))


class Intake:
    """Answers what it is told to, and remembers keys and days in the order in which they came."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: httpx.Response | None = None) -> None:
        self.answer = answer
        self.keys: list[str] = []
        self.days: list[str] = []
        transport = httpx.MockTransport(self._handle)
        monkeypatch.setattr(importing, "client", lambda _: httpx.AsyncClient(transport=transport))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        key = request.headers["Idempotency-Key"]
        repeated = key in self.keys
        self.keys.append(key)
        self.days.append(json.loads(request.content)["received_on"])
        if self.answer is not None:
            return self.answer
        first = len(self.keys) == 1
        events = ["ParticipantReferred" if first else "ReferralRepeated"]
        return httpx.Response(201 if first else 200, json={"events": events, "repeated": repeated})


async def run(lines: list[Line]) -> Importer:
    importer = Importer("http://intake", COLUMNS, agency="kommun", secret=SECRET)
    await importer.run(lines)
    return importer


async def test_the_same_content_is_known_and_other_content_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    Intake(monkeypatch)
    imported = (await run([line(2), line(3, "2026-02-03"), line(4)])).imported
    assert imported.counts == Counter({Outcome.OPENED: 1, Outcome.ADDED: 1, Outcome.KNOWN: 1})


async def test_lines_of_one_person_are_sent_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    intake = Intake(monkeypatch)
    days = [f"2026-02-{day:02}" for day in range(1, 29)]
    await run([line(number, day) for number, day in enumerate(days, 2)])
    assert intake.days == days


async def test_a_refusal_of_intake_is_a_rejected_line_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = {"code": "validation-failed", "detail": "Fel form.", "errors": [{"field": "body.received_on"}]}
    Intake(monkeypatch, httpx.Response(422, json=problem))
    ((rejected, (mistake,)),) = (await run([line(7)])).imported.rejected
    assert rejected.number == 7
    assert (mistake.code, mistake.reason) == ("validation-failed", "Fel form. Kolumner: inkom.")


@pytest.mark.parametrize("status", [400, 403, 404, 500])
async def test_a_refusal_that_is_in_no_line_ends_the_import(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    intake = Intake(monkeypatch, httpx.Response(status, json={"code": "not-permitted"}))
    with pytest.raises(Refusing):
        await run([line(number, f"2026-02-{number:02}") for number in range(2, 28)])
    assert len(intake.keys) < 26


def test_a_key_is_the_same_for_the_same_content_and_tells_nothing_of_it(tmp_path: Path) -> None:
    body = {"person_number": "198808112380", "received_on": "2026-02-02"}
    same = dict(reversed(body.items()))
    assert key_of(SECRET, "kommun", body) == key_of(SECRET, "kommun", same)
    others = {key_of(SECRET, "af", body), key_of(b"t" * 32, "kommun", body), key_of(SECRET, "kommun", {})}
    assert key_of(SECRET, "kommun", body) not in others
    assert read_secret(tmp_path / "import.key") == read_secret(tmp_path / "import.key")
    assert (tmp_path / "import.key").stat().st_mode & 0o777 == 0o600
