// The widgets of a page: models and views of ipywidgets, and the line to their Python.
const HTML_MANAGER = "@jupyter-widgets/html-manager";
const STYLES = `${HTML_MANAGER}/dist/libembed-amd`;
const OF_ONE_FILE = ["base", "controls", "base7", "controls7"].map((n) => `@jupyter-widgets/${n}`);

// All messages between the page and Python. A view waits for "idle" before it sends again.
export class Line {
  constructor(worker) {
    this.worker = worker;
    this.comms = new Map();
    this.waiting = new Map();
    this.sent = 0;
  }

  send(kind, comm, data, callbacks, buffers = []) {
    const id = String((this.sent += 1)); // a UUID is made on https only
    this.waiting.set(id, callbacks);
    const content = {
      header: { msg_id: id, msg_type: kind },
      content: { comm_id: comm, data },
    };
    this.worker.postMessage({ type: "hear", content, buffers });
    return id;
  }

  open(comm_id) {
    const comm = {
      comm_id,
      target_name: "jupyter.widget",
      open: () => "",
      send: (data, callbacks, _, buffers) =>
        this.send("comm_msg", comm_id, data, callbacks, buffers),
      close: (data, callbacks) => this.send("comm_close", comm_id, data, callbacks),
      on_msg: (heard) => (comm.heard = heard),
      on_close: (closed) => (comm.closed = closed),
    };
    this.comms.set(comm_id, comm);
    return comm;
  }
}

const script = (src) =>
  new Promise((done, failed) => {
    const node = Object.assign(document.createElement("script"), { src });
    node.addEventListener("load", done);
    node.addEventListener("error", () => failed(new Error(`${src} could not be loaded`)));
    document.head.append(node);
  });

// Load ipywidgets' own manager for pages without a notebook, and tie it to the line.
export async function managerOf(line, here) {
  if (!window.requirejs) await script(here("require.js"));
  const { requirejs } = window;
  // One file has them all, and looks for its icons where it believes to be.
  const all = [...OF_ONE_FILE, HTML_MANAGER, STYLES].map((name) => [name, here("libembed-amd")]);
  requirejs.config({ paths: { ...Object.fromEntries(all), anywidget: here("anywidget") } });
  const load = (name) => new Promise((done, failed) => requirejs([name], done, failed));
  await load(STYLES);
  const { HTMLManager } = await load(HTML_MANAGER);
  // It asks for formulas as MathJax 2 was asked: https://docs.mathjax.org/en/v2.7-latest/queues.html
  window.MathJax.Hub ??= { Queue: ([, , node]) => window.MathJax.typesetPromise([node]) };
  const manager = new HTMLManager({ loader: load });
  let last = Promise.resolve(); // a model is made before the next message is heard

  async function hear(type, { content, metadata, parent }, buffers) {
    const message = {
      content,
      metadata,
      parent_header: { msg_id: parent },
      buffers: buffers.map(
        (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      ),
    };
    if (type === "comm_open") await manager.handle_comm_open(line.open(content.comm_id), message);
    else if (type === "comm_msg") await line.comms.get(content.comm_id)?.heard?.(message);
    else if (type === "comm_close") {
      await line.comms.get(content.comm_id)?.closed?.(message);
      line.comms.delete(content.comm_id);
    } else if (type === "idle") {
      const idle = { content: { execution_state: "idle" } };
      line.waiting.get(parent)?.iopub?.status?.(idle);
      line.waiting.delete(parent);
    }
  }

  return {
    hear: (...message) => {
      last = last.then(() => hear(...message)).catch((error) => console.error(error));
      return last;
    },
    async show(id, place) {
      await last;
      const view = await manager.create_view(await manager.get_model(id));
      await manager.display_view(view, place);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    },
  };
}
