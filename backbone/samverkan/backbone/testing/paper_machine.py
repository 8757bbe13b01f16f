"""The state machine of a service's papers: the same in each service, around an event of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from samverkan.backbone.decider import Aggregate
from samverkan.backbone.papers.paper import MakePaper, Paper
from samverkan.backbone.testing.machine import Machine
from samverkan.schemas.event import Compartment

_MADE: Final = MakePaper(
    case_id=UUID(int=1),
    subject_id=UUID(int=2),
    subject_version=1,
    template="paper",
    template_version=1,
    engine="typst 0.0.0",
    sha256="0" * 64,
    made_on=date(2026, 2, 4),
    content={Compartment.IDENTITY: {"name": "Testperson Ett", "salt": "1"}},
)


def paper_machine(aggregate: Aggregate[Paper]) -> Machine:
    """A paper that was never made, and one that was, meet the same words and other ones."""
    decide: Callable[..., Any] = aggregate.decide
    return Machine(
        aggregate,
        states={"none": (), "made": tuple(decide(_MADE, Paper()))},
        commands={
            "MakePaper": _MADE,
            "MakePaper, the same words on a later day": replace(
                _MADE,
                made_on=date(2026, 2, 5),
                sha256="1" * 64,
                content={Compartment.IDENTITY: {"name": "Testperson Ett", "salt": "2"}},
            ),
            "MakePaper with other words": replace(
                _MADE, sha256="2" * 64, content={Compartment.IDENTITY: {"name": "Testperson Två", "salt": "3"}}
            ),
        },
    )
