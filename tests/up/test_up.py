"""`up` with services that do nothing: what is restarted, refused, ended, and what is left of a crash."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import psutil
import pytest

from running_up import RunningUp
from samverkan.cli.up import run as runs
from samverkan.cli.up.run import Pid, Run
from samverkan.deploy.embedded.ports import HOST

_HERE = Path(__file__).parent


class Up(RunningUp):
    """`up` with services that do nothing."""

    def __init__(self, folder: Path, how: str = "stays", *failing: str) -> None:
        super().__init__(folder, [_HERE / "fake_up.py", folder, how, *failing])


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One running `up` for the tests that leave it running."""
    with Up(tmp_path_factory.mktemp("system") / "data") as up:
        up.ready()
        yield up


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the tests that end what they start: a warm start takes half of a cold one."""
    return tmp_path_factory.mktemp("idle") / "data"


def _dead(*processes: Pid) -> Callable[[], bool]:
    return lambda: all(process.find() is None for process in processes)


@pytest.mark.parametrize("name", ["placement", "agency.af", "mail"])
def test_what_is_killed_is_restarted_and_said_while_the_others_go_on(system: Up, name: str) -> None:
    before = system.run().all_processes()
    os.kill(before[name].pid, signal.SIGKILL)
    system.until(lambda: system.run().all_processes()[name] != before[name])
    system.until(lambda: system.run().all_processes()[name].find() is not None)
    assert f"{name} ended (signal 9), restarted" in system.printed()
    others = {other: process for other, process in before.items() if other != name}
    assert {other: system.run().all_processes()[other] for other in others} == others
    assert all(process.find() is not None for process in others.values())


@pytest.mark.parametrize(("name", "title"), [("postgres", "PostgreSQL"), ("kafka", "Kafka")])
def test_broker_and_database_are_restarted_where_they_were(system: Up, name: str, title: str) -> None:
    before = system.run()
    os.kill(before.helpers[name].pid, signal.SIGKILL)
    system.until(lambda: system.run().helpers[name] != before.helpers[name])
    assert f"{title} ended (signal 9), restarted" in system.printed()
    assert system.run().bootstrap == before.bootstrap
    assert system.run().services == before.services, "no service was restarted for it"


def test_a_killed_forking_process_takes_the_services_with_it_and_all_come_back(system: Up) -> None:
    before = system.run()
    os.kill(before.helpers["forks"].pid, signal.SIGKILL)
    services = [service.process for service in before.services.values()]
    system.until(_dead(*services))
    system.until(lambda: all(service.process.find() is not None for service in system.run().services.values()))


def test_processes_have_names_of_their_own(system: Up) -> None:
    found = psutil.Process(system.run().service("agency.af").process.pid)
    system.until(lambda: found.cmdline()[0].startswith("samverkan: agency.af"))


def test_a_second_up_says_that_one_runs_and_where(system: Up) -> None:
    with Up(system.folder) as second:
        assert second.ended() == 75
    assert "samverkan already runs" in second.printed()
    assert system.run().service("placement").url in second.printed()
    assert system.run().ready


def test_mail_is_stored_whole_with_its_receivers(system: Up) -> None:
    run = system.run()
    message = EmailMessage()
    message["Subject"] = "Ett beslut väntar"
    message.set_content("Logga in för att läsa.")
    with smtplib.SMTP(run.smtp_host, run.smtp_port, timeout=10) as client:
        client.send_message(message, "notify@example.org", ["handlaggare@example.org"])
    (mail,) = Path(run.mails).glob("*.eml")
    assert "X-RcptTo: handlaggare@example.org" in mail.read_text()


def test_ctrl_c_ends_services_first_and_leaves_nothing(folder: Path) -> None:
    with Up(folder) as up:
        run = up.ready()
        assert up.interrupt() == 0
    assert _dead(*run.all_processes().values())()
    assert "drained" in Path(run.service("placement").log).read_text()
    with pytest.raises(runs.NothingRuns):
        runs.load(folder)


def test_what_a_killed_up_leaves_dies_and_the_next_one_starts(folder: Path) -> None:
    with Up(folder) as crashed:
        run = crashed.ready()
        crashed.process.kill()
        crashed.process.wait()
        crashed.until(_dead(*run.all_processes().values()))
    with Up(folder, "once=0") as once:
        assert once.ended() == 0, once.printed()


def test_leftovers_that_would_not_die_are_ended_by_the_next_up(folder: Path, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as stray:
        gone = subprocess.Popen([sys.executable, "-c", ""])
        dead = Pid.of(gone.pid)
        gone.wait()
        folder.mkdir(exist_ok=True)
        runs.save(Run(dead, "", helpers={"kafka": Pid.of(stray.pid)}), folder)
        with Up(folder, "once=0") as once:
            assert once.ended() == 0
        assert stray.wait(1) == -signal.SIGKILL
    assert "1 processes of it were ended" in once.printed()


def test_a_stranger_with_a_reused_number_is_left_alone() -> None:
    assert Pid(os.getpid(), created=1.0).find() is None


def test_once_answers_with_the_code_of_what_it_did(folder: Path) -> None:
    with Up(folder, "once=3") as once:
        assert once.ended() == 3


def test_a_busy_port_is_avoided(folder: Path) -> None:
    with socket.socket() as busy:
        try:
            busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            busy.bind((HOST, 18101))
            busy.listen()
        except OSError:
            pass  # somebody else is so kind
        with Up(folder) as up:
            urls = [service.url for service in up.ready().services.values()]
            assert f"http://{HOST}:18101" not in urls
            assert up.interrupt() == 0


def test_a_service_that_cannot_start_ends_up_with_its_own_words(folder: Path) -> None:
    with Up(folder, "stays", "placement") as up:
        assert up.ended() == 70
    assert "placement does not start" in up.printed()
    assert "this release is bad" in up.printed()
