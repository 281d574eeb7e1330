// The pain drawing: a brush with a few large steps of intensity, an eraser, steps back, and the painted area in words.
import { button, group, make } from "./dom.js";
import { STEPS } from "./pain.js";

export const BRUSHES_MM = { fine: 9, broad: 24 };

export class Painting {
  // `on`: changed(). `drawing` is a PainDrawing; `before` { runs, words } the one of last time, or null.
  constructor({ words, on, before }) {
    Object.assign(this, { words, on, before, intensity: STEPS[2], brush: "broad" });
    this.element = make("section", { className: "body-painting" });
    this.element.setAttribute("aria-label", words.get("pain"));
    this.#build();
  }

  get radius() { return BRUSHES_MM[this.brush]; }

  setDrawing(drawing) {
    this.drawing = drawing;
    this.tell();
  }

  tell() {
    const { words, drawing, before } = this;
    const area = drawing?.areaCm2() ?? 0;
    this.undoing.disabled = !drawing?.canUndo;
    this.clearing.disabled = area === 0;
    this.area.textContent = area ? words.fill("area", { area: rounded(area) }) : words.get("area none");
    this.change.hidden = !(drawing && before);
    if (this.change.hidden) return;
    const sum = drawing.changeFrom(before.runs);
    const difference = sum.after - sum.before;
    const figures = Object.fromEntries(["fresh", "gone", "worse", "better"].map((name) => [name, rounded(sum[name])]));
    this.change.textContent = words.fill("change", { ...figures, sign: difference < 0 ? "−" : "+", area: rounded(Math.abs(difference)),
                                                     since: before.words ?? words.get("last time") });
  }

  #build() {
    const { words } = this;
    const level = (value) => {
      const extreme = { [STEPS[0]]: "mild", [STEPS.at(-1)]: "severe" }[value];
      const label = [words.fill("level", { n: value }), extreme && words.get(extreme)].filter(Boolean).join(", ");
      const one = button(String(value), () => this.#choose({ intensity: value }), { label, className: `body-level body-pain-${value}` });
      one.dataset.level = value;
      return one;
    };
    this.levels = [...STEPS.map(level), button(words.get("erase"), () => this.#choose({ intensity: 0 }), { className: "body-erase" })];
    this.levels.at(-1).dataset.level = 0;
    this.brushes = Object.keys(BRUSHES_MM).map((name) => {
      const one = button(words.get(name), () => this.#choose({ brush: name }));
      one.dataset.brush = name;
      return one;
    });
    this.undoing = button(words.get("undo"), () => this.#do(() => this.drawing.undo()));
    this.clearing = button(words.get("clear pain"), () => this.#do(() => this.drawing.clear()));
    this.area = make("p", { className: "body-area" });
    this.area.setAttribute("role", "status");
    this.change = make("p", { className: "body-quiet" });
    this.element.append(
      make("h3", { textContent: words.get("intensity") }), group(words.get("intensity"), "body-levels", ...this.levels),
      make("div", { className: "body-row" }, group(words.get("brush"), "body-segments", ...this.brushes), this.undoing, this.clearing),
      this.area, this.change);
    this.#choose({});
  }

  #choose(chosen) {
    Object.assign(this, chosen);
    for (const one of this.levels) one.setAttribute("aria-pressed", String(Number(one.dataset.level) === this.intensity));
    for (const one of this.brushes) one.setAttribute("aria-pressed", String(one.dataset.brush === this.brush));
  }

  #do(act) {
    act();
    this.tell();
    this.on.changed();
  }
}

const rounded = (area) => (area >= 10 ? String(Math.round(area)) : area.toFixed(1));
