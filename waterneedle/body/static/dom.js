// Elements made in one line each; no markup from strings, so that nothing that was typed can become markup.

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export const option = (value, textContent) => make("option", { value, textContent });

export function button(textContent, onClick, { label, className = "", pressed } = {}) {
  const element = make("button", { type: "button", className: `body-button ${className}`, textContent });
  if (label) {
    element.setAttribute("aria-label", label);
    element.title = label;
  }
  if (pressed !== undefined) element.setAttribute("aria-pressed", String(pressed));
  element.addEventListener("click", onClick);
  return element;
}

// A row of buttons with a name; `role` group.
export function group(name, className, ...children) {
  const element = make("div", { className }, ...children);
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", name);
  return element;
}

// A field under its name.
export const labelled = (name, field) => make("div", { className: "body-labelled" },
  make("label", { htmlFor: field.id, textContent: name }), field);

// Calls `act` when the frame that is due has been painted, and given to the screen as far as a page can tell.
export function afterPaint(act) {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(act)));
}

let made = 0;
export const uniqueId = (name) => `${name}-${made++}`;

const SVG = "http://www.w3.org/2000/svg";

export function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// As people type it: no tones, no case, no spaces or hyphens.
export const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\s\-_'’·]/g, "").toLowerCase();
