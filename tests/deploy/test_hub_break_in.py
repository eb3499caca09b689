"""What a student tries to become another one, on a real hub: nothing of it may work."""

import contextlib
import os
import re
import socket
import sqlite3

import psutil
import pytest
import requests

from tests.helpers import hub

pytestmark = pytest.mark.hub
# Karl's programs. What they name in capitals is put in before they run.
CLOSED = {
    "her work": "open('HOMES/ada/neural-networks/notebooks/00_start_here.ipynb')",
    "a file in her home": "open('HOMES/ada/mine.py', 'w')",
    "her home's place": "os.rename('HOMES/ada', 'HOMES/karl/ada')",
    "his home's place": "os.rename('HOMES/karl', 'HOMES/other')",
    "a home before its student": "os.mkdir('HOMES/max')",
    "who is here": "os.listdir('HOMES')",
    "the record": "os.listdir('HOMES/.users')",
    "her sockets": "os.listdir('HOMES/.run/ADA')",
    "her environment": "open('/proc/HERS/environ').read()",
    "her memory": "open('/proc/HERS/mem', 'rb')",
    "what she has open": "os.listdir('/proc/HERS/fd')",
    "her server's life": "os.kill(HERS, 9)",
    "the hub's environment": "open('/proc/HUB/environ').read()",
    "the hub's life": "os.kill(HUB, 9)",
    "the proxy's environment": "open('/proc/PROXY/environ').read()",
    "the hub's folder": "os.listdir('OWN')",
    "the cookie secret": "open('OWN/jupyterhub_cookie_secret').read()",
    "the database": "open('OWN/jupyterhub.sqlite', 'rb')",
    "the series for all": "open('SERIES/notebooks/karl.ipynb', 'w')",
    "the hub's code": "open('DEPLOY/students.py', 'a')",
    "a link into a home": "os.link('/etc/shadow', 'mine')",
    "a number of somebody": "os.setuid(ADA)",
}
PROXY_PATHS = (
    "/user/ada/api/contents", "/user/karl/../ada/api/contents",
    "/user/karl/%2e%2e/ada/api/contents", "/user/karl/..%2fada/api/contents",
    "//user/ada/api/contents", "/user/ada%2Fapi/contents", "/user/%61da/api/contents",
    "/user/karl/api/contents/..%2f..%2f..%2fada", "/user/ada/api/kernels",
    "/user/ada/api/terminals", "/user/ada/files/.bashrc", "/user/ada/metrics",
)  # fmt: skip
HUB_CALLS = (
    ("GET", "users", None), ("GET", "users/ada", None), ("GET", "users/ada/tokens", None),
    ("POST", "users/ada/tokens", {}), ("POST", "users/ada/server", {}),
    ("DELETE", "users/ada/server", None), ("POST", "shares/ada/", {"user": "karl"}),
    ("PATCH", "users/karl", {"admin": True}), ("PATCH", "users/karl", {"name": "ada"}),
    ("POST", "users/karl/tokens", {"roles": ["admin"]}), ("POST", "users/max", {}),
    ("POST", "users/karl/servers/second", {}), ("GET", "proxy", None), ("POST", "shutdown", {}),
)  # fmt: skip
# Takes the address of a server as soon as it can, and answers everything.
THIEF = """
import socket, threading, time
seen = []
def steal():
    while True:
        try:
            way = socket.create_server(ADDRESS)
            break
        except OSError as error:
            seen.append(type(error).__name__)
            time.sleep(0.001)
    while True:
        line, _ = way.accept()
        seen.append(line.recv(4096).decode())
        line.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nstolen")
        line.close()
threading.Thread(target=steal, daemon=True).start()
"""
DAEMON = """
import os, sys, time
if not os.fork():
    os.setsid()
    if not os.fork():
        os.execlp("sleep", "sleep", "3600")
"""


@pytest.fixture(scope="module")
def place():
    assert os.geteuid() == 0, "run as root: else all are one Unix user"
    with hub.place() as folder:
        backup = folder / "students" / "backup"
        (folder / "students").mkdir()
        (folder / "students").chmod(0o711)
        backup.mkdir(mode=0o700)
        yield folder


@pytest.fixture(scope="module")
def address(place):
    with hub.hub(place) as address:
        yield address


@pytest.fixture(scope="module")
def kernel(two):
    return two[1].kernel()


def server(place, name):
    """Return the process that is a student's server."""
    (found,) = (process for process in hub.processes(place / "students" / name)
                if any("student_server" in word for word in process.cmdline()))  # fmt: skip
    return found


def listening(process):
    """Return where a server listens."""
    (found,) = (line.laddr for line in process.net_connections() if line.status == "LISTEN")
    return tuple(found)


def of_user(number):
    return [process for process in psutil.process_iter() if process.uids().real == number]


@pytest.fixture(scope="module")
def names(two, place):
    hers = server(place, "ada")
    hubs = hers.parent()
    (proxy,) = (one for one in hubs.children() if "configurable-http-proxy" in str(one.cmdline()))
    return {"HOMES": place / "students", "ADA": hers.uids().real, "HERS": hers.pid,
            "HUB": hubs.pid, "PROXY": proxy.pid, "OWN": place / "hub", "SERIES": place / "series",
            "DEPLOY": hub.CONFIG.parent}  # fmt: skip


@pytest.mark.parametrize("what", CLOSED)
def test_what_is_not_his_is_closed(two, kernel, names, what):
    program = re.sub("[A-Z]{3,}", lambda found: str(names[found[0]]), CLOSED[what])
    with pytest.raises(RuntimeError, match="PermissionError"):
        two[1].run(kernel, [f"import os; {program}"])


def test_his_programs_have_no_more_rights_than_he(two, kernel, place):
    own = os.stat(place / "students" / "karl").st_uid
    printed = two[1].run(kernel, [
        "import os; print(os.getresuid(), os.getresgid(), os.getgroups())",
        "print(*(line.split()[1] for line in open('/proc/self/status') if line.startswith("
        "('NoNewPrivs', 'CapEff', 'CapPrm', 'CapAmb'))), sorted(os.listdir('/proc/self/fd')))",
    ])  # fmt: skip
    assert printed[0] == f"{(own,) * 3} {(own,) * 3} []\n"
    assert printed[1].split()[:4] == ["0" * 16] * 3 + ["1"]


def test_a_server_holds_nothing_of_the_hub(two, place):
    opened = {
        os.readlink(f"/proc/{server(place, 'karl').pid}/fd/{number}")
        for number in os.listdir(f"/proc/{server(place, 'karl').pid}/fd")
    }
    files = {path for path in opened if path.startswith("/") and not path.startswith("/dev/")}
    own = (str(place / "students" / "karl"), str(place / "students" / ".run"))
    assert all(path.startswith(own) for path in files), files


def test_the_ways_through_the_proxy_are_closed(two):
    karl = two[1]
    headers = {"Authorization": f"token {karl.token}"}
    for path in PROXY_PATHS:
        prepared = requests.Request("GET", karl.address, headers=headers).prepare()
        prepared.url = karl.address + path  # as it stands, not tidied up
        with requests.Session() as session:
            answer = session.send(prepared, timeout=60, allow_redirects=False)
        assert answer.status_code in (302, 403, 404), path
        assert "token" not in answer.headers.get("Location", ""), path


def test_her_server_knows_him_not_when_he_calls_it_himself(two, place):
    host, port = listening(server(place, "ada"))
    for headers in ({}, {"Authorization": f"token {two[1].token}"},
                    {"X-Forwarded-User": "ada", "Remote-User": "ada"}):  # fmt: skip
        answer = requests.get(f"http://{host}:{port}/user/ada/api/contents", headers=headers,
                              timeout=60, allow_redirects=False)  # fmt: skip
        assert answer.status_code in (302, 403)


def test_no_token_of_his_opens_what_is_hers_or_the_hubs(two, kernel):
    karl = two[1]
    own = karl.run(kernel, ["print(os.environ['JUPYTERHUB_API_TOKEN'])"])[0].strip()
    for token in (own, karl.token):
        for method, path, content in HUB_CALLS:
            answer = requests.request(method, f"{karl.address}/hub/api/{path}", json=content,
                                      headers={"Authorization": f"token {token}"},
                                      timeout=60)  # fmt: skip
            assert answer.status_code in (400, 403, 404), (method, path)


def test_the_proxy_takes_no_orders(two, names):
    for line in psutil.Process(names["PROXY"]).net_connections():
        if line.status == "LISTEN":
            answer = requests.get(f"http://127.0.0.1:{line.laddr.port}/api/routes", timeout=60,
                                  headers={"Authorization": f"token {two[1].token}"})  # fmt: skip
            assert answer.status_code in (403, 404)


@pytest.mark.parametrize("name", [
    "..", ".run", ".users", "a/b", "ada/../karl", "ada/", "-x", "ada;id", "a$(id)", "ada karl",
    "ada%2f..%2fkarl", "ada%00", "ada\\x", "a" * 65, "a" * 300, "äda", "a\u0301da", "a\u202eb",
])  # fmt: skip
def test_a_name_that_is_no_folder_does_not_come_in(address, name):
    with pytest.raises(requests.HTTPError, match="403"):
        hub.Student(address, name)


def test_a_folder_of_root_is_nobodys_home(address, place, two):
    student = hub.Student(address, "backup")
    answer = student.ask("POST", "/hub/api/users/backup/server")
    assert answer.status_code == 403
    assert not list((place / "students" / "backup").iterdir())
    log = (place / "hub.log").read_text(encoding="utf-8", errors="replace")
    (line,) = (line for line in log.splitlines() if "Error starting backup's server" in line)
    assert "must be from 20000 to 59999, got 0; try mv" in line
    assert all(student.ready() for student in two)


def test_what_hides_from_a_server_ends_with_it(two, kernel, place):
    karl = two[1]
    karl.run(kernel, [DAEMON, "os.chmod(os.path.expanduser('~'), 0o777)"])
    number = os.stat(place / "students" / "karl").st_uid
    hub.wait_for(lambda: any("sleep" in one.name() for one in of_user(number)), 30)
    karl.ask("DELETE", "/hub/api/users/karl/server").raise_for_status()
    hub.wait_for(lambda: not of_user(number), 90, place)
    karl.start()
    assert os.stat(place / "students" / "karl").st_mode & 0o777 == 0o700, "closed again"


def test_nobody_takes_the_place_of_a_server(two, place):
    ada, karl = two
    kernel = karl.kernel()
    hers = server(place, "ada")
    karl.run(kernel, [THIEF.replace("ADDRESS", repr(listening(hers)))])
    hers.kill()
    hers.wait(30)
    with contextlib.suppress(requests.RequestException):
        for _ in range(20):
            assert ada.ask("GET", "/user/ada/api/contents").text != "stolen"
    hub.wait_for(lambda: not ada.ready(), 90, place)
    ada.start()
    assert karl.run(kernel, ["print(set(seen))"]) == ["{'PermissionError'}\n"]


def test_a_home_that_was_deleted_gives_its_user_to_nobody(address, place, two):
    number = os.stat(place / "students" / "karl").st_uid
    two[1].ask("DELETE", "/hub/api/users/karl/server").raise_for_status()
    hub.wait_for(lambda: not of_user(number), 90, place)
    (place / "students" / "karl").rename(place / "deleted")
    for name in ("max", "karl"):
        hub.Student(address, name).start()
        assert os.stat(place / "students" / name).st_uid > number


def test_the_database_keeps_no_secret_in_plain_text(place, two):
    with contextlib.closing(sqlite3.connect(place / "hub" / "jupyterhub.sqlite")) as database:
        dump = "\n".join(database.iterdump())
    assert all(student.token not in dump for student in two)


def test_on_a_host_of_its_own_no_students_page_can_speak_for_another(place, monkeypatch):
    folder = place / "apart"
    folder.mkdir()
    folder.chmod(0o711)
    find = socket.getaddrinfo  # what a site's name server would say
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: find(
        "127.0.0.1" if str(host).endswith("hub.test") else host, *more, **named))  # fmt: skip
    with hub.hub(folder, host="hub.test") as address:
        port = address.rpartition(":")[2]
        hub.Student(f"http://hub.test:{port}", "karl").start()
        for host, status in (("karl.hub.test", 200), ("hub.test", 302), ("ada.hub.test", 302)):
            answer = requests.get(f"http://{host}:{port}/user/karl/api", timeout=60,
                                  allow_redirects=False)  # fmt: skip
            assert answer.status_code == status, host
