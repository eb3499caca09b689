"""A student's server: one process, as the Unix user to whom the student's home belongs."""

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path

from identities import Identities, Refused, owners
from jupyterhub.spawner import LocalProcessSpawner
from tornado import web
from traitlets import Unicode

ROOT = os.geteuid() == 0  # else it is a test, and all are one user
SERVER = Path(__file__).parent / "student_server.py"
PORT = 883  # only root can listen below 1024
# Done by the student's own user: what it copies cannot be led astray by links in the home, and
# what the server says does not stand among the hub's lines. What is hidden stays with the lecturer:
# a .git may hold the solutions.
FILL = """cd && chmod 700 . && ulimit -d $((MEM_LIMIT / 1024)) || exit
mkdir -p neural-networks && cp -Rn "$LECTURE_SERIES"/* neural-networks 2>/dev/null
exec "$0" "$@" >"$JUPYTER_RUNTIME_DIR"/server.log 2>&1"""


def become(user):
    """Give what makes a new process another user's, and of no group but the user's own."""
    return {"user": user, "group": user, "extra_groups": ()} if ROOT else {}


def kill_all():
    """End every process of this one's user, but itself; root's would be all that there are."""
    with contextlib.suppress(ProcessLookupError):  # there is none
        if os.getuid() and os.geteuid():
            os.kill(-1, signal.SIGKILL)


class Student(LocalProcessSpawner):
    """Starts the server of one student, and ends all that runs as the student's user."""

    students = Unicode(config=True, help="The folder of the homes.")
    number = 0  # of the student's user, once it is known

    async def start(self):
        """Start the server at an address that only root can open, one for each user."""
        try:
            self.home, self.number, self.sockets = Identities(self.students).home(self.user.name)
        except Refused as error:
            raise web.HTTPError(403, str(error)) from None
        self.end_all()
        own = "127." + ".".join(map(str, self.number.to_bytes(3, "big")))
        with socket.create_server((own, PORT) if ROOT else ("127.0.0.1", 0)) as way:
            self.ip, self.port = way.getsockname()
            # Nothing that is open in the hub: who holds its log could empty it.
            self.popen_kwargs = {"stdin": way, "stdout": subprocess.DEVNULL,
                                 "stderr": subprocess.DEVNULL, "umask": 0o077,
                                 **become(self.number)}  # fmt: skip
            return await super().start()

    def make_preexec_fn(self, name):
        """Leave it to the new process itself to become what it shall be."""

    def user_env(self, env):
        """Add what a login would have set."""
        return {**env, "USER": self.user.name, "HOME": str(self.home), "SHELL": "/bin/bash",
                "JUPYTER_RUNTIME_DIR": str(self.sockets)}  # fmt: skip

    def end_all(self):
        """End all that the student's user runs: it lets the kernel end what that user may end."""
        if ROOT and self.number:
            # Before a program is run: when there are as many as may be, none can be run any more.
            with contextlib.suppress(OSError):
                subprocess.run(["true"], cwd="/", env={}, capture_output=True,
                               preexec_fn=kill_all, **become(self.number))  # fmt: skip

    def run_post_stop_hook(self):
        """End what hides from the server that has ended."""
        self.end_all()
        return super().run_post_stop_hook()

    def get_state(self):
        """Keep the user's number with that of the process."""
        return {**super().get_state(), "number": self.number}

    def load_state(self, state):
        """Know a server again, unless its process has ended and somebody else's has its number."""
        super().load_state(state)
        self.number = state.get("number", 0)
        if ROOT and (not self.number or owners("/proc").get(str(self.pid)) != self.number):
            self.pid = 0
