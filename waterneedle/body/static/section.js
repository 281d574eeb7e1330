// The cross-section at the chosen point: how deep the needle goes and what its tip reaches, as the server has worked it out from
// published figures. Nothing is reckoned here.
import { labelled, make, uniqueId } from "./dom.js";

export class Section {
  // `load({ code, needle_mm, angle_degrees })` gives the value of waterneedle/body/cross_section.py; `needle` to begin with.
  constructor({ words, load, needle }) {
    Object.assign(this, { words, load, answers: new Map(), code: null });
    this.#build();
    this.setNeedle(needle);
  }

  show(code) {
    this.code = code;
    this.#ask();
  }

  // The needle in hand; how far it goes in, and how steeply.
  setNeedle({ needle_mm, angle_degrees = 90 }) {
    this.length.value = needle_mm;
    this.angle.value = angle_degrees;
    this.#ask();
  }

  // Another body has other figures.
  forget() { this.answers.clear(); }

  #build() {
    const { words } = this;
    const field = (name, min, max, step) => {
      const input = make("input", { type: "number", className: "body-field", id: uniqueId(`body-${name}`), inputMode: "decimal", min, max, step });
      input.addEventListener("change", () => this.#ask());
      return input;
    };
    this.length = field("needle", 1, 150, 0.5);
    this.angle = field("angle", 5, 90, 5);
    this.shown = make("div", { className: "body-section-shown" });
    this.shown.setAttribute("aria-live", "polite");
    this.element = make("details", { className: "body-section", open: true, ontoggle: () => this.#ask() },
      make("summary", { textContent: words.get("depth") }),
      make("div", { className: "body-needle" }, labelled(words.get("needle"), this.length), labelled(words.get("angle"), this.angle)), this.shown);
  }

  // The newest question is the one that is answered, however the answers arrive.
  async #ask() {
    if (!this.code || !this.element.open || !this.length.reportValidity() || !this.angle.reportValidity()) return;
    const asked = { code: this.code, needle_mm: this.length.valueAsNumber, angle_degrees: this.angle.valueAsNumber };
    if (Number.isNaN(asked.needle_mm + asked.angle_degrees)) return;
    const key = Object.values(asked).join(" ");
    if (!this.answers.has(key)) this.answers.set(key, this.load(asked));
    this.asked = key;
    const { answers } = this;
    try {
      const answer = await answers.get(key);
      if (this.asked === key) this.#tell(answer);
    } catch (error) {
      answers.delete(key);
      if (this.asked === key) this.shown.replaceChildren(this.#quiet(this.words.fill("depth failed", { why: error.message })));
    }
  }

  #tell({ picture, reaches, words: sentences, sources, says }) {
    const { words } = this;
    const svg = document.importNode(new DOMParser().parseFromString(picture, "image/svg+xml").documentElement, true);
    this.shown.replaceChildren(svg, make("p", { className: "body-reaches", lang: "en", textContent: reaches }),
      make("details", { className: "body-more", open: this.more ?? false, ontoggle: (event) => { this.more = event.target.open; } },
        make("summary", { textContent: words.get("depth words") }),
        make("ul", { lang: "en" }, ...sentences.map((textContent) => make("li", { textContent }))),
        ...(sources.length ? [make("h4", { textContent: words.get("sources") }), make("ul", { lang: "en" }, ...sources.map(source))] : [])),
      this.#quiet(says, "en"));
  }

  #quiet(textContent, lang = "") { return make("p", { className: "body-quiet", lang, textContent }); }
}

const source = ({ title, address }) => make("li", {}, address
  ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer", textContent: title }) : title);
