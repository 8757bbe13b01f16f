"""The invariants as a suite that any journal, relay or store would have to pass.

An implementation is put behind the two small protocols `writing.Journal` and `reading.Store`; then a test class that
inherits `WritingConformance` or `ReadingConformance` and says how one is made runs every test on it. Ours and a
deliberately naive one in memory are in tests/invariants/test_conformance.py.
"""

import pytest

pytest.register_assert_rewrite(f"{__name__}.reading", f"{__name__}.writing")  # a failure shows what was compared
