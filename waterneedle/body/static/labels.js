// Names on the picture: of the dot under the mouse or the chosen one, and at rest of every dot that has room for its code.
import { make } from "./dom.js";

const [HIGH, LETTER, GAP] = [15, 7.2, 9]; // of a label in pixels: its height, a letter, from the dot

export class Labels {
  constructor() {
    this.tip = make("div", { className: "body-tip", hidden: true });
    this.codes = make("div", { className: "body-codes" });
    this.codes.setAttribute("aria-hidden", "true");
  }

  // `point` with its place and name, or null.
  tell(point, name, place, [x, y], [wide, high]) {
    this.tip.hidden = !point || x < 0 || y < 0 || x > wide || y > high;
    if (this.tip.hidden) return;
    if (this.told !== point.key) {
      this.told = point.key;
      this.tip.replaceChildren(make("b", { textContent: name }), make("span", { className: "body-hanzi", lang: "zh-Hans", textContent: place.hanzi }),
                               make("span", { lang: "zh-Latn", textContent: place.pinyin }));
    }
    const { offsetWidth, offsetHeight } = this.tip;
    const left = x > wide - offsetWidth - 28;
    this.tip.style.transform = `translate(${(left ? x - 20 - offsetWidth : x + 20).toFixed(1)}px, ${(y - offsetHeight / 2).toFixed(1)}px)`;
  }

  clear() { this.codes.replaceChildren(); }

  // `dots`: [name, x, y] of what can be seen. A code is written beside its dot where it covers neither a dot nor another code.
  spread(dots, [wide, high]) {
    const inside = dots.filter(([, x, y]) => x > 0 && y > 0 && x < wide && y < high);
    this.clear();
    const taken = inside.map(([, x, y]) => [x - 6, y - 6, x + 6, y + 6]);
    for (const [name, x, y] of inside) {
      const length = name.length * LETTER;
      const boxes = [[x + GAP, y - HIGH / 2], [x - GAP - length, y - HIGH / 2], [x - length / 2, y + GAP - 2], [x - length / 2, y - GAP - HIGH + 2]];
      const free = boxes.map(([a, b]) => [a, b, a + length, b + HIGH]).find((box) => box[0] > 2 && box[2] < wide - 2 && !taken.some((other) => meets(box, other)));
      if (!free) continue;
      taken.push(free);
      const label = make("span", { textContent: name });
      label.style.transform = `translate(${free[0].toFixed(0)}px, ${free[1].toFixed(0)}px)`;
      this.codes.append(label);
    }
  }
}

const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
