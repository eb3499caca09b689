// The playground in the page: what Python says of it is drawn here, and Python is told what a hand
// does. While it plays, Python goes on by itself: a question for each frame would make JupyterLab
// show a busy kernel and an idle one each time, which takes it longer than a frame is to draw.

import { Talk } from "../live/talk.js";
import { Card, listenToCurves, listenToLines, listenToPoints } from "./hand.js";
import { Painter } from "./paint.js";
import { asks, dataParts, mapParts, netParts } from "./parts.js";
import { places } from "./places.js";

const CALM = 1500; // milliseconds: the picture that is then stored takes Python a while
const READ = 125; // milliseconds that words stand while frame follows frame
const FRAMES = 16; // that Python may be ahead of what is drawn: none are drawn in a hidden page
const HINT = "Point at a small map to see it here. Click to add or flip a point, drag to move one.";
const FRAME = `<style></style><div class="playroom-bar"></div><div class="playroom-box"><canvas
  role="img"></canvas></div><div class="lecture-words" role="status"></div><div
  class="lecture-note" role="alert"></div>`;

// Words that are there already are no news to the page.
const say = (node, words) => node.textContent === words || (node.textContent = words);

class View extends Talk {
  constructor(context) {
    super(context, CALM);
    const { model, el } = context;
    el.classList.add("lecture", "playroom");
    el.innerHTML = FRAME;
    [this.look, this.bar, this.box, this.words, this.note] = el.children;
    this.canvas = this.box.firstChild;
    this.painter = new Painter(this.canvas);
    this.what = { rows: [] };
    Object.assign(this, { id: Math.random(), upto: 0 }); // of several views each has its own frames
    this.learn(model.get("about"), model.get("numbers"));
    this.look.textContent = this.what.look;
    this.fill();
    for (const kind of ["click", "input", "change"])
      el.addEventListener(kind, ({ target }) => this.taken(kind, target));
    for (const kind of ["pointerover", "pointerout", "focusin", "focusout"])
      this.box.addEventListener(kind, ({ target }) => {
        const { of } = target.dataset;
        const place = kind.endsWith("out") ? null : JSON.parse(of ?? null);
        if (of) this.ask({ do: "watch", place });
      });
    listenToLines(this);
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(el);
    this.themed = new MutationObserver(() => this.draw());
    this.themed.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
    this.draw();
    this.ask({ do: "look", ratio: 1 }); // the stored picture is not shown here
  }

  end() {
    for (const one of [this.sized, this.themed]) one.disconnect();
    super.end();
  }

  // What comes from Python.

  hear(news, buffers) {
    const answers = news.frame === this.what.frame;
    this.learn(news, buffers[0]);
    if (news.ended) this.play(false);
    if (answers && this.placed) this.write(); // before the next picture: who clicked waits for it
    this.draw();
  }

  learn({ parts, rows, begun, ...news }, numbers) {
    const { what, canvas } = this;
    Object.assign(what, news);
    const longer = (some, now) => [...some.filter(([epoch]) => epoch < now[0][0]), ...now];
    what.rows = begun ? rows : rows.map((now, k) => longer(what.rows[k], now));
    const bytes = numbers.buffer ?? numbers;
    let at = numbers.byteOffset ?? 0;
    for (const [name, kind, length] of parts) {
      const part = bytes.slice(at, (at += length));
      what[name] = kind === "uint8" ? new Uint8Array(part) : new Float32Array(part);
    }
    canvas.dataset.told = Number(canvas.dataset.told ?? 0) + 1;
  }

  // What is in the page.

  fill() {
    const { menus, labels } = this.what;
    const option = (value) => `<option>${value}</option>`;
    const menu = ([name, options]) => `<label>${labels[name]} <select data-set="${name}">
      ${options.map(option).join("")}</select></label>`;
    this.bar.innerHTML = `<button class="playroom-play"></button>
      <button title="one epoch" ${asks({ do: "step" })}>step</button>
      <button title="back to epoch 0" ${asks({ do: "restart" })}>restart</button>
      <span class="playroom-epoch"></span>${Object.entries(menus).map(menu).join("")}`;
    [this.button, this.epoch] = this.bar.querySelectorAll(".playroom-play, .playroom-epoch");
    this.button.addEventListener("click", () => this.play(!this.playing));
    this.play(false);
  }

  // Place everything anew, if the page or the network has another size.
  layOut() {
    const { what, box, canvas, el } = this;
    const { features, hidden, data } = what.setting;
    const room = Math.min(el.clientWidth || what.width, what.width);
    const now = JSON.stringify([room, features, hidden, data, what.heads.length]);
    if (now === this.placed) return;
    const place = places(room, what);
    const size = `width: ${place.width}px; height: ${place.high}px`;
    Object.assign(this, { placed: now, place, line: null, noted: null, stands: 0 });
    for (const node of [box, canvas]) node.style = size;
    box.style.zoom = room / place.width; // less than 1 with many layers on a phone
    for (const node of [this.words, this.note, this.bar]) node.style.maxWidth = `${room}px`;
    const focused = box.contains(document.activeElement) && document.activeElement.ariaLabel;
    this.put();
    const parts = [dataParts(place, what), netParts(place, what), mapParts(place)];
    box.replaceChildren(canvas);
    canvas.insertAdjacentHTML("afterend", parts.flat(9).join(""));
    [this.back, this.map, this.explained] = box.querySelectorAll(
      ".playroom-back, .playroom-map, .playroom-words",
    );
    listenToCurves(this, this.back);
    listenToPoints(this, this.map);
    if (focused) [...box.children].find((node) => node.ariaLabel === focused)?.focus();
  }

  draw() {
    if (this.asked || this.ended) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = null;
      this.layOut();
      const { canvas } = this;
      this.painter.draw(this.place, this.what, this.line);
      canvas.dataset.drawn = Number(canvas.dataset.drawn ?? 0) + 1;
      if (performance.now() >= this.stands) this.write();
      this.goOn();
    });
  }

  // Let the page say what the picture shows.
  write() {
    const { what, canvas, back } = this;
    this.stands = this.playing ? performance.now() + READ : 0;
    say(this.epoch, `epoch ${what.epoch.toLocaleString("en")}`);
    const [, other] = what.heads;
    const hint = other ? `The other, pale in the curves: ${other}` : HINT;
    say(this.explained, this.noted || what.explained || hint);
    back.max = what.epoch;
    back.hidden = !what.epoch;
    if (!back.matches(":active")) back.value = what.epoch; // not under the hand
    for (const field of this.el.querySelectorAll("[data-set]")) this.follow(field);
    if (what.words !== this.said) {
      this.said = what.words;
      this.words.innerHTML = what.words; // escaped by Python
      canvas.ariaLabel = `${what.name}: ${this.words.textContent}`;
    }
    this.card?.show();
  }

  // Let a field show what is set, but not under the hand that sets it.
  follow(field) {
    const { setting, labels } = this.what;
    const value = setting[field.dataset.set];
    if (field.type === "checkbox") field.checked = value;
    else if (field.type !== "range") {
      if (![...field.options].some((option) => option.value === `${value}`))
        field.add(new Option(value));
      if (field.value !== `${value}`) field.value = value;
    } else {
      say(field.previousSibling, `${labels[field.dataset.set]} ${value}`);
      if (field !== document.activeElement) field.value = value;
    }
  }

  // What a hand does to what says in the page what it is for.
  taken(kind, { dataset, type, checked, value, valueAsNumber }) {
    const { set, ask, card } = dataset;
    if (kind === "click" && ask) this.ask(JSON.parse(ask));
    else if (kind === "click" && card) this.put(...JSON.parse(card));
    if (!set || kind !== (type === "range" ? "input" : "change")) return;
    const chosen = () => this.what.menus[set].find((one) => `${one}` === value) ?? Number(value);
    const now = { checkbox: checked, range: valueAsNumber }[type] ?? chosen();
    this.ask({ do: "set", setting: { [set]: now } });
  }

  play(on) {
    this.playing = on;
    this.button.textContent = on ? "❚❚" : "▶";
    this.button.title = this.button.ariaLabel = on ? "pause" : "play";
    this.stands = 0;
    this.draw();
    this.goOn();
  }

  // Allow some more frames, or none.
  goOn() {
    const { id, playing, upto, what } = this;
    if (playing ? upto - what.frame > FRAMES / 2 : !upto) return;
    this.upto = playing ? what.frame + FRAMES : 0;
    this.send({ do: "frames", id, upto: this.upto });
    this.wait();
  }

  get due() {
    return super.due || this.what.frame < this.upto;
  }

  // Show the card of a neuron's weights, or none.
  put(...of) {
    this.card?.node.remove();
    this.card = of.length ? new Card(this, ...of) : null;
  }

  // What goes to Python: of a hand's many places only the newest.

  ask(message) {
    const moved = { ...message.setting, value: 0, x1: 0, x2: 0, y: 0, place: 0, epoch: 0 };
    const still = (name, one) => (name in moved ? null : one);
    const key = JSON.stringify(message, still);
    super.ask(message, ["step", "restart"].includes(message.do) ? null : key);
  }

  silent() {
    this.play(false);
    super.silent();
  }
}

export function render(context) {
  const view = new View(context);
  return () => view.end();
}
