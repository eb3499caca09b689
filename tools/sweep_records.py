"""What is known of the runs: a file for each, and no file that anything else can spoil."""

import contextlib
import hashlib
import json
import os
import time
import uuid


def write(path, data):
    """Write a file whole or not at all, whatever happens meanwhile.

    Parameters
    ----------
    path : Path
        The file; its folder is made if need be.
    data : bytes
        All of it.

    Raises
    ------
    OSError
        If the folder takes no file; what stood at the path still does.
    """
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a loss of power leaves an empty file of that name
        _put(aside, path)
    except OSError as problem:
        raise OSError(f"{path} must be written, got {problem.strerror or problem}; what "
                      f"is done is kept; make room or try another --folder") from None  # fmt: skip
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()


def _put(aside, path):
    """Let a file take the place of another, which Windows refuses while anybody reads that one."""
    for seconds in (0.01, 0.1, 1.0):
        with contextlib.suppress(PermissionError):
            return os.replace(aside, path)
        time.sleep(seconds)
    return os.replace(aside, path)


class Records:
    """The runs of one version of a notebook, beside those of the others.

    Parameters
    ----------
    folder : Path
        Where the runs of all versions are.
    version : str
        What the notebook and the package are; the runs of others count as missing.
    """

    def __init__(self, folder, version):
        self.folder = folder / version

    def _place(self, parameters):
        """Return what tells a run from every other, and the file of its record."""
        run = repr(sorted(parameters.items()))
        return run, self.folder / f"{hashlib.sha256(run.encode()).hexdigest()[:24]}.json"

    def read(self, parameters):
        """Return the record of the run with these parameters, None if there is none."""
        run, path = self._place(parameters)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, ValueError):
            record = json.loads(path.read_bytes())
            if isinstance(record, dict) and record.get("run") == run:
                return {**record, "parameters": parameters}  # JSON has made lists of tuples
        return None

    def add(self, parameters, record):
        """Keep the record of the run with these parameters."""
        run, path = self._place(parameters)
        record = {"run": run, "parameters": parameters, **record}
        write(path, json.dumps(record, indent=1).encode())
