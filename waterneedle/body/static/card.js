// The chosen point: its names, side and place in this patient's millimetres, what was injected there, and moving it by hand.
import { button, drawn, group, make } from "./dom.js";
import { alongAndAcross, directionOf, shiftInWords } from "./frames.js";
import { AGES, PLANNED, lookOf, shapePath } from "./shapes.js";

export class Card {
  // `on`: nudge([along_mm, across_mm]), side(side); `section` draws the depth, or is null.
  constructor({ words, on, movable, section }) {
    Object.assign(this, { words, on, movable, section });
    this.element = make("section", { className: "body-card" });
    this.element.setAttribute("aria-label", words.get("points"));
    this.show(null);
  }

  // `point` as in marks.js or null; `injections` those at this point.
  show(point, place, injections = [], side = null) {
    const { words } = this;
    if (!place) {
      this.element.replaceChildren(make("p", { className: "body-quiet", textContent: words.get("choose") }));
      return;
    }
    this.element.replaceChildren(
      this.#title(place, point, side),
      make("p", { className: "body-where", lang: "en", textContent: place.words }),
      ...(place.beware ? [this.#beware(place.beware)] : []),
      ...(point ? this.#moving(point) : [make("p", { className: "body-quiet", textContent: words.get("not on skin") })]),
      ...(injections.length ? [this.#history(injections)] : []),
      ...(this.section && point ? [this.section.element] : []),
    );
    if (point) this.section?.show(place.code);
  }

  #title(place, point, side) {
    const { words } = this;
    const told = make("p", { className: "body-sides" });
    if (side === "midline") told.append(make("span", { textContent: words.get("midline") }));
    else {
      told.append(group(words.get("side"), "body-segments", ...["left", "right"].map((one) => {
        const chosen = button(words.get(`${one} side`), () => this.on.side(one), { pressed: one === side });
        chosen.dataset.side = one;
        return chosen;
      })));
    }
    return make("div", { className: "body-title" },
      make("h3", {}, make("span", { className: "body-hanzi", lang: "zh-Hans", textContent: place.hanzi }), " ",
           make("span", { lang: "zh-Latn", textContent: place.pinyin }), " ",
           make("b", { textContent: point?.member ? `${place.code} ${point.member}` : place.code })), told);
  }

  #beware(structures) {
    const sign = drawn("svg", { viewBox: "0 0 16 16", class: "body-icon", "aria-hidden": "true" },
                       drawn("path", { d: "M8 2.200L14.600 13.500H1.400zM8 6.500v3.200M8 11.600v.1" }));
    const words = this.words.fill("beware", { structures: structures.join("; ") });
    return make("p", { className: "body-beware" }, sign, make("span", { textContent: words }));
  }

  #moving(point) {
    const { words } = this;
    const [along, across] = [point.nudge?.along_mm ?? 0, point.nudge?.across_mm ?? 0];
    const told = shiftInWords(point.frame, point.side, point.normal, along, across, words);
    const shift = told ? [make("p", { className: "body-shift", textContent: words.fill("this patient", { shift: told }) })] : [];
    if (!this.movable) return shift;
    const ways = alongAndAcross(point.frame, point.side, point.normal);
    const steps = [[0, 1], [0, -1], [1, 1], [1, -1]].map(([axis, sign], n) => {
      const way = directionOf(point.frame, point.side, ways[axis].map((value) => sign * value), words);
      const step = button("", () => this.on.nudge(axis ? [along, across + sign] : [along + sign, across]),
                          { label: words.fill("shift", { mm: 1, way }), className: "body-step" });
      step.append(arrows[n](), make("span", { textContent: way }));
      return step;
    });
    const reset = told ? [button(words.get("reset"), () => this.on.nudge([0, 0]), { className: "body-plain" })] : [];
    const stays = { open: this.open ?? false, ontoggle: (event) => { this.open = event.target.open; } };
    return [...shift, make("details", { className: "body-move", ...stays },
      make("summary", { textContent: words.get("move") }), make("p", { className: "body-quiet", textContent: words.get("drag") }),
      group(words.get("move"), "body-steps", ...steps, ...reset))];
  }

  #history(injections) {
    const { words } = this;
    const line = (one) => make("li", {}, shape(lookOf(one)),
      make("span", { textContent: [words.whenOf(one), one.words].filter(Boolean).join(" · ") }));
    return make("div", { className: "body-history" }, make("h4", { textContent: words.get("injected") }),
                make("ul", {}, ...injections.map(line)));
  }
}

const arrow = (d) => () => drawn("svg", { viewBox: "0 0 16 16", class: "body-icon", "aria-hidden": "true" }, drawn("path", { d }));
const arrows = [arrow("M8 13V3M4 7l4-4 4 4"), arrow("M8 3v10M4 9l4 4 4-4"), arrow("M13 8H3M7 4L3 8l4 4"), arrow("M3 8h10M9 4l4 4-4 4")];

function shape({ id, shape: name }) {
  const attributes = { viewBox: "-1 -1 2 2", class: `body-mark body-mark-${id}`, "aria-hidden": "true" };
  return drawn("svg", attributes, drawn("path", { d: shapePath(name) }));
}

// What the shapes of injections mean, with words.
export function legend(words, hasPlanned) {
  const line = (age) => make("li", {}, shape(age), make("span", { textContent: words.get(`age ${age.id}`) }));
  return make("ul", { className: "body-legend" }, ...[...(hasPlanned ? [PLANNED] : []), ...AGES].map(line));
}
