// A list of which one entry is chosen, by touch or by keys: arrows, page, home and end move, Enter or space takes.
import { make } from "./dom.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

export class Listbox {
  // `on`: take(entry); aside("left" | "right"), escape() and typed(letter) where there is something for them to do.
  constructor(id, label, on) {
    Object.assign(this, { on, entries: [], active: -1, chosen: null });
    this.element = make("ul", { className: "body-list", id, tabIndex: 0 });
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", label);
    this.element.addEventListener("focus", () => { if (this.active < 0 && this.entries.length) this.#activate(0); });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", (event) => {
      const row = this.entries.findIndex(({ item }) => item.contains(event.target));
      if (row >= 0) this.take(row);
    });
  }

  // `entries` have the element `item` each; made once with `optionOf`, shown as often as one likes.
  show(entries) {
    this.entries = entries;
    this.active = -1;
    this.element.removeAttribute("aria-activedescendant");
    this.element.replaceChildren(...entries.map(({ item }) => item));
    this.choose(this.chosen);
  }

  // Marks an entry as the chosen one and brings it into sight; null for none.
  choose(entry) {
    this.chosen?.item.setAttribute("aria-selected", "false");
    this.chosen = entry;
    entry?.item.setAttribute("aria-selected", "true");
    const row = this.entries.indexOf(entry);
    if (row >= 0) this.#activate(row);
  }

  take(row) {
    this.#activate(row);
    this.on.take(this.entries[row]);
  }

  #key(event) {
    const { on } = this;
    const { key } = event;
    if (key in STEPS) this.#activate(Math.max(0, Math.min(this.entries.length - 1, this.active + STEPS[key])));
    else if ((key === "Enter" || key === " ") && this.active >= 0) this.take(this.active);
    else if (key === "ArrowLeft" && on.aside) on.aside("left");
    else if (key === "ArrowRight" && on.aside) on.aside("right");
    else if (key === "Escape") on.escape?.();
    else if (key.length === 1 && key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) on.typed?.(key);
    else return;
    event.preventDefault();
    event.stopPropagation(); // F, B, L and R are letters here
  }

  #activate(row) {
    this.entries[this.active]?.item.classList.remove("is-active");
    this.active = row;
    const item = this.entries[row]?.item;
    if (!item) return;
    item.classList.add("is-active");
    this.element.setAttribute("aria-activedescendant", item.id);
    const [top, bottom] = [item.offsetTop, item.offsetTop + item.offsetHeight];
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (bottom > this.element.scrollTop + this.element.clientHeight) this.element.scrollTop = bottom - this.element.clientHeight;
  }
}

export function optionOf(id, ...children) {
  const item = make("li", { id }, ...children);
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  return item;
}
