// The list beside the body: search, filters, and every point. Whatever the body can do, this can do by keyboard and by ear.
import { make, option, plain } from "./dom.js";

export class PointList {
  // `on`: choose(code, member), filter(). `marks(code)` gives words to stand behind a point ("this visit").
  constructor({ places, channels, protocols, regions, words, on, marks }) {
    Object.assign(this, { channels, protocols, regions, words, on, marks, allowed: null, active: -1, chosen: null });
    this.id = `body-list-${Math.random().toString(36).slice(2, 8)}`;
    this.#build();
    this.setPlaces(places);
  }

  setPlaces(places) {
    const known = new Map(this.entries?.map((entry) => [`${entry.code} ${entry.member}`, entry]));
    this.entries = Object.entries(places).flatMap(([code, place]) => (place.members ?? [null]).map((member) => known.get(`${code} ${member}`) ?? this.#entry(code, member, place)));
    this.refresh();
  }

  // What `marks` says has changed.
  tellMarks() {
    for (const { code, mark } of this.entries) mark.textContent = this.marks(code);
  }

  setAllowed(codes) {
    this.allowed = codes && new Set(codes);
    this.refresh();
  }

  // Whether a point passes the filters; the body shows the same.
  shows(code) { return this.shown.has(code); }

  get isFiltered() { return [this.search, ...Object.values(this.choices)].some((field) => field.value !== ""); }

  refresh() {
    const asked = plain(this.search.value);
    const { channel, region, protocol } = this.choices;
    const named = protocol.value && new Set(this.protocols.find((one) => one.id === protocol.value).points);
    this.visible = this.entries.filter(({ code, place, key }) => (!this.allowed || this.allowed.has(code))
      && (!channel.value || place.channel === channel.value) && (!region.value || place.region === region.value)
      && (!named || named.has(code)) && (!asked || matches(key, asked)));
    this.visible.sort((a, b) => Number(exact(b, asked)) - Number(exact(a, asked)));
    this.shown = new Set(this.visible.map(({ code }) => code));
    this.#draw();
    this.on.filter();
  }

  // Marks a point as the chosen one and brings it into sight.
  choose(code, member = null) {
    this.chosen = code ? [code, member] : null;
    this.selected?.setAttribute("aria-selected", "false");
    const row = this.visible.findIndex((entry) => entry.code === code && entry.member === member);
    this.selected = this.visible[row]?.item;
    this.selected?.setAttribute("aria-selected", "true");
    if (row >= 0) this.#activate(row);
  }

  #build() {
    const { words } = this;
    this.search = make("input", { type: "search", className: "body-field", autocomplete: "off", spellcheck: false,
                                  placeholder: words.get("search hint"), id: `${this.id}-search` });
    this.search.setAttribute("aria-controls", this.id);
    const select = (name, pairs) => {
      const field = make("select", { className: "body-field", id: `${this.id}-${name}` }, option("", words.get("any")),
                         ...pairs.map(([value, text]) => option(value, text)));
      field.addEventListener("change", () => this.refresh());
      return field;
    };
    this.choices = {
      channel: select("channel", this.channels.map(([id, name]) => [id, `${id} · ${name}`])),
      region: select("region", this.regions.map((id) => [id, words.get(id === "back" ? "back region" : id)])),
      protocol: select("protocol", this.protocols.map(({ id, name }) => [id, name])),
    };
    const labelled = (name, field) => make("div", { className: "body-labelled" },
      make("label", { htmlFor: field.id, textContent: words.get(name) }), field);
    this.count = make("p", { className: "body-count" });
    this.count.setAttribute("role", "status");
    this.box = make("ul", { className: "body-list", id: this.id, tabIndex: 0 });
    this.box.setAttribute("role", "listbox");
    this.box.setAttribute("aria-label", words.get("list"));
    this.clear = make("button", { type: "button", className: "body-link", textContent: words.get("clear") });
    this.clear.addEventListener("click", () => this.#reset());
    this.element = make("section", { className: "body-finder" },
      make("div", { className: "body-filters" }, labelled("search", this.search),
           ...Object.entries(this.choices).filter(([name]) => name !== "protocol" || this.protocols.length).map(([name, field]) => labelled(name, field))),
      make("div", { className: "body-found" }, this.count, this.clear), this.box);
    this.#listen();
  }

  #listen() {
    this.search.addEventListener("input", () => this.refresh());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && this.visible.length) {
        event.preventDefault();
        this.box.focus();
      } else if (event.key === "Enter" && this.visible.length) {
        event.preventDefault();
        this.#take(0);
      } else if (event.key === "Escape" && this.search.value) {
        event.stopPropagation();
        this.search.value = "";
        this.refresh();
      }
    });
    this.box.addEventListener("focus", () => { if (this.active < 0 && this.visible.length) this.#activate(0); });
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.#take([...this.box.children].indexOf(item));
    });
  }

  #key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.#activate(Math.max(0, Math.min(this.visible.length - 1, this.active + steps[event.key])));
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (this.active >= 0) this.#take(this.active);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      this.on.side(event.key === "ArrowLeft" ? "left" : "right");
    } else if (event.key === "Escape") {
      this.search.focus();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      this.search.focus();
      this.search.value += event.key;
      this.refresh();
    } else return;
    event.stopPropagation(); // F, B, L and R are letters here
  }

  #take(row) {
    this.#activate(row);
    const { code, member } = this.visible[row];
    this.on.choose(code, member);
  }

  #activate(row) {
    this.box.children[this.active]?.classList.remove("is-active");
    this.active = row;
    const item = this.box.children[row];
    if (!item) return;
    item.classList.add("is-active");
    this.box.setAttribute("aria-activedescendant", item.id);
    const [top, bottom] = [item.offsetTop, item.offsetTop + item.offsetHeight];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (bottom > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = bottom - this.box.clientHeight;
  }

  #draw() {
    const { words } = this;
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    this.box.replaceChildren(...this.visible.map(({ item }) => item));
    this.choose(...(this.chosen ?? []));
    const codes = this.shown.size;
    this.count.textContent = codes ? (codes === 1 ? words.get("count one") : words.fill("count", { n: codes })) : words.get("none");
    this.clear.hidden = !this.isFiltered;
  }

  #entry(code, member, place) {
    const name = member ? `${code} ${member}` : code;
    const mark = make("small", { textContent: this.marks(code) });
    const item = make("li", { id: `${this.id}-${name.replaceAll(/\W/g, "-")}` }, make("b", { textContent: name }),
      make("span", { className: "body-hanzi", lang: "zh-Hans", textContent: place.hanzi }),
      make("span", { className: "body-pinyin", lang: "zh-Latn", textContent: place.pinyin }), mark);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return { code, member, place, item, mark, key: searchable({ code, member, place }) };
  }

  #reset() {
    for (const field of [this.search, ...Object.values(this.choices)]) field.value = "";
    this.refresh();
    this.search.focus();
  }
}

const searchable = ({ code, member, place }) => ({
  code: plain(code), words: [plain(code), ...[place.pinyin, place.hanzi, ...(place.aliases ?? []), member ?? ""].map(plain)],
});

// A code by its beginning (ST3 finds ST3 and ST36), a name by any part of it.
const matches = (key, asked) => key.code.startsWith(asked) || key.words.slice(1).some((word) => word.includes(asked));
const exact = ({ key }, asked) => asked !== "" && key.words.includes(asked);
