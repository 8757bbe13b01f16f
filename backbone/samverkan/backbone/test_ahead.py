"""Nobody tells what has not happened yet; what is planned may lie ahead."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from samverkan.backbone.decider import refuse_ahead
from samverkan.backbone.errors import Refused
from samverkan.schemas.course import CasePaused, CaseResumed
from samverkan.schemas.support import MeasurementOpened

TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)


def test_what_happened_has_happened() -> None:
    with pytest.raises(Refused, match="day-in-future"):
        refuse_ahead([CaseResumed(resumed_on=TODAY), CaseResumed(resumed_on=TOMORROW)], TODAY)
    refuse_ahead([CaseResumed(resumed_on=TODAY)], TODAY)


def test_what_is_planned_may_lie_ahead() -> None:
    refuse_ahead([CasePaused(paused_on=TOMORROW)], TODAY)


def test_an_event_without_a_day_of_its_own_happens_when_it_is_recorded() -> None:
    opened = MeasurementOpened(
        case_id=UUID(int=1), instrument="five-domains", instrument_version=1, occasion="repeat", due_on=TOMORROW
    )
    refuse_ahead([opened], TODAY)
