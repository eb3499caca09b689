"""Python's side of a page that is alive: cells are run, and widgets talk to the page.

It does what ipykernel does in a notebook, as far as the series needs it, in a worker of a browser.
"""

import json
import os
import sys

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
os.environ["PLAYGROUND_PAGE"] = "08_training_networks.html"  # where a link to a setting leads
os.environ["SOLVED_LIST"] = (  # what solved() says: there are no saved notebooks here
    "What you solve in these pages is kept in this browser. The list of it is on the first page:\n"
    "follow 'the series', above. To read saved notebooks, run solved() in a notebook."
)

import comm
from comm.base_comm import BaseComm
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from js import Uint8Array, lectureTell
from pyodide.ffi import to_js

MOST = 50_000  # letters that a cell can print: a loop without end would fill the page
now = {"cell": None, "parent": ""}  # the cell that runs, the message that is answered


def tell(kind, content, buffers=()):
    """Send a message to the page."""
    packed = []
    for buffer in buffers or ():
        bytes_ = Uint8Array.new(memoryview(buffer).nbytes)
        bytes_.assign(memoryview(buffer).cast("B"))
        packed.append(bytes_)
    lectureTell(kind, json.dumps({**content, **now}, default=str), to_js(packed))


class Comm(BaseComm):
    """The line between a widget and its view."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        """Send what a widget has to say."""
        content = {"comm_id": self.comm_id, "data": data or {}, **keys}
        tell(msg_type, {"content": content, "metadata": metadata or {}}, buffers)


class Published(DisplayPublisher):
    """What a cell shows."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **keys):
        """Send it, and whose place it takes."""
        place = (transient or {}).get("display_id")
        tell("display", {"data": data, "metadata": metadata or {}, "place": place})

    def clear_output(self, wait=False):
        """Let the page forget what the cell has shown."""
        tell("clear", {})


class Answer(DisplayHook):
    """The value of a cell's last line."""

    def write_output_prompt(self):
        """Leave out the number."""

    def write_format_data(self, format_dict, md_dict=None):
        """Send it as what a cell shows."""
        tell("display", {"data": format_dict, "metadata": md_dict or {}})

    def finish_displayhook(self):
        """Leave out the line's end."""


class Shell(InteractiveShell):
    """Runs the cells; as a notebook's, it can say in which cell it is."""

    kernel = None  # who shows figures asks whether there is one

    def get_parent(self):
        """Return what the page said when it asked for the cell."""
        return {"metadata": {"cellId": now["cell"]}}

    def enable_gui(self, gui=None):
        """Need no windows: there are none."""

    def _showtraceback(self, etype, evalue, stb):
        tell("error", {"name": etype.__name__, "value": str(evalue)})


class Stream:
    """Where Python prints to."""

    def __init__(self, name):
        self.name, self.left = name, MOST

    def write(self, text):
        """Send it, with the cell that prints it, as long as it is not too much."""
        if text and self.left > 0:
            self.left -= len(text)
            more = "" if self.left > 0 else "\n… and more, which is not shown."
            tell("stream", {"name": self.name, "text": text[:MOST] + more})
        return len(text)

    def flush(self):
        """Do nothing: it is sent at once."""

    def isatty(self):
        """Say that nobody types here."""
        return False


comm.create_comm = Comm
shell = Shell.instance(display_pub_class=Published, displayhook_class=Answer, colors="NoColor")
shell.run_line_magic("matplotlib", "inline")
sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")


def run(cell, source):
    """Run a cell, and tell the page when it has ended."""
    now["cell"] = cell
    sys.stdout.left = sys.stderr.left = MOST
    result = shell.run_cell(source, store_history=True)
    tell("ended", {"well": result.success})
    now["cell"] = None


def hear(message, buffers):
    """Hand a widget what its view says, and tell the page when all is answered."""
    message = json.loads(message)
    now["parent"] = message["header"]["msg_id"]
    message["buffers"] = [memoryview(bytes(buffer.to_py())) for buffer in buffers]
    manager = comm.get_comm_manager()
    try:
        getattr(manager, message["header"]["msg_type"])(None, None, message)
    finally:
        tell("idle", {})
        now["parent"] = ""
