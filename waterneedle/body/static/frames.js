// Moving a point by hand: directions on the skin in words. waterneedle/body/frames.py is the same once more.
import { cross, dot, minus, plus, unit } from "./surface.js";

const IN_SKIN = 0.5;
const WORTH_SAYING_MM = 0.5;
export const FARTHEST_MM = 40; // a point that is moved farther is another place

export const mirrored = ([x, y, z]) => [-x, y, z];

// The two unit directions in the skin at a place with this outward normal, on this side of the body.
export function alongAndAcross(frame, side, normal) {
  const axes = sided(frame, side);
  const inSkin = axes.map((axis) => plus(axis, normal, -dot(axis, normal)));
  const first = Math.hypot(...inSkin[0]) >= IN_SKIN ? 0 : 2;
  const along = unit(inSkin[first]);
  const across = cross(along, normal);
  const others = [0, 1, 2].filter((axis) => axis !== first).map((axis) => dot(axes[axis], across));
  const sign = Math.sign(Math.abs(others[0]) >= Math.abs(others[1]) ? others[0] : others[1]);
  return [along, across.map((value) => sign * value)];
}

// "8 mm lateral"; empty below half a millimetre. `words` has the translated words and how to join two.
export function shiftInWords(frame, side, normal, alongMm, acrossMm, words) {
  const [along, across] = alongAndAcross(frame, side, normal);
  return [[along, alongMm], [across, acrossMm]]
    .filter(([, mm]) => Math.abs(mm) >= WORTH_SAYING_MM)
    .map(([way, mm]) => {
      const told = directionOf(frame, side, way.map((value) => value * mm), words);
      return words.fill("shift", { mm: Math.round(Math.abs(mm)), way: told });
    })
    .join(words.get("and"));
}

export function directionOf(frame, side, move, words) {
  const shares = sided(frame, side).map((axis) => dot(axis, move));
  const axis = shares.reduce((best, share, n) => (Math.abs(share) > Math.abs(shares[best]) ? n : best), 0);
  if (side === "midline" && axis === 1) return words.get(shares[1] > 0 ? "to the left" : "to the right");
  return words.get(frame.words[axis][shares[axis] > 0 ? 0 : 1]);
}

// The spot on the skin that lies so many mm along and across from `spot`.
export function shifted(surface, spot, frame, side, alongMm, acrossMm) {
  if (Math.hypot(alongMm, acrossMm) < WORTH_SAYING_MM) return spot;
  const normal = surface.normalAt(spot);
  const [along, across] = alongAndAcross(frame, side, normal);
  const off = plus(plus(surface.at(spot), along, alongMm), across, acrossMm);
  const rise = 8 + Math.hypot(alongMm, acrossMm) / 2;
  return surface.hit(plus(off, normal, rise), normal.map((value) => -value), 3 * rise) ?? spot;
}

// The other way round: from `spot` to a place of the skin, in whole mm and not farther than FARTHEST_MM.
export function shiftTo(surface, spot, frame, side, xyz) {
  const [along, across] = alongAndAcross(frame, side, surface.normalAt(spot));
  const off = minus(xyz, surface.at(spot));
  const moved = [dot(off, along), dot(off, across)];
  const share = Math.min(1, FARTHEST_MM / Math.max(1e-9, Math.hypot(...moved)));
  return moved.map((mm) => Math.round(mm * share) || 0);
}

const sided = (frame, side) => (side === "right" ? frame.axes.map(mirrored) : frame.axes);
