"""Every code has a text in both languages, and contradictions stop the start."""

from dataclasses import replace
from pathlib import Path

import pytest

from samverkan.backbone.http.texts import Text, Texts, TextsInvalid, missing_texts
from samverkan.backbone.service import Service

SV = '[{}]\ntitle = "T"\ndetail = "D."\n'


def test_the_chassis_has_every_text_in_both_languages() -> None:
    assert missing_texts(Service("plain", ()), ()) == []


def test_a_text_that_is_missing_in_one_language_or_in_both_is_named(service: Service, texts: Path) -> None:
    with (texts / "sv.toml").open("a", encoding="utf-8") as file:
        file.write(SV.format("only-swedish"))
    assert missing_texts(service, {"starts-before-decision", "nowhere"}) == [
        "sv: nowhere",
        "en: nowhere",
        "en: only-swedish",
    ]


def test_a_text_in_one_language_is_used_for_the_other_rather_than_none(service: Service, texts: Path) -> None:
    with (texts / "sv.toml").open("a", encoding="utf-8") as file:
        file.write(SV.format("only-swedish"))
    assert Texts(service).find("only-swedish", "en") == Text(409, "T", "D.")


@pytest.mark.parametrize("code", ["not-found", "starts-before-decision"])
def test_a_code_that_stands_twice_stops_the_start(service: Service, texts: Path, code: str) -> None:
    with (texts / "sv.toml").open("a", encoding="utf-8") as file:
        file.write(SV.format(code))
    with pytest.raises(TextsInvalid):
        Texts(service)


def test_a_status_that_differs_between_the_languages_stops_the_start(service: Service, texts: Path) -> None:
    english = (texts / "en.toml").read_text(encoding="utf-8").replace("403", "404")
    (texts / "en.toml").write_text(english, encoding="utf-8")
    with pytest.raises(TextsInvalid, match="forbidden-here"):
        Texts(service)


@pytest.mark.parametrize("entry", ['[x]\ntitle = "T"\n', 'x = "T"\n', "[x\n"])
def test_an_incomplete_entry_stops_the_start(service: Service, texts: Path, entry: str) -> None:
    (texts / "en.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(TextsInvalid):
        Texts(service)


def test_a_service_without_texts_has_those_of_the_chassis(service: Service) -> None:
    plain = Texts(replace(service, texts=None))
    assert plain.find("not-found", "en") is not None
    assert plain.find("starts-before-decision", "en") is None


def test_a_placeholder_without_a_value_does_not_break_the_answer() -> None:
    assert (
        Text(409, "T", "From {decided_on} to {ends_on}.").filled({"ends_on": "2027-02-28"}) == "From … to 2027-02-28."
    )
