// What stands on the body: points, the chosen one, injections by their age, points that were moved. As dots for stage.js and flat.js.
import { shifted } from "./frames.js";
import { lookOf } from "./shapes.js";

const WATER = [0.078, 0.376, 0.478];
const INK = [0.11, 0.125, 0.141];
const WHITE = [1, 1, 1];
// An injection pales with the days: full water, then towards the grey of ink on paper.
const AGED = { pending: [0.36, 0.40, 0.44], planned: [0.063, 0.302, 0.388], today: [0.063, 0.302, 0.388], week: [0.078, 0.376, 0.478], month: [0.25, 0.45, 0.52], older: [0.36, 0.40, 0.44] };
const SIZES = { pending: 17, planned: 17, today: 17, week: 15, month: 14, older: 14 };

export const keyOf = (code, side, member) => `${code} ${side} ${member ?? ""}`;

// A placed point of the data: [code, "L" | "R" | "M", member or null, face, a, b].
export function placedPoints(points) {
  const sides = { L: "left", R: "right", M: "midline" };
  return points.map(([code, side, member, face, a, b]) => ({ code, side: sides[side], member, spot: { face, weights: [a, b] } }));
}

// Where each placed point is on this figure, moved where this patient's was moved.
export function located(surface, placed, places, frames, nudges) {
  return placed.map((point) => {
    const nudge = nudges.get(keyOf(point.code, point.side, point.member));
    const frame = frames[places[point.code].frame];
    const spot = nudge ? shifted(surface, point.spot, frame, point.side, nudge.along_mm, nudge.across_mm) : point.spot;
    const key = keyOf(point.code, point.side, point.member);
    return { ...point, key, frame, nudge, at: spot, xyz: surface.at(spot), normal: surface.normalAt(spot) };
  });
}

// The usual places of trigger points.
export const spotDots = (surface, spots) => spots.map((at) => dot(skinAt(surface, at), "plus", 15, [...INK, 0.9], [...WHITE, 1]));

// Where a point lies, for who stores it; nothing for one that has no place on the skin.
export function spotOf(point) {
  if (!point) return {};
  const { along_mm = 0, across_mm = 0 } = point.nudge ?? {};
  return { ...placeOf(point.at, point.xyz), along_mm, across_mm };
}

// A triangle with two of its weights, and millimetres on this figure: x to the patient's left, y up from the sole, z forward.
export function placeOf({ face, weights }, xyz) {
  const [x, y, z] = xyz.map((mm) => Math.round(10 * mm) / 10 || 0);
  return { face, weights: [...weights.slice(0, 2)], x, y, z };
}

// The dots in the order in which they are drawn; `shows(code)` says which points stand on the body.
export function dots({ points, shows, chosen, injections, surface }) {
  const treated = new Set(injections.map(({ key }) => key));
  const isOrdinary = (point) => shows(point.code) && !treated.has(point.key) && point !== chosen;
  const ordinary = (point) => dot(point, "disc", point.nudge ? 10 : 8.5, [...WATER, 0.92], [...WHITE, 0.9]);
  const rule = (point) => dot(skinAt(surface, point.spot), "plus", 11, [...INK, 0.55], [...WHITE, 0.8]); // where it was moved from
  return [
    ...points.filter(isOrdinary).map(ordinary),
    ...[...injections].reverse().map((one) => injected(surface, one)),
    ...(chosen ? [
      ...(treated.has(chosen.key) ? [] : [dot(chosen, "disc", 12, [...WATER, 1], [...WHITE, 1])]),
      ringAround(chosen),
      ...(chosen.nudge ? [rule(chosen)] : []),
    ] : []),
  ];
}

export const hoveredDot = (point) => dot(point, "disc", 13, [...WATER, 1], [...WHITE, 1]);

export const ringAround = (point) => dot(point, "ring", 34, [...INK, 0.95], [...WHITE, 0.9]);

export function injected(surface, one) {
  const { id, shape } = lookOf(one);
  return dot(skinAt(surface, one.at), shape, SIZES[id], [...AGED[id], 1], [...WHITE, 1]);
}

const skinAt = (surface, at) => ({ xyz: surface.at(at), normal: surface.normalAt(at) });
const dot = ({ xyz, normal }, shape, size, fill, edge) => ({ xyz, normal, shape, size, fill, edge });
