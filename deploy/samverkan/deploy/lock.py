"""`python -m samverkan.deploy.lock [PACKAGE...]`: write requirements.lock anew, raising only the packages named.

Everything that the members and the contributors' tools need, for every platform, with hashes, and without the name
of any package index: whoever installs chooses where from.
"""

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from samverkan.deploy.home import checkout


def main(raised: Sequence[str]) -> int:
    root = checkout()
    members = [
        root / "pyproject.toml",
        *sorted(root.glob("*/pyproject.toml")),
        *sorted(root.glob("services/*/pyproject.toml")),
    ]
    own = [tomllib.loads(member.read_text())["project"]["name"] for member in members]
    command = [
        str(Path(sys.prefix, "bin", "uv")),
        "pip",
        "compile",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
    ]
    command += ["--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", "--group", "dev"]
    command += [part for name in own for part in ("--no-emit-package", name)]
    command += [part for name in raised for part in ("--upgrade-package", name)]
    command += ["--output-file", "requirements.lock", *(str(member.relative_to(root)) for member in members)]
    return subprocess.run(command, cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
