"""The letters of what became of a decision: the sums and days that were decided, and what may be done about it."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from pypdf import PdfReader

from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.content import flat
from samverkan.backbone.papers.paper import Asked
from samverkan.backbone.papers.template import Facts, Templates
from samverkan.backbone.papers.typeset import typeset
from samverkan.backbone.view_table import Folding
from samverkan.funding.change_letters import amendment_letter, review_letter, revocation_letter
from samverkan.funding.compensation import table
from samverkan.funding.compensation.amendment import Change
from samverkan.funding.compensation.compensation import compensation_id
from samverkan.funding.compensation.examples import APPLIED, CHECKED, CONDITIONS, GRANTED, MARCH, PLACEMENT, RULES
from samverkan.funding.compensation.review import DecideReview, RequestReview
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.decision_history import DecisionHistories, Told, history_key, told
from samverkan.funding.decision_paper import decision_paper
from samverkan.funding.decision_parties import DecisionEmployerRow
from samverkan.funding.letter_parts import Whom
from samverkan.funding.recovery_letters import recovery_letter, waiver_letter
from samverkan.funding.test_views import stream
from samverkan.schemas.catalogue import FUNDING
from samverkan.schemas.decisions import Party, ReviewOutcome
from samverkan.schemas.event import Compartment, Event

TEMPLATES: Final = Templates(Path(__file__).parent / "papers")
COMPENSATION: Final = compensation_id(PLACEMENT)
EMPLOYER: Final = DecisionEmployerRow(PLACEMENT, "2120002395", "Timrå kommun")
LETTERS: Final[Mapping[str, Callable[[Whom, Sequence[Told], date | None], Asked]]] = {
    "decision": lambda whom, history, _: decision_paper(CONDITIONS, RULES, whom, history),
    "amendment": partial(amendment_letter, CONDITIONS),
    "revocation": partial(revocation_letter, CONDITIONS),
    "review": partial(review_letter, CONDITIONS),
    "recovery": partial(recovery_letter, CONDITIONS),
    "waiver": partial(waiver_letter, CONDITIONS),
}
AMENDED: Final = table.after(GRANTED, table.AMEND, table.AMENDED)
REVOKED: Final = table.after(GRANTED, table.REVOKE, table.REVOKED)
ASK: Final = RequestReview(Party.EMPLOYER, date(2026, 8, 10))
UPHELD: Final = DecideReview("af-omprovning-1", date(2026, 8, 20), ReviewOutcome.UPHELD)


def letter(events: Sequence[Event], name: str, on: date | None = None) -> str:
    """The text of the letter that these events lead to."""
    folding = Folding((Compensations(), DecisionHistories()))
    for recorded in stream(FUNDING, COMPENSATION, *events):
        folding.apply(recorded)
    key = history_key(COMPENSATION, MARCH if name in ("recovery", "waiver") else None)
    whom = Whom(folding.rows["compensation"][COMPENSATION], EMPLOYER, None)
    asked = LETTERS[name](whom, told(folding.rows["decision_history"].get(key)), on)
    template = TEMPLATES.newest(asked.template)
    content = {one: dict(fields) for one, fields in asked.content.items()}
    content[Compartment.ECONOMY]["salt"] = "0"
    template.refuse_unfit(content)
    facts = Facts(asked.template, template.version, date(2026, 9, 1), None)
    source = template.source(facts, {one: flat(fields) for one, fields in content.items()})
    pages = PdfReader(io.BytesIO(typeset(source.text, source.data, source.timestamp))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


def assert_says(text: str, *expected: str) -> None:
    assert [words for words in expected if words not in text] == []


def test_an_amendment_says_what_held_before_and_what_holds_now() -> None:
    history = AMENDED
    assert_says(
        letter(history, "amendment"),
        "ändrar beslutet den 20 februari 2026 om stöd till Timrå kommun i form av introduktionsjobb",
        "Från och med 1 september 2026 gäller",
        "Omfattning av heltid 100 % 75 %",
        "Bruttolön för en hel månad 24 000,00 kr 18 000,00 kr",
        "Stöd för en hel månad 21 027,20 kr 15 770,40 kr",
        "Sista dag med stöd 28 februari 2027 28 februari 2027",
        "Stöd under hela perioden, beräknat i förväg 252 326,40 kr 220 785,60 kr",
        "Det som har ändrats i er anställning är arbetstiden och lönen.",
        "Beslutsdag: 4 augusti 2026",
        "af-handlaggare-2, Arbetsförmedlingen",
        "inom tre veckor från den dag då ni fick del av beslutet",
        "(40 § förordningen (2018:42)",
        "efter omprövningen kan ni överklaga det till förvaltningsrätten (41 §",
    )


def test_a_second_amendment_starts_from_the_first_and_each_has_its_letter() -> None:
    earlier_end = replace(
        table.AMEND, prepared_on=date(2026, 9, 7), change=Change(date(2026, 10, 1), ends_on=date(2026, 12, 31))
    )
    history = table.after(AMENDED, earlier_end, replace(table.AMENDED, decided_on=date(2026, 9, 8)))
    assert_says(
        letter(history, "amendment"),
        "Omfattning av heltid 75 % 75 %",
        "Sista dag med stöd 28 februari 2027 31 december 2026",
        "Det som har ändrats i er anställning är sista dagen med stöd.",
        "Stöd under hela perioden, beräknat i förväg 220 785,60 kr 189 244,80 kr",
    )
    assert "Omfattning av heltid 100 % 75 %" in letter(history, "amendment", date(2026, 8, 4))
    with pytest.raises(Refused, match="not-amended"):
        letter(history, "amendment", date(2026, 8, 5))


def test_an_amendment_from_a_day_before_another_one_says_the_end_that_was_decided_last() -> None:
    earlier_end = replace(table.AMEND, change=Change(date(2026, 10, 1), ends_on=date(2026, 12, 31)))
    text = letter(
        table.after(
            GRANTED, earlier_end, table.AMENDED, table.AMEND, replace(table.AMENDED, decided_on=date(2026, 8, 5))
        ),
        "amendment",
    )
    assert_says(text, "Omfattning av heltid 100 % 75 %", "Sista dag med stöd 31 december 2026 31 december 2026")


def test_a_revocation_says_from_when_and_why_and_what_stays() -> None:
    history = REVOKED
    assert_says(
        letter(history, "revocation"),
        "återkallar från och med 1 juni 2026 beslutet den 20 februari 2026 om stöd till Timrå kommun",
        "Period som var beviljad: 2 mars 2026 – 28 februari 2027",
        "Stöd lämnas till och med: 31 maj 2026",
        "Villkoren för stödet är inte uppfyllda",
        "kan ni överklaga det till förvaltningsrätten (41 §",
    )


def test_a_review_of_the_first_decision_cannot_be_appealed() -> None:
    history = table.after(GRANTED, replace(ASK, requested_on=date(2026, 3, 2)), UPHELD)
    text = letter(history, "review")
    assert_says(
        text,
        "ändrar inte beslutet att bevilja stöd den 20 februari 2026",
        "Omprövning begärdes: 2 mars 2026, av arbetsgivaren",
        "ger inte skäl att ändra beslutet",
        "Det här beslutet får inte överklagas till domstol.",
        "Beslutsfattare: af-omprovning-1, Arbetsförmedlingen",
    )
    assert "Skriv i överklagandet" not in text


def test_a_review_of_an_amendment_says_how_to_appeal() -> None:
    changed = replace(
        UPHELD, outcome=ReviewOutcome.CHANGED, change=Change(date(2026, 9, 1), Decimal(1), Decimal(24000))
    )
    history = table.after(AMENDED, ASK, replace(changed, reason="Arbetstiden gick aldrig ner."))
    assert_says(
        letter(history, "review"),
        "ändrar beslutet att ändra stödet den 4 augusti 2026",
        "Omfattning av heltid 75 % 100 %",
        "Skäl Arbetstiden gick aldrig ner.",
        "Stöd för en hel månad 15 770,40 kr 21 027,20 kr",
        "Överklagandet ska vara skriftligt. Det ställs till förvaltningsrätten men lämnas till Arbetsförmedlingen",
        "inom tre veckor från den dag då ni fick del av det här beslutet",
        "vilket beslut ni överklagar: diarienummer och beslutsdag",
    )
    assert "Omfattning av heltid 100 % 75 %" in letter(history, "amendment"), "the review made none of its own"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            REVOKED,
            "Återkallelsen från och med 1 juni 2026 upphävs. Det är som om den aldrig hade beslutats.",
        ),
        (
            table.after((APPLIED, CHECKED), table.REFUSE),
            "beviljas: stöd lämnas från och med 2 mars 2026 till och med 28 februari 2027, för 100 % av heltid.",
        ),
    ],
    ids=["a revocation", "a refusal"],
)
def test_a_review_that_changes_says_what_holds_instead(given: list[Event], expected: str) -> None:
    changed = replace(UPHELD, outcome=ReviewOutcome.CHANGED)
    history = table.after(given, ASK, changed)
    assert expected in letter(history, "review")


def test_a_refusal_that_a_review_changed_keeps_its_letter() -> None:
    changed = replace(UPHELD, outcome=ReviewOutcome.CHANGED)
    history = table.after((APPLIED, CHECKED), table.REFUSE, ASK, changed)
    assert "avslår ansökan från Timrå kommun" in letter(history, "decision")


def test_a_recovery_says_how_much_of_which_month_how_computed_and_by_when() -> None:
    history = table.IN_RECOVERY
    assert_says(
        letter(history, "recovery"),
        "Arbetsförmedlingen kräver tillbaka 10 513,60 kr från Timrå kommun.",
        "för högt belopp för mars 2026. Beloppet ska vara betalt senast den 20 juli 2026.",  # 18 July is a Saturday
        "Stöd som har lämnats för mars 2026 21 027,20 kr",
        "Stöd som är rätt för månaden −10 513,60 kr",
        "För mycket, att betala tillbaka 10 513,60 kr",
        "gäller 2 mars 2026 – 16 mars 2026 och en bruttolön på 12 000,00 kr",
        "Anställningen hade upphört",
        "Månaden räknades om den 2 juni 2026.",
        "Ni har orsakat att stödet lämnades med för högt belopp",
        "återbetalningsskyldig (34 § förordningen (2018:42)",
        "Vi frågade er den 3 juni 2026 vad ni anser, och ni kunde svara till och med den 17 juni 2026",
        "Ni svarade den 10 juni 2026, och godtog beräkningen.",
        "Beslutet får inte överklagas till domstol, inte heller efter omprövningen (41 §",
        "betalningsföreläggande",
    )


def test_what_was_repaid_before_is_taken_off_what_is_asked_back_again() -> None:
    """After a repayment the month is computed again: less is owed, and the letter adds up."""
    repaid = table.after(table.IN_RECOVERY, replace(table.REPAY, amount=Decimal("5000.00")))
    lower = replace(table.CORRECT, gross_paid=Decimal(11000), prepared_on=date(2026, 8, 3))
    history = table.after(
        repaid,
        lower,
        replace(table.CORRECTED, decided_on=date(2026, 8, 4)),
        replace(table.HEAR, sent_on=date(2026, 8, 5), answer_by=date(2026, 8, 19)),
        replace(table.RECOVER, prepared_on=date(2026, 8, 20)),
        replace(table.RECOVERED, decided_on=date(2026, 8, 20)),
    )
    assert_says(
        letter(history, "recovery"),
        "Stöd som har lämnats för mars 2026 21 027,20 kr",
        "Redan återbetalt eller eftergivet −5 000,00 kr",
        "Inget svar kom in.",
    )
    assert "kräver tillbaka 10 513,60 kr" in letter(history, "recovery", date(2026, 6, 18))


def test_a_waiver_says_how_much_and_the_reason_in_the_words_of_who_prepared_it() -> None:
    history = table.after(table.OVERPAID, table.WAIVE, table.WAIVED)
    text = letter(history, "waiver")
    assert_says(
        text,
        "avstår från att kräva tillbaka 10 513,60 kr från Timrå kommun",
        "för högt belopp för mars 2026. Ni behöver inte betala tillbaka det.",
        "särskilda skäl att avstå från kravet (38 § förordningen (2018:42)",
        "Felet var vårt.",
        "Beslutsdag: 21 juni 2026",
    )
    assert "Beslut om återkrav:" not in text, "nothing had been asked back"


def test_no_letter_says_what_nobody_has_read() -> None:
    amended = [
        event.model_copy(update={"decided_on": date(2022, 11, 30)}) if index == len(AMENDED) - 1 else event
        for index, event in enumerate(AMENDED)
    ]
    history = amended
    with pytest.raises(Refused, match="no-rule-in-force"):
        letter(history, "amendment")
