// The body: a touch on a point charts one injection there with the loaded syringe, unless touches are set to look only. A touch beside
// all points is led to the typed line, for which region that is nobody guesses.
import { BodyChart, afterPaint } from "body/chart";
import { Pending } from "visits/pending";

// A second touch so soon at the same place is the same one: a finger that trembles charts no second injection.
const AGAIN_MS = 600;
const NONE = { at: -AGAIN_MS };

export async function touching(holder, page, { send, withSyringe }) {
  const answer = await fetch(holder.dataset.body);
  if (!answer.ok || answer.redirected) return;
  const value = await answer.json();
  const marks = () => JSON.parse(document.getElementById("v-right").dataset.marks);
  const flat = async (view) => (await fetch(`${holder.dataset.flat}?${new URLSearchParams({ view: view.name })}`)).text();
  const fetched = async (address) => (await fetch(address)).json();
  const depth = (needle) => fetched(`${holder.dataset.depth}?${new URLSearchParams(needle)}`);
  const beneath = () => fetched(holder.dataset.beneath);
  const looks = () => page.dataset.touch === "look";
  const chart = new BodyChart(holder, {
    ...value, flat, depth, beneath, injections: marks(), nudges: JSON.parse(holder.dataset.nudges), modes: ["points", "muscles"], movable: false,
  });

  holder.addEventListener("body-select", ({ detail }) => {
    if (detail.by !== "touch") return; // the other side of the card may be one more or a correction: it is said in the list
    if (looks() || isSame(detail)) return;
    const { code, side, member, face, weights, along_mm, across_mm } = detail;
    const body = new FormData();
    body.set("code", code);
    body.set("side", side);
    for (const one of document.querySelectorAll("#each input")) body.set(one.name, one.value);
    const nudge = Object.fromEntries(Object.entries({ member, face, weights, along_mm, across_mm }).filter(([, one]) => one !== null && one !== undefined));
    if (Object.keys(nudge).length) body.set("nudge", JSON.stringify(nudge));
    withSyringe(body);
    // A point that lies elsewhere on this patient is drawn there by the chart itself.
    const left = pending.add({ code, side, member }, chart.places[code], chart.sideInWords(side));
    send(holder.dataset.tap, body, left).then((done) => { if (!done) last = NONE; });
  });
  let last = NONE;
  function isSame({ code, side, member }) {
    const before = last;
    last = { code, side, member, at: performance.now() };
    return before.code === code && before.side === side && before.member === member && last.at - before.at < AGAIN_MS;
  }
  // What a touch beside all points means is chosen: the server names the muscles under it and the regions of that part.
  const ask = async (asked) => {
    if (looks()) return;
    const answer = await fetch(`${holder.dataset.place}?${new URLSearchParams(asked)}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    const meant = document.getElementById("v-place");
    if (!answer?.ok || answer.redirected) return toTheLine();
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    meant.replaceChildren(...found.body.childNodes);
    meant.querySelector("button")?.focus({ preventScroll: true });
    meant.scrollIntoView({ block: "nearest" });
  };
  const toTheLine = () => {
    const line = document.getElementById("line");
    if (line.value) return;
    line.value = "ashi ";
    line.focus();
    chart.say(page.dataset.wordsPlace);
  };
  holder.addEventListener("body-place", ({ detail: { face, weights, side, nearest } }) =>
    ask({ face, side, nearest: nearest?.code ?? "", nudge: JSON.stringify({ face, weights }) }));
  holder.addEventListener("body-muscle", ({ detail }) => ask({ muscle: detail.id }));
  // The mark on the body first: a row in the list means that a larger part of the page is painted anew.
  const draw = () => {
    chart.setInjections([...marks(), ...pending.marks]);
    tellUndrawn();
    afterPaint(() => pending.list());
  };
  // A point that this figure does not have, such as one in the mouth, is charted like any other: that it has no dot is said.
  const undrawn = document.getElementById("undrawn");
  const tellUndrawn = () => {
    const drawn = new Set(chart.injections.map(({ code, side }) => `${code} ${side}`));
    const missing = chart.options.injections.filter(({ code, side }) => !drawn.has(`${code} ${side}`));
    const said = new Set(missing.map(({ code, side }) => `${code} ${side === "midline" ? "" : chart.sideInWords(side)}`.trim()));
    undrawn.hidden = !said.size;
    undrawn.querySelector("span").textContent = [...said].join(", ");
  };
  const pending = new Pending(page.dataset.wordsSaving, draw);
  page.addEventListener("visit:changed", draw);
  const choice = page.querySelector("[data-touch][hidden]");
  choice.hidden = false;
  choice.addEventListener("change", (event) => { page.dataset.touch = event.target.value; });
  await chart.ready;
  tellUndrawn();
  holder.dataset.ready = "";
}
