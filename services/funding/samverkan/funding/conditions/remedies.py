"""What may be done about a decision: reviewed, appealed to a court; and the sections that its letter cites. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from samverkan.funding.rules.versions import Version
from samverkan.schemas.participant import Programme


class Matter(StrEnum):
    """What a decision is about, told apart as the ordinances do when they say which reviews may be appealed."""

    SUPPORT = "support"
    CHANGE = "change"
    FORFEITURE = "forfeiture"
    SET_OFF = "set-off"
    RECOVERY = "recovery"
    WAIVER = "waiver"


@dataclass(frozen=True, kw_only=True)
class Remedies(Version):
    """Of the forms under one ordinance. Every decision may be reviewed; the review of an `appealable` one may be
    appealed to the administrative court, of another one not. The sections are those of `statute`."""

    statute: str
    forms: tuple[Programme, ...]
    appealable: tuple[Matter, ...]
    change_section: str
    liability_section: str
    recovery_section: str
    instalments_section: str
    late_section: str
    waiver_section: str
    set_off_section: str
    review_section: str
    appeal_section: str


@dataclass(frozen=True, kw_only=True)
class PaymentTime(Version):
    """How many days the employer has from a decision to recover until it has to have paid."""

    days: int
