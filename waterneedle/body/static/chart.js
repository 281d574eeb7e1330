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
import { KEYS, TONES, regions, tones, views, zooms } from "./controls.js";
import { button, group, make } from "./dom.js";
import { Hands } from "./hands.js";
import { Labels } from "./labels.js";
import { PointList } from "./list.js";
import { dots, keyOf, located, placedPoints, spotDots } from "./marks.js";
import { decode, faces, unpacked, vertices } from "./mesh.js";
import { Painting } from "./painting.js";
import { PainDrawing, painColour } from "./pain.js";
import { Surface, dot } from "./surface.js";
import { Words } from "./words.js";

const here = (path) => new URL(path, import.meta.url).href;

const MOST_CODES = 120; // written beside their dots; more are a grey mist
const ASLANT = 0.3; // a dot at the rim is too faint to be named

const DEFAULTS = {
  injections: [], nudges: [], allowed: null, beneath: null, modes: ["points"], movable: true, pain: [], painBefore: null, flat: null,
  tone: TONES[0], forceFlat: false, translated: {}, pack: { header: here("../pack/body.json"), data: here("../pack/body.bin") },
};

export class BodyChart {
  constructor(element, options) {
    this.options = { ...DEFAULTS, ...options };
    this.element = element;
    element.bodyChart = this;
    this.words = new Words(this.options.translated);
    Object.assign(this, { mode: this.options.modes[0], side: "left", chosen: null, injections: [], points: [] });
    this.nudges = new Map(this.options.nudges.map((nudge) => [keyOf(nudge.code, nudge.side, nudge.member), nudge]));
    this.hands = new Hands(this);
    this.labels = new Labels();
    this.#take(this.options);
    this.#build();
    this.ready = this.#start();
  }

  // Another body, or the same one changed: `value` of waterneedle/body/chart.py.
  setBody(value) {
    this.#take(value);
    this.beneath.forget();
    if (this.pack) this.#shape();
    this.list.setPlaces(this.places);
    if (this.mode === "muscles" || this.beneath.kind) this.#needBeneath();
    this.#card();
    this.#caption();
  }

  setInjections(injections) {
    this.options.injections = injections;
    this.#mark();
  }

  // Codes that may be chosen; null for all.
  setAllowed(codes) { this.list.setAllowed(codes); }

  // Chooses a point as a touch would; `quietly` without telling the caller.
  select(code, side = this.side, member = null, quietly = false) {
    const place = this.places[code];
    if (!place) return;
    const which = member ?? place.members?.[0] ?? null;
    const sides = this.placed.filter((point) => point.code === code && point.member === which).map((point) => point.side);
    const real = (sides[0] ?? place.side) === "midline" ? "midline" : side === "midline" ? "left" : side;
    if (real !== "midline") this.side = real;
    this.chosen = { code, side: real, member: which };
    this.list.choose(code, this.chosen.member);
    this.redraw();
    this.#card();
    this.say("", this.words.fill("chosen", { name: this.nameOf(this.chosen), side: this.sideInWords(real), words: place.words }));
    if (!quietly) this.tell("select", { ...this.chosen, ...spotOf(this.chosenPoint) });
  }

  setMode(mode) {
    this.mode = mode;
    for (const [name, panel] of Object.entries(this.panels)) panel.hidden = name !== mode;
    for (const one of this.modes?.querySelectorAll("button") ?? []) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
    this.root.dataset.mode = mode;
    this.picture.setAttribute("aria-label", this.words.get(mode === "points" ? (this.flat ? "stage flat" : "stage") : `stage ${mode}`));
    if (mode === "muscles") this.#needBeneath();
    this.redraw();
  }

  // Shows a named view ("front", "left hand, palm"), by default gliding there. The picture then names it in data-view.
  async show(name, atOnce = false) {
    const view = this.body.views.find((one) => one.name === name);
    if (!view || !this.stage) return;
    this.view = view;
    const shown = this.stage.show(view, atOnce);
    this.showing.textContent = this.words.get(view.name);
    this.#press("view", view.region === "body" ? view.name : null);
    this.#press("region", view.region);
    await shown;
    this.picture.dataset.view = this.view.name;
  }

  destroy() {
    this.unwatch?.();
    this.stage?.destroy();
    this.holder.remove();
  }

  // What follows is for the parts of the chart.

  get chosenPoint() {
    return this.chosen && (this.points.find((point) => point.key === keyOf(this.chosen.code, this.chosen.side, this.chosen.member)) ?? null);
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

  // What stands on the body has changed: it is worked out once, before the next picture, however much changes until then.
  redraw() {
    this.stale = true;
    this.stage?.ask();
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

  sayPainted(xyz) {
    const nearest = this.nearestTo(xyz);
    if (!nearest) return;
    const { point } = nearest;
    this.say(this.words.fill(this.painting.intensity ? "painted near" : "erased near", { name: this.nameOf(point), side: this.sideInWords(point.side) }));
  }

  #take({ body, points, places }) {
    Object.assign(this, { body, places, placed: placedPoints(points) });
    for (const [code, place] of Object.entries(places)) place.code = code;
  }

  #build() {
    const { words, options } = this;
    this.#parts();
    this.picture = make("div", { className: "body-picture", tabIndex: 0 });
    this.picture.setAttribute("role", "application");
    this.status = make("p", { className: "body-status" });
    this.status.setAttribute("role", "status");
    this.showing = make("p", { className: "body-showing" });
    this.caption = make("p", { className: "body-caption" });
    this.legend = make("div", {});
    const stage = make("div", { className: "body-stage" },
      this.picture, this.labels.codes, this.labels.tip, make("div", { className: "body-cross" }),
      make("div", { className: "body-top" }, views(words, (side) => this.show(side)), zooms(words, (factor) => this.stage?.zoom(factor))),
      make("p", { className: "body-guide", textContent: words.get("guide") }), this.showing,
      tones(words, options.tone, (tone) => this.#tone(tone)));
    this.modes = options.modes.length > 1 ? group(words.get("modes"), "body-segments body-modes", ...options.modes.map((mode) => {
      const one = button(words.get(mode), () => this.setMode(mode), { pressed: false });
      one.dataset.mode = mode;
      return one;
    })) : null;
    this.root = make("div", { className: "body-chart" },
      make("div", { className: "body-left" }, stage, regions(words, options.regions, (name) => this.#region(name)), this.status, ...(options.beneath ? [this.beneath.zonesElement] : []), this.legend, this.caption),
      make("div", { className: "body-right" }, ...(this.modes ? [this.modes] : []), ...options.modes.map((mode) => this.panels[mode])));
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.holder = make("div", { className: "body-holder" }, this.root);
    this.element.replaceChildren(this.holder);
    this.#caption();
    this.say(words.get("loading"));
    this.setMode(this.mode);
  }

  #parts() {
    const { words, options } = this;
    this.list = new PointList({
      places: this.places, channels: options.channels, protocols: options.protocols, regions: options.regions, words,
      marks: (code) => this.#markOf(code),
      on: {
        choose: (code, member) => this.#choose(code, this.side, member), filter: () => this.redraw(),
        side: (side) => this.chosen && this.#choose(this.chosen.code, side, this.chosen.member),
      },
    });
    this.list.setAllowed(options.allowed);
    this.card = new Card({ words, movable: options.movable, on: {
      nudge: (shift) => {
        this.putNudge(this.chosenPoint, shift);
        this.tellNudge(this.chosenPoint);
      },
      side: (side) => this.#choose(this.chosen.code, side, this.chosen.member) } });
    this.painting = new Painting({ words, before: options.painBefore, on: { changed: () => this.painted() } });
    this.beneath = new Beneath({ words, load: () => options.beneath(), on: {
      changed: () => this.#needBeneath(),
      chosen: (muscle) => {
        this.redraw();
        if (!muscle) return;
        this.say("", words.fill("muscle chosen", muscle));
        this.tell("muscle", { id: muscle.id, at: this.beneath.spots });
      } } });
    const panel = (...parts) => make("div", { className: "body-panel" }, ...parts);
    this.panels = {
      points: panel(this.card.element, this.list.element), muscles: panel(this.beneath.card, this.beneath.element),
      pain: panel(this.painting.element),
    };
  }

  // From the list or the card, where nobody has seen the point yet: the body turns to it if it is out of sight.
  #choose(code, side, member) {
    this.select(code, side, member);
    const point = this.chosenPoint;
    if (!point || !this.stage || (this.#isInPicture(point) && this.stage.sees(point.xyz, point.normal))) return;
    const region = this.view.region === "body" ? "body" : this.places[code].region;
    const facing = ({ outward, name }) => dot(outward, point.normal) - 2 * Number(name.startsWith(point.side === "left" ? "right " : "left "));
    const [best] = this.body.views.filter((view) => view.region === region).sort((a, b) => facing(b) - facing(a));
    this.show(best.name);
  }

  #isInPicture({ xyz }) {
    const [[x, y], [wide, high]] = [this.stage.where(xyz), this.#size];
    return x > 0 && y > 0 && x < wide && y < high;
  }

  // Muscles and zones, once they are asked for.
  async #needBeneath() {
    await this.ready;
    await this.beneath.need(this.surface.count);
    this.redraw();
  }

  async #start() {
    try {
      const drawing = this.options.forceFlat ? null : import("./stage.js");
      const [header, data] = await Promise.all([
        fetch(this.options.pack.header).then((answer) => answer.json()), fetch(this.options.pack.data).then((answer) => answer.arrayBuffer())]);
      this.pack = await decode(header, data);
      await this.#raise(await drawing);
      this.#shape();
      this.#tone(this.options.tone, true);
      this.#ground();
      await this.show("front", true);
      this.say("");
      this.tell("ready", { flat: Boolean(this.flat) });
    } catch (error) {
      this.say(this.words.fill("failed", { why: error.message }));
      throw error;
    }
  }

  // In three dimensions where the browser can, flat where it cannot.
  async #raise(drawing) {
    const { hands } = this;
    const on = {
      tap: (x, y) => hands.tap(x, y), grab: (x, y) => hands.grab(x, y), hover: (x, y) => hands.hover(x, y), step: (by) => this.#step(by),
      before: () => this.#lay(), drawn: () => this.#tip(), moving: () => this.labels.clear(), rested: () => this.#codes(),
    };
    const canvas = make("canvas", {});
    const context = drawing?.contextOf(canvas);
    if (context) {
      this.picture.replaceChildren(canvas);
      this.stage = new drawing.Stage(canvas, context, on);
      return;
    }
    const { Flat } = await import("./flat.js");
    this.flat = true;
    this.stage = new Flat(this.picture, (view) => this.options.flat(view), on);
    this.setMode(this.mode);
    this.#caption();
  }

  #shape() {
    const { half, coefficients } = this.body;
    const positions = half ? unpacked(this.pack, half) : vertices(this.pack, coefficients);
    this.surface = this.surface ? this.surface.moved(positions) : new Surface(positions, faces(this.pack));
    this.stage.setSurface(this.surface, this.body.plain);
    this.drawing = new PainDrawing(this.surface, this.drawing?.runs ?? this.options.pain);
    this.painting.setDrawing(this.drawing);
    this.#mark();
  }

  #mark() {
    if (!this.surface) return;
    this.points = located(this.surface, this.placed, this.places, this.body.frames, this.nudges);
    const known = new Map(this.points.map((point) => [point.key, point]));
    this.injections = this.options.injections.flatMap((one) => {
      const key = keyOf(one.code, one.side, one.member);
      const at = one.face === undefined ? known.get(key)?.at : { face: one.face, weights: one.weights };
      return at ? [{ ...one, key, at }] : [];
    });
    this.legend.replaceChildren(...(this.injections.length ? [legend(this.words)] : []));
    this.list.tellMarks();
    this.#card();
    this.redraw();
  }

  #lay() {
    if (!this.stale || !this.surface) return;
    this.stale = false;
    if (this.mode === "pain") {
      this.stage.setDots([]);
      this.stage.setCells([...this.drawing.cells].map(([cell, intensity]) => [cell, painColour(intensity)]));
      return;
    }
    this.stage.setCells(this.beneath.tints(this.mode));
    if (this.mode === "muscles") {
      this.stage.setDots(spotDots(this.surface, this.beneath.spots));
      return;
    }
    const shows = (code) => this.list.shows(code);
    this.stage.setDots(dots({ points: this.points, shows, chosen: this.chosenPoint, hovered: this.hands.hovered, injections: this.injections, surface: this.surface }));
  }

  #tip() {
    const { stage, hands } = this;
    const point = this.mode === "points" ? hands.hovered ?? this.chosenPoint : null;
    const seen = point && stage.faces(point.xyz, point.normal) && (point === hands.hovered || stage.sees(point.xyz, point.normal));
    this.labels.tell(seen ? point : null, ...(seen ? [this.nameOf(point), this.places[point.code], stage.where(point.xyz)] : ["", null, [0, 0]]), this.#size);
  }

  #codes() {
    const { stage } = this;
    const told = this.hands.hovered ?? this.chosenPoint;
    const { region } = this.view ?? {};
    const meant = (point) => point !== told && this.list.shows(point.code) && (region === "body" || this.places[point.code].region === region);
    const near = this.mode === "points" ? this.points.filter((point) => meant(point) && stage.facing(point.xyz, point.normal) > ASLANT && this.#isInPicture(point)) : [];
    const shown = near.length > MOST_CODES ? [] : near.filter((point) => stage.sees(point.xyz, point.normal));
    this.labels.spread(shown.map((point) => [this.nameOf(point), ...stage.where(point.xyz)]), this.#size);
  }

  get #size() { return [this.picture.clientWidth, this.picture.clientHeight]; }

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
    else if (!(event.target === this.picture && this.stage && this.hands.key(key))) return;
    event.preventDefault();
  }

  // The next side of a region each time it is asked for; of a limb, the side of the chosen point first.
  #region(name) {
    const all = this.body.views.filter((view) => view.region === name);
    const near = (view) => Number(view.name.startsWith(`${this.side} `));
    const order = all.some((view) => view.name.startsWith("left ")) ? [...all].sort((a, b) => near(b) - near(a)) : all;
    this.show(order[(order.indexOf(this.view) + 1) % order.length].name);
  }

  #step(by) {
    const { views: all } = this.body;
    this.show(all[(all.indexOf(this.view) + by + all.length) % all.length].name);
  }

  #press(kind, value) {
    for (const one of this.root.querySelectorAll(`[data-${kind}]`)) one.setAttribute("aria-pressed", String(one.dataset[kind] === value));
  }

  #tone(tone, first = false) {
    this.stage?.setTone(tone);
    if (!first) this.tell("tone", { tone });
  }

  // The picture has the colour of what it stands on, and changes with the theme.
  #ground() {
    const take = () => this.stage.setGround(getComputedStyle(this.picture.parentElement).backgroundColor);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const theme = new MutationObserver(take);
    scheme.addEventListener("change", take);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme", "class"] });
    this.unwatch = () => {
      scheme.removeEventListener("change", take);
      theme.disconnect();
    };
    take();
  }

  #markOf(code) {
    const days = this.options.injections.filter((one) => one.code === code).map((one) => one.days);
    return days.length ? this.words.daysAgo(Math.min(...days)) : "";
  }

  #caption() {
    this.caption.textContent = [this.body.says, this.flat && this.words.get("flat note")].filter(Boolean).join(" ");
  }
}

function spotOf(point) {
  if (!point) return {};
  return { face: point.at.face, weights: point.at.weights.slice(0, 2), along_mm: point.nudge?.along_mm ?? 0, across_mm: point.nudge?.across_mm ?? 0 };
}
