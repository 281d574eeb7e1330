// The body in three dimensions, ready to be touched: scene, eye and fingers together. flat.js has the same methods without WebGL.
import { Orbit, follow } from "./orbit.js";
import { Scene } from "./scene.js";
import { dot, minus, unit } from "./surface.js";

const REST_MS = 140; // after the last movement the picture is drawn once more, finer
const [NARROW, BARS] = [560, 58]; // pixels: on a narrow picture the buttons stand above and below the body, not beside it
const FINEST = 2; // pixels of the picture for each of the page, at rest

export class Stage {
  constructor(canvas, context, on) {
    this.canvas = canvas;
    this.scene = new Scene(canvas, context);
    this.orbit = new Orbit(() => this.moved());
    this.on = on;
    follow(canvas, this.orbit, on);
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(canvas.parentElement);
    canvas.addEventListener("webglcontextrestored", () => this.moved());
    this.#fit();
  }

  setSurface(surface, plain) {
    this.surface = surface;
    this.shown = surface.plain(plain);
    this.scene.setSurface(this.shown);
    this.ask();
  }

  setDots(dots) { this.scene.setDots(dots); }

  setCells(painted) { this.scene.setCells(this.shown, painted); }

  setGround(colour) {
    this.scene.setGround(colour);
    this.ask();
  }

  setTone(colour) {
    this.scene.setTone(colour);
    this.ask();
  }

  show(view, atOnce) { this.orbit.look(view, atOnce); }

  key(key) {
    const turns = { ArrowLeft: [0.15, 0], ArrowRight: [-0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] };
    if (key in turns) this.orbit.turn(...turns[key]);
    else if (key === "+" || key === "=") this.orbit.zoom(0.8);
    else if (key === "-") this.orbit.zoom(1.25);
    else return false;
    return true;
  }

  zoom(factor) { this.orbit.zoom(factor); }

  ray(x, y) {
    const direction = this.orbit.direction(x, y);
    return { origin: this.orbit.start(direction), direction };
  }

  get grow() { return this.orbit.grow; }

  get middle() { return [this.orbit.width / 2, this.orbit.height / 2]; }

  where(xyz) { return this.orbit.project(xyz); }

  // Whether a place is between the planes at which the picture begins and ends.
  holds(xyz) {
    const [, , depth] = this.orbit.project(xyz);
    return depth > this.orbit.distance - this.orbit.clip && depth < this.orbit.distance + this.orbit.behind;
  }

  sees(xyz, normal) {
    return this.holds(xyz) && this.faces(xyz, normal) && this.surface.sees(this.orbit.start(unit(minus(xyz, this.orbit.eye))), xyz, normal);
  }

  // How squarely the skin there looks at the eye: 1 straight on, 0 from the side, negative when it looks away.
  facing(xyz, normal) { return dot(unit(minus(this.orbit.eye, xyz)), normal); }

  faces(xyz, normal) { return this.facing(xyz, normal) > 0; }

  // Draws in the next frame, once, however often it is asked.
  ask() {
    this.#rests();
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.draw();
    });
  }

  moved() {
    this.#ratio(Math.min(devicePixelRatio, FINEST));
    this.on.moving();
    this.ask();
  }

  #rests() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.#rest(), REST_MS);
  }

  draw() {
    if (!this.surface) return;
    this.on.before();
    this.scene.draw(this.orbit);
    this.on.drawn();
  }

  destroy() {
    cancelAnimationFrame(this.waiting);
    clearTimeout(this.resting);
    this.sizes.disconnect();
    this.scene.dispose();
  }

  #rest() {
    const isFine = this.ratio === FINEST;
    this.#ratio(FINEST);
    if (!isFine) this.draw();
    this.on.rested();
  }

  #ratio(ratio) {
    if (ratio === this.ratio) return;
    this.ratio = ratio;
    this.scene.resize(this.orbit.width, this.orbit.height, ratio);
  }

  #fit() {
    const { clientWidth, clientHeight } = this.canvas.parentElement;
    if (!clientWidth || !clientHeight) return;
    Object.assign(this.orbit, { width: clientWidth, height: clientHeight, inset: clientWidth < NARROW ? BARS : 0 });
    this.ratio = null;
    this.moved();
  }
}

// The context of a canvas to draw on; null where the browser has none. No multisampling: at rest a finer picture is drawn instead.
export function contextOf(canvas) {
  return canvas.getContext("webgl2", { alpha: false, antialias: false, stencil: false, powerPreference: "high-performance" });
}
