// The buttons on the picture: four sides, regions, nearer and farther, skin tone.
import { button, group, make, uniqueId } from "./dom.js";

export const SIDES = ["front", "back", "left", "right"];
export const KEYS = { f: "front", b: "back", l: "left", r: "right" };
export const TONES = ["#dfd8cd", "#efd3bf", "#dcae8c", "#bd8660", "#8d5b3c", "#5c3a28"];

export function views(words, show) {
  const buttons = SIDES.map((side) => {
    const one = button(words.get(`${side} short`), () => show(side), { label: words.get(side), pressed: false });
    one.dataset.view = side;
    return one;
  });
  return group(words.get("views"), "body-segments body-views", ...buttons);
}

export function regions(words, names, show) {
  const buttons = ["body", ...names].map((name) => {
    const text = words.get({ body: "whole", back: "back region" }[name] ?? name);
    const one = button(text, () => show(name), { pressed: false });
    one.dataset.region = name;
    return one;
  });
  return group(words.get("regions"), "body-regions", ...buttons);
}

export function zooms(words, zoom) {
  return group(words.get("zoom"), "body-segments body-zooms", button("+", () => zoom(0.75), { label: words.get("nearer") }),
               button("−", () => zoom(1.33), { label: words.get("farther") }));
}

export function tones(words, chosen, set) {
  const name = uniqueId("body-tone");
  const swatches = TONES.map((tone, n) => {
    const input = make("input", { type: "radio", name, value: tone, checked: tone === chosen });
    input.addEventListener("change", () => set(tone));
    input.setAttribute("aria-label", n ? words.fill("tone n", { n }) : words.get("tone neutral"));
    const swatch = make("span", { className: "body-swatch" });
    swatch.style.background = tone;
    return make("label", { className: "body-tone" }, input, swatch);
  });
  return make("fieldset", { className: "body-tones" },
    make("legend", { className: "body-unseen", textContent: words.get("tone") }), ...swatches);
}
