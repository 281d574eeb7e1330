// Forms: one submission per press, every error at once, and a warning before typed words are left behind (data-guard).
const dirty = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.guard !== undefined) dirty.add(form);
});
// The server names every error at once, each beside its field and in the page's language; a browser names one, in its own.
// Where the answer to a wrong form is another page (data-filled), the browser keeps asking for what is missing.
document.addEventListener("click", (event) => {
  const form = event.target.closest?.("button, input")?.form;
  if (form?.method === "post" && form.classList.contains("form") && form.dataset.filled === undefined) form.noValidate = true;
}, true);
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
