"""Rendering is the same everywhere, bounded, and refuses what is missing."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from samverkan.backbone.errors import Permanent, Refused, Transient
from samverkan.backbone.papers.content import deep, flat, sealed
from samverkan.backbone.papers.glyphs import printable
from samverkan.backbone.papers.renderer import Renderer
from samverkan.backbone.papers.template import Facts, Source, Template, TemplateInvalid, Templates
from samverkan.backbone.papers.typeset import typeset
from samverkan.schemas.event import Compartment

IDENTITY, HEALTH = Compartment.IDENTITY, Compartment.HEALTH
TOML = """
title = "Prov"
letter = 1
core = "identity"
editions = ["sv"]
[fields.identity]
required = ["name"]
optional = ["note"]
lists = { goals = ["what", "who"] }
[fields.health]
required = ["need"]
"""
TYP = """#show: letter.with(title: "Prov", sender: "Timrå kommun")
= Rubrik
#say("identity", "name") #say("health", "need") #say("identity", "note")
#for goal in entries("identity", "goals") [#goal.what #kronor("21027.20") ]
"""
TOLD = {IDENTITY: {"name": "Åsa", "salt": "1", "goals.1.what": "Gå ut"}, HEALTH: {"need": "Vila"}}
FACTS = Facts("trial", 1, date(2026, 2, 4), "2026-17")
ENDLESS = Source("#let n = 0\n#while true { n = n + 1 }", "{}", 0)


def template(folder: Path, toml: str = TOML, typ: str = TYP) -> Template:
    place = folder / "trial" / "1"
    place.mkdir(parents=True)
    (place / "paper.toml").write_text(toml, "utf-8")
    (place / "sv.typ").write_text(typ, "utf-8")
    return Templates(folder).newest("trial")


def test_the_same_paper_is_the_same_bytes_in_another_process_language_and_zone(tmp_path: Path) -> None:
    source = template(tmp_path).source(FACTS, TOLD)
    asked = json.dumps({"text": source.text, "data": source.data, "timestamp": source.timestamp})
    made = [
        subprocess.run(
            [sys.executable, "-m", "samverkan.backbone.papers.typeset"],
            input=asked.encode(),
            env={**os.environ, "TZ": zone, "LANG": "C", "SOURCE_DATE_EPOCH": "1"},
            cwd=folder,
            check=True,
            capture_output=True,
        ).stdout
        for zone, folder in (("UTC", tmp_path), ("Asia/Tokyo", "/"))
    ]
    assert {hashlib.sha256(one).digest() for one in made} == {
        hashlib.sha256(typeset(source.text, source.data, source.timestamp)).digest()
    }


async def test_the_event_loop_goes_on_while_a_paper_is_made(tmp_path: Path) -> None:
    source = template(tmp_path).source(FACTS, TOLD)
    rendering = asyncio.create_task(Renderer().render(source))
    longest, before = 0.0, asyncio.get_running_loop().time()
    while not rendering.done():
        await asyncio.sleep(0.001)
        now = asyncio.get_running_loop().time()
        longest, before = max(longest, now - before), now
    assert (await rendering).startswith(b"%PDF-1.7")
    assert longest < 0.5  # typesetting here would hold it for the whole time; a busy machine takes its share


async def test_a_paper_that_runs_away_is_ended_and_the_next_is_made(tmp_path: Path) -> None:
    renderer = Renderer(limit_seconds=1.5, at_once=1)
    with pytest.raises((Transient, Permanent), match=r"paper-takes-too-long|paper-not-made"):
        await renderer.render(ENDLESS)  # the typesetter itself gives up after enough rounds
    assert await renderer.render(template(tmp_path).source(FACTS, TOLD))


async def test_a_paper_that_is_not_ready_in_time_is_killed_and_may_be_asked_for_again(tmp_path: Path) -> None:
    with pytest.raises(Transient, match="paper-takes-too-long"):
        await Renderer(limit_seconds=0.001).render(template(tmp_path).source(FACTS, TOLD))


async def test_memory_without_bounds_is_refused_and_its_reason_is_not_told() -> None:
    huge = Source('#let text = "Hemlig " * 200000000\n#text.len()', "{}", 0)
    with pytest.raises(Permanent, match=r"^paper-not-made$"):
        await Renderer().render(huge)


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ({IDENTITY: {"salt": "1"}, HEALTH: {"need": "Vila"}}, "name"),
        ({IDENTITY: {"name": "", "salt": "1"}, HEALTH: {"need": "Vila"}}, "name"),
        ({}, "name, need, salt"),
    ],
)
def test_a_paper_without_what_it_needs_is_refused_by_name(
    tmp_path: Path, content: dict[Compartment, dict[str, str]], missing: str
) -> None:
    with pytest.raises(Refused, match="paper-incomplete") as refused:
        template(tmp_path).refuse_unfit(content)
    assert refused.value.details == {"fields": missing}


def test_a_field_that_the_template_does_not_have_is_a_fault_of_ours(tmp_path: Path) -> None:
    with pytest.raises(TemplateInvalid, match="nmae"):
        template(tmp_path).refuse_unfit({IDENTITY: {"name": "Åsa", "salt": "1", "nmae": "x"}, HEALTH: {"need": "x"}})


def test_a_compartment_that_cannot_be_read_is_shown_as_withheld(tmp_path: Path) -> None:
    made = template(tmp_path)
    for told, masked in (({IDENTITY: TOLD[IDENTITY]}, ()), (TOLD, (HEALTH,))):
        source = made.source(FACTS, told, masked)
        assert json.loads(source.data)["withheld"] == ["health"]
        assert "Vila" not in source.data
        assert typeset(source.text, source.data, source.timestamp)


def test_without_its_core_there_is_no_paper(tmp_path: Path) -> None:
    made = template(tmp_path)
    with pytest.raises(Refused, match="paper-withheld"):
        made.source(FACTS, {HEALTH: {"need": "Vila"}})
    with pytest.raises(Refused, match="paper-withheld"):
        made.source(FACTS, TOLD, (IDENTITY,))


@pytest.mark.parametrize(
    ("toml", "typ", "reason"),
    [
        (TOML.replace('core = "identity"', 'core = "nobody"'), TYP, "cannot be read"),
        (TOML, '#import "@preview/tiaoma:0.2.0"', "from elsewhere"),
        (TOML, '#read("/etc/passwd")', "from elsewhere"),
        (TOML.replace('["sv"]', '["sv", "en"]'), TYP, "cannot be read"),
    ],
)
def test_a_template_that_cannot_be_trusted_stops_the_start(tmp_path: Path, toml: str, typ: str, reason: str) -> None:
    with pytest.raises(TemplateInvalid, match=reason):
        template(tmp_path, toml, typ)


def test_an_edition_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="paper-edition-unknown"):
        template(tmp_path).text("no")


def test_a_template_of_a_later_release_is_refused(tmp_path: Path) -> None:
    template(tmp_path)
    with pytest.raises(Refused, match="paper-template-unknown"):
        Templates(tmp_path).find("trial", 2)


def test_fields_travel_as_texts_and_come_back_in_order() -> None:
    goals = [{"what": f"mål {number}", "who": "kommun"} for number in range(1, 12)]
    fields = flat({"name": "Åsa", "goals": goals})
    assert fields["goals.11.what"] == "mål 11"
    assert deep(fields, ("goals", "others")) == {"name": "Åsa", "goals": goals, "others": []}
    assert sealed({IDENTITY: {"name": "Åsa"}, HEALTH: {}}).keys() == {"identity"}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Åsa Öst–Ähr 'é' \"x\"", "Åsa Öst–Ähr 'é' \"x\""),
        ("Жанна Σ ßçñ €", "Жанна Σ ßçñ €"),
        ("a\u202eb\u200b\x07", "a[U+202E]b[U+200B][U+0007]"),
        ("漢😀\ue000", "[U+6F22][U+1F600][U+E000]"),
        ("rad 1\r\nrad 2\rrad 3", "rad 1\nrad 2\nrad 3"),
    ],
)
def test_what_no_font_has_is_written_out(written: str, shown: str) -> None:
    assert printable(written) == shown
