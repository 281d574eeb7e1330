// A pain drawing to look at: the figure with what was painted, in the colours of the chart.
import { BodyChart } from "body/chart";

const PAIN = { 2: [0.95, 0.70, 0.76], 4: [0.91, 0.52, 0.65], 6: [0.84, 0.34, 0.55], 8: [0.70, 0.17, 0.46], 10: [0.47, 0.05, 0.35] };
const COVERS = 0.82;

const root = document.querySelector("[data-shown]");
const { runs, value } = JSON.parse(document.getElementById("pain-shown").textContent);
const words = Object.fromEntries([...document.getElementById("pain-words").content.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one.textContent]));
const colour = (intensity) => [...PAIN[[2, 4, 6, 8, 10].find((step) => intensity <= step) ?? 10], COVERS];
const overlays = runs.map(([first, count, intensity]) => ({ cells: Array.from({ length: count }, (_one, at) => first + at), colour: colour(intensity) }));
const flat = async () => "";
await new BodyChart(root, { ...JSON.parse(value), flat, modes: ["points"], movable: false, translated: words, overlays, channels: [], protocols: [] }).ready;
