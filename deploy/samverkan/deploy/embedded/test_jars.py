"""Downloads that are cut."""

from pathlib import Path
from typing import Any

import pytest
import requests

from samverkan.deploy.embedded import jars


class Cut:
    """An artifact whose download is cut so many times; jgo keeps what came, and takes it for the whole."""

    def __init__(self, path: Path, times: int) -> None:
        self.cached_path = path
        self.left = times

    def resolve(self) -> Path:
        if not self.cached_path.exists():
            self.left -= 1
            self.cached_path.write_text("torn" if self.left >= 0 else "whole")
            if self.left >= 0:
                raise requests.ConnectionError
        return self.cached_path


def test_a_download_that_is_cut_twice_is_tried_a_third_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(jars, "RETRY_PAUSES_SECONDS", (0.0, 0.0))
    twice: Any = Cut(tmp_path / "a.jar", 2)
    assert jars._resolved(twice).read_text() == "whole"
    for_ever: Any = Cut(tmp_path / "b.jar", 3)
    with pytest.raises(requests.ConnectionError):
        jars._resolved(for_ever)
