"""Consent that is asked for, bound to an insats, given for a minor, and taken back (stories 7 and 3)."""

from dataclasses import replace
from datetime import date

import pytest

from samverkan.backbone.errors import Refused
from samverkan.intake.case.by import By
from samverkan.intake.case.consent import GiveConsent, RequestConsent, Signed, WithdrawConsent
from samverkan.intake.case.examples import ASSESSED, ENROL, FEBRUARY_3, FEBRUARY_10, READY, REFERRED, consent, given
from samverkan.intake.case.minors import ConsentedBy, Maturity, refuse_unsettled
from samverkan.intake.case.state import State
from samverkan.schemas.consent import ConsentRequested, ConsentWithdrawn
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import (
    ConsentForm,
    ConsentGiven,
    Identity,
    Programme,
    WhoConsented,
)

APRIL_10 = date(2026, 4, 10)
REGION = ConsentGiven(
    agency="region",
    purpose="shared-case",
    compartments=(Compartment.HEALTH, Compartment.IDENTITY),
    given_on=FEBRUARY_3,
)
WITHDRAWN = ConsentWithdrawn(
    agency="region",
    purpose="shared-case",
    compartments=(Compartment.HEALTH, Compartment.IDENTITY),
    withdrawn_on=APRIL_10,
)
GIVE = GiveConsent("region", "shared-case", frozenset({Compartment.HEALTH, Compartment.IDENTITY}), FEBRUARY_3)
# 17 years on 2026-02-03: born 2008; Skatteverket's list has nobody of that age, so the day is moved instead.
YOUNG = REFERRED.model_copy(update={"identity": Identity(person_number="200001052380")})
WHEN_17 = date(2017, 2, 3)
WHEN_15 = date(2015, 2, 3)


def test_a_request_makes_the_case_wait_for_consent() -> None:
    form = ConsentForm(language="so", easy_words=True, interpreter_used=True)
    asked = RequestConsent(("region", "af", "af"), "shared-case", FEBRUARY_3, Programme.INTRODUKTIONSJOBB, form)
    requested = ConsentRequested(
        agencies=("af", "region"),
        purpose="shared-case",
        insats="introduktionsjobb",
        asked_on=FEBRUARY_3,
        contact=form,
    )
    given(REFERRED).when(asked).then(requested)
    given(REFERRED, requested).when(asked).then_nothing()
    assert given(REFERRED, requested).state.state is State.CONSENT_PENDING


def test_withdrawing_takes_back_all_that_the_agency_was_given() -> None:
    given(REFERRED, REGION).when(WithdrawConsent("region", APRIL_10)).then(WITHDRAWN)


def test_withdrawing_twice_is_withdrawing_once() -> None:
    given(REFERRED, REGION, WITHDRAWN).when(WithdrawConsent("region", APRIL_10)).then_nothing()
    given(REFERRED, REGION, WITHDRAWN).when(WithdrawConsent("region", date(2026, 4, 11))).then_refused(
        "nothing-to-withdraw"
    )


def test_one_compartment_can_be_taken_back_and_the_others_stay() -> None:
    only_health = WithdrawConsent("region", APRIL_10, compartments=frozenset({Compartment.HEALTH}))
    (withdrawn,) = given(REFERRED, REGION).when(only_health).decide(only_health, given(REFERRED, REGION).state)
    assert withdrawn == WITHDRAWN.model_copy(update={"compartments": (Compartment.HEALTH,)})
    (left,) = given(REFERRED, REGION, withdrawn).state.consents
    assert left.left == {Compartment.IDENTITY}


def test_a_consent_for_another_purpose_stays() -> None:
    research = REGION.model_copy(update={"purpose": "evaluation"})
    one = WithdrawConsent("region", APRIL_10, purpose="shared-case")
    given(REFERRED, REGION, research).when(one).then(WITHDRAWN)
    both = WithdrawConsent("region", APRIL_10)
    given(REFERRED, REGION, research).when(both).then(WITHDRAWN, WITHDRAWN.model_copy(update={"purpose": "evaluation"}))


def test_what_was_never_agreed_to_cannot_be_taken_back() -> None:
    given(REFERRED, consent("af")).when(WithdrawConsent("region", APRIL_10)).then_refused("nothing-to-withdraw")
    given(REFERRED).when(WithdrawConsent("skatteverket", APRIL_10)).then_refused("agency-unknown")


def test_consent_is_not_taken_back_before_it_was_given() -> None:
    given(REFERRED, REGION).when(WithdrawConsent("region", date(2026, 2, 2))).then_refused("withdrawn-before-given")


def test_the_old_form_brings_nothing_back() -> None:
    """The same form again is the same consent; another one that was signed before the withdrawal is refused."""
    given(REFERRED, REGION, WITHDRAWN).when(GIVE).then_nothing()
    given(REFERRED, REGION, WITHDRAWN).when(replace(GIVE, given_on=APRIL_10)).then_refused(
        "consent-older-than-withdrawal"
    )
    other_purpose = replace(GIVE, purpose="plan", given_on=FEBRUARY_10)
    given(REFERRED, REGION, WITHDRAWN).when(other_purpose).then_refused("consent-older-than-withdrawal")


def test_a_new_form_after_the_withdrawal_counts() -> None:
    again = replace(GIVE, given_on=date(2026, 6, 1))
    given(REFERRED, REGION, WITHDRAWN).when(again).then(REGION.model_copy(update={"given_on": date(2026, 6, 1)}))


def test_a_withdrawn_consent_is_missing_at_the_enrolment() -> None:
    af = ConsentWithdrawn(
        agency="af", purpose="shared-case", compartments=(Compartment.IDENTITY,), withdrawn_on=FEBRUARY_10
    )
    given(*READY, af).when(ENROL).then_refused("consent-missing")


def test_a_consent_for_one_insats_does_not_count_for_another() -> None:
    for insats, enrols in (("introduktionsjobb", True), ("arbetspraktik", False)):
        bound = consent("af").model_copy(update={"insats": insats})
        history = given(REFERRED, consent("kommun"), bound, ASSESSED)
        if enrols:
            assert history.when(ENROL).decide(ENROL, history.state)
        else:
            history.when(ENROL).then_refused("consent-missing")


def test_how_and_for_what_the_form_was_signed_is_recorded() -> None:
    command = replace(GIVE, insats=Programme.INTRODUKTIONSJOBB, signed=Signed.PAPER, form=ConsentForm(language="ar"))
    given(REFERRED).when(command).then(
        REGION.model_copy(
            update={"insats": "introduktionsjobb", "form": "paper", "contact": ConsentForm(language="ar")}
        )
    )


@pytest.mark.parametrize(
    ("day", "consented_by", "maturity", "code"),
    [
        (WHEN_17, None, None, "minor-consent-unsettled"),
        (WHEN_17, ConsentedBy.PARTICIPANT, None, "minor-consent-unsettled"),
        (WHEN_17, ConsentedBy.PARTICIPANT, Maturity.NOT_MATURE, "guardian-consent-needed"),
        (WHEN_15, ConsentedBy.PARTICIPANT, Maturity.MATURE, "guardian-consent-needed"),
    ],
)
def test_a_minor_s_consent_is_refused_until_it_is_settled_whose_it_is(
    day: date, consented_by: ConsentedBy | None, maturity: Maturity | None, code: str
) -> None:
    command = replace(GIVE, given_on=day, consented_by=consented_by, maturity=maturity)
    given(YOUNG).when(command).then_refused(code)


@pytest.mark.parametrize(
    ("day", "consented_by", "maturity"),
    [
        (WHEN_17, ConsentedBy.PARTICIPANT, Maturity.MATURE),
        (WHEN_17, ConsentedBy.BOTH, None),
        (WHEN_15, ConsentedBy.GUARDIAN, None),
        (date(2018, 1, 5), None, None),  # the eighteenth birthday
    ],
)
def test_whose_consent_it_is_is_recorded_with_who_assessed_the_maturity(
    day: date, consented_by: ConsentedBy | None, maturity: Maturity | None
) -> None:
    command = replace(
        GIVE, given_on=day, consented_by=consented_by, maturity=maturity, by=By("kommun", "kommun-handlaggare-1")
    )
    (event,) = given(YOUNG).when(command).decide(command, given(YOUNG).state)
    who = (
        None
        if consented_by is None
        else WhoConsented(
            consented_by=consented_by.value,
            maturity=None if maturity is None else maturity.value,
            assessed_by=None if maturity is None else "kommun-handlaggare-1",
        )
    )
    assert isinstance(event, ConsentGiven)
    assert event.identity == who


def test_a_refusal_does_not_tell_the_age() -> None:
    with pytest.raises(Refused) as refused:
        refuse_unsettled(17, None, None)
    assert refused.value.details == {"source": "OSL 12:3, FB 6:11"}
