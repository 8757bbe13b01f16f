"""A process that imports the stack once and becomes every service by forking.

Importing costs 1.9 s of CPU a process (2026-11): nine times that on two cores is 9 s, forked it is paid once. What is
forked is an ordinary process: own pid, own title, own session, own log, killed and restarted alone.

Its parent speaks to it over a socket, one JSON object a line: in `{"start": name, "module": …, "env": …, "log": …}`,
out `{"started": name, "pid": …}` and `{"ended": name, "pid": …, "code": …}`. It has neither threads nor an event
loop, which a fork would break.
"""

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import setproctitle

PR_SET_PDEATHSIG = 1


def main(descriptor: int, preload: Sequence[str]) -> None:
    setproctitle.setproctitle("samverkan: forks")
    channel = socket.socket(fileno=descriptor)
    wakeup_read, wakeup_write = os.pipe()
    os.set_blocking(wakeup_write, False)
    signal.signal(signal.SIGCHLD, _noticed)  # with the default, ignored, nothing would be written to the wakeup pipe
    signal.set_wakeup_fd(wakeup_write, warn_on_full_buffer=False)
    for module in preload:
        _import(module)
    gc.collect()
    gc.freeze()  # else the first collection of each child copies every page it looks at

    children: dict[int, str] = {}
    waiting = b""
    while True:
        readable, _, _ = select.select([channel.fileno(), wakeup_read], [], [])
        if wakeup_read in readable:
            os.read(wakeup_read, 4096)
            _reap(children, channel)
        if channel.fileno() in readable:
            got = channel.recv(65536)
            if not got:  # our parent is gone
                for pid in children:
                    os.kill(pid, signal.SIGKILL)
                return
            *lines, waiting = (waiting + got).split(b"\n")
            for line in lines:
                order = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    channel.close()
                    os.close(wakeup_read)
                    _become(order)
                children[pid] = order["start"]
                _tell(channel, {"started": order["start"], "pid": pid})


def _noticed(number: int, frame: FrameType | None) -> None:
    pass


def _import(module: str) -> None:
    """Import for the children. One that cannot be imported fails in its own child, where its log tells why."""
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 - whatever a module raises is that child's to report
        traceback.print_exc()


def _reap(children: dict[int, str], channel: socket.socket) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        name = children.pop(pid)
        _tell(channel, {"ended": name, "pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(channel: socket.socket, message: dict[str, Any]) -> None:
    channel.sendall(json.dumps(message).encode() + b"\n")


def _become(order: dict[str, Any]) -> NoReturn:
    """Leave everything of the forking process behind and run the service's main."""
    code = 1
    try:
        parent = os.getppid()
        os.setsid()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(127)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
        os.environ.clear()
        os.environ.update(order["env"])
        sys.argv = [order["start"]]
        setproctitle.setproctitle(f"samverkan: {order['start']}")
        importlib.import_module(order["module"]).main()
        code = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - the top of a process: said in its log, never passed to the forking loop
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class Forks:
    """The parent's side. Not for several threads."""

    def __init__(self, log: Path, preload: Sequence[str]) -> None:
        """Start it; StartFailed comes later, from whoever waits for a service. From the main thread only."""
        from samverkan.deploy.embedded.process import Process

        ours, theirs = socket.socketpair()
        with theirs:
            program = [sys.executable, "-P", "-m", "samverkan.cli.up.forks", str(theirs.fileno()), *preload]
            self._process = Process("forks", program, log=log, pass_fds=[theirs.fileno()])
        self._channel = ours
        self._waiting = b""

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> int | None:
        return self._process.ended()

    def start(self, name: str, module: str, env: dict[str, str], log: Path) -> None:
        """Ask for a process; `{"started": …}` follows once the stack is imported."""
        order = {"start": name, "module": module, "env": env, "log": str(log)}
        try:
            self._channel.sendall(json.dumps(order).encode() + b"\n")
        except BrokenPipeError:
            pass  # it has ended: `ended` says so, and whoever asks starts another with all services

    def messages(self, timeout_seconds: float) -> list[dict[str, Any]]:
        """What it has said, waiting at most `timeout_seconds` for the first. Empty for ever when it has ended."""
        readable, _, _ = select.select([self._channel], [], [], timeout_seconds)
        if not readable:
            return []
        try:
            got = self._channel.recv(65536)
        except ConnectionResetError:
            got = b""
        *lines, self._waiting = (self._waiting + got).split(b"\n")
        return [json.loads(line) for line in lines]

    def stop(self) -> None:
        """End it, and with it every service that still runs."""
        self._channel.close()
        self._process.stop(signal.SIGTERM, 2.0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
