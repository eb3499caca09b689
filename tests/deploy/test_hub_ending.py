"""What a hub ends is its student's and nobody else's: tried with real processes, as root."""

import contextlib
import os
import resource
import subprocess
import time
from pathlib import Path

import pytest

from tests.helpers import hub

with hub.deployed():
    import identities
    import students

FIRST = identities.FIRST
pytestmark = pytest.mark.hub


def test_an_end_ends_all_of_one_user_and_nothing_else():
    sleep = ["sleep", "60"]
    with contextlib.ExitStack() as stack:
        mine, hers, roots = (
            stack.enter_context(subprocess.Popen(sleep, user=user, group=user, extra_groups=()))
            for user in (FIRST + 7000, FIRST + 7001, 0)
        )
        stack.callback(lambda: [process.kill() for process in (mine, hers, roots)])
        spawner = students.Student()
        spawner.end_all()  # it does not know yet whose
        spawner.number = FIRST + 7000
        spawner.end_all()
        assert mine.wait(30) == -9
        time.sleep(0.2)
        assert hers.poll() is None
        assert roots.poll() is None


MANY = """
import os, time
for _ in range(20):
    if not os.fork():
        break
time.sleep(60)
"""


def test_an_end_comes_also_when_a_user_has_as_many_processes_as_may_be():
    """Its own program could not be run then, neither by the user nor in its name."""
    number = FIRST + 7002
    alike = {"user": number, "group": number, "extra_groups": (), "cwd": "/"}
    usual = resource.getrlimit(resource.RLIMIT_NPROC)
    many = subprocess.Popen(["/usr/bin/python3", "-c", MANY], **alike)
    with many:
        hub.wait_for(lambda: list(identities.owners("/proc").values()).count(number) == 21, 30)
        resource.setrlimit(resource.RLIMIT_NPROC, (10, usual[1]))
        try:
            with pytest.raises(BlockingIOError):
                subprocess.run(["true"], **alike)
            spawner = students.Student()
            spawner.number = number
            spawner.end_all()
        finally:
            resource.setrlimit(resource.RLIMIT_NPROC, usual)
        assert many.wait(30) == -9
    alive = {pid for pid, owner in identities.owners("/proc").items() if owner == number}
    for pid in alive:  # nobody may be there who asks after the dead
        with contextlib.suppress(FileNotFoundError):
            assert ") Z " in Path("/proc", pid, "stat").read_text(encoding="utf-8")


def test_root_ends_nobody_in_a_students_name():
    with subprocess.Popen(["sleep", "60"]) as process:
        students.kill_all()
        time.sleep(0.2)
        assert process.poll() is None
        process.kill()


def test_a_hub_that_comes_back_ends_no_process_of_somebody_else():
    alike = {"user": FIRST + 7000, "group": FIRST + 7000, "extra_groups": ()}
    with subprocess.Popen(["sleep", "60"], **alike) as process:
        for pid, known, kept in [
            (process.pid, {"number": FIRST + 7000}, process.pid),
            (process.pid, {"number": FIRST + 7001}, 0),
            (os.getpid(), {"number": FIRST + 7000}, 0),
            (os.getpid(), {}, 0),
        ]:
            spawner = students.Student()
            spawner.load_state({"pid": pid, **known})
            assert spawner.pid == kept
            assert spawner.get_state().get("pid", 0) == kept
        process.kill()
