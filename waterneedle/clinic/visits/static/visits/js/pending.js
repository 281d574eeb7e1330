// What was touched and is on its way to the server: it stands on the body and in the list at once, said to be not yet saved, and leaves
// when the answer is there. Then the answer says what is charted.
export class Pending {
  // `words`: what is said of it; `changed`: it is to be drawn anew.
  constructor(words, changed) {
    Object.assign(this, { words, changed, touched: [] });
  }

  // As marks of the chart of the body.
  get marks() { return this.touched.map(({ code, side, member }) => ({ code, side, member, days: 0, status: "pending" })); }

  // `place` has the names of the point, `side` in words. Gives what takes it away again.
  add(one, place, side) {
    const added = { ...one, row: this.#row(place, side) };
    this.touched.push(added);
    this.changed();
    return () => {
      const at = this.touched.indexOf(added);
      if (at < 0) return;
      this.touched.splice(at, 1);
      added.row.remove();
      this.changed();
    };
  }

  // Puts the rows at the end of the list, which the server's answer may have replaced.
  list() {
    if (!this.touched.length) return;
    const section = document.querySelector("#v-right > section");
    let list = section.querySelector(".visit-injections");
    if (!list) section.append(list = made("ol", { className: "visit-injections" }));
    list.append(...this.touched.map(({ row }) => row));
  }

  #row({ code, hanzi, pinyin }, side) {
    const point = made("span", { className: "point grow", translate: false },
      made("span", { lang: "zh-Hans" }, hanzi), " ", made("span", { className: "pinyin", lang: "zh-Latn" }, pinyin), " ", made("span", { className: "code" }, code), " ",
      made("span", { className: "side" }, side));
    return made("li", { className: "visit-pending" }, point, made("span", { className: "badge" }, this.words));
  }
}

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
