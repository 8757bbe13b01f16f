"""An employer with an opening, and what a participant shares for matching."""

from datetime import date
from decimal import Decimal
from typing import Final

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
from samverkan.schemas.opening import (
    Adaptations,
    OfferedTo,
    OpeningDeclined,
    OpeningFilled,
    OpeningOffered,
    OpeningPublished,
    OpeningReopened,
    OpeningWithdrawn,
    OpeningWork,
    ProfileShared,
    Withdrawal,
    WorkProfile,
)
from samverkan.schemas.participant import Programme
from samverkan.schemas.sample_chapters.step import CASE, FULL_TIME, Step, sample_id

_OPENED: Final = date(2033, 1, 3)

REGISTER: Final = (
    Step(
        "employer",
        EmployerRegistered(
            organisation_number="2120002395",
            sector=Sector.MUNICIPAL,
            conditions=Conditions.COLLECTIVE_AGREEMENT,
            pays_electronically=True,
            registered_on=date(2027, 6, 10),
            employment=EmployerProfile(employer_name="Timrå kommun"),
        ),
        _OPENED,
        "kommun",
    ),
    Step(
        "employer",
        WorkplaceRegistered(
            site_id=sample_id("site"),
            municipality="2262",
            employment=Site(workplace="Ledsagarservice", supervisors=("Arbetsledare, ledsagarservice",)),
        ),
        _OPENED,
        "kommun",
    ),
    Step(
        "employer",
        EmployerChecked(
            kind=CheckKind.DISMISSALS,
            passed=True,
            checked_on=date(2027, 6, 11),
            checked_by="handlaggare-0007",
            last_dismissal_on=date(2024, 1, 31),
        ),
        _OPENED,
        "af",
    ),
    Step(
        "opening",
        OpeningPublished(
            organisation_id=sample_id("employer"),
            forms=(Programme.INTRODUKTIONSJOBB, Programme.ARBETSPRAKTIK),
            municipality="2262",
            occupation="5330",
            extent_least=Decimal("0.50"),
            extent_most=FULL_TIME,
            available_from=date(2027, 7, 1),
            demands=("driving-licence",),
            offers=("quiet-room",),
            employment=OpeningWork(
                workplace="Ledsagarservice", supervisor="Arbetsledare, ledsagarservice", tasks=("ledsaga",)
            ),
        ),
        _OPENED,
        "kommun",
    ),
    Step(
        "profile",
        ProfileShared(
            case_id=CASE,
            shared_on=date(2027, 6, 14),
            employment=WorkProfile(
                forms=(Programme.INTRODUKTIONSJOBB,),
                occupations=("5330",),
                abilities=("driving-licence",),
                municipalities=("2262",),
                extent_most=FULL_TIME,
                available_from=date(2027, 7, 1),
            ),
            health=Adaptations(needs=("quiet-room",)),
        ),
        _OPENED,
        "kommun",
    ),
    Step(
        "opening",
        OpeningOffered(offered_on=date(2027, 6, 15), employment=OfferedTo(case_id=CASE)),
        _OPENED,
        "kommun",
    ),
    Step("opening", OpeningDeclined(declined_on=date(2027, 6, 16)), _OPENED, "kommun"),
    Step(
        "opening",
        OpeningFilled(filled_on=date(2027, 6, 17), employment=OfferedTo(case_id=CASE)),
        _OPENED,
        "kommun",
    ),
    Step("opening", OpeningReopened(reopened_on=date(2027, 6, 18)), _OPENED, "kommun"),
    Step(
        "opening",
        OpeningWithdrawn(withdrawn_on=date(2027, 6, 21), employment=Withdrawal(reason="Tjänsten är tillsatt.")),
        _OPENED,
        "kommun",
    ),
    Step("employer", EmployerDeregistered(deregistered_on=date(2027, 6, 22)), _OPENED, "af"),
)
