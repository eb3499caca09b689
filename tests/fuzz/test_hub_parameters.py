"""Whatever a site sets and whoever comes: a hub that does it, or one line, and no trace."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jupyterhub.auth import Authenticator

from tests.helpers import hub

with hub.deployed():
    import identities

# What an environment can hold: no NUL, nothing that no encoding has.
text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
numbers = st.one_of(
    st.integers(-10, 2**21).map(str), st.floats().map(str), text,
    st.sampled_from(["256", "255.9", "0.1", "1048576", "1048577", "525600", "nan", "1e3", " 60 ",
                     "1_000", "٦٠", "0x100", "1,5", "60 MB", "-0"]))  # fmt: skip
hosts = st.sampled_from(["127.0.0.1", "", "0.0.0.0", "[::1", "1.2.3.4", "256.1.1.1", "-", "a b",
                         "127.0.0.1:1@0.0.0.0", "user@127.0.0.1"])  # fmt: skip
ports = st.integers(-1, 70_000).map(str) | st.sampled_from(["", "x", "٨٠", "0080"])
ends = st.sampled_from(["", "/", "/lecture/", "/ü", "?x=1", "#x"])
schemes = st.sampled_from(["http", "https", "ftp", ""])
binds = st.builds("{}://{}:{}{}".format, schemes, hosts, ports, ends) | text
# In the folder of the example, which has what these name.
MADE = ["homes", "deep/er/homes", "link", "ü", "new\nline"]
homes = st.sampled_from([*MADE, "file", "file/below", "loop", "x" * 60])
FILLS = ["series", "linked"]
series = st.sampled_from([*FILLS, "empty", "file", "loop", "nowhere"])
LET_IN = ["dummy", "pam", "Pam", "null", "shared-password", "jupyterhub.auth.PAMAuthenticator"]
logins = st.sampled_from([*LET_IN, "os.path", "jupyterhub.auth", "..", ""]) | text
names = st.text(max_size=70) | st.from_regex(r"[A-Za-z0-9._@+-]{1,70}") | st.text(
    "ada./\\-_@+%$;'\"\n\0 Aäİ\u212a\u0301", max_size=8)  # fmt: skip


def mostly(good, others):
    """Draw what is good more often, so that what is wrong stands alone."""
    return st.one_of(*[st.just(good)] * 4, others)


@pytest.fixture(scope="module")
def python():
    """A Python for students; all its files, which stay as they are, are looked through once."""
    run, found = subprocess.run, {}

    def once(command, **how):
        if command[0] != "find":
            return run(command, **how)
        if command not in found:
            found[command] = run(command, **how)
        return found[command]

    with hub.python() as python, mock.patch.object(subprocess, "run", once):
        yield python


@contextlib.contextmanager
def place():
    """Make a folder with a series and with all that a path should not lead to."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/tmp"))
    folder.chmod(0o755)
    for name in ("series", "series/notebooks", "empty", "there"):
        (folder / name).mkdir()
        (folder / name).chmod(0o755)
    (folder / "file").write_text("kept", encoding="utf-8")
    for name, target in (("link", "there"), ("linked", "series"), ("loop", "loop")):
        (folder / name).symlink_to(target)
    yield folder
    shutil.rmtree(folder)


def picture(folder):
    """Tell all that lies in a folder, as far as a mistake could change it."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.lstat().st_uid)
        for path in folder.rglob("*")
    }


def read(value, least, most):
    """Return a number, None where none is meant."""
    with contextlib.suppress(ValueError):
        if least <= float(value) <= most:
            return float(value)


@given(
    memory=mostly("1024", numbers),
    idle=mostly("60", numbers),
    bind=mostly("http://127.0.0.1:8000", binds),
    students=mostly("homes", homes),
    filled=mostly("series", series),
    login=mostly("dummy", logins),
)
@example("256", "0.1", "http://127.0.0.1:8000/lecture/", "deep/er/homes", "linked", "null")
def test_a_hub_does_what_is_set_or_says_why_not(
    python, memory, idle, bind, students, filled, login
):
    megabytes, minutes = read(memory, 256, 2**20), read(idle, 0.1, 525_600)
    place_of = re.fullmatch(r"https?://127\.0\.0\.1:(\d+)(/[a-z/]*)?", bind, re.ASCII)
    good = (megabytes and minutes and place_of and 0 < int(place_of[1]) < 65_536
            and students in MADE and filled in FILLS and login in LET_IN)  # fmt: skip
    with place() as folder:
        settings = {
            "LECTURE_MEMORY": memory, "LECTURE_IDLE": idle, "LECTURE_BIND": bind,
            "LECTURE_STUDENTS": f"{folder}/{students}", "LECTURE_SERIES": f"{folder}/{filled}",
            "LECTURE_AUTHENTICATOR": login, "LECTURE_TEST": "yes",
        }  # fmt: skip
        before = picture(folder)
        try:
            c = hub.configuration(settings, python)["c"]
        except SystemExit as refused:
            (line,) = str(refused).splitlines()
            assert re.search(r" must .*(, got .*; try .+|; try sudo -E)$", line)
            assert not good
            assert picture(folder) == before
            return
        assert good
        assert c.JupyterHub.bind_url == bind
        assert c.Spawner.mem_limit == int(megabytes) * 2**20
        seconds = c.JupyterHub.services[0]["command"][-1].removeprefix("--timeout=")
        assert int(seconds) == round(minutes * 60)
        assert picture(folder).items() >= before.items()
        made = Path(c.Student.students)
        assert made == (folder / ("there" if students == "link" else students)).resolve()
        assert {path.name for path in made.iterdir()} == {".run", ".users"}


@given(memory=numbers, idle=numbers)
def test_what_it_says_to_try_works(python, memory, idle):
    with place() as folder:
        settings = {
            "LECTURE_MEMORY": memory, "LECTURE_IDLE": idle, "LECTURE_BIND": "http://127.0.0.1:8000",
            "LECTURE_STUDENTS": f"{folder}/homes", "LECTURE_SERIES": f"{folder}/series",
            "LECTURE_AUTHENTICATOR": "dummy", "LECTURE_TEST": "yes",
        }  # fmt: skip
        said = []
        while not (folder / "homes").exists():
            try:
                hub.configuration(settings, python)
            except SystemExit as refused:
                name, value = re.search(r"; try (\w+)=(\S+)$", str(refused)).groups()
                assert name not in said, "the way out was followed and led nowhere"
                said.append(name)
                settings[name] = value


@given(names)
@example("..")
@example("a/b")
@example("ada\n")
@example("a" * 64)
@example("a" * 65)
def test_a_student_has_a_folder_or_is_refused(name):
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir="/tmp") as folder:
        homes = identities.Identities(folder)
        homes.make()
        before = picture(Path(folder))
        try:
            home, user, sockets = homes.home(name)
        except identities.Refused as refused:
            (line,) = str(refused).splitlines()
            assert re.search(r" must .*, got .*; try .+", line)
            assert picture(Path(folder)) == before
            assert not re.fullmatch("[a-z0-9]{1,64}", name)
            return
        assert (home.name, home.parent) == (name, Path(folder))
        assert sorted(path.name for path in Path(folder).iterdir()) == sorted(
            [".run", ".users", name])  # fmt: skip
        assert home.stat().st_uid == sockets.stat().st_uid == user
        assert homes.home(name) == (home, user, sockets)


@given(names)
def test_who_is_let_in_has_a_name_that_can_be_a_folder(name):
    login = Authenticator(username_pattern=identities.NAME)
    known = login.normalize_username(name)
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir="/tmp") as folder:
        if login.validate_username(known):
            assert identities.Identities(folder).home(known)[0] == Path(folder) / known


@pytest.mark.hub
@pytest.mark.skipif(os.geteuid() != 0, reason="run as root: else all are one Unix user")
@given(st.lists(st.tuples(st.sampled_from(["ada", "karl", "max"]), st.booleans()), max_size=12))
def test_no_number_is_given_twice(steps):
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir="/tmp") as folder:
        given, there = set(), {}
        for name, leaves in steps:
            home, user, _ = identities.Identities(folder).home(name)
            if name in there:
                assert user == there[name]
            else:
                assert user not in given
                given.add(user)
                there[name] = user
            if leaves:
                home.rmdir()
                del there[name]
