"""Example states and commands of a compensation: docs/states/ shows what each pair leads to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from samverkan.backbone.testing.machine import Machine
from samverkan.funding.compensation.amendment import AttestAmendment, Change, PrepareAmendment
from samverkan.funding.compensation.claim import CreditClaim, SubmitClaim
from samverkan.funding.compensation.compensation import compensation_id, compensation_under
from samverkan.funding.compensation.correction import AttestCorrection, PrepareCorrection
from samverkan.funding.compensation.decision import RefusalGround, RefuseCompensation
from samverkan.funding.compensation.employment import (
    NoteAbsence,
    NoteCancellation,
    NoteEmploymentChange,
    NoteEmploymentEnd,
)
from samverkan.funding.compensation.examples import (
    APPLIED,
    APPLY,
    APPROVE,
    CHECK,
    CHECKED,
    CONDITIONS,
    EMPLOYER,
    GRANTED,
    MARCH,
    PLACEMENT,
    RULES,
)
from samverkan.funding.compensation.instalments import AgreeInstalments, RecordRepayment
from samverkan.funding.compensation.notice import NoticeGround, PrepareNotice, Recipient
from samverkan.funding.compensation.ordering import ObservePayment, OrderCredit
from samverkan.funding.compensation.recovery import (
    AnswerHearing,
    DecideRecovery,
    DecideWaiver,
    OpenHearing,
    PrepareRecovery,
    PrepareWaiver,
    WaiverGround,
)
from samverkan.funding.compensation.reopening import AttestReopening, PrepareReopening, ReopeningGround
from samverkan.funding.compensation.review import (
    AppealDecision,
    DecideReview,
    RecordJudgment,
    RecordReceipt,
    RequestReview,
)
from samverkan.funding.compensation.revocation import (
    AttestRevocation,
    ExpireCompensation,
    PrepareRevocation,
    RevocationGround,
)
from samverkan.funding.compensation.set_off import (
    CompleteSetOff,
    ReleaseSetOff,
    ReserveSetOff,
    Source,
    WithholdCredit,
)
from samverkan.schemas.decisions import AppealOutcome, Party, ReviewOutcome
from samverkan.schemas.event import Event
from samverkan.schemas.recovery import CorrectionCause, Fault, SetOffReserved

ONE, TWO, THREE = "af-handlaggare-1", "af-handlaggare-2", "af-handlaggare-3"
HALF: Final = Decimal("10513.60")
OTHER: Final = UUID("44444444-4444-4444-8444-444444444444")
_SET_OFF: Final = UUID("55555555-5555-4555-8555-555555555555")
_ORDER: Final = UUID("66666666-6666-4666-8666-666666666666")
_COMPENSATION: Final = compensation_under(RULES, CONDITIONS)
_ID: Final = compensation_id(PLACEMENT)

CLAIM: Final = SubmitClaim(MARCH, Decimal(24000), date(2026, 4, 30), date(2026, 3, 2))
LATE: Final = replace(CLAIM, received_on=date(2026, 10, 1))
CREDIT: Final = CreditClaim(MARCH, date(2026, 5, 12))
ENDED: Final = NoteEmploymentEnd(date(2026, 3, 16))
CORRECT: Final = PrepareCorrection(
    MARCH, Decimal(12000), CorrectionCause.EMPLOYMENT_ENDED, ONE, date(2026, 6, 1), date(2026, 3, 2), date(2026, 3, 16)
)
CORRECTED: Final = AttestCorrection(MARCH, TWO, date(2026, 6, 2))
HEAR: Final = OpenHearing(MARCH, date(2026, 6, 3), date(2026, 6, 17))
ANSWER: Final = AnswerHearing(MARCH, date(2026, 6, 10), agrees=True)
RECOVER: Final = PrepareRecovery(MARCH, Fault.CAUSED, ONE, date(2026, 6, 18))
RECOVERED: Final = DecideRecovery(MARCH, TWO, date(2026, 6, 18))
SOURCE: Final = Source(OTHER, date(2026, 5, 1), EMPLOYER)
RESERVE: Final = ReserveSetOff(_ID, MARCH, SOURCE)
INSTALMENTS: Final = AgreeInstalments(MARCH, date(2026, 7, 1), date(2026, 7, 31), 3, Decimal("0.0185"))
REPAY: Final = RecordRepayment(MARCH, HALF, date(2026, 7, 31), "bg-1")
WAIVE: Final = PrepareWaiver(MARCH, WaiverGround.SPECIAL_REASONS, "Felet var vårt.", ONE, date(2026, 6, 20))
WAIVED: Final = DecideWaiver(MARCH, TWO, date(2026, 6, 21))
AMEND: Final = PrepareAmendment(ONE, date(2026, 8, 3), Change(date(2026, 9, 1), Decimal("0.75"), Decimal(18000)))
AMENDED: Final = AttestAmendment(TWO, date(2026, 8, 4))
REVOKE: Final = PrepareRevocation(ONE, date(2026, 6, 1), date(2026, 6, 1), RevocationGround.CONDITIONS_NOT_MET)
REVOKED: Final = AttestRevocation(TWO, date(2026, 6, 2))
RECEIPT: Final = RecordReceipt(Party.EMPLOYER, date(2026, 2, 23))
REVIEW: Final = RequestReview(Party.EMPLOYER, date(2026, 3, 16))
REVIEWED: Final = DecideReview(THREE, date(2026, 3, 23), ReviewOutcome.UPHELD)
APPEAL: Final = AppealDecision(Party.EMPLOYER, date(2026, 4, 7))
JUDGED: Final = RecordJudgment(date(2026, 9, 1), AppealOutcome.REJECTED)
REFUSE: Final = RefuseCompensation(TWO, date(2026, 2, 20), RefusalGround.PERSON_NOT_ELIGIBLE)
ORDER: Final = OrderCredit(_ORDER, MARCH, 0)


def after(given: Sequence[Event], *commands: object) -> list[Event]:
    """The history that these commands lead to."""
    events = list(given)
    for command in commands:
        events += _COMPENSATION.decide(command, _COMPENSATION.fold(events))
    return events


CLAIMED: Final = after(GRANTED, CLAIM)
CREDITED: Final = after(CLAIMED, CREDIT)
OVERPAID: Final = after(CREDITED, ENDED, CORRECT, CORRECTED)
IN_RECOVERY: Final = after(OVERPAID, HEAR, ANSWER, RECOVER, RECOVERED)
RESERVED: Final = after(IN_RECOVERY, RESERVE)
_reserved: Final = RESERVED[-1]
assert isinstance(_reserved, SetOffReserved)
COMPLETE: Final = CompleteSetOff(_reserved.set_off_id, MARCH, HALF)
_REOPEN: Final = PrepareReopening(MARCH, ReopeningGround.AUTHORITY_ERROR, "AF svarade sent.", ONE, date(2026, 10, 5))
_REVIEWED: Final = after(GRANTED, RECEIPT, REVIEW, REVIEWED)

COMPENSATION: Final = Machine(
    _COMPENSATION,
    states={
        "none": (),
        "applied": (APPLIED,),
        "checked": (APPLIED, CHECKED),
        "granted": GRANTED,
        "granted, change prepared": after(GRANTED, AMEND),
        "granted, revocation prepared": after(GRANTED, REVOKE),
        "granted, March claimed": CLAIMED,
        "granted, March ordered": after(CLAIMED, ORDER),
        "granted, March forfeited": after(GRANTED, LATE),
        "granted, March to be reopened": after(GRANTED, LATE, _REOPEN),
        "granted, March credited": CREDITED,
        "granted, March to be corrected": after(CREDITED, ENDED, CORRECT),
        "granted, March overpaid": OVERPAID,
        "granted, employer asked": after(OVERPAID, HEAR),
        "granted, recovery prepared": after(OVERPAID, HEAR, ANSWER, RECOVER),
        "granted, recovery decided": IN_RECOVERY,
        "granted, set-off under way": RESERVED,
        "granted, recovery set off": after(RESERVED, COMPLETE),
        "granted, in instalments": after(IN_RECOVERY, INSTALMENTS),
        "granted, waiver prepared": after(OVERPAID, WAIVE),
        "granted, overpayment waived": after(OVERPAID, WAIVE, WAIVED),
        "amended": after(GRANTED, AMEND, AMENDED),
        "expired": after(GRANTED, ExpireCompensation(date(2027, 3, 1))),
        "revoked": after(GRANTED, REVOKE, REVOKED),
        "refused": after((APPLIED, CHECKED), REFUSE),
        "under_review": after(GRANTED, RECEIPT, REVIEW),
        "granted, reviewed": _REVIEWED,
        "appealed": after(_REVIEWED, APPEAL),
        "appealed, a revocation": after(
            GRANTED,
            REVOKE,
            REVOKED,
            RequestReview(Party.EMPLOYER, date(2026, 6, 10)),
            DecideReview(THREE, date(2026, 6, 20), ReviewOutcome.UPHELD),
            AppealDecision(Party.EMPLOYER, date(2026, 7, 1)),
        ),
    },
    commands={
        "ApplyForCompensation": APPLY,
        "CheckApplication": CHECK,
        "ApproveCompensation": APPROVE,
        "ApproveCompensation by who prepared": replace(APPROVE, attested_by=ONE),
        "RefuseCompensation": REFUSE,
        "PrepareAmendment": AMEND,
        "PrepareAmendment of a later end": replace(AMEND, change=Change(date(2026, 9, 1), ends_on=date(2027, 5, 31))),
        "AttestAmendment": AMENDED,
        "AttestAmendment by who prepared": replace(AMENDED, attested_by=ONE),
        "PrepareRevocation": REVOKE,
        "AttestRevocation": REVOKED,
        "AttestRevocation by who prepared": replace(REVOKED, attested_by=ONE),
        "ExpireCompensation": ExpireCompensation(date(2027, 3, 1)),
        "ExpireCompensation before the end": ExpireCompensation(date(2026, 12, 31)),
        "RecordReceipt": RECEIPT,
        "RequestReview": REVIEW,
        "RequestReview too late": replace(REVIEW, requested_on=date(2026, 3, 17)),
        "DecideReview upheld": REVIEWED,
        "DecideReview by who took part": replace(REVIEWED, reviewed_by=TWO),
        "DecideReview to the detriment": replace(
            REVIEWED, outcome=ReviewOutcome.CHANGED, change=Change(date(2026, 9, 1), Decimal("0.5"), Decimal(12000))
        ),
        "DecideReview changed": replace(REVIEWED, outcome=ReviewOutcome.CHANGED),
        "AppealDecision": APPEAL,
        "RecordJudgment rejected": JUDGED,
        "RecordJudgment granted": replace(JUDGED, outcome=AppealOutcome.GRANTED),
        "NoteEmploymentEnd": ENDED,
        "NoteEmploymentChange": NoteEmploymentChange(
            date(2026, 9, 1), Decimal("0.75"), date(2027, 2, 28), Decimal(18000)
        ),
        "NoteCancellation": NoteCancellation(),
        "NoteAbsence": NoteAbsence(date(2026, 3, 16), date(2026, 4, 3)),
        "PrepareNotice": PrepareNotice(Recipient.FK, NoticeGround.EMPLOYMENT_ENDED, date(2026, 6, 4), ONE),
        "SubmitClaim": CLAIM,
        "SubmitClaim too late": LATE,
        "OrderCredit": ORDER,
        "OrderCredit in another order": replace(ORDER, order_id=OTHER),
        "CreditClaim": CREDIT,
        "ObservePayment": ObservePayment(MARCH, Decimal("21027.20"), date(2026, 5, 13), "rad-1"),
        "PrepareReopening": _REOPEN,
        "AttestReopening": AttestReopening(MARCH, TWO, date(2026, 10, 6)),
        "AttestReopening by who prepared": AttestReopening(MARCH, ONE, date(2026, 10, 6)),
        "PrepareCorrection": CORRECT,
        "AttestCorrection": CORRECTED,
        "AttestCorrection by who prepared": replace(CORRECTED, attested_by=ONE),
        "OpenHearing": HEAR,
        "AnswerHearing": ANSWER,
        "PrepareRecovery": RECOVER,
        "PrepareRecovery before the answer": replace(RECOVER, prepared_on=date(2026, 6, 17)),
        "PrepareRecovery without fault": replace(RECOVER, fault=None),
        "DecideRecovery": RECOVERED,
        "DecideRecovery by who prepared": replace(RECOVERED, attested_by=ONE),
        "PrepareWaiver": WAIVE,
        "DecideWaiver": WAIVED,
        "DecideWaiver by who prepared": replace(WAIVED, attested_by=ONE),
        "ReserveSetOff": RESERVE,
        "ReserveSetOff from another employer": replace(RESERVE, source=replace(SOURCE, employer_number="2120002643")),
        "WithholdCredit": WithholdCredit(_SET_OFF, MARCH, OTHER, date(2026, 5, 1), HALF, date(2026, 5, 2)),
        "CompleteSetOff": COMPLETE,
        "ReleaseSetOff": ReleaseSetOff(COMPLETE.set_off_id, MARCH, "already-credited"),
        "AgreeInstalments": INSTALMENTS,
        "RecordRepayment": REPAY,
    },
)
