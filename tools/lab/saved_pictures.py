"""A saved figure shows its last picture, whatever was run before the notebook was saved.

JupyterLab stores with a notebook the widgets of the kernel that runs, and of no other: at the next
save all that an earlier kernel drew would be lost. So before a notebook is saved, the widgets that
its outputs still show are carried over from the file that it replaces, and those that no output
shows are left out. The picture itself goes into the output, too: it stands where widgets are not
trusted or not known, and alone where a widget is stored nowhere.
"""

import base64
import html
import json
import re
import warnings
from pathlib import Path

from jupyter_server.utils import to_os_path

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
WIDGET = "IPY_MODEL_"  # and an id: so widgets name each other
PICTURE = {"ImageModel": "value", "AnyModel": "picture"}  # where a widget has its PNG
ADDRESS = b"data:image/png;base64,"
WORDS = re.compile(r'<div role="status"[^>]*>([^<]*)')  # how the words under a figure begin


def mend(model, path, contents_manager, **_):
    """Mend a notebook that is about to be saved."""
    if model.get("type") != "notebook" or "content" not in model:
        return
    notebook = model["content"]
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    shown = [output for output in outputs if VIEW in output.get("data", {})]
    widgets = stored(notebook)
    if not all(family(output, widgets) for output in shown):
        widgets = {**before(contents_manager, path), **widgets}
    needed = {}
    for output in shown:
        members = family(output, widgets)
        if members:
            needed |= members
            picture_as_last_seen(output, members.values())
        else:
            del output["data"][VIEW]
    notebook["metadata"].pop("widgets", None)
    if needed:
        state = {"version_major": 2, "version_minor": 0, "state": needed}
        notebook["metadata"]["widgets"] = {STATE: state}


def stored(notebook):
    """Return the widgets that a notebook holds: what is known of each, by its id.

    Colab leaves out the level "state"; what anything else has put there is left alone.
    """
    found = notebook["metadata"]
    for name in ("widgets", STATE):
        found = found.get(name) if isinstance(found, dict) else None
    found = found.get("state", found) if isinstance(found, dict) else None
    widgets = found.items() if isinstance(found, dict) else ()
    return {name: widget for name, widget in widgets
            if isinstance(widget, dict) and isinstance(widget.get("state"), dict)
            and "model_name" in widget}  # fmt: skip


def before(contents_manager, path):
    """Return the widgets of the file that is about to be replaced."""
    try:
        file = Path(to_os_path(path, contents_manager.root_dir))
        return stored(json.loads(file.read_text(encoding="utf-8")))
    except Exception:  # no file yet, not on this disk, or not a notebook
        return {}


def family(output, widgets):
    """Return the widget that an output shows with all that it needs, or {} if one is unknown."""
    wanted, found = [output["data"][VIEW]["model_id"]], {}
    for name in wanted:  # grows on the way
        if name not in widgets:
            return {}
        if name not in found:
            found[name] = widgets[name]
            for part in parts(widgets[name]["state"]):
                if isinstance(part, str) and part.startswith(WIDGET):
                    wanted.append(part.removeprefix(WIDGET))
                elif isinstance(part, dict) and VIEW in part:  # in a widget that holds outputs
                    wanted += {part[VIEW]["model_id"]} & set(widgets)
    return found


def parts(value):
    """Yield a piece of JSON and every piece inside of it."""
    yield value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from parts(part)


def picture_as_last_seen(output, widgets):
    """Put the picture of a figure's widgets, and its words, in the place of its first ones."""
    pictures = [picture for picture in map(png, widgets) if picture]
    if "image/png" not in output["data"] or len(pictures) != 1:
        return
    output["data"]["image/png"] = pictures[0]
    for words in filter(None, map(caption, widgets)):
        output["data"]["text/plain"] = words
        output["metadata"].setdefault("image/png", {})["alt"] = words


def caption(widget):
    """Return the words that a widget shows under a picture, or None."""
    state = widget["state"]
    if PICTURE.get(widget["model_name"]) == "picture":  # a canvas, which knows them
        return state.get("about", {}).get("caption")
    words = WORDS.match(str(state.get("value")))
    return html.unescape(words.group(1)) if words else None


def png(widget):
    """Return the PNG that a widget shows, in base64, or None."""
    for buffer in widget.get("buffers") or ():
        if buffer["path"] == [PICTURE.get(widget["model_name"])]:
            value = base64.b64decode(buffer["data"])
            if value.startswith(ADDRESS):
                return value.removeprefix(ADDRESS).decode()
            return buffer["data"] if value.startswith(b"\x89PNG") else None
    return None


# Jupyter sets what a file configures twice, and takes the second time for another hook.
warnings.filterwarnings("ignore", "Overriding existing pre_save_hook")
c = get_config()  # noqa: F821, given by Jupyter
c.ContentsManager.pre_save_hook = mend
