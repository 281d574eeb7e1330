// A pain drawing while it is being made: intensities by cell, one step back for each stroke, areas on this figure.
// Stored as the runs of cells.js; waterneedle/body/pain.py computes the same areas and the change between two visits.
import { runs, values } from "./cells.js";

export const STEPS = [2, 4, 6, 8, 10]; // of 0 to 10: large enough to choose by eye, fine enough to see a change

// One hue, from light to deep, in sRGB; painted so that the form beneath still shows.
const COLOURS = { 2: [0.95, 0.70, 0.76], 4: [0.91, 0.52, 0.65], 6: [0.84, 0.34, 0.55], 8: [0.70, 0.17, 0.46], 10: [0.47, 0.05, 0.35] };
const COVERS = 0.82;

export const painColour = (intensity) => [...COLOURS[STEPS.find((step) => intensity <= step) ?? 10], COVERS];

export class PainDrawing {
  constructor(surface, drawn = []) {
    this.surface = surface;
    this.cells = values(drawn, surface.count);
    this.past = [];
  }

  get runs() { return runs(this.cells); }
  get canUndo() { return this.past.length > 0; }

  // A stroke is what is painted from one touch to its end; undo takes back one.
  begin() { this.past.push(new Map(this.cells)); }

  paint(cells, intensity) {
    let changed = false;
    for (const cell of cells) {
      if ((this.cells.get(cell) ?? 0) === intensity) continue;
      changed = true;
      if (intensity > 0) this.cells.set(cell, intensity);
      else this.cells.delete(cell);
    }
    return changed;
  }

  // A stroke that changed nothing is no step back.
  end() {
    const before = this.past.at(-1);
    if (before && same(before, this.cells)) this.past.pop();
  }

  undo() { this.cells = this.past.pop() ?? this.cells; }

  clear() {
    this.begin();
    this.cells = new Map();
    this.end();
  }

  areaCm2() {
    let area = 0;
    for (const cell of this.cells.keys()) area += this.surface.areaMm2(cell);
    return area / 100;
  }

  // Areas in cm² against an earlier drawing on the same figure.
  changeFrom(before) {
    const old = values(before, this.surface.count);
    const sum = { before: 0, after: 0, fresh: 0, gone: 0, worse: 0, better: 0 };
    for (const cell of new Set([...old.keys(), ...this.cells.keys()])) {
      const area = this.surface.areaMm2(cell) / 100;
      const [was, is] = [old.get(cell) ?? 0, this.cells.get(cell) ?? 0];
      if (was) sum.before += area;
      if (is) sum.after += area;
      if (was && !is) sum.gone += area;
      else if (is && !was) sum.fresh += area;
      else if (is > was) sum.worse += area;
      else if (is < was) sum.better += area;
    }
    return sum;
  }
}

function same(a, b) {
  return a.size === b.size && [...a].every(([cell, value]) => b.get(cell) === value);
}
