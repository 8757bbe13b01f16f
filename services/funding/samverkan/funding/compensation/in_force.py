"""What stands in the way of acting on a decision. Pure."""

from datetime import date

from samverkan.backbone.calendar import first_of_month
from samverkan.backbone.errors import Refused
from samverkan.funding.compensation.claim_state import Claim
from samverkan.funding.compensation.state import Application, Compensation, State


def granted(compensation: Compensation) -> tuple[Application, str]:
    """What was applied for and the rule version that the decision fixed. Refused `not-granted`."""
    application, decision = compensation.application, compensation.decision
    if application is None or decision is None or decision.rule_version is None:
        raise Refused("not-granted")
    return application, decision.rule_version


def settled(compensation: Compensation) -> tuple[Application, str]:
    """The same, when nobody is to judge the decision first.

    Refused: `not-granted`, `decision-under-review`, `decision-appealed`, `decision-revoked`.
    """
    found = granted(compensation)
    match compensation.state:
        case State.UNDER_REVIEW:
            raise Refused("decision-under-review")
        case State.APPEALED:
            raise Refused("decision-appealed")
        case State.REVOKED:
            raise Refused("decision-revoked")
        case _:
            return found


def claimed(compensation: Compensation, work_month: date) -> tuple[date, Claim]:
    """The month's first day and its claim. Refused: `not-granted`, `not-claimed`, `claim-forfeited`."""
    granted(compensation)
    month = first_of_month(work_month)
    claim = compensation.claims.get(month)
    if claim is None or not claim.submitted:
        raise Refused("not-claimed")
    if claim.forfeited:
        raise Refused("claim-forfeited")
    return month, claim
