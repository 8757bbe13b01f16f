"""Who is told of what, whoever has the case."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from samverkan.backbone.recorded import Recorded
from samverkan.notify.choices import Choices
from samverkan.notify.notification import QueueNotification, notification_id
from samverkan.notify.reactions import NOTICES, reactions, recipients_needed
from samverkan.notify.telling.municipality import TOLD_TO_THE_MUNICIPALITY, orders_for
from samverkan.schemas.casework import CaseTransferred
from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.course import ParticipantExited
from samverkan.schemas.decisions import CompensationAmended, CompensationRevoked
from samverkan.schemas.envelope import Envelope
from samverkan.schemas.event import Compartment, Event
from samverkan.schemas.funding import ClaimCredited, CompensationChecked
from samverkan.schemas.notification import Channel
from samverkan.schemas.participant import ParticipantEnrolled, Programme
from samverkan.schemas.placement import PlacementStarted
from samverkan.schemas.recovery import ClaimCorrected, CorrectionCause, HearingOpened
from samverkan.schemas.support import DeviationReported

CASE = UUID("11111111-1111-4111-8111-111111111111")
STREAM = UUID("22222222-2222-4222-8222-222222222222")
EVENT = UUID("44444444-4444-4444-8444-444444444444")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

ENROLLED = ParticipantEnrolled(programme=Programme.INTRODUKTIONSJOBB, enrolled_on=date(2026, 2, 9))
STARTED = PlacementStarted(case_id=CASE, starts_on=date(2026, 3, 2))
CHECKED = CompensationChecked(prepared_by="af-1", checked_on=date(2026, 2, 18))
CREDITED = ClaimCredited(case_id=CASE, work_month=date(2026, 3, 1), credited_on=date(2026, 5, 12))
DAY = date(2026, 5, 4)
DECIDED: dict[str, Any] = {"case_id": CASE, "decided_on": DAY, "prepared_by": "af-1", "attested_by": "af-2"}
AMENDED = CompensationAmended(
    **DECIDED, placement_id=STREAM, valid_from=DAY, extent=Decimal("0.5"), ends_on=DAY, rule_version="x"
)
REVOKED = CompensationRevoked(**DECIDED, placement_id=STREAM, revoked_from=DAY, ground="employer-not-eligible")
CORRECTED = ClaimCorrected(
    **DECIDED, work_month=DAY, cause=CorrectionCause.EMPLOYMENT_ENDED, rule_version="x", credit_by=DAY
)
HEARING = HearingOpened(work_month=DAY, sent_on=DAY, answer_by=DAY)
EXITED = ParticipantExited(exited_on=DAY, six_months_on=DAY, twelve_months_on=DAY)
WITHDRAWN = ConsentWithdrawn(agency="af", purpose="shared-case", compartments=(Compartment.HEALTH,), withdrawn_on=DAY)
TRANSFERRED = CaseTransferred(from_agency="kommun", to_agency="kommun-sundsvall", transferred_on=DAY)


def recorded(event: Event) -> Recorded:
    envelope = Envelope(EVENT, "/samverkan/x", event.wire_type(), STREAM, 1, NOW, NOW, correlation_id=CASE)
    return Recorded("samverkan.x", envelope, event)


def told(event: Event) -> dict[str, QueueNotification]:
    """Whom the reactions tell, and whom the teller, of a case whose referral names no municipality."""
    orders = list(reactions(Choices())[type(event)](recorded(event)))
    if type(event) in TOLD_TO_THE_MUNICIPALITY:
        orders += orders_for(recorded(event), None, (), Choices())
    commands = {
        order.command.recipient: order.command for order in orders if isinstance(order.command, QueueNotification)
    }
    assert [order.stream_id for order in orders] == [notification_id(EVENT, recipient) for recipient in commands]
    return commands


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (ENROLLED, {"kommun": "news", "af": "news"}),
        (STARTED, {"kommun": "news", "af": "news"}),
        (CHECKED, {"af": "task"}),
        (CREDITED, {"kommun": "news"}),
        (AMENDED, {"kommun": "news"}),
        (REVOKED, {"kommun": "news"}),
        (CORRECTED, {"kommun": "news"}),
        (HEARING, {"kommun": "task"}),
        (EXITED, {"kommun": "news", "af": "news"}),
        (WITHDRAWN, {"kommun": "news", "af": "task"}),
        (TRANSFERRED, {"kommun": "news", "kommun-sundsvall": "task", "af": "news"}),
    ],
)
def test_each_event_is_news_or_a_task_of_those_it_concerns(event: Event, expected: dict[str, str]) -> None:
    assert {recipient: command.template for recipient, command in told(event).items()} == expected


def test_the_case_is_the_events_or_that_of_its_conversation() -> None:
    assert {command.case_id for event in (STARTED, CHECKED, ENROLLED) for command in told(event).values()} == {CASE}
    assert {command.about_event for command in told(STARTED).values()} == {EVENT}


@pytest.mark.parametrize(("named", "expected"), [("fk", {"fk": "task"}), ("af", {"af": "task"}), ("region", {})])
def test_a_deviation_is_a_task_of_the_agency_that_must_know_the_same_day(named: str, expected: dict[str, str]) -> None:
    day = date(2026, 3, 9)
    deviation = DeviationReported(case_id=CASE, activity="praktik", day=day, reported_on=day, told=named)
    assert {recipient: command.template for recipient, command in told(deviation).items()} == expected


def test_consent_that_was_withdrawn_from_an_agency_that_takes_part_by_consent_alone_makes_no_mail_to_it() -> None:
    """It could look up nothing any more, and what it holds is shredded without a reader."""
    event = WITHDRAWN.model_copy(update={"agency": "region"})
    assert {recipient: command.template for recipient, command in told(event).items()} == {"kommun": "news"}


def test_an_agency_is_told_by_the_channels_that_it_chose() -> None:
    chosen = Choices({"af": {"news": (Channel.MAIL, Channel.WEBHOOK)}})
    orders = list(reactions(chosen)[type(STARTED)](recorded(STARTED)))
    commands = [order.command for order in orders]
    assert [(one.recipient, one.channel) for one in commands if isinstance(one, QueueNotification)] == [
        ("af", Channel.MAIL),
        ("af", Channel.WEBHOOK),
    ]
    assert len({order.stream_id for order in orders}) == 2, "each channel is a notification of its own"
    assert list(reactions(Choices({"af": {"news": ()}}))[type(STARTED)](recorded(STARTED))) == []


def test_agencies_that_take_part_by_consent_alone_get_no_mail() -> None:
    assert recipients_needed() == {"kommun", "af", "fk"}, "FK because a statute says so"


def test_the_readme_names_every_event_that_somebody_is_told_of() -> None:
    readme = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    assert not [event.__name__ for event in NOTICES if f"`{event.__name__}`" not in readme]
