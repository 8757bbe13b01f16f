"""Every paper of every service: the bytes that it was, readable by everybody, and whole."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest
from pypdf import PdfReader

from samverkan.backbone.papers.glyphs import printable
from samverkan.backbone.papers.template import Facts, Template, Templates
from samverkan.backbone.papers.typeset import typeset
from samverkan.backbone.recorded import Recorded
from samverkan.backbone.testing.golden_papers import MADE_ON, example, folders, wrong
from samverkan.backbone.testing.record import stream
from samverkan.backbone.testing.stored_rows import assert_stored_as_folded
from samverkan.deploy.migrate import folders_of, migrate
from samverkan.funding.compensation.table import IN_RECOVERY
from samverkan.funding.compensation_view import Compensations
from samverkan.funding.decision_history import DecisionHistories
from samverkan.funding.decision_paper import CompensationPapers
from samverkan.funding.decision_parties import DecisionEmployers, DecisionPersons
from samverkan.intake.case_paper import CasePapers
from samverkan.schemas import catalogue
from samverkan.schemas.event import Compartment
from samverkan.schemas.paper import CasePaperMade, CompensationPaperMade, PaperIdentity
from samverkan.schemas.participant import Identity, ParticipantReferred, Programme
from samverkan.schemas.placement import PlacementAgreed, Workplace

TEMPLATES: Final = [template for folder in folders() for template in Templates(folder).all()]
EDITIONS: Final = [(template, edition) for template in TEMPLATES for edition in template.editions]
NASTY: Final = '#eval("1+1") $x$ *fet* _k_ = rubrik \\ <b>"\'@preview/x [U+202E\u202e] 😀'


def name(case: Any) -> str:
    return f"{case.name}-{case.version}" if isinstance(case, Template) else str(case)


def text_of(pdf: bytes) -> str:
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(words.replace("\xa0", " ").split())


def structure(element: Any) -> Iterator[str]:
    """The roles of the tagged elements, in reading order."""
    element = element.get_object()
    if isinstance(element, dict):
        if "/S" in element:
            yield str(element["/S"])
        children = element.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            yield from structure(child) if hasattr(child, "get_object") else ()


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_released_template_makes_the_bytes_that_it_made(template: Template) -> None:
    assert wrong(template) == []


@pytest.mark.parametrize(("template", "edition"), EDITIONS, ids=name)
def test_who_listens_gets_the_whole_paper(template: Template, edition: str) -> None:
    reader = PdfReader(io.BytesIO(example(template, edition)))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == edition.partition("-")[0]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    roles = list(structure(root["/StructTreeRoot"]))
    assert roles.count("/Title") == 1 and "/H1" in roles
    assert roles.count("/TH") >= roles.count("/Table"), "a table without headings cannot be listened to"
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1" in xmp and "<pdfaid:part>2" in xmp and "<pdfaid:conformance>A" in xmp


@pytest.mark.parametrize(("template", "edition"), EDITIONS, ids=name)
def test_the_fonts_travel_with_the_paper(template: Template, edition: str) -> None:
    reader = PdfReader(io.BytesIO(example(template, edition)))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & inner["/FontDescriptor"].get_object().keys()


@pytest.mark.parametrize(("template", "edition"), EDITIONS, ids=name)
def test_the_metadata_names_nobody(template: Template, edition: str) -> None:
    reader = PdfReader(io.BytesIO(example(template, edition)))
    told = f"{reader.metadata} {reader.trailer['/Root']['/Metadata'].get_data().decode()}"  # type: ignore[index]
    identity = template.sample[Compartment.IDENTITY]
    hidden = [identity[key] for key in ("name", "person_number", "guardian") if key in identity]
    assert hidden
    assert [text for text in hidden if text in told] == []


@pytest.mark.parametrize(("template", "edition"), EDITIONS, ids=name)
def test_every_field_of_the_example_is_in_the_text(template: Template, edition: str) -> None:
    """Codes and dates are written out; everything that a person wrote stands there as it was written."""
    text = text_of(example(template, edition)).replace(" ", "")
    for fields in template.sample.values():
        for key, value in fields.items():
            if re.fullmatch(r"[a-z0-9-]*|\d{4}-\d\d-\d\d|\d{12}|-?\d+\.\d\d", value) is None:
                assert "".join(value.split()) in text, key


def rewritten(template: Template, edition: str, words: str) -> str:
    """The text of a paper in which everything that a person wrote is these words."""
    told = {
        one: {
            key: text if key in {"salt", "edition"} or re.fullmatch(r"[a-z-]+|[\d.-]+", text) else words
            for key, text in fields.items()
        }
        for one, fields in template.sample.items()
    }
    told[template.core]["edition"] = edition
    source = template.source(Facts(template.name, template.version, MADE_ON, None), told)
    return text_of(typeset(source.text, source.data, source.timestamp)).replace(" ", "")


@pytest.mark.parametrize(("template", "edition"), EDITIONS, ids=name)
def test_what_somebody_wrote_is_never_markup(template: Template, edition: str) -> None:
    text = rewritten(template, edition, printable(NASTY))
    assert "".join(printable(NASTY).split()) in text
    assert "[U+202E]" in text and "[U+1F600]" in text


@pytest.mark.parametrize(("template", "edition"), EDITIONS, ids=name)
def test_very_long_texts_stay_on_the_paper(template: Template, edition: str) -> None:
    long = ("Åsa-Margareta Örnsköld von Ährenstråhle " * 20).strip()
    assert "".join(long.split()) in rewritten(template, edition, long)


PARTIES = stream(
    catalogue.PARTICIPANT,
    UUID(int=1),
    ParticipantReferred(
        programme=Programme.INTRODUKTIONSJOBB,
        referred_by="af",
        agencies_needed=("af",),
        received_on=MADE_ON,
        identity=Identity(person_number="198808112380", name="Testperson Ett"),
    ),
) + stream(
    catalogue.PLACEMENT,
    UUID(int=2),
    PlacementAgreed(
        case_id=UUID(int=1),
        form=Programme.INTRODUKTIONSJOBB,
        starts_on=MADE_ON,
        ends_on=MADE_ON,
        extent=Decimal(1),
        agreed_on=MADE_ON,
        employment=Workplace(employer_number="2120002395", employer_name="Timrå", workplace="A", supervisor="B"),
    ),
)


@pytest.mark.parametrize(
    ("service", "topic", "kind", "views", "told"),
    [
        ("intake", catalogue.PARTICIPANT, CasePaperMade, (CasePapers(),), []),
        (
            "funding",
            catalogue.FUNDING,
            CompensationPaperMade,
            (CompensationPapers(), DecisionHistories(), DecisionEmployers(), DecisionPersons()),
            PARTIES + stream(catalogue.FUNDING, UUID(int=3), *IN_RECOVERY),
        ),
    ],
    ids=["intake", "funding"],
)
async def test_the_database_gives_back_papers_as_they_were_told(
    database: str, service: str, topic: catalogue.Topic, kind: Any, views: Any, told: list[Recorded]
) -> None:
    migrate(database, *folders_of(service))
    made = kind(
        case_id=UUID(int=1),
        subject_id=UUID(int=2),
        subject_version=3,
        template="consent",
        template_version=1,
        engine="typst 0.15.2",
        paper_sha256="1" * 64,
        made_on=MADE_ON,
        registration="2026-1",
        compartments=(Compartment.IDENTITY,),
        identity=PaperIdentity(fields={"name": "Åsa"}),
    )
    await assert_stored_as_folded(database, views, [*told, *stream(topic, UUID(int=4), made)])


def test_a_paper_is_no_compensation() -> None:
    assert CompensationPaperMade not in Compensations.events
