"""A plan as a paper and a decision as one, of the example's case, for tests."""

from datetime import date
from typing import Final
from uuid import UUID

from samverkan.agency.examples import CASE, COMPENSATION
from samverkan.agency.support_examples import PLAN
from samverkan.backbone.testing.record import stream
from samverkan.schemas.catalogue import FUNDING, PARTICIPANT
from samverkan.schemas.event import Compartment
from samverkan.schemas.paper import CasePaperMade, CompensationPaperMade, PaperHealth, PaperIdentity

OF_THE_PLAN, OF_THE_DECISION = "1" * 64, "2" * 64

plan: Final = stream(
    PARTICIPANT,
    UUID(int=221),
    CasePaperMade(
        case_id=CASE,
        subject_id=PLAN,
        subject_version=2,
        template="plan",
        template_version=1,
        engine="typst 0.15.2",
        paper_sha256=OF_THE_PLAN,
        made_on=date(2026, 2, 12),
        registration="AME 2026/17",
        compartments=(Compartment.HEALTH, Compartment.IDENTITY),
        identity=PaperIdentity(fields={"name": "Testperson Ett"}),
        health=PaperHealth(fields={"goals.0.text": "Sova om natten"}),
    ),
    case_id=CASE,
)
decision: Final = stream(
    FUNDING,
    UUID(int=222),
    CompensationPaperMade(
        case_id=CASE,
        subject_id=COMPENSATION,
        subject_version=3,
        template="decision",
        template_version=1,
        engine="typst 0.15.2",
        paper_sha256=OF_THE_DECISION,
        made_on=date(2026, 2, 20),
    ),
    case_id=CASE,
)
STREAMS: Final = (plan, decision)
