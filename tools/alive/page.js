// A page comes alive where it stands: Python starts in a worker, the cells are run in their order,
// and what they show takes the place of the stored pictures. Nothing is asked of another host.
import { Line, managerOf } from "./widgets.js";

const here = (name) => new URL(name, import.meta.url).href;
const bar = document.querySelector("#alive");
const cells = [...document.querySelectorAll(".code_cell")].map((node) => ({ node }));
const kept = `answers of ${location.pathname}`;
const done = `solved in ${location.pathname}`;
const PICTURE = ".output img";
// A link may bring the setting of a playground, as JSON: then its cell is all that is run at first.
const brought = new URLSearchParams(location.hash.slice(1)).get("playground");
const places = new Map();
let worker; // there is one when the page is alive, or on its way

const source = (cell) => cell.code ?? cell.node.querySelector("pre").textContent.trimEnd();
const say = (words) => {
  bar.querySelector("[role=status]").textContent = words;
};

// Where a cell shows something: what is new is made ready unseen, and then takes the place.
function begin(cell) {
  cell.old = cell.node.querySelector(".output_wrapper");
  cell.shown = document.createElement("div");
  cell.shown.className = "output_wrapper output";
  cell.node.append(cell.shown);
  cell.waits = [];
  cell.shown.classList.toggle("coming", Boolean(cell.old));
}

async function end(cell) {
  await Promise.race([Promise.all(cell.waits), new Promise((done) => setTimeout(done, 5000))]);
  const seen = cell.old?.getBoundingClientRect();
  cell.old?.remove();
  cell.shown.classList.remove("coming");
  // What is above the reader's eyes may grow or shrink: the page stays where it was read.
  if (seen && seen.bottom < 0) scrollBy(0, cell.shown.getBoundingClientRect().height - seen.height);
}

// A verdict that says right is remembered, for the site's first page.
function remember(words) {
  const right = [...words.matchAll(/^(\d\d\.\d+): right/gm)].map(([, number]) => number);
  if (!right.length) return;
  const solved = new Set([...JSON.parse(localStorage.getItem(done) ?? "[]"), ...right]);
  localStorage.setItem(done, JSON.stringify([...solved]));
}

function text(cell, words, kind) {
  remember(words);
  const last = cell.shown.lastElementChild;
  const pre = last?.className === kind ? last : document.createElement("pre");
  pre.className = kind;
  pre.textContent += words;
  if (pre !== last) cell.shown.append(pre);
}

function display(cell, { data, metadata, place: name }, manager) {
  const view = data["application/vnd.jupyter.widget-view+json"];
  const place = (name && places.get(name)) || document.createElement("div");
  place.replaceChildren();
  if (name) places.set(name, place); // what is shown there may be followed by something else
  if (!place.isConnected) cell.shown.append(place);
  if (view) {
    cell.waits.push(manager.show(view.model_id, place));
  } else if (data["image/png"]) {
    const about = metadata["image/png"] ?? {};
    const image = Object.assign(new Image(), { src: `data:image/png;base64,${data["image/png"]}` });
    if (about.width) image.width = about.width;
    image.alt = about.alt ?? data["text/plain"];
    cell.waits.push(image.decode());
    place.append(image);
  } else if (data["text/html"]) place.innerHTML = data["text/html"];
  else if (data["text/plain"]) {
    place.append(document.createElement("pre"));
    place.firstChild.textContent = data["text/plain"];
    remember(data["text/plain"]);
  }
}

// Run the cells with these numbers, one after the other; what Python says of each comes as messages.
function runner(manager) {
  const queue = [];
  let running = null;
  const next = () => {
    if (running !== null || !queue.length) return;
    running = queue.shift();
    const cell = cells[running.number];
    begin(cell);
    worker.postMessage({ type: "run", content: { cell: running.number, source: source(cell) } });
  };
  return {
    run: (number) =>
      new Promise((done) => {
        queue.push({ number, done });
        next();
      }),
    async hear({ type, content, buffers }) {
      const cell = cells[content.cell] ?? cells[running?.number];
      if (type === "stream") {
        if (cell) text(cell, content.text, content.name);
      } else if (type === "display") display(cell, content, manager);
      else if (type === "clear") cell.shown.replaceChildren();
      else if (type === "error") text(cell, `${content.name}: ${content.value}`, "stderr");
      else if (type === "ended") {
        const { done } = running;
        running = null;
        next();
        await end(cell);
        done(content.well);
      } else manager.hear(type, content, buffers);
    },
  };
}

// What a reader has written is kept in this browser, and can be taken along as a notebook. It
// belongs to what stood there: a newer page, with other cells, puts it into no other place.
function answers() {
  return JSON.parse(localStorage.getItem(kept) ?? "{}");
}

function edited(number) {
  // A line that was broken by hand may be an element, which is a line only while it is seen.
  const { node, given } = cells[number];
  const now = (cells[number].code = node.querySelector("pre").innerText.trimEnd());
  const { [given]: _, ...others } = answers();
  localStorage.setItem(kept, JSON.stringify(now === given ? others : { ...others, [given]: now }));
}

async function download() {
  const name = location.pathname
    .split("/")
    .pop()
    .replace(/\.html$/, ".ipynb");
  const notebook = await (await fetch(here(`../live/files/${name}`))).json();
  const written = answers();
  notebook.cells // without the one that brings the package, as in the page
    .filter((cell) => cell.cell_type === "code" && !cell.metadata.tags?.includes("package"))
    .forEach((cell, number) => {
      const now = written[cells[number].given];
      if (now === undefined) return;
      const title = /^# @title .*\n/.exec([].concat(cell.source).join(""))?.[0] ?? "";
      cell.source = title + now; // the page shows the title elsewhere
    });
  const blob = new Blob([JSON.stringify(notebook, null, 1)], { type: "application/json" });
  const link = Object.assign(document.createElement("a"), { download: name });
  link.href = URL.createObjectURL(blob);
  link.click();
  URL.revokeObjectURL(link.href);
}

function afresh() {
  localStorage.removeItem(kept);
  location.reload();
}

function button(words, action) {
  const made = Object.assign(document.createElement("button"), { textContent: words });
  made.addEventListener("click", action);
  return made;
}

// Python that makes a playground of what a link says. It is read as data, so it can do nothing else.
const playing = (setting) => `import json\nfrom lecture_utils import playground\n
play = playground(**json.loads(${JSON.stringify(setting)}))\nplay`;

// Every cell of code can be written in and run, as in a notebook.
function open(number, run) {
  const pre = cells[number].node.querySelector("pre");
  pre.contentEditable = "plaintext-only";
  pre.spellcheck = false;
  pre.setAttribute("aria-label", `code of cell ${number + 1}`);
  pre.addEventListener("input", () => edited(number));
  pre.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey)) return;
    event.preventDefault();
    run(number);
  });
  pre.after(button("run", () => run(number)));
}

async function start() {
  if (worker) return;
  worker = new Worker(here("worker.js"));
  bar.querySelector("button").remove();
  const line = new Line(worker);
  const ready = new Promise((done, failed) => {
    worker.addEventListener("message", ({ data: { type, content } }) => {
      if (type === "progress") say(content.words);
      if (type === "ready") done();
      if (type === "failed") failed(new Error(content.words));
    });
  });
  const manager = await managerOf(line, here);
  const cellsOf = runner(manager);
  worker.addEventListener("message", ({ data }) => {
    if (data.type !== "progress" && data.type !== "ready") cellsOf.hear(data);
  });
  await ready;
  for (const number of cells.keys()) open(number, cellsOf.run);
  const [linked] =
    brought === null ? [] : cells.filter(({ given }) => given.includes("= playground("));
  if (linked) {
    linked.node.querySelector("pre").textContent = linked.code = playing(brought);
    linked.node.scrollIntoView();
    await cellsOf.run(cells.indexOf(linked));
    say("The playground is alive, as the link says.");
    await new Promise((done) => bar.append(button("Bring the rest to life", done)));
    bar.lastChild.remove();
  }
  for (const [number, cell] of cells.entries()) {
    if (cell === linked) continue;
    say(`Cell ${number + 1} of ${cells.length} is run …`);
    // An exercise that is not solved yet may raise: the others go on.
    await cellsOf.run(number);
  }
  say("This page is alive: move the figures, change the code, press Shift+Enter to run it.");
  bar.append(button("download as a notebook", download), button("begin afresh", afresh));
}

function failed(error) {
  say(`This page stays as it is: ${error.message}`);
}

for (const cell of cells) {
  cell.given = source(cell);
  const written = answers()[cell.given];
  if (written !== undefined) cell.node.querySelector("pre").textContent = written;
  if (/@explore\(|playground\(/.test(cell.given))
    cell.node.querySelector(PICTURE)?.addEventListener("click", () => start().catch(failed));
}
bar.append(button("Bring this page to life", () => start().catch(failed)));
bar.hidden = false;
if (brought !== null) start().catch(failed);
addEventListener("hashchange", () => location.hash.startsWith("#playground=") && location.reload());
