// A page comes alive where it stands: Python starts in a worker, the cells are run in their order,
// and what they show takes the place of the stored pictures. Nothing is asked of another host.
import { afresh, answers, doubt, doubted, download, edited, remember, trust } from "./answers.js";
import { Line, managerOf } from "./widgets.js";

const here = (name) => new URL(name, import.meta.url).href;
const bar = document.querySelector("#alive");
const cells = [...document.querySelectorAll(".code_cell")].map((node) => ({ node }));
const PICTURE = ".output img";
const ALIVE = "This page is alive: move the figures, change the code, press Shift+Enter to run it.";
const NOT_RUN =
  "This page is alive. What you wrote was not run, because it may not end: look at it, then run it.";
// A link may bring the setting of a playground, as JSON: then its cell is all that is run at first.
const brought = new URLSearchParams(location.hash.slice(1)).get("playground");
const places = new Map();
let worker; // there is one when the page is alive, or on its way
let python; // what runs the cells there
let cautious = doubted(); // what the reader wrote may have no end: the page's own code is run
let resting = () => ""; // what the bar says when no cell is running

const source = (cell) => cell.code ?? cell.node.querySelector("pre").textContent.trimEnd();
const say = (words) => {
  bar.querySelector("[role=status]").textContent = words;
};

function button(words, action) {
  const made = Object.assign(document.createElement("button"), { textContent: words });
  made.addEventListener("click", action);
  return made;
}

function offer(...buttons) {
  bar.querySelectorAll("button").forEach((one) => one.remove());
  bar.append(...buttons);
}

const others = [
  button("download as a notebook", () => download(cells)),
  button("begin afresh", afresh),
];
const written = () => Object.keys(answers()).length > 0;

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

function text(cell, words, kind) {
  remember(words);
  const last = cell.shown.lastElementChild;
  const pre = last?.className === kind ? last : document.createElement("pre");
  pre.className = kind;
  pre.append(words);
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
  const [mine, queue] = [worker, []];
  let running = null;
  const busy = () => {
    const more = queue.length ? `, ${queue.length} more to come` : "";
    say(running ? `Cell ${running.number + 1} of ${cells.length} is running${more} …` : resting());
  };
  const next = () => {
    if (running === null && queue.length) {
      running = queue.shift();
      if (written()) doubt();
      begin(cells[running.number]);
      mine.postMessage({ type: "run", content: { cell: running.number, source: running.code } });
    }
    busy();
  };
  return {
    run: (number, code) =>
      new Promise((done) => {
        queue.push({ number, code, done });
        next();
      }),
    stopped() {
      if (running === null) return;
      const cell = cells[running.number];
      text(cell, "Stopped.", "stderr");
      cell.waits = [];
      end(cell);
    },
    async hear({ type, content, buffers }) {
      const cell = cells[content.cell] ?? cells[running?.number];
      if (type === "stream") {
        if (cell) text(cell, content.text, content.name);
      } else if (type === "display") display(cell, content, manager);
      else if (type === "clear") cell.shown.replaceChildren();
      else if (type === "error") text(cell, `${content.name}: ${content.value}`, "stderr");
      else if (type === "ended") {
        const { done, code } = running;
        running = null;
        if (code === answers()[cell.given]) cautious = false;
        if (!cautious) trust();
        next();
        await end(cell);
        if (mine === worker) done(content.well);
      } else manager.hear(type, content, buffers);
    },
  };
}

// Python that makes a playground of what a link says. It is read as data, so it can do nothing else.
const playing = (setting) => `import json\nfrom lecture_utils import playground\n
play = playground(**json.loads(${JSON.stringify(setting)}))\nplay`;

// Every cell of code can be written in and run, as in a notebook.
function open(cell, number) {
  const pre = cell.node.querySelector("pre");
  const run = () => {
    if (python) python.run(number, source(cell));
    else say("Python is stopped: start it again first.");
  };
  cell.open = true;
  pre.contentEditable = "plaintext-only";
  pre.spellcheck = false;
  pre.setAttribute("aria-label", `code of cell ${number + 1}`);
  pre.addEventListener("input", () => edited(cell));
  pre.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey)) return;
    event.preventDefault();
    run();
  });
  pre.after(button("run", run));
}

// Start Python in a worker; return what runs the cells, or nothing if it was stopped meanwhile.
async function load() {
  const mine = (worker = new Worker(here("worker.js")));
  const ready = new Promise((done, fails) => {
    mine.addEventListener("error", () => fails(new Error("Python could not be loaded")));
    mine.addEventListener("message", ({ data: { type, content } }) => {
      if (type === "progress") say(content.words);
      if (type === "ready") done();
      if (type === "failed") fails(new Error(content.words));
    });
  });
  const [manager] = await Promise.all([managerOf(new Line(mine), here), ready]);
  if (worker !== mine) return;
  python = runner(manager);
  mine.addEventListener("message", ({ data }) => python?.hear(data));
}

async function start() {
  if (worker) return;
  offer(button("stop Python", stop), ...others);
  resting = () => "";
  await load();
  if (!python) return;
  for (const [number, cell] of cells.entries()) if (!cell.open) open(cell, number);
  const [linked] =
    brought === null ? [] : cells.filter(({ given }) => given.includes("= playground("));
  if (linked) {
    linked.node.querySelector("pre").textContent = linked.code = playing(brought);
    linked.node.scrollIntoView();
    resting = () => "The playground is alive, as the link says.";
    await python.run(cells.indexOf(linked), linked.code);
    await new Promise((done) => bar.append(button("Bring the rest to life", done)));
    bar.lastChild.remove();
    resting = () => "";
  }
  for (const [number, cell] of cells.entries()) {
    // An exercise that is not solved yet may raise: the others go on.
    if (cell !== linked) await python.run(number, cautious ? cell.given : source(cell));
  }
  resting = () => (cautious && written() ? NOT_RUN : ALIVE);
  say(resting());
}

// Python goes, and with it all that it knew; the page and what was written in it stay.
function leave(words, again) {
  worker?.terminate();
  python?.stopped();
  worker = python = undefined;
  places.clear();
  say(words);
  offer(button(again, wake), ...others);
}

function stop() {
  cautious = true;
  doubt();
  leave("Python is stopped. What you wrote is kept.", "start Python again");
}

const wake = () =>
  start().catch((error) => leave(`This page stays as it is: ${error.message}`, "try again"));

for (const cell of cells) {
  cell.given = source(cell);
  const own = answers()[cell.given];
  if (own !== undefined) cell.node.querySelector("pre").textContent = own;
  if (/@explore\(|playground\(/.test(cell.given))
    cell.node.querySelector(PICTURE)?.addEventListener("click", wake);
}
offer(button("Bring this page to life", wake));
if (written()) bar.append(...others);
bar.hidden = false;
if (brought !== null) wake();
addEventListener("hashchange", () => location.hash.startsWith("#playground=") && location.reload());
