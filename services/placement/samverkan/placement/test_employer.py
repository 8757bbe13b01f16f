from dataclasses import replace
from datetime import date

import pytest

from samverkan.backbone.testing.specification import specification
from samverkan.placement.employer import (
    DeregisterEmployer,
    Employer,
    RecordCheck,
    RegisterEmployer,
    RegisterWorkplace,
    decide,
    employer_id,
    evolve,
    site_id,
)
from samverkan.schemas.employer import (
    CheckKind,
    Conditions,
    EmployerChecked,
    EmployerDeregistered,
    EmployerProfile,
    EmployerRegistered,
    Sector,
    Site,
    WorkplaceRegistered,
)

given = specification(decide, evolve, Employer())

MARCH_2, MARCH_5 = date(2026, 3, 2), date(2026, 3, 5)
REGISTER = RegisterEmployer(
    "212000-2395", "Timrå kommun", Sector.MUNICIPAL, Conditions.COLLECTIVE_AGREEMENT, True, MARCH_2
)
REGISTERED = EmployerRegistered(
    organisation_number="2120002395",
    sector=Sector.MUNICIPAL,
    conditions=Conditions.COLLECTIVE_AGREEMENT,
    pays_electronically=True,
    registered_on=MARCH_2,
    employment=EmployerProfile(employer_name="Timrå kommun"),
)
CHECK = RecordCheck(CheckKind.UNPAID_TAX, True, MARCH_2, "af-1")
CHECKED = EmployerChecked(kind=CheckKind.UNPAID_TAX, passed=True, checked_on=MARCH_2, checked_by="af-1")
WORKPLACE = RegisterWorkplace("Ledsagarservice", "2262", ("Handledare", "Handledare"))
SITE = WorkplaceRegistered(
    site_id=site_id(employer_id("2120002395"), "Ledsagarservice"),
    municipality="2262",
    employment=Site(workplace="Ledsagarservice", supervisors=("Handledare",)),
)
GONE = EmployerDeregistered(deregistered_on=MARCH_5)


def test_an_employer_is_in_the_register_once_and_changes_there() -> None:
    given().when(REGISTER).then(REGISTERED)
    given(REGISTERED).when(REGISTER).then_nothing()
    renamed = replace(REGISTER, name="Timrå")
    given(REGISTERED).when(renamed).then(
        REGISTERED.model_copy(update={"employment": EmployerProfile(employer_name="Timrå")})
    )
    assert employer_id("212000-2395") == employer_id("2120002395")


def test_a_workplace_is_known_by_its_name() -> None:
    given(REGISTERED).when(WORKPLACE).then(SITE)
    given(REGISTERED, SITE).when(replace(WORKPLACE, workplace="ledsagarservice ")).then(
        SITE.model_copy(update={"employment": Site(workplace="ledsagarservice ", supervisors=("Handledare",))})
    )
    given(REGISTERED, SITE).when(WORKPLACE).then_nothing()


def test_a_check_is_recorded_with_who_made_it_and_the_latest_counts() -> None:
    given(REGISTERED).when(CHECK).then(CHECKED)
    given(REGISTERED, CHECKED).when(CHECK).then_nothing()
    later = replace(CHECK, checked_on=MARCH_5, passed=False)
    given(REGISTERED, CHECKED).when(later).then(CHECKED.model_copy(update={"checked_on": MARCH_5, "passed": False}))


def test_who_is_deregistered_can_be_registered_again() -> None:
    given(REGISTERED).when(DeregisterEmployer(MARCH_5)).then(GONE)
    given(REGISTERED, GONE).when(DeregisterEmployer(MARCH_5)).then_nothing()
    given(REGISTERED, GONE).when(REGISTER).then(REGISTERED)


@pytest.mark.parametrize(
    ("history", "command", "code"),
    [
        ((), WORKPLACE, "employer-unknown"),
        ((), CHECK, "employer-unknown"),
        ((), DeregisterEmployer(MARCH_5), "employer-unknown"),
        ((), replace(REGISTER, organisation_number="2120002394"), "organisation-number-checksum"),
        ((), replace(REGISTER, organisation_number="198808112380"), "organisation-number-format"),
        ((REGISTERED, GONE), WORKPLACE, "employer-deregistered"),
        ((REGISTERED,), replace(CHECK, last_dismissal_on=MARCH_2), "dismissal-without-check"),
        (
            (REGISTERED,),
            replace(CHECK, kind=CheckKind.DISMISSALS, last_dismissal_on=MARCH_5),
            "dismissal-after-check",
        ),
        ((REGISTERED, CHECKED), replace(CHECK, checked_on=date(2026, 3, 1)), "checked-later"),
    ],
)
def test_what_the_register_cannot_say_is_refused(history: tuple[object, ...], command: object, code: str) -> None:
    given(*history).when(command).then_refused(code)
