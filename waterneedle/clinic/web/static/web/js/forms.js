// Forms: one submission per press, and a warning before typed words are left behind (data-guard).
const dirty = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.guard !== undefined) dirty.add(form);
});
document.addEventListener("reset", (event) => dirty.delete(event.target));
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  dirty.delete(form);
  // htmx keeps its own order; an ordinary form leaves the page. Coming back to it by the history opens it again.
  if (![...form.attributes].some((one) => /^(data-)?hx-/.test(one.name))) form.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guard]")].some((form) => dirty.has(form))) event.preventDefault();
});

export const saved = (form) => dirty.delete(form);
export const isDirty = (form) => dirty.has(form);
