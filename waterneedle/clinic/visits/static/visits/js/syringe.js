// A scan of the vial fills the form of the syringe: a keyboard scanner types the code and Enter, the server says which vial it is,
// and how its fluid was drawn up before. That is taken with one tap, or with Enter while no volume is typed. A volume is one of its
// vial: what is scanned after it was typed is mixed with that, and takes its place nowhere.
export function syringe(page, { token, offline }) {
  wherever((code) => {
    const field = page.querySelector("[data-load] [name=code]");
    if (!field) return;
    field.closest("details").open = true;
    field.value = code;
    field.focus();
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  });
  page.addEventListener("keydown", async (event) => {
    const form = event.target.closest?.("[data-load]");
    if (!form || event.key !== "Enter") return;
    if (event.target === form.elements.volume_ml && !event.target.value.trim() && isOffered(form)) {
      event.preventDefault();
      return takeUsual(form);
    }
    if (event.target !== form.elements.code || !event.target.value.trim()) return;
    event.preventDefault();
    const code = event.target, answer = await ask(form, code.value);
    if (!answer) return offline();
    if (answer.redirected || (!answer.ok && answer.status !== 422)) return form.requestSubmit();
    const found = await answer.json();
    say(code, found.problem ?? "");
    const radio = found.syringe && document.querySelector(`#v-strip [name=syringe][value="${found.syringe}"]`);
    if (radio) {
      radio.checked = true;
      code.value = "";
      return radio.focus();
    }
    if (!found.vial) return code.select();
    code.value = "";
    choose(form, found);
  });

  page.addEventListener("change", async (event) => {
    const form = event.target.closest?.("[data-load]");
    if (!form || event.target !== form.elements.vial) return;
    offer(form, null);
    const chosen = event.target.value, answer = chosen ? await ask(form, chosen) : null;
    if (answer?.ok && !answer.redirected && form.elements.vial.value === chosen) offer(form, (await answer.json()).usual);
  });

  page.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-usual]");
    if (button) takeUsual(button.form);
  });

  const ask = (form, code) => fetch(form.dataset.scan, {
    method: "POST", body: new URLSearchParams({ code, at: form.elements.at?.value ?? "" }), headers: { "X-CSRFToken": token(), Accept: "application/json" },
  }).catch(() => null);
}

// A scanner types faster than fingers. What it types while no field is open is a scan too, and its Enter presses no button that
// happens to have the focus. Our judgement: four signs and more, 100 ms at most between two, no space and no key that is held: a
// quick hand that types a line where no field is open is no scan. In a field of a number, where the focus is after each scan and a
// quick hand types figures, it is one with a letter in it, or longer than any number: the field is then as it was before.
const LEAST_SIGNS = 4, MOST_MS = 100, NUMBER = "input[inputmode=decimal], input[type=number]", LONGEST_NUMBER = 8;
const TYPED_INTO = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]";

function wherever(scanned) {
  let code = "", last = 0, isTyped = false, inHand = null, into = null, before = "";
  document.addEventListener("keydown", (event) => {
    const number = event.target.closest?.(NUMBER) ?? null, isQuick = event.timeStamp - last <= MOST_MS && number === into;
    if (event.target.closest?.(TYPED_INTO) && !number || event.ctrlKey || event.metaKey || event.altKey || event.key === "Shift") return;
    last = event.timeStamp;
    if (event.key.length === 1) {
      if (!isQuick) {
        [code, isTyped, inHand] = ["", false, document.querySelector("#v-strip [name=syringe]:checked")];
        [into, before] = [number, number?.value ?? ""];
      }
      isTyped ||= event.key === " " || event.repeat;
      code += event.key;
    } else if (event.key === "Enter" && isQuick && !isTyped && code.length >= LEAST_SIGNS && (!into || isNoNumber(code))) {
      event.preventDefault();
      event.stopPropagation();
      if (inHand) inHand.checked = true; // a digit of the code is no choice of a syringe
      if (into) {
        into.value = before;
        into.dispatchEvent(new Event("input", { bubbles: true }));
      }
      scanned(code);
      code = "";
    } else code = "";
  }, true);
}

const isNoNumber = (code) => /\p{L}/u.test(code) || code.length > LONGEST_NUMBER;

function say(code, problem) {
  let said = code.form.querySelector("[data-said]");
  if (!said) {
    said = document.createElement("p");
    said.dataset.said = "";
    said.className = "error";
    said.setAttribute("role", "status");
    code.after(said);
  }
  said.textContent = problem;
}

const VOLUMES = { vial: "volume_ml", second: "second_ml", third: "third_ml" };

function choose(form, found) {
  const { elements: fields } = form, names = Object.keys(VOLUMES), before = fields.vial.selectedOptions[0];
  for (const name of names) { // one that was opened after this page is not among them yet
    if (![...fields[name].options].some((one) => one.value === found.vial)) fields[name].add(new Option(found.says, found.vial));
  }
  let name = names.find((one) => fields[one].value === found.vial);
  if (!name) {
    const isMixed = fields.vial.value && (fields.volume_ml.value.trim() || fields.second.value || fields.third.value);
    name = isMixed ? names.find((one) => !fields[one].value) : "vial";
    if (!name) return say(fields.code, form.dataset.full);
    if (name === "vial" && fields.vial.value) say(fields.code, form.dataset.instead.replace("{}", before.text));
    fields[name].value = found.vial;
  }
  if (name !== "vial") form.querySelector(".visit-second").open = true;
  offer(form, found.usual);
  fields[VOLUMES[name]].focus();
}

const isOffered = (form) => !form.querySelector(".visit-usual").hidden;

function offer(form, found) {
  const usual = form.elements.second.value || form.elements.third.value ? null : found; // it is of one fluid alone
  const place = form.querySelector(".visit-usual"), button = place.querySelector("button");
  place.hidden = !usual;
  button.dataset.usual = JSON.stringify(usual?.fields ?? {});
  button.firstElementChild.textContent = usual?.says ?? "";
}

function takeUsual(form) {
  const { each_ml: each, ...drawn } = JSON.parse(form.querySelector("[data-usual]").dataset.usual);
  for (const name of ["volume_ml", "gauge", "length_mm"]) form.elements[name].value = drawn[name] ?? "";
  for (const one of form.elements.route) one.checked = one.value === drawn.route;
  form.dataset.each = each ?? "";
  form.requestSubmit();
}

// What each injection of the syringe got before stands there, and the next thing to say is its depth.
export function afterDrawing(form) {
  const first = document.querySelector("#each input");
  if (!first || !form.dataset.each) return first?.focus();
  first.value = form.dataset.each;
  first.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector("#each [name=each_mm]").focus();
}
