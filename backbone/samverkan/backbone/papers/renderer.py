"""Renders in a process of its own: the event loop goes on, a paper that runs away is killed, memory is given back."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from typing import Final

from samverkan.backbone.errors import Permanent, Transient
from samverkan.backbone.papers.template import Source

LIMIT_SECONDS: Final = 15.0  # a plan of 40 pages takes 0.2 s; a machine that swaps is given time
AT_ONCE: Final = 2  # processes of one service; who comes later waits within the limit


class Renderer:
    """Makes papers, at most two at a time. Costs about 0.1 s for each, most of it the start of the process."""

    def __init__(self, limit_seconds: float = LIMIT_SECONDS, at_once: int = AT_ONCE) -> None:
        self._limit_seconds = limit_seconds
        self._at_once = asyncio.Semaphore(at_once)

    async def render(self, source: Source) -> bytes:
        """The PDF's bytes, the same for the same source.

        Transient `paper-takes-too-long`: ask again. Permanent `paper-not-made`: the template and this content do not
        go together; the typesetter's reason is not told, for it may repeat what somebody wrote.
        """
        try:
            async with asyncio.timeout(self._limit_seconds), self._at_once:
                return await _in_a_process(source)
        except TimeoutError:
            raise Transient("paper-takes-too-long") from None


async def _in_a_process(source: Source) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "samverkan.backbone.papers.typeset",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ},
    )
    try:
        made, _ = await process.communicate(json.dumps(asdict(source)).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0 or not made.startswith(b"%PDF-"):
        raise Permanent("paper-not-made")
    return made
