"""A paper is judged by its event alone."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from samverkan.backbone.papers.content import deep
from samverkan.backbone.papers.paper import MakePaper, Paper, made
from samverkan.backbone.papers.template import Facts
from samverkan.backbone.papers.typeset import engine
from samverkan.backbone.papers.typeset import typeset as typeset_now
from samverkan.cli.papers.templates import list_templates, render_example, templates_of
from samverkan.cli.papers.verifying import Found, Verdict, verdict
from samverkan.deploy.exits import OK, USAGE
from samverkan.schemas.event import Compartment
from samverkan.schemas.paper import CompensationPaperMade

TEMPLATES = templates_of()
DECISION = TEMPLATES["funding"].newest("decision")
SOURCE = DECISION.source(Facts("decision", DECISION.version, date(2026, 2, 20), "2026-17"), DECISION.sample)
(EVENT,) = made(
    CompensationPaperMade,
    MakePaper(
        UUID(int=1),
        UUID(int=2),
        3,
        "decision",
        DECISION.version,
        engine(),
        hashlib.sha256(typeset_now(SOURCE.text, SOURCE.data, SOURCE.timestamp)).hexdigest(),
        date(2026, 2, 20),
        {one: deep(fields, DECISION.lists(one)) for one, fields in DECISION.sample.items()},
        "2026-17",
    ),
    Paper(),
)
PAPER = Found("funding", EVENT)
OTHER = "0" * 64


def changed(**fields: object) -> Found:
    return replace(PAPER, event=EVENT.model_copy(update=fields))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (PAPER, Verdict.SAME),
        (changed(paper_sha256=OTHER), Verdict.OTHER),
        (changed(made_on=date(2026, 2, 21)), Verdict.OTHER),
        (changed(registration="2026-18"), Verdict.OTHER),
        (changed(paper_sha256=OTHER, engine="typst 0.1"), Verdict.OTHER_ENGINE),
        (changed(identity=None), Verdict.WITHHELD),
        (changed(economy=None), Verdict.WITHHELD),
        (changed(template_version=99), Verdict.NO_TEMPLATE),
        (Found("funding", None), Verdict.UNREADABLE),
    ],
)
def test_a_paper_is_judged_by_its_event(found: Found, expected: Verdict) -> None:
    assert verdict(found, TEMPLATES) is expected


def test_a_word_that_was_changed_in_the_event_is_found() -> None:
    assert EVENT.economy is not None
    fields = {**EVENT.economy.fields, "credit_per_month": "99999.00"}
    forged = changed(economy=EVENT.economy.model_copy(update={"fields": fields}))
    assert verdict(forged, TEMPLATES) is Verdict.OTHER


def test_every_template_is_listed_with_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_templates() == OK
    listed = capsys.readouterr().out
    assert "consent 1  Samtycke (intake): sv, sv-lattlast, en" in listed
    assert "credit_per_month?" in listed and "salt" not in listed


def test_an_example_is_made_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample, pdf = tmp_path / "sample.json", tmp_path / "made.pdf"
    sample.write_text('{"identity": {"name": "Åsa", "person_number": "198808112380"}}', "utf-8")
    assert render_example("consent", pdf, sample=sample, edition="en", version=None) == USAGE
    assert "agency, purpose" in capsys.readouterr().err
    assert not pdf.exists()
    assert render_example("consent", pdf, sample=None, edition="en", version=1) == OK
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert render_example("consent", pdf, sample=None, edition="no", version=1) == USAGE
    assert render_example("nothing", pdf, sample=None, edition=None, version=None) == USAGE


def test_the_compartments_of_a_paper_are_told_in_the_open() -> None:
    assert EVENT.compartments == (Compartment.ECONOMY, Compartment.EMPLOYMENT, Compartment.IDENTITY)
