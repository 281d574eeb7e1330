// The few shapes of a dot, by number as in dots.js and by name, and each as a path in the square -1 to 1 for legends and flat views.
export const SHAPES = { disc: 0, diamond: 1, square: 2, ring: 3, plus: 4, hollow: 5 };

const PATHS = {
  disc: "M-.84 0a.84 .84 0 1 0 1.68 0a.84 .84 0 1 0-1.68 0z",
  diamond: "M0-.95L.95 0L0 .95L-.95 0z",
  square: "M-.66-.66H.66V.66H-.66z",
  ring: "M-.9 0a.9 .9 0 1 0 1.8 0a.9 .9 0 1 0-1.8 0zM-.7 0a.7 .7 0 1 1 1.4 0a.7 .7 0 1 1-1.4 0z",
  hollow: "M-.92 0a.92 .92 0 1 0 1.84 0a.92 .92 0 1 0-1.84 0zM-.4 0a.4 .4 0 1 1 .8 0a.4 .4 0 1 1-.8 0z",
  plus: "M-.3-.9H.3V-.3H.9V.3H.3V.9H-.3V.3H-.9V-.3H-.3z",
};

export const shapePath = (name) => PATHS[name];

// The attributes of a path that is the dot { shape, fill, edge }; `scale`: half its size, in units of the picture.
export function dotPath({ shape, fill, edge }, x, y, scale) {
  return {
    d: PATHS[shape], transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(3)})`,
    fill: rgb(fill), "fill-opacity": fill[3], "fill-rule": "evenodd",
    stroke: rgb(edge), "stroke-opacity": edge[3], "stroke-width": 0.3, "paint-order": "stroke",
  };
}

// As CSS has it; of [r, g, b] from 0 to 1.
export const rgb = ([r, g, b]) => `rgb(${[r, g, b].map((value) => Math.round(255 * value)).join(" ")})`;

// What an injection of so many days ago looks like; words stand beside it in the legend.
export const AGES = [
  { id: "today", days: 0, shape: "disc" },
  { id: "week", days: 7, shape: "diamond" },
  { id: "month", days: 30, shape: "square" },
  { id: "older", days: Infinity, shape: "plus" },
];

// What is planned is hollow until it is given.
export const PLANNED = { id: "planned", shape: "hollow" };

// What is not saved yet: a ring that is thinner and paler than what is planned.
export const PENDING = { id: "pending", shape: "ring" };

// The look of an injection: { status, days }.
export const lookOf = ({ status, days }) => ({ planned: PLANNED, pending: PENDING }[status] ?? ageOf(days));

const ageOf = (days) => AGES.find((age) => days <= age.days);
