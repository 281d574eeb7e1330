// The body drawn flat, from the same mesh: a picture of each view made by waterneedle/body/flat.py, with dots and cells laid over it.
// One unit of such a picture is a millimetre, so a touch on it is a ray like any other. Methods as in stage.js.
import { drawn } from "./dom.js";
import { dotPath, rgb } from "./shapes.js";
import { cross, dot, minus, plus } from "./surface.js";

const FAR_MM = 2000;
const STILL_PX = 6;

export class Flat {
  // `picture(view)` gives the picture of a view, as the text of an SVG.
  constructor(holder, picture, on) {
    Object.assign(this, { holder, picture, on, dots: [], painted: [], cache: new Map(), sight: new WeakMap() });
    this.#listen();
  }

  setSurface(surface) {
    if (this.surface !== surface) this.cache.clear();
    this.surface = surface;
    this.sight = new WeakMap();
    if (this.view) this.show(this.view);
  }

  setDots(dots) { this.dots = dots; }

  setCells(painted) { this.painted = [...painted]; }

  ask() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.#lay();
    });
  }

  setGround() {} // the paper shows through

  setTone(colour) { this.holder.style.setProperty("--tone", colour); }

  async show(view) {
    this.view = view;
    this.sight = new WeakMap();
    const right = unitRight(view.outward);
    this.axes = { right, up: cross(view.outward, right) };
    if (!this.cache.has(view.name)) this.cache.set(view.name, await this.picture(view));
    if (this.view !== view) return;
    const svg = new DOMParser().parseFromString(this.cache.get(view.name), "image/svg+xml").documentElement;
    svg.setAttribute("aria-hidden", "true");
    this.over = drawn("g");
    svg.append(this.over);
    this.svg = svg;
    this.holder.replaceChildren(svg);
    this.on.moving();
    this.#lay();
  }

  key(key) {
    const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
    if (!(key in steps)) return false;
    this.on.step(steps[key]);
    return true;
  }

  zoom(factor) { this.on.step(factor < 1 ? 1 : -1); }

  ray(x, y) {
    const [across, rise] = this.#inPicture(x, y);
    const { right, up } = this.axes;
    const origin = plus(plus(plus(this.view.centre, right, across), up, rise), this.view.outward, this.view.clip ?? FAR_MM);
    return { origin, direction: this.view.outward.map((value) => -value) };
  }

  get grow() { return 1; }

  get middle() { return [this.holder.clientWidth / 2, this.holder.clientHeight / 2]; }

  where(xyz) {
    if (!this.svg) return [-1e4, -1e4, 0];
    const [x, y] = this.#onPaper(xyz);
    const place = new DOMPoint(x, y).matrixTransform(this.svg.getScreenCTM());
    const box = this.holder.getBoundingClientRect();
    return [place.x - box.left, place.y - box.top, 1];
  }

  // Whether a place is between the planes at which the picture begins and ends.
  holds(xyz) {
    const depth = this.#depth(xyz);
    return depth < (this.view.clip ?? FAR_MM) && depth > -(this.view.behind ?? FAR_MM);
  }

  // Found once for each place of a view: the eye does not move, and a ray asks every face of the body.
  sees(xyz, normal) {
    if (!this.sight.has(xyz)) this.sight.set(xyz, this.#isClear(xyz, normal));
    return this.sight.get(xyz);
  }

  #isClear(xyz, normal) {
    const before = (this.view.clip ?? FAR_MM) - this.#depth(xyz);
    return this.holds(xyz) && this.faces(xyz, normal) && this.surface.sees(plus(xyz, this.view.outward, before), xyz, normal);
  }

  facing(xyz, normal) { return dot(this.view.outward, normal); }

  faces(xyz, normal) { return this.facing(xyz, normal) > 0; }

  destroy() {
    cancelAnimationFrame(this.waiting);
    this.sizes.disconnect();
    this.holder.replaceChildren();
  }

  #depth(xyz) { return dot(minus(xyz, this.view.centre), this.view.outward); }

  #onPaper(xyz) {
    const off = minus(xyz, this.view.centre);
    return [dot(off, this.axes.right), -dot(off, this.axes.up)];
  }

  #inPicture(x, y) {
    const box = this.holder.getBoundingClientRect();
    const place = new DOMPoint(x + box.left, y + box.top).matrixTransform(this.svg.getScreenCTM().inverse());
    return [place.x, -place.y];
  }

  #lay() {
    if (!this.svg) return;
    this.on.before();
    const perPixel = 1 / (this.svg.getScreenCTM()?.a || 1);
    const seen = this.dots.filter(({ xyz, normal }) => this.sees(xyz, normal));
    this.over.replaceChildren(...this.#cells(), ...seen.map((one) => this.#dot(one, perPixel)));
    this.on.drawn();
    if (this.surface) this.on.rested();
  }

  // Cells of one colour are one path.
  #cells() {
    const paths = new Map();
    for (const [cell, colour] of this.painted) {
      const corners = [[1, 0], [0, 1], [0, 0]].map((weights) => this.surface.at({ face: cell, weights }));
      const [a, b, c] = corners.map((corner) => this.#onPaper(corner));
      if ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0) continue; // turned away; the paper's y goes down
      const key = rgb(colour);
      const outline = [a, b, c].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
      paths.set(key, [colour, `${paths.get(key)?.[1] ?? ""}M${outline}z`]);
    }
    return [...paths].map(([key, [colour, d]]) => drawn("path", { d, fill: key, "fill-opacity": colour[3] }));
  }

  #dot(one, perPixel) { return drawn("path", dotPath(one, ...this.#onPaper(one.xyz), one.size / 2 * perPixel)); }

  #listen() {
    const place = (event) => {
      const box = this.holder.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    let held = null;
    let from = null;
    this.holder.addEventListener("pointerdown", (event) => {
      if (!this.svg || event.button !== 0) return;
      this.holder.setPointerCapture(event.pointerId);
      from = place(event);
      held = this.on.grab(...from);
    });
    this.holder.addEventListener("pointermove", (event) => {
      if (!from) {
        if (event.pointerType === "mouse" && this.svg) this.on.hover(...place(event));
        return;
      }
      if (held && Math.hypot(...minus2(place(event), from)) > STILL_PX) held.move(...place(event));
    });
    this.holder.addEventListener("pointerup", (event) => {
      if (!from) return;
      const still = Math.hypot(...minus2(place(event), from)) <= STILL_PX;
      if (held) held.end(still);
      else if (still) this.on.tap(...place(event));
      held = from = null;
    });
    this.holder.addEventListener("pointercancel", () => {
      held?.cancel();
      held = from = null;
    });
    this.sizes = new ResizeObserver(() => this.#lay());
    this.sizes.observe(this.holder);
  }
}

const minus2 = (a, b) => [a[0] - b[0], a[1] - b[1]];

// To the right of an eye that looks from `outward`, level with the ground; as in orbit.js.
function unitRight([x, , z]) {
  const azimuth = Math.hypot(x, z) > 1e-6 ? Math.atan2(x, z) : 0;
  return [Math.cos(azimuth), 0, -Math.sin(azimuth)];
}
