"""What a site decides: a hub that is safe, or one line that says what is wrong."""

import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from jupyterhub.auth import DummyAuthenticator, PAMAuthenticator

from tests.helpers import hub

with hub.deployed():
    import identities

SECRET = "OAUTH_CLIENT_SECRET"


@pytest.fixture(scope="module")
def configuration():
    with hub.python() as python:
        yield lambda settings: hub.configuration(settings, python)


@pytest.fixture
def site():
    """Settings with which a hub starts, and the folder in which all that they name lies."""
    folder = Path(tempfile.mkdtemp(prefix="site-", dir="/tmp")).resolve()  # a link on macOS
    folder.chmod(0o755)
    (folder / "series" / "notebooks").mkdir(parents=True)
    for path in folder.rglob("*"):
        path.chmod(0o755)
    yield folder, {"LECTURE_AUTHENTICATOR": "dummy", "LECTURE_TEST": "yes",
                   "LECTURE_BIND": "http://127.0.0.1:8000",
                   "LECTURE_STUDENTS": f"{folder}/homes",
                   "LECTURE_SERIES": f"{folder}/series"}  # fmt: skip
    shutil.rmtree(folder)


@pytest.fixture
def real(site, monkeypatch, tmp_path):
    """The same for a hub that is no test, started where only root may look."""
    assert os.geteuid() == 0, "run as root: no other hub starts"
    folder, settings = site
    (folder / "own").mkdir(mode=0o700)
    monkeypatch.chdir(folder / "own")
    monkeypatch.setattr(identities, "PLACE", tmp_path / "place")  # of this machine
    return folder, {**settings, "LECTURE_AUTHENTICATOR": "pam", "LECTURE_TEST": "no",
                    "LECTURE_BIND": "http://127.0.0.1:880"}  # fmt: skip


@pytest.fixture
def refusal(configuration):
    def refused(settings):
        with pytest.raises(SystemExit) as caught:
            configuration(settings)
        (line,) = str(caught.value).splitlines()
        assert re.fullmatch(r".* must .*, got .*; try .+", line)
        return line

    return refused


def test_a_test_hub_gets_what_is_set(site, configuration):
    folder, settings = site
    more = {"LECTURE_MEMORY": "512", "LECTURE_IDLE": "2.5"}
    c = configuration({**settings, **more})["c"]
    assert c.Spawner.mem_limit == 512 * 2**20
    assert c.JupyterHub.services[0]["command"][-1] == "--timeout=150"
    assert c.Student.students == f"{folder}/homes"
    assert {path.name for path in (folder / "homes").iterdir()} == {".run", ".users"}


@pytest.mark.parametrize(("name", "value"), [
    ("BIND", "http://127.0.0.1:8000@0.0.0.0:9000"), ("BIND", "http://0.0.0.0:8000"),
    ("BIND", "http://localhost:8000"), ("AUTHENTICATOR", "nobody-has-this"),
    ("TEST", "no"), ("TEST", ""),
])  # fmt: skip
def test_where_anybody_may_be_anybody_others_have_no_way_in(site, name, value, refusal):
    folder, settings = site
    assert refusal({**settings, f"LECTURE_{name}": value}).startswith("LECTURE_AUTHENTICATOR must")
    assert not (folder / "homes").exists()


@pytest.mark.parametrize("name", ["dummy", "shared-password", "jupyterhub.auth.DummyAuthenticator",
                                  "tests.deploy.test_hub_settings.Hidden"])  # fmt: skip
def test_an_authenticator_for_tests_is_none_by_any_name(site, name, configuration, refusal):
    settings = {**site[1], "LECTURE_AUTHENTICATOR": name}
    configuration(settings)
    assert refusal({**settings, "LECTURE_TEST": "no"}).startswith("LECTURE_AUTHENTICATOR must")


@pytest.mark.parametrize(("name", "values"), [
    ("MEMORY", ["-1", "0", "255", "1e9", "nan", "inf", "much", "", "1,5"]),
    ("IDLE", ["-1", "0", "nan", "inf", "1e9", "an hour", ""]),
    ("BIND", ["http://127.0.0.1", "http://127.0.0.1:0", "http://127.0.0.1:65536", "ftp://x:80",
              "http://1.2.3.4:880", "127.0.0.1:880", "", "http://[::1:880", "http://a b:880"]),
    ("STUDENTS", ["", "homes", "/tmp/" + "a" * 42, "/proc/lecture", "/etc/hostname"]),
    ("SERIES", ["", "nowhere"]),
])  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_by_its_name(site, name, values, refusal):
    folder, settings = site
    login = {"LECTURE_AUTHENTICATOR": "pam"} if name == "BIND" and os.geteuid() == 0 else {}
    for value in values:
        line = refusal({**settings, **login, f"LECTURE_{name}": value})
        if login or name != "BIND":
            assert line.startswith(f"LECTURE_{name} must"), value
        assert not (folder / "homes").exists()


def test_what_is_tried_for_students_sees_no_secret_and_is_no_student(
    site, monkeypatch, configuration
):
    monkeypatch.setenv(SECRET, "secret")
    names = configuration(site[1])
    can = names["student_can"]
    assert can("sh", "-c", f'test -z "${SECRET}" && test -n "$PATH"')
    assert not can("sh", "-c", "false")
    if os.geteuid() == 0:
        assert can("sh", "-c", f"test $(id -u) = {names['FIRST'] - 1} -a $(id -G) = $(id -u)")


@pytest.mark.hub
def test_a_hub_starts_where_all_is_in_order(real, configuration):
    folder, settings = real
    c = configuration(settings)["c"]
    assert c.JupyterHub.bind_url == "http://127.0.0.1:880"
    assert c.JupyterHub.hub_port < 1024
    assert c.ConfigurableHTTPProxy.api_url == "http://127.0.0.1:881"
    (folder / "homes" / "ada").mkdir()
    configuration(settings)


def change(owner=0, mode=None):
    def changed(path):
        path.mkdir(exist_ok=True)
        os.chown(path, owner, owner)
        if mode is not None:
            path.chmod(mode)

    return changed


def loose(path):
    path.touch()
    path.chmod(0o666)


@pytest.mark.hub
@pytest.mark.parametrize(("name", "where", "what", "said"), [
    ("the homes of somebody", "homes", change(1000, 0o755), "LECTURE_STUDENTS must belong to root"),
    ("homes that all may make", "homes", change(0, 0o1777), "LECTURE_STUDENTS must belong to root"),
    ("a folder above of a student", ".", change(20_000, 0o755), "LECTURE_STUDENTS must belong to"),
    ("a folder above that all may change", ".", change(0, 0o777), "LECTURE_STUDENTS must belong"),
    ("homes that are closed", "homes", change(0, 0o700), "LECTURE_STUDENTS must be a folder thr"),
    ("a start where others may look", "own", change(0, 0o711), "where the hub is started must be"),
    ("a start in a student's folder", "own", change(20_000, 0o700), "where the hub is started"),
    ("a series that all may change", "series", change(0, 0o777), "what the hub's students run"),
    ("a notebook that all may change", "series/notebooks/a.ipynb", loose, "students run must be"),
    ("a series that is closed", "series", change(0, 0o700), "LECTURE_SERIES must be open to st"),
])  # fmt: skip
def test_a_hub_does_not_start_where_a_student_could_change_it(
    real, name, where, what, said, refusal
):
    folder, settings = real
    what(folder / where)
    before = sorted(folder.rglob("*"))
    assert said in refusal(settings)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.hub
def test_one_machine_keeps_to_one_folder_of_homes(real, configuration, refusal):
    """Two folders would begin with the same number: one user for two students."""
    folder, settings = real
    configuration(settings)
    configuration(settings)
    second = {**settings, "LECTURE_STUDENTS": f"{folder}/second"}
    said = refusal(second)
    assert said.startswith(f"LECTURE_STUDENTS must be {folder}/homes, whose numbers")
    (folder / "second" / ".run").rmdir()  # the way out
    (folder / "second" / ".users").rmdir()
    for path in (folder / "homes").iterdir():
        path.rename(folder / "second" / path.name)
    Path(said.rpartition(" rm ")[2]).unlink()
    configuration(second)
    assert refusal(settings).startswith(f"LECTURE_STUDENTS must be {folder}/second")


@pytest.mark.hub
def test_a_port_that_a_student_could_take_is_refused(real, refusal):
    _, settings = real
    said = refusal({**settings, "LECTURE_BIND": "http://127.0.0.1:8000"})
    assert said.startswith("LECTURE_BIND must have a port below 1024")
    assert said.endswith("try LECTURE_BIND=http://127.0.0.1:880")


@pytest.mark.hub
def test_two_accounts_that_differ_in_case_are_not_one_student(real, monkeypatch, configuration):
    login = PAMAuthenticator(config=configuration(real[1])["c"])
    accounts = {"ada": 1001, "Ada": 1002, "\u212aarl": 1003}
    numbers = {number: name for name, number in accounts.items()}
    monkeypatch.setattr("pwd.getpwnam", lambda name: Entry(name, accounts[name]))
    monkeypatch.setattr("pwd.getpwuid", lambda number: Entry(numbers[number], number))
    let_in = {name: login.normalize_username(name) for name in accounts
              if login.validate_username(login.normalize_username(name))}  # fmt: skip
    assert let_in == {"ada": "ada"}


class Entry:
    """A line of the machine's accounts."""

    def __init__(self, name, number):
        self.pw_name, self.pw_uid = name, number


class Hidden(DummyAuthenticator):
    """The test authenticator by another name."""
