"""Each state machine of each service: complete, drawn in docs/states/, and true."""

from pathlib import Path

import pytest

from samverkan.backbone.testing.machines import services, wrong


@pytest.mark.parametrize("service", services(), ids=lambda folder: folder.name)
def test_each_state_meets_each_command_and_its_page_says_what_follows(service: Path) -> None:
    assert wrong(service) == []
