// What lies beneath the skin of this figure, as waterneedle/body/beneath.py tells it: muscles with the usual places of their
// trigger points, and hazard zones. A place to look; palpation and the check decide.
import { labelled, make, option, plain, uniqueId } from "./dom.js";
import { Listbox, optionOf } from "./listbox.js";
import { values } from "./cells.js";

const MUSCLE = [0.62, 0.24, 0.2, 0.5];
const ZONE = [0.75, 0.47, 0.02, 0.45];

export class Beneath {
  // `load()` gives the value; `on`: changed() when other cells are to be shown, chosen(muscle) when a muscle was.
  constructor({ words, load, on }) {
    Object.assign(this, { words, load, on, muscle: null, kind: "", muscles: [], zones: [] });
    this.#buildZones();
    this.#buildMuscles();
  }

  // Fetched when it is first needed, and again for another figure.
  async need(cells) {
    this.loading ??= this.load().then((value) => this.#take(value, cells));
    await this.loading;
  }

  forget() { this.loading = null; }

  // Cells to tint, with their colour; `mode` of the chart.
  tints(mode) {
    const shown = mode === "muscles" && this.muscle ? [[this.muscle, MUSCLE]] : [];
    const zones = this.zones.filter((zone) => zone.kind === this.kind).map((zone) => [zone, ZONE]);
    return [...zones, ...shown].flatMap(([{ cells }, colour]) => [...cells].map((cell) => [cell, colour]));
  }

  // The usual places of the trigger points of the chosen muscle.
  get spots() { return this.muscle?.at.map(([face, a, b]) => ({ face, weights: [a, b] })) ?? []; }

  // The muscle to name at a cell: the superficial one, and with each further touch there the next one beneath.
  takeAt(cell) {
    const here = this.muscles.filter((muscle) => muscle.cells.has(cell));
    if (!here.length) return false;
    this.choose(here[(here.indexOf(this.muscle) + 1) % here.length]);
    return true;
  }

  choose(muscle) {
    this.muscle = muscle;
    this.box.choose(muscle);
    const { words } = this;
    this.card.replaceChildren(...(muscle ? [
      make("h3", { lang: muscle.language, textContent: sentence(muscle.name) }),
      make("p", { className: "body-where", textContent: words.fill("runs", { from: muscle.origin, to: muscle.insertion }) }),
      make("p", { className: "body-quiet", textContent: words.get(`layer ${muscle.layer}`) }),
    ] : [make("p", { className: "body-quiet", textContent: words.get("choose muscle") })]));
    this.on.chosen(muscle);
  }

  #take(value, cells) {
    const whole = (runs) => values(runs.map(([first, count]) => [first, count, 1]), cells);
    const before = this.muscle?.id;
    this.zones = value.zones.map((zone) => ({ ...zone, cells: [...whole(zone.cells).keys()] }));
    this.muscles = value.muscles.map((muscle) => ({ ...muscle, cells: new Set(whole(muscle.cells).keys()), key: plain(muscle.name), language: value.language }));
    for (const muscle of this.muscles) {
      muscle.item = optionOf(`${this.id}-${muscle.id}`, make("span", { className: "body-muscle", lang: muscle.language, textContent: sentence(muscle.name) }),
                             make("small", { textContent: muscle.layer === "deep" ? this.words.get("deep") : "" }));
    }
    this.byName = [...this.muscles].sort((a, b) => a.name.localeCompare(b.name));
    this.says.textContent = value.says;
    this.#tellZones();
    this.#refresh();
    this.choose(this.muscles.find(({ id }) => id === before) ?? null);
  }

  #buildZones() {
    const { words } = this;
    const kinds = ["lung", "heart", "vessel", "nerve", "cord", "eye", "organ", "bladder", "tight_space", "forbidden", "pregnancy"];
    this.select = make("select", { className: "body-field", id: uniqueId("body-zones") }, option("", words.get("zones none")),
                       ...kinds.map((kind) => option(kind, words.get(`zone ${kind}`))));
    this.named = make("p", { className: "body-zones-named", hidden: true });
    this.select.addEventListener("change", () => {
      this.kind = this.select.value;
      this.on.changed();
      this.#tellZones();
    });
    this.zonesElement = make("div", { className: "body-zones" }, labelled(words.get("zones"), this.select), this.named);
  }

  #tellZones() {
    const structures = this.zones.filter((zone) => zone.kind === this.kind).map(({ structure }) => structure);
    this.named.hidden = !structures.length;
    this.named.textContent = this.words.fill("zones shown", { structures: structures.join("; ") });
  }

  #buildMuscles() {
    const { words } = this;
    this.id = uniqueId("body-muscles");
    this.search = make("input", { type: "search", className: "body-field", autocomplete: "off", spellcheck: false });
    this.search.id = `${this.id}-search`;
    this.search.addEventListener("input", () => this.#refresh());
    this.box = new Listbox(this.id, words.get("muscles"), { take: (muscle) => this.choose(muscle), escape: () => this.search.focus() });
    this.card = make("section", { className: "body-card" });
    this.card.setAttribute("aria-label", words.get("muscles"));
    this.card.append(make("p", { className: "body-quiet", textContent: words.get("choose muscle") }));
    this.says = make("p", { className: "body-quiet", lang: "en" });
    this.element = make("section", { className: "body-finder" },
      labelled(words.get("search muscle"), this.search), this.box.element, this.says);
  }

  #refresh() {
    const asked = plain(this.search.value);
    this.box.show((this.byName ?? []).filter(({ key }) => key.includes(asked)));
  }
}

const sentence = (text) => text[0].toUpperCase() + text.slice(1);
