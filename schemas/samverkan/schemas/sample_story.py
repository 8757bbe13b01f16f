"""The golden samples' content: one event of each type, told as story 1 (Timrå) with what came before and after it.

Together they are a whole log: versions and log indexes without a hole, `requires` that can be met. A sample is
written once (generate.py) and then kept for ever; what is here only makes those that are missing.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from samverkan.schemas.catalogue import TOPICS, Topic
from samverkan.schemas.envelope import Envelope, Requirement
from samverkan.schemas.event import Event
from samverkan.schemas.sample_chapters.afterwards import AFTERWARDS
from samverkan.schemas.sample_chapters.application import APPLICATION
from samverkan.schemas.sample_chapters.benefit import BENEFIT
from samverkan.schemas.sample_chapters.claims import CLAIMS
from samverkan.schemas.sample_chapters.compensation import decision_life, payments, recoveries
from samverkan.schemas.sample_chapters.course import COURSE
from samverkan.schemas.sample_chapters.finsam import FINSAM
from samverkan.schemas.sample_chapters.papers import PAPERS
from samverkan.schemas.sample_chapters.praktik import PRAKTIK
from samverkan.schemas.sample_chapters.register import REGISTER
from samverkan.schemas.sample_chapters.results import RESULTS
from samverkan.schemas.sample_chapters.step import CASE, COMPENSATION, PLACEMENT, Step, sample_id
from samverkan.schemas.sample_chapters.support import SUPPORT

_STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")

STORY: Final = (
    *APPLICATION,
    *CLAIMS,
    *PRAKTIK,
    *FINSAM,
    *PAPERS,
    *SUPPORT,
    *BENEFIT,
    *REGISTER,
    *COURSE,
    *RESULTS,
    *(Step("compensation", event, date(2035, 1, 2), "af") for event in decision_life(CASE, PLACEMENT)),
    *(
        Step("compensation", event, date(2035, 1, 2), "af")
        for event in recoveries(CASE, sample_id("other compensation"), sample_id("set-off"))
    ),
    *(
        Step(stream, event, date(2035, 1, 2), "af")
        for stream, event in payments(COMPENSATION, sample_id("credit-order"))
    ),
    *AFTERWARDS,
)


def story() -> Iterator[tuple[Topic, Envelope, Event]]:
    """The samples in the order in which they were recorded."""
    latest: dict[str, tuple[Topic, Envelope]] = {}
    numbered: dict[str, int] = {}
    recorded_at = datetime.min.replace(tzinfo=UTC)
    for place, step in enumerate(STORY):
        topic = next(topic for topic in TOPICS if type(step.event) in topic.events)
        stream_id = sample_id(step.stream)
        # What is told at the end of the story and happened earlier was recorded late: a log never goes back in time.
        recorded_on = datetime.combine(step.recorded_on, time(9), UTC) + timedelta(minutes=place)
        recorded_at = max(recorded_on, recorded_at + timedelta(minutes=1))
        effective_on = step.event.effective_on()
        version = latest[step.stream][1].version + 1 if step.stream in latest else 1
        around = Envelope(
            id=sample_id(type(step.event).__name__),
            source=topic.source,
            type=step.event.wire_type(),
            stream_id=stream_id,
            version=version,
            time=datetime.combine(effective_on, time.min, _STOCKHOLM).astimezone(UTC) if effective_on else recorded_at,
            recorded_at=recorded_at,
            correlation_id=CASE if step.event.about_case else stream_id,
            log_index=numbered.setdefault(topic.source, 0),
            causation_id=latest[step.after][1].id if step.after else None,
            command_id=sample_id(f"command {place}"),
            requires=_requires(topic, *latest[step.after]) if step.after else (),
            actor=f"actor-{step.agency}-0001" if step.agency else None,
            agency=step.agency,
            legal_basis=step.event.legal_basis,
            dataschema=step.event.dataschema(),
            traceparent=f"00-{sample_id(f'trace {place}').hex}-{sample_id(f'span {place}').hex[:16]}-01",
        )
        numbered[topic.source] += 1
        latest[step.stream] = topic, around
        yield topic, around, step.event


def _requires(topic: Topic, cause_topic: Topic, cause: Envelope) -> tuple[Requirement, ...]:
    """The cause itself and what it required, as far as it stands on other topics."""
    own = Requirement(cause_topic.name, cause.stream_id, cause.version)
    return tuple(sorted(entry for entry in (own, *cause.requires) if entry.topic != topic.name))
