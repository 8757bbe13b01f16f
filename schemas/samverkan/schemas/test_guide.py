"""The page of events leaves nothing out."""

from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.guide import guide


def test_every_event_is_there_with_its_fields_and_their_compartments() -> None:
    page = guide()
    for topic in TOPICS:
        for event in topic.events:
            part = page.partition(f"\n### {event.__name__}\n")[2].partition("\n### ")[0]
            assert event.wire_type() in part and event.legal_basis in part
            assert all(f"| {name} | " in part for name in event.model_fields)


def test_kinds_are_said_in_words() -> None:
    page = guide()
    assert "| agencies_needed | open | list of text |" in page
    assert "| health | compartment | AssessmentScores? |" in page
    assert "`scores` map of text to int" in page
    assert "| reply_by | open | date? |" in page
    assert "`sick`" not in page.partition("## Words")[0]  # members of enums stand there once
