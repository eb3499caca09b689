"""Which Unix user a student is: a number of its own, given once and never again.

Only root writes here, and the folders belong to root. What was given out is kept as links in the
folder .users: a link's name is the number, and it points to the student's name. A link is made
whole or not at all, and never over another one.
"""

import contextlib
import grp
import os
import pwd
import re
import stat
import tempfile
from pathlib import Path

NAME = r"[a-z0-9][a-z0-9._@+-]{0,63}\Z"  # of a student, and so of a folder
FIRST, LAST = 20_000, 59_999  # systems keep what is above for themselves
# Where users leave things behind, and their processes: a number seen there is somebody's.
PUBLIC = ("/tmp", "/var/tmp", "/dev/shm", "/proc")
# A link to the one folder whose record counts here: from two, two students would be one user.
PLACE = Path("/var/lib/lecture-homes")


class Refused(ValueError):
    """A home that would make a student somebody else, or a name that is none."""


def owners(folder):
    """Give who owns each thing in a folder, by name; what is going away meanwhile is left out."""
    found = {}
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                found[entry.name] = entry.stat(follow_symlinks=False).st_uid
    return found


def accounts(user):
    """Give the names that the system has for a number, as a user and as a group."""
    names = set()
    with contextlib.suppress(KeyError):
        names.add(pwd.getpwuid(user).pw_name)
    with contextlib.suppress(KeyError):
        names.add(grp.getgrgid(user).gr_name)
    return names


def claimed(students):
    """Return the folder of homes that this machine keeps to: this one, if there was none."""
    with contextlib.suppress(FileExistsError):
        os.symlink(students, PLACE)
    return os.readlink(PLACE)


class Identities:
    """The students' homes and the users to whom they belong."""

    def __init__(self, students):
        self.students = Path(students)
        self.record = self.students / ".users"  # no student's name begins with a dot
        self.sockets = self.students / ".run"  # short, as the path of a socket must be

    def make(self):
        """Make the folders: others may pass through them, and only root may read the record."""
        usual = os.umask(0o066)
        try:
            self.sockets.mkdir(parents=True, exist_ok=True)
            self.record.mkdir(mode=0o700, exist_ok=True)
        finally:
            os.umask(usual)
        for folder, mode in ((self.sockets, 0o711), (self.record, 0o700)):
            self.check(folder, os.geteuid())
            folder.chmod(mode)  # whatever it was while nobody looked

    def home(self, name):
        """Return a student's home, its user and the folder of its sockets; make what is missing."""
        if not re.match(NAME, name):
            raise Refused(f"a student's name must match {NAME[:-2]}, got {name!r}; "
                          "try username_map in your file")  # fmt: skip
        self.make()
        home = self.students / name
        user = self.known(name, home) if os.path.lexists(home) else self.new(name, home)
        sockets = self.sockets / str(user)
        if not os.path.lexists(sockets):
            self.give(sockets, user)
        self.check(sockets, user)
        return home, user, sockets

    def new(self, name, home):
        """Make a home for a number that was never given out and that owns nothing."""
        if os.geteuid():  # a test: all are one
            self.give(home, os.geteuid())
            return os.geteuid()
        given = [int(number) for number in owners(self.record) if number.isdecimal()]
        there = set()
        for folder in (self.students, self.sockets, *PUBLIC):
            there.update(owners(folder).values())
        for user in range(max([FIRST - 1, *given]) + 1, LAST + 1):
            if user not in there and not accounts(user):
                os.symlink(name, self.record / str(user))
                self.give(home, user)
                return user
        raise Refused(f"numbers of users must end at {LAST}, all are given; "
                      "try another machine")  # fmt: skip

    def known(self, name, home):
        """Return to whom a home belongs that is there already."""
        user = home.lstat().st_uid
        self.check(home, user)
        if os.geteuid():
            return user
        aside = f"try mv {home} {self.students}/.{name}"
        if not FIRST <= user <= LAST:
            raise Refused(f"the user of {home} must be from {FIRST} to {LAST}, got {user}; {aside}")
        link = self.record / str(user)
        if os.path.lexists(link):
            whose = os.readlink(link) if link.is_symlink() else "nobody known"
        else:  # from a time before the record, or it was lost
            whose = next((other for other, owner in owners(self.students).items()
                          if owner == user and other != name), name)  # fmt: skip
        others = {whose, *accounts(user)} - {name}
        if others:
            raise Refused(f"the user of {home} must be {name!r} alone, got {user}, "
                          f"who is {min(others)!r}; {aside}")  # fmt: skip
        if not os.path.lexists(link):
            os.symlink(name, link)
        return user

    @staticmethod
    def check(folder, user):
        """Refuse what is no folder of a user; a link is none, wherever it leads."""
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != user:
            raise Refused(f"{folder} must be a folder of user {user}; try moving it away")

    def give(self, folder, user):
        """Make a folder that one user can look into, empty, whole or not at all."""
        new = tempfile.mkdtemp(prefix=".new-", dir=self.students)  # never one that was left over
        try:
            os.chown(new, user, user if not os.geteuid() else -1)
            os.rename(new, folder)
        except OSError:
            os.rmdir(new)
            raise
