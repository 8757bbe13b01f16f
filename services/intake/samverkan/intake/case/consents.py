"""A consent and what is left of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from samverkan.schemas.consent import ConsentWithdrawn
from samverkan.schemas.event import Compartment
from samverkan.schemas.participant import ConsentGiven


@dataclass(frozen=True)
class Consent:
    """One signed form. `withdrawn`: which of its compartments were taken back, and when."""

    given: ConsentGiven
    withdrawn: Mapping[Compartment, date] = field(default_factory=dict)

    @property
    def left(self) -> frozenset[Compartment]:
        """What is still agreed to."""
        return frozenset(self.given.compartments) - self.withdrawn.keys()

    def is_about(self, agency: str, purpose: str | None, insats: str | None) -> bool:
        """Whether it is for this agency, this purpose and this insats, where those are named."""
        given = self.given
        return given.agency == agency and purpose in (None, given.purpose) and insats in (None, given.insats)

    def ended_on(self, day: date) -> "Consent":
        """Nothing of it is left."""
        return replace(self, withdrawn={**dict.fromkeys(self.left, day), **self.withdrawn})


def ended(consent: Consent, event: ConsentWithdrawn) -> Consent:
    """The consent after a withdrawal, which may be about another one."""
    given = consent.given
    if (given.agency, given.purpose, given.insats) != (event.agency, event.purpose, event.insats):
        return consent
    taken_back = consent.left.intersection(event.compartments)
    return replace(consent, withdrawn={**consent.withdrawn, **dict.fromkeys(taken_back, event.withdrawn_on)})
