"""Events of a Finsam budget and of the agreement behind an insats (topic samverkan.funding, published by funding).

Nothing here tells of a person: everything is open. A party is a code: the organisation number of FK or a region, the
municipality code of a municipality, the code of the samordningsförbund itself. Kronor. Whoever acts is pseudonymous.

`posted` is what an event enters in the budget's ledger, by account: debit above zero, credit below, the sum always
zero. Accounts: `bank`, `available` (adopted and not yet committed), `saved-capital`, `receivable/<member>` and
`committed/<commitment>`.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from samverkan.schemas.event import Effective, Event, Many, Open


class _OfBudget(Event):
    """Base: about no case. `correlationid` is the budget or the agreement itself."""

    legal_basis: ClassVar = "SFS 2003:1210"
    about_case: ClassVar = False


class BudgetDrafted(_OfBudget):
    """The samordningsförbund drafted its budget of a year, or drafted it anew; then every member is consulted again.

    `shares` by member: `insurance` (FK, which carries AF's share) half, `region` a quarter, the municipalities a
    quarter that they split by `municipal_split`. `saved_capital` is brought forward and never part of the total.
    """

    association: Open[str]
    year: Open[int]
    total: Open[Decimal]
    insurance: Open[str]
    region: Open[str]
    municipal_split: Open[dict[str, Decimal]]
    shares: Open[dict[str, Decimal]]
    prepared_by: Open[str]
    drafted_on: Effective[date]
    saved_capital: Open[Decimal] = Decimal(0)
    # The last days of the law, to adopt this budget and to give its annual report.
    adopt_by: Open[date | None] = None
    report_by: Open[date | None] = None


class MemberConsulted(_OfBudget):
    """A member was consulted about the draft. Consultation is not consent: who disagrees is recorded, not obeyed."""

    member: Open[str]
    agrees: Open[bool]
    consulted_on: Effective[date]


class BudgetAdopted(_OfBudget):
    """The board adopted the budget. `due_on` was the last day for it; `days_late` after that, 0 in time."""

    adopted_on: Effective[date]
    attested_by: Open[str]
    due_on: Open[date]
    days_late: Open[int]
    rule_source: Open[str]
    posted: Open[dict[str, Decimal]]


class ShareLoweringPrepared(_OfBudget):
    """A member decided to pay less; what follows for the others is prepared and awaits another person."""

    member: Open[str]
    share: Open[Decimal]
    prepared_by: Open[str]
    prepared_on: Effective[date]


class SharesLowered(_OfBudget):
    """A member lowered its share and the others followed in proportion: all shares and the total from now on."""

    member: Open[str]
    total: Open[Decimal]
    shares: Open[dict[str, Decimal]]
    prepared_by: Open[str]
    attested_by: Open[str]
    lowered_on: Effective[date]
    posted: Open[dict[str, Decimal]]


class CommitmentPrepared(_OfBudget):
    """Money for an insats was prepared; it binds nothing until another person attests it.

    `agreed` is what the agreement of the insats lets the förbund give in this year, all commitments together.
    """

    commitment_id: Open[UUID]
    insats_id: Open[UUID]
    amount: Open[Decimal]
    participants: Open[int]
    agreed: Open[Decimal]
    prepared_by: Open[str]
    prepared_on: Effective[date]


class CommitmentMade(_OfBudget):
    """Money was committed to an insats. `per_participant` is the planned cost of one, rounded half up to the öre."""

    commitment_id: Open[UUID]
    insats_id: Open[UUID]
    amount: Open[Decimal]
    participants: Open[int]
    per_participant: Open[Decimal]
    prepared_by: Open[str]
    attested_by: Open[str]
    decided_on: Effective[date]
    posted: Open[dict[str, Decimal]]


class CommitmentReleasePrepared(_OfBudget):
    """Part of a commitment is not needed: prepared to be given back to the budget."""

    commitment_id: Open[UUID]
    amount: Open[Decimal]
    prepared_by: Open[str]
    prepared_on: Effective[date]


class CommitmentReleased(_OfBudget):
    """Part of a commitment was given back: it can be committed again."""

    commitment_id: Open[UUID]
    amount: Open[Decimal]
    prepared_by: Open[str]
    attested_by: Open[str]
    released_on: Effective[date]
    posted: Open[dict[str, Decimal]]


class ContributionReceived(_OfBudget):
    """A member paid of its share. `voucher` is the number in the förbund's accounts."""

    voucher: Open[str]
    member: Open[str]
    amount: Open[Decimal]
    received_on: Effective[date]
    posted: Open[dict[str, Decimal]]


class PaymentPrepared(_OfBudget):
    """A payment to an insats was prepared and awaits another person."""

    voucher: Open[str]
    commitment_id: Open[UUID]
    amount: Open[Decimal]
    prepared_by: Open[str]
    prepared_on: Effective[date]


class PaymentMade(_OfBudget):
    """A payment out of a commitment was attested and made."""

    voucher: Open[str]
    commitment_id: Open[UUID]
    insats_id: Open[UUID]
    amount: Open[Decimal]
    prepared_by: Open[str]
    attested_by: Open[str]
    paid_on: Effective[date]
    posted: Open[dict[str, Decimal]]


class BudgetClosed(_OfBudget):
    """The year's books were closed. What nobody used is `unspent` and adds to the saved capital.

    What was prepared and not attested lapses.
    """

    closed_on: Effective[date]
    prepared_by: Open[str]
    spent: Open[Decimal]
    unspent: Open[Decimal]
    saved_capital: Open[Decimal]
    posted: Open[dict[str, Decimal]]


class AnnualReportGiven(_OfBudget):
    """The annual report was given to the members and the auditors. `due_on` was the last day; `days_late` after it."""

    reported_on: Effective[date]
    attested_by: Open[str]
    due_on: Open[date]
    days_late: Open[int]
    rule_source: Open[str]


class BudgetAudited(_OfBudget):
    """The auditors examined the year. `recommends_discharge` is their advice to the members."""

    auditor: Open[str]
    recommends_discharge: Open[bool]
    audited_on: Effective[date]


class DischargeDecided(_OfBudget):
    """A member granted the board discharge from liability (ansvarsfrihet) for the year, or denied it."""

    member: Open[str]
    granted: Open[bool]
    decided_on: Effective[date]


class BudgetReactionRefused(_OfBudget):
    """What another service's event asked of a budget was refused by its rules: an outcome, not a failure."""

    command: Open[str]
    code: Open[str]


class InsatsProposed(_OfBudget):
    """The agreement behind an insats as its parties are asked to sign it; proposed anew, all are asked again.

    `contributions` are kronor by `<party>/<year>/<kind>`, the kind one of money, staff, premises (in kind, valued) and
    ordinary-budget (what the party bears in its own). `steering_group` names the parties that steer it.
    """

    association: Open[str]
    title: Open[str]
    target_group: Open[str]
    parties: Open[Many[str]]
    steering_group: Open[Many[str]]
    starts_on: Open[date]
    ends_on: Open[date]
    places: Open[int]
    contributions: Open[dict[str, Decimal]]
    proposed_on: Effective[date]
    # The insats whose method it takes over, perhaps another association's.
    based_on: Open[UUID | None] = None


class InsatsSigned(_OfBudget):
    """One party signed the agreement as it was last proposed."""

    party: Open[str]
    signed_on: Effective[date]


class InsatsAgreed(_OfBudget):
    """Every party has signed the same proposal: money can be committed to it."""

    agreed_on: Effective[date]


class InsatsStarted(_OfBudget):
    """The insats takes in participants, as a project."""

    started_on: Effective[date]


class InsatsMadeRegular(_OfBudget):
    """The project became regular operation: from `regular_from` each party bears `yearly_cost` in its own budget."""

    decided_on: Effective[date]
    regular_from: Open[date]
    yearly_cost: Open[dict[str, Decimal]]


class InsatsMethodDescribed(_OfBudget):
    """How the insats works, in words for who would take it over; the latest description counts."""

    aim: Open[str]
    way_of_working: Open[str]
    staffing: Open[str]
    lessons: Open[str]
    described_on: Effective[date]


class InsatsEnded(_OfBudget):
    """The insats ended; `last_day_on` was its last day."""

    last_day_on: Effective[date]


class InsatsReactionRefused(_OfBudget):
    """What another service's event asked of an insats was refused by its rules: an outcome, not a failure."""

    command: Open[str]
    code: Open[str]
