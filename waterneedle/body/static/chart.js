// The chart of a body: look, find a point, move it, see what was injected, paint where it hurts.
//
//   import { BodyChart } from ".../chart.js";
//   const chart = new BodyChart(element, { ...value, injections, nudges, onSelect });
//
// `value` is what waterneedle/body/chart.py gives: body, points, places, channels, protocols, regions. Nothing here knows a clinical
// rule and nothing is stored: each act is told by onSelect, onNudge, onPain, onTone, onPlace and as a bubbling event of the same
// detail ("body-select", "body-nudge", …). `docs/chart.md` has the options.
import { Card, legend } from "./card.js";
import { KEYS, TONES, regions, tones, views, zooms } from "./controls.js";
import { button, group, make } from "./dom.js";
import { shiftTo } from "./frames.js";
import { PointList } from "./list.js";
import { dots, keyOf, located, placedPoints } from "./marks.js";
import { decode, faces, vertices } from "./mesh.js";
import { Painting } from "./painting.js";
import { PainDrawing } from "./pain.js";
import { Surface } from "./surface.js";
import { Words } from "./words.js";

const TOUCH_PX = 28; // how near a touch must come to a dot
const HOLD_PX = 24; // and to the chosen dot, to take hold of it
const PAIN = { 2: [0.95, 0.70, 0.76], 4: [0.91, 0.52, 0.65], 6: [0.84, 0.34, 0.55], 8: [0.70, 0.17, 0.46], 10: [0.47, 0.05, 0.35] };
const PAIN_COVERS = 0.82;
const here = (path) => new URL(path, import.meta.url).href;

const DEFAULTS = {
  injections: [], nudges: [], allowed: null, overlays: [], modes: ["points"], movable: true, pain: [], painBefore: null, flat: null,
  tone: TONES[0], forceFlat: false, translated: {}, pack: { header: here("../pack/body.json"), data: here("../pack/body.bin") },
};

export class BodyChart {
  constructor(element, options) {
    this.options = { ...DEFAULTS, ...options };
    this.element = element;
    this.words = new Words(this.options.translated);
    Object.assign(this, { mode: this.options.modes[0], side: "left", chosen: null, hovered: null, injections: [], points: [] });
    this.nudges = new Map(this.options.nudges.map((nudge) => [keyOf(nudge.code, nudge.side, nudge.member), nudge]));
    this.#take(this.options);
    this.#build();
    this.ready = this.#start();
  }

  // Another body, or the same one changed: `value` of waterneedle/body/chart.py.
  setBody(value) {
    this.#take(value);
    this.list.setPlaces(this.places);
    if (this.pack) this.#shape();
    this.#says();
  }

  setInjections(injections) {
    this.options.injections = injections;
    this.#mark();
  }

  setAllowed(codes) { this.list.setAllowed(codes); }

  // Chooses a point as a touch would; `quietly` without telling the caller.
  select(code, side = this.side, member = null, quietly = false) {
    const place = this.places[code];
    if (!place) return;
    const real = place.side === "midline" ? "midline" : side === "midline" ? "left" : side;
    if (real !== "midline") this.side = real;
    this.chosen = { code, side: real, member: member ?? place.members?.[0] ?? null };
    this.list.choose(code, this.chosen.member);
    this.#draw();
    this.#card();
    this.#say(this.words.fill("chosen", { name: this.#name(this.chosen), side: this.words.get(real === "midline" ? real : `${real} side`), words: place.words }));
    if (!quietly) this.#tell("select", { ...this.chosen, ...this.#spotOf(this.#chosenPoint()) });
  }

  setMode(mode) {
    this.mode = mode;
    for (const [name, panel] of Object.entries(this.panels)) panel.hidden = name !== mode;
    for (const one of this.modes?.querySelectorAll("button") ?? []) one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
    this.root.dataset.mode = mode;
    this.picture.setAttribute("aria-label", this.words.get(mode === "pain" ? "stage pain" : this.flat ? "stage flat" : "stage"));
    this.#draw();
  }

  // Shows a named view ("front", "left hand, palm"), by default gliding there.
  show(name, atOnce = false) {
    const view = this.body.views.find((one) => one.name === name);
    if (!view || !this.stage) return;
    this.view = view;
    this.stage.show(view, atOnce);
    this.#viewed();
  }

  destroy() {
    this.stage?.destroy();
    this.holder.remove();
  }

  #take({ body, points, places }) {
    Object.assign(this, { body, places, placed: placedPoints(points) });
    for (const [code, place] of Object.entries(places)) place.code = code;
  }

  #build() {
    const { words, options } = this;
    this.list = new PointList({
      places: this.places, channels: options.channels, protocols: options.protocols, regions: options.regions, words,
      marks: (code) => this.#markOf(code),
      on: { choose: (code, member) => this.select(code, this.side, member), filter: () => this.stage && this.#draw(),
            side: (side) => this.chosen && this.select(this.chosen.code, side, this.chosen.member) },
    });
    this.list.setAllowed(options.allowed);
    this.card = new Card({ words, movable: options.movable, on: {
      nudge: (shift) => this.#nudge(this.#chosenPoint(), shift), side: (side) => this.select(this.chosen.code, side, this.chosen.member) } });
    this.painting = new Painting({ words, before: options.painBefore, on: { changed: () => this.#painted() } });
    this.picture = make("div", { className: "body-picture", tabIndex: 0 });
    this.picture.setAttribute("role", "application");
    this.tip = make("div", { className: "body-tip", hidden: true });
    this.cross = make("div", { className: "body-cross" });
    this.status = make("p", { className: "body-status" });
    this.status.setAttribute("role", "status");
    this.showing = make("p", { className: "body-showing" });
    this.caption = make("p", { className: "body-caption" });
    const stage = make("div", { className: "body-stage" },
      this.picture, this.tip, this.cross, make("div", { className: "body-top" }, views(words, (side) => this.show(side)), zooms(words, (factor) => this.stage?.zoom(factor))),
      make("p", { className: "body-guide", textContent: words.get("guide") }), this.showing, tones(words, options.tone, (tone) => this.#tone(tone)));
    this.modes = options.modes.length > 1 ? group(words.get("modes"), "body-segments body-modes", ...options.modes.map((mode) => {
      const one = button(words.get(mode), () => this.setMode(mode), { pressed: false });
      one.dataset.mode = mode;
      return one;
    })) : null;
    this.panels = { points: make("div", { className: "body-panel" }, this.card.element, this.list.element), pain: make("div", { className: "body-panel" }, this.painting.element) };
    this.root = make("div", { className: "body-chart" },
      make("div", { className: "body-left" }, stage, regions(words, options.regions, (name) => this.#region(name)), this.status,
           options.injections.length ? legend(words) : "", this.caption),
      make("div", { className: "body-right" }, ...(this.modes ? [this.modes] : []), ...options.modes.map((mode) => this.panels[mode])));
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.holder = make("div", { className: "body-holder" }, this.root);
    this.element.replaceChildren(this.holder);
    this.#says();
    this.#say(words.get("loading"));
    this.setMode(this.mode);
  }

  async #start() {
    try {
      const drawing = this.options.forceFlat ? null : import("./stage.js");
      const [header, data] = await Promise.all([
        fetch(this.options.pack.header).then((answer) => answer.json()), fetch(this.options.pack.data).then((answer) => answer.arrayBuffer())]);
      this.pack = await decode(header, data);
      this.pack.skinFaces = 2 * header.skin_quads;
      await this.#raise(await drawing);
      this.#shape();
      this.#tone(this.options.tone, true);
      this.show("front", true);
      this.#say("");
      this.#tell("ready", { flat: Boolean(this.flat) });
    } catch (error) {
      this.#say(this.words.fill("failed", { why: error.message }));
      throw error;
    }
  }

  // In three dimensions where the browser can, flat where it cannot.
  async #raise(drawing) {
    const on = { tap: (x, y) => this.#tap(x, y), grab: (x, y) => this.#grab(x, y), hover: (x, y) => this.#hover(x, y), drawn: () => this.#tipAt(),
                 resized: () => {}, step: (by) => this.#step(by) };
    if (drawing?.canDraw()) {
      const canvas = make("canvas", {});
      this.picture.replaceChildren(canvas);
      this.stage = new drawing.Stage(canvas, on);
      return;
    }
    const { Flat } = await import("./flat.js");
    this.flat = true;
    this.root.dataset.flat = "";
    this.stage = new Flat(this.picture, (view) => this.options.flat(view), on);
    this.setMode(this.mode);
    this.#says();
  }

  #shape() {
    const positions = vertices(this.pack, this.body.coefficients);
    this.surface = this.surface ? this.surface.moved(positions) : new Surface(positions, faces(this.pack), this.pack.skinFaces);
    this.stage.setSurface(this.surface, this.body.plain);
    const drawn = this.drawing?.runs ?? this.options.pain;
    this.drawing = new PainDrawing(this.surface, drawn);
    this.painting.setDrawing(this.drawing);
    this.#mark();
  }

  #mark() {
    if (!this.surface) return;
    this.points = located(this.surface, this.placed, this.places, this.body.frames, this.nudges);
    for (const point of this.points) point.key = keyOf(point.code, point.side, point.member);
    const known = new Map(this.points.map((point) => [point.key, point]));
    this.injections = this.options.injections.flatMap((one) => {
      const key = keyOf(one.code, one.side, one.member);
      const at = one.face !== undefined ? { face: one.face, weights: one.weights } : known.get(key)?.at;
      return at ? [{ ...one, key, at }] : [];
    });
    this.list.refresh();
    this.#card();
    this.#draw();
  }

  #draw() {
    if (!this.surface || !this.stage) return;
    if (this.mode === "pain") {
      this.stage.setDots([]);
      this.stage.setCells([...this.drawing.cells].map(([cell, intensity]) => [cell, [...painColour(intensity), PAIN_COVERS]]));
      return;
    }
    const shows = (code) => this.list.shows(code);
    this.stage.setCells(this.options.overlays.flatMap(({ cells, colour }) => cells.map((cell) => [cell, colour])));
    this.stage.setDots(dots({ points: this.points, shows, chosen: this.#chosenPoint(), hovered: this.hovered, injections: this.injections, surface: this.surface }));
  }

  #chosenPoint() {
    return this.chosen && (this.points.find((point) => point.key === keyOf(this.chosen.code, this.chosen.side, this.chosen.member)) ?? null);
  }

  #card() {
    if (!this.chosen) return;
    const { code, side, member } = this.chosen;
    const at = this.options.injections.filter((one) => one.code === code && one.side === side && (one.member ?? null) === member);
    this.card.show(this.#chosenPoint(), this.places[code], at, side);
  }

  // The nearest dot to a touch that can be seen; null when none is near.
  #near(x, y) {
    const near = [];
    for (const point of this.points) {
      if (!this.list.shows(point.code) || !this.stage.faces(point.xyz, point.normal)) continue;
      const [px, py] = this.stage.where(point.xyz);
      const off = Math.hypot(px - x, py - y);
      if (off <= TOUCH_PX) near.push([off, point]);
    }
    near.sort((a, b) => a[0] - b[0]);
    return near.find(([, point]) => this.stage.sees(point.xyz, point.normal))?.[1] ?? null;
  }

  #tap(x, y) {
    if (this.mode === "pain") return;
    const point = this.#near(x, y);
    if (point) {
      this.select(point.code, point.side, point.member);
      return;
    }
    const hit = this.#hit(x, y);
    if (!hit) return;
    const nearest = this.#nearestTo(hit.xyz);
    this.#say([this.words.get("no point"), nearest && this.words.fill("beside", { name: this.#name(nearest.point), mm: Math.round(nearest.mm) })].filter(Boolean).join(" "));
    this.#tell("place", { face: hit.face, weights: hit.weights, side: hit.xyz[0] < 0 ? "right" : "left", nearest: nearest && { code: nearest.point.code, side: nearest.point.side, mm: nearest.mm } });
  }

  #hover(x, y) {
    const hovered = this.mode === "points" ? this.#near(x, y) : null;
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    this.picture.classList.toggle("is-over", Boolean(hovered));
    this.#draw();
  }

  // A touch that takes hold: of the chosen dot to move it, or of the skin to paint it.
  #grab(x, y) {
    if (this.mode === "pain") return this.#stroke(x, y);
    const point = this.#chosenPoint();
    if (!point || !this.options.movable || !this.stage.faces(point.xyz, point.normal)) return null;
    const [px, py] = this.stage.where(point.xyz);
    if (Math.hypot(px - x, py - y) > HOLD_PX || !this.stage.sees(point.xyz, point.normal)) return null;
    const before = this.nudges.get(point.key);
    const put = (nudge) => {
      if (nudge) this.nudges.set(point.key, nudge);
      else this.nudges.delete(point.key);
      this.#mark();
    };
    return {
      move: (mx, my) => {
        const hit = this.#hit(mx, my);
        if (hit) put(this.#nudged(point, shiftTo(this.surface, point.spot, point.frame, point.side, hit.xyz)));
      },
      end: (still) => (still ? this.#tap(x, y) : this.#tell("nudge", this.#nudgeOf(point))),
      cancel: () => put(before),
    };
  }

  #nudged({ code, side, member }, [along, across]) {
    return along || across ? { code, side, member, along_mm: along, across_mm: across } : null;
  }

  #nudgeOf(point) {
    return this.nudges.get(point.key) ?? { code: point.code, side: point.side, member: point.member, along_mm: 0, across_mm: 0 };
  }

  #nudge(point, shift) {
    const nudge = this.#nudged(point, shift);
    if (nudge) this.nudges.set(point.key, nudge);
    else this.nudges.delete(point.key);
    this.#mark();
    this.#tell("nudge", this.#nudgeOf(point));
  }

  #stroke(x, y) {
    if (!this.#hit(x, y)) return null;
    this.drawing.begin();
    const dab = (mx, my) => {
      const hit = this.#hit(mx, my);
      if (hit && this.drawing.paint(this.surface.dab(hit.face, hit.xyz, this.painting.radius), this.painting.intensity)) this.#draw();
      return hit;
    };
    dab(x, y);
    const done = (hit) => {
      this.drawing.end();
      this.painting.tell();
      if (hit) this.#sayPainted(hit.xyz);
      this.#tell("pain", { runs: this.drawing.runs, area_cm2: this.drawing.areaCm2() });
    };
    let last = null;
    return {
      move: (mx, my) => { last = dab(mx, my) ?? last; },
      end: () => done(last ?? this.#hit(x, y)),
      cancel: () => {
        this.drawing.undo();
        this.#painted();
      },
    };
  }

  #painted() {
    this.painting.tell();
    this.#draw();
    this.#tell("pain", { runs: this.drawing.runs, area_cm2: this.drawing.areaCm2() });
  }

  #sayPainted(xyz) {
    const nearest = this.#nearestTo(xyz);
    if (!nearest) return;
    const { point } = nearest;
    this.#say(this.words.fill(this.painting.intensity ? "painted near" : "erased near", { name: this.#name(point), side: this.words.get(point.side === "midline" ? "midline" : `${point.side} side`) }));
  }

  #nearestTo(xyz) {
    let best = null;
    for (const point of this.points) {
      const mm = Math.hypot(point.xyz[0] - xyz[0], point.xyz[1] - xyz[1], point.xyz[2] - xyz[2]);
      if (!best || mm < best.mm) best = { point, mm };
    }
    return best;
  }

  #hit(x, y) {
    const { origin, direction } = this.stage.ray(x, y);
    return this.surface.hit(origin, direction);
  }

  #key(event) {
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || (field && field.type !== "radio")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const onPicture = event.target === this.picture;
    if (key in KEYS) this.show(KEYS[key]);
    else if (onPicture && key === "Enter" && this.mode === "points") this.#tap(...this.stage.middle);
    else if (onPicture && key === " " && this.mode === "pain") this.#stroke(...this.stage.middle)?.end();
    else if (!(onPicture && this.stage?.key(key))) return;
    event.preventDefault();
  }

  // The next side of a region each time it is asked for; of a limb, the side of the chosen point first.
  #region(name) {
    const all = this.body.views.filter((view) => view.region === name);
    const sided = name === "body" ? all : [...all].sort((a, b) => Number(b.name.startsWith(this.side)) - Number(a.name.startsWith(this.side)));
    const order = all.some((view) => view.name.startsWith("left ")) ? sided : all;
    this.show(order[(order.indexOf(this.view) + 1) % order.length].name);
  }

  #step(by) {
    const { views: all } = this.body;
    this.show(all[(all.indexOf(this.view) + by + all.length) % all.length].name);
  }

  #viewed() {
    const { words, view } = this;
    this.showing.textContent = words.get(view.name);
    for (const one of this.root.querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", String(one.dataset.view === view.name && view.region === "body"));
    for (const one of this.root.querySelectorAll("[data-region]")) one.setAttribute("aria-pressed", String(one.dataset.region === view.region));
  }

  #tone(tone, first = false) {
    this.stage?.setTone(tone);
    this.root.style.setProperty("--tone", tone);
    if (!first) this.#tell("tone", { tone });
  }

  // The name of the dot under the mouse, else of the chosen one, beside it.
  #tipAt() {
    const point = this.mode === "points" ? this.hovered ?? this.#chosenPoint() : null;
    const visible = point && this.stage.faces(point.xyz, point.normal) && (point === this.hovered || this.stage.sees(point.xyz, point.normal));
    this.tip.hidden = !visible;
    if (!visible) return;
    if (this.tipped !== point.key) {
      const { hanzi, pinyin } = this.places[point.code];
      this.tip.replaceChildren(make("b", { textContent: this.#name(point) }), make("span", { className: "body-hanzi", lang: "zh-Hans", textContent: hanzi }), make("span", { lang: "zh-Latn", textContent: pinyin }));
      this.tipped = point.key;
    }
    const [x, y] = this.stage.where(point.xyz);
    const [wide, high] = [this.picture.clientWidth, this.picture.clientHeight];
    this.tip.hidden = x < 0 || y < 0 || x > wide || y > high;
    const left = x > wide - this.tip.offsetWidth - 28;
    this.tip.style.transform = `translate(${(left ? x - 20 - this.tip.offsetWidth : x + 20).toFixed(1)}px, ${(y - this.tip.offsetHeight / 2).toFixed(1)}px)`;
  }

  #markOf(code) {
    const days = this.options.injections.filter((one) => one.code === code).map((one) => one.days);
    return days.length ? this.words.daysAgo(Math.min(...days)) : "";
  }

  #name({ code, member }) { return member ? `${code} ${member}` : code; }

  #spotOf(point) { return point ? { face: point.at.face, weights: point.at.weights.slice(0, 2), along_mm: point.nudge?.along_mm ?? 0, across_mm: point.nudge?.across_mm ?? 0 } : {}; }

  #says() {
    this.caption.textContent = [this.body.says, this.flat && this.words.get("flat note")].filter(Boolean).join(" ");
  }

  #say(text) { this.status.textContent = text; }

  #tell(name, detail) {
    this.options[`on${name[0].toUpperCase()}${name.slice(1)}`]?.(detail);
    this.element.dispatchEvent(new CustomEvent(`body-${name}`, { detail, bubbles: true }));
  }
}

function painColour(intensity) {
  const above = [2, 4, 6, 8, 10].find((step) => intensity <= step) ?? 10;
  return PAIN[above];
}
