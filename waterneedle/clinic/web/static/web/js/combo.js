// Text with suggestions (the ARIA combobox with a list). A [data-combo] holds one text field; suggestions are asked of data-url
// by POST, so that nothing typed stands in an address or a log, and come back as <li role="option" data-value="…">. With data-many each pick
// becomes a chip with a hidden field. Without data-url, options are those of the <template> inside. In the search of the bar
// an option has data-href, and taking it goes there.
const WAIT_MS = 120, LEAVE_MS = 250;
let count = 0;

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";
}

export function combo(root) {
  if (root.dataset.ready) return;
  root.dataset.ready = "1";
  const field = root.querySelector("input:not([type=hidden])");
  const chips = root.querySelector(".chips");
  const name = field.name;
  const url = root.dataset.url ?? (root.dataset.find !== undefined ? root.action : "");
  const own = root.querySelector("template")?.content;
  const list = root.querySelector(".found") ?? document.createElement("ul");
  list.id ||= `options-${++count}`;
  if (!list.isConnected) {
    list.className = "options";
    root.append(list);
  }
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.getAttribute("aria-label") ?? root.closest(".field")?.querySelector("label, legend")?.textContent ?? name);
  list.hidden = true;
  for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" })) field.setAttribute(key, value);
  // The text field itself is sent too, so that words typed and not yet picked are kept.

  let at = -1, asked = 0, timer, leaving, request;
  const keyOf = (option) => option && (option.dataset.href ?? option.dataset.value ?? option.textContent.trim());
  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(on) {
    list.hidden = !on || !list.childElementCount;
    field.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) move(-1);
  }
  function move(to) {
    const all = options();
    all[at]?.setAttribute("aria-selected", "false");
    at = all.length ? Math.max(-1, Math.min(to, all.length - 1)) : -1;
    const chosen = all[at];
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", chosen.id);
  }
  function fill(content) {
    const chosen = keyOf(options()[at]);
    list.replaceChildren(content);
    options().forEach((one, index) => {
      one.id = `${list.id}-${index}`;
      one.setAttribute("aria-selected", "false");
    });
    if (!options().length && field.value.trim() && root.dataset.none) {
      const nothing = document.createElement("li");
      nothing.setAttribute("role", "presentation");
      nothing.textContent = root.dataset.none;
      list.append(nothing);
    }
    at = -1;
    show(document.activeElement === field);
    if (!list.hidden) move(options().findIndex((one) => keyOf(one) === chosen)); // what was chosen stays so when more was typed
  }
  async function ask() {
    const typed = field.value.trim();
    const turn = ++asked;
    request?.abort();
    if (!typed) return show(false);
    if (own) {
      const part = document.createElement("ul");
      part.append(...[...own.cloneNode(true).children].filter((one) => one.textContent.toLocaleLowerCase().includes(typed.toLocaleLowerCase())));
      const found = document.createDocumentFragment();
      found.append(...part.children);
      return fill(found);
    }
    if (!url) return;
    request = new AbortController();
    try {
      const answer = await fetch(url, {
        method: "POST", signal: request.signal, headers: { "X-CSRFToken": token(), "HX-Request": "true" }, body: new URLSearchParams({ q: typed }),
      });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn !== asked) return;
      const found = document.createDocumentFragment();
      found.append(...page.querySelectorAll("li"));
      fill(found);
    } catch { /* aborted, or no connection: the words stay as they are */ }
  }
  function take(option) {
    if (option.dataset.href) {
      location.assign(option.dataset.href);
      return;
    }
    const value = option.dataset.value ?? option.textContent.trim();
    if (root.dataset.many !== undefined) add(value, false);
    else field.value = value;
    show(false);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.dispatchEvent(new CustomEvent("combo:taken", { bubbles: true, detail: { value, data: { ...option.dataset } } }));
  }
  function add(value, free) {
    field.value = "";
    if (!value || [...chips.querySelectorAll("input")].some((one) => one.value === value)) return;
    const chip = document.createElement("li");
    chip.className = free ? "chip free" : "chip";
    const text = document.createElement("span");
    text.textContent = value;
    const kept = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    chip.append(text, kept);
    removable(chip);
    chips.append(chip);
  }
  function removable(chip) {
    if (chip.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `${root.dataset.remove}: ${chip.querySelector("span").textContent}`);
    button.textContent = "×";
    button.addEventListener("click", () => {
      chip.remove();
      field.focus();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    chip.append(button);
  }
  chips?.querySelectorAll(".chip").forEach(removable);

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, own ? 0 : WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // 229: see keys.js
    const chosen = list.hidden ? undefined : options()[at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) show(true);
      if (!list.hidden) {
        event.preventDefault();
        move(event.key === "ArrowDown" ? at + 1 : at < 0 ? options().length - 1 : at - 1);
      }
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Enter" && root.dataset.many !== undefined && field.value.trim()) {
      event.preventDefault();
      add(field.value.trim(), true);
      show(false);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    } else if (event.key === "Backspace" && !field.value && chips?.lastElementChild) {
      chips.lastElementChild.querySelector("button").focus();
    }
  });
  field.addEventListener("blur", () => {
    // A typed word that was not picked becomes a chip of its own: nothing typed is lost. A moment later, so that the chip does not push
    // away the button that is being pressed; the field itself is sent too.
    leaving = setTimeout(() => {
      if (root.dataset.many !== undefined && field.value.trim()) add(field.value.trim(), true);
    }, LEAVE_MS);
    show(false);
  });
  field.addEventListener("focus", () => clearTimeout(leaving));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

export function combos(root = document) {
  root.querySelectorAll("[data-combo], [data-find]").forEach(combo);
}
combos();
document.addEventListener("htmx:after:swap", () => combos());
