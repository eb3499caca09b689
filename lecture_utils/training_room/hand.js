// What a hand and its keys do in the picture: to weights, and to points.

import { ARROWS } from "../live/talk.js";
import { REACH, lowest } from "./paint.js";

const NEAR = [2, 6, 14]; // pixels wide is a line for a hand that looks for the nearest
const FAR = 50; // pixels that a hand moves for a weight to change by 1
const round = (value) => Number(value.toFixed(2));

// Where a pointer is in a node, in the node's own pixels: a phone may show it smaller.
const within = (node, { clientX, clientY }) => {
  const { left, top, width } = node.getBoundingClientRect();
  const scale = node.clientWidth / width;
  return [scale * (clientX - left), scale * (clientY - top)];
};

export const called = (what, layer, end) =>
  layer === what.setting.hidden.length ? "output" : `layer ${layer + 1}, neuron ${end + 1}`;

// What goes into a layer, by name, and last its bias.
const inputs = ({ setting, names, features }, layer) => {
  const before = Array.from({ length: setting.hidden[layer - 1] ?? 0 }, (_, i) => `a${i + 1}`);
  const used = setting.features.map((name) => names[features.indexOf(name)]);
  return [...(layer ? before : used), "bias"];
};

// The weights of one neuron, to be slid or typed.
export class Card {
  constructor(view, layer, end, first = 0) {
    const { what, place, box } = view;
    const [right, down] = place.layers[layer].ends[end];
    Object.assign(this, { view, layer, end, node: document.createElement("div") });
    const name = called(what, layer, end);
    this.node.className = "playroom-card";
    this.node.role = "dialog";
    this.node.ariaLabel = `weights of ${name}`;
    const [min, max, step] = what.weight;
    const field = (type) => `<input type="${type}" step="${step}" min="${min}" max="${max}">`;
    const rows = inputs(what, layer).map(
      (input) => `<label><span>${input}</span>${field("range")}${field("number")}</label>`,
    );
    this.node.innerHTML = `<button title="close">×</button><b>${name}</b>${rows.join("")}`;
    box.append(this.node);
    const top = Math.min(down - 20, place.high - this.node.offsetHeight);
    this.node.style.left = `${Math.max(right - 270, 4)}px`;
    this.node.style.top = `${Math.max(top, 4)}px`;
    this.rows = [...this.node.querySelectorAll("label")].map((row) =>
      row.querySelectorAll("input"),
    );
    this.node.firstChild.addEventListener("click", () => view.put());
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && view.put());
    this.node.addEventListener("input", ({ target }) => {
      const row = this.rows.findIndex((fields) => [...fields].includes(target));
      const start = row === this.rows.length - 1 ? "bias" : row;
      const value = target.valueAsNumber;
      if (Number.isFinite(value)) view.ask({ do: "weight", layer, start, end, value });
    });
    this.show();
    this.rows[first][1].focus();
    this.rows[first][1].select();
  }

  show() {
    const { lines, biases } = this.view.place.layers[this.layer];
    const places = lines.filter((line) => line.end === this.end).map((line) => line.at);
    for (const [i, fields] of this.rows.entries())
      for (const field of fields)
        if (field !== document.activeElement)
          field.value = round(this.view.what.weights[places[i] ?? biases + this.end]);
  }
}

// Lines: drag one up or down, click it to type.
export function listenToLines(view) {
  const { canvas } = view;
  const near = (pointer) => {
    const { pen } = view.painter;
    const [x, y] = within(canvas, pointer);
    const ratio = canvas.width / canvas.clientWidth;
    const lines = view.place.layers.flatMap((layer) => layer.lines);
    const there = lines.filter(({ left, right }) => left <= x && x <= right);
    for (const wide of NEAR) {
      pen.lineWidth = wide;
      const found = there.find(({ path }) => pen.isPointInStroke(path, x * ratio, y * ratio));
      if (found) return found;
    }
    return null;
  };
  const words = ({ layer, start, end, at }) => {
    const [from, to] = [inputs(view.what, layer)[start], called(view.what, layer, end)];
    const weight = view.what.weights[at].toFixed(2);
    return `${from} to ${to}: weight ${weight}. Drag it up or down, or click it.`;
  };
  const see = (line) => {
    Object.assign(view, { line, noted: line && words(line) });
    canvas.style.cursor = line ? "ns-resize" : "";
    view.draw();
  };
  let grip = null;
  canvas.addEventListener("pointermove", (event) => {
    if (!grip) return see(near(event));
    const up = grip.y - event.clientY;
    grip.moved ||= Math.abs(up) > 2;
    const { layer, start, end } = grip.line;
    const value = round(grip.value + up / FAR);
    if (grip.moved) view.ask({ do: "weight", layer, start, end, value });
    see(grip.line);
  });
  canvas.addEventListener("pointerleave", () => grip || see(null));
  canvas.addEventListener("pointerdown", (event) => {
    const line = event.button === 0 && near(event);
    view.put();
    if (!line) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    grip = { line, y: event.clientY, value: view.what.weights[line.at] };
  });
  canvas.addEventListener("pointerup", () => {
    if (grip && !grip.moved) view.put(grip.line.layer, grip.line.end, grip.line.start);
    grip = null;
  });
  // A finger on a line moves the line, elsewhere the page.
  const kept = (event) => {
    const [finger, another] = event.touches;
    if (!another && near(finger)) event.preventDefault();
  };
  canvas.addEventListener("touchstart", kept, { passive: false });
}

// Points: a click makes one, a click on one gives it the other class, a drag moves it.
export function listenToPoints(view, node) {
  const unit = node.clientWidth / (2 * REACH);
  const kept = (part) => round(Math.min(Math.max(part, -REACH), REACH));
  const at = (pointer) => {
    const [x, y] = within(node, pointer);
    return [x / unit - REACH, REACH - y / unit].map(kept);
  };
  const find = ([x, y]) => {
    const { train } = view.what;
    let [number, least] = [train.length / 3, 8 / unit];
    for (let i = 0; i < train.length; i += 3) {
      const far = Math.hypot(train[i] - x, train[i + 1] - y);
      if (far < least) [number, least] = [i / 3, far];
    }
    const [x1, x2, side] = train.subarray(3 * number);
    return { number, found: side !== undefined, was: [round(x1 ?? x), round(x2 ?? y)], side };
  };
  const tell = ({ number }, [x1, x2], y) => view.ask({ do: "point", number, x1, x2, y });
  const press = (point) => tell(point, point.was, point.found ? -point.side : 1);
  let held = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.button === 0) held = { ...find(at(event)), x: event.clientX, y: event.clientY };
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true }); // so that Escape is heard; not every browser does so
  });
  node.addEventListener("pointermove", (event) => {
    if (!held?.found) return;
    held.moved ||= Math.hypot(event.clientX - held.x, event.clientY - held.y) > 3;
    if (held.moved) tell(held, at(event), held.side);
  });
  node.addEventListener("pointerup", () => {
    if (held && !held.moved) press(held);
    held = null;
  });
  node.addEventListener("keydown", (event) => {
    const [way, { what }] = [ARROWS[event.key], view];
    if (event.key === "Escape" && held?.moved) {
      tell(held, held.was, held.side);
      held = null;
    } else if (way) {
      const point = what.cross && find(what.cross);
      what.cross = (what.cross ?? [0, 0]).map((part, i) => kept(part + 0.2 * way[i]));
      if (event.shiftKey && point?.found) tell(point, what.cross, point.side);
    } else if (event.key === "Enter" && what.cross) press(find(what.cross));
    else return;
    event.preventDefault();
    view.draw();
  });
}

// The line at the end of the loss curves: dragged back, it takes all back to that epoch.
export function listenToCurves(view, node) {
  const note = (words) => {
    view.noted = words;
    view.draw();
  };
  node.addEventListener("pointerenter", () => {
    const [best, , loss] = lowest(view.what.rows[0]);
    const least = `The test loss was lowest at epoch ${best}: ${loss?.toFixed(3)}.`;
    note(`${least} Drag the line back to it: that is early stopping.`);
  });
  node.addEventListener("pointerleave", () => note(null));
  node.addEventListener("input", () => {
    view.play(false);
    note(`Let go, and all is as it was at epoch ${node.value}.`);
  });
  node.addEventListener("change", () => {
    note(null);
    view.ask({ do: "back", epoch: node.valueAsNumber });
  });
}
