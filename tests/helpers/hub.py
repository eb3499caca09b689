"""A real JupyterHub with its proxy, and students who use it as a browser does."""

import contextlib
import json
import os
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from unittest import mock

import psutil
import requests
import websocket
from traitlets.config import Config

from tools import handout

ROOT = Path(__file__).parent.parent.parent
CONFIG = ROOT / "deploy" / "jupyterhub_config.py"
PROXY = "configurable-http-proxy@5.3.0"
START = "neural-networks/notebooks"


@contextlib.contextmanager
def deployed():
    """Let what lies beside the hub's configuration be imported, as it does itself."""
    sys.path.insert(0, str(CONFIG.parent))
    try:
        yield
    finally:
        sys.path.remove(str(CONFIG.parent))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def proxy():
    """Return the proxy's command; it is taken from npm once."""
    command = ROOT / ".venv" / "hub" / "node_modules" / ".bin" / "configurable-http-proxy"
    if not command.exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", command.parents[2], PROXY],
                       check=True)  # fmt: skip
    return command


@contextlib.contextmanager
def python():
    """Find a Python that students may run, as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="python-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        yield python_for_students(Path(folder))


def configuration(settings, python):
    """Read the hub's configuration with these settings alone; return its names."""
    command, libraries = python
    others = {name: value for name, value in os.environ.items() if not name.startswith("LECTURE_")}
    environment = {**others, **libraries, **settings}
    with (deployed(), mock.patch.object(sys, "executable", command),
          mock.patch.dict(os.environ, environment, clear=True)):  # fmt: skip
        before = list(sys.path)
        try:
            return runpy.run_path(str(CONFIG), {"get_config": Config})
        finally:
            sys.path[:] = before


@contextlib.contextmanager
def place():
    """Make a folder that every user may pass through, with the handout in it."""
    folder = Path(tempfile.mkdtemp(prefix="hub-", dir="/tmp"))
    folder.chmod(0o711)
    handout.write(folder / "series", solutions=False)
    for path in [folder / "series", *(folder / "series").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    os.environ["LECTURE_SERIES"] = str(folder / "series")
    yield folder
    shutil.rmtree(folder)


def python_for_students(folder):
    """Return a Python that students may run, and the environment it needs.

    This one, unless it lies where only root may look: then a copy of it that has our packages.
    """
    base = Path(sys.base_prefix)
    hidden = [path for path in [base, *base.parents] if not path.stat().st_mode & 0o001]
    if os.geteuid() or not hidden:
        return sys.executable, {}
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    copy, venv = folder / "base", folder / "venv"
    unused = shutil.ignore_patterns("test", "site-packages", "__pycache__")
    shutil.copytree(base / "lib" / version, copy / "lib" / version, symlinks=True, ignore=unused)
    for path in (base / "lib").glob("libpython*.so*"):
        shutil.copy(path, copy / "lib", follow_symlinks=False)
    (copy / "bin").mkdir()
    shutil.copy(base / "bin" / version, copy / "bin")
    libraries = {"LD_LIBRARY_PATH": str(copy / "lib")}
    subprocess.run([copy / "bin" / version, "-m", "venv", "--without-pip", venv], check=True,
                   env={**os.environ, **libraries})  # fmt: skip
    ours = Path(sys.prefix)
    packages = f"import site; site.addsitedir({str(ours / 'lib' / version / 'site-packages')!r})\n"
    (venv / "lib" / version / "site-packages" / "ours.pth").write_text(packages, encoding="utf-8")
    for name in ("share", "etc"):
        (venv / name).symlink_to(ours / name)
    return str(venv / "bin" / "python"), libraries


@contextlib.contextmanager
def hub(folder, host=None, **settings):
    """Start a hub with homes in `folder`; give its address; what it says is in hub.log.

    With a host, every student gets an origin of its own below it: ada.host, karl.host.
    """
    python, libraries = python_for_students(folder)
    port = free_port()
    own = folder / "hub"  # its database and its secret
    own.mkdir(mode=0o700)
    (own / "config.py").write_text(
        f"load_subconfig({str(CONFIG)!r})\n"
        f"c.ConfigurableHTTPProxy.command = [{str(proxy())!r}]\n"
        f"c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:{free_port()}'\n"
        f"c.JupyterHub.hub_port = {free_port()}\n"
        f"c.JupyterHub.concurrent_spawn_limit = 0\n"
        f"c.JupyterHub.subdomain_host = {(f'http://{host}:{port}' if host else '')!r}\n",
        encoding="utf-8",
    )
    environment = {
        **os.environ, **libraries, "LECTURE_AUTHENTICATOR": "dummy", "LECTURE_TEST": "yes",
        "LECTURE_BIND": f"http://127.0.0.1:{port}", "LECTURE_STUDENTS": str(folder / "students"),
        **settings,
    }  # fmt: skip
    environment.pop("MPLBACKEND", None)
    command = [python, "-m", "jupyterhub", "-f", "config.py"]
    with (folder / "hub.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=own, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(f"{address}/hub/api"), 60, folder)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def decode(data):
    """Return a message of a kernel; pictures that come with it are left out."""
    if isinstance(data, bytes):  # number of parts, where each begins, the parts
        count = int.from_bytes(data[:4], "big")
        ends = [int.from_bytes(data[4 * k : 4 * k + 4], "big") for k in range(1, count + 1)]
        data = data[ends[0] : [*ends, len(data)][1]]
    return json.loads(data)


def answers(address):
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(address, timeout=10).ok
    return False


def wait_for(condition, seconds, folder=None):
    """Wait until something is true; say what the hub said if it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            log = (folder / "hub.log").read_text(encoding="utf-8")[-3000:] if folder else ""
            raise TimeoutError(f"not within {seconds} s\n{log}")
        time.sleep(0.2)


class Student:
    """One who logs in through the form and works with a token, as Lab in a browser does."""

    def __init__(self, address, name):
        self.address, self.name = address, name
        self.session = requests.Session()
        page = self.session.get(f"{address}/hub/login", timeout=60).text
        hidden = re.search(r'name="_xsrf"\s+value="([^"]+)"', page)[1]
        done = self.session.post(f"{address}/hub/login?next=/hub/home", timeout=60, data={
            "username": name, "password": "any", "_xsrf": hidden})  # fmt: skip
        done.raise_for_status()
        # As its own page does it: with the cookie of the login and the page's own secret.
        home = re.search(r'xsrf_token:\s*"([^"]+)"', done.text)[1]
        made = self.session.post(f"{address}/hub/api/users/{name}/tokens", json={}, timeout=60,
                                 headers={"X-XSRFToken": home})  # fmt: skip
        made.raise_for_status()
        self.token = made.json()["token"]

    def ask(self, method, path, **more):
        """Send a request with the token; return the answer, whatever it is."""
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, self.address + path, headers=headers, timeout=120, **more)

    def ready(self):
        servers = self.ask("GET", f"/hub/api/users/{self.name}").json()["servers"]
        return bool(servers) and servers[""]["ready"]

    def start(self, seconds=300):
        """Start the server and wait for it."""
        self.ask("POST", f"/hub/api/users/{self.name}/server").raise_for_status()
        wait_for(self.ready, seconds)

    def url(self, path):
        return f"/user/{self.name}/api/{path}"

    def read(self, path):
        """Return a notebook in the student's home."""
        answer = self.ask("GET", self.url(f"contents/{path}"))
        answer.raise_for_status()
        return answer.json()["content"]

    def write(self, path, content):
        self.ask("PUT", self.url(f"contents/{path}"),
                 json={"type": "notebook", "content": content}).raise_for_status()  # fmt: skip

    def kernel(self):
        answer = self.ask("POST", self.url("kernels"), json={"name": "python3"})
        answer.raise_for_status()
        return answer.json()["id"]

    def run(self, kernel, sources, seconds=600):
        """Run code cells one after the other; return what each printed; an error is raised."""
        place = self.address.replace("http", "ws") + self.url(f"kernels/{kernel}/channels")
        who = [f"Authorization: token {self.token}"]
        line = websocket.create_connection(place, timeout=seconds, header=who)
        try:
            self._greet(line, seconds)
            return [self._run(line, source) for source in sources]
        finally:
            line.close()

    @staticmethod
    def _send(line, kind, content):
        about = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "test",
                 "username": "", "version": "5.3", "date": ""}  # fmt: skip
        line.send(json.dumps({"header": about, "parent_header": {}, "metadata": {},
                              "channel": "shell", "content": content}))  # fmt: skip
        return about["msg_id"]

    @staticmethod
    def _answers(line, asked):
        """Yield kind and content of the messages that answer those asked."""
        while True:
            message = decode(line.recv())
            if message["parent_header"].get("msg_id") in asked:
                yield message["msg_type"], message["content"]

    def _greet(self, line, seconds):
        """Ask until what the kernel broadcasts arrives: said before one listens, it is lost."""
        asked, end = set(), time.monotonic() + seconds
        line.settimeout(2)
        while time.monotonic() < end:
            asked.add(self._send(line, "kernel_info_request", {}))
            with contextlib.suppress(websocket.WebSocketTimeoutException):
                next(kind for kind, _ in self._answers(line, asked) if kind == "status")
                line.settimeout(seconds)
                return
        raise TimeoutError(f"the kernel said nothing within {seconds} s")

    def _run(self, line, source):
        asked = self._send(line, "execute_request", {
            "code": source, "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True})  # fmt: skip
        printed = ""
        for kind, content in self._answers(line, {asked}):
            if kind == "error":
                raise RuntimeError(f"{content['ename']}: {content['evalue']}")
            if kind == "stream":
                printed += content["text"]
            if kind == "status" and content["execution_state"] == "idle":
                return printed


def processes(home):
    """List the processes that work in a student's home."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(home):
                found.append(process)
    return found


def memory(home):
    """Return a student's memory in MB: what the processes share with others counts in parts."""
    total = 0
    for process in processes(home):
        with contextlib.suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total / 2**20
