"""Who is told of what, and the notifications to everybody whom the event alone tells. Pure.

Only agencies whose part in the case does not depend on consent are told: the municipality and AF, and whom a statute
says must know. That a message came is itself a fact about a case, and a function mailbox is read by many. Which
municipality it is that has the case stands in no event: what that one is told follows in telling/.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from samverkan.backbone.decider import Order
from samverkan.backbone.recorded import Recorded
from samverkan.notify.choices import NEWS, TASK, Choices
from samverkan.notify.notification import NOTIFICATION, QueueNotification, notification_id
from samverkan.notify.reminders.facts import MUNICIPALITIES
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.catalogue import AGENCIES, DEFAULT_AGENCIES, Role
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.course import CaseDeclined, CasePaused, CaseReopened, CaseResumed, ParticipantExited
from samverkan.schemas.decisions import (
    AmendmentNeeded,
    AmendmentPrepared,
    AppealJudged,
    CompensationAmended,
    CompensationRevoked,
    DecisionAppealed,
    ReviewDecided,
    ReviewRequested,
    RevocationLifted,
    RevocationPrepared,
)
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
from samverkan.schemas.participant import ParticipantEnrolled, ReferralRepeated
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
from samverkan.schemas.recovery import (
    ClaimCorrected,
    ClaimReopened,
    CorrectionNeeded,
    CorrectionPrepared,
    HearingAnswered,
    HearingOpened,
    InstalmentsAgreed,
    RecoveryDecided,
    RecoveryPrepared,
    RecoverySetOff,
    RecoveryWaived,
    ReopeningPrepared,
    WaiverPrepared,
)
from samverkan.schemas.support import DeviationReported, DeviationWithdrawn, MeasurementOpened

_MUNICIPALITY, _AF = Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE


@dataclass(frozen=True)
class Notice:
    """To whom an event is news, and for whom it is a task. The municipality is the one that has the case.
    `task_of_named`: the field that names one more agency whose task it is, by its code, because the law says who must
    know; `news_to_named`: one more for whom it is news. Whom an event names is told, whoever has the case."""

    news_to: frozenset[Role] = frozenset()
    task_of: frozenset[Role] = frozenset()
    task_of_named: str | None = None
    news_to_named: str | None = None


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
    # The case's course. Whoever has a part in it without consent plans anew.
    ReferralRepeated: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    ConsentWithdrawn: Notice(news_to=frozenset({_MUNICIPALITY}), task_of_named="agency"),  # what it holds must go
    CaseTransferred: Notice(news_to=frozenset({_AF}), task_of_named="to_agency", news_to_named="from_agency"),
    CaseDeclined: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    CasePaused: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    CaseResumed: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    ParticipantExited: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    CaseReopened: Notice(news_to=frozenset({_MUNICIPALITY, _AF})),
    # What becomes of a decision: AF acts, the municipality that applied hears how it ended.
    AmendmentNeeded: Notice(task_of=frozenset({_AF})),
    AmendmentPrepared: Notice(task_of=frozenset({_AF})),  # another one decides
    CompensationAmended: Notice(news_to=frozenset({_MUNICIPALITY})),
    RevocationPrepared: Notice(task_of=frozenset({_AF})),
    CompensationRevoked: Notice(news_to=frozenset({_MUNICIPALITY})),
    RevocationLifted: Notice(news_to=frozenset({_MUNICIPALITY})),
    ReviewRequested: Notice(task_of=frozenset({_AF})),  # by somebody who took no part
    ReviewDecided: Notice(news_to=frozenset({_MUNICIPALITY})),
    DecisionAppealed: Notice(news_to=frozenset({_MUNICIPALITY}), task_of=frozenset({_AF})),  # to the court
    AppealJudged: Notice(news_to=frozenset({_MUNICIPALITY}), task_of=frozenset({_AF})),
    # Claims that turn out wrong.
    CorrectionNeeded: Notice(task_of=frozenset({_AF})),
    CorrectionPrepared: Notice(task_of=frozenset({_AF})),  # another one attests
    ClaimCorrected: Notice(news_to=frozenset({_MUNICIPALITY})),
    HearingOpened: Notice(task_of=frozenset({_MUNICIPALITY})),  # the party answers by a day (FL 25 §)
    HearingAnswered: Notice(task_of=frozenset({_AF})),
    RecoveryPrepared: Notice(task_of=frozenset({_AF})),
    RecoveryDecided: Notice(news_to=frozenset({_MUNICIPALITY})),
    WaiverPrepared: Notice(task_of=frozenset({_AF})),
    RecoveryWaived: Notice(news_to=frozenset({_MUNICIPALITY})),
    RecoverySetOff: Notice(news_to=frozenset({_MUNICIPALITY})),
    InstalmentsAgreed: Notice(news_to=frozenset({_MUNICIPALITY})),
    ReopeningPrepared: Notice(task_of=frozenset({_AF})),
    ClaimReopened: Notice(news_to=frozenset({_MUNICIPALITY})),
}

# Who may stand in such a field and is told: whose part does not depend on consent.
_NAMED: Final = frozenset({"af", "fk"}) | MUNICIPALITIES


def reactions(choices: Choices) -> Mapping[type[Event], Callable[[Recorded], Iterable[Order]]]:
    """One notification for each agency that an event concerns, by each channel that it chose; the municipality that has
    the case is told by telling/teller.py."""

    def on_event(recorded: Recorded) -> list[Order]:
        notice = NOTICES[type(recorded.event)]
        others = [agency for agency in DEFAULT_AGENCIES if agency.role is not _MUNICIPALITY]
        told = {agency.code: NEWS for agency in others if agency.role in notice.news_to}
        told |= dict.fromkeys(_named(recorded, notice.news_to_named), NEWS)
        told |= {agency.code: TASK for agency in others if agency.role in notice.task_of}
        told |= dict.fromkeys(_named(recorded, notice.task_of_named), TASK)
        return [
            order(recorded, agency.code, told[agency.code], channel)
            for agency in AGENCIES
            if agency.code in told
            for channel in choices.channels(agency.code, told[agency.code])
        ]

    return dict.fromkeys(NOTICES, on_event)


def named_by(recorded: Recorded) -> frozenset[str]:
    """The agencies that the event itself names as those to be told."""
    notice = NOTICES[type(recorded.event)]
    return frozenset({*_named(recorded, notice.news_to_named), *_named(recorded, notice.task_of_named)})


def order(recorded: Recorded, recipient: str, template: str, channel: Channel) -> Order:
    """Tell one agency of the event by one channel."""
    event_id = recorded.envelope.id
    command = QueueNotification(case_of(recorded), recipient, template, event_id, channel)
    return Order(NOTIFICATION, notification_id(event_id, recipient, channel), command)


def case_of(recorded: Recorded) -> UUID:
    """The case: most events name it, and the conversation of the others is the case's."""
    case_id = getattr(recorded.event, "case_id", None)
    return case_id if isinstance(case_id, UUID) else recorded.envelope.correlation_id


def recipients_needed() -> frozenset[str]:
    """The codes of the agencies that take part by default and may be told of something: each must have a mailbox.

    A municipality that takes part besides has one too, before a case is transferred to it; else what it is told waits.
    """
    roles = frozenset[Role]().union(*(notice.news_to | notice.task_of for notice in NOTICES.values()))
    return frozenset(one.code for one in DEFAULT_AGENCIES if one.role in roles or one.code in _NAMED)


def _named(recorded: Recorded, field: str | None) -> Collection[str]:
    code = None if field is None else getattr(recorded.event, field)
    return [code] if code in _NAMED else []
