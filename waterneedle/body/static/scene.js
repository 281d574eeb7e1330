// The body drawn with three.js: skin, painted cells, dots. Draws when asked; who asks is chart.js.
import {
  BufferAttribute, BufferGeometry, Color, Mesh, PerspectiveCamera, Points, Scene as Room, ShaderMaterial, Vector3, WebGLRenderer,
} from "three";
import { FIELD } from "./orbit.js";
import { dotMaterial } from "./dots.js";
import { SHAPES } from "./shapes.js";

const SKIN_VERTEX = `
varying vec3 turned;
varying vec3 seen;
void main() {
  vec4 place = modelViewMatrix * vec4(position, 1.0);
  turned = normalMatrix * normal;
  seen = -place.xyz;
  gl_Position = projectionMatrix * place;
}`;

// Lambert with two lights that stay with the eye, so that every side is lit alike; grazing skin darkens as in a drawing.
const LIGHT = `
float light(vec3 n, vec3 v) {
  float key = max(dot(n, vec3(-0.42, 0.62, 0.66)), 0.0);
  float fill = max(dot(n, vec3(0.72, -0.12, 0.68)), 0.0);
  float edge = 1.0 - max(dot(n, v), 0.0);
  float shade = (0.46 + 0.44 * key + 0.16 * fill) * (1.0 - 0.42 * edge * edge * edge);
  return pow(shade, 2.0); // to linear light: flat.py draws the same shades on paper
}`;

const SKIN_FRAGMENT = `
uniform vec3 tone;
varying vec3 turned;
varying vec3 seen;
${LIGHT}
void main() {
  float shade = light(normalize(turned), normalize(seen));
  gl_FragColor = vec4(tone * shade * mix(vec3(0.93, 0.86, 0.8), vec3(1.0), shade), 1.0);
  #include <colorspace_fragment>
}`;

const CELL_VERTEX = `
attribute vec4 paint;
attribute float amount;
varying float share;
varying vec4 painted;
varying vec3 turned;
varying vec3 seen;
void main() {
  vec4 place = modelViewMatrix * vec4(position, 1.0);
  turned = normalMatrix * normal;
  seen = -place.xyz;
  painted = paint;
  share = amount;
  place.xyz += normalize(seen) * 0.8; // mm before the skin it lies on
  gl_Position = projectionMatrix * place;
}`;

const CELL_FRAGMENT = `
varying float share;
varying vec4 painted;
varying vec3 turned;
varying vec3 seen;
${LIGHT}
void main() {
  gl_FragColor = vec4(painted.rgb * (0.35 + 0.65 * light(normalize(turned), normalize(seen))), smoothstep(0.3, 0.62, share) * painted.a);
  #include <colorspace_fragment>
}`;

export class Scene {
  constructor(canvas, context) {
    this.renderer = new WebGLRenderer({ canvas, context });
    this.camera = new PerspectiveCamera(FIELD * 180 / Math.PI, 1, 20, 12000);
    this.skin = new Mesh(new BufferGeometry(), new ShaderMaterial({
      vertexShader: SKIN_VERTEX, fragmentShader: SKIN_FRAGMENT, uniforms: { tone: { value: new Color(0.8, 0.75, 0.7) } },
    }));
    this.cells = new Mesh(new BufferGeometry(), new ShaderMaterial({
      vertexShader: CELL_VERTEX, fragmentShader: CELL_FRAGMENT, transparent: true, depthWrite: false,
    }));
    this.dots = new Points(new BufferGeometry(), dotMaterial());
    this.room = new Room();
    for (const [order, part] of [this.skin, this.cells, this.dots].entries()) {
      part.frustumCulled = false;
      part.renderOrder = order;
      this.room.add(part);
    }
    this.cells.visible = this.dots.visible = false;
  }

  setSurface(surface) {
    const { geometry } = this.skin;
    if (!geometry.index) geometry.setIndex(new BufferAttribute(surface.faces, 1));
    for (const [name, array] of [["position", surface.positions], ["normal", surface.normals]]) {
      const known = geometry.getAttribute(name);
      if (known) known.copyArray(array).needsUpdate = true;
      else geometry.setAttribute(name, new BufferAttribute(array.slice(), 3));
    }
  }

  // `colour` as CSS has it.
  setGround(colour) { this.room.background = new Color(colour); }

  setTone(colour) { this.skin.material.uniforms.tone.value.set(colour); }

  // `painted`: [cell, [r, g, b, a]] in turn, sRGB from 0 to 1. Painted with a soft edge: each corner knows how much of the skin around
  // it is painted, and with which colour.
  setCells(surface, painted) {
    const colour = new Color();
    const linear = new Map([...painted].map(([cell, [r, g, b, a]]) => [cell, [...colour.setRGB(r, g, b, "srgb").toArray(), a]]));
    const corners = softened(surface.faces, linear);
    const cells = touching(surface.faces, corners);
    const [places, normals, paints, amounts] = [3, 3, 4, 1].map((size) => new Float32Array(3 * size * cells.length));
    cells.forEach((cell, n) => {
      for (let corner = 0; corner < 3; corner++) {
        const row = surface.faces[3 * cell + corner];
        const at = 3 * n + corner;
        const { paint, share } = corners.get(row) ?? { paint: nearby(corners, surface.faces, cell), share: 0 };
        places.set(surface.positions.subarray(3 * row, 3 * row + 3), 3 * at);
        normals.set(surface.normals.subarray(3 * row, 3 * row + 3), 3 * at);
        paints.set(paint, 4 * at);
        amounts[at] = share;
      }
    });
    this.#replace(this.cells, { position: [places, 3], normal: [normals, 3], paint: [paints, 4], amount: [amounts, 1] });
    this.cells.visible = cells.length > 0;
  }

  // `dots`: { xyz, normal, shape, size, fill, edge } each; see dots.js for shapes. The last is drawn on top.
  setDots(dots) {
    const arrays = { position: [new Float32Array(3 * dots.length), 3], normal: [new Float32Array(3 * dots.length), 3],
                     look: [new Float32Array(2 * dots.length), 2], fill: [new Float32Array(4 * dots.length), 4],
                     edge: [new Float32Array(4 * dots.length), 4] };
    const colour = new Color();
    const linear = ([r, g, b, a]) => [...colour.setRGB(r, g, b, "srgb").toArray(), a];
    dots.forEach((dot, n) => {
      arrays.position[0].set(dot.xyz, 3 * n);
      arrays.normal[0].set(dot.normal, 3 * n);
      arrays.look[0].set([SHAPES[dot.shape], dot.size], 2 * n);
      arrays.fill[0].set(linear(dot.fill), 4 * n);
      arrays.edge[0].set(linear(dot.edge), 4 * n);
    });
    this.#replace(this.dots, arrays);
    this.dots.visible = dots.length > 0;
  }

  #replace(part, arrays) {
    part.geometry.dispose();
    part.geometry = new BufferGeometry();
    for (const [name, [array, size]] of Object.entries(arrays)) part.geometry.setAttribute(name, new BufferAttribute(array, size));
  }

  resize(width, height, ratio) {
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.dots.material.uniforms.ratio.value = ratio;
  }

  draw(orbit) {
    const { camera } = this;
    this.dots.material.uniforms.grow.value = orbit.grow;
    camera.position.set(...orbit.eye);
    camera.up.set(...orbit.axes.up);
    camera.lookAt(new Vector3(...orbit.target));
    camera.near = Math.max(10, orbit.distance - orbit.clip);
    camera.far = orbit.distance + orbit.behind;
    camera.updateProjectionMatrix();
    this.renderer.render(this.room, camera);
  }

  dispose() {
    for (const part of [this.skin, this.cells, this.dots]) {
      part.geometry.dispose();
      part.material.dispose();
    }
    this.renderer.dispose();
  }
}

// For each corner of a painted cell the mean paint of the painted cells around it, and the share of all cells there that is painted.
function softened(faces, painted) {
  const corners = new Map();
  for (const [cell, paint] of painted) {
    for (let corner = 0; corner < 3; corner++) {
      const row = faces[3 * cell + corner];
      const known = corners.get(row) ?? { paint: [0, 0, 0, 0], count: 0, all: 0 };
      paint.forEach((value, n) => { known.paint[n] += value; });
      known.count += 1;
      corners.set(row, known);
    }
  }
  for (const row of faces) {
    const known = corners.get(row);
    if (known) known.all += 1;
  }
  for (const known of corners.values()) {
    known.paint = known.paint.map((value) => value / known.count);
    known.share = known.count / known.all;
  }
  return corners;
}

function touching(faces, corners) {
  const cells = [];
  if (!corners.size) return cells;
  for (let cell = 0; cell < faces.length / 3; cell++) {
    if (corners.has(faces[3 * cell]) || corners.has(faces[3 * cell + 1]) || corners.has(faces[3 * cell + 2])) cells.push(cell);
  }
  return cells;
}

// The paint of a corner around which nothing is painted: that of another corner of the cell.
const nearby = (corners, faces, cell) => [0, 1, 2].map((corner) => corners.get(faces[3 * cell + corner])).find(Boolean).paint;
