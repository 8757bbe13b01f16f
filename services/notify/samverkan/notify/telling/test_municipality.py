"""Which municipality is told: the one that has the case, by what it chose, once, and none that the event names."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from samverkan.notify.choices import Choices
from samverkan.notify.notification import QueueNotification, notification_id
from samverkan.notify.reactions import NOTICES
from samverkan.notify.reminders.facts import CaseFacts
from samverkan.notify.telling.municipality import TOLD_TO_THE_MUNICIPALITY, orders_for
from samverkan.notify.test_reactions import CASE, CHECKED, EVENT, HEARING, STARTED, TRANSFERRED, WITHDRAWN, recorded
from samverkan.schemas.event import Event
from samverkan.schemas.notification import Channel

REFERRED = CaseFacts(CASE, 1)
IN_TIMRA, IN_SUNDSVALL = replace(REFERRED, municipality="kommun"), replace(REFERRED, municipality="kommun-sundsvall")
WITHDRAWN_FROM_TIMRA = WITHDRAWN.model_copy(update={"agency": "kommun"})


def told(
    event: Event,
    case: CaseFacts | None,
    already: Collection[str] = (),
    choices: Choices = Choices(),  # noqa: B008
) -> list[tuple[str, str, Channel]]:
    orders = orders_for(recorded(event), case, already, choices)
    commands = [order.command for order in orders if isinstance(order.command, QueueNotification)]
    assert [order.stream_id for order in orders] == [
        notification_id(EVENT, command.recipient, command.channel) for command in commands
    ]
    assert {command.case_id for command in commands} <= {CASE}
    return [(command.recipient, command.template, command.channel) for command in commands]


@pytest.mark.parametrize(
    ("case", "expected"),
    [(IN_TIMRA, "kommun"), (IN_SUNDSVALL, "kommun-sundsvall"), (REFERRED, "kommun"), (None, "kommun")],
)
def test_the_municipality_that_has_the_case_is_told_or_the_one_by_default(case: CaseFacts, expected: str) -> None:
    assert told(STARTED, case) == [(expected, "news", Channel.MAIL)]
    assert told(HEARING, case) == [(expected, "task", Channel.MAIL)]


def test_it_is_told_by_its_own_channels_whatever_the_other_one_chose() -> None:
    chosen = Choices({"kommun": {"news": ()}, "kommun-sundsvall": {"news": (Channel.PAGE, Channel.WEBHOOK)}})
    assert told(STARTED, IN_TIMRA, choices=chosen) == []
    assert told(STARTED, IN_SUNDSVALL, choices=chosen) == [
        ("kommun-sundsvall", "news", Channel.PAGE),
        ("kommun-sundsvall", "news", Channel.WEBHOOK),
    ]


@pytest.mark.parametrize("already", ["kommun", "kommun-sundsvall"])
def test_what_was_told_once_is_told_to_no_other(already: str) -> None:
    assert told(STARTED, IN_SUNDSVALL, {already}) == []


def test_whom_the_event_names_has_it_already_and_counts_for_nobody_else() -> None:
    assert told(WITHDRAWN_FROM_TIMRA, IN_TIMRA) == [], "its task, by its name"
    news = ("kommun-sundsvall", "news", Channel.MAIL)
    assert told(WITHDRAWN_FROM_TIMRA, IN_SUNDSVALL, {"kommun"}) == [news]
    assert told(WITHDRAWN_FROM_TIMRA, IN_SUNDSVALL, {"kommun", "kommun-sundsvall"}) == []


def test_a_transfer_and_what_concerns_others_alone_is_none_of_this() -> None:
    assert {type(TRANSFERRED), type(CHECKED)} <= NOTICES.keys() - TOLD_TO_THE_MUNICIPALITY
