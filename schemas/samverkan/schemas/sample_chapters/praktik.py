"""The same person afterwards at another workplace without pay: what happens to a running placement."""

from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.schemas import placement
from samverkan.schemas.participant import Programme
from samverkan.schemas.sample_chapters.step import CASE, WORKPLACE, Step, sample_id

_STARTS, _ENDS, _LAST = date(2027, 3, 15), date(2027, 5, 7), date(2027, 6, 4)
_FEWER_HOURS, _AWAY_FROM, _BACK_ON = Decimal("0.50"), date(2027, 4, 12), date(2027, 4, 30)

PRAKTIK: Final = (
    Step(
        "praktik", placement.UnionAsked(asked_on=date(2027, 3, 2), reply_by=date(2027, 3, 12)), date(2027, 3, 2), "af"
    ),
    Step(
        "praktik",
        placement.PlacementChangeProposed(
            case_id=CASE,
            revision=2,
            kinds=(placement.ChangeKind.HOURS,),
            applies_from=date(2027, 4, 1),
            ends_on=_ENDS,
            extent=_FEWER_HOURS,
            employment=WORKPLACE,
        ),
        date(2027, 3, 22),
        "kommun",
    ),
    Step(
        "praktik",
        placement.PlacementChanged(
            case_id=CASE,
            revision=2,
            kinds=(placement.ChangeKind.HOURS,),
            applies_from=date(2027, 4, 1),
            ends_on=_ENDS,
            extent=_FEWER_HOURS,
            agreed_on=date(2027, 3, 24),
            employment=WORKPLACE,
        ),
        date(2027, 3, 24),
        "af",
    ),
    Step(
        "praktik",
        placement.PlacementChangeReported(
            case_id=CASE,
            receipt_id=sample_id("receipt"),
            kind=placement.ReportKind.ABSENCE,
            applies_from=_AWAY_FROM,
            reported_on=date(2027, 4, 27),
            health=placement.Absence(cause=placement.AbsenceCause.SICKNESS),
        ),
        date(2027, 4, 27),
        "kommun",
    ),
    Step(
        "praktik",
        placement.PlacementInterrupted(
            case_id=CASE,
            interrupted_from=_AWAY_FROM,
            health=placement.Absence(cause=placement.AbsenceCause.SICKNESS),
        ),
        date(2027, 4, 27),
        "kommun",
    ),
    Step(
        "praktik",
        placement.PlacementResumed(case_id=CASE, interrupted_from=_AWAY_FROM, resumed_on=_BACK_ON),
        _BACK_ON,
        "kommun",
    ),
    Step(
        "praktik",
        placement.PlacementChangeDropped(case_id=CASE, revision=3, dropped_on=date(2027, 5, 3)),
        date(2027, 5, 3),
        "kommun",
    ),
    Step(
        "praktik",
        placement.PlacementExtensionAgreed(
            case_id=CASE,
            revision=4,
            form=Programme.ARBETSPRAKTIK,
            applies_from=date(2027, 5, 8),
            ends_on=_LAST,
            extent=_FEWER_HOURS,
            agreed_on=date(2027, 5, 5),
            employment=WORKPLACE,
        ),
        date(2027, 5, 5),
        "af",
    ),
    Step(
        "praktik",
        placement.PlacementExtended(
            case_id=CASE,
            revision=4,
            applies_from=date(2027, 5, 8),
            ends_on=_LAST,
            extent=_FEWER_HOURS,
            employment=WORKPLACE,
        ),
        date(2027, 5, 5),
        "af",
    ),
    Step(
        "praktik",
        placement.CertificateIssued(
            case_id=CASE,
            issued_on=date(2027, 6, 7),
            started_on=_STARTS,
            last_day_on=_LAST,
            extent=_FEWER_HOURS,
            employment=placement.Certificate(
                employer_name="Timrå kommun",
                workplace="Ledsagarservice",
                supervisor="Arbetsledare, ledsagarservice",
                tasks=("ledsaga till aktiviteter",),
                assessment="Har arbetat självständigt.",
            ),
        ),
        date(2027, 6, 7),
        "kommun",
    ),
    Step(
        "adapted job",
        placement.PlacementCancelled(
            case_id=CASE,
            cancelled_on=date(2027, 6, 9),
            employment=placement.Cancellation(reason="Arbetsplatsen har lagts ner."),
        ),
        date(2027, 6, 9),
        "kommun",
    ),
)
