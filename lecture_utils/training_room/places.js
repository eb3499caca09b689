// Where everything of the playground stands, in pixels of the page, for so wide a page.

export const TILE = 36; // a small map
const [PITCH, TOP, HIGH] = [44, 60, 470]; // from one to the next, the first one's top, the whole
const [SKETCH, STEP] = [42, 48]; // a small picture of a data set, and from one to the next
const NARROW = 800; // where the output has no room beside the network

export function places(width, { data, features, setting, heads }) {
  const wide = width >= NARROW;
  const out = Math.round(wide ? Math.min(250, width * 0.26) : 190);
  const [x, y] = [width - out - 8, wide ? 146 : HIGH - 2];
  const curve = wide ? { x, y: 26, wide: out, high: 78 } : { x: 40, y, wide: x - 80, high: 120 };
  const side = heads.length > 1 ? (out - 8) / 2 : out; // in a race two maps share the place
  const [first, last] = [156, wide ? x - 104 : width - TILE - 40];
  const count = setting.hidden.length;
  const column = (k) => first + ((last - first) * k) / Math.max(count, 1);
  const tile = (k) => (_, i) => ({ x: column(k), y: TOP + PITCH * i, side: TILE });
  const sketch = (_, i) => ({ x: 2 + STEP * (i % 2), y: 26 + STEP * (i >> 1), side: SKETCH });
  const high = wide ? HIGH : y + out + 44;
  const words = wide ? { x, y: y + out + 26, wide: out } : { x: 2, y: y + 146, wide: x - 20 };
  const place = Object.assign(
    { width, wide, high, curve, out, words, map: { x, y, side } },
    {
      sketches: data.map(sketch),
      features: features.map(tile(0)),
      neurons: setting.hidden.map((size, k) => Array.from({ length: size }, tile(k + 1))),
      columns: Array.from({ length: count + 1 }, (_, k) => column(k)),
      gradients: { y: TOP + PITCH * 8 + 6, high: 22 },
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
