// Draws the playground from numbers: `what` is known of it, `place` is where all of it stands.

import { TILE } from "./places.js";

export const REACH = 6; // the plane goes from -6 to 6
const SMALL = 25; // points along each side of a neuron's map
const HIGHEST = 100; // loss that is still drawn

const framed = (x, y, wide, high) => new Path2D(`M${x},${y}h${wide}v${high}h${-wide}z`);

// The row in which the test loss was lowest.
export const lowest = (rows) =>
  rows.reduce((best, row) => ((row[2] ?? Infinity) < (best[2] ?? Infinity) ? row : best));

export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.copies = {}; // name -> what is drawn once, and what it depends on
    this.pictures = {}; // name -> canvas
  }

  draw(place, what, held) {
    const { canvas, pen } = this;
    const ratio = window.devicePixelRatio || 1;
    const size = [place.width, place.high].map((length) => Math.round(length * ratio));
    if (`${size}` !== `${[canvas.width, canvas.height]}`) [canvas.width, canvas.height] = size;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, place.width, place.high);
    const style = getComputedStyle(canvas);
    Object.assign(this, { ratio, ink: style.color, face: style.fontFamily });
    this.size = Math.min(Math.max(0.8 * parseFloat(style.fontSize), 12), 15);
    this.table = what.colours;
    pen.imageSmoothingEnabled = !what.setting.discrete;
    this.lines(place, what, held);
    const left = { x: 0, y: 0, wide: place.left, high: place.high };
    this.still("left", left, [place, what.sketches, what.setting.discrete], () => {
      this.sketches(place, what);
      this.features(place, what);
    });
    this.neurons(place, what);
    this.output(place, what);
    this.curves(place, what);
    this.gradients(place, what);
  }

  // Draw what seldom changes: anew where one of its `causes` is another one, else from a copy.
  still(name, { x, y, wide, high }, causes, draw) {
    const { pen, ratio, ink } = this;
    const [left, top] = [x, y].map((at) => Math.floor(at * ratio));
    const all = [ratio, ink, this.size, this.face, ...causes];
    if (all.some((cause, i) => cause !== this.copies[name]?.all[i])) {
      const canvas = new OffscreenCanvas(Math.ceil(wide * ratio) + 1, Math.ceil(high * ratio) + 1);
      this.pen = canvas.getContext("2d");
      this.pen.imageSmoothingEnabled = pen.imageSmoothingEnabled;
      this.pen.setTransform(ratio, 0, 0, ratio, -left, -top);
      draw();
      this.pen = pen;
      this.copies[name] = { canvas, all };
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.copies[name].canvas, left, top);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  say(words, x, y, align = "left", ink = this.ink, most = 1000) {
    Object.assign(this.pen, { textAlign: align, fillStyle: ink });
    this.pen.font = `${this.size}px ${this.face}`;
    this.pen.fillText(words, x, y, most);
  }

  stroke(path, strokeStyle, lineWidth, dash) {
    Object.assign(this.pen, { strokeStyle, lineWidth });
    if (dash) this.pen.setLineDash(dash);
    this.pen.stroke(path);
    if (dash) this.pen.setLineDash([]);
  }

  // The colour of a number from -1 to +1.
  side(value) {
    const level = Math.trunc(127 * Math.min(Math.max(value, -1), 1) + 127.5);
    const [red, green, blue] = this.table.subarray(4 * level);
    return `rgb(${red} ${green} ${blue})`;
  }

  // A picture of levels, each a row of the table of colours.
  picture(name, levels, wide) {
    const high = levels.length / wide;
    const made = (this.pictures[name] ??= new OffscreenCanvas(wide, high));
    if (made.height !== high || made.width !== wide)
      Object.assign(made, { width: wide, height: high });
    const [table, pixels] = [new Uint32Array(this.table.buffer), new Uint32Array(levels.length)];
    for (let i = 0; i < levels.length; i++) pixels[i] = table[levels[i]];
    const image = new ImageData(new Uint8ClampedArray(pixels.buffer), wide, high);
    made.getContext("2d").putImageData(image, 0, 0);
    return made;
  }

  lines({ layers }, { weights }, held) {
    const [minus, plus] = [-1, 1].map((side) => this.side(side));
    this.pen.globalAlpha = 0.85;
    for (const { path, at } of layers.flatMap((layer) => layer.lines)) {
      const wide = Math.min(0.25 + 1.8 * Math.abs(weights[at]), 7) || 0.25;
      this.stroke(path, weights[at] > 0 ? plus : minus, wide);
    }
    this.pen.globalAlpha = 1;
    if (held) this.stroke(held.path, this.ink, 2, [2, 5]);
  }

  sketches(place, { data, sketches, setting }) {
    this.say("data", 2, 16);
    const count = sketches.length / data.length;
    for (const [i, { x, y, side }] of place.sketches.entries()) {
      this.pen.globalAlpha = data[i] === setting.data ? 1 : 0.6;
      this.pen.fillStyle = "#fff";
      this.pen.fillRect(x, y, side, side);
      this.points(sketches.subarray(i * count, (i + 1) * count), place.sketches[i], 1.3);
      this.pen.globalAlpha = 1;
    }
  }

  tile(all, i, { x, y, side }, alpha) {
    this.pen.globalAlpha = alpha;
    this.pen.drawImage(all, 0, i * SMALL, SMALL, SMALL, x, y, side, side);
    this.pen.globalAlpha = 1;
  }

  features({ features, columns, top }, what) {
    this.say("features", columns[0] + TILE / 2, top + 16, "center");
    const all = this.picture("features", what.featureMaps, SMALL);
    for (const [i, tile] of features.entries()) {
      this.tile(all, i, tile, what.setting.features.includes(what.features[i]) ? 1 : 0.3);
      this.say(what.names[i], tile.x - 6, tile.y + TILE / 2 + 4, "right");
    }
  }

  neurons({ neurons, layers }, what) {
    const { pen } = this;
    const all = what.maps.length && this.picture("neurons", what.maps, SMALL);
    let count = 0;
    for (const [k, column] of neurons.entries())
      for (const [i, tile] of column.entries()) {
        const { x, y } = tile;
        this.tile(all, count++, tile, what.asleep[k]?.[i] ? 0.25 : 1);
        pen.fillStyle = "#fff";
        pen.fillRect(x, y + TILE - 9, 9, 9);
        pen.fillStyle = this.side(Math.tanh(what.weights[layers[k].biases + i]));
        pen.fillRect(x, y + TILE - 7, 7, 7);
      }
  }

  points(rows, { x, y, side }, radius, edge, wide = 0.8) {
    const { pen } = this;
    const unit = side / (2 * REACH);
    for (let i = 0; i < rows.length; i += 3) {
      const [right, down] = [x + (rows[i] + REACH) * unit, y + (REACH - rows[i + 1]) * unit];
      const square = [right - radius, down - radius, 2 * radius, 2 * radius];
      const path = rows[i + 2] > 0 ? new Path2D() : framed(...square);
      if (rows[i + 2] > 0) path.arc(right, down, radius, 0, 7);
      pen.fillStyle = this.side(rows[i + 2]);
      pen.fill(path);
      if (edge) this.stroke(path, edge, wide);
    }
  }

  output({ map, high, width }, what) {
    const { pen } = this;
    const { x, y, side } = map;
    this.say(what.title, x, y - 6);
    const [head, other] = what.heads;
    this.say(head, 2, high - 6, "left", this.ink, width - 4);
    const show = (name, left) => {
      const picture = this.picture(name, what[name], Math.sqrt(what[name].length));
      pen.drawImage(picture, left, y, side, side);
    };
    show("output", x);
    if (other) {
      show("other", x + side + 8);
      this.say("the other", x + side + 8, y - 6);
    }
    const test = what.setting.test && what.test;
    this.still("points", { x, y, wide: side, high: side }, [map, what.train, test], () => {
      this.pen.clip(framed(x, y, side, side));
      if (test) this.points(test, map, 1.6, "#0008");
      this.points(what.train, map, 0.22 * Math.sqrt(side), "#fff", 1.2);
    });
    if (!what.cross) return;
    const [left, top] = [what.cross[0] + REACH, REACH - what.cross[1]];
    const unit = side / (2 * REACH);
    this.stroke(framed(x + left * unit - 7, y + top * unit - 7, 14, 14), "#000", 1.5);
  }

  curves({ curve: { x, y, wide, high } }, { rows: [rows, others = []], inks }) {
    const [epoch, ...now] = rows.at(-1);
    const both = [...rows, ...others];
    const losses = both.flatMap((row) => row.slice(1)).filter((loss) => loss !== null);
    const most = Math.min(Math.max(...losses, 1e-3), HIGHEST);
    const power = 10 ** Math.floor(Math.log10(most));
    const top = Number((power * [1, 2, 5, 10].find((k) => power * k >= most)).toPrecision(1));
    this.stroke(framed(x + 0.5, y + 0.5, wide - 1, high), this.ink, 1);
    const draw = (some, column, ink, dash) => {
      const path = new Path2D();
      for (const row of some) {
        const share = Math.min(row[column] ?? top, top) / top;
        path.lineTo(x + (wide * row[0]) / Math.max(epoch, 1), y + high * (1 - share));
      }
      this.stroke(path, ink, 2, dash);
    };
    for (const some of [others, rows]) {
      this.pen.globalAlpha = some === rows ? 1 : 0.4;
      draw(some, 1, this.ink);
      draw(some, 2, inks.error, [5, 4]);
    }
    const least = lowest(rows);
    if (least[0] < epoch) {
      const ring = new Path2D();
      const [right, down] = [(wide * least[0]) / epoch, high * (1 - Math.min(least[2] / top, 1))];
      ring.arc(x + right, y + down, 4, 0, 7);
      this.stroke(ring, inks.error, 2);
    }
    const [training, test] = now.map((loss) => loss?.toFixed(3) ?? "∞");
    this.say(`training loss ${training}`, x, y - 8);
    this.say(`test ${test}`, x + wide, y - 8, "right", inks.error);
    this.say(top, x - 4, y + this.size - 3, "right");
    this.say("0", x - 4, y + high, "right");
    this.say("epoch 0", x, y + high + this.size + 1);
    this.say(epoch, x + wide, y + high + this.size + 1, "right");
  }

  gradients({ gradients: { y, high }, columns, map, width, wide }, what) {
    const left = columns[0] + TILE;
    this.say("gradient by layer", left, y + high - 5, "right", this.ink, left - 2);
    for (const [k, size] of what.gradients.entries()) {
      const right = columns[k + 1] ?? (wide ? map.x : width);
      const x = (columns[k] + TILE + right) / 2 - 7;
      const share = Math.min(Math.max((Math.log10(size || 1e-6) + 6) / 7, 0), 1);
      this.pen.fillStyle = what.inks.path;
      this.pen.fillRect(x, y + high * (1 - share), 14, high * share);
      this.stroke(framed(x, y, 14, high), this.ink, 0.5);
    }
  }
}
