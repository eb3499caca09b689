"""JupyterHub for the series on one Linux server: a JupyterLab for every student.

``jupyterhub -f deploy/jupyterhub_config.py``, as root. Every student's server runs as a Unix user
of its own that needs no account, in a home that nobody else can read. What a site decides:

LECTURE_AUTHENTICATOR  who may log in: a JupyterHub authenticator by name, "pam" or one installed
LECTURE_STUDENTS       the folder of the homes, default /srv/lecture
LECTURE_SERIES         what a new home is filled with, default dist/handout of this folder
LECTURE_MEMORY         MB for each process of a student (a server, a kernel), default 1024
LECTURE_IDLE           minutes after which an idle server is stopped, default 60
LECTURE_BIND           where the proxy listens, default http://127.0.0.1:880, for a web server
                       with TLS in front of it
"""

import os
import re
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.parse import urlsplit

from jupyterhub.app import JupyterHub

HERE = Path(__file__).parent.parent
LAB = HERE / "tools" / "lab"
sys.path.insert(0, str(HERE / "deploy"))

# They stand beside this file.
from identities import FIRST, NAME, PLACE, Identities, Refused, claimed  # noqa: E402
from students import FILL, ROOT, SERVER, Student, become  # noqa: E402

WHO = os.environ.get("LECTURE_AUTHENTICATOR", "")
BIND = os.environ.get("LECTURE_BIND", "http://127.0.0.1:880")
HOMES = os.environ.get("LECTURE_STUDENTS", "/srv/lecture")
STUDENTS = Path(os.path.realpath(HOMES))  # a link on the way may be led elsewhere
SERIES = Path(os.environ.get("LECTURE_SERIES", HERE / "dist" / "handout"))
LONGEST = 46  # bytes; the path of a kernel's socket in .run may have 107
# With these anybody may be anybody.
FOR_TESTS = {"DummyAuthenticator", "SharedPasswordAuthenticator"}


def require(good, name, rule, value, way):
    """Do not start the hub when something is wrong; say what, in one line."""
    if not good:
        sys.exit(f"{name} must {rule}, got {value!r}; try {way}")


def number(name, default, least, most):
    """Read a number from the environment."""
    text = os.environ.get(name, str(default))
    try:
        value = float(text)
    except ValueError:
        value = None
    require(value is not None and least <= value <= most, name,
            f"be a number from {least} to {most}", text, f"{name}={default}")  # fmt: skip
    return value


def login():
    """Name the class that lets students in, and those that it is made of."""
    try:
        return {kind.__name__ for kind in JupyterHub.authenticator_class.validate(None, WHO).mro()}
    except Exception:  # whatever happens where it is imported
        return set()


def listens():
    """Give the host and the port where the proxy listens; without a port it cannot."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]*:[0-9]{1,5}(/[A-Za-z0-9._~/-]*)?", BIND):
        return None, 0
    try:
        found = urlsplit(BIND)
        host, port = found.hostname or "", found.port
        family, kind, _, _, place = socket.getaddrinfo(
            host or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]  # fmt: skip
        with socket.socket(family, kind) as tried:
            tried.bind(place)
    except (OSError, ValueError):
        return None, 0
    return host, port


def as_student(*command):
    """Run a command as a student's user would; None where it cannot be run."""
    # As one who is no student: a student's programs could look into it, or stop it.
    ours = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        return subprocess.run(command, cwd="/", env=ours, capture_output=True,
                              encoding="utf-8", errors="surrogateescape",
                              **become(FIRST - 1))  # fmt: skip
    except OSError:
        return None


def student_can(*command):
    """Tell whether a student's user can run a command: tried, not reckoned."""
    done = as_student(*command)
    return done is not None and not done.returncode


def in_their_hands(folder):
    """Name something in a folder, however deep, that students could change; "" if there is none."""
    done = as_student("find", folder, "!", "-type", "l", "-writable", "-print", "-quit")
    require(done, "find", "be there to look for what students could change", None,
            "installing findutils")  # fmt: skip
    return done.stdout.strip()


def roots_alone(folder):
    """Tell whether nobody but root can put something into a folder, or another in its place."""
    above = [path.stat() for path in (folder, *folder.parents) if os.path.exists(path)]
    return not any(found.st_uid or (found.st_mode & 0o022 and not found.st_mode & 0o1000)
                   for found in above) and not above[0].st_mode & 0o022  # fmt: skip


HOST, DOOR = listens()
TEST = os.environ.get("LECTURE_TEST") == "yes" and HOST == "127.0.0.1"  # others cannot reach it
KIND = login()
require(KIND and (TEST or not KIND & FOR_TESTS), "LECTURE_AUTHENTICATOR",
        "name how your students log in", WHO, "LECTURE_AUTHENTICATOR=pam")  # fmt: skip
if not ROOT and not TEST:
    sys.exit(
        "the hub must run as root, to start each student's server as another user; try sudo -E"
    )
require(DOOR, "LECTURE_BIND", "be an address of this machine and a port", BIND,
        "LECTURE_BIND=http://127.0.0.1:880")  # fmt: skip
MEMORY = int(number("LECTURE_MEMORY", 1024, 256, 2**20)) * 2**20
IDLE = round(number("LECTURE_IDLE", 60, 0.1, 525_600) * 60)
require(os.path.isabs(HOMES) and len(os.fsencode(STUDENTS)) <= LONGEST, "LECTURE_STUDENTS",
        f"be a whole path of at most {LONGEST} bytes", HOMES,
        "LECTURE_STUDENTS=/srv/lecture")  # fmt: skip
THERE = next(path for path in (STUDENTS, *STUDENTS.parents) if os.path.exists(path))
require(THERE.is_dir() and student_can("test", "-x", THERE), "LECTURE_STUDENTS",
        "be a folder through which students may pass", HOMES,
        f"chmod a+x {THERE}")  # fmt: skip
require(SERIES.is_absolute(), "LECTURE_SERIES", "be a whole path", str(SERIES),
        f"LECTURE_SERIES={SERIES.absolute()}")  # fmt: skip
require((SERIES / "notebooks").is_dir(), "LECTURE_SERIES", "hold the folder notebooks",
        str(SERIES), "make handout")  # fmt: skip
require(student_can("ls", SERIES / "notebooks"), "LECTURE_SERIES", "be open to students",
        str(SERIES), f"chmod -R a+rX {SERIES}, and no closed folder above it")  # fmt: skip
require(student_can(sys.executable, "-c", "import jupyterhub"), "the hub's Python",
        "be open to students", sys.executable,
        "an environment outside of root's home, made by the system's python3")  # fmt: skip
require(student_can("cat", SERVER, LAB / "overrides.json"), "the hub's own folder",
        "be open to students", str(HERE), f"chmod -R a+rX {HERE}")  # fmt: skip
if ROOT:
    for folder in (SERIES, HERE, LAB, sys.prefix, sysconfig.get_path("stdlib")):
        found = in_their_hands(folder)
        require(not found, "what the hub's students run", "be closed to their hands", found,
                f"chmod -R go-w {folder}")  # fmt: skip
if not TEST:
    require(roots_alone(STUDENTS), "LECTURE_STUDENTS",
            "belong to root alone, with all folders above", HOMES,
            "LECTURE_STUDENTS=/srv/lecture")  # fmt: skip
    found = Path.cwd().stat()
    require(not found.st_uid and not found.st_mode & 0o077, "the folder where the hub is started",
            "be open to root alone, for its secrets lie there", str(Path.cwd()),
            "mkdir -m 700 /root/lecture-hub; cd /root/lecture-hub")  # fmt: skip
    free = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text(encoding="utf-8"))
    require(free >= 1024, "net.ipv4.ip_unprivileged_port_start",
            "be at least 1024, so that students cannot listen in the place of the hub", free,
            "sysctl -w net.ipv4.ip_unprivileged_port_start=1024")  # fmt: skip
    require(DOOR < 1024, "LECTURE_BIND",
            "have a port below 1024, so that students cannot listen in its place", BIND,
            "LECTURE_BIND=http://127.0.0.1:880")  # fmt: skip
try:
    Identities(STUDENTS).make()
    KEPT = str(STUDENTS) if TEST else claimed(STUDENTS)
except (OSError, Refused) as error:
    require(False, "LECTURE_STUDENTS", "be a folder that can be made", f"{error}",
            "LECTURE_STUDENTS=/srv/lecture")  # fmt: skip
require(str(STUDENTS) == KEPT, "LECTURE_STUDENTS",
        f"be {KEPT}, whose numbers are this machine's", HOMES,
        f"moving all that is there, .users too, and then rm {PLACE}")  # fmt: skip

c = get_config()  # noqa: F821, given by JupyterHub
c.JupyterHub.bind_url = BIND
c.JupyterHub.hub_port = 882
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:881"
c.JupyterHub.authenticator_class = WHO
c.Authenticator.username_pattern = NAME
c.PAMAuthenticator.pam_normalize_username = True  # else the accounts Ada and ada are one student
c.JupyterHub.spawner_class = Student
c.Student.students = str(STUDENTS)
c.Spawner.mem_limit = MEMORY
# No program of a student gets more rights than it has: setuid does nothing for it.
c.Spawner.cmd = ["setpriv", "--no-new-privs", "sh", "-c", FILL, sys.executable, str(SERVER)]
c.Spawner.args = [
    f"--LabApp.app_settings_dir={LAB}",
    f"--LabApp.extra_labextensions_path={LAB / 'labextensions'}",
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
