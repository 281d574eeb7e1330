// The step "where it hurts": the chart of the body, to paint on alone. What is painted is kept in a hidden field as runs of cells.
import { BodyChart } from "body/chart";

async function begin(root) {
  const kept = document.getElementById(root.dataset.drawing);
  const words = Object.fromEntries([...document.getElementById(root.dataset.words).content.querySelectorAll("[data-key]")]
    .map((one) => [one.dataset.key, one.textContent]));
  const answer = await fetch(root.dataset.chart);
  if (!answer.ok || answer.redirected) return;
  const flat = async (view) => (await fetch(`${root.dataset.flat}?${new URLSearchParams({ view: view.name })}`)).text();
  const chart = new BodyChart(root, { ...(await answer.json()), flat, modes: ["pain"], translated: words, pain: kept.value ? JSON.parse(kept.value) : [] });
  root.addEventListener("body-pain", (event) => {
    kept.value = event.detail.runs.length ? JSON.stringify(event.detail.runs) : "";
    kept.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await chart.ready;
}

document.querySelectorAll("[data-drawing]").forEach(begin);
