"""The shipped instrument, what a version says, and every way in which a file can be wrong."""

from datetime import date
from pathlib import Path

import pytest

from samverkan.intake.instrument import find, instruments, newest
from samverkan.intake.instruments.load import InstrumentsInvalid, load_instruments
from samverkan.schemas.catalogue import Role

FIVE = {"structure-of-day": 2, "health": 3, "social-network": 3, "skills-and-language": 4, "readiness-to-work": 2}
SHIPPED = Path(__file__).parent / "instruments" / "five-domains-1.toml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_instrument_asks_about_five_domains_on_a_scale_from_one_to_five() -> None:
    instrument = find("five-domains", 1)
    assert instrument is not None
    assert [domain.code for domain in instrument.domains] == list(FIVE)
    assert (instrument.lowest, instrument.highest, instrument.repeat_months) == (1, 5, 3)


def test_the_region_is_asked_first_about_health_and_never_about_work() -> None:
    instrument = instruments()[0]
    assert instrument.domains[1].answered_by[0] is Role.REGION
    assert set(instrument.questions(Role.REGION)) == {"structure-of-day", "health", "social-network"}
    assert instrument.questions(Role.MUNICIPALITY) == instrument.questions()
    assert instrument.questions(Role.INSURANCE) == ()


def test_a_version_that_was_never_released_is_not_found() -> None:
    assert find("five-domains", 2) is None
    assert find("four-domains", 1) is None
    assert newest("five-domains", date(2009, 12, 31)) is None


def test_what_is_missing_unasked_or_outside_the_scale_is_named() -> None:
    instrument = instruments()[0]
    assert instrument.unanswered(FIVE) == instrument.unknown(FIVE) == instrument.outside_scale(FIVE) == ()
    answers = {**FIVE, "housing": 3, "health": 6, "readiness-to-work": 0}
    del answers["social-network"]
    assert instrument.unanswered(answers) == ("social-network",)
    assert instrument.unknown(answers) == ("housing",)
    assert instrument.outside_scale(answers) == ("health", "readiness-to-work")


def test_several_questions_are_counted_as_the_version_says(tmp_path: Path) -> None:
    two = '[{ code = "sleep", sv = "Sömn", en = "Sleep" }, { code = "pain", sv = "Smärta", en = "Pain" }]'
    for scoring, score in (("lowest", 2), ("mean", 4)):  # 2 and 5: the mean, 3.5, is rounded half up
        asked = _edit('scoring = "only"\nquestions = [{ code = "health"', f'scoring = "{scoring}"\nquestions = QQ')
        asked = asked[: asked.index("QQ")] + two + asked[asked.index("body and mind?") + len('body and mind?" }]') :]
        (tmp_path / "five-domains-1.toml").write_text(asked, encoding="utf-8")
        (instrument,) = load_instruments(tmp_path)
        answers = {**FIVE, "sleep": 2, "pain": 5}
        assert instrument.scores(answers)["health"] == score


def test_a_new_version_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    (tmp_path / SHIPPED.name).write_text(_edit('"\nrepeat_months', '"\nvalid_until = 2026-06-30\nrepeat_months'))
    second = TEXT.replace("version = 1", "version = 2").replace("2010-01-01", "2026-07-01")
    second += '\n[[comparable]]\nversion = 1\ndomains = ["health"]\n'
    (tmp_path / "five-domains-2.toml").write_text(second, encoding="utf-8")
    old, new = load_instruments(tmp_path)
    assert (old.in_force(date(2026, 6, 30)), old.in_force(date(2026, 7, 1))) == (True, False)
    assert new.comparable_domains(old) == {"health"}
    assert old.comparable_domains(new) == frozenset(), "an old version says nothing of a newer one"
    assert len(new.comparable_domains(new)) == 5


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("version = 1", "version = 2", "five-domains-1.toml holds five-domains, version 2: name it after that"),
        ("version = 1", "version = ", "five-domains-1.toml is not TOML"),
        ("repeat_months = 3", "repeat_months = 0", "repeat_months is at least 1"),
        ("repeat_months = 3", 'repeat_months = 3\ncolour = "red"', "five-domains-1.toml: colour"),
        ("valid_from = 2010-01-01", "valid_from = 2010-01-01\nvalid_until = 2009-12-31", "before valid_from"),
        ("score = 3", "score = 7", "the steps are at least two, ascending, without a gap"),
        ('[[domains]]\ncode = "health"', '[[domains]]\ncode = "social-network"', "social-network stands there twice"),
        ('["region", "municipality"]', "[]", "nobody answers health"),
        ('["region", "municipality"]', '["coordination-association"]', "may not know of individuals"),
        ('["region", "municipality"]', '["church"]', "domains.1.answered_by.0"),
        ('"Hälsa"', '" "', "a text is blank"),
        ("\n[[domains]]", "\n[[comparable]]\nversion = 1\ndomains = []\n[[domains]]", "no earlier version 1"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    (tmp_path / SHIPPED.name).write_text(_edit(before, after), encoding="utf-8")
    with pytest.raises(InstrumentsInvalid) as refused:
        load_instruments(tmp_path)
    assert sentence in str(refused.value)


def test_a_comparison_needs_the_same_scale_and_a_domain_of_both(tmp_path: Path) -> None:
    (tmp_path / SHIPPED.name).write_text(TEXT, encoding="utf-8")
    second = TEXT.replace("version = 1", "version = 2").replace(
        '    { score = 5, sv = "Fungerar bra, inget behov av stöd", en = "Works well, no support needed" },\n', ""
    )
    second += '\n[[comparable]]\nversion = 1\ndomains = ["housing"]\n'
    (tmp_path / "five-domains-2.toml").write_text(second, encoding="utf-8")
    with pytest.raises(InstrumentsInvalid) as refused:
        load_instruments(tmp_path)
    assert "version 1 has another scale" in str(refused.value)
    assert "housing is not a domain of both" in str(refused.value)


def test_no_instrument_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(InstrumentsInvalid, match="there is no instrument"):
        load_instruments(tmp_path)


def _edit(before: str, after: str) -> str:
    assert before in TEXT
    return TEXT.replace(before, after, 1)
