// The end of a session, on the page: work keeps it alive, a warning comes before it, and then the page is covered. What was typed
// stays behind the cover, in this page alone; who signs in again in another tab goes on where they were.
import { toast } from "web/toasts";

const KEEP_MS = 60_000, WARN_MS = 60_000;
const { session: address, user, words: said } = document.querySelector("script[data-session]").dataset;
const words = JSON.parse(said);
let endsAt = performance.now() + 1000 * document.querySelector("script[data-session]").dataset.endsInS;
let askedAt = performance.now();
let timer, warned = false;

async function ask(byPerson) {
  // Without X-Background the question counts as use.
  const headers = { Accept: "application/json", ...(byPerson ? {} : { "X-Background": "1" }) };
  const answer = await fetch(address, { headers, cache: "no-store" });
  return answer.ok ? answer.json() : { user: null, ends_in_s: 0 };
}

function plan() {
  clearTimeout(timer);
  const left = endsAt - performance.now();
  timer = setTimeout(look, Math.max(250, warned ? left : left - WARN_MS));
}

// Whether it is over, about to be, or was kept alive by another tab.
async function look(byPerson = false) {
  askedAt = performance.now();
  try {
    const found = await ask(byPerson);
    if (found.user !== user) return cover();
    take(found.csrf);
    endsAt = performance.now() + 1000 * found.ends_in_s;
  } catch {
    if (performance.now() > endsAt) return cover();  // the server does not answer: the time counts all the same
  }
  const near = endsAt - performance.now() <= WARN_MS;
  if (near && !warned) toast(words.soon, "warn");
  warned = near;
  plan();
}

function used() {
  if (!document.querySelector("dialog.signed-out[open]") && performance.now() - askedAt > (warned ? 1000 : KEEP_MS)) look(true);
}

function cover() {
  clearTimeout(timer);
  if (document.querySelector("dialog.signed-out")) return;
  const shown = document.createElement("dialog");
  shown.className = "signed-out";
  const title = document.createElement("h1"), text = document.createElement("p"), link = document.createElement("a");
  title.textContent = words.title;
  text.textContent = words.text;
  Object.assign(link, { className: "button primary", href: document.body.dataset.signIn, target: "_blank", textContent: words.signIn });
  shown.append(title, text, link);
  shown.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(shown);
  document.documentElement.classList.add("covered");
  shown.showModal();
}

// Signing in, here or in another tab, has changed the token that forms carry.
function take(token) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
}

// Who comes back may have been signed out meanwhile, and in again, before this page has found that it is over.
function back() {
  if (document.hidden) return;
  if (document.querySelector("dialog.signed-out")) uncover();
  else look();
}

async function uncover() {
  const shown = document.querySelector("dialog.signed-out");
  if (!shown) return;
  const found = await ask(false).catch(() => ({ user: null }));
  if (!found.user) return;
  if (found.user !== user) return location.replace(location.href);  // somebody else: nothing of before is shown to them
  take(found.csrf);
  shown.remove();
  document.documentElement.classList.remove("covered");
  endsAt = performance.now() + 1000 * found.ends_in_s;
  warned = false;
  plan();
}

for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, used, { passive: true });
addEventListener("focus", back);
document.addEventListener("visibilitychange", back);
addEventListener("pageshow", (event) => { if (event.persisted) look(); });  // back from the history
plan();
