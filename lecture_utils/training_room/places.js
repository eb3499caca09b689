// Where everything of the playground stands, in pixels of the page, for so wide a page or, with many
// layers on a phone, a wider one.

export const TILE = 36; // a small map
const [PITCH, TOP, HIGH] = [44, 60, 470]; // from one to the next, the first one's top, the whole
const [SKETCH, STEP] = [42, 48]; // a small picture of a data set, and from one to the next
const NARROW = 800; // where the output has no room beside the network
const TALL = 560; // where the data has none there either, as on a phone

export function places(room, { data, features, sliders, setting, heads }) {
  const count = setting.hidden.length;
  const width = Math.max(room, 114 + 64 * count); // the signs above a column need 64
  const [wide, tall] = [width >= NARROW, width < TALL];
  const top = tall ? 106 : 0;
  const out = Math.round(
    wide ? Math.min(250, width * 0.26) : tall ? Math.min(width - 76, 300) : 190,
  );
  const [x, y] = [width - out - 8, wide ? 146 : top + HIGH - 2];
  const below = tall ? { y: y + out + 52, wide: width - 56 } : { y, wide: x - 80 };
  const curve = wide ? { x, y: 26, wide: out, high: 78 } : { x: 40, high: 120, ...below };
  const side = heads.length > 1 ? (out - 8) / 2 : out; // in a race two maps share the place
  const [first, last] = [tall ? 50 : 156, wide ? x - 104 : width - TILE - (tall ? 28 : 40)];
  const column = (k) => first + ((last - first) * k) / Math.max(count, 1);
  const tile = (k) => (_, i) => ({ x: column(k), y: top + TOP + PITCH * i, side: TILE });
  const sketch = (_, i) => {
    const [right, down] = tall ? [i, 0] : [i % 2, i >> 1];
    return { x: 2 + STEP * right, y: 26 + STEP * down, side: SKETCH };
  };
  const slider = (_, i) => (tall ? { x: 2 + 108 * i, y: 74 } : { x: 2, y: 186 + 44 * i });
  const under = curve.y + 146;
  const words = wide ? { x, y: y + out + 26, wide: out } : { x: 2, y: under, wide: x - 20 };
  if (tall) words.wide = width - 4;
  const high = wide ? HIGH : tall ? under + 56 : y + out + 44;
  const place = Object.assign(
    { width, wide, tall, high, curve, out, words, top, map: { x, y, side } },
    {
      left: tall ? width : first + 2 * TILE, // as far as what seldom changes goes
      sketches: data.map(sketch),
      sliders: Object.keys(sliders).map(slider),
      features: features.map(tile(0)),
      neurons: setting.hidden.map((size, k) => Array.from({ length: size }, tile(k + 1))),
      columns: Array.from({ length: count + 1 }, (_, k) => column(k)),
      gradients: { y: top + TOP + PITCH * 8 + 6, high: 22 },
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
