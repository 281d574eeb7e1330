// The picture of the body and what stands on it: the view, the dots and tints of the moment, names beside dots. For chart.js.
import * as controls from "./controls.js";
import { make } from "./dom.js";
import { Ink } from "./ink.js";
import { Labels } from "./labels.js";
import { dots, hoveredDot, injected, ringAround, spotDots } from "./marks.js";
import { painColour } from "./pain.js";
import { dot } from "./surface.js";

const MOST_CODES = 120; // written beside their dots; more are a grey mist
const ASLANT = 0.3; // a dot at the rim is too faint to be named

export class Picture {
  constructor(chart) {
    this.chart = chart;
    this.labels = new Labels();
    this.ink = new Ink();
    this.sight = new WeakMap();
    this.#build();
  }

  // In three dimensions where the browser can, flat where it cannot.
  async raise(drawing) {
    const { hands, options } = this.chart;
    const on = {
      tap: (x, y) => hands.tap(x, y), grab: (x, y) => hands.grab(x, y), hover: (x, y) => hands.hover(x, y), step: (by) => this.#step(by),
      before: () => this.#lay(), drawn: () => this.#drawn(), moving: () => this.#moving(), rested: () => this.#codes(),
    };
    const canvas = make("canvas", {});
    const context = drawing?.contextOf(canvas);
    if (context) {
      this.touched.replaceChildren(canvas);
      this.stage = new drawing.Stage(canvas, context, on);
    } else {
      const { Flat } = await import("./flat.js");
      this.isFlat = true;
      this.stage = new Flat(this.touched, (view) => options.flat(view), on);
    }
    this.setTone(options.tone);
    this.#watchGround();
  }

  // Shows a named view, by default gliding there; the picture then names it in data-view.
  async show(name, atOnce = false) {
    const view = this.chart.body.views.find((one) => one.name === name);
    if (!view || !this.stage) return;
    this.view = view;
    this.showing.textContent = this.chart.words.get(view.name);
    this.#press("view", view.region === "body" ? view.name : null);
    this.#press("region", view.region);
    await this.stage.show(view, atOnce);
    this.touched.dataset.view = this.view.name;
  }

  // The next side of a region each time it is asked for; of a limb, the side of the chosen point first.
  showRegion(name) {
    const all = this.chart.body.views.filter((view) => view.region === name);
    const near = (view) => Number(view.name.startsWith(`${this.chart.side} `));
    const order = all.some((view) => view.name.startsWith("left ")) ? [...all].sort((a, b) => near(b) - near(a)) : all;
    this.show(order[(order.indexOf(this.view) + 1) % order.length].name);
  }

  // Turns to a point that is out of sight.
  reveal(point) {
    if (!point || !this.stage || (this.#holds(point) && this.sees(point))) return;
    const { body, places } = this.chart;
    const region = this.view.region === "body" ? "body" : places[point.code].region;
    const other = point.side === "left" ? "right " : "left ";
    const facing = ({ outward, name }) => dot(outward, point.normal) - 2 * Number(name.startsWith(other));
    const [best] = body.views.filter((view) => view.region === region).sort((a, b) => facing(b) - facing(a));
    this.show(best.name);
  }

  setSurface(surface, plain) { this.stage.setSurface(surface, plain); }

  setTone(tone) { this.stage?.setTone(tone); }

  // What stands on the body has changed: it is worked out once, before the next picture, however much changes until then.
  redraw() {
    this.stale = true;
    this.stage?.ask();
  }

  // The dot under the mouse, or null: shown over the picture, which is not drawn anew for it.
  hover(point) {
    this.touched.classList.toggle("is-over", Boolean(point));
    if (point && point !== this.chart.chosenPoint) this.ink.hover(hoveredDot(point), this.stage.where(point.xyz), this.stage.grow);
    else this.ink.unhover();
    this.#tip();
  }

  // Shows at once what was touched, over the picture until that has it: the ring of the chosen point, and what is not saved yet.
  touch() {
    const { stage } = this;
    const { surface, chosenPoint, injections } = this.chart;
    const marks = injections.filter(({ status }) => status === "pending").map((one) => injected(surface, one));
    if (chosenPoint) marks.push(ringAround(chosenPoint));
    this.ink.unhover(); // the chosen point has a look of its own
    const seen = marks.filter(({ xyz, normal }) => stage.sees(xyz, normal));
    this.ink.touch(seen.map((one) => [one, stage.where(one.xyz)]), stage.grow);
  }

  destroy() {
    this.unwatch?.();
    this.stage?.destroy();
  }

  get size() { return [this.touched.clientWidth, this.touched.clientHeight]; }

  #build() {
    const { words, options } = this.chart;
    this.touched = make("div", { className: "body-picture", tabIndex: 0 });
    this.touched.setAttribute("role", "application");
    this.showing = make("p", { className: "body-showing" });
    this.element = make("div", { className: "body-stage" },
      this.touched, this.ink.element, this.labels.codes, this.labels.tip, make("div", { className: "body-cross" }),
      make("div", { className: "body-top" }, controls.views(words, (side) => this.show(side)),
           controls.zooms(words, (factor) => this.stage?.zoom(factor))),
      make("p", { className: "body-guide", textContent: words.get("guide") }), this.showing,
      controls.tones(words, options.tone, (tone) => {
        this.setTone(tone);
        this.chart.tell("tone", { tone });
      }));
    this.regions = controls.regions(words, options.regions, (name) => this.showRegion(name));
  }

  #lay() {
    const { chart, stage } = this;
    const { surface, mode } = chart;
    if (!this.stale || !surface) return;
    this.stale = false;
    if (mode === "pain") {
      stage.setDots([]);
      stage.setCells([...chart.drawing.cells].map(([cell, intensity]) => [cell, painColour(intensity)]));
    } else {
      stage.setCells(chart.beneath.tints(mode));
      stage.setDots(mode === "muscles" ? spotDots(surface, chart.beneath.spots) : dots({
        points: chart.points, shows: (code) => chart.list.shows(code), chosen: chart.chosenPoint, injections: chart.injections,
        surface,
      }));
    }
  }

  #drawn() {
    if (!this.chart.isBehind) this.ink.drawn();
    this.#tip();
  }

  // What is shown over the picture lies elsewhere from now on: the picture has to have it.
  #moving() {
    this.sight = new WeakMap();
    this.labels.clear();
    this.chart.hands.unhover();
    this.chart.catchUp();
    this.ink.drawn();
  }

  // Whether a point can be seen from where the eye is; found once for each place of the eye.
  sees(point) {
    if (!this.sight.has(point)) this.sight.set(point, this.stage.sees(point.xyz, point.normal));
    return this.sight.get(point);
  }

  // The name of the dot under the mouse, else of the chosen one, beside it.
  #tip() {
    const { chart, stage } = this;
    const { hovered } = chart.hands;
    const point = chart.mode === "points" ? hovered ?? chart.chosenPoint : null;
    if (!point || !stage.faces(point.xyz, point.normal) || (point !== hovered && !this.sees(point))) {
      this.labels.untell();
      this.labels.giveWay(null);
      return;
    }
    this.labels.giveWay(point.key);
    this.labels.tell(point.key, chart.nameOf(point), chart.places[point.code], stage.where(point.xyz), this.size);
  }

  #codes() {
    const { chart, stage, view } = this;
    const meant = ({ code }) => chart.list.shows(code) && (!view || view.region === "body" || chart.places[code].region === view.region);
    const near = chart.mode !== "points" ? [] : chart.points.filter(
      (point) => meant(point) && stage.facing(point.xyz, point.normal) > ASLANT && this.#holds(point));
    const seen = near.length > MOST_CODES ? [] : near.filter((point) => this.sees(point));
    this.labels.spread(seen.map((point) => [point.key, chart.nameOf(point), ...stage.where(point.xyz)]), this.size);
    this.#tip();
  }

  #holds({ xyz }) {
    const [[x, y], [wide, high]] = [this.stage.where(xyz), this.size];
    return x > 0 && y > 0 && x < wide && y < high;
  }

  #step(by) {
    const { views } = this.chart.body;
    this.show(views[(views.indexOf(this.view) + by + views.length) % views.length].name);
  }

  #press(kind, value) {
    for (const part of [this.element, this.regions]) {
      for (const one of part.querySelectorAll(`[data-${kind}]`)) one.setAttribute("aria-pressed", String(one.dataset[kind] === value));
    }
  }

  // The picture has the colour of what it stands on, and changes with the theme.
  #watchGround() {
    const take = () => this.stage.setGround(getComputedStyle(this.element).backgroundColor);
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
}
