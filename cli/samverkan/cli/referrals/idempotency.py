"""The Idempotency-Key of a line: the same for the same content, and telling nobody what the content is.

A plain hash of a personnummer and a day can be found by trying them all, and intake keeps the keys. So it is keyed with
a secret of this machine. Another machine's second import is no double either: a case that has heard the same says so.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samverkan.cli.up.plan import ensure_key
from samverkan.deploy.home import home


def secret_file() -> Path:
    """Outside the data of `up`: a reset system may be given the same list."""
    return home() / "import.key"


def read_secret(file: Path) -> bytes:
    """The secret, made at first use; only its owner may read it."""
    ensure_key(file)
    return file.read_bytes()


def key_of(secret: bytes, agency: str, body: Mapping[str, Any]) -> str:
    """The key of this body when this agency sends it."""
    content = json.dumps([agency, body], ensure_ascii=False, sort_keys=True).encode()
    return "referral-" + hmac.new(secret, content, hashlib.sha256).hexdigest()[:40]
