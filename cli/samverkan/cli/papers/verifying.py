"""`samverkan papers verify`: papers made again from their events, and compared to the byte."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from samverkan.backbone.errors import Refused, SamverkanError
from samverkan.backbone.papers.content import told
from samverkan.backbone.papers.template import Facts, Templates
from samverkan.backbone.papers.typeset import engine, typeset
from samverkan.cli.papers.templates import templates_of
from samverkan.cli.topics.reading import read_telling
from samverkan.cli.up.run import NothingRuns, Run, load
from samverkan.cli.up.say import complain, say
from samverkan.deploy.exits import DIFFERENT, FAILED, NOTHING_RUNS, OK, USAGE
from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.codec import Undecodable, decode
from samverkan.schemas.paper import CasePaperMade, CompensationPaperMade, PaperMade, PlacementPaperMade

_KINDS: Final = {CasePaperMade.wire_type(), PlacementPaperMade.wire_type(), CompensationPaperMade.wire_type()}
_WITH_PAPERS: Final = tuple(topic for topic in TOPICS if any(event.wire_type() in _KINDS for event in topic.events))


class Verdict(StrEnum):
    """What came of making a paper again."""

    SAME = "the same to the byte"
    OTHER = "DIFFERENT"
    WITHHELD = "withheld: its keys are gone or not here"
    OTHER_ENGINE = "made with another engine: see docs/papers.md"
    NO_TEMPLATE = "made from a template that is not here"
    UNREADABLE = "of an event that cannot be read here"


@dataclass(frozen=True)
class Found:
    """A paper on a topic. `event` is None when it cannot be read."""

    service: str
    event: PaperMade | None


def verify(file: Path | None, run: Run | None = None) -> int:
    """Verify one file, or every paper, of this run or of the one that is up; the exit code."""
    try:
        wanted = None if file is None else hashlib.sha256(file.read_bytes()).hexdigest()
        found = asyncio.run(read_papers((run or load()).bootstrap))
    except OSError as wrong:
        complain(f"{file} cannot be read: {type(wrong).__name__}")
        return USAGE
    except NothingRuns as nothing:
        complain(str(nothing))
        return NOTHING_RUNS
    except SamverkanError as error:
        complain(f"the topics could not be read ({error.code}).")
        return FAILED
    return _one(found, wanted) if wanted is not None else _all(found)


async def read_papers(bootstrap: str) -> list[Found]:
    """Every paper of every topic. Transient: Kafka cannot be reached."""
    history = await read_telling(bootstrap, _WITH_PAPERS)
    owner = {topic.name: topic.owner for topic in _WITH_PAPERS}
    return [
        Found(owner[arrival.topic], _read(arrival.envelope.type, arrival.value))
        for arrival in history.arrivals
        if arrival.envelope.type in _KINDS
    ]


def verdict(found: Found, templates: Mapping[str, Templates]) -> Verdict:
    """Make it again and compare. Pure but for the typesetter."""
    event = found.event
    if event is None:
        return Verdict.UNREADABLE
    try:
        template = templates[found.service].find(event.template, event.template_version)
        facts = Facts(event.template, event.template_version, event.made_on, event.registration)
        content = told(event)
        if not content.keys() >= set(event.compartments or ()):
            return Verdict.WITHHELD
        source = template.source(facts, content)
    except (KeyError, Refused) as refused:
        return Verdict.WITHHELD if getattr(refused, "code", "") == "paper-withheld" else Verdict.NO_TEMPLATE
    made = hashlib.sha256(typeset(source.text, source.data, source.timestamp)).hexdigest()
    if made == event.paper_sha256:
        return Verdict.SAME
    return Verdict.OTHER if event.engine == engine() else Verdict.OTHER_ENGINE


def _all(found: Iterable[Found]) -> int:
    templates = templates_of()
    counted = Counter(verdict(one, templates) for one in found)
    say(f"{counted.total()} papers")
    for each in Verdict:
        if counted[each]:
            say(f"{counted[each]} {each}")
    return DIFFERENT if counted[Verdict.OTHER] or counted[Verdict.UNREADABLE] else OK


def _one(found: Iterable[Found], sha256: str) -> int:
    """Names what is open only: neither the person nor what stands in the paper."""
    matching = [one for one in found if one.event is not None and one.event.paper_sha256 == sha256]
    if not matching:
        say(f"no event knows a paper with SHA-256 {sha256}: it was not made here, or it was altered")
        return DIFFERENT
    event = matching[0].event
    assert event is not None  # matched above
    judged = verdict(matching[0], templates_of())
    say(f"{event.template} {event.template_version}, made on {event.made_on} by {matching[0].service}: {judged}")
    return OK if judged is Verdict.SAME else DIFFERENT


def _read(wire_type: str, value: bytes) -> PaperMade | None:
    try:
        event: object = decode(wire_type, value).event
    except Undecodable:
        return None
    assert isinstance(event, PaperMade)  # of these types only
    return event
