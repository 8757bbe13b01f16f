"""What runs that were killed left behind: processes, a mounted disk, folders. Kept ones stay."""

import shutil
import time
from pathlib import Path
from typing import Final

from samverkan.cli.chaos.disk import SmallDisk
from samverkan.cli.up import run as runs
from samverkan.cli.up.run import AlreadyRuns
from samverkan.cli.up.supervisor import end_leftovers

KEPT: Final = "kept"  # the file that says so
_YOUNG_SECONDS: Final = 60.0  # another run may just be making it


def clear_leftovers(folder: Path) -> None:
    """Remove every run's folder in here that nobody holds and nobody asked to keep."""
    for one in folder.iterdir():
        if (one / KEPT).exists() or time.time() - one.stat().st_mtime < _YOUNG_SECONDS:
            continue
        try:
            with runs.holding(one):
                if (run := runs.leftover(one)) is not None:
                    end_leftovers(run)
                for store in (one / "data").glob("*"):
                    if store.is_mount():
                        SmallDisk(store).unmount()
                shutil.rmtree(one, ignore_errors=True)
        except AlreadyRuns:
            continue
