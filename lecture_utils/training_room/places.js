// Where everything of the playground stands, in pixels of the page, for so wide a page or, with many
// layers on a phone, a wider one.

export const TILE = 36; // a small map
const [PITCH, TOP, HIGH] = [44, 60, 470]; // from one to the next, the first one's top, the whole
const [SKETCH, STEP] = [42, 48]; // a small picture of a data set, and from one to the next
const NARROW = 800; // where the output has no room beside the network
const TALL = 560; // where the data has none there either, as on a phone

// The data stands beside the network: the sets in pairs, the sliders below them.
const beside = {
  top: 0,
  first: 156,
  left: 156 + 2 * TILE, // as far as what seldom changes goes
  grip: 14,
  sketch: (_, i) => ({ x: 2 + STEP * (i % 2), y: 26 + STEP * (i >> 1), side: SKETCH }),
  slider: (_, i) => ({ x: 2, y: 186 + 44 * i }),
};

// And the output on its other side, below the curves.
function row(width) {
  const out = Math.round(Math.min(250, width * 0.26));
  const [x, y] = [width - out - 8, 146];
  const curve = { x, y: 26, wide: out, high: 78 };
  const words = { x, y: y + out + 26, wide: out };
  return { ...beside, last: x - 104, out, x, y, curve, words, high: HIGH };
}

// And the output below it, beside the curves.
function twoRows(width) {
  const out = 190;
  const [x, y] = [width - out - 8, HIGH - 2];
  const curve = { x: 40, y, wide: x - 80, high: 120 };
  const words = { x: 2, y: y + 146, wide: x - 20 };
  return { ...beside, last: width - TILE - 40, out, x, y, curve, words, high: y + out + 44 };
}

// Data, network, output, curves and words, one below the other, for a thumb.
function tower(width) {
  const [top, out] = [106, Math.min(width - 76, 300)];
  const [x, y] = [width - out - 8, top + HIGH - 2];
  const curve = { x: 40, y: y + out + 52, wide: width - 56, high: 120 };
  const words = { x: 2, y: curve.y + 146, wide: width - 4 };
  const data = {
    sketch: (_, i) => ({ x: 2 + STEP * i, y: 26, side: SKETCH }),
    slider: (_, i) => ({ x: 2 + 108 * i, y: 74 }),
  };
  const network = { top, first: 50, last: width - TILE - 28, left: width, grip: 24 };
  return { ...data, ...network, out, x, y, curve, words, high: words.y + 56 };
}

export function places(room, { data, features, sliders, setting, heads }) {
  const count = setting.hidden.length;
  const width = Math.max(room, 114 + 64 * count); // the signs above a column need 64
  const wide = width >= NARROW;
  const layOut = wide ? row : width >= TALL ? twoRows : tower;
  const { first, last, sketch, slider, out, x, y, ...more } = layOut(width);
  const side = heads.length > 1 ? (out - 8) / 2 : out; // in a race two maps share the place
  const column = (k) => first + ((last - first) * k) / Math.max(count, 1);
  const tile = (k) => (_, i) => ({ x: column(k), y: more.top + TOP + PITCH * i, side: TILE });
  const place = Object.assign(
    { ...more, width, wide, out, map: { x, y, side } },
    {
      sketches: data.map(sketch),
      sliders: Object.keys(sliders).map(slider),
      features: features.map(tile(0)),
      neurons: setting.hidden.map((size, k) => Array.from({ length: size }, tile(k + 1))),
      columns: Array.from({ length: count + 1 }, (_, k) => column(k)),
      gradients: { y: more.top + TOP + PITCH * 8 + 6, high: 22 },
    },
  );
  return { ...place, layers: layers(place, features, setting) };
}

// The lines of each layer, and where in all weights each stands, and the biases of the layer.
function layers({ wide, map, ...place }, features, setting) {
  const used = setting.features.map((name) => place.features[features.indexOf(name)]);
  const out = wide ? [map.x, map.y + map.side / 2] : [map.x + map.side - 4, map.y];
  let at = 0;
  return [used, ...place.neurons].map((column, layer) => {
    const ends = place.neurons[layer]?.map(({ x, y }) => [x, y + TILE / 2]) ?? [out];
    const lines = column.flatMap(({ x, y }, start) =>
      ends.map(([right, down], end) => {
        const [left, up, middle] = [x + TILE, y + TILE / 2, (x + TILE + right) / 2];
        const bent = `M${left},${up}C${middle},${up} ${middle},${down} ${right},${down}`;
        return { layer, start, end, left, right, path: new Path2D(bent), at: at++ };
      }),
    );
    const biases = at;
    at += ends.length;
    return { lines, ends, biases };
  });
}
