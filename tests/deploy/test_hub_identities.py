"""A student is one Unix user, always the same and nobody else: tried with real owners, as root."""

import grp
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.helpers import hub

with hub.deployed():
    import identities

FIRST = identities.FIRST
pytestmark = pytest.mark.hub


@pytest.fixture
def folder():
    assert os.geteuid() == 0, "run as root: only root can give a file to another user"
    folder = Path(tempfile.mkdtemp(prefix="homes-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def owned(path, user, kind=Path.mkdir):
    """Make something that belongs to a user."""
    kind(path)
    os.chown(path, user, user, follow_symlinks=False)
    return path


def picture(folder):
    """Tell all that is in a folder: what, whose, and what is in it."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.lstat().st_uid,
                                        os.readlink(path) if path.is_symlink() else
                                        path.read_bytes() if path.is_file() else None)
        for path in folder.rglob("*")
    }  # fmt: skip


def users(folder, *names):
    """Give the users of some students, as they come to a hub that has just been started."""
    return [identities.Identities(folder).home(name)[1] for name in names]


def refusal(folder, name):
    """Return the one line with which a student is refused; nothing is changed."""
    identities.Identities(folder).make()
    before = picture(folder)
    with pytest.raises(identities.Refused) as caught:
        users(folder, name)
    assert picture(folder) == before
    (line,) = str(caught.value).splitlines()
    return line


def test_every_student_has_a_user_and_keeps_it(folder):
    first, second = users(folder, "ada", "karl")
    assert first >= FIRST
    assert second > first
    assert users(folder, "karl", "ada") == [second, first]
    home = folder / "ada"
    assert (home.stat().st_uid, home.stat().st_mode & 0o777) == (first, 0o700)
    sockets = folder / ".run" / str(first)
    assert (sockets.stat().st_uid, sockets.stat().st_mode & 0o777) == (first, 0o700)
    assert (folder / ".users").stat().st_mode & 0o777 == 0o700
    assert not list(folder.glob(".new"))


@pytest.mark.parametrize("user", [0, 1, 1000, 19_999, 60_000, 65_534])
def test_a_home_of_a_user_of_the_system_is_refused(folder, user):
    owned(folder / "backup", user)
    said = refusal(folder, "backup")
    assert f"must be from 20000 to 59999, got {user}; try mv {folder}/backup" in said
    users(folder, "ada")  # others start
    subprocess.run(said.rpartition("; try ")[2].split(), check=True)  # the way out
    assert users(folder, "backup")[0] >= FIRST
    assert (folder / ".backup").exists()


@pytest.mark.parametrize("kind", [Path.touch, os.mkfifo, lambda path: path.symlink_to("ada"),
                                  lambda path: path.symlink_to("nowhere")])  # fmt: skip
def test_a_home_that_is_no_folder_is_refused(folder, kind):
    ada, _ = users(folder, "ada", "eve")
    owned(folder / "karl", ada, kind)
    assert f"{folder}/karl must be a folder" in refusal(folder, "karl")


def test_a_number_is_not_used_twice(folder):
    given = users(folder, "ada", "karl", "eve")
    for name in ("karl", "eve"):
        (folder / name).rmdir()
    again = users(folder, "eve", "max", "karl")
    assert not set(given) & set(again)
    assert len({*given, *again}) == 6


def test_a_home_that_comes_back_is_its_students(folder):
    (ada,) = users(folder, "ada")
    (folder / "ada").rename(folder / ".ada")
    (later,) = users(folder, "ada")
    assert later != ada
    (folder / "ada").rmdir()
    (folder / ".ada").rename(folder / "ada")
    assert users(folder, "ada") == [ada]


def test_a_student_who_is_renamed_keeps_the_home(folder):
    (number,) = users(folder, "ada")
    (folder / "ada").rename(folder / "countess")
    assert "who is 'ada'" in refusal(folder, "countess")
    subprocess.run(["ln", "-sfn", "countess", folder / ".users" / str(number)], check=True)
    assert users(folder, "countess") == [number]


@pytest.mark.parametrize("lost", ["all", "sockets too", "one", "torn"])
def test_what_is_owned_stays_its_owners_without_the_record(folder, lost):
    ada, karl, eve = users(folder, "ada", "karl", "eve")
    (folder / "karl").rmdir()  # its sockets' folder stays
    record = folder / ".users"
    if lost in ("all", "sockets too"):
        shutil.rmtree(record)
        if lost == "sockets too":
            shutil.rmtree(folder / ".run")
    elif lost == "one":
        (record / str(eve)).unlink()
    else:
        (record / str(eve)).unlink()
        (record / str(eve)).touch()
    owning = (ada, eve) if lost == "sockets too" else (ada, karl, eve)
    assert users(folder, "max")[0] not in owning
    assert users(folder, "ada") == [ada]
    if lost == "torn":
        assert "who is 'nobody known'" in refusal(folder, "eve")
    else:
        assert users(folder, "eve") == [eve]
    assert len(set(users(folder, "max", "karl", "ida"))) == 3


def test_two_homes_of_one_user_are_one_students_only(folder):
    ada, _ = users(folder, "ada", "karl")
    owned(folder / "max", ada)
    assert "who is 'ada'" in refusal(folder, "max")
    assert users(folder, "ada") == [ada]
    shutil.rmtree(folder / ".users")  # now nobody knows whose it is
    assert "who is 'max'" in refusal(folder, "ada")
    assert "who is 'ada'" in refusal(folder, "max")


@pytest.mark.parametrize("database", [(pwd, "getpwuid", "pw_name"), (grp, "getgrgid", "gr_name")])
def test_accounts_of_the_machine_are_left_alone(folder, database, monkeypatch):
    module, ask, name = database
    (ada,) = users(folder, "ada")
    known = {**dict.fromkeys(range(ada + 1, ada + 50), "student"), FIRST + 500: "mary"}
    real = getattr(module, ask)

    def found(number):
        if number not in known:
            return real(number)
        return type("Entry", (), {name: known[number]})

    monkeypatch.setattr(module, ask, found)
    assert users(folder, "karl")[0] >= ada + 50, "there are such accounts"
    owned(folder / "mary", FIRST + 500)
    assert users(folder, "mary") == [FIRST + 500], "her own"
    known[ada] = "later"
    assert "who is 'later'" in refusal(folder, "ada")


@pytest.mark.parametrize("place", ["/tmp", "/var/tmp", "/dev/shm"])
def test_who_left_something_behind_is_nobody_else(folder, place):
    (ada,) = users(folder, "ada")
    left = owned(Path(place) / f"left-{os.getpid()}", ada + 1, Path.touch)
    try:
        assert users(folder, "karl")[0] > ada + 1
    finally:
        left.unlink()


def test_a_process_of_before_is_nobodys(folder):
    (ada,) = users(folder, "ada")
    alike = {"user": ada + 1, "group": ada + 1, "extra_groups": ()}
    with subprocess.Popen(["sleep", "60"], **alike) as process:
        karl = users(folder, "karl")[0]
        process.kill()
    assert karl > ada + 1


def test_a_folder_of_sockets_that_is_anothers_is_refused(folder):
    ada, karl = users(folder, "ada", "karl")
    (folder / ".run" / str(ada)).rmdir()
    owned(folder / ".run" / str(ada), karl)
    assert f".run/{ada} must be a folder of user {ada}" in refusal(folder, "ada")


def test_when_all_numbers_are_given_it_says_so(folder):
    identities.Identities(folder).make()
    (folder / ".users" / str(identities.LAST)).symlink_to("last")
    assert "must end at 59999" in refusal(folder, "ada")


def test_what_stopped_halfway_is_done_again(folder, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(os, "chown", full)
        with pytest.raises(OSError, match="no space"):
            users(folder, "ada")
    assert not (folder / "ada").exists()
    (ada,) = users(folder, "ada")
    assert (folder / "ada").stat().st_uid == ada
    assert users(folder, "ada") == [ada]


def test_what_was_left_over_is_in_nobodys_home(folder):
    identities.Identities(folder).make()
    for name in (".new", ".new-eve"):  # a hub was stopped between two steps
        owned(folder / name, FIRST + 7000)
        owned(folder / name / ".bashrc", FIRST + 7000, Path.touch)
    (ada,) = users(folder, "ada")
    assert ada != FIRST + 7000
    assert not list((folder / "ada").iterdir())
    assert not list((folder / ".run" / str(ada)).iterdir())


def test_no_link_leads_what_root_does_elsewhere(folder):
    elsewhere = owned(folder / "elsewhere", 0)
    identities.Identities(folder).make()
    for name in (".new", ".new-"):
        (folder / name).symlink_to(elsewhere)
    users(folder, "ada")
    assert elsewhere.stat().st_uid == 0
    for name in (".run", ".users"):
        shutil.rmtree(folder / name)
        (folder / name).symlink_to(elsewhere)
        with pytest.raises(identities.Refused, match=f"{name} must be a folder of user 0"):
            users(folder, "karl")
        (folder / name).unlink()
    assert not list(elsewhere.iterdir())


def test_the_record_is_roots_alone_again_when_it_was_not(folder):
    users(folder, "ada")
    for name in (".run", ".users"):
        (folder / name).chmod(0o777)
    users(folder, "ada")
    modes = [(folder / name).stat().st_mode & 0o777 for name in (".run", ".users")]
    assert modes == [0o711, 0o700]


def test_folders_that_are_there_stay_as_they_are(folder):
    folder.chmod(0o755)
    users(folder, "ada")
    assert folder.stat().st_mode & 0o777 == 0o755


def test_students_may_pass_through_new_folders_whatever_the_umask(folder):
    usual = os.umask(0o077)
    try:
        users(folder / "site" / "homes", "ada")
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(usual)
    for path in (folder / "site", folder / "site" / "homes", folder / "site" / "homes" / ".run"):
        assert path.stat().st_mode & 0o777 == 0o711
