// The skin of one figure as the browser needs it: where a (face, barycentric) lies, what a ray hits, how large a cell is.
// A place on the skin is { face, weights: [a, b] }: the point a * first + b * second + (1 - a - b) * third corner of the face,
// as in waterneedle/body. A cell is a face. Millimetres, +x to the patient's left, y up, z forward.

const PLAIN_ROUNDS = 40;

export class Surface {
  constructor(positions, faces, shared = {}) {
    this.positions = positions;
    this.faces = faces;
    this.shared = shared; // what was found out about the faces; it holds for every figure
    this.normals = vertexNormals(positions, faces);
  }

  get count() { return this.faces.length / 3; }

  // The same faces in another shape.
  moved(positions) { return new Surface(positions, this.faces, this.shared); }

  // The same skin for the eye: the given rows evened out, as in waterneedle/body/plain.py. Points and cells stay on this one.
  plain(rows) {
    const { faces } = this;
    const positions = this.positions.slice();
    const around = this.#nextTo(rows);
    const even = new Float32Array(3 * rows.length);
    for (let round = 0; round < PLAIN_ROUNDS; round++) {
      around.forEach((others, n) => {
        for (let axis = 0; axis < 3; axis++) {
          let sum = 0;
          for (const other of others) sum += positions[3 * other + axis];
          even[3 * n + axis] = sum / others.length;
        }
      });
      rows.forEach((row, n) => positions.set(even.subarray(3 * n, 3 * n + 3), 3 * row));
    }
    return { positions, normals: vertexNormals(positions, faces), faces };
  }

  // The rows next to each of `rows`; the same for every figure, so found once.
  #nextTo(rows) {
    if (!this.shared.nextTo) {
      const chosen = new Map(rows.map((row) => [row, []]));
      const { faces } = this;
      for (let side = 0; side < faces.length; side++) chosen.get(faces[side])?.push(faces[side - side % 3 + (side + 1) % 3]);
      this.shared.nextTo = [...chosen.values()];
    }
    return this.shared.nextTo;
  }

  at({ face, weights: [a, b] }) {
    return this.#blend(this.positions, face, a, b);
  }

  normalAt({ face, weights: [a, b] }) {
    return unit(this.#blend(this.normals, face, a, b));
  }

  #blend(from, face, a, b) {
    const [i, j, k] = this.#rows(face);
    const c = 1 - a - b;
    return [0, 1, 2].map((axis) => a * from[i + axis] + b * from[j + axis] + c * from[k + axis]);
  }

  #rows(face) {
    const { faces } = this;
    return [3 * faces[3 * face], 3 * faces[3 * face + 1], 3 * faces[3 * face + 2]];
  }

  // What a ray from `origin` along `direction` meets first from outside, not farther than `reach` mm; null for nothing.
  hit(origin, direction, reach = Infinity) {
    const { positions: p, faces } = this;
    const [ox, oy, oz] = origin;
    const [dx, dy, dz] = direction;
    let nearest = reach;
    let found = null;
    for (let f = 0; f < faces.length; f += 3) {
      const i = 3 * faces[f];
      const j = 3 * faces[f + 1];
      const k = 3 * faces[f + 2];
      const x = p[i], y = p[i + 1], z = p[i + 2];
      const ux = p[j] - x, uy = p[j + 1] - y, uz = p[j + 2] - z;
      const vx = p[k] - x, vy = p[k + 1] - y, vz = p[k + 2] - z;
      const hx = dy * vz - dz * vy, hy = dz * vx - dx * vz, hz = dx * vy - dy * vx;
      const det = ux * hx + uy * hy + uz * hz;
      if (det < 1e-9) continue; // seen from behind, or along the face
      const sx = ox - x, sy = oy - y, sz = oz - z;
      const u = (sx * hx + sy * hy + sz * hz) / det;
      if (u < 0 || u > 1) continue;
      const qx = sy * uz - sz * uy, qy = sz * ux - sx * uz, qz = sx * uy - sy * ux;
      const v = (dx * qx + dy * qy + dz * qz) / det;
      if (v < 0 || u + v > 1) continue;
      const t = (vx * qx + vy * qy + vz * qz) / det;
      if (t > 1e-6 && t < nearest) {
        nearest = t;
        found = { face: f / 3, weights: [1 - u - v, u], distance: t, xyz: [ox + t * dx, oy + t * dy, oz + t * dz] };
      }
    }
    return found;
  }

  // Whether a place can be seen from `eye`: it faces it, and nothing lies before it.
  sees(eye, xyz, normal) {
    const towards = minus(eye, xyz);
    if (dot(towards, normal) <= 0) return false;
    const distance = Math.hypot(...towards);
    return this.hit(eye, unit(minus(xyz, eye)), distance - 4) === null;
  }

  areaMm2(face) {
    const [i, j, k] = this.#rows(face);
    const corner = (row) => [this.positions[row], this.positions[row + 1], this.positions[row + 2]];
    return Math.hypot(...cross(minus(corner(j), corner(i)), minus(corner(k), corner(i)))) / 2;
  }

  centreOf(face) { return this.at({ face, weights: [1 / 3, 1 / 3] }); }

  // The cells that hang together with `start` and whose middle lies within `radius` mm of `xyz`: one dab of a brush.
  dab(start, xyz, radius) {
    const neighbours = this.#neighbours();
    const cells = new Set([start]);
    const open = [start];
    while (open.length) {
      const cell = open.pop();
      for (let side = 0; side < 3; side++) {
        const next = neighbours[3 * cell + side];
        if (next < 0 || cells.has(next) || Math.hypot(...minus(this.centreOf(next), xyz)) > radius) continue;
        cells.add(next);
        open.push(next);
      }
    }
    return cells;
  }

  // For each side of each face the face across it, -1 for none; the same for every figure, so found once.
  #neighbours() {
    if (this.shared.across) return this.shared.across;
    const { faces } = this;
    const sides = new Map();
    const across = new Int32Array(faces.length).fill(-1);
    for (let side = 0; side < faces.length; side++) {
      const [a, b] = [faces[side], faces[side - side % 3 + (side + 1) % 3]];
      const other = sides.get(b * 65536 + a);
      if (other === undefined) sides.set(a * 65536 + b, side);
      else [across[side], across[other]] = [Math.floor(other / 3), Math.floor(side / 3)];
    }
    this.shared.across = across;
    return across;
  }
}

export const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const plus = (a, b, times = 1) => [a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]];
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const unit = (a) => { const length = Math.hypot(...a) || 1; return [a[0] / length, a[1] / length, a[2] / length]; };

function vertexNormals(p, faces) {
  const normals = new Float32Array(p.length);
  for (let f = 0; f < faces.length; f += 3) {
    const i = 3 * faces[f], j = 3 * faces[f + 1], k = 3 * faces[f + 2];
    const ux = p[j] - p[i], uy = p[j + 1] - p[i + 1], uz = p[j + 2] - p[i + 2];
    const vx = p[k] - p[i], vy = p[k + 1] - p[i + 1], vz = p[k + 2] - p[i + 2];
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    for (const row of [i, j, k]) {
      normals[row] += nx;
      normals[row + 1] += ny;
      normals[row + 2] += nz;
    }
  }
  for (let row = 0; row < normals.length; row += 3) {
    const length = Math.hypot(normals[row], normals[row + 1], normals[row + 2]) || 1;
    normals[row] /= length;
    normals[row + 1] /= length;
    normals[row + 2] /= length;
  }
  return normals;
}
