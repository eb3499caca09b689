// A picture that takes the pointer. It shows what Python draws, and tells Python where the hand is.

import { ARROWS, Talk } from "./talk.js";

const SLIDING = 100; // milliseconds after which sliders follow a hand: pictures go first
const KEYS = "arrow keys move it";
const PAINTS = "the space bar paints";
const PLAYS = ["play or pause", "stop", "repeat"]; // the buttons of ipywidgets' Play, in order
const LOOK = `
.lecture { max-width: 100%; }
.lecture-picture { position: relative; max-width: 100%; line-height: 0; }
.lecture-picture canvas { width: 100%; height: auto; }
.lecture-area, .lecture-mark { position: absolute; touch-action: pinch-zoom; }
.lecture-mark { width: 24px; height: 24px; margin: -12px 0 0 -12px; border-radius: 50%;
  box-sizing: border-box; border: 2px solid #333; cursor: grab;
  box-shadow: 0 0 0 1px #fff, inset 0 0 0 1px #fff; }
.lecture-mark:hover { border-color: #0072b2; box-shadow: 0 0 0 3px #0072b255; }
.lecture-mark:focus-visible, .lecture-area:focus-visible { outline: 3px solid #0072b2; }
.lecture-mark.lecture-held { cursor: grabbing; }
.lecture-words, .lecture-note { font-size: max(16px, var(--jp-content-font-size1, 16px)); }
.lecture-area { cursor: crosshair; }
.lecture-area[tabindex] { cursor: move; }
.lecture-key, .lecture-gone { opacity: 0; pointer-events: none; }
.lecture-key:focus-visible { opacity: 1; }
`;

function made(kind, className, parent) {
  const node = document.createElement(kind);
  node.className = className;
  parent.append(node);
  return node;
}

function put(node, x, y) {
  node.style.left = `${100 * x}%`;
  node.style.top = `${100 * (1 - y)}%`;
}

class View extends Talk {
  constructor(context) {
    super(context);
    const { model, el } = context;
    this.about = model.get("about");
    this.marks = [];
    this.turn = 0; // pictures drawn
    this.drawn = undefined; // number of the one that is shown, once a whole one has come
    this.shown = Promise.resolve(); // when all that came is shown
    this.slid = 0; // when the sliders were told last
    this.over = new AbortController();
    this.held = null;
    el.classList.add("lecture");
    made("style", "", el).textContent = LOOK;
    this.box = made("div", "lecture-picture", el);
    this.box.style.width = `${this.about.width}px`;
    this.canvas = made("canvas", "", this.box);
    this.canvas.setAttribute("role", "img");
    this.pen = this.canvas.getContext("2d");
    this.layer = document.createElement("canvas"); // of what has changed
    this.words = made("div", "lecture-words", el);
    this.words.setAttribute("role", "status");
    this.note = made("div", "lecture-note", el);
    this.note.setAttribute("role", "alert");
    for (const node of [this.words, this.note]) node.style.maxWidth = this.box.style.width;
    for (const [k, handle] of this.about.handles.entries()) this.area(handle, k);
    this.show({ ...this.about, whole: true }, model.get("picture"));
    this.look();
  }

  end() {
    this.over.abort(); // a page keeps whatever still listens to it, picture and all
    super.end();
  }

  // What comes from Python.

  async hear(answer, buffers) {
    await this.show(answer, buffers?.[0]);
    if (this.ended) return;
    if (!answer.to) this.nameControls();
    else if (performance.now() > this.slid + SLIDING) {
      this.slid = performance.now();
      this.send({ do: "slide" });
    }
  }

  // One after the other, as they came: most hold only what has changed since the one before.
  show(news, pixels) {
    const draw = () => this.draw(news, pixels);
    this.shown = this.shown.then(draw, draw);
    return this.shown;
  }

  async draw({ marks, words, number, whole }, pixels) {
    if (pixels && !whole && number !== this.drawn + 1) {
      // Something was lost, or no whole picture has come yet; then one is under way.
      if (this.drawn) this.askWhole();
      this.drawn = undefined;
      return;
    }
    if (pixels) {
      if (whole) await this.drawWhole(pixels);
      else this.drawChange(pixels);
      this.drawn = number;
      this.canvas.dataset.drawn = ++this.turn;
    }
    this.place(marks);
    this.say(words);
  }

  async drawWhole(png) {
    const picture = await createImageBitmap(new Blob([png], { type: "image/png" }));
    const { canvas } = this;
    if (canvas.width !== picture.width) canvas.width = picture.width;
    if (canvas.height !== picture.height) canvas.height = picture.height;
    this.pen.drawImage(picture, 0, 0);
    picture.close();
  }

  // No picture to decode: the places of the pixels that have changed, then their colours.
  drawChange({ buffer, byteOffset, byteLength }) {
    const told = new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    const { width } = this.canvas;
    const count = told.length / 2;
    if (!count) return;
    const top = Math.floor(told[0] / width);
    const bottom = Math.floor(told[count - 1] / width) + 1;
    // Laid over the picture, transparent where nothing has changed. The picture itself is not read,
    // for some browsers add noise to what is read from a canvas:
    // https://github.com/mdn/content/issues/39084
    const rows = new ImageData(width, bottom - top);
    const colours = new Uint32Array(rows.data.buffer);
    for (let i = 0; i < count; i++) colours[told[i] - top * width] = told[count + i];
    this.layer.width = width;
    this.layer.height = rows.height;
    this.layer.getContext("2d").putImageData(rows, 0, 0);
    this.pen.drawImage(this.layer, 0, top);
  }

  say(words) {
    if (words === this.said) return;
    this.said = words;
    this.words.innerHTML = words; // escaped by Python
    this.canvas.setAttribute("aria-label", `${this.about.name}: ${this.words.textContent}`);
  }

  // A control of ipywidgets has its name beside it, where no screen reader looks, and what is on its
  // buttons is read as the number of a letter: https://github.com/leongersen/noUiSlider/issues/1223
  nameControls() {
    const name = (nodes, names) => {
      for (const [i, node] of nodes.entries()) node.ariaLabel = names[i];
    };
    for (const slider of this.el.parentElement.querySelectorAll(".widget-slider")) {
      const label = slider.querySelector(".widget-label").textContent;
      const ends = slider.querySelectorAll(".noUi-handle");
      name(ends, ends.length > 1 ? [`${label} from`, `${label} to`] : [label]);
      const typed = slider.querySelectorAll(".widget-readout");
      for (const readout of typed) readout.role = "textbox";
      name(typed, [`${label}, to be typed`]);
      const buttons = slider.parentElement.querySelectorAll(".widget-play button");
      name(
        buttons,
        PLAYS.map((what) => `${what} ${label}`),
      );
    }
  }

  // What is in the picture to be taken hold of.

  area(handle, k) {
    if (handle.by === "drag") return;
    const [left, bottom, right, top] = handle.area;
    const node = made("div", "lecture-area", this.box);
    node.dataset.by = handle.by;
    put(node, left, top);
    node.style.width = `${100 * (right - left)}%`;
    node.style.height = `${100 * (top - bottom)}%`;
    this.listen(node, k, 0, false);
    if (!this.about.marks[k].length) this.name(node, k);
  }

  place(marks) {
    const flat = marks.flatMap((some, k) => some.map((place, number) => ({ k, number, place })));
    for (const [i, { k, number, place }] of flat.entries()) {
      this.marks[i] ??= this.mark(k, number);
      this.marks[i].classList.toggle("lecture-gone", place === null); // the keys find it still
      if (place) put(this.marks[i], ...place);
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
    const { label, by } = this.about.handles[k];
    const keys = this.about.marks[k].length && by === "sheet" ? `${KEYS}, ${PAINTS}` : KEYS;
    node.setAttribute("aria-label", `${label}${which}, ${keys}`);
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
      this.ask({ do: what, handle, number, x: x - dx, y: y - dy }, what === "move" && what);
    };
    node.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      node.setPointerCapture(event.pointerId);
      // The keys go on where the hand was: to the mark that an area moves, too.
      const first = this.about.marks.slice(0, handle).flat().length;
      const moved = mark || !this.about.marks[handle].length ? node : this.marks[first];
      moved.focus({ preventScroll: true });
      const { left, top } = node.style; // where the mark is, not where in it the hand took hold
      const [x, y] = at(event);
      const by = [x - parseFloat(left) / 100, y - 1 + parseFloat(top) / 100];
      this.held = { node, by: mark ? by : [0, 0] };
      node.classList.add("lecture-held");
      told("hold", event);
      if (!mark) told("move", event);
    });
    node.addEventListener("pointermove", (event) => {
      const hovered = !mark && this.about.handles[handle].by === "hover";
      if (this.held?.node === node || hovered) told("move", event);
    });
    const letGo = () => {
      if (this.held?.node === node) this.held = null;
      node.classList.remove("lecture-held");
    };
    node.addEventListener("pointerup", letGo);
    node.addEventListener("pointercancel", () => {
      if (this.held?.node === node) this.ask({ do: "back", handle }); // two fingers zoom the page
      letGo();
    });
    node.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return; // keys of the page's own
      const way = ARROWS[event.key];
      if (way) this.ask({ do: "key", handle, number, right: way[0], up: way[1] });
      else if (event.key === "Escape") this.ask({ do: "back", handle });
      else if (event.key === " ") this.ask({ do: "press", handle, number });
      else return;
      if (event.key === "Escape") letGo();
      event.preventDefault();
      event.stopPropagation();
    });
  }

  // What goes to Python.

  look() {
    // The screen's own pixels, again when the page is zoomed or moved to another screen.
    if (this.ended) return;
    const other = window.matchMedia(`(resolution: ${this.askWhole()}dppx)`);
    const { signal } = this.over;
    other.addEventListener("change", () => this.look(), { once: true, signal });
  }

  askWhole() {
    const ratio = window.devicePixelRatio || 1;
    this.send({ do: "look", ratio });
    return ratio;
  }
}

export function render(context) {
  const view = new View(context);
  return () => view.end();
}
