"""The committed artefacts are those of today's models, and old samples are still read and written as they were."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from samverkan.schemas import generate
from samverkan.schemas.catalogue import TOPICS
from samverkan.schemas.codec import EVENT_TYPES
from samverkan.schemas.event import COMPARTMENTS
from samverkan.schemas.golden import Golden, golden_samples
from samverkan.schemas.headers import from_headers
from samverkan.schemas.sample_chapters.step import CASE

STARTED = "samverkan/schemas/samples/PlacementStarted.v1.json"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The committed files, to be broken."""
    for path in (generate.JSON, generate.SAMPLES):
        shutil.copytree(generate.ROOT / path, tmp_path / path)
    for page in ("asyncapi.yaml", "events.md"):
        shutil.copy(generate.ROOT / page, tmp_path)
    return tmp_path


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_the_committed_files_are_up_to_date() -> None:
    assert generate.check() == []


def test_writing_again_changes_nothing(copy: Path) -> None:
    assert generate.write(copy) == []


def test_drift_is_named_and_mended_by_writing(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(copy / generate.JSON / "PlacementStarted.v1.json", "starts_on", "begins_on")
    (copy / "asyncapi.yaml").unlink()
    assert generate.main(["--check", "--root", str(copy)]) == 1
    said = capsys.readouterr().err
    assert "json/PlacementStarted.v1.json differs from the models; mend: python -m samverkan.schemas.generate" in said
    assert "asyncapi.yaml is missing" in said
    assert generate.main(["--root", str(copy)]) == 0
    assert generate.main(["--check", "--root", str(copy)]) == 0


@pytest.mark.parametrize("folder", [generate.JSON, generate.SAMPLES])
def test_an_orphan_is_named(copy: Path, folder: str) -> None:
    shutil.copy(copy / folder / "PlacementStarted.v1.json", copy / folder / "PlacementBegun.v1.json")
    (problem,) = generate.check(copy)
    assert problem.startswith(f"{folder}/PlacementBegun.v1.json belongs to no event; mend: git rm")


def test_a_missing_sample_is_named_and_written(copy: Path) -> None:
    before = (copy / STARTED).read_bytes()
    (copy / STARTED).unlink()
    (problem,) = generate.check(copy)
    assert problem.startswith(f"{STARTED} is missing; mend: tell the event in sample_story.py")
    assert generate.write(copy) == [STARTED]
    assert (copy / STARTED).read_bytes() == before, "samples are deterministic"


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        (
            '"starts_on": "2026-03-02"',
            '"starts_on": 20260302',
            "cannot be read (payload-invalid: starts_on: date",
        ),
        ('"starts_on"', '"more": 1, "starts_on"', "holds fields that the model does not have"),
        ('"starts_on": "2026-03-02"', '"starts_on": "2026-03-03"', "its leaf is wrong"),
        ('"ce_streamversion": "7"', '"ce_streamversion": "8"', "its leaf is wrong"),
        ('"ce_streamversion": "7"', '"ce_streamversion": "007"', "its headers are written differently today"),
        ('"ce_source": "/samverkan/placement"', '"ce_source": "/elsewhere"', "cannot be read (source-not-owner)"),
        ('"topic"', '"theme"', "cannot be read"),
        ("{", "", "cannot be read"),
    ],
)
def test_a_sample_that_changed_is_named_and_never_overwritten(copy: Path, before: str, after: str, wrong: str) -> None:
    edit(copy / STARTED, before, after)
    (problem,) = generate.check(copy)
    assert problem.startswith(f"{STARTED}: {wrong}")
    assert "make it a new version" in problem
    assert generate.write(copy) == []
    assert len(generate.check(copy)) == 1


def test_every_sample_is_what_its_schema_says() -> None:
    for sample in golden_samples():
        schema = json.loads((generate.ROOT / generate.JSON / file_of(sample)).read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        assert list(Draft202012Validator(schema).iter_errors(json.loads(sample.value))) == []
        assert schema["$id"] == from_headers(sample.headers).dataschema
        assert schema["title"] == from_headers(sample.headers).type


def file_of(sample: Golden) -> str:
    return generate.file_name(EVENT_TYPES[from_headers(sample.headers).type])


def test_every_field_of_a_schema_says_who_may_read_it() -> None:
    for path in sorted((generate.ROOT / generate.JSON).glob("*.json")):
        for name, field in json.loads(path.read_text("utf-8"))["properties"].items():
            assert field.get("x-open") is True or field["x-compartment"] == name in COMPARTMENTS, (path.name, name)


def test_the_samples_are_a_whole_log_whose_requirements_can_be_met() -> None:
    heads: dict[tuple[str, object], int] = {}
    logs: dict[str, int] = {}
    for sample in golden_samples():
        envelope = from_headers(sample.headers)
        for entry in envelope.requires:
            assert heads.get((entry.topic, entry.stream_id), 0) >= entry.version
        assert envelope.version == heads.get((sample.topic, envelope.stream_id), 0) + 1
        assert envelope.log_index == logs.get(sample.topic, 0)
        heads[sample.topic, envelope.stream_id] = envelope.version
        logs[sample.topic] = envelope.log_index + 1
    assert set(logs) == {topic.name for topic in TOPICS}


def test_a_sample_about_no_case_correlates_with_its_own_stream_and_every_other_with_the_case() -> None:
    for sample in golden_samples():
        envelope = from_headers(sample.headers)
        about_case = EVENT_TYPES[envelope.type].about_case
        assert envelope.correlation_id == (CASE if about_case else envelope.stream_id), envelope.type


DOCUMENT: dict[str, Any] = yaml.safe_load((generate.ROOT / "asyncapi.yaml").read_text("utf-8"))


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


def test_every_reference_in_asyncapi_leads_somewhere() -> None:
    assert len(references(DOCUMENT)) > 100
    for reference in references(DOCUMENT):
        file, _, pointer = reference.partition("#")
        target: Any = json.loads((generate.ROOT / file).read_text("utf-8")) if file else DOCUMENT
        for part in pointer.split("/")[1:]:
            target = target[part]
        assert target
    for message in DOCUMENT["components"]["messages"].values():
        assert (generate.ROOT / message["x-sample"]).is_file()


def test_asyncapi_says_who_sends_and_who_receives() -> None:
    operations = DOCUMENT["operations"]
    for topic in TOPICS:
        assert operations[f"{topic.owner}.sends.{topic.name}"]["action"] == "send"
        for receiver in topic.receivers:
            assert operations[f"{receiver}.receives.{topic.name}"]["action"] == "receive"
        assert set(DOCUMENT["channels"][topic.name]["messages"]) == {
            f"{event.__name__}.v{event.major}" for event in topic.events
        }
    assert operations["agency.forbund.receives.samverkan.participant"]["x-may-see"] == []
    assert operations["agency.fk.receives.samverkan.participant"]["x-may-see"] == ["identity", "contact", "economy"]


def test_asyncapi_has_the_headers_that_the_samples_have() -> None:
    schema = DOCUMENT["components"]["schemas"]["envelope"]
    for sample in golden_samples():
        headers = {name: text.decode() for name, text in sample.headers}
        assert list(Draft202012Validator(schema).iter_errors(headers)) == []
        assert set(headers) <= set(schema["properties"])
    assert list(Draft202012Validator(schema).iter_errors({"ce_id": "x"}))
