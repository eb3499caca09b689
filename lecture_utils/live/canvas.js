// A picture that takes the pointer. It shows what Python draws, tells Python where the hand is, and
// never runs ahead of the answers: of all places only the newest is told.

const AHEAD = 2; // messages under way at most: one is drawn while the next one travels
const REST = 250; // milliseconds without anything new, after which the hand rests
const PATIENCE = 5000; // milliseconds without an answer, after which the reader is told
const SILENT =
  "Python does not answer. It may be busy; if it was stopped or restarted, run this cell again.";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
const LOOK = `
.lecture-picture { position: relative; max-width: 100%; line-height: 0; }
.lecture-picture canvas { width: 100%; height: auto; }
.lecture-area, .lecture-mark { position: absolute; touch-action: none; }
.lecture-mark { width: 24px; height: 24px; margin: -12px 0 0 -12px; border-radius: 50%;
  box-sizing: border-box; border: 2px solid #333; cursor: grab;
  box-shadow: 0 0 0 1px #fff, inset 0 0 0 1px #fff; }
.lecture-mark:hover { border-color: #0072b2; box-shadow: 0 0 0 3px #0072b255; }
.lecture-mark:focus-visible, .lecture-area:focus-visible { outline: 3px solid #0072b2; }
.lecture-mark.lecture-held { cursor: grabbing; }
.lecture-words, .lecture-note { font-size: max(16px, var(--jp-content-font-size1, 16px)); }
.lecture-area { cursor: crosshair; }
.lecture-key { opacity: 0; pointer-events: none; }
.lecture-key:focus-visible { opacity: 1; }
`;

function made(kind, className, parent) {
  const node = document.createElement(kind);
  node.className = className;
  parent.append(node);
  return node;
}

class View {
  constructor({ model, el }) {
    this.model = model;
    this.about = model.get("about");
    this.queue = []; // what is to be told, in order
    this.open = new Map(); // number of a message -> the timer of its answer
    this.number = 0;
    this.decoded = this.drawn = 0;
    this.held = null;
    // JupyterLab's shortcuts would take the arrow keys.
    el.dataset.lmSuppressShortcuts = "true";
    el.classList.add("lecture");
    made("style", "", el).textContent = LOOK;
    this.box = made("div", "lecture-picture", el);
    this.box.style.width = `${this.about.width}px`;
    this.canvas = made("canvas", "", this.box);
    this.canvas.setAttribute("role", "img");
    this.words = made("div", "lecture-words", el);
    this.words.setAttribute("role", "status");
    this.note = made("div", "lecture-note", el);
    this.note.setAttribute("role", "alert");
    for (const node of [this.words, this.note])
      Object.assign(node.style, { maxWidth: this.box.style.width });
    this.say(this.about.words);
    this.about.handles.forEach((handle, k) => this.area(handle, k));
    this.marks = [];
    this.place(this.about.marks);
    this.hear = this.hear.bind(this);
    model.on("msg:custom", this.hear);
    const png = model.get("picture");
    if (png) this.draw(png, () => {});
    this.look();
  }

  end() {
    this.ended = true;
    this.model.off("msg:custom", this.hear);
    for (const timer of [this.resting, ...this.open.values()]) clearTimeout(timer);
  }

  // What comes from Python.

  hear(answer, buffers) {
    if (answer.to !== undefined) {
      clearTimeout(this.open.get(answer.to));
      this.open.delete(answer.to);
      this.note.textContent = "";
      this.tell();
    }
    const [png] = buffers ?? [];
    if (png) this.draw(png, () => this.follow(answer));
    else this.follow(answer);
    this.rest();
  }

  follow(answer) {
    if (answer.marks) this.place(answer.marks);
    if (answer.words !== undefined) this.say(answer.words);
  }

  async draw(png, then) {
    const turn = ++this.decoded;
    const picture = await createImageBitmap(new Blob([png], { type: "image/png" }));
    if (turn > this.drawn) {
      // A picture that took longer than the one after it comes too late.
      this.drawn = turn;
      const { canvas } = this;
      if (canvas.width !== picture.width) canvas.width = picture.width;
      if (canvas.height !== picture.height) canvas.height = picture.height;
      canvas.getContext("2d").drawImage(picture, 0, 0);
      canvas.dataset.drawn = turn;
      then();
    }
    picture.close();
  }

  say(words) {
    if (words === this.said) return;
    this.said = words;
    this.words.innerHTML = words; // escaped by Python
    this.canvas.setAttribute("aria-label", `${this.about.name}: ${this.words.textContent}`);
  }

  // What is in the picture to be taken hold of.

  area(handle, k) {
    if (handle.by === "drag") return;
    const [left, bottom, right, top] = handle.area;
    const node = made("div", "lecture-area", this.box);
    node.dataset.by = handle.by;
    const percent = (part) => `${100 * part}%`;
    Object.assign(node.style, {
      left: percent(left), top: percent(1 - top),
      width: percent(right - left), height: percent(top - bottom),
    });
    this.listen(node, k, 0, false);
    if (!this.about.marks[k].length) {
      this.name(node, k);
      node.style.cursor = "move";
    }
  }

  place(marks) {
    const flat = marks.flatMap((some, k) => some.map((place, number) => ({ k, number, place })));
    for (const [i, { k, number, place }] of flat.entries()) {
      const mark = (this.marks[i] ??= this.mark(k, number));
      mark.hidden = place === null;
      if (place === null) continue;
      mark.style.left = `${100 * place[0]}%`;
      mark.style.top = `${100 * (1 - place[1])}%`;
    }
  }

  mark(k, number) {
    const node = made("div", "lecture-mark", this.box);
    if (this.about.handles[k].by === "sheet") node.classList.add("lecture-key");
    this.listen(node, k, number, true);
    this.name(node, k, number);
    return node;
  }

  name(node, k, number = 0) {
    node.tabIndex = 0;
    node.setAttribute("role", "button");
    node.setAttribute("aria-roledescription", "handle");
    const which = this.about.marks[k].length > 1 ? ` ${number + 1}` : "";
    node.setAttribute("aria-label", `${this.about.handles[k].label}${which}, arrow keys move it`);
  }

  // What the hand does.

  listen(node, handle, number, mark) {
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    };
    const told = (what, event) => {
      const [x, y] = at(event);
      const [dx, dy] = this.held?.by ?? [0, 0];
      this.ask({ do: what, handle, number, x: x - dx, y: y - dy });
    };
    node.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      node.setPointerCapture(event.pointerId);
      // The keys go on where the hand was: to the mark that an area moves, too.
      const first = this.about.marks.slice(0, handle).flat().length;
      const moved = mark || !this.about.marks[handle].length ? node : this.marks[first];
      moved.focus({ preventScroll: true });
      const place = mark && [parseFloat(node.style.left) / 100, 1 - parseFloat(node.style.top) / 100];
      const [x, y] = at(event);
      this.held = { node, by: place ? [x - place[0], y - place[1]] : [0, 0] };
      node.classList.add("lecture-held");
      told("hold", event);
      if (!mark) told("move", event);
    });
    node.addEventListener("pointermove", (event) => {
      const hovered = !mark && this.about.handles[handle].by === "hover";
      if (this.held?.node === node || hovered) told("move", event);
    });
    const let_go = () => {
      if (this.held?.node === node) this.held = null;
      node.classList.remove("lecture-held");
    };
    node.addEventListener("pointerup", let_go);
    node.addEventListener("pointercancel", let_go);
    node.addEventListener("keydown", (event) => {
      const way = ARROWS[event.key];
      if (way) this.ask({ do: "key", handle, number, right: way[0], up: way[1] });
      else if (event.key === "Escape") this.ask({ do: "back", handle }), let_go();
      else if (event.key === " ") this.ask({ do: "press", handle, number });
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // What goes to Python.

  ask(message) {
    const last = this.queue.at(-1);
    if (last?.do === "move" && message.do === "move") this.queue.pop();
    this.queue.push(message);
    this.tell();
  }

  tell() {
    while (this.queue.length && this.open.size < AHEAD) {
      const to = ++this.number;
      const silent = () => (this.note.textContent = SILENT);
      this.open.set(to, setTimeout(silent, PATIENCE));
      this.send({ ...this.queue.shift(), to });
    }
  }

  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (!this.open.size && !this.ended) this.send({ do: "rest" });
    }, REST);
  }

  look() {
    // The screen's own pixels, again when the page is zoomed or moved to another screen.
    if (this.ended) return;
    const ratio = window.devicePixelRatio || 1;
    this.send({ do: "look", ratio });
    const other = window.matchMedia(`(resolution: ${ratio}dppx)`);
    other.addEventListener("change", () => this.look(), { once: true });
  }

  send(message) {
    try {
      this.model.send(message);
    } catch {
      this.note.textContent = SILENT; // the connection of a kernel that is gone
    }
  }
}

export function render(context) {
  const view = new View(context);
  return () => view.end();
}
