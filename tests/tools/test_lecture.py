"""How JupyterLab is started for the series."""

import json
import subprocess
import sys
from unittest.mock import Mock, call

import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config import PyFileConfigLoader

from tests.helpers import lab
from tools import lecture


def test_answers_of_the_kernel_go_out_at_once(monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/somebody's/own")
    command = [sys.executable, "-m", "tools.lecture", "notebooks", "--show-config-json"]
    shown = subprocess.run(command, cwd=lab.ROOT, capture_output=True, text=True, check=True)
    assert "AtOnce" in json.loads(shown.stdout)["ServerApp"]["kernel_websocket_connection_class"]
    loader = PyFileConfigLoader("jupyter_server_config.py", str(lab.ROOT / "tools" / "lab"))
    connection = loader.load_config().ServerApp.kernel_websocket_connection_class
    page, done = Mock(spec=KernelWebsocketHandler), Mock()
    monkeypatch.setattr(connection.__base__, "connect", done)
    connection(websocket_handler=page).connect()
    assert page.method_calls == [call.set_nodelay(True)]
    done.assert_called_once_with()


def test_a_wrong_wish_for_the_projector_is_refused(monkeypatch):
    monkeypatch.setenv("PROJECTOR", "big")
    with pytest.raises(SystemExit, match="PROJECTOR must be yes or no, got 'big'"):
        lecture.main()
