"""Which channels an agency is told by, of what: its own choice, with mail where it made none. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from samverkan.schemas.notification import Channel

NEWS: Final = "news"  # something happened: open the system when you have time
TASK: Final = "task"  # the case waits for you
REMINDER: Final = "reminder"  # a deadline is near
LATE: Final = "reminder-late"  # the same, later than planned; chosen together with `reminder`, as are those of budgets
BUDGET: Final = "reminder-budget"
LATE_BUDGET: Final = "reminder-budget-late"

TEMPLATES: Final = frozenset({NEWS, TASK, REMINDER})
MUST_ARRIVE: Final = frozenset({TASK, REMINDER})  # nobody may choose to hear of these nowhere

_UNLESS_CHOSEN: Final = (Channel.MAIL,)


@dataclass(frozen=True)
class Choices:
    """By agency code and template. No channel at all is a choice too, of what is news only."""

    by_recipient: Mapping[str, Mapping[str, tuple[Channel, ...]]] = field(default_factory=dict)

    def channels(self, recipient: str, template: str) -> tuple[Channel, ...]:
        """The channels by which this agency is told in the words of this template."""
        return self.by_recipient.get(recipient, {}).get(template, _UNLESS_CHOSEN)
