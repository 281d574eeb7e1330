// The list beside the body: search, filters, and every point. Whatever the body can do, this can do by keyboard and by ear.
import { labelled, make, option, plain, uniqueId } from "./dom.js";
import { Listbox, optionOf } from "./listbox.js";

export class PointList {
  // `on`: choose(code, member), side(side), filter(). `marks(code)` gives words to stand behind a point ("this visit").
  constructor({ places, channels, protocols, regions, words, on, marks }) {
    Object.assign(this, { channels, protocols, regions, words, on, marks, allowed: null });
    this.id = uniqueId("body-list");
    this.#build();
    this.setPlaces(places);
  }

  setPlaces(places) {
    const known = new Map(this.entries?.map((entry) => [`${entry.code} ${entry.member}`, entry]));
    this.entries = Object.entries(places).flatMap(([code, place]) => (place.members ?? [null]).map(
      (member) => known.get(`${code} ${member}`) ?? this.#entry(code, member, place)));
    this.refresh();
  }

  setAllowed(codes) {
    this.allowed = codes && new Set(codes);
    this.refresh();
  }

  // What `marks` says has changed.
  tellMarks() {
    for (const { code, mark } of this.entries) {
      const said = this.marks(code);
      if (mark.textContent !== said) mark.textContent = said;
    }
  }

  // Whether a point passes the filters; the body shows the same.
  shows(code) { return this.shown.has(code); }

  refresh() {
    const asked = plain(this.search.value);
    const { channel, region, protocol } = this.choices;
    const named = protocol.value && new Set(this.protocols.find((one) => one.id === protocol.value).points);
    const visible = this.entries.filter(({ code, place, key }) => (!this.allowed || this.allowed.has(code))
      && (!channel.value || place.channel === channel.value) && (!region.value || place.region === region.value)
      && (!named || named.has(code)) && (!asked || matches(key, asked)));
    visible.sort((a, b) => Number(exact(b, asked)) - Number(exact(a, asked)));
    this.shown = new Set(visible.map(({ code }) => code));
    this.box.show(visible);
    this.#count();
    this.on.filter();
  }

  // Marks a point as the chosen one and brings it into sight.
  choose(code, member = null) {
    this.box.choose(this.entries.find((entry) => entry.code === code && entry.member === member) ?? null);
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
      channel: select("channel", this.channels.map(([id, name]) => [id, `${id} · ${words.get(name)}`])),
      region: select("region", this.regions.map((id) => [id, words.get(id === "back" ? "back region" : id)])),
      protocol: select("protocol", this.protocols.map(({ id, name }) => [id, name])),
    };
    this.count = make("p", { className: "body-count" });
    this.count.setAttribute("role", "status");
    this.box = new Listbox(this.id, words.get("list"), {
      take: ({ code, member }) => this.on.choose(code, member), aside: (side) => this.on.side(side), escape: () => this.search.focus(),
      typed: (letter) => {
        this.search.focus();
        this.search.value += letter;
        this.refresh();
      },
    });
    this.clear = make("button", { type: "button", className: "body-link", textContent: words.get("clear") });
    this.clear.addEventListener("click", () => this.#reset());
    const fields = Object.entries(this.choices).filter(([name]) => name !== "protocol" || this.protocols.length);
    this.element = make("section", { className: "body-finder" },
      make("div", { className: "body-filters" }, labelled(words.get("search"), this.search),
           ...fields.map(([name, field]) => labelled(words.get(name), field))),
      make("div", { className: "body-found" }, this.count, this.clear), this.box.element);
    this.search.addEventListener("input", () => this.refresh());
    this.search.addEventListener("keydown", (event) => this.#searchKey(event));
  }

  #searchKey(event) {
    if (event.isComposing || event.keyCode === 229) return; // of an input method
    if (event.key === "ArrowDown" && this.shown.size) {
      event.preventDefault();
      this.box.element.focus();
    } else if (event.key === "Enter" && this.shown.size) {
      event.preventDefault();
      this.box.take(0);
    } else if (event.key === "Escape" && this.search.value) {
      event.stopPropagation();
      this.search.value = "";
      this.refresh();
    }
  }

  #count() {
    const { words } = this;
    const codes = this.shown.size;
    this.count.textContent = codes === 0 ? words.get("none") : codes === 1 ? words.get("count one") : words.fill("count", { n: codes });
    this.clear.hidden = [this.search, ...Object.values(this.choices)].every((field) => field.value === "");
  }

  #entry(code, member, place) {
    const name = member ? `${code} ${member}` : code;
    const mark = make("small", { textContent: this.marks(code) });
    const item = optionOf(`${this.id}-${name.replaceAll(/\W/g, "-")}`, make("b", { textContent: name }),
      make("span", { className: "body-hanzi", lang: "zh-Hans", textContent: place.hanzi }),
      make("span", { className: "body-pinyin", lang: "zh-Latn", textContent: place.pinyin }), mark);
    return { code, member, place, item, mark, key: searchable(code, member, place) };
  }

  #reset() {
    for (const field of [this.search, ...Object.values(this.choices)]) field.value = "";
    this.refresh();
    this.search.focus();
  }
}

const searchable = (code, member, place) => ({
  code: plain(code), words: [plain(code), ...[place.pinyin, place.hanzi, ...(place.aliases ?? []), member ?? ""].map(plain)],
});

// A code by its beginning (ST3 finds ST3 and ST36), a name by any part of it.
const matches = (key, asked) => key.code.startsWith(asked) || key.words.slice(1).some((word) => word.includes(asked));
const exact = ({ key }, asked) => asked !== "" && key.words.includes(asked);
