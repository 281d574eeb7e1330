// Clocks that run: `data-since` counts up from a moment, `data-until` down to one, and then says by how much it is over.
// The words come from `data-left` and `data-over`, where {} stands for minutes and seconds. `data-now` is the clinic's time when the
// element was drawn: the clock of this device may be wrong, and only counts on from it.
const SECOND_MS = 1000;

const clock = (ms) => {
  const seconds = Math.floor(Math.abs(ms) / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

const ahead = new WeakMap(); // of each element, by how much this device's clock is ahead

function nowFor(one) {
  if (!ahead.has(one)) ahead.set(one, Date.now() - Date.parse(one.dataset.now));
  return Date.now() - ahead.get(one);
}

function show() {
  for (const one of document.querySelectorAll("[data-since]")) one.textContent = clock(nowFor(one) - Date.parse(one.dataset.since));
  for (const one of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(one.dataset.until) - nowFor(one);
    one.querySelector("[data-clock]").textContent = (left > 0 ? one.dataset.left : one.dataset.over).replace("{}", clock(left));
    one.classList.toggle("late", left <= 0);
  }
}

show();
setInterval(show, SECOND_MS);
