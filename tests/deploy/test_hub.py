"""A class on a real hub: everybody at once, a server that dies, and who may read what."""

import copy
import json
import os
import re
import runpy
import signal
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import websocket
import yaml
from papermill.iorw import load_notebook_node

from tests.helpers import hub
from tests.helpers.series import NOTEBOOKS
from tools import handout

PERCEPTRON = f"{hub.START}/{NOTEBOOKS['05_perceptron'].name}"
STUDENTS = 20


@pytest.fixture(scope="module")
def place():
    with hub.place() as folder:
        yield folder


@pytest.fixture(scope="module")
def address(place):
    with hub.hub(place, LECTURE_MEMORY="1024") as address:
        yield address


def code_cells(path=NOTEBOOKS["05_perceptron"]):
    cells = load_notebook_node(str(path)).cells
    return [cell for cell in cells if cell.cell_type == "code"]


@pytest.mark.hub
def test_every_lab_has_the_series_and_its_settings(two, place):
    ada, _ = two
    names = {entry["name"] for entry in ada.read(hub.START)}
    assert {path.name for path in NOTEBOOKS.values()} <= names
    plugin = "@jupyterlab/notebook-extension:tracker"
    setting = ada.ask("GET", f"/user/ada/lab/api/settings/{plugin}").json()
    assert setting["schema"]["properties"]["windowingMode"]["default"] == "none"
    page = ada.ask("GET", "/user/ada/lab").text
    data = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL).group(1)
    config = json.loads(data)
    assert "@jupyterlab/application-extension:faviconbusy" in config["disabledExtensions"]
    assert "saved-pictures" in {one["name"] for one in config["federated_extensions"]}
    own = {p.environ()["JUPYTER_CONFIG_PATH"] for p in hub.processes(place / "students" / "ada")}
    assert own == {str(hub.ROOT / "tools" / "lab")}


@pytest.mark.hub
def test_one_student_cannot_reach_what_is_anothers(two, place):
    ada, karl = two
    ada.write(PERCEPTRON, ada.read(PERCEPTRON))
    kernel = ada.kernel()
    assert karl.ask("GET", "/user/karl/api/contents").ok
    for path in ("contents", f"contents/{PERCEPTRON}", "kernels", f"kernels/{kernel}"):
        assert karl.ask("GET", f"/user/ada/api/{path}").status_code in (403, 404), path
    assert karl.ask("DELETE", "/hub/api/users/ada/server").status_code in (403, 404)
    stranger = copy.copy(karl)
    stranger.name = "ada"  # karl's token at ada's kernel
    with pytest.raises(websocket.WebSocketBadStatusException, match=r"403|404"):
        stranger.run(kernel, ["1"])
    if os.geteuid() == 0:  # else all are one Unix user
        file = place / "students" / "ada" / PERCEPTRON
        assert file.exists()
        with pytest.raises(RuntimeError, match="PermissionError"):
            karl.run(karl.kernel(), [f"open({str(file)!r}).read()"])
        assert {p.uids().real for p in hub.processes(place / "students" / "ada")}.isdisjoint(
            p.uids().real for p in hub.processes(place / "students" / "karl"))  # fmt: skip


@pytest.mark.hub
def test_a_wrong_token_is_refused(two):
    ada, _ = two
    for token in ("", "wrong", ada.token[:-1]):
        headers = {"Authorization": f"token {token}"}
        for path in ("/hub/api/user", "/user/ada/api/contents"):
            answer = requests.get(ada.address + path, headers=headers, timeout=60,
                                  allow_redirects=False)  # fmt: skip
            assert answer.status_code in (302, 403)
            if answer.status_code == 302:
                assert (
                    "/login" in answer.headers["Location"] or "oauth" in answer.headers["Location"]
                )


@pytest.mark.hub
def test_a_kernel_that_wants_too_much_gets_an_error_and_lives(two):
    ada, _ = two
    kernel = ada.kernel()
    with pytest.raises(RuntimeError, match="MemoryError"):
        ada.run(kernel, ["import numpy as np; np.ones(2 * 2**27)"])
    assert ada.run(kernel, ["print(6 * 7)"]) == ["42\n"]


@pytest.mark.hub
def test_a_server_that_is_killed_comes_back_with_the_work(two, place):
    ada, _ = two
    work = ada.read(PERCEPTRON)
    work["cells"][0]["source"] = "# Mine?"
    ada.write(PERCEPTRON, work)
    kernel = ada.kernel()
    ada.run(kernel, ["x = 1"])
    for process in hub.processes(place / "students" / "ada"):
        process.send_signal(signal.SIGKILL)
    hub.wait_for(lambda: not ada.ready(), 90, place)
    ada.start()
    assert ada.read(PERCEPTRON)["cells"][0]["source"] == "# Mine?", "not filled over, either"


@pytest.mark.hub
def test_a_class_runs_notebook_05_at_once(address, place, capsys):
    cells = code_cells()
    sources = [cell.source for cell in cells]
    results = next(k for k, c in enumerate(cells) if "results" in c.metadata.get("tags", ()))

    def attend(number):
        student = hub.Student(address, f"student{number:02}")
        begin = time.monotonic()
        student.start()
        started = time.monotonic() - begin
        printed = student.run(student.kernel(), sources)
        return student, started, time.monotonic() - begin, printed[results]

    begin = time.monotonic()
    with ThreadPoolExecutor(STUDENTS) as pool:
        attended = [*pool.map(attend, range(STUDENTS))]
    took = time.monotonic() - begin
    assert {printed for *_, printed in attended} == {cells[results].outputs[0].text}
    sizes = [hub.memory(place / "students" / student.name) for student, *_ in attended]
    with capsys.disabled():
        print(f"\n{STUDENTS} students on {os.cpu_count()} cores: all servers after "
              f"{max(started for _, started, *_ in attended):.0f} s, notebook 05 run by all after "
              f"{took:.0f} s; memory of a student {statistics.median(sizes):.0f} MB, "
              f"at most {max(sizes):.0f} MB")  # fmt: skip


@pytest.mark.hub
def test_an_idle_server_is_stopped(place):
    folder = place / "idle"
    folder.mkdir(mode=0o711)
    with hub.hub(folder, LECTURE_IDLE="0.1") as address:
        student = hub.Student(address, "eva")
        student.start()
        hub.wait_for(lambda: not student.ready(), 120, folder)


@pytest.mark.parametrize(("settings", "words"), [
    ({}, "LECTURE_AUTHENTICATOR must name how your students log in, got ''"),
    ({"LECTURE_AUTHENTICATOR": "dummy"}, "LECTURE_AUTHENTICATOR must name"),
    ({"LECTURE_AUTHENTICATOR": "jupyterhub.auth.DummyAuthenticator"}, "LECTURE_AUTHENTICATOR must"),
    ({"LECTURE_AUTHENTICATOR": "dummy", "LECTURE_TEST": "yes", "LECTURE_BIND": "http://:8000"},
     "LECTURE_AUTHENTICATOR must name"),
    ({"LECTURE_AUTHENTICATOR": "dummy", "LECTURE_TEST": "yes", "LECTURE_SERIES": "/none"},
     "LECTURE_SERIES must hold the folder notebooks, got '/none'"),
])  # fmt: skip
def test_a_hub_without_what_a_site_must_decide_does_not_start(settings, words, monkeypatch):
    for name in [name for name in os.environ if name.startswith("LECTURE_")]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=re.escape(words)):
        runpy.run_path(str(hub.CONFIG))


@pytest.mark.parametrize(("closed", "words"), [
    ("notebooks", "LECTURE_SERIES must be open to students, got"),
    ("bin", "the hub's Python must be open to students, got"),
])  # fmt: skip
def test_a_hub_that_students_cannot_use_does_not_start(place, closed, words, monkeypatch):
    folder = place / f"closed {closed}"
    for name in ("bin", "notebooks"):
        (folder / name).mkdir(mode=0 if name == closed else 0o755, parents=True)
    folder.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(folder / "bin" / "python"))
    for name, value in {"AUTHENTICATOR": "dummy", "TEST": "yes", "SERIES": str(folder)}.items():
        monkeypatch.setenv(f"LECTURE_{name}", value)
    with pytest.raises(SystemExit, match=re.escape(words)):
        runpy.run_path(str(hub.CONFIG))


def test_the_hub_itself_says_so_in_its_last_line(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LECTURE_")}
    done = subprocess.run([sys.executable, "-m", "jupyterhub", "-f", hub.CONFIG], cwd=tmp_path,
                          timeout=60, env=environment, capture_output=True, text=True)  # fmt: skip
    assert done.returncode != 0
    assert "LECTURE_AUTHENTICATOR must name" in done.stderr.splitlines()[-1]


def dockerfile(folder, *options):
    """Return what repo2docker would build; nothing is built."""
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", *options, folder],
        capture_output=True, text=True, timeout=120, check=True)  # fmt: skip
    return done.stdout + done.stderr


def test_the_image_is_built_from_our_environment(tmp_path):
    handout.write(tmp_path / "series")
    text = dockerfile(tmp_path / "series", "--target-repo-dir", "/srv/lecture",
                      "--appendix", "RUN pip install nbgitpuller")  # fmt: skip
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in text
    assert "ENV NB_PYTHON_PREFIX=${CONDA_DIR}/envs/notebook" in text
    assert "ENV CONDA_DIR=${APP_BASE}/conda" in text
    assert "ENV APP_BASE=/srv" in text
    assert "ENV REPO_DIR=${REPO_DIR}" in text, "the homes are filled from there"
    assert "RUN pip install nbgitpuller" in text


def test_kubernetes_gets_what_one_server_gets():
    values = yaml.safe_load((hub.ROOT / "deploy" / "values.yaml").read_text(encoding="utf-8"))
    user = values["singleuser"]
    for name, file in (("settings", "overrides.json"), ("page", "page_config.json")):
        given = user["extraFiles"][name]
        own = json.loads((hub.ROOT / "tools" / "lab" / file).read_text(encoding="utf-8"))
        assert given["data"] == own
        folder = "/srv/conda/envs/notebook/share/jupyter/lab/settings"
        assert given["mountPath"] == f"{folder}/{file}"
    server = user["extraFiles"]["server"]
    own = (hub.ROOT / "tools" / "lab" / "jupyter_server_config.py").read_text(encoding="utf-8")
    assert server["stringData"] == own
    assert server["mountPath"] == "/etc/jupyter/jupyter_server_config.py"
    config = hub.CONFIG.read_text(encoding="utf-8")
    assert f'default_url = "{user["defaultUrl"]}"' in config
    assert '"OMP_NUM_THREADS": "1"' in config
    assert user["extraEnv"] == {"OMP_NUM_THREADS": "1"}
    assert values["hub"]["config"]["JupyterHub"]["authenticator_class"] == "null"
    # What chart 4.3 knows, by its values.schema.yaml (BSD-3-Clause, the JupyterHub project).
    assert set(values) <= {"hub", "proxy", "singleuser", "scheduling", "cull", "ingress"}
    assert set(user) <= {"memory", "cpu", "image", "startTimeout", "defaultUrl", "extraEnv",
                         "lifecycleHooks", "extraFiles", "storage", "cmd"}  # fmt: skip
    assert all(isinstance(user["cpu"][name], int | float) for name in ("guarantee", "limit"))
    assert set(values["cull"]) <= {"enabled", "timeout", "every", "maxAge", "users"}
    assert set(values["scheduling"]["userPlaceholder"]) <= {"enabled", "replicas", "resources"}
