"""In which states a command may be given, and which refusal says that this is none of them. Pure."""

from collections.abc import Mapping
from typing import Final

from samverkan.backbone.errors import Refused
from samverkan.intake.case.state import Case, State

BEFORE_ACTIVE: Final = frozenset({State.REFERRED, State.CONSENT_PENDING})
UNDER_WAY: Final = frozenset({State.ACTIVE, State.PAUSED})
OPEN: Final = BEFORE_ACTIVE | UNDER_WAY | {State.CLOSING}

REFUSALS: Final[Mapping[State, str]] = {
    State.NONE: "case-unknown",
    State.REFERRED: "case-not-active",
    State.CONSENT_PENDING: "case-not-active",
    State.ACTIVE: "case-active",
    State.PAUSED: "case-paused",
    State.CLOSING: "case-closing",
    State.CLOSED: "case-closed",
    State.DECLINED: "case-declined",
    State.ANONYMOUS: "case-anonymous",
}


def refuse_unless(case: Case, allowed: frozenset[State]) -> None:
    """Refused by the state that the case is in, if that is none of these."""
    if case.state not in allowed:
        raise Refused(REFUSALS[case.state])
