"""Downloads that are cut."""

from pathlib import Path
from typing import Any

import pytest
import requests

from samverkan.deploy.embedded import jars


class Cut:
    """An artifact whose download is cut so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def resolve(self) -> str:
        self.left -= 1
        if self.left >= 0:
            raise requests.ConnectionError
        return "a.jar"


def test_a_download_that_is_cut_twice_is_tried_a_third_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "RETRY_PAUSES_SECONDS", (0.0, 0.0))
    artifact: Any = Cut(2)
    assert jars._resolved(artifact) == Path("a.jar")
    with pytest.raises(requests.ConnectionError):
        jars._resolved(Cut(3))
