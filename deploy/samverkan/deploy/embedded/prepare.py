"""What set-up does for the broker: fetch and check the jars, then train the AOT cache. Run by the launcher."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from samverkan.deploy.embedded import jars
from samverkan.deploy.embedded.kafka import EmbeddedKafka, Runtime
from samverkan.deploy.errors import DeployError, NoNetwork, NoRoom, StartFailed
from samverkan.deploy.exits import FAILED, NO_NETWORK, NO_ROOM
from samverkan.deploy.home import home


def fetch_jars() -> None:
    jars.fetch(home() / "kafka" / "jars", _progress)


def train() -> None:
    """One run of the broker that writes down what it loaded: 1.2 s to a listening broker instead of 3 to 4 s.

    Without the cache everything works, only slower. Made beside its place and renamed, so it is whole or not there.
    """
    runtime = Runtime.load()
    if runtime.aot_cache.exists():
        return
    with tempfile.TemporaryDirectory(dir=home() / "kafka", prefix=".train-") as scratch:
        half = Path(scratch, "cache.aot")
        broker = EmbeddedKafka(
            Path(scratch, "broker"),
            jvm_options=["-Xmx512m", f"-XX:AOTCacheOutput={half}"],
            runtime=replace(runtime, aot_cache=half),
        )
        try:
            broker.start()
        except StartFailed as error:  # a machine too busy to train: a slow start is no reason for none
            print(f"The broker will start more slowly, as it could not be trained: {error}")
            return
        broker.stop(patience_seconds=120)  # the JVM assembles the cache while it ends: 6 s on 2 cores
        if half.exists():
            half.replace(runtime.aot_cache)


def _progress(done: int, total: int) -> None:
    print(f"{done}/{total}", flush=True)  # read by the launcher, which shows it


STEPS = {"jars": fetch_jars, "train": train}


def main() -> int:
    try:
        STEPS[sys.argv[1]]()
    except NoNetwork as error:
        print(error, file=sys.stderr)
        return NO_NETWORK
    except NoRoom as error:
        print(error, file=sys.stderr)
        return NO_ROOM
    except DeployError as error:
        sentence, *more = str(error).splitlines()
        print("\n".join([*more, sentence]), file=sys.stderr)  # the launcher shows the last line, its log has them all
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
