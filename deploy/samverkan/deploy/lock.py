"""`python -m samverkan.deploy.lock [PACKAGE...]`: write the locks anew, raising only the packages named.

requirements.lock: everything that the members and the contributors' tools need; requirements.bench.lock: what the bench
needs besides, at the same versions where both need it. For every platform, with hashes, and without the name of any
package index: whoever installs chooses where from.
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
    main = ["--group", "dev", *(part for name in own for part in ("--no-emit-package", name))]
    main += [str(member.relative_to(root)) for member in members]
    bench = ["--group", "cli/pyproject.toml:bench", "--constraint", "requirements.lock"]
    return _compile(root, "requirements.lock", main, raised) or _compile(root, "requirements.bench.lock", bench, raised)


def _compile(root: Path, lock: str, needs: Sequence[str], raised: Sequence[str]) -> int:
    command = [
        str(Path(sys.prefix, "bin", "uv")),
        "pip",
        "compile",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
    ]
    command += ["--no-emit-index-url", "--no-header", "--no-annotate", "--quiet", *needs]
    command += [part for name in raised for part in ("--upgrade-package", name)]
    return subprocess.run([*command, "--output-file", lock], cwd=root, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
