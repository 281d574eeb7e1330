// The page of a visit: forms[data-live] are sent without leaving it, and each part that comes back takes the place of the element with
// its id. Everything works as plain forms too; no clinical rule is here, the server answers after every change.
import { key } from "web/keys";
import { toast } from "web/toasts";
import { isBegun, keepNow, keepOn, takenUp } from "web/unfinished";
import { typedLine } from "visits/line";
import { afterDrawing, syringe } from "visits/syringe";

const page = document.getElementById("visit");
page.classList.add("is-live");

// Of every form but the one that was `sent`: what was typed and not sent yet, by the address it goes to. What opened in place to be
// changed is asked for anew: it shows what may not hold any more.
const FORMS = () => [...document.querySelectorAll("#v-right form, #v-today form, #v-strip form")];
const nameOf = (form) => `${form.getAttribute("action")} ${form.elements.namedItem("rule")?.value ?? ""} ${form.className}`;
const asDrawn = (select) => [...select.options].find((one) => one.defaultSelected) ?? select.options[0]; // no answer is marked: the first
// A choice that is sent as soon as it is made is no typing: where it was not taken, the page shows what stands.
const isTyped = (one) => one.name && !one.matches("[data-send]") && (one.matches("select") ? one.value !== asDrawn(one)?.value
  : one.matches("textarea, input:not([type=hidden], [type=radio], [type=checkbox])") && one.value !== one.defaultValue);

function unsent(sent) {
  return FORMS().filter((form) => form !== sent && !form.closest(".visit-edit"))
    .flatMap((form) => [...form.elements].filter(isTyped).map((one) => [nameOf(form), one.name, one.value]));
}

function putBack(typed) {
  for (const [name, field, value] of typed) {
    const found = FORMS().find((form) => nameOf(form) === name)?.elements.namedItem(field);
    if (!found?.matches || isTyped(found)) continue;
    found.value = value;
    found.closest("details")?.setAttribute("open", "");
  }
}

// What is in one's hand stays there: the focused element and what it stands in, what is typed into the each-fields, and which details are open.
function kept(focused = document.activeElement) {
  const each = [...document.querySelectorAll("#each input")].map((one) => [one.name, one.value]);
  const around = [".visit-issue", ".visit-injection"].map((one) => focused?.closest(one)?.id).filter(Boolean);
  return { id: focused?.id, around, inside: focused?.closest("#v-right, #v-strip, #v-today, #v-steps")?.id, each };
}

// What was opened in place to be changed and holds words that were not sent, or was refused: where to open it anew, and what one was
// about in it; of what was refused, the field `wrong` that is to be put right.
function opened(sent, refused, wrong) {
  const places = [...document.querySelectorAll("#v-right .visit-edit")].map((place) => [place, [...place.querySelectorAll("form")].filter((form) => form !== sent && isBegun(form))]);
  const { name, value, tagName } = document.activeElement ?? {};
  return places.filter(([place, forms]) => forms.length || (refused && place.contains(refused))).map(([place, forms]) => {
    const address = document.querySelector(`a[data-edit="${place.id}"]`)?.getAttribute("href");
    if (wrong && refused && place.contains(refused)) return { address, forms, at: `form[action="${refused.getAttribute("action")}"] [name="${wrong}"]` };
    const at = name && place.contains(document.activeElement) ? `${tagName.toLowerCase()}[name="${name}"]${tagName === "BUTTON" ? `[value="${value}"]` : ""}` : "";
    return { address, forms, at };
  });
}

// It closes with its row, for it may show what holds no more: what was typed is kept, and filled into what stands there by now.
async function openAnew({ address, forms, at }) {
  for (const form of forms) await keepNow(form);
  const link = document.querySelector(`#v-right a[data-edit][href="${address}"]`);
  if (link) await open(link, at, !!at);
}

// Why something was not done stands on top of the page: somebody further down, who sees nothing happen, would take it for done.
function sayRefusal() {
  document.querySelectorAll("#toasts [data-refusal]").forEach((one) => one.remove());
  const problem = document.getElementById("v-problem"), { top, bottom } = problem.getBoundingClientRect();
  const isSeen = bottom > 0 && top >= (document.querySelector("section.patient")?.getBoundingClientRect().bottom ?? 0) && top < innerHeight;
  if (!problem.textContent.trim() || isSeen || document.querySelector("#v-line .error, #v-strip .summary")) return;
  failed(problem.textContent.trim()).dataset.refusal = "";
}

const FOLLOWS = { skin: "given" };

// Where one is when the button that was pressed is gone: what follows it, or what it stood in, which does nothing by itself. A second
// press that comes too late for a button must not be one for another: "All given" is the first in its part.
function whereOneWas({ id, around, inside }) {
  const seq = Number(around.at(-1)?.slice(1)), rows = [...document.querySelectorAll("#v-right .visit-injection")];
  const row = seq ? rows.find((one) => Number(one.id.slice(1)) > seq) ?? rows.at(-1) : null;
  const found = [id, FOLLOWS[id], ...around].map((one) => one && document.getElementById(one)).find(Boolean);
  return found ?? row ?? document.getElementById(inside);
}

function goBack(before) {
  const to = whereOneWas(before);
  if (!to?.matches("a, button, input, select, summary, textarea")) to?.setAttribute("tabindex", "-1");
  to?.focus({ preventScroll: true });
}

// A key that is held down presses nothing again.
page.addEventListener("keydown", (event) => {
  if (event.repeat && ["Enter", " "].includes(event.key) && event.target.matches("button")) event.preventDefault();
});

function take(html, { focus = true, sent = null, form = null } = {}) {
  const answer = new DOMParser().parseFromString(html, "text/html");
  // What was opened in place and cannot be taken as it is comes back by itself, with what is wrong in it.
  const place = form?.closest(".visit-edit");
  if (place && !answer.querySelector("[id^='v-']")) {
    place.replaceChildren(...answer.body.childNodes);
    place.querySelector("[data-focus]")?.focus();
    return;
  }
  const before = kept(), left = unsent(sent), wrong = answer.getElementById("v-problem")?.dataset.at;
  const changing = opened(sent, sent ? null : form, wrong);
  for (const part of answer.body.querySelectorAll("[id^='v-']")) {
    if (part.id === "v-toasts" && part.childElementCount) {
      // One way back at a time: a pile would cover what is signed. Older ones are taken out in the list.
      document.querySelectorAll("#toasts [data-undo]").forEach((one) => one.remove());
      document.getElementById("toasts")?.append(...part.children);
    }
    else if (part.id !== "v-toasts") document.getElementById(part.id)?.replaceWith(document.importNode(part, true));
  }
  for (const [name, value] of before.each) {
    const field = document.querySelector(`#each [name="${name}"]`);
    if (field && value) field.value = value;
  }
  document.querySelector("#each input")?.dispatchEvent(new Event("input", { bubbles: true })); // what was charted is kept no longer
  putBack(left);
  changing.forEach(openAnew);
  sayRefusal();
  page.dispatchEvent(new CustomEvent("visit:changed"));
  if (!focus || !before.inside || document.activeElement !== document.body) return;
  goBack(before);
}

const failed = (text) => toast(text, "block");
// What could not be sent: until it all was, its words stay. Then they would say of what is charted that it is not.
const lost = new Set();

function lose(asked, text) {
  lost.add(asked);
  failed(text);
}

function arrived(asked) {
  lost.delete(asked);
  if (lost.size) return;
  const { wordsOffline, wordsFailed, wordsSignedOut } = page.dataset;
  for (const one of document.querySelectorAll("#toasts > *")) {
    if ([wordsOffline, wordsFailed, wordsSignedOut].includes(one.querySelector("p")?.textContent)) one.remove();
  }
}

let sending = Promise.resolve();

// One after the other, in the order of the touches; each with a key of its own, so that a repeat has one effect. `answered` is told
// when the answer is there, before it is shown, or when there will be none.
export function send(url, body, answered = () => {}, form = null) {
  const asked = sending.then(() => post(url, body, answered, form)).finally(answered);
  sending = asked.catch(() => {});
  return asked;
}

// What was sent and never answered may have been done all the same: asked once more, it goes with the key it had. An answer to
// anything shows what stands; from then on the same words are meant anew.
const unanswered = new Map();
const CHANGING = ["unfinished", "csrfmiddlewaretoken"]; // of the same words: what is kept of them, and who may send them

async function post(url, body, answered, form, attempts = 3) {
  const asked = `${url} ${new URLSearchParams([...body].filter(([name]) => !CHANGING.includes(name)))}`;
  const once = body.get("once") || unanswered.get(asked) || crypto.randomUUID?.() || String(Math.random()).slice(2);
  const headers = { "HX-Request": "true", "Idempotency-Key": once, "X-CSRFToken": token() };
  for (let attempt = 1; ; attempt++) {
    let answer;
    try {
      answer = await fetch(url, { method: "POST", body, headers });
    } catch {
      if (attempt < attempts) continue;
      unanswered.set(asked, once);
      lose(asked, page.dataset.wordsOffline);
      return null;
    }
    if (answer.status === 401 || answer.redirected) lose(asked, page.dataset.wordsSignedOut);
    else if (answer.ok || answer.status === 422) {
      const parts = await answer.text();
      unanswered.clear();
      arrived(asked);
      answered();
      take(parts, { sent: answer.ok ? form : null, form });
      return answer.ok;
    } else lose(asked, page.dataset.wordsFailed);
    return null;
  }
}

export const token = () => document.querySelector("#v-steps [name=csrfmiddlewaretoken]").value;

// The syringe that is in hand goes with everything that is asked, so that the answer shows it in hand still.
export function withSyringe(body, form) {
  const chosen = [...document.querySelectorAll("#v-strip [name=syringe][form]")].find((one) => one.type === "hidden" || one.checked);
  if (chosen && !form?.matches("[data-load]")) body.set("syringe", chosen.value);
}

function bodyOf(form, submitter) {
  const body = new FormData(form, submitter);
  withSyringe(body, form);
  if (form.matches("[data-line], [data-again]")) body.delete("once"); // it stays for the next one, which is meant anew
  if (form.matches("[data-line], [data-protocol], [data-place], [data-again]")) for (const one of document.querySelectorAll("#each input")) body.set(one.name, one.value);
  return body;
}

// Where one was before the way back was reached: who goes it is there again, and not at the top of the page.
let cameFrom = null;
document.getElementById("toasts")?.addEventListener("focusin", (event) => {
  if (!event.currentTarget.contains(event.relatedTarget)) cameFrom = kept(event.relatedTarget);
});

function takeAway(shown) {
  shown?.remove();
  if (document.activeElement === document.body) goBack({ around: [], ...cameFrom, inside: cameFrom?.inside ?? "v-right" });
}

const AGAIN_MS = 600;
let takenOut = -AGAIN_MS;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const isUndo = form.closest("#toasts") && form.action.includes("/visits/");
  if (!form.matches("[data-live]") && !isUndo) return;
  event.preventDefault();
  // Behind a row that is taken out the next one moves under the finger: a second tap at once takes out no second one.
  const takesOut = form.action.endsWith("/remove/"), now = performance.now();
  if (takesOut && now - takenOut < AGAIN_MS) return;
  if (takesOut) takenOut = now;
  const pressed = event.submitter ?? form; // the same button twice is one press; another one of the form waits for its turn
  if (pressed.dataset.busy) return;
  pressed.dataset.busy = "1";
  const line = form.elements.line?.value;
  const done = await send(form.action, bodyOf(form, event.submitter), undefined, form);
  delete pressed.dataset.busy;
  if (isUndo && done !== null) takeAway(form.closest("[data-toast]")); // unsent, the way back stays
  if (done === null) showWhatStands(form);
  if (done) after(form, line);
  else keepOn(page);
}, true);

// What was chosen and could not be sent would be read as answered, and the same choice a second time is no change.
function showWhatStands(form) {
  for (const one of form.querySelectorAll("select[data-send]")) one.value = asDrawn(one).value;
}

// A choice that is the whole answer is sent as soon as it is made.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
});

// "Change" opens in place.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-edit]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const place = document.getElementById(link.dataset.edit);
  if (place.childElementCount) return place.replaceChildren();
  await open(link);
});

async function open(link, at = "", focus = true) {
  const place = document.getElementById(link.dataset.edit);
  const asked = new URLSearchParams();
  withSyringe(asked);
  const answer = await fetch(`${link.href}?${asked}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer) return failed(page.dataset.wordsOffline);
  if (answer.status === 401 || answer.redirected) return failed(page.dataset.wordsSignedOut);
  if (answer.status === 422) return take(await answer.text()); // it was taken out meanwhile, or signed: why, and what stands
  if (!answer.ok) return failed(page.dataset.wordsFailed);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...found.body.childNodes);
  takenUp(place);
  const first = (at && place.querySelector(at)) || place.querySelector("input:not([type=hidden]), select, button, summary");
  if (focus) first?.focus();
}

// Ctrl+Enter signs, or goes to the first thing that is still to be said.
key("Ctrl+Enter", (event) => {
  if (event.target.closest?.("[data-editing], [data-load], [data-line]") && event.target.value) {
    event.target.form.requestSubmit();
    return;
  }
  const strip = document.getElementById("v-strip");
  const { gap, gapSeq } = strip.dataset;
  const found = (id) => document.getElementById(id);
  const change = gapSeq && !gap.startsWith("reason ") && gap !== "status" ? found(`change-${gapSeq}`) : null;
  if (change) {
    const field = found(change.dataset.edit).querySelector(`[name="${gap}"]`);
    return void (field ? field.focus() : open(change, `[name="${gap}"]`));
  }
  const rule = gap.slice("reason ".length);
  const first = found(gap) ?? found(`reason-${rule}`) ?? found(`issue-${gapSeq}-${rule}`)?.querySelector(".visit-reasons summary") ?? found(`given-${gapSeq}`);
  const fallback = gap === "status" ? found("given") : gap === "injection" ? nextToChart() : null;
  if (gap) {
    const to = fallback ?? first ?? document.getElementById("sign");
    to?.scrollIntoView({ block: "center" });
    to?.focus();
  } else document.getElementById("sign")?.click();
});

// Without a syringe the scan of a vial comes before the first line.
const nextToChart = () => document.getElementById(document.getElementById("each") ? "line" : "syringe_code") ?? document.getElementById("line");

// A number takes the syringe with that number in hand.
for (let number = 1; number < 10; number++) {
  key(String(number), () => {
    const radio = document.querySelector(`#v-strip [name=syringe][data-number="${number}"]`);
    if (!radio) return false;
    radio.checked = true;
    radio.focus({ preventScroll: true });
  });
}

typedLine(document.querySelector("[data-line]"), { token });
syringe(page, { token, offline: () => failed(page.dataset.wordsOffline) });

// Where one goes on: the next line, or what each injection of the new syringe gets. The form itself may have been replaced.
// What was typed or said behind the `line` while it was on its way, or put in its place, stays.
function after(form, line) {
  if (form.matches("[data-line]")) {
    const field = form.elements.line;
    field.value = field.value.startsWith(line) ? field.value.slice(line.length).trimStart() : field.value;
    if (field.value) field.dispatchEvent(new Event("input", { bubbles: true })); // it is kept, and completed
    field.focus();
    form.scrollIntoView({ block: "nearest" }); // with the words that come up at the lower edge of a phone above it
  } else if (form.matches("[data-place]")) document.getElementById("v-place").replaceChildren();
  else if (form.matches("[data-protocol]")) {
    document.getElementById("protocols")?.replaceChildren();
    (document.getElementById("skin") ?? document.getElementById("given"))?.focus({ preventScroll: true });
  } else if (form.matches("[data-load]")) afterDrawing(form);
}

// The body comes last: it is the heaviest, and nothing waits for it.
const holder = document.getElementById("chart");
// Without a connection the body stays away, and the line beside it says that everything can be typed.
// The page first: to make a body ready keeps the browser busy.
const painted = new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
if (holder) painted.then(() => import("visits/touching")).then(({ touching }) => touching(holder, page, { send, withSyringe })).catch(() => {});
