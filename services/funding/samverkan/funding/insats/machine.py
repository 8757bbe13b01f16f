"""Example states and commands of an insats: docs/states/ shows what each pair leads to."""

from dataclasses import replace
from datetime import date
from typing import Final

from samverkan.backbone.testing.machine import Machine
from samverkan.funding.insats.examples import DESCRIBE, END, PROPOSE, REGULAR, SIGN, START, WHOLE_LIFE, after
from samverkan.funding.insats.insats import INSATS

INSATS_MACHINE: Final = Machine(
    INSATS,
    states={
        "none": (),
        "proposed": after(PROPOSE),
        "proposed, one signature missing": after(PROPOSE, *SIGN[:-1]),
        "agreed": after(PROPOSE, *SIGN),
        "project": after(PROPOSE, *SIGN, START),
        "regular": after(PROPOSE, *SIGN, START, REGULAR),
        "ended": after(*WHOLE_LIFE),
    },
    commands={
        "ProposeInsats": PROPOSE,
        "ProposeInsats with other contents": replace(PROPOSE, places=45),
        "SignInsats": SIGN[-1],
        "SignInsats by one who is no party": replace(SIGN[-1], party="2262"),
        "StartInsats": START,
        "StartInsats too early": replace(START, started_on=date(2025, 12, 9)),
        "MakeRegular": REGULAR,
        "DescribeMethod": DESCRIBE,
        "EndInsats": END,
    },
)
