// The surface of a body in the browser: `vertices` and `faces` of waterneedle/body/mesh.py once more, from the same pack.
// The layout is told in ../pack/README.md; tests/body/golden.json holds both to the same figures.

// The decoded pack: `header` is body.json, `packed` the bytes of body.bin.
export async function decode(header, packed) {
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(inflated).arrayBuffer());
  const rows = header.surface + header.joints.length;
  const count = (1 + header.modes) * 3 * rows;
  const shapes = new Float32Array(count);
  for (let i = 0; i < count; i++) shapes[i] = (((bytes[count + i] << 24) >> 16) | bytes[i]) * header.step_mm;
  const quads = new Uint16Array(bytes.slice(2 * count, 2 * count + 8 * header.quads).buffer);
  return { rows, shapes, quads, midline: header.midline, surface: header.surface };
}

// x, y, z of each vertex in turn, mm: +x to the patient's left, y up from the sole, z forward.
export function vertices({ rows, shapes, midline, surface }, coefficients) {
  const half = shapes.slice(0, 3 * rows);
  coefficients.forEach((share, k) => {
    const mode = shapes.subarray(3 * rows * (k + 1), 3 * rows * (k + 2));
    for (let i = 0; i < half.length; i++) half[i] += share * mode[i];
  });
  const [x, y, z] = [0, 1, 2].map((axis) => half.subarray(axis * rows, axis * rows + surface));
  const sole = y.reduce((low, value) => Math.min(low, value));
  const out = new Float32Array(3 * (2 * surface - midline));
  for (let i = 0; i < surface; i++) {
    out.set([x[i], y[i] - sole, z[i]], 3 * i);
    if (i >= midline) out.set([-x[i], y[i] - sole, z[i]], 3 * (i + surface - midline));
  }
  return out;
}

// A figure that is sent whole (`half` of waterneedle/body/chart.py): base64 of int16 in steps, midline and left side.
export function unpacked({ midline, surface }, half, stepMm = 0.08) {
  const bytes = Uint8Array.from(atob(half), (letter) => letter.charCodeAt(0));
  const steps = new Int16Array(bytes.buffer);
  const out = new Float32Array(3 * (2 * surface - midline));
  for (let i = 0; i < surface; i++) {
    const [x, y, z] = [stepMm * steps[3 * i], stepMm * steps[3 * i + 1], stepMm * steps[3 * i + 2]];
    out.set([x, y, z], 3 * i);
    if (i >= midline) out.set([-x, y, z], 3 * (i + surface - midline));
  }
  return out;
}

// Three rows of `vertices` for each triangle: the left half, then the right half in the same order.
export function faces({ quads, midline, surface }) {
  const half = quads.length / 4 * 6;
  const out = new Uint16Array(2 * half);
  const across = (row) => (row < midline ? row : row + surface - midline);
  for (let i = 0; i < quads.length; i += 4) {
    const [a, b, c, d] = quads.subarray(i, i + 4);
    out.set([a, b, c, a, c, d], i / 4 * 6);
    out.set([a, c, b, a, d, c].map(across), half + i / 4 * 6);
  }
  return out;
}
