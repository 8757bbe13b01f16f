"""An agency installs the contracts alone: with pydantic and nothing else of ours or of the backbone's."""

import subprocess
import sys
from pathlib import Path

from samverkan.schemas.codec import EVENT_TYPES

PACKAGE = Path(__file__).parent
TOOLS = {"generate", "sample_story", "asyncapi"}  # for those who change the contracts
PROGRAM = """
import importlib, sys

PYDANTIC = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}

class Refuses:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        ours = name == "samverkan" or name.startswith("samverkan.schemas")
        standard = top in sys.stdlib_module_names or top.startswith("_sysconfigdata")
        if not (ours or standard or top in PYDANTIC):
            raise ModuleNotFoundError(f"{name} is not installed at the agency", name=name)

sys.meta_path.insert(0, Refuses())
for name in sys.argv[1:]:
    importlib.import_module(name)
from samverkan.schemas.golden import golden_samples
from samverkan.schemas.record import read
print(len([read(s.topic, s.key, s.headers, s.value) for s in golden_samples()]))
"""


def run(*modules: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROGRAM, *modules], capture_output=True, text=True, check=False)


def test_the_contracts_stand_alone() -> None:
    modules = [f"samverkan.schemas.{path.stem}" for path in PACKAGE.glob("*.py") if not path.stem.startswith("test_")]
    done = run(*(name for name in modules if name.rpartition(".")[2] not in TOOLS | {"__init__"}))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(EVENT_TYPES), "every golden sample is read"


def test_what_is_not_installed_is_refused() -> None:
    for name in ("samverkan.backbone", "aiokafka", "samverkan.schemas.generate"):
        assert "is not installed at the agency" in run(name).stderr
