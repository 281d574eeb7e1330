// Names on the picture: of the dot under the mouse or the chosen one, and at rest of every dot that has room for its code.
import { make } from "./dom.js";

const [HIGH, LETTER, GAP] = [15, 7.2, 9]; // of a label in pixels: its height, a letter, from the dot
const ASIDE = 20; // of the tip from its dot

export class Labels {
  constructor() {
    this.tip = make("div", { className: "body-tip", hidden: true });
    this.codes = make("div", { className: "body-codes" });
    this.codes.setAttribute("aria-hidden", "true");
  }

  tell(key, name, { hanzi, pinyin }, [x, y], [wide, high]) {
    this.tip.hidden = x < 0 || y < 0 || x > wide || y > high;
    if (this.tip.hidden) return;
    if (this.told !== key) {
      this.told = key;
      this.tip.replaceChildren(make("b", { textContent: name }),
                               make("span", { className: "body-hanzi", lang: "zh-Hans", textContent: hanzi }),
                               make("span", { lang: "zh-Latn", textContent: pinyin }));
    }
    const { offsetWidth, offsetHeight } = this.tip;
    const toTheLeft = x > wide - offsetWidth - ASIDE - 8;
    put(this.tip, toTheLeft ? x - ASIDE - offsetWidth : x + ASIDE, y - offsetHeight / 2);
  }

  untell() { this.tip.hidden = true; }

  clear() { this.codes.replaceChildren(); }

  // The code of the point with this key gives way to its tip.
  giveWay(key) {
    for (const one of this.codes.children) one.hidden = one.dataset.key === key;
  }

  // `dots`: [key, name, x, y] of what can be seen. A code is written beside its dot where it covers neither a dot nor another code.
  spread(dots, [wide]) {
    this.clear();
    const taken = dots.map(([, , x, y]) => [x - 6, y - 6, x + 6, y + 6]);
    for (const [key, name, x, y] of dots) {
      const length = name.length * LETTER;
      const middle = x - length / 2;
      const corners = [[x + GAP, y - HIGH / 2], [x - GAP - length, y - HIGH / 2], [middle, y + GAP - 2], [middle, y - GAP - HIGH + 2]];
      const isFree = (box) => box[0] > 2 && box[2] < wide - 2 && !taken.some((other) => meets(box, other));
      const free = corners.map(([left, top]) => [left, top, left + length, top + HIGH]).find(isFree);
      if (!free) continue;
      taken.push(free);
      const label = make("span", { textContent: name });
      label.dataset.key = key;
      put(label, Math.round(free[0]), Math.round(free[1]));
      this.codes.append(label);
    }
  }
}

const put = (element, x, y) => { element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`; };
const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
