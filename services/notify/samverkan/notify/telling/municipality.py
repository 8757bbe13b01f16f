"""Which municipality is told of an event, and how. Pure.

Which one has a case follows from its referral and its transfers, never from the event that is told of. So this is no
reaction: it is decided once both are known here (teller.py).
"""

from collections.abc import Collection, Sequence
from typing import Final

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.notify.choices import NEWS, TASK, Choices
from samverkan.notify.reactions import NOTICES, named_by, order
from samverkan.notify.reminders.facts import CaseFacts
from samverkan.schemas.catalogue import DEFAULT_AGENCIES, Role
from samverkan.schemas.event import Event

TOLD_TO_THE_MUNICIPALITY: Final[frozenset[type[Event]]] = frozenset(
    event for event, notice in NOTICES.items() if Role.MUNICIPALITY in notice.news_to | notice.task_of
)
_BY_DEFAULT: Final = tuple(agency.code for agency in DEFAULT_AGENCIES if agency.role is Role.MUNICIPALITY)


def in_charge(case: CaseFacts | None) -> Sequence[str]:
    """The municipality that has the case; the one that takes part by default when its referral names none."""
    return _BY_DEFAULT if case is None or case.municipality is None else (case.municipality,)


def orders_for(recorded: Recorded, case: CaseFacts | None, told: Collection[str], choices: Choices) -> Sequence[Order]:
    """One notification by each channel that the municipality chose. `told`: municipalities that have one of this event.

    None, when one of them has it as the one that had the case then: an event is told of once, whoever has the case
    later. None either to whom the event itself names, who is told for that.
    """
    by_name = named_by(recorded)
    if set(told) - by_name:
        return ()
    template = TASK if Role.MUNICIPALITY in NOTICES[type(recorded.event)].task_of else NEWS
    return [
        order(recorded, code, template, channel)
        for code in in_charge(case)
        if code not in by_name
        for channel in choices.channels(code, template)
    ]
