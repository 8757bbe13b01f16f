"""Arbetsmarknadstorget's agreement for tests: FK, the region and two municipalities, with the förbund's money."""

from datetime import date
from decimal import Decimal
from typing import Final

from samverkan.backbone.testing.specification import specification
from samverkan.funding.budget.examples import FK, NORSJO, REGION, SKELLEFTEA
from samverkan.funding.insats.insats import (
    Command,
    DescribeMethod,
    EndInsats,
    Event,
    Insats,
    MakeRegular,
    SignInsats,
    StartInsats,
    decide,
    evolve,
)
from samverkan.funding.insats.proposal import Contribution, ProposeInsats

given = specification(decide, evolve, Insats())
ASSOCIATION: Final = "skelleftea-norsjo"
PARTIES: Final = (FK, REGION, NORSJO, SKELLEFTEA, ASSOCIATION)

PROPOSE: Final = ProposeInsats(
    association=ASSOCIATION,
    title="Arbetsmarknadstorget",
    target_group="16–29 år med behov av långvarigt stöd från minst två myndigheter",
    parties=frozenset(PARTIES),
    steering_group=frozenset({SKELLEFTEA, REGION}),
    starts_on=date(2026, 1, 1),
    ends_on=date(2027, 12, 31),
    places=40,
    contributions=(
        Contribution(ASSOCIATION, 2026, "money", Decimal("3200000.00")),
        Contribution(SKELLEFTEA, 2026, "premises", Decimal("480000.00")),
        Contribution(REGION, 2026, "staff", Decimal("350000.00")),
        Contribution(SKELLEFTEA, 2027, "ordinary-budget", Decimal("900000.00")),
    ),
    proposed_on=date(2025, 12, 1),
)
SIGN: Final = tuple(SignInsats(party, date(2025, 12, 10)) for party in PARTIES)
START: Final = StartInsats(date(2026, 1, 7))
REGULAR: Final = MakeRegular(date(2027, 10, 4), date(2028, 1, 1), {SKELLEFTEA: Decimal("2400000.00")})
DESCRIBE: Final = DescribeMethod(
    aim="Arbete eller studier",
    way_of_working="En mötesplats och en gemensam bedömning",
    staffing="Två från kommunen, en från regionen",
    lessons="Sök upp arbetsgivare innan de behövs",
    described_on=date(2027, 12, 1),
)
END: Final = EndInsats(date(2029, 6, 30))
WHOLE_LIFE: Final[tuple[Command, ...]] = (PROPOSE, *SIGN, START, REGULAR, DESCRIBE, END)


def after(*commands: Command) -> list[Event]:
    """The events of these commands, one after the other from nothing. Each must be accepted."""
    insats, events = Insats(), list[Event]()
    for command in commands:
        for event in decide(command, insats):
            insats = evolve(insats, event)
            events.append(event)
    return events
