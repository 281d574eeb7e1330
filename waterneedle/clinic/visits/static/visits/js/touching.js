// The body: a touch on a point charts one injection there with the loaded syringe, unless touches are set to look only. A touch beside
// all points is led to the typed line, for which region that is nobody guesses.
import { BodyChart } from "body/chart";

export async function touching(holder, page, { send }) {
  const answer = await fetch(holder.dataset.body);
  if (!answer.ok || answer.redirected) return;
  const value = await answer.json();
  const marks = () => JSON.parse(document.getElementById("v-right").dataset.marks);
  const flat = async (view) => (await fetch(`${holder.dataset.flat}?${new URLSearchParams({ view: view.name })}`)).text();
  const looks = () => page.dataset.touch === "look";
  const chart = new BodyChart(holder, { ...value, flat, injections: marks(), modes: ["points"], movable: false });

  holder.addEventListener("body-select", ({ detail }) => {
    if (detail.by !== "touch") return; // the other side of the card may be one more or a correction: it is said in the list
    if (looks()) return;
    const { code, side, member, face, weights, along_mm, across_mm } = detail;
    const body = new FormData();
    body.set("code", code);
    body.set("side", side);
    for (const one of document.querySelectorAll("#each input")) body.set(one.name, one.value);
    const nudge = Object.fromEntries(Object.entries({ member, face, weights, along_mm, across_mm }).filter(([, one]) => one !== null && one !== undefined));
    if (Object.keys(nudge).length) body.set("nudge", JSON.stringify(nudge));
    send(holder.dataset.tap, body);
  });
  holder.addEventListener("body-place", () => {
    const line = document.getElementById("line");
    if (looks() || line.value) return;
    line.value = "ashi ";
    line.focus();
    chart.say(page.dataset.wordsPlace);
  });
  page.addEventListener("visit:changed", () => chart.setInjections(marks()));
  const choice = page.querySelector("[data-touch][hidden]");
  choice.hidden = false;
  choice.addEventListener("change", (event) => { page.dataset.touch = event.target.value; });
  await chart.ready;
  holder.dataset.ready = "";
}
