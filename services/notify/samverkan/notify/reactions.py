"""Who is told of what. Pure.

Only agencies whose part in the case does not depend on consent are told: the municipality and AF, and whom a statute
says must know. That a message came is itself a fact about a case, and a function mailbox is read by many.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.notify.choices import NEWS, TASK, Choices
from samverkan.notify.notification import NOTIFICATION, QueueNotification, notification_id
from samverkan.schemas.catalogue import DEFAULT_AGENCIES, Role
from samverkan.schemas.event import Event
from samverkan.schemas.funding import (
    ClaimCredited,
    ClaimForfeited,
    CompensationApplied,
    CompensationApproved,
    CompensationChecked,
    CompensationRefused,
)
from samverkan.schemas.notification import Channel
from samverkan.schemas.participant import ParticipantEnrolled
from samverkan.schemas.placement import (
    PlacementAgreed,
    PlacementCancelled,
    PlacementChanged,
    PlacementChangeReported,
    PlacementEndCorrected,
    PlacementEnded,
    PlacementExtended,
    PlacementExtensionAgreed,
    PlacementInterrupted,
    PlacementResumed,
    PlacementStarted,
)
from samverkan.schemas.support import DeviationReported, DeviationWithdrawn, MeasurementOpened

_MUNICIPALITY, _AF = Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE


@dataclass(frozen=True)
class Notice:
    """To whom an event is news, and for whom it is a task. `task_of_named`: the field that names one more agency whose
    task it is, by its code, because the law says who must know."""

    news_to: frozenset[Role] = frozenset()
    task_of: frozenset[Role] = frozenset()
    task_of_named: str | None = None


NOTICES: Final[Mapping[type[Event], Notice]] = {
    ParticipantEnrolled: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementAgreed: Notice(news_to=frozenset({_AF}), task_of=frozenset({_MUNICIPALITY})),  # apply for compensation
    CompensationApplied: Notice(task_of=frozenset({_AF})),  # prepare the decision
    CompensationChecked: Notice(task_of=frozenset({_AF})),  # another one decides
    CompensationApproved: Notice(news_to=frozenset({_MUNICIPALITY})),
    CompensationRefused: Notice(news_to=frozenset({_MUNICIPALITY})),
    PlacementStarted: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementEnded: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementEndCorrected: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    ClaimCredited: Notice(news_to=frozenset({_MUNICIPALITY})),
    ClaimForfeited: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    # Whatever changes a supported placement is to be known at once (SFS 2018:42 §33).
    PlacementCancelled: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementInterrupted: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementResumed: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementChanged: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementExtended: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    PlacementExtensionAgreed: Notice(news_to=frozenset({_AF}), task_of=frozenset({_MUNICIPALITY})),  # apply again
    PlacementChangeReported: Notice(task_of=frozenset({_MUNICIPALITY, _AF})),  # the employer has said something
    MeasurementOpened: Notice(task_of=frozenset({_MUNICIPALITY})),
    # The same day, and to the agency that pays: no consent is asked for (SFS 2002:623 §6a, SFS 2017:819).
    DeviationReported: Notice(task_of_named="told"),
    DeviationWithdrawn: Notice(task_of_named="told"),
}

_NAMED: Final = frozenset({"af", "fk"})  # who may stand in such a field


def reactions(choices: Choices) -> Mapping[type[Event], Callable[[Recorded], Iterable[Order]]]:
    """One notification for each agency that an event concerns, by each channel that it chose."""

    def on_event(recorded: Recorded) -> list[Order]:
        notice = NOTICES[type(recorded.event)]
        named = None if notice.task_of_named is None else getattr(recorded.event, notice.task_of_named)
        told = {agency.code: NEWS for agency in DEFAULT_AGENCIES if agency.role in notice.news_to}
        told |= {agency.code: TASK for agency in DEFAULT_AGENCIES if agency.role in notice.task_of}
        told |= {code: TASK for code in _NAMED if code == named}
        return [
            _order(recorded, agency.code, told[agency.code], channel)
            for agency in DEFAULT_AGENCIES
            if agency.code in told
            for channel in choices.channels(agency.code, told[agency.code])
        ]

    return dict.fromkeys(NOTICES, on_event)


def recipients_needed() -> frozenset[str]:
    """The codes of all agencies that may be told of something: each must have a mailbox."""
    roles = frozenset[Role]().union(*(notice.news_to | notice.task_of for notice in NOTICES.values()))
    named = _NAMED if any(notice.task_of_named for notice in NOTICES.values()) else frozenset[str]()
    return named | {agency.code for agency in DEFAULT_AGENCIES if agency.role in roles}


def _order(recorded: Recorded, recipient: str, template: str, channel: Channel) -> Order:
    event_id = recorded.envelope.id
    command = QueueNotification(_case_of(recorded), recipient, template, event_id, channel)
    return Order(NOTIFICATION, notification_id(event_id, recipient, channel), command)


def _case_of(recorded: Recorded) -> UUID:
    """The case: most events name it, and the conversation of the others is the case's."""
    case_id = getattr(recorded.event, "case_id", None)
    return case_id if isinstance(case_id, UUID) else recorded.envelope.correlation_id
