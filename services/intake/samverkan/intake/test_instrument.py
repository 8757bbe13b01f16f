from samverkan.intake.instrument import INSTRUMENTS, find

FIVE = {"structure-of-day": 2, "health": 3, "social-network": 3, "skills-and-language": 4, "readiness-to-work": 2}


def test_the_shipped_instrument_asks_about_five_domains_on_a_scale_from_one_to_five() -> None:
    instrument = find("five-domains", 1)
    assert instrument is not None
    assert [domain.code for domain in instrument.domains] == list(FIVE)
    assert (instrument.lowest, instrument.highest) == (1, 5)


def test_a_version_that_was_never_released_is_not_found() -> None:
    assert find("five-domains", 2) is None
    assert find("four-domains", 1) is None


def test_no_two_versions_share_code_and_number() -> None:
    assert len({(known.code, known.version) for known in INSTRUMENTS}) == len(INSTRUMENTS)


def test_what_is_missing_unasked_or_outside_the_scale_is_named() -> None:
    instrument = INSTRUMENTS[0]
    assert instrument.unanswered(FIVE) == instrument.unknown(FIVE) == instrument.outside_scale(FIVE) == ()
    answers = {**FIVE, "housing": 3, "health": 6, "readiness-to-work": 0}
    del answers["social-network"]
    assert instrument.unanswered(answers) == ("social-network",)
    assert instrument.unknown(answers) == ("housing",)
    assert instrument.outside_scale(answers) == ("health", "readiness-to-work")
