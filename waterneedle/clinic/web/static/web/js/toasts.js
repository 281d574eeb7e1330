// Toasts go after six seconds, those with a way back after ten; never while somebody is on them. `toast(text)` shows one,
// and none twice: what fails again and again is said once.
const SHORT_MS = 6000, UNDO_MS = 10000;
const place = document.getElementById("toasts");

export function toast(text, severity = "note") {
  const said = [...place?.querySelectorAll("[data-toast] > p") ?? []].find((one) => one.textContent === text);
  if (said) return said.parentElement;
  const shown = document.createElement("div");
  shown.className = "toast";
  shown.dataset.toast = severity;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button fine";
  close.dataset.close = "";
  close.textContent = document.body.dataset.wordClose;
  shown.append(words, close);
  place?.append(shown);
  return shown;
}

function live(shown) {
  if (shown.dataset.live) return;
  shown.dataset.live = "1";
  let timer;
  const go = () => shown.remove();
  const wait = () => {
    clearTimeout(timer);
    // What went wrong stays until it is closed.
    if (!["block", "warn"].includes(shown.dataset.toast)) timer = setTimeout(go, "undo" in shown.dataset ? UNDO_MS : SHORT_MS);
  };
  const hold = () => clearTimeout(timer);
  shown.addEventListener("pointerenter", hold);
  shown.addEventListener("focusin", hold);
  shown.addEventListener("pointerleave", wait);
  shown.addEventListener("focusout", wait);
  shown.addEventListener("keydown", (event) => { if (event.key === "Escape") go(); });
  shown.querySelector("[data-close]")?.addEventListener("click", go);
  wait();
}

if (place) {
  new MutationObserver(() => place.querySelectorAll("[data-toast]").forEach(live)).observe(place, { childList: true });
  place.querySelectorAll("[data-toast]").forEach(live);
}
