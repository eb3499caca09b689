"""Run a notebook with every combination of some parameters; gather what the runs found.

``python -m tools.sweep notebooks/05_perceptron.ipynb --set seed=0:20 --set n_people=50,100``.
papermill runs the notebook, Dask shares out the runs: over this machine's cores, or over the
workers of a scheduler that is there. What a run found is the line of JSON that its cell with the
tag ``results`` prints. Stopped and started again, only what is missing is run.
"""

import argparse
import contextlib
import csv
import hashlib
import io
import logging
import sys
import warnings
from pathlib import Path

import nbformat
import papermill
from distributed import Client, LocalCluster, as_completed
from tqdm import tqdm

from tools import notebooks
from tools.standalone import bundle
from tools.sweep_figure import draw
from tools.sweep_records import Records, write
from tools.sweep_values import combinations

SECONDS = 600  # for one cell
PATIENCE = 10  # seconds for a scheduler to answer, and for its first worker
logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # we say it in one line


def one_run(notebook, parameters, seconds):
    """Run a notebook, on whatever machine; return what it found, its error, or how it was lost."""
    import builtins
    import json
    import tempfile
    import time

    import papermill
    from papermill.exceptions import PapermillExecutionError
    from papermill.translators import PythonTranslator, papermill_translators

    class AsWritten(PythonTranslator):  # papermill's own makes a text of a tuple
        @classmethod
        def translate(cls, value):
            return repr(value)

    papermill_translators.register("python", AsWritten)
    start = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory() as folder:
            done = papermill.execute_notebook(
                notebook, None, parameters, cwd=folder, kernel_name="python3", progress_bar=False,
                execution_timeout=seconds, extra_arguments=["--log-level=CRITICAL"])  # fmt: skip
        (cell,) = [c for c in done.cells if "results" in c.metadata.get("tags", ())]
        printed = "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
        try:
            end, what = "found", dict(json.loads(printed))
        except (ValueError, TypeError):
            end, what = "error", f"no line of JSON with names and numbers, but {printed!r}"
        if end == "found" and (taken := sorted({*what} & {*parameters, "seconds", "error"})):
            end, what = (
                "error",
                f"{taken[0]!r} is a column of the table already; rename what is found",
            )
    except PapermillExecutionError as problem:
        what = f"{problem.ename}: {problem.evalue}".splitlines()[0]
        # These come over a notebook; it does not make them.
        kind = getattr(builtins, problem.ename, Exception)
        hit = issubclass(kind, (OSError, KeyboardInterrupt, ImportError))
        hit = hit or "MemoryError" in problem.ename or "can't start new thread" in what
        end = "lost" if hit else "error"
    except Exception as problem:  # a kernel that died, a cell out of time: no fault of the others
        end, what = "lost", f"{type(problem).__name__}: {problem}".splitlines()[0]
    return {end: what, "seconds": round(time.perf_counter() - start, 2)}


def write_table(path, records):
    """Write records as CSV, a row a run."""
    rows = [{**record["parameters"], **record.get("found", {}), "seconds": record["seconds"],
             "error": record.get("error", "")} for record in records]  # fmt: skip
    columns = dict.fromkeys(name for row in rows for name in row)
    last = ["seconds", "error"]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, [name for name in columns if name not in last] + last)
    table.writeheader()
    table.writerows(rows)
    write(path, text.getvalue().encode())


def read(path):
    """Return a notebook, its parameters' names, and the version of all that a run depends on."""
    notebook = notebooks.read_clean(path)
    with warnings.catch_warnings(action="ignore"):  # papermill reads the file again, as it is
        known = list(papermill.inspect_notebook(str(path)))
    results = [cell for cell in notebook.cells if "results" in cell.metadata.get("tags", ())]
    if len(results) != 1 or not known:
        raise ValueError(f"{path} must have one cell with the tag 'results', which prints a line "
                         f"of JSON, and parameters, got {len(results)} and {len(known)}; "
                         f"try notebooks/05_perceptron.ipynb")  # fmt: skip
    for cell in notebook.cells:  # the workers need no pictures
        if cell.cell_type == "code":
            cell.outputs = []
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    version = hashlib.sha256(code.encode() + bundle()).hexdigest()[:16]
    return notebook, known, version


def sweep(path, settings, folder, scheduler=None, workers=None):
    """Run what is missing, write results.csv and results.png; return records, and how many runs
    were wanted."""
    notebook, known, version = read(path)
    wanted = combinations(settings, known)
    records = Records(folder / "runs", version)
    missing = [chosen for chosen in wanted if not records.read(chosen)]
    print(f"{path}: {len(wanted)} runs, {len(wanted) - len(missing)} of them done", flush=True)
    if (folder / "runs.jsonl").exists():
        print(f"{folder / 'runs.jsonl'} is of an earlier release: it is neither used nor changed")

    def report():
        ended = [record for record in map(records.read, wanted) if record]
        write_table(folder / "results.csv", ended)
        draw(ended, folder / "results.png")
        return ended

    with _client(scheduler, workers) if missing else contextlib.nullcontext() as client:
        ended = report()  # a folder that takes no file is found out before the runs
        try:
            for chosen, record in _share(client, notebook, missing) if missing else ():
                if "lost" in record:
                    tqdm.write(f"lost: {chosen}: {record['lost']}")
                else:
                    records.add(chosen, record)
        finally:
            ended = report()
    return ended, len(wanted)


def _share(client, notebook, missing):
    """Give each run with its record as soon as it ends."""
    # Sent as a task of its own: if the worker that has it dies, another one makes it again.
    sent = client.submit(nbformat.reads, nbformat.writes(notebook), 4)
    runs = {client.submit(one_run, sent, chosen, SECONDS, pure=False): chosen
            for chosen in missing}  # fmt: skip
    for run in tqdm(as_completed(runs), total=len(runs), unit="run", smoothing=0):
        try:
            record = run.result()
        except Exception as problem:  # of its worker or of the scheduler
            record = {"lost": f"{type(problem).__name__}: {problem}".splitlines()[0]}
        yield runs[run], record


@contextlib.contextmanager
def _client(scheduler, workers):
    with contextlib.ExitStack() as stack:
        if not scheduler:  # a core each: more threads only get into each other's way
            local = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None,
                                 silence_logs=logging.ERROR)  # fmt: skip
            scheduler = stack.enter_context(local)
        try:
            client = stack.enter_context(Client(scheduler, timeout=PATIENCE))
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError) as problem:
            raise OSError(f"--scheduler must be one that answers and has workers, got {scheduler}: "
                          f"{problem}; try without --scheduler") from None  # fmt: skip
        yield client


def main(arguments=None):
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.sweep", description=__doc__)
    parser.error = lambda problem: sys.exit(f"{problem}; try --help")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--set", action="append", required=True, metavar="NAME=VALUES",
                        help="values as 0.01,0.03 or 0:20; may be given several times")  # fmt: skip
    parser.add_argument("--folder", type=Path, help="default: dist/sweeps/NOTEBOOK")
    parser.add_argument("--scheduler", help="address of a Dask scheduler, default: a local one")
    parser.add_argument("--workers", type=int, help="of the local one, default: one a core")
    given = parser.parse_args(arguments)
    folder = given.folder or Path("dist/sweeps") / given.notebook.stem
    try:
        if given.workers is not None and given.workers < 1:
            raise ValueError(f"--workers must be >= 1, got {given.workers}; try --workers 2")
        ended, wanted = sweep(given.notebook, given.set, folder, given.scheduler, given.workers)
    except (ValueError, OSError) as problem:
        sys.exit(" ".join(str(problem).split()))
    except KeyboardInterrupt:
        sys.exit(f"stopped; what is done is in {folder}, the same command goes on")
    failed = [record for record in ended if "error" in record]
    print(f"{folder}: runs, results.csv, results.png")
    for record in failed:
        print(f"failed: {record['parameters']}: {record['error']}")
    if len(ended) < wanted:
        print(f"{wanted - len(ended)} runs were lost, by no fault of the notebook; "
              f"the same command runs them")  # fmt: skip
    return bool(failed) or len(ended) < wanted


if __name__ == "__main__":
    sys.exit(main())
