// The chart of a body: look, find a point, move it, see what was injected, paint where it hurts.
//
//   import { BodyChart } from ".../chart.js";
//   const chart = new BodyChart(element, { ...value, injections, nudges, onSelect });
//
// `value` is what waterneedle/body/chart.py gives: body, points, places, channels, protocols, regions. Nothing here knows a clinical
// rule and nothing is stored: each act is told by onSelect, onNudge, onPain, onTone, onPlace and as a bubbling event of the same
// detail ("body-select", "body-nudge", …). docs/chart.md has the options and the events.
import { Beneath } from "./beneath.js";
import { Card, legend } from "./card.js";
import { KEYS, TONES } from "./controls.js";
import { afterPaint, button, group, make } from "./dom.js";
import { Hands } from "./hands.js";
import { PointList } from "./list.js";
import { keyOf, located, placedPoints, spotOf } from "./marks.js";
import { decode, faces, unpacked, vertices } from "./mesh.js";
import { Painting } from "./painting.js";
import { PainDrawing } from "./pain.js";
import { Picture } from "./picture.js";
import { Section } from "./section.js";
import { Surface } from "./surface.js";
import { Words } from "./words.js";

export { afterPaint };

const here = (path) => new URL(path, import.meta.url).href;

const DEFAULTS = {
  injections: [], nudges: [], allowed: null, beneath: null, modes: ["points"], movable: true, pain: [], painBefore: null, flat: null,
  depth: null, needle: { needle_mm: 13, angle_degrees: 90 },
  tone: TONES[0], forceFlat: false, language: null, translated: {}, pack: { header: here("../pack/body.json"), data: here("../pack/body.bin") },
};

export class BodyChart {
  constructor(element, options) {
    this.options = { ...DEFAULTS, ...options };
    this.element = element;
    element.bodyChart = this;
    this.words = new Words(this.options.language ?? element.closest("[lang]")?.lang, this.options.translated);
    Object.assign(this, { mode: this.options.modes[0], side: "left", chosen: null, injections: [], points: [], known: new Map() });
    this.nudges = new Map(this.options.nudges.map((nudge) => [keyOf(nudge.code, nudge.side, nudge.member), nudge]));
    this.hands = new Hands(this);
    this.#take(this.options);
    this.#build();
    this.ready = this.#start();
  }

  // Another body, or the same one changed: `value` of waterneedle/body/chart.py.
  setBody(value) {
    this.#take(value);
    this.beneath.forget();
    this.section?.forget();
    if (this.pack) this.#shape();
    this.list.setPlaces(this.places);
    if (this.mode === "muscles" || this.beneath.kind) this.#needBeneath();
    this.#card();
    this.#caption();
  }

  // What is on its way to be saved ("pending") is shown at once, and drawn on the body after that.
  setInjections(injections) {
    this.options.injections = injections;
    if (this.surface && injections.some(({ status }) => status === "pending")) this.#touched();
    else this.#injected();
  }

  // Codes that may be chosen; null for all.
  setAllowed(codes) { this.list.setAllowed(codes); }

  // The needle in hand: { needle_mm, angle_degrees }, as far as it goes in.
  setNeedle(needle) { this.section?.setNeedle(needle); }

  // Chooses a point as a touch would; `quietly` without telling the caller. `by`: what chose it, for who listens.
  select(code, side = this.side, member = null, quietly = false, by = "page") {
    const place = this.places[code];
    if (!place) return;
    const which = member ?? place.members?.[0] ?? null;
    const sides = this.placed.filter((point) => point.code === code && point.member === which).map((point) => point.side);
    const real = (sides[0] ?? place.side) === "midline" ? "midline" : side === "midline" ? "left" : side;
    if (real !== "midline") this.side = real;
    this.chosen = { code, side: real, member: which };
    this.isUntold = true;
    if (by === "touch" && this.surface) this.#touched();
    else this.#showChosen();
    if (!quietly) this.tell("select", { by, ...this.chosen, ...spotOf(this.chosenPoint) });
  }

  setMode(mode) {
    this.mode = mode;
    for (const [name, panel] of Object.entries(this.panels)) panel.hidden = name !== mode;
    for (const one of this.modes?.querySelectorAll("button") ?? []) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
    this.beneath.zonesElement.hidden = mode === "pain" || !this.options.beneath;
    this.root.dataset.mode = mode;
    const told = mode === "points" ? (this.picture.isFlat ? "stage flat" : "stage") : `stage ${mode}`;
    this.picture.touched.setAttribute("aria-label", this.words.get(told));
    if (mode === "muscles") this.#needBeneath();
    this.redraw();
  }

  // Shows a named view ("front", "left hand, palm").
  show(name, atOnce = false) { return this.picture.show(name, atOnce); }

  destroy() {
    this.picture.destroy();
    this.holder.remove();
  }

  // What follows is for the parts of the chart.

  get stage() { return this.picture.stage; }

  get chosenPoint() {
    if (!this.chosen) return null;
    return this.known.get(keyOf(this.chosen.code, this.chosen.side, this.chosen.member)) ?? null;
  }

  nameOf({ code, member }) { return member ? `${code} ${member}` : code; }

  sideInWords(side) { return this.words.get(side === "midline" ? side : `${side} side`); }

  nearestTo(xyz) {
    let best = null;
    for (const point of this.points) {
      const mm = Math.hypot(point.xyz[0] - xyz[0], point.xyz[1] - xyz[1], point.xyz[2] - xyz[2]);
      if (!best || mm < best.mm) best = { point, mm };
    }
    return best;
  }

  redraw() { this.picture.redraw(); }

  // Shows what a touch has changed, if that is still to come.
  catchUp() {
    if (!this.isBehind) return;
    this.isBehind = false;
    this.#showChosen();
    this.#injected();
  }

  // One line to be seen, and all of it to be heard.
  say(seen, heard = "") {
    this.status.textContent = [seen, heard].filter(Boolean).join(" ");
    this.status.classList.toggle("body-unseen", !seen);
  }

  tell(name, detail) {
    this.options[`on${name[0].toUpperCase()}${name.slice(1)}`]?.(detail);
    this.element.dispatchEvent(new CustomEvent(`body-${name}`, { detail, bubbles: true }));
  }

  putNudge({ key, code, side, member }, [along, across]) {
    if (along || across) this.nudges.set(key, { code, side, member, along_mm: along, across_mm: across });
    else this.nudges.delete(key);
    this.#mark();
  }

  tellNudge({ key, code, side, member }) {
    this.tell("nudge", this.nudges.get(key) ?? { code, side, member, along_mm: 0, across_mm: 0 });
  }

  painted() {
    this.painting.tell();
    this.redraw();
    this.tell("pain", { runs: this.drawing.runs, area_cm2: this.drawing.areaCm2() });
  }

  // A patient knows no codes: the part of the body is named.
  sayPainted(xyz) {
    const nearest = this.nearestTo(xyz);
    if (!nearest) return;
    const { code, side } = nearest.point;
    const key = this.painting.intensity ? "painted on" : "erased on";
    this.say(this.words.fill(key, { part: this.places[code].part, side: this.sideInWords(side) }));
  }

  #take({ body, points, places }) {
    Object.assign(this, { body, places, placed: placedPoints(points) });
    for (const [code, place] of Object.entries(places)) place.code = code;
  }

  #build() {
    const { words, options } = this;
    this.status = make("p", { className: "body-status" });
    this.status.setAttribute("role", "status");
    this.picture = new Picture(this);
    this.#panels();
    this.caption = make("p", { className: "body-caption" });
    this.legend = make("div", {});
    this.modes = options.modes.length > 1 ? group(words.get("modes"), "body-segments body-modes", ...options.modes.map((mode) => {
      const one = button(words.get(mode), () => this.setMode(mode), { pressed: false });
      one.dataset.mode = mode;
      return one;
    })) : null;
    const { picture, status, beneath } = this;
    this.root = make("div", { className: "body-chart" },
      make("div", { className: "body-left" }, picture.element, picture.regions, status, beneath.zonesElement, this.legend, this.caption),
      make("div", { className: "body-right" }, this.modes ?? "", ...options.modes.map((mode) => this.panels[mode])));
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.holder = make("div", { className: "body-holder", lang: words.tag }, this.root);
    this.element.replaceChildren(this.holder);
    this.#caption();
    this.say(words.get("loading"));
    this.setMode(this.mode);
  }

  #panels() {
    const { words, options } = this;
    this.list = new PointList({
      places: this.places, channels: options.channels, protocols: options.protocols, regions: options.regions, words,
      marks: (code) => this.#markOf(code),
      on: {
        choose: (code, member) => this.#choose(code, this.side, member, "list"), filter: () => this.redraw(),
        side: (side) => this.chosen && this.#choose(this.chosen.code, side, this.chosen.member, "side"),
      },
    });
    this.list.setAllowed(options.allowed);
    this.section = options.depth ? new Section({ words, load: options.depth, needle: options.needle }) : null;
    this.card = new Card({ words, movable: options.movable, section: this.section, on: {
      nudge: (shift) => {
        this.putNudge(this.chosenPoint, shift);
        this.tellNudge(this.chosenPoint);
      },
      side: (side) => this.#choose(this.chosen.code, side, this.chosen.member, "side"),
    } });
    this.painting = new Painting({ words, before: options.painBefore, on: { changed: () => this.painted() } });
    this.beneath = new Beneath({ words, load: () => options.beneath(), on: {
      changed: () => this.#needBeneath(), chosen: (muscle) => this.#muscle(muscle),
    } });
    const panel = (...parts) => make("div", { className: "body-panel" }, ...parts);
    this.panels = {
      points: panel(this.card.element, this.list.element), muscles: panel(this.beneath.card, this.beneath.element),
      pain: panel(this.painting.element),
    };
  }

  async #start() {
    const { pack, forceFlat } = this.options;
    try {
      const drawing = forceFlat ? null : import("./stage.js");
      const [header, data] = await Promise.all([
        fetch(pack.header).then((answer) => answer.json()), fetch(pack.data).then((answer) => answer.arrayBuffer())]);
      this.pack = await decode(header, data);
      await this.picture.raise(await drawing);
      this.#shape();
      this.setMode(this.mode);
      this.#caption();
      await this.show("front", true);
      this.say("");
      this.tell("ready", { flat: Boolean(this.picture.isFlat) });
    } catch (error) {
      this.say(this.words.fill("failed", { why: error.message }));
      throw error;
    }
  }

  #shape() {
    const { half, coefficients, plain } = this.body;
    const positions = half ? unpacked(this.pack, half) : vertices(this.pack, coefficients);
    this.surface = this.surface ? this.surface.moved(positions) : new Surface(positions, faces(this.pack));
    this.picture.setSurface(this.surface, plain);
    this.drawing = new PainDrawing(this.surface, this.drawing?.runs ?? this.options.pain);
    this.painting.setDrawing(this.drawing);
    this.#mark();
  }

  #mark() {
    if (!this.surface) return;
    this.points = located(this.surface, this.placed, this.places, this.body.frames, this.nudges);
    this.known = new Map(this.points.map((point) => [point.key, point]));
    this.#injected();
  }

  // A touch is answered over the picture at once; list, card and the body itself follow when that is on the screen.
  #touched() {
    this.#placeInjections();
    this.picture.touch();
    if (this.isBehind) return;
    this.isBehind = true;
    afterPaint(() => this.catchUp());
  }

  #showChosen() {
    if (!this.isUntold) return;
    this.isUntold = false;
    const { code, side, member } = this.chosen;
    this.list.choose(code, member);
    this.redraw();
    this.#card();
    this.say("", this.words.fill("chosen", { name: this.nameOf(this.chosen), side: this.sideInWords(side), words: this.places[code].words }));
  }

  // The injections on the points as they lie.
  #injected() {
    if (!this.surface) return;
    this.#placeInjections();
    this.legend.replaceChildren(...(this.injections.length ? [legend(this.words, this.injections.some(({ status }) => status === "planned"))] : []));
    this.list.tellMarks();
    this.#card();
    this.redraw();
  }

  #placeInjections() {
    this.injections = this.options.injections.flatMap((one) => {
      const key = keyOf(one.code, one.side, one.member);
      const at = one.face === undefined ? this.known.get(key)?.at : { face: one.face, weights: one.weights };
      return at ? [{ ...one, key, at }] : [];
    });
  }

  // From the list or the card, where nobody has seen the point yet.
  #choose(code, side, member, by) {
    this.select(code, side, member, false, by);
    this.picture.reveal(this.chosenPoint);
  }

  // Muscles and zones, once they are asked for.
  async #needBeneath() {
    await this.ready;
    await this.beneath.need(this.surface.count);
    this.redraw();
  }

  #muscle(muscle) {
    this.redraw();
    if (!muscle) return;
    this.say("", this.words.fill("muscle chosen", muscle));
    this.tell("muscle", { id: muscle.id, at: this.beneath.spots });
  }

  #card() {
    if (!this.chosen) return;
    const { code, side, member } = this.chosen;
    const at = this.options.injections.filter((one) => one.code === code && one.side === side && (one.member ?? null) === member);
    this.card.show(this.chosenPoint, this.places[code], at, side);
  }

  #key(event) {
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || (field && field.type !== "radio")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in KEYS) this.show(KEYS[key]);
    else if (!(event.target === this.picture.touched && this.stage && this.hands.key(key))) return;
    event.preventDefault();
  }

  #markOf(code) {
    const here = this.options.injections.filter((one) => one.code === code).sort((a, b) => (a.days ?? 0) - (b.days ?? 0));
    return here.length ? this.words.whenOf(here[0]) : "";
  }

  #caption() {
    const note = this.options.modes.includes("points") && this.words.get("translated");
    this.caption.replaceChildren(make("span", { lang: this.body.language, textContent: this.body.says }), " ",
      [this.picture.isFlat && this.words.get("flat note"), note].filter(Boolean).join(" "));
    this.caption.hidden = !this.caption.textContent.trim();
  }
}
