// Python beside the page, so that the page stays smooth: one worker for each page.
/* global loadPyodide, importScripts */
const PYODIDE = new URL("../live/static/pyodide/", self.location).href;

const tell = (type, content = {}, buffers = []) => {
  postMessage(
    { type, content, buffers },
    buffers.map((bytes) => bytes.buffer),
  );
};

async function start() {
  importScripts(`${PYODIDE}pyodide.js`);
  tell("progress", { words: "Python is being loaded …" });
  const python = await loadPyodide({ indexURL: PYODIDE });
  tell("progress", { words: "NumPy and Matplotlib are being loaded …" });
  await python.loadPackage("lecture-utils", { messageCallback: () => {} });
  tell("progress", { words: "Python is starting …" });
  const bridge = await (await fetch(new URL("bridge.py", self.location))).text();
  // What Python says of a message comes as JSON: an object of Python would have to be let go.
  self.lectureTell = (type, content, buffers) => tell(type, JSON.parse(content), buffers);
  python.runPython(bridge);
  return { run: python.globals.get("run"), hear: python.globals.get("hear") };
}

const started = start();
started.then(
  () => tell("ready"),
  (error) => tell("failed", { words: String(error.message ?? error) }),
);

onmessage = async ({ data: { type, content, buffers } }) => {
  const { run, hear } = await started;
  if (type === "run") run(content.cell, content.source);
  else hear(JSON.stringify(content), buffers);
};
