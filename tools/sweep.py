"""Run a notebook with every combination of some parameters; gather what the runs found.

``python -m tools.sweep notebooks/05_perceptron.ipynb --set seed=0:20 --set n_people=50,100``.
papermill runs the notebook, Dask shares out the runs: over this machine's cores, or over the
workers of a scheduler that is there. What a run found is the line of JSON that its cell with the
tag ``results`` prints. Stopped and started again, only what is missing is run.
"""

import argparse
import ast
import contextlib
import csv
import hashlib
import itertools
import json
import re
import sys
from pathlib import Path

import nbformat
import papermill
from distributed import Client, LocalCluster, as_completed
from distributed.scheduler import KilledWorker
from tqdm import tqdm

from tools.standalone import bundle
from tools.sweep_figure import draw

SECONDS = 600  # for one cell
PATIENCE = 10  # seconds for a scheduler to answer


def values(text):
    """Return the values that a text lists.

    Examples
    --------
    >>> values("0.01,0.1"), values("0:4"), values("relu,tanh")
    ([0.01, 0.1], [0, 1, 2, 3], ['relu', 'tanh'])
    """
    if re.fullmatch(r"\d+:\d+", text):
        return list(range(*map(int, text.split(":"))))
    found = []
    for part in filter(None, text.split(",")):
        try:
            found.append(ast.literal_eval(part))
        except (ValueError, SyntaxError):
            found.append(part)  # a word
    return found


def combinations(settings, known):
    """Return every combination of the settings as a dict.

    Parameters
    ----------
    settings : list of str
        "name=values", see `values`.
    known : collection of str
        The notebook's parameters.

    Raises
    ------
    ValueError
        If a name is not known or given twice, or no value is given.

    Examples
    --------
    >>> combinations(["seed=0:2", "step=0.1"], ["seed", "step"])
    [{'seed': 0, 'step': 0.1}, {'seed': 1, 'step': 0.1}]
    """
    lists = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in known or name in lists:
            raise ValueError(f"--set must name each parameter once, one of {', '.join(known)}; "
                             f"got {setting!r}; try --set {next(iter(known))}=…")  # fmt: skip
        lists[name] = values(text)
        if not lists[name]:
            raise ValueError(f"--set {name} must have values, got {setting!r}; "
                             f"try {name}=1,2 or {name}=0:20")  # fmt: skip
    return [dict(zip(lists, row, strict=True)) for row in itertools.product(*lists.values())]


def one_run(notebook, parameters, seconds):
    """Run a notebook, on whatever machine; return what it found or its error, and the time."""
    import json
    import tempfile
    import time

    import papermill
    from papermill.exceptions import PapermillExecutionError

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = papermill.execute_notebook(
                notebook, None, parameters, cwd=folder, kernel_name="python3", progress_bar=False,
                execution_timeout=seconds, extra_arguments=["--log-level=CRITICAL"])  # fmt: skip
            (cell,) = [c for c in done.cells if "results" in c.metadata.get("tags", ())]
            record = {"found": json.loads("".join(output.text for output in cell.outputs))}
        except PapermillExecutionError as problem:
            record = {"error": f"{problem.ename}: {problem.evalue}"}
        except Exception as problem:  # no fault of one run may end the others
            record = {"error": f"{type(problem).__name__}: {problem}"}
    return {**record, "seconds": round(time.perf_counter() - start, 2)}


class Records:
    """What is known of the runs: a line of JSON each, written as soon as a run ends.

    Parameters
    ----------
    path : Path
        The file of lines, continued if it is there.
    version : str
        What the notebook and the package are; runs of others count as missing.
    """

    def __init__(self, path, version):
        self.path, self.version, self.of = path, version, {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in lines:
            with contextlib.suppress(json.JSONDecodeError):  # the last may be torn
                record = json.loads(line)
                if record.pop("version") == version:
                    self.of[self.key(record["parameters"])] = record
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(self._line(record) for record in self.of.values())
        path.write_text(text, encoding="utf-8")

    @staticmethod
    def key(parameters):
        """Return the same text for the same parameters."""
        return json.dumps(parameters, sort_keys=True)

    def _line(self, record):
        return json.dumps({**record, "version": self.version}) + "\n"

    def add(self, parameters, record):
        """Keep a record."""
        self.of[self.key(parameters)] = record = {"parameters": parameters, **record}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(self._line(record))


def write_table(path, records):
    """Write records as CSV, a row a run."""
    rows = [{**record["parameters"], **record.get("found", {}), "seconds": record["seconds"],
             "error": record.get("error", "")} for record in records]  # fmt: skip
    columns = dict.fromkeys(name for row in rows for name in row)
    last = ["seconds", "error"]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [name for name in columns if name not in last] + last)
        table.writeheader()
        table.writerows(rows)


def read(path):
    """Return a notebook, its parameters' names, and the version of all that a run depends on."""
    notebook = nbformat.read(path, as_version=4)
    results = [cell for cell in notebook.cells if "results" in cell.metadata.get("tags", ())]
    if len(results) != 1:
        raise ValueError(f"{path} must have one cell with the tag 'results', which prints a line "
                         f"of JSON, got {len(results)}; try 03, 04, 05, 07 or 08")  # fmt: skip
    for cell in notebook.cells:  # the workers need no pictures
        if cell.cell_type == "code":
            cell.outputs = []
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    version = hashlib.sha256(code.encode() + bundle()).hexdigest()[:16]
    return notebook, list(papermill.inspect_notebook(str(path))), version


def sweep(path, settings, folder, scheduler=None, workers=None):
    """Run what is missing; write runs.jsonl, results.csv and results.png; return the records."""
    notebook, known, version = read(path)
    wanted = combinations(settings, known)
    records = Records(folder / "runs.jsonl", version)
    missing = [chosen for chosen in wanted if records.key(chosen) not in records.of]
    print(f"{path}: {len(wanted)} runs, {len(wanted) - len(missing)} of them done", flush=True)
    try:
        if missing:
            with _client(scheduler, workers) as client:
                sent = client.scatter(notebook, broadcast=True)
                runs = {client.submit(one_run, sent, chosen, SECONDS, pure=False): chosen
                        for chosen in missing}  # fmt: skip
                for run in tqdm(as_completed(runs), total=len(runs), unit="run", smoothing=0):
                    with contextlib.suppress(KilledWorker):  # not the notebook's fault: missing
                        records.add(runs[run], run.result())
    finally:
        ended = [records.of[key] for key in map(records.key, wanted) if key in records.of]
        write_table(folder / "results.csv", ended)
    draw(ended, folder / "results.png")
    return ended, len(wanted)


@contextlib.contextmanager
def _client(scheduler, workers):
    if scheduler:
        with Client(scheduler, timeout=PATIENCE) as client:
            yield client
    else:  # a core each: more threads only get into each other's way
        with (
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as local,
            Client(local) as client,
        ):
            yield client


def main(arguments=None):
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.sweep", description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--set", action="append", required=True, metavar="NAME=VALUES",
                        help="values as 0.01,0.03 or 0:20; may be given several times")  # fmt: skip
    parser.add_argument("--folder", type=Path, help="default: dist/sweeps/NOTEBOOK")
    parser.add_argument("--scheduler", help="address of a Dask scheduler, default: a local one")
    parser.add_argument("--workers", type=int, help="of the local one, default: one a core")
    given = parser.parse_args(arguments)
    folder = given.folder or Path("dist/sweeps") / given.notebook.stem
    try:
        ended, wanted = sweep(given.notebook, given.set, folder, given.scheduler, given.workers)
    except (ValueError, OSError) as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(f"stopped; what is done is in {folder}, the same command goes on")
    failed = [record for record in ended if "error" in record]
    print(f"{folder}: runs.jsonl, results.csv, results.png")
    for record in failed:
        print(f"failed: {record['parameters']}: {record['error']}")
    if len(ended) < wanted:
        print(
            f"{wanted - len(ended)} runs were lost with their workers; the same command runs them"
        )
    return bool(failed) or len(ended) < wanted


if __name__ == "__main__":
    sys.exit(main())
