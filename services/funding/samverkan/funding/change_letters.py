"""The letters of what became of a decision: amended, revoked, reviewed. Each says what was decided then. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from samverkan.backbone.errors import Refused
from samverkan.backbone.papers.paper import Asked
from samverkan.funding.conditions.conditions import Conditions
from samverkan.funding.conditions.remedies import Matter
from samverkan.funding.decision_history import Told, backwards, decided, in_review, last
from samverkan.funding.letter_parts import Whom, amounts, letter, remedies, share
from samverkan.schemas.decisions import (
    CompensationAmended,
    CompensationRevoked,
    ReviewDecided,
    ReviewRequested,
    RevocationLifted,
)
from samverkan.schemas.funding import CompensationApproved, CompensationRefused

_Decided = CompensationApproved | CompensationRefused
_Reviewable = _Decided | CompensationAmended | CompensationRevoked


def amendment_letter(conditions: Conditions, whom: Whom, history: Sequence[Told], on: date | None = None) -> Asked:
    """The latest amendment, or that of the day `on`; one that a review made is told by the review's letter.

    Refused `not-amended`, `no-rule-in-force`.
    """
    for version, event in decided(history, CompensationAmended, on):
        if not in_review(history, version):
            said = {
                **_by(event),
                **_first(history, version),
                **_amended(event, history, version),
                "rule_version": event.rule_version,
                **remedies(conditions, whom, Matter.CHANGE, event.decided_on, "change"),
            }
            return letter("amendment", whom, version, said, distinguishing=[str(version)])
    raise Refused("not-amended")


def revocation_letter(conditions: Conditions, whom: Whom, history: Sequence[Told], on: date | None = None) -> Asked:
    """The latest revocation, or that of the day `on`, also one that was lifted since.

    Refused `not-revoked`, `no-rule-in-force`.
    """
    for version, event in decided(history, CompensationRevoked, on):
        said = {
            **_by(event),
            **_first(history, version),
            **_revoked(event, history, version),
            **remedies(conditions, whom, Matter.CHANGE, event.decided_on, "change"),
        }
        return letter("revocation", whom, version, said, distinguishing=[str(version)])
    raise Refused("not-revoked")


def review_letter(conditions: Conditions, whom: Whom, history: Sequence[Told], on: date | None = None) -> Asked:
    """What the latest review came to, or that decided on the day `on`. Refused `not-reviewed`, `no-rule-in-force`."""
    for version, event in decided(history, ReviewDecided, on):
        return _review(conditions, whom, history, version, event)
    raise Refused("not-reviewed")


def _review(conditions: Conditions, whom: Whom, history: Sequence[Told], version: int, review: ReviewDecided) -> Asked:
    asked = next(
        each for each in reversed(history) if isinstance(each.event, ReviewRequested) and each.version < version
    )
    assert isinstance(asked.event, ReviewRequested)
    reviewed = next(one for one in backwards(history, asked.version) if isinstance(one, _Reviewable))
    matter = Matter.SUPPORT if isinstance(reviewed, _Decided) else Matter.CHANGE
    said: dict[str, Any] = {
        "decided_on": review.decided_on,
        "decided_by": review.reviewed_by,
        "outcome": review.outcome.value,
        "reason": None if review.economy is None else review.economy.reason,
        "requested_on": asked.event.requested_on,
        "requested_by": asked.event.requested_by.value,
        "of": _NAMES[type(reviewed)],
        "of_decided_on": reviewed.decided_on,
        **remedies(conditions, whom, matter, review.decided_on),
    }
    between = [each for each in history if asked.version < each.version < version]
    for told in between:
        said |= _change(told, history)
    return letter("review", whom, version, said, distinguishing=[str(version)])


def _change(told: Told, history: Sequence[Told]) -> dict[str, Any]:
    """What a review changed, as its letter says it."""
    match told.event:
        case CompensationApproved() as granted:
            return {"change": "granted", **_granted(granted), **amounts(granted.economy)}
        case CompensationAmended() as amended:
            return {"change": "amended", **_amended(amended, history, told.version)}
        case RevocationLifted():
            revoked = last(history, CompensationRevoked, before=told.version)
            return {"change": "lifted", "revoked_from": None if revoked is None else revoked.revoked_from}
        case _:
            return {}


_NAMES: Final = {
    CompensationApproved: "granted",
    CompensationRefused: "refused",
    CompensationAmended: "amended",
    CompensationRevoked: "revoked",
}


def _by(event: CompensationAmended | CompensationRevoked) -> dict[str, Any]:
    return {"decided_on": event.decided_on, "decided_by": event.attested_by, "prepared_by": event.prepared_by}


def _first(history: Sequence[Told], version: int) -> dict[str, Any]:
    """The day of the decision that was changed."""
    granted = last(history, CompensationApproved, before=version)
    return {"first_decided_on": None if granted is None else granted.decided_on}


def _granted(event: CompensationApproved) -> dict[str, Any]:
    return {"starts_on": event.starts_on, "ends_on": event.ends_on, "extent": share(event.extent)}


def _amended(event: CompensationAmended, history: Sequence[Told], version: int) -> dict[str, Any]:
    """What holds from its day on, and what held on that day before."""
    before = _before(history, version, event.valid_from)
    now = {"extent": share(event.extent), "ends_on": event.ends_on, **amounts(event.economy)}
    return {"valid_from": event.valid_from, **now, **{f"before_{name}": value for name, value in before.items()}}


def _before(history: Sequence[Told], version: int, day: date) -> dict[str, Any]:
    """Pay, extent and amounts that held on that day; the end and the sum are those decided last, whatever their day."""
    held: list[tuple[date, dict[str, Any]]] = []
    latest: dict[str, Any] = {}
    for each in history:
        event = each.event
        if each.version >= version or not isinstance(event, CompensationApproved | CompensationAmended):
            continue
        first_on = event.starts_on if isinstance(event, CompensationApproved) else event.valid_from
        terms = {"extent": share(event.extent), "ends_on": event.ends_on, **amounts(event.economy)}
        held = [*(one for one in held if one[0] < first_on), (first_on, terms)]  # a later one replaces what follows
        latest = {name: terms[name] for name in ("ends_on", "credit_in_all") if name in terms}
    on_day = [terms for first_on, terms in held if first_on <= day]
    return {**(on_day[-1] if on_day else {}), **latest}


def _revoked(event: CompensationRevoked, history: Sequence[Told], version: int) -> dict[str, Any]:
    granted = last(history, CompensationApproved, before=version)
    if granted is None:
        return {}
    amended = last(history, CompensationAmended, before=version)
    kept = event.revoked_from > granted.starts_on
    return {
        "starts_on": granted.starts_on,
        "ends_on": granted.ends_on if amended is None else amended.ends_on,
        "revoked_from": event.revoked_from,
        "ground": event.ground,
        "last_day_on": event.revoked_from - timedelta(days=1) if kept else None,
    }
