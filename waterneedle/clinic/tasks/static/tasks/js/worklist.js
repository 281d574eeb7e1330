// The worklist by keyboard: j and k move from task to task, t takes one, d says that it is done, Enter follows the link.
import { key } from "web/keys";

const rows = () => [...document.querySelectorAll("[data-task]")];
const here = () => document.activeElement?.closest?.("[data-task]");

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next.querySelector("[data-open]").focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(what) {
  const button = here()?.querySelector(what);
  if (!button) return false;
  button.click();
}

key("j", () => move(1));
key("k", () => move(-1));
key("t", () => press("[data-take]"));
key("d", () => press("[data-done]"));
for (const help of document.querySelectorAll("[data-keys-help]")) help.hidden = document.body.dataset.keys === "off" || !matchMedia("(hover: hover)").matches;
