// The typed line with its completions: an ARIA combobox. What is offered comes from the server; a word is never filled in unasked.
import { composing } from "web/keys";
const WAIT_MS = 60;

export function typedLine(form, { token }) {
  if (!form) return;
  const field = form.elements.line;
  const list = document.createElement("ul");
  list.className = "options";
  list.id = "line-options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent);
  field.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(name, value);

  let found = [], foundFor = "", at = -1, timer, turn = 0;
  const options = () => [...list.children];

  function show(on) {
    list.hidden = !on || !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) move(-1);
  }
  function move(to) {
    options()[at]?.setAttribute("aria-selected", "false");
    at = Math.max(-1, Math.min(to, found.length - 1));
    const chosen = options()[at];
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", chosen.id);
  }
  async function ask() {
    const asked = ++turn, typed = field.value;
    const body = new URLSearchParams({ line: typed, cursor: String(field.selectionStart ?? field.value.length) });
    try {
      const answer = await fetch(form.dataset.complete, { method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "application/json" } });
      if (!answer.ok || answer.redirected || asked !== turn) return;
      found = (await answer.json()).found;
      foundFor = typed;
    } catch { return; /* no connection: the line can be typed without help */ }
    list.replaceChildren(...found.map((one, index) => {
      const option = document.createElement("li");
      option.id = `line-option-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = one.says && !one.says.endsWith(one.text) ? `${one.text}  ${one.says}` : one.says || one.text;
      return option;
    }));
    at = -1;
    show(document.activeElement === field);
  }
  // A dictation puts other words in the place of those it has heard: what was offered for the first is none of the others.
  function pick(one) {
    if (field.value !== foundFor) return ask();
    field.value = `${field.value.slice(0, one.start)}${one.text} ${field.value.slice(one.end).trimStart()}`;
    const cursor = one.start + one.text.length + 1;
    field.setSelectionRange(cursor, cursor);
    show(false);
    field.focus();
    ask();
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    // The Enter that ends a composition takes the word in it, and neither an option nor the line.
    if (composing(event)) return event.key === "Enter" ? event.preventDefault() : undefined;
    if (event.ctrlKey || event.metaKey) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
      event.preventDefault();
      show(true);
      move(event.key === "ArrowDown" ? at + 1 : at < 0 ? found.length - 1 : at - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      pick(found[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  field.addEventListener("blur", () => show(false));
  form.addEventListener("submit", () => {
    turn++;
    clearTimeout(timer);
    show(false);
  }, true);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const index = options().indexOf(event.target.closest("[role=option]"));
    if (index >= 0) pick(found[index]);
  });
}
