// What is typed and not sent yet outlives the browser and the server: the fields of a form[data-keep] are kept by the server for who types,
// one second after the last change or two after the first that is not kept, and stand there again when that person opens the form the
// next time. A form is known by where it is sent to; two that go to one address have a word in data-keep. With data-words-alone nothing
// that was chosen is kept, for that would be a choice made beforehand. What a field said before is kept with it: where it says something
// else by now, nothing is filled in, and what was typed stands beside it. The words are those of web/_unfinished.html; see
// accounts/unfinished.py.
import { saved } from "web/forms";

const WAIT_MS = 1000, MOST_MS = 2000, RETRY_MS = 4000, ANSWER_MS = 8000;
const WORDS = "textarea, input:is([type=text], [type=search], [type=number], [type=date], [type=time], [type=datetime-local], [type=tel], [type=email], :not([type]))";
const CHOSEN = "select, input:is([type=radio], [type=checkbox])";
const NEVER = '[autocomplete="one-time-code"], [name=code], [readonly], [disabled], [data-combo] input';
const words = document.getElementById("unfinished");
const tracked = new Map(); // by key: what goes on with that form

const keyOf = (form) => `${new URL(form.getAttribute("action") || location.href, location).pathname} ${form.dataset.keep}`.trim();
const isKept = (form) => words && form?.dataset?.keep !== undefined;
const isField = (form, one) => one.name && form.contains(one) && !one.matches(NEVER) && one.matches(form.dataset.wordsAlone === undefined ? `${WORDS}, ${CHOSEN}` : WORDS);

// By name, the elements that are one field together.
function fieldsOf(form) {
  const found = new Map();
  for (const one of form.elements) if (isField(form, one)) found.set(one.name, [...found.get(one.name) ?? [], one]);
  return found;
}
// What a field says, or said when the page came: the words in it, or what is chosen, one on a line.
function said([first, ...more], before = false) {
  if (first.matches(WORDS)) return before ? first.defaultValue : first.value;
  if (!first.matches("select")) return [first, ...more].filter((one) => (before ? one.defaultChecked : one.checked)).map((one) => one.value).join("\n");
  const options = [...first.options], chosen = options.filter((one) => (before ? one.defaultSelected : one.selected));
  return (chosen.length || first.multiple ? chosen : options.slice(0, 1)).map((one) => one.value).join("\n");
}
function put(elements, text) {
  const [first] = elements, chosen = text.split("\n");
  if (first.matches(WORDS)) first.value = text;
  else if (first.matches("select")) for (const one of first.options) one.selected = chosen.includes(one.value);
  else for (const one of elements) one.checked = chosen.includes(one.value);
}
function typedIn(form) {
  const changed = [...fieldsOf(form)].filter(([, elements]) => said(elements) !== said(elements, true));
  return Object.fromEntries(changed.map(([name, elements]) => [name, [said(elements, true), said(elements)]]));
}
// As a person reads it: what the field is called, and what was typed or chosen.
const titleOf = (label) => label?.firstChild.textContent.trim();
function read(elements, text) {
  const [first] = elements, chosen = text.split("\n");
  if (first.matches(WORDS)) return `${titleOf(first.labels?.[0]) || first.name}: ${text}`;
  const choices = first.matches("select") ? [...first.options] : elements;
  const read = choices.filter((one) => chosen.includes(one.value)).map((one) => (one.labels?.[0] ?? one).textContent.trim());
  return `${titleOf(first.closest("fieldset")?.querySelector("legend") ?? first.labels?.[0]) || first.name}: ${read.join(", ")}`;
}

function of(form) {
  const key = keyOf(form);
  if (!tracked.has(key)) tracked.set(key, { key, form, since: null, busy: null, again: false, isThere: false });
  const one = tracked.get(key);
  if (form.isConnected) one.form = form;
  return one;
}

function say(one, state, at = "") {
  const form = one.form;
  let shown = form.querySelector("[data-kept]");
  if (!shown) {
    if (!state) return;
    shown = words.content.querySelector("[data-kept]").cloneNode(true);
    ([...form.querySelectorAll(".actions")].at(-1) ?? form).append(shown);
  }
  shown.dataset.state = state;
  shown.querySelector("span").textContent = (shown.dataset[state] ?? "").replace("%s", at);
}

function later(one, ms) {
  clearTimeout(one.timer);
  one.timer = setTimeout(() => keep(one), ms);
}

async function keep(one, leaving = false) {
  clearTimeout(one.timer);
  if (one.busy) {
    one.again = true;
    return;
  }
  const typed = JSON.stringify(typedIn(one.form));
  one.again = false;
  one.since = null;
  if (typed === "{}" && !one.isThere) return;
  one.busy = send(one, typed, leaving);
  await one.busy;
  one.busy = null;
  if (one.again) later(one, 0);
}

async function send(one, typed, leaving) {
  try {
    const answer = await fetch(words.dataset.address, { method: "POST", body: new URLSearchParams({ key: one.key, typed }), keepalive: leaving, signal: AbortSignal.timeout(ANSWER_MS), headers: { Accept: "application/json", "X-CSRFToken": token() } });
    if (answer.ok && !answer.redirected) {
      one.isThere = typed !== "{}";
      saved(one.form);
      say(one, one.isThere ? "done" : "", (await answer.json()).at);
      return;
    }
    say(one, answer.redirected || answer.status === 401 || answer.status === 403 ? "signedout" : "failed");
    if (answer.status < 500 && ![401, 403, 429].includes(answer.status)) return;
  } catch {
    say(one, "offline");
  }
  one.since ??= performance.now();
  later(one, RETRY_MS);
}

const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";

// Whether something is typed in a form that says so and was not sent; and what is typed in it is kept at once.
export const isBegun = (form) => isKept(form) && Object.keys(typedIn(form)).length > 0;
export async function keepNow(form) {
  const one = of(form);
  await one.busy;
  await keep(one);
}

// What is typed in forms that were to be sent and were not is kept on.
export function keepOn(root = document) {
  for (const form of root.querySelectorAll("form[data-keep]")) if (Object.keys(typedIn(form)).length) later(of(form), 0);
}

document.addEventListener("input", ({ target }) => {
  if (!isKept(target.form) || !isField(target.form, target)) return;
  const one = of(target.form);
  one.since ??= performance.now();
  later(one, Math.min(WAIT_MS, Math.max(0, one.since + MOST_MS - performance.now())));
});

// Before anybody else hears of it: what is on its way to be kept would arrive after the form, and stand there for ever.
addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!isKept(form)) return;
  const one = of(form);
  clearTimeout(one.timer);
  one.since = null;
  one.again = false;
  if (!one.busy) return say(one, "");
  event.preventDefault();
  event.stopImmediatePropagation();
  await one.busy;
  if (form.isConnected) form.requestSubmit(submitter);
}, true);
document.addEventListener("formdata", ({ target: form, formData }) => {
  if (isKept(form) && of(form).isThere) formData.set("unfinished", keyOf(form));
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const one of tracked.values()) if (one.since !== null) keep(one, true);
});

const asked = new WeakSet();

// What was kept of the forms below `root` is put into them.
export async function takenUp(root = document) {
  const forms = [...root.querySelectorAll("form[data-keep]")].filter((form) => isKept(form) && !asked.has(form));
  if (!forms.length) return;
  forms.forEach((form) => asked.add(form));
  const body = new URLSearchParams(forms.map((form) => ["key", keyOf(form)]));
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  const answer = await fetch(words.dataset.found, { method: "POST", body, headers }).catch(() => null); // no connection: the forms are as they are
  if (!answer?.ok || answer.redirected) return;
  const found = await answer.json();
  for (const form of forms) if (found[keyOf(form)]) fill(form, found[keyOf(form)]);
}

function fill(form, { typed, at }) {
  const one = of(form), changed = [];
  one.isThere = true;
  let filled = 0;
  for (const [name, elements] of fieldsOf(form)) {
    const [before, text] = typed[name] ?? [], now = said(elements, true);
    if (text === undefined || said(elements) === text || said(elements) !== now) continue;
    if (now && now !== before) changed.push(read(elements, text));
    else {
      put(elements, text);
      filled++;
    }
    elements[0].closest("details")?.setAttribute("open", "");
  }
  if (!filled && !changed.length) return;
  const note = words.content.querySelector("[data-taken-up]").cloneNode(true);
  const sentences = [filled ? note.dataset.takenUp.replace("%s", at) : "", changed.length ? note.dataset.changed.replace("%s", changed.join("; ")) : ""];
  note.querySelector("span").textContent = sentences.filter(Boolean).join(" ");
  note.querySelector("button").addEventListener("click", () => {
    const fields = [...fieldsOf(form).values()];
    for (const elements of fields) put(elements, said(elements, true));
    note.remove();
    fields[0]?.[0].focus();
    keep(one);
  });
  form.prepend(note);
}

takenUp();
document.addEventListener("htmx:after:swap", () => takenUp());
