"""A mail server that delivers to a folder: what notify sends in `up` and in tests. Nothing leaves the machine."""

import asyncio
import os
import time
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class FolderHandler:
    """Stores each mail as `<nanoseconds>-<number>.eml`, so that names sort by arrival. Whole files only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Called by aiosmtpd. 250 only once the file is in its place."""
        name = f"{time.time_ns()}-{next(self._numbers):06}.eml"
        receivers = "".join(f"X-RcptTo: {receiver}\r\n" for receiver in envelope.rcpt_tos)
        half = self._folder / f".{name}"
        content = envelope.original_content or b""
        half.write_bytes(f"X-MailFrom: {envelope.mail_from}\r\n{receivers}".encode() + content)
        half.replace(self._folder / name)
        return "250 Stored"


async def serve(host: str, port: int, folder: Path) -> None:
    """Accept mail until cancelled."""
    handler = FolderHandler(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, hostname="localhost"), host, port)
    async with server:
        await server.serve_forever()


def main() -> None:
    host, port = os.environ["SAMVERKAN_SMTP_HOST"], int(os.environ["SAMVERKAN_SMTP_PORT"])
    folder = Path(os.environ["SAMVERKAN_MAIL_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(host, port, folder))
