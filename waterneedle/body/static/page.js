// The page of its own: draws the person of the form, and keeps what is moved or painted only until it is closed.
import { BodyChart } from "./chart.js";

const form = document.querySelector("#person");
const holder = document.querySelector("#chart");
const error = Object.assign(document.createElement("p"), { className: "page-error", hidden: true });
error.setAttribute("role", "alert");
form.append(error);

const asked = () => new URLSearchParams(new FormData(form));

async function value() {
  const answer = await fetch(`/chart.json?${asked()}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function flat(view) {
  const query = asked();
  query.set("view", view.name);
  return (await fetch(`/flat.svg?${query}`)).text();
}

const codes = holder.dataset.codes.split(" ").filter(Boolean);
const beneath = async () => (await fetch(`/beneath.json?${asked()}`)).json();

async function depth(needle) {
  const answer = await fetch(`/depth.json?${asked()}&${new URLSearchParams(needle)}`);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

let chart = null;

async function draw() {
  document.querySelector("#paper").href = `/sheet.svg?${asked()}`;
  error.hidden = true;
  try {
    const found = await value();
    if (chart) chart.setBody(found);
    else {
      const pack = { header: "/static/pack/body.json", data: "/static/pack/body.bin" };
      const allowed = codes.length ? codes : null;
      chart = new BodyChart(holder, { ...found, flat, beneath, depth, allowed, pack, modes: ["points", "muscles", "pain"] });
      await chart.ready;
    }
  } catch (problem) {
    error.textContent = problem.message;
    error.hidden = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  draw();
});
draw();
