"""A disk for one store that can be full: a tmpfs of its own, which only root may mount.

A quota or RLIMIT_FSIZE would need no rights, but PostgreSQL sees another error then (EDQUOT, EFBIG) than a full disk's.
"""

import os
import subprocess
from pathlib import Path

_ROOM = 768 * 1024 * 1024  # a store of twenty minutes of chaos and its write-ahead log take a third
_LEFT = 64 * 1024  # of a full disk: one tries to shrink below what is used in vain


class SmallDisk:
    """Mounted on `folder`, which must be empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def mount(self) -> bool:
        """Whether this machine lets us."""
        self._folder.mkdir(parents=True, exist_ok=True)
        options = f"size={_ROOM},mode=0755"
        return os.geteuid() == 0 and _done("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self._folder))

    def fill(self) -> bool:
        """Leave no room. False: it cannot be done just now."""
        state = os.statvfs(self._folder)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize
        return self._resize(used + _LEFT)

    def clear(self) -> None:
        """Give the room back."""
        self._resize(_ROOM)

    def unmount(self) -> None:
        """At the end, when nobody uses it; at the latest when nobody does any more."""
        _done("umount", "--lazy", str(self._folder))

    def _resize(self, size: int) -> bool:
        return _done("mount", "-o", f"remount,size={size}", str(self._folder))


def _done(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
