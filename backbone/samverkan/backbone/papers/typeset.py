"""Makes a PDF of a text in Typst: PDF/A-2a for the archive and PDF/UA-1 for those who listen. Standard library and
Typst only, for this file is also the program of the process that renders (renderer.py).

Deterministic: the same text, data and timestamp are the same bytes on any machine, because only the fonts inside the
library are used and nothing is read from disk or network. Data is data: Typst never reads a text in it as markup.
"""

import json
import resource
import sys
import tempfile
from importlib.metadata import version
from typing import Any, Final

MEMORY_BYTES: Final = 1_500_000_000  # of addresses; a paper of 20 pages touches 60 MB (2026-11)
CPU_SECONDS: Final = 20


def engine() -> str:
    """What decides the bytes besides text and data: the program and its version."""
    return f"typst {version('typst')}"


def typeset(text: str, data: str, timestamp: int) -> bytes:
    """The PDF. TypstError: the text is wrong, or a character cannot be shown; its message may repeat the data."""
    import typst

    compile_pdf: Any = typst.compile  # its own types cannot be solved when no font path is given
    with tempfile.TemporaryDirectory(prefix="samverkan-paper-") as nowhere:
        made = compile_pdf(
            text.encode(),
            root=nowhere,
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=["a-2a", "ua-1"],
            package_path=nowhere,
            package_cache_path=nowhere,
            timestamp=timestamp,
        )
    assert isinstance(made, bytes)  # one document, no output file
    return made


def main() -> int:
    """One paper: JSON on standard input, the PDF on standard output. 1 without a word: it cannot be made."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    if sys.platform == "linux":  # elsewhere the kernel does not count addresses
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.load(sys.stdin)
    try:
        sys.stdout.buffer.write(typeset(asked["text"], asked["data"], asked["timestamp"]))
    except (RuntimeError, MemoryError):
        return 1  # what is wrong might repeat what somebody wrote: it stays here
    return 0


if __name__ == "__main__":
    sys.exit(main())
