// Run ready.py inside of Pyodide, on the folder that Pyodide is in: node ready.mjs FOLDER
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(join(root, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: `${root}/` });
python.FS.mkdir("/folder");
python.FS.mount(python.FS.filesystems.NODEFS, { root }, "/folder");
await python.loadPackage("matplotlib", { messageCallback: () => {} });
try {
  python.runPython(readFileSync(new URL("ready.py", import.meta.url), "utf8"));
} catch (error) {
  console.error(error.message); // Node would print the whole of Pyodide's code above it
  process.exitCode = 1;
}
