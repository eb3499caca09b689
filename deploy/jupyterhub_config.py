"""JupyterHub for the series on one Linux server: a JupyterLab for every student.

``jupyterhub -f deploy/jupyterhub_config.py``, as root. Every student's server runs as a Unix user
of its own that needs no account, in a home that nobody else can read. What a site decides:

LECTURE_AUTHENTICATOR  who may log in: a JupyterHub authenticator by name, "pam" or one installed
LECTURE_STUDENTS       the folder of the homes, default /srv/lecture
LECTURE_SERIES         what a new home is filled with, default dist/handout of this folder
LECTURE_MEMORY         MB for each process of a student (a server, a kernel), default 1024
LECTURE_IDLE           minutes after which an idle server is stopped, default 60
LECTURE_BIND           where the proxy listens, default http://127.0.0.1:8000, for a web server
                       with TLS in front of it
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner

HERE = Path(__file__).parent.parent
LAB = HERE / "tools" / "lab"
BIND = os.environ.get("LECTURE_BIND", "http://127.0.0.1:8000")
# Anybody may be anybody then: never where others can reach it.
TEST = os.environ.get("LECTURE_TEST") == "yes" and BIND.startswith("http://127.0.0.1:")
ROOT = os.geteuid() == 0
STUDENTS = Path(os.environ.get("LECTURE_STUDENTS", "/srv/lecture"))
SOCKETS = STUDENTS / ".run"  # their paths must be short, and no student's name begins with a dot
SERIES = Path(os.environ.get("LECTURE_SERIES", HERE / "dist" / "handout"))
MEMORY = int(os.environ.get("LECTURE_MEMORY", 1024)) * 2**20
IDLE = round(float(os.environ.get("LECTURE_IDLE", 60)) * 60)
WHO = os.environ.get("LECTURE_AUTHENTICATOR", "")
FIRST = 20_000  # number of the first student's Unix user; Debian gives none from here to 60,000
# Done by the student's own user: what it copies cannot be led astray by links in the home.
FILL = 'cp -Rn "$LECTURE_SERIES"/. neural-networks 2>/dev/null; exec "$0" "$@"'


def student_can(*command):
    """Tell whether a student's user can run a command: tried, not reckoned."""
    as_student = {"user": FIRST, "group": FIRST, "extra_groups": ()} if ROOT else {}
    try:
        return not subprocess.run(command, cwd="/", capture_output=True, **as_student).returncode
    except OSError:
        return False


if not WHO or ("dummy" in WHO.lower() and not TEST):
    sys.exit(f"LECTURE_AUTHENTICATOR must name how your students log in, got {WHO!r}; "
             "try LECTURE_AUTHENTICATOR=pam")  # fmt: skip
if not ROOT and not TEST:
    sys.exit(
        "the hub must run as root, to start each student's server as another user; try sudo -E"
    )
if not (SERIES / "notebooks").is_dir():
    sys.exit(f"LECTURE_SERIES must hold the folder notebooks, got {str(SERIES)!r}; "
             "try make handout")  # fmt: skip
if not student_can("ls", SERIES / "notebooks"):
    sys.exit(f"LECTURE_SERIES must be open to students, got {str(SERIES)!r}; "
             f"try chmod -R a+rX {SERIES}, and no closed folder above it")  # fmt: skip
if not student_can(sys.executable, "-c", "import jupyterhub"):
    sys.exit(f"the hub's Python must be open to students, got {sys.executable!r}; "
             "try an environment outside of root's home, made by the system's python3")  # fmt: skip
for folder in (STUDENTS, SOCKETS):
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)


class Student(LocalProcessSpawner):
    """One process a student, as the Unix user to whom the student's home belongs."""

    def home(self):
        """Return the student's home and its user; make both where they are missing."""
        home = STUDENTS / self.user.name
        if not home.exists():
            taken = [path.stat().st_uid for path in STUDENTS.iterdir()]
            self.own(home, max([FIRST - 1, *taken]) + 1 if ROOT else os.geteuid())
        user = home.stat().st_uid
        if not (SOCKETS / str(user)).exists():
            self.own(SOCKETS / str(user), user)
        return home, user

    @staticmethod
    def own(folder, user):
        """Make a folder that one user can look into."""
        folder.mkdir(mode=0o700)
        os.chown(folder, user, user if ROOT else -1)

    def make_preexec_fn(self, name):
        """Return what the new process does before it becomes the student's server."""
        home, user = self.home()

        def become_the_student():
            if ROOT:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            os.chdir(home)
            os.umask(0o077)
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

        return become_the_student

    def user_env(self, env):
        """Add what a login would have set."""
        home, user = self.home()
        return {**env, "USER": self.user.name, "HOME": str(home), "SHELL": "/bin/bash",
                "JUPYTER_RUNTIME_DIR": str(SOCKETS / str(user))}  # fmt: skip


c = get_config()  # noqa: F821, given by JupyterHub
c.JupyterHub.bind_url = BIND
c.JupyterHub.authenticator_class = WHO
# A student's name becomes a folder.
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9._@+-]{0,63}"
c.JupyterHub.spawner_class = Student
c.Spawner.cmd = ["sh", "-c", FILL, sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = [
    f"--LabApp.app_settings_dir={LAB}",
    "--KernelManager.transport=ipc",  # sockets in the home: others can neither read nor reach them
]
c.Spawner.default_url = "/lab/tree/neural-networks/notebooks/00_start_here.ipynb"
# On a full server more threads a product only wait for each other.
c.Spawner.environment = {"LECTURE_SERIES": str(SERIES), "JUPYTER_CONFIG_PATH": str(LAB),
                         "OMP_NUM_THREADS": "1"}  # fmt: skip
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # when a class comes at once
c.JupyterHub.load_roles = [{
    "name": "idle-culler", "services": ["idle-culler"],
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
}]  # fmt: skip
c.JupyterHub.services = [{
    "name": "idle-culler",
    "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}"],
}]  # fmt: skip
