"""A paper of each service."""

from datetime import date
from typing import Final

from samverkan.schemas import paper
from samverkan.schemas.event import Compartment
from samverkan.schemas.sample_chapters.step import CASE, COMPENSATION, PLACEMENT, Step

_MADE: Final = date(2031, 12, 30)  # after everything else on their topics: they stand last in each log

PAPERS: Final = (
    Step(
        "case-paper",
        paper.CasePaperMade(
            case_id=CASE,
            subject_id=CASE,
            subject_version=1,
            template="consent",
            template_version=1,
            engine="typst 0.15.2",
            paper_sha256="0f343b0931126a20f133d67c2b018a3b5b1f5f6f2bd0c9c3a0f6ff5a4a1e6f10",
            made_on=_MADE,
            registration="2026-1",
            compartments=(Compartment.IDENTITY, Compartment.CONTACT, Compartment.HEALTH),
            identity=paper.PaperIdentity(
                fields={
                    "edition": "sv",
                    "salt": "9c56cc51b374c3ba189210d5b6d4bf57",
                    "name": "Test Testsson",
                    "person_number": "198808112380",
                }
            ),
            contact=paper.PaperContact(fields={"interpreter": "ja"}),
            health=paper.PaperHealth(fields={"goals.1.goal": "Orka halva dagar"}),
        ),
        _MADE,
        "kommun",
    ),
    Step(
        "placement-paper",
        paper.PlacementPaperMade(
            case_id=CASE,
            subject_id=PLACEMENT,
            subject_version=5,
            template="agreement",
            template_version=1,
            engine="typst 0.15.2",
            paper_sha256="1f343b0931126a20f133d67c2b018a3b5b1f5f6f2bd0c9c3a0f6ff5a4a1e6f10",
            made_on=_MADE,
            registration="2026-1",
            compartments=(Compartment.EMPLOYMENT,),
            employment=paper.PaperEmployment(fields={"salt": "8c56cc51b374c3ba189210d5b6d4bf57", "employer": "Timrå"}),
        ),
        _MADE,
        "af",
    ),
    Step(
        "compensation-paper",
        paper.CompensationPaperMade(
            case_id=CASE,
            subject_id=COMPENSATION,
            subject_version=3,
            template="decision",
            template_version=1,
            engine="typst 0.15.2",
            paper_sha256="2f343b0931126a20f133d67c2b018a3b5b1f5f6f2bd0c9c3a0f6ff5a4a1e6f10",
            made_on=_MADE,
            registration="2026-1",
            compartments=(Compartment.ECONOMY,),
            economy=paper.PaperEconomy(
                fields={"salt": "7c56cc51b374c3ba189210d5b6d4bf57", "credit_per_month": "21027.20"}
            ),
        ),
        _MADE,
        "af",
    ),
)
