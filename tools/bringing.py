"""Put what was made into a folder in which somebody may keep something, too."""

import contextlib
import os


def bring(made, folder, ours):
    """Move the files of one folder into another, and remove those that an earlier call brought.

    Parameters
    ----------
    made, folder : Path
        Where from and where to, on one disk. All else that is there stays, a `.git` above all.
    ours : str
        Name of the file, in the folder, that keeps the names of what was brought.
    """
    names = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    record = folder / ours
    listed = record.read_text(encoding="utf-8", errors="replace") if record.exists() else ""
    for path in (folder / name for name in {*listed.splitlines()} - names):
        inside = path.resolve().is_relative_to(folder.resolve())  # whoever wrote that name
        if inside and path.is_file():
            path.unlink()
            with contextlib.suppress(OSError):  # its folder holds something else
                os.removedirs(path.parent)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).replace(folder / name)
    text = "".join(f"{name}\n" for name in sorted(names))
    record.write_text(text, encoding="utf-8", newline="\n")
