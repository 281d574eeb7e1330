// Keys: / and Ctrl+K to the search, Ctrl+Enter sends the form. A single key can be turned off, and never acts while typing.
// `key("g", handler)` adds one for a page; `key("Ctrl+k", handler)` works while typing too.
const keys = new Map();
// Whether a key belongs to an input method that is composing. Safari says so of the Enter that ends it by the old number alone:
// https://github.com/bluesky-social/social-app/pull/4186 (an excerpt, 2026-11-29).
export const composing = (event) => event.isComposing || event.keyCode === 229;
const typing = (element) => element.closest?.("input, textarea, select, [contenteditable=true], [role=combobox]") && element.type !== "checkbox" && element.type !== "radio";

export function key(name, handler) {
  keys.set(name, handler);
  return () => keys.delete(name);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || composing(event)) return;
  const held = event.ctrlKey || event.metaKey;
  const handler = keys.get((held ? "Ctrl+" : "") + event.key);
  if (!handler) return;
  if (!held && (document.body.dataset.keys === "off" || typing(event.target))) return;
  if (handler(event) !== false) event.preventDefault();
});

function toSearch() {
  const search = document.getElementById("find");
  if (!search) return false;
  search.focus();
  search.select();
}
key("/", toSearch);
key("Ctrl+k", toSearch);
key("Ctrl+Enter", (event) => {
  const form = event.target.closest?.("form");
  if (!form || form.dataset.find !== undefined) return false;
  form.requestSubmit(form.querySelector("button.primary") ?? undefined);
});
