// The calendar: a booking is dragged to a free time, or picked up with m, moved with the arrow keys and put down with Enter. Both
// send the form that the page of the booking has too; the server says whether the time is free. b books.
import { key } from "web/keys";

key("b", () => document.querySelector("[data-key=b]")?.click());

const sheet = document.querySelector("[data-sheet][data-may-move]");
const form = document.getElementById("move");
let held;

function put(place) {
  if (!held || !place) return;
  form.action = held.dataset.booking;
  form.elements.slot.value = place.dataset.at;
  form.requestSubmit();
}
function mark(place) {
  sheet.querySelector(".over")?.classList.remove("over");
  place?.classList.add("over");
}
function free() {
  return [...sheet.querySelectorAll("td[data-at]")];
}

if (sheet) {
  sheet.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-booking]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  sheet.addEventListener("dragover", (event) => {
    const place = event.target.closest("td[data-at]");
    mark(place);
    if (held && place) event.preventDefault();
  });
  sheet.addEventListener("drop", (event) => {
    event.preventDefault();
    put(event.target.closest("td[data-at]"));
  });
  sheet.addEventListener("dragend", () => {
    mark();
    held = undefined;
  });
  keyboard();
}

// Focus stays on the booking; the place that it would go to is outlined and said.
function keyboard() {
  const said = document.querySelector("[data-said]");
  let places = [], at = -1;

  function leave() {
    held?.removeAttribute("data-picked");
    held = undefined;
    mark();
  }
  function go(to) {
    at = Math.max(0, Math.min(to, places.length - 1));
    mark(places[at]);
    places[at].scrollIntoView({ block: "nearest", inline: "nearest" });
    said.textContent = places[at].querySelector(".unseen").textContent;
  }
  // The nearest free time of the next column on this side, at about the same height.
  function aside(by) {
    const here = places[at].getBoundingClientRect();
    const other = places
      .map((one, index) => ({ index, box: one.getBoundingClientRect() }))
      .filter(({ box }) => (box.left - here.left) * by > 4)
      .sort((one, two) => (one.box.left - two.box.left) * by || Math.abs(one.box.top - here.top) - Math.abs(two.box.top - here.top));
    const column = other.filter(({ box }) => box.left === other[0]?.box.left);
    if (column.length) go(column[0].index);
  }
  function along(by) {
    const here = places[at].getBoundingClientRect();
    const found = places
      .map((one, index) => ({ index, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.left === here.left && (box.top - here.top) * by > 1)
      .sort((one, two) => (one.box.top - two.box.top) * by);
    if (found.length) go(found[0].index);
  }

  sheet.addEventListener("keydown", (event) => {
    const booking = event.target.closest("[data-booking]");
    if (!held && booking && event.key === "m") {
      event.preventDefault();
      places = free();
      if (!places.length) return;
      held = booking;
      held.dataset.picked = "";
      const box = booking.getBoundingClientRect();
      const near = (one) => Math.hypot(one.getBoundingClientRect().left - box.left, one.getBoundingClientRect().top - box.top);
      go(places.map((one, index) => [near(one), index]).sort((one, two) => one[0] - two[0])[0][1]);
      said.textContent = `${sheet.dataset.wordPicked} ${said.textContent}`;
      return;
    }
    if (!held) return;
    const moves = { ArrowDown: () => along(1), ArrowUp: () => along(-1), ArrowRight: () => aside(1), ArrowLeft: () => aside(-1), Enter: () => put(places[at]), Escape: () => { leave(); said.textContent = sheet.dataset.wordLeft; } };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });
  sheet.addEventListener("focusout", () => { if (held?.dataset.picked !== undefined) leave(); });
}
