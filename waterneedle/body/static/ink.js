// What is shown over the picture at once, before the body is drawn with it: the dot under the mouse, and what was just touched. A few
// small elements of their own layers, so that no frame of the body is waited for, which takes long without a graphics card.
import { drawn, make } from "./dom.js";
import { dotPath } from "./shapes.js";

export class Ink {
  constructor() {
    this.element = make("div", { className: "body-ink" });
    this.element.setAttribute("aria-hidden", "true");
    Object.assign(this, { touched: [], over: null });
  }

  // `marks`: [dot, [x, y]] each, in pixels of the picture; `grow` as the dots of the picture have grown.
  touch(marks, grow) {
    this.touched = this.#instead(this.touched, marks.map(([dot, place]) => element(dot, place, grow)));
  }

  hover(dot, place, grow) { [this.over] = this.#instead([this.over], [element(dot, place, grow)]); }

  unhover() { [this.over] = this.#instead([this.over], [null]); }

  // The picture has what was touched.
  drawn() { if (this.touched.length) this.touched = this.#instead(this.touched, []); }

  #instead(before, after) {
    for (const one of before) one?.remove();
    this.element.append(...after.filter(Boolean));
    return after;
  }
}

// No larger than its dot: little is painted anew.
function element(dot, [x, y], grow) {
  const size = dot.size * grow;
  const half = Math.ceil(size / 2) + 2;
  const svg = drawn("svg", { width: 2 * half, height: 2 * half, viewBox: `${-half} ${-half} ${2 * half} ${2 * half}` },
    drawn("path", dotPath(dot, 0, 0, size / 2)));
  svg.style.transform = `translate(${(x - half).toFixed(1)}px, ${(y - half).toFixed(1)}px)`;
  return svg;
}
