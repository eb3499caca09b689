// What lies over the picture of the playground for a hand and for the keys, as HTML.

import { called } from "./hand.js";
import { TILE } from "./places.js";

const KEYS =
  "output: arrow keys move a mark, with Shift its point; Enter makes a point or flips one";

// What is asked of Python by a click on a node that says so.
export const asks = (message) => `data-ask="${JSON.stringify(message).replaceAll('"', "&quot;")}"`;
const sets = (name, value) => asks({ do: "set", setting: { [name]: value } });
const card = (layer, end) => `data-card="[${layer},${end}]" aria-haspopup="dialog"`;
const spot = ({ x, y, side }, label, more = "") =>
  `<button class="playroom-spot" aria-label="${label}" ${more}
    style="left: ${x}px; top: ${y}px; width: ${side}px; height: ${side}px"></button>`;

export function dataParts({ sketches, sliders: places }, { data, sliders, setting }) {
  const sketch = (name, i) => {
    const again = asks({ do: "set", setting: { data: name, points: [] } });
    const pressed = `title="${name}" aria-pressed="${name === setting.data}"`;
    return spot(sketches[i], `data ${name}`, `${again} ${pressed}`);
  };
  const slider = ([name, [min, max, step]], i) => `<label class="playroom-small"
    style="left: ${places[i].x}px; top: ${places[i].y}px"><span></span><input type="range"
    data-set="${name}" min="${min}" max="${max}" step="${step}"></label>`;
  return [data.map(sketch), Object.entries(sliders).map(slider)];
}

// Fewer and more: of neurons above each column, of layers above them all.
export function netParts({ features, neurons, columns, top, width }, what) {
  const { hidden, features: used } = what.setting;
  const feature = (name, i) => {
    const on = used.includes(name);
    const next = on ? used.filter((one) => one !== name) : [...used, name];
    const more = `${sets("features", next)} aria-pressed="${on}" data-of="[0,${i}]"`;
    return spot(features[i], `feature ${what.names[i]}`, more);
  };
  const neuron = (tile, k, i) =>
    spot(tile, called(what, k, i), `data-of="[${k + 1},${i}]" ${card(k, i)}`);
  const [layers, most] = what.most;
  const may = (sizes) => {
    const can = sizes.length <= layers && sizes.every((size) => size > 0 && size <= most);
    return can && `${sizes}` !== `${hidden}` ? sets("hidden", sizes) : "disabled";
  };
  const count = ([x, y], words, of, fewer, more) => `<div class="playroom-count"
    style="left: ${x}px; top: ${y}px"><button aria-label="fewer ${of}" ${may(fewer)}>−</button
    >${words}<button aria-label="more ${of}" ${may(more)}>+</button></div>`;
  const to = (k, by) => hidden.map((size, i) => size + by * (i === k));
  const above = (size, k) => {
    const at = [columns[k + 1] + TILE / 2, top + 34];
    return count(at, size, `neurons in layer ${k + 1}`, to(k, -1), to(k, 1));
  };
  const first = columns[1] ?? Math.min(columns[0] + 260, width - 110);
  const middle = [(first + Math.max(columns.at(-1), first) + TILE) / 2, top + 4];
  const words = `${hidden.length} hidden layer${hidden.length === 1 ? "" : "s"}`;
  return [
    what.features.map(feature),
    neurons.map((column, k) => column.map((tile, i) => neuron(tile, k, i))),
    count(middle, words, "hidden layers", hidden.slice(0, -1), [...hidden, hidden.at(-1) ?? 4]),
    hidden.map(above),
  ];
}

export function mapParts({ map: { x, y, side }, curve, out, words, layers, grip }) {
  const [right, down] = layers.at(-1).ends[0];
  const end = { x: right + 2 - grip, y: down - grip / 2, side: grip };
  const check = (name, label) =>
    `<label><input type="checkbox" data-set="${name}">${label}</label>`;
  const at = (left, top, wide) => `style="left: ${left}px; top: ${top}px; width: ${wide}px"`;
  const map = spot({ x, y, side }, KEYS).replace("spot", "spot playroom-map");
  const back = `style="left: ${curve.x - 5}px; top: ${curve.y}px; width: ${curve.wide + 10}px;
    --high: ${curve.high}px" aria-label="epoch, to go back to" title="drag to go back"`;
  return [
    `<input type="range" class="playroom-back" min="0" ${back}>`,
    map,
    spot(end, "weights of the output", card(layers.length - 1, 0)),
    `<div class="playroom-small playroom-checks" ${at(x, y + side + 4, out)}>`,
    check("test", "show test data"),
    check("discrete", "discretise"),
    `</div><div class="playroom-words" ${at(words.x, words.y, words.wide)}></div>`,
  ];
}
