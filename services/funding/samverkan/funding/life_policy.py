"""Who may give the commands of what happens after a decision. Pure."""

from typing import Final

from samverkan.backbone.policy import Policy
from samverkan.funding.compensation.amendment import AttestAmendment, PrepareAmendment
from samverkan.funding.compensation.correction import AttestCorrection, PrepareCorrection
from samverkan.funding.compensation.instalments import AgreeInstalments, RecordRepayment
from samverkan.funding.compensation.notice import PrepareNotice
from samverkan.funding.compensation.ordering import ObservePayment
from samverkan.funding.compensation.recovery import (
    AnswerHearing,
    DecideRecovery,
    DecideWaiver,
    OpenHearing,
    PrepareRecovery,
    PrepareWaiver,
)
from samverkan.funding.compensation.reopening import AttestReopening, PrepareReopening
from samverkan.funding.compensation.review import (
    AppealDecision,
    DecideReview,
    RecordJudgment,
    RecordReceipt,
    RequestReview,
)
from samverkan.funding.compensation.revocation import AttestRevocation, PrepareRevocation
from samverkan.funding.compensation.set_off import ReserveSetOff
from samverkan.funding.credit_order.order import OpenCreditOrder
from samverkan.schemas.catalogue import Role

_EMPLOYERS: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE})
_DECIDES: Final = frozenset({Role.EMPLOYMENT_SERVICE})  # SFS 2018:42: AF decides, recovers and orders the credits
_AUTHORITIES: Final = frozenset({Role.MUNICIPALITY, Role.EMPLOYMENT_SERVICE, Role.INSURANCE})  # SFS 2008:206

LIFE_POLICY: Final[Policy] = {
    **dict.fromkeys((PrepareAmendment, AttestAmendment, PrepareRevocation, AttestRevocation), _DECIDES),
    **dict.fromkeys((DecideReview, RecordJudgment), _DECIDES),
    # What a party does: itself, or AF's handläggare who registers its letter.
    **dict.fromkeys((RecordReceipt, RequestReview, AppealDecision, AnswerHearing), _EMPLOYERS),
    **dict.fromkeys((PrepareReopening, AttestReopening, PrepareCorrection, AttestCorrection), _DECIDES),
    **dict.fromkeys((OpenHearing, PrepareRecovery, DecideRecovery, PrepareWaiver, DecideWaiver), _DECIDES),
    **dict.fromkeys((ReserveSetOff, AgreeInstalments, RecordRepayment, OpenCreditOrder), _DECIDES),
    ObservePayment: _EMPLOYERS,
    PrepareNotice: _AUTHORITIES,
}
