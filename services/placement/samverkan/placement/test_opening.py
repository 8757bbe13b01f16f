from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from samverkan.backbone.testing.specification import specification
from samverkan.placement.opening import (
    DeclineOpening,
    FillOpening,
    OfferOpening,
    Opening,
    PublishOpening,
    ReopenOpening,
    WithdrawOpening,
    decide,
    evolve,
)
from samverkan.schemas.opening import (
    OfferedTo,
    OpeningDeclined,
    OpeningFilled,
    OpeningOffered,
    OpeningPublished,
    OpeningReopened,
    OpeningWithdrawn,
    OpeningWork,
    Withdrawal,
)
from samverkan.schemas.participant import Programme

given = specification(decide, evolve, Opening())

EMPLOYER, CASE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
MARCH_2, MARCH_5 = date(2026, 3, 2), date(2026, 3, 5)
WORK = OpeningWork(workplace="Ledsagarservice", supervisor="Handledare", tasks=("ledsaga", "handla"))
PUBLISH = PublishOpening(
    organisation_id=EMPLOYER,
    forms=(Programme.INTRODUKTIONSJOBB, Programme.INTRODUKTIONSJOBB),
    municipality="2262",
    occupation="5330",
    extent_least=Decimal("0.50"),
    extent_most=Decimal(1),
    available_from=MARCH_2,
    work=WORK,
    demands=("driving-licence",),
    offers=("step-free", "quiet-room"),
)
PUBLISHED = OpeningPublished(
    organisation_id=EMPLOYER,
    forms=(Programme.INTRODUKTIONSJOBB,),
    municipality="2262",
    occupation="5330",
    extent_least=Decimal("0.50"),
    extent_most=Decimal(1),
    available_from=MARCH_2,
    demands=("driving-licence",),
    offers=("quiet-room", "step-free"),
    employment=WORK,
)
OFFERED = OpeningOffered(offered_on=MARCH_2, employment=OfferedTo(case_id=CASE))
FILLED = OpeningFilled(filled_on=MARCH_5, employment=OfferedTo(case_id=CASE))
CARVED = PUBLISHED.model_copy(update={"employment": WORK.model_copy(update={"carved_for": CASE})})


def test_an_opening_is_published_once_with_its_tasks() -> None:
    given().when(PUBLISH).then(PUBLISHED)
    given(PUBLISHED).when(PUBLISH).then_nothing()
    given(PUBLISHED).when(replace(PUBLISH, municipality="2281")).then_refused("already-published")


def test_an_opening_is_offered_declined_offered_again_and_filled() -> None:
    given(PUBLISHED).when(OfferOpening(CASE, MARCH_2)).then(OFFERED)
    given(PUBLISHED, OFFERED).when(OfferOpening(CASE, MARCH_2)).then_nothing()
    declined = OpeningDeclined(declined_on=MARCH_5)
    given(PUBLISHED, OFFERED).when(DeclineOpening(MARCH_5)).then(declined)
    given(PUBLISHED, OFFERED, declined).when(DeclineOpening(MARCH_5)).then_nothing()
    given(PUBLISHED, OFFERED, declined).when(FillOpening(CASE, MARCH_5)).then(FILLED)
    given(PUBLISHED, OFFERED, FILLED).when(FillOpening(CASE, MARCH_5)).then_nothing()


def test_of_two_who_fill_one_opening_the_second_is_refused() -> None:
    given(PUBLISHED, FILLED).when(FillOpening(OTHER, MARCH_5)).then_refused("opening-not-open")


def test_what_is_held_for_one_is_not_filled_by_another() -> None:
    given(PUBLISHED, OFFERED).when(FillOpening(OTHER, MARCH_5)).then_refused("opening-not-open")
    given(PUBLISHED, OFFERED).when(OfferOpening(OTHER, MARCH_5)).then_refused("opening-not-open")


def test_tasks_cut_out_for_one_person_are_offered_to_nobody_else() -> None:
    for command in (OfferOpening(OTHER, MARCH_2), FillOpening(OTHER, MARCH_5)):
        given(CARVED).when(command).then_refused("opening-carved-for-another")
    given(CARVED).when(OfferOpening(CASE, MARCH_2)).then(OFFERED)


def test_a_protected_participant_is_named_nowhere() -> None:
    given(PUBLISHED).when(OfferOpening(CASE, MARCH_2, withheld=True)).then(OpeningOffered(offered_on=MARCH_2))
    held = OpeningOffered(offered_on=MARCH_2)
    given(PUBLISHED, held).when(FillOpening(CASE, MARCH_5, withheld=True)).then(OpeningFilled(filled_on=MARCH_5))


def test_a_place_that_is_free_again_is_offered_again() -> None:
    free = OpeningReopened(reopened_on=MARCH_5)
    given(PUBLISHED, FILLED).when(ReopenOpening(MARCH_5)).then(free)
    given(PUBLISHED, FILLED, free).when(ReopenOpening(MARCH_5)).then_nothing()
    given(PUBLISHED, FILLED, free).when(OfferOpening(OTHER, MARCH_5)).then(
        OpeningOffered(offered_on=MARCH_5, employment=OfferedTo(case_id=OTHER))
    )


def test_a_withdrawn_opening_takes_nobody() -> None:
    withdraw = WithdrawOpening(MARCH_5, "Tillsatt")
    gone = OpeningWithdrawn(withdrawn_on=MARCH_5, employment=Withdrawal(reason="Tillsatt"))
    given(PUBLISHED).when(withdraw).then(gone)
    given(PUBLISHED, gone).when(withdraw).then_nothing()
    for command in (OfferOpening(CASE, MARCH_5), FillOpening(CASE, MARCH_5), ReopenOpening(MARCH_5)):
        given(PUBLISHED, gone).when(command).then_refused("opening-not-open")


def test_a_filled_place_is_not_withdrawn_under_who_has_it() -> None:
    given(PUBLISHED, FILLED).when(WithdrawOpening(MARCH_5, "Tillsatt")).then_refused("opening-not-open")
    given(PUBLISHED, FILLED).when(DeclineOpening(MARCH_5)).then_refused("opening-not-open")


@pytest.mark.parametrize(
    "command",
    [
        OfferOpening(CASE, MARCH_2),
        DeclineOpening(MARCH_2),
        FillOpening(CASE, MARCH_2),
        ReopenOpening(MARCH_2),
        WithdrawOpening(MARCH_2, "-"),
    ],
)
def test_nothing_happens_to_an_opening_that_nobody_published(command: object) -> None:
    given().when(command).then_refused("opening-unknown")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(PUBLISH, extent_least=Decimal(0)), "extent-outside-range"),
        (replace(PUBLISH, extent_most=Decimal("0.25")), "extent-outside-range"),
        (replace(PUBLISH, available_until=date(2026, 3, 1)), "ends-before-start"),
        (replace(PUBLISH, forms=(Programme.ARBETSMARKNADSTORGET,)), "form-not-a-placement"),
    ],
)
def test_an_opening_that_cannot_be_is_refused(command: PublishOpening, code: str) -> None:
    given().when(command).then_refused(code)
