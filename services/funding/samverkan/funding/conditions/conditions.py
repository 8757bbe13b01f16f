"""The conditions of review, appeal, recovery, set-off and instalments, in every version. Pure; load.py reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from samverkan.backbone.calendar import next_working_day
from samverkan.backbone.errors import Refused
from samverkan.funding.conditions.remedies import PaymentTime, Remedies
from samverkan.funding.rules.versions import Version, in_force


@dataclass(frozen=True, kw_only=True)
class ReviewTime(Version):
    """How many weeks a party has from the day on which it received a decision."""

    weeks: int


@dataclass(frozen=True, kw_only=True)
class SetOffShare(Version):
    """The share of one credit that may be kept to settle recoveries."""

    share: Decimal


@dataclass(frozen=True, kw_only=True)
class InterestAddition(Version):
    """What is added to the state lending rate, as a share a year."""

    addition: Decimal


@dataclass(frozen=True, kw_only=True)
class LendingRate(Version):
    """The state lending rate (statslåneränta) of a period, as a share a year."""

    rate: Decimal


@dataclass(frozen=True)
class Conditions:
    """Every condition in every version; whoever asks says for which day."""

    reviews: Sequence[ReviewTime]
    set_offs: Sequence[SetOffShare]
    interest: Sequence[InterestAddition]
    lending_rates: Sequence[LendingRate]
    remedies: Sequence[Remedies]
    payment_times: Sequence[PaymentTime]

    def review_by(self, received_on: date) -> date:
        """The last day to ask for a review or to appeal. Refused `no-rule-in-force`."""
        return next_working_day(received_on + timedelta(weeks=in_force(self.reviews, received_on).weeks))

    def weeks(self, decided_on: date) -> int:
        """How many weeks a party has, as the letter of a decision of that day says. Refused `no-rule-in-force`."""
        return in_force(self.reviews, decided_on).weeks

    def remedies_of(self, form: str, decided_on: date) -> Remedies:
        """What may be done about a decision on that form. Refused `no-rule-in-force`: unread."""
        return in_force([one for one in self.remedies if form in one.forms], decided_on)

    def pay_by(self, decided_on: date) -> date:
        """The last day to pay what was asked back on that day. Refused `no-rule-in-force`."""
        return next_working_day(decided_on + timedelta(days=in_force(self.payment_times, decided_on).days))

    def set_off_share(self, day: date) -> SetOffShare:
        """What may be kept of a credit. Refused `no-rule-in-force`."""
        return in_force(self.set_offs, day)

    def instalment_rate(self, agreed_on: date, published_rate: Decimal | None) -> tuple[Decimal, str]:
        """The rate of instalments agreed on that day, a share a year, and where it comes from.

        `published_rate` is the state lending rate that the handläggare read where it is published; needed when it is
        not among those that ship. Refused `lending-rate-missing`; `lending-rate-differs`: another one is known.
        """
        addition = in_force(self.interest, agreed_on)
        known = next((rate for rate in self.lending_rates if rate.covers(agreed_on)), None)
        if known is None:
            if published_rate is None:
                raise Refused("lending-rate-missing", day=agreed_on.isoformat())
            return published_rate + addition.addition, f"{addition.source}; Riksgälden {agreed_on.isoformat()}"
        if published_rate is not None and published_rate != known.rate:
            raise Refused("lending-rate-differs", rate=str(known.rate))
        return known.rate + addition.addition, f"{addition.source}; {known.source}"
