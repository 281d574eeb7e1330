// The eye that looks at the body: where it stands, how it glides from view to view, and the fingers, mouse and wheel that move it.
// Turning is about the target: azimuth 0 looks at the front, 90° at the patient's left; polar is measured from straight above.
import { cross, dot, minus, plus, unit } from "./surface.js";

export const FIELD = 24 * Math.PI / 180; // of view, from top to bottom: a long lens distorts little
const GLIDE_MS = 140;
const TURN = 0.0075; // radians for each pixel
const STILL_PX = 6; // a touch that moves less than this is a tap
const [NEAR, FAR] = [90, 9000]; // mm from the target
const UNCLIPPED = 2500;
const MIDDLING = 0.42; // pixels for a millimetre, at which dots have their size
const LEFT_BEHIND = 1.7; // times the distance of a view, from which what it had cut away shows again

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

export class Orbit {
  constructor(onChange) {
    Object.assign(this, { target: [0, 850, 0], azimuth: 0, polar: Math.PI / 2, distance: 5000, width: 1, height: 1, onChange });
    Object.assign(this, { clip: UNCLIPPED, behind: UNCLIPPED, inset: 0 });
  }

  // Unit vector from the target to the eye.
  get outward() {
    const flat = Math.sin(this.polar);
    return [flat * Math.sin(this.azimuth), Math.cos(this.polar), flat * Math.cos(this.azimuth)];
  }

  // The place from which a ray to (x, y) begins to count.
  start(direction) {
    const along = -dot(direction, this.outward);
    return plus(this.eye, direction, Math.max(0, this.distance - this.clip) / along);
  }

  get eye() { return plus(this.target, this.outward, this.distance); }

  // The eye's own axes in the room: to its right, and up.
  get axes() {
    const right = [Math.cos(this.azimuth), 0, -Math.sin(this.azimuth)];
    return { right, up: cross(this.outward, right) };
  }

  // How many pixels a millimetre at the target takes.
  get scale() { return this.height / (2 * this.distance * Math.tan(FIELD / 2)); }

  // How many times their size dots are drawn: they grow a little with the body.
  get grow() { return clamped(Math.sqrt(this.scale / MIDDLING), 0.68, 1.35); }

  // The direction from the eye through a place of the picture, in pixels from its left top corner.
  direction(x, y) {
    const { right, up } = this.axes;
    const half = Math.tan(FIELD / 2);
    const [across, rise] = [(2 * x - this.width) / this.height * half, (1 - 2 * y / this.height) * half];
    return unit(plus(plus(this.outward.map((value) => -value), right, across), up, rise));
  }

  // Where a place of the room is in the picture, and how far before the eye.
  project(xyz) {
    const { right, up } = this.axes;
    const off = minus(xyz, this.eye);
    const along = (axis) => off[0] * axis[0] + off[1] * axis[1] + off[2] * axis[2];
    const depth = -along(this.outward);
    const pixels = this.height / (2 * depth * Math.tan(FIELD / 2));
    return [this.width / 2 + along(right) * pixels, this.height / 2 - along(up) * pixels, depth];
  }

  // The distance from which a ball of `radius` mm, or what is `wide` mm to either side, fills the picture between what stands on it
  // above and below (`inset` pixels).
  distanceFor(radius, wide = radius) {
    const free = Math.max(100, this.height - 2 * this.inset);
    return Math.max(radius * this.height / free, wide * this.height / this.width) / Math.sin(FIELD / 2);
  }

  // Looks at a ball from a direction; `at once` without gliding. `clip` and `behind`: how far before and behind its centre the body
  // shows, so that one leg does not hide the other, and a thigh does not stand behind a hand.
  look({ centre, radius, wide, outward, clip, behind }, atOnce = false) {
    this.clip = clip ?? UNCLIPPED;
    this.behind = behind ?? UNCLIPPED;
    this.clippedUpTo = clip ? this.distanceFor(radius, wide) * LEFT_BEHIND : Infinity;
    const to = { target: centre, distance: this.distanceFor(radius, wide), azimuth: this.azimuth, polar: this.polar };
    if (outward) {
      to.polar = clampedPolar(Math.acos(outward[1]));
      if (Math.hypot(outward[0], outward[2]) > 1e-6) to.azimuth = Math.atan2(outward[0], outward[2]);
    }
    const turns = (to.azimuth - this.azimuth) / (2 * Math.PI);
    to.azimuth -= 2 * Math.PI * Math.round(turns); // the short way round
    this.#glide(to, atOnce || reduced.matches);
  }

  turn(right, up) {
    cancelAnimationFrame(this.gliding);
    this.behind = UNCLIPPED;
    this.azimuth -= right;
    this.polar = clampedPolar(this.polar - up);
    this.onChange();
  }

  // Nearer (below 1) or farther, so that the place under (x, y) stays where it is.
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    cancelAnimationFrame(this.gliding);
    const distance = Math.min(FAR, Math.max(NEAR, this.distance * factor));
    const kept = 1 - distance / this.distance;
    this.#shift((x - this.width / 2) / this.scale * kept, (this.height / 2 - y) / this.scale * kept);
    this.distance = distance;
    if (distance > this.clippedUpTo) this.clip = this.behind = UNCLIPPED;
    this.onChange();
  }

  // Moves the body by pixels of the picture.
  pan(x, y) {
    cancelAnimationFrame(this.gliding);
    this.#shift(-x / this.scale, y / this.scale);
    this.onChange();
  }

  #shift(across, rise) {
    const { right, up } = this.axes;
    const [x, y, z] = plus(plus(this.target, right, across), up, rise);
    this.target = [clamped(x, -1000, 1000), clamped(y, -100, 2300), clamped(z, -1000, 1000)];
  }

  #glide(to, atOnce) {
    cancelAnimationFrame(this.gliding);
    const from = { target: this.target, distance: this.distance, azimuth: this.azimuth, polar: this.polar };
    const began = performance.now();
    const step = (now) => {
      const share = atOnce ? 1 : clamped((now - began) / GLIDE_MS, 0, 1);
      const eased = 1 - (1 - share) ** 3;
      const between = (a, b) => a + (b - a) * eased;
      this.target = from.target.map((value, axis) => between(value, to.target[axis]));
      for (const name of ["distance", "azimuth", "polar"]) this[name] = between(from[name], to[name]);
      this.onChange();
      if (share < 1) this.gliding = requestAnimationFrame(step);
    };
    if (atOnce) step(began);
    else this.gliding = requestAnimationFrame(step);
  }
}

// Hands the touches on `element` to `orbit`, and to `on`: tap(x, y), and grab(x, y) → { move(x, y), end() } for a touch that takes
// hold of something on the body instead of turning it; null lets it turn. Hover(x, y) only where there is a mouse.
export function follow(element, orbit, on) {
  const touches = new Map();
  let held = null;
  let moved = 0;

  const place = (event) => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    touches.set(event.pointerId, place(event));
    if (touches.size === 1) {
      moved = 0;
      held = event.button === 0 && !event.shiftKey ? on.grab(...place(event)) : null;
    } else if (held) { // a second finger: the first one did not mean to hold
      held.cancel();
      held = null;
      moved = Infinity;
    }
  });

  element.addEventListener("pointermove", (event) => {
    const now = place(event);
    const before = touches.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") on.hover(...now);
      return;
    }
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    moved += Math.hypot(dx, dy);
    if (touches.size === 2) pinch(event.pointerId, now);
    else if (moved > STILL_PX && held) held.move(...now);
    else if (moved > STILL_PX && (event.shiftKey || event.buttons === 2)) orbit.pan(dx, dy);
    else if (moved > STILL_PX) orbit.turn(dx * TURN, dy * TURN);
    if (moved > STILL_PX || touches.size === 2) touches.set(event.pointerId, now);
  });

  const pinch = (id, now) => {
    const [other] = [...touches].filter(([key]) => key !== id).map(([, spot]) => spot);
    const before = touches.get(id);
    const middle = (a) => [(a[0] + other[0]) / 2, (a[1] + other[1]) / 2];
    const apart = (a) => Math.max(20, Math.hypot(a[0] - other[0], a[1] - other[1]));
    moved = Infinity;
    orbit.pan(middle(now)[0] - middle(before)[0], middle(now)[1] - middle(before)[1]);
    orbit.zoom(apart(before) / apart(now), ...middle(now));
  };

  const up = (event) => {
    if (!touches.delete(event.pointerId) || touches.size) return;
    if (held) held.end(moved <= STILL_PX);
    else if (moved <= STILL_PX && event.type === "pointerup" && event.button === 0) on.tap(...place(event));
    held = null;
  };
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    orbit.zoom(Math.exp(clamped(event.deltaY, -120, 120) * 0.0022), ...place(event));
  }, { passive: false });
}

const clamped = (value, low, high) => Math.min(high, Math.max(low, value));
const clampedPolar = (polar) => clamped(polar, 0.02, Math.PI - 0.02);
