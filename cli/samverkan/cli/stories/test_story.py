"""The format of a story: what is read, and how a mistake in a file is told."""

from pathlib import Path

import pytest

from samverkan.cli.stories.story import Expectation, StoryInvalid, files_of, filled, load_story
from samverkan.cli.stories.strict_yaml import load

WHOLE = """
title: {sv: Kort, en: Short}
steps:
  - step: Refer
    as: kommun
    do: POST intake /referrals
    body: {person_number: 198808112380, received_on: 2026-02-02, gross: 24000.00, opinion: no, count: 3}
    save: {case: stream_id}
  - step: See it
    do: GET agency.af /cases/${case}
    until: {body: {enrolled_on: null}}
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "story.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_days_amounts_and_personnummer_stay_text_and_no_is_a_word(tmp_path: Path) -> None:
    (refer, _) = load_story(written(tmp_path, WHOLE)).steps
    assert refer.body == {
        "person_number": "198808112380",
        "received_on": "2026-02-02",
        "gross": "24000.00",
        "opinion": "no",
        "count": 3,
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("as: kommun", "as: komun"), "step 1 (Refer): as: no agency 'komun'"),
        (("POST intake", "PUT intake"), "step 1 (Refer): do: write it as: POST intake /referrals"),
        (("POST intake", "POST intak"), "step 1 (Refer): do: no service 'intak'"),
        (("/cases/${case}", "/cases/${cse}"), "step 2 (See it): ${cse} is used and no step before has saved it"),
        (("until:", "untl:"), "step 2 (See it): untl: Extra inputs are not permitted"),
        (("    until:", "    expect: {}\n    until:"), "step 2 (See it): has both expect and until"),
        (("    as: kommun\n", ""), "step 1 (Refer): a POST says on whose behalf: as"),
        (("title: {sv: Kort, en: Short}", "title: {sv: Kort}"), "title.en: Field required"),
        (("count: 3", "count: 3, count: 4"), "story.yaml:7: the key 'count' stands twice"),
    ],
)
def test_a_mistake_is_told_with_file_and_step(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(StoryInvalid) as invalid:
        load_story(written(tmp_path, WHOLE.replace(*change)))
    assert told in str(invalid.value)
    assert "story.yaml" in str(invalid.value)


def test_a_file_that_is_no_text_and_one_that_is_not_there_are_told(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("title: {sv: För tidigt".encode("cp1252"))
    with pytest.raises(StoryInvalid, match="is not UTF-8"):
        load_story(file)
    with pytest.raises(StoryInvalid, match="No such file"):
        load_story(tmp_path / "none.yaml")
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoryInvalid, match="no story"):
        files_of(tmp_path / "empty")


def test_variables_are_filled_in_keys_lists_and_texts() -> None:
    part = {"${a}": ["x${a}", {"y": "${a}${a}"}], "n": 3}
    assert filled(part, {"a": "1"}) == {"1": ["x1", {"y": "11"}], "n": 3}


def test_an_expectation_without_a_status_is_a_success_and_a_problem_is_none() -> None:
    assert Expectation().allows(201) and not Expectation().allows(409)
    assert Expectation(problem="not-found").allows(404) and not Expectation(problem="not-found").allows(200)
    assert Expectation.model_validate({"status": 200}).allows(200)


def test_only_true_false_and_null_are_not_words() -> None:
    assert load("[yes, on, true, null, 1e3, 0x10, 010, 12]") == ["yes", "on", True, None, "1e3", "0x10", "010", 12]
