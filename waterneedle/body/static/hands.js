// What a touch, the mouse or a key does to the body: choose the nearest point, move the chosen one, paint. For chart.js.
import { shiftTo } from "./frames.js";
import { placeOf } from "./marks.js";

const TOUCH_PX = 28; // how near a touch must come to a dot
const HOLD_PX = 24; // and to the chosen dot, to take hold of it

export class Hands {
  constructor(chart) {
    this.chart = chart;
    this.hovered = null;
  }

  tap(x, y) {
    const { chart } = this;
    if (chart.mode === "pain") return;
    if (chart.mode === "muscles") {
      const hit = this.#hit(x, y);
      if (hit && !chart.beneath.takeAt(hit.face)) chart.say(chart.words.get("no muscle"));
      return;
    }
    const point = this.#near(x, y);
    if (point) {
      chart.select(point.code, point.side, point.member, false, "touch");
      return;
    }
    const hit = this.#hit(x, y);
    if (!hit) return;
    const nearest = chart.nearestTo(hit.xyz);
    const beside = nearest && chart.words.fill("beside", { name: chart.nameOf(nearest.point), mm: Math.round(nearest.mm) });
    chart.say(chart.words.get("no point"), beside);
    chart.tell("place", {
      ...placeOf(hit, hit.xyz), side: hit.xyz[0] < 0 ? "right" : "left",
      nearest: nearest && { code: nearest.point.code, side: nearest.point.side, mm: nearest.mm },
    });
  }

  hover(x, y) {
    const { chart } = this;
    const hovered = chart.mode === "points" ? this.#near(x, y) : null;
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    chart.picture.hover(hovered);
  }

  // The body moves away from under the mouse.
  unhover() {
    if (this.hovered) this.hover(-1e4, -1e4);
  }

  // Takes hold of something, if there is something to hold at (x, y): { move, end, cancel } as orbit.js wants it, or null.
  grab(x, y) {
    return { pain: () => this.#stroke(x, y), points: () => this.#holdPoint(x, y) }[this.chart.mode]?.() ?? null;
  }

  // Keys on the picture itself, once chart.js has taken its own.
  key(key) {
    const { mode, stage } = this.chart;
    if (key === "Enter" && mode !== "pain") this.tap(...stage.middle);
    else if (key === " " && mode === "pain") this.#stroke(...stage.middle)?.end();
    else return stage.key(key);
    return true;
  }

  // The nearest dot to a touch that can be seen; null when none is near.
  #near(x, y) {
    const { stage, points, list } = this.chart;
    const near = [];
    for (const point of points) {
      if (!list.shows(point.code) || !stage.faces(point.xyz, point.normal)) continue;
      const [px, py] = stage.where(point.xyz);
      const off = Math.hypot(px - x, py - y);
      if (off <= TOUCH_PX) near.push([off, point]);
    }
    near.sort((a, b) => a[0] - b[0]);
    return near.find(([, point]) => this.chart.picture.sees(point))?.[1] ?? null;
  }

  #hit(x, y) {
    const { stage, surface } = this.chart;
    const { origin, direction } = stage.ray(x, y);
    const hit = surface.hit(origin, direction);
    return hit && stage.holds(hit.xyz) ? hit : null;
  }

  #holdPoint(x, y) {
    const { chart } = this;
    const { stage, surface, chosenPoint: point } = chart;
    if (!point || !chart.options.movable || !stage.faces(point.xyz, point.normal)) return null;
    const [px, py] = stage.where(point.xyz);
    if (Math.hypot(px - x, py - y) > HOLD_PX || !stage.sees(point.xyz, point.normal)) return null;
    const before = chart.nudges.get(point.key);
    return {
      move: (mx, my) => {
        const hit = this.#hit(mx, my);
        if (hit) chart.putNudge(point, shiftTo(surface, point.spot, point.frame, point.side, hit.xyz));
      },
      end: (still) => (still ? this.tap(x, y) : chart.tellNudge(point)),
      cancel: () => chart.putNudge(point, [before?.along_mm ?? 0, before?.across_mm ?? 0]),
    };
  }

  #stroke(x, y) {
    const { chart } = this;
    const { drawing, painting, surface } = chart;
    if (!this.#hit(x, y)) return null;
    let last = null;
    const dab = (mx, my) => {
      const hit = this.#hit(mx, my);
      if (!hit) return;
      last = hit;
      if (drawing.paint(surface.dab(hit.face, hit.xyz, painting.radius), painting.intensity)) chart.redraw();
    };
    drawing.begin();
    dab(x, y);
    return {
      move: dab,
      end: () => {
        drawing.end();
        chart.sayPainted(last.xyz);
        chart.painted();
      },
      cancel: () => {
        drawing.undo();
        chart.painted();
      },
    };
  }
}
